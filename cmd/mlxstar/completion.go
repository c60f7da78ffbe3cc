package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

const completionUsage = `mlxstar completion writes what a shell needs to complete mlxstar's commands and options.

  mlxstar completion bash > /etc/bash_completion.d/mlxstar
  mlxstar completion zsh > "${fpath[1]}/_mlxstar"
  mlxstar completion fish > ~/.config/fish/completions/mlxstar.fish
`

// completions are the shells' scripts, with the commands and options in place of %[1]s and
// %[2]s.
var completions = map[string]string{
	"bash": `_mlxstar() {
    local word=${COMP_WORDS[COMP_CWORD]}
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "%[2]s" -- "$word"))
        return
    fi
    COMPREPLY=($(compgen -f -- "$word"))
    if [[ $COMP_CWORD -eq 1 ]]; then
        COMPREPLY+=($(compgen -W "%[1]s" -- "$word"))
    fi
}
complete -o filenames -F _mlxstar mlxstar
`,
	"zsh": `#compdef mlxstar
_mlxstar() {
    if [[ $words[CURRENT] == -* ]]; then
        compadd -- %[2]s
        return
    fi
    (( CURRENT == 2 )) && compadd -- %[1]s
    _files
}
compdef _mlxstar mlxstar
`,
	"fish": `complete -c mlxstar -n __fish_use_subcommand -a "%[1]s"
for option in %[2]s
    if string match -q -- '--*' $option
        complete -c mlxstar -l (string sub -s 3 -- $option)
    else
        complete -c mlxstar -s (string sub -s 2 -- $option)
    end
end
`,
}

// printCompletion is mlxstar completion.
func printCompletion(args []string, stdout, stderr io.Writer) int {
	if len(args) == 1 && (args[0] == "-h" || args[0] == "--help") {
		_, _ = io.WriteString(stdout, completionUsage)
		return exitOK
	}
	if len(args) != 1 || completions[args[0]] == "" {
		fmt.Fprintf(stderr, "mlxstar completion: got %q, want one of bash, fish and zsh\nTry 'mlxstar completion --help'.\n", strings.Join(args, " "))
		return exitUsage
	}
	fmt.Fprintf(stdout, completions[args[0]], strings.Join(commandNames(), " "), strings.Join(optionNames(), " "))
	return exitOK
}

// commandNames are the subcommands, sorted.
func commandNames() (names []string) {
	for name := range subcommands {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// optionNames are the command's options, sorted.
func optionNames() []string {
	names := append(new(options).grammar(false).names(), "-c", "-m")
	slices.Sort(names)
	return names
}
