package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/cmd/mlxstar/prompt"
)

// prompter reads statements and runs them.
type prompter struct {
	rt     *mlxstar.Runtime
	o      *options
	in     *prompt.Editor
	out    io.Writer
	errOut io.Writer
	inputs int // chunks run so far
	pages  bool
}

// repl reads statements until the end of input. Ctrl-C clears the line, or stops
// what is running.
func repl(rt *mlxstar.Runtime, o *options, stdin, stdout, stderr *os.File) int {
	in, err := prompt.New(prompt.Config{
		Stdin: stdin, Stdout: stdout, Stderr: stderr,
		Terminal:   isTerminal(stdin) && isTerminal(stdout),
		Colours:    colours(stdout),
		History:    historyFile(),
		Incomplete: mlxstar.Incomplete,
		Complete:   rt.Complete,
	})
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar: %s\n", err)
		return exitUsage
	}
	defer in.Close()
	p := &prompter{rt: rt, o: o, in: in, out: stdout, errOut: stderr, pages: isTerminal(stdin) && isTerminal(stdout)}
	if isTerminal(stdin) {
		fmt.Fprintf(stdout, "mlxstar %s. help(x) or x? explains x, %%who lists variables, Ctrl-D ends.\n", mlxstar.Version)
	}
	for {
		src, err := in.Read()
		switch {
		case errors.Is(err, prompt.ErrInterrupt):
			continue
		case err != nil: // the end of input
			return exitOK
		}
		if strings.TrimSpace(src) == "" {
			continue
		}
		in.Remember(src)
		if code, done := p.run(src); done {
			return code
		}
	}
}

// run runs a chunk or a command. Done is true where the script asked to end.
func (p *prompter) run(src string) (code int, done bool) {
	ctx, stop := bounded(p.rt, p.o)
	defer stop()
	var err error
	text := strings.TrimSpace(src)
	if block, ok := strings.CutPrefix(text, "%%"); ok {
		err = p.block(ctx, block)
	} else if name, ok := strings.CutPrefix(text, "%"); ok {
		err = p.command(ctx, name)
	} else if about := asked.FindStringSubmatch(text); about != nil {
		err = p.explain(ctx, about[1]+about[3], about[2] == "??")
	} else if call := helpCall.FindStringSubmatch(text); call != nil && p.asksHelp(call[1]) {
		err = p.explain(ctx, call[1], false)
	} else if p.leaves(text) {
		return exitOK, true
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

// asked is a question about a value: x? or ?x, and x?? for its source.
var asked = regexp.MustCompile(`^(?:([A-Za-z_][\w.]*)(\?\??)|\?([A-Za-z_][\w.]*))$`)

// explain shows the help of a value, or its source where there is one.
func (p *prompter) explain(ctx context.Context, name string, source bool) error {
	if source {
		text, err := p.rt.Eval(ctx, "<source>", "__import__('inspect').getsource("+name+")")
		if s, ok := text.(string); ok && err == nil {
			return page(strings.TrimRight(s, "\n")+"\n", p.pages, p.out)
		}
	}
	text, err := p.rt.Help(ctx, "<help>", name)
	if err != nil {
		return err
	}
	return page(text+"\n", p.pages, p.out)
}

// asksHelp reports whether help(x) is about one value, and help is what it was at first.
func (p *prompter) asksHelp(about string) bool {
	_, bound := p.rt.Get("help")
	return !bound && nameOnly.MatchString(about)
}

// leaves reports whether the prompt is to end: by exit or quit, unless the script has a
// variable of that name.
func (p *prompter) leaves(text string) bool {
	if text != "exit" && text != "quit" {
		return false
	}
	_, bound := p.rt.Get(text)
	return !bound
}
