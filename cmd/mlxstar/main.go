// Command mlxstar runs MLX-style Python scripts, or reads them from a prompt.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/isolate"
)

// Exit codes, as --help states them.
const (
	exitOK        = 0
	exitScript    = 1
	exitUsage     = 2
	exitMemory    = 3
	exitTime      = 4
	exitInterrupt = 130
)

func main() {
	mlxstar.Child(isolate.Fence)
	relaxCollector()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole command: it returns the exit code.
func run(args []string, stdin *os.File, stdout, stderr *os.File) int {
	if len(args) > 0 && !isRecord(args) && subcommands[args[0]] != nil {
		return subcommands[args[0]](args[1:], stdout, stderr)
	}
	o, err := parseArgs(args)
	name, help := "mlxstar", usage
	if o.recording {
		name, help = "mlxstar mem record", memUsage
	}
	switch {
	case errors.Is(err, errHelp):
		_, _ = io.WriteString(stdout, help)
		return exitOK
	case err != nil:
		if o.jsonErrors {
			writeJSON(stderr, &mlxstar.Error{Type: "UsageError", Message: err.Error(), Traceback: name + ": " + err.Error()}, exitUsage)
			return exitUsage
		}
		fmt.Fprintf(stderr, "%s: %s\nTry '%s --help'.\n", name, err, name)
		return exitUsage
	case o.version:
		fmt.Fprintln(stdout, versionText())
		return exitOK
	}
	boundCollector(o.hardLimit)
	if o.isolate && (o.record != "" || o.memOnOOM != "" || o.cpuProfile != "") {
		fmt.Fprintln(stderr, "mlxstar: mem record, --mem-on-oom and --cpuprofile: not with --isolate")
		return exitUsage
	}
	if o.isolate {
		return report(isolated(o, stdin, stdout, stderr), o, stderr)
	}
	rt, err := o.newRuntime(stdin, stdout, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar: %s\n", err)
		return exitUsage
	}
	defer rt.Close()
	if o.record != "" {
		defer o.endRecord(rt, stderr)
	}
	if o.cpuProfile != "" {
		end, err := startProfile(rt, o.cpuProfile, stderr)
		if err != nil {
			fmt.Fprintf(stderr, "mlxstar: --cpuprofile: %s\n", err)
			return exitUsage
		}
		defer end()
	}
	if o.interactive {
		return repl(rt, o, stdin, stdout, stderr)
	}
	ctx, stop := bounded(rt, o)
	defer stop()
	code := report(execute(ctx, rt, o, stdin), o, stderr)
	if o.stay {
		return repl(rt, o, stdin, stdout, stderr)
	}
	if ctx.Err() != nil { // nothing may run any more
		return code
	}
	if failed := report(rt.Exit(ctx), o, stderr); code == exitOK {
		return failed
	}
	return code
}

func execute(ctx context.Context, rt *mlxstar.Runtime, o *options, stdin io.Reader) error {
	switch {
	case o.hasCode:
		return rt.Exec(ctx, "<string>", o.code)
	case o.module != "":
		return rt.ExecModule(ctx, o.module)
	case o.script == "-":
		src, err := io.ReadAll(stdin)
		if err != nil {
			return fmt.Errorf("reading standard input: %w", err)
		}
		return rt.Exec(ctx, "<stdin>", string(src))
	}
	return rt.ExecFile(ctx, o.script)
}

// report writes a failure and gives the exit code it stands for.
func report(err error, o *options, stderr io.Writer) int {
	if err == nil {
		return exitOK
	}
	var exit *mlxstar.ExitError
	if errors.As(err, &exit) {
		if exit.Message != "" && o.jsonErrors {
			writeJSON(stderr, &mlxstar.Error{Type: "SystemExit", Message: exit.Message, Traceback: exit.Message + "\n"}, exit.Code)
		} else if exit.Message != "" {
			fmt.Fprintln(stderr, exit.Message)
		}
		return exit.Code
	}
	code, _ := stopOf(err)
	var failure *mlxstar.Error
	if !errors.As(err, &failure) { // no script ran
		failure = &mlxstar.Error{Type: "OSError", Message: err.Error(), Traceback: "mlxstar: " + err.Error()}
		code = exitUsage
	}
	if o.jsonErrors {
		writeJSON(stderr, failure, code)
		return code
	}
	text := strings.TrimRight(failure.Traceback, "\n")
	if code == exitTime { // the limit is the command's, and no exception of the script
		text = strings.TrimSuffix(text, failure.Error()) + "mlxstar: " + failure.Message
	}
	if folds(stderr, o) {
		text = fold(text)
	}
	fmt.Fprintln(stderr, paint(stderr, text))
	return code
}

// stops are the errors behind what stopped a script from outside: the exit code and
// the name of the limit. The first that fits counts.
var stops = []struct {
	err   error
	code  int
	limit string
}{
	{context.DeadlineExceeded, exitTime, "time"},
	{context.Canceled, exitInterrupt, "interrupt"},
	{mlxstar.ErrInterrupted, exitInterrupt, "interrupt"},
	{mlxstar.ErrMemoryLimit, exitMemory, "memory"},
	{mlxstar.ErrStepLimit, exitScript, "steps"},
}

// stopOf tells the exit code of an error, and which limit stopped the script, if any.
func stopOf(err error) (code int, limit string) {
	for _, s := range stops {
		if errors.Is(err, s.err) {
			return s.code, s.limit
		}
	}
	return exitScript, ""
}

func writeJSON(w io.Writer, e *mlxstar.Error, code int) {
	_, limit := stopOf(e)
	line, err := json.Marshal(struct {
		Type      string `json:"type"`
		Message   string `json:"message"`
		Limit     string `json:"limit,omitempty"`
		File      string `json:"file,omitempty"`
		Line      int    `json:"line,omitempty"`
		Function  string `json:"function,omitempty"`
		Traceback string `json:"traceback"`
		Exit      int    `json:"exit"`
	}{e.Type, e.Message, limit, e.File, e.Line, e.Function, e.Traceback, code})
	if err == nil {
		fmt.Fprintln(w, string(line))
	}
}

// paint colours a traceback's last line on a terminal that wants colours.
func paint(w io.Writer, text string) string {
	f, ok := w.(*os.File)
	if !ok || !colours(f) {
		return text
	}
	at := strings.LastIndexByte(text, '\n') + 1
	return text[:at] + "\x1b[31m" + text[at:] + "\x1b[0m"
}

// colours reports whether to colour what is written to f: a terminal, unless NO_COLOR is
// set; anything where FORCE_COLOR or CLICOLOR_FORCE is, and not 0.
func colours(f *os.File) bool {
	if os.Getenv("NO_COLOR") != "" {
		return false
	}
	for _, name := range []string{"FORCE_COLOR", "CLICOLOR_FORCE"} {
		if v := os.Getenv(name); v != "" && v != "0" {
			return true
		}
	}
	return os.Getenv("TERM") != "dumb" && isTerminal(f)
}
