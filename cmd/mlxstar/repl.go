package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/chzyer/readline"

	"github.com/mlxstar/mlxstar"
)

const (
	prompt = ">>> "
	goesOn = "... "
)

// prompter reads statements and runs them.
type prompter struct {
	rt     *mlxstar.Runtime
	o      *options
	out    io.Writer
	errOut io.Writer
	inputs int // chunks run so far
}

// repl reads statements until the end of input. Ctrl-C clears the line, or stops
// what is running.
func repl(rt *mlxstar.Runtime, o *options, stdin, stdout, stderr *os.File) int {
	p := &prompter{rt: rt, o: o, out: stdout, errOut: stderr}
	in, err := readline.NewEx(&readline.Config{
		Prompt:            prompt,
		HistoryFile:       historyFile(),
		HistorySearchFold: true,
		AutoComplete:      completer{rt},
		Stdin:             readline.NewCancelableStdin(stdin),
		Stdout:            stdout,
		Stderr:            stderr,
		FuncIsTerminal:    func() bool { return isTerminal(stdin) && isTerminal(stdout) },
		// A block is one entry of the history, saved when it is complete.
		DisableAutoSaveHistory: true,
	})
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar: %s\n", err)
		return exitUsage
	}
	defer in.Close()
	if isTerminal(stdin) {
		fmt.Fprintf(stdout, "mlxstar %s. help(x) explains x, %%who lists variables, Ctrl-D ends.\n", mlxstar.Version)
	}
	for {
		src, err := readChunk(in)
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			continue
		case err != nil: // the end of input
			return exitOK
		}
		if strings.TrimSpace(src) == "" {
			continue
		}
		_ = in.SaveHistory(strings.TrimRight(src, "\n"))
		if code, done := p.run(src); done {
			return code
		}
	}
}

// readChunk reads a statement, over several lines where it goes on. A block ends
// at an empty line.
func readChunk(in *readline.Instance) (string, error) {
	var src strings.Builder
	in.SetPrompt(prompt)
	for {
		line, err := in.Readline()
		if err != nil {
			if errors.Is(err, io.EOF) && src.Len() > 0 {
				return src.String(), nil
			}
			return "", err
		}
		src.WriteString(line + "\n")
		first := src.Len() == len(line)+1
		if strings.HasPrefix(src.String(), "%%") { // a block, to an empty line
			if !first && strings.TrimSpace(line) == "" {
				return src.String(), nil
			}
			in.SetPrompt(goesOn)
			continue
		}
		if first && strings.HasPrefix(line, "%") {
			return src.String(), nil
		}
		if !mlxstar.Incomplete(src.String()) {
			return src.String(), nil
		}
		in.SetPrompt(goesOn)
	}
}

// run runs a chunk or a command. Done is true where the script asked to end.
func (p *prompter) run(src string) (code int, done bool) {
	ctx, stop := bounded(p.rt, p.o)
	defer stop()
	var err error
	if block, ok := strings.CutPrefix(strings.TrimSpace(src), "%%"); ok {
		err = p.block(ctx, block)
	} else if name, ok := strings.CutPrefix(strings.TrimSpace(src), "%"); ok {
		err = p.command(ctx, name)
	} else {
		err = p.show(ctx, src)
	}
	if err == nil {
		return exitOK, false
	}
	var exit *mlxstar.ExitError
	if errors.As(err, &exit) {
		return report(err, p.o, p.errOut), true
	}
	var failure *mlxstar.Error
	if !errors.As(err, &failure) {
		fmt.Fprintf(p.errOut, "%s\n", err)
		return exitScript, false
	}
	report(err, p.o, p.errOut)
	return exitScript, false
}

// show runs a chunk and prints its value.
func (p *prompter) show(ctx context.Context, src string) error {
	p.inputs++ // each chunk keeps its own lines for tracebacks
	repr, err := p.rt.Interact(ctx, fmt.Sprintf("<input %d>", p.inputs), src)
	if err == nil && repr != "" {
		fmt.Fprintln(p.out, repr)
	}
	return err
}

// historyFile is where the prompt's history is kept, or "" where there is no home.
func historyFile() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".mlxstar_history")
}

// completer completes names and attributes.
type completer struct{ rt *mlxstar.Runtime }

// Do gives what may follow the text before the cursor.
func (c completer) Do(line []rune, pos int) (tails [][]rune, length int) {
	words, typed := c.rt.Complete(string(line[:pos]))
	for _, w := range words {
		tails = append(tails, []rune(w[typed:]))
	}
	return tails, typed
}
