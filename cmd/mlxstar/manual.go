package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

const manualUsage = `mlxstar manual writes the manual page, in man's language: what --help tells of every command.

  mlxstar manual | man -l -
  mlxstar manual > /usr/local/share/man/man1/mlxstar.1
`

// printManual is mlxstar manual.
func printManual(args []string, stdout, stderr io.Writer) int {
	_, err := grammar{operand: func(v string) error { return fmt.Errorf("got %q, want nothing", v) }}.read(args)
	switch {
	case errors.Is(err, errHelp):
		_, _ = io.WriteString(stdout, manualUsage)
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "mlxstar manual: %s\nTry 'mlxstar manual --help'.\n", err)
		return exitUsage
	}
	if _, err := io.WriteString(stdout, manual()); err != nil {
		fmt.Fprintf(stderr, "mlxstar manual: %s\n", err)
		return exitScript
	}
	return exitOK
}

// manual is the page: the command's usage, and that of every other command once.
func manual() string {
	var b strings.Builder
	b.WriteString(".TH MLXSTAR 1 \"\" " + roff(versionText()) + "\n.SH NAME\nmlxstar \\- runs MLX-style Python without Python\n")
	section := func(title, text string) {
		fmt.Fprintf(&b, ".SH %s\n.nf\n%s\n.fi\n", title, roff(strings.TrimSpace(text)))
	}
	section("USAGE", usage)
	seen := map[string]bool{}
	for _, name := range commandNames() {
		var text strings.Builder
		if subcommands[name]([]string{"--help"}, &text, io.Discard) != exitOK || seen[text.String()] {
			continue
		}
		seen[text.String()] = true
		section("MLXSTAR "+strings.ToUpper(name), text.String())
	}
	return b.String()
}

// roff is text as man's language writes it: nothing in it is a command.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\"", `\(dq`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
