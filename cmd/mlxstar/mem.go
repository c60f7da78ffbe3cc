package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/memory/export"
)

const memUsage = `usage: mlxstar mem record -o FILE [options] SCRIPT [args]
       mlxstar mem report FILE [--lines N]
       mlxstar mem leaks FILE
       mlxstar mem diff OLD NEW [--max-growth SIZE]
       mlxstar mem export FILE --format FORMAT [-o OUT]

record runs a script as mlxstar does, with the same options, and writes where its
memory went to a file. report shows that: at the peak, by line, by owner at the end.
leaks lists the lines that held more at the end of every step than of the one
before; its exit code is 1 if there are any. diff compares two files by line; its
exit code is 1 if the peak grew by more than SIZE. FORMAT is pprof (for go tool
pprof), folded (for flame graphs) or speedscope.
`

// errGrown is what diff and leaks end with where they found growth: it is an exit code.
var errGrown = errors.New("memory grew")

// memCommands are mem's own subcommands but for record.
var memCommands = map[string]func(args *memArgs, out io.Writer) error{
	"report": memReport,
	"leaks":  memLeaks,
	"diff":   memDiff,
	"export": memExport,
}

// memArgs are the arguments of those.
type memArgs struct {
	files     []string
	lines     int
	maxGrowth int64 // -1 if it is not given
	format    string
	out       string
}

func runMem(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help") {
		_, _ = io.WriteString(stdout, memUsage)
		return exitOK
	}
	wrong := func(err error) int {
		fmt.Fprintf(stderr, "mlxstar mem: %s\nTry 'mlxstar mem --help'.\n", err)
		return exitUsage
	}
	if len(args) == 0 || memCommands[args[0]] == nil {
		return wrong(errors.New("want record, report, leaks, diff or export"))
	}
	a, err := parseMem(args[1:])
	if want := map[bool]int{true: 2, false: 1}[args[0] == "diff"]; err == nil && len(a.files) != want {
		err = fmt.Errorf("%s: got %d files, want %d", args[0], len(a.files), want)
	}
	if err != nil {
		return wrong(err)
	}
	err = memCommands[args[0]](a, stdout)
	switch {
	case errors.Is(err, errGrown):
		return exitScript
	case err != nil:
		return wrong(err)
	}
	return exitOK
}

func parseMem(args []string) (*memArgs, error) {
	a := &memArgs{lines: 10, maxGrowth: -1}
	for len(args) > 0 {
		name, value, joined := strings.Cut(args[0], "=")
		args = args[1:]
		if !strings.HasPrefix(name, "-") {
			a.files = append(a.files, name)
			continue
		}
		if !joined {
			if len(args) == 0 {
				return nil, fmt.Errorf("%s: no value given", name)
			}
			value, args = args[0], args[1:]
		}
		switch name {
		case "--lines":
			if n, err := fmt.Sscan(value, &a.lines); n != 1 || err != nil || a.lines < 0 {
				return nil, fmt.Errorf("--lines: got %q, want a number from 0", value)
			}
		case "--max-growth":
			n, err := mlxstar.ParseSize(value)
			if err != nil {
				return nil, fmt.Errorf("--max-growth: %w", err)
			}
			a.maxGrowth = n
		case "--format":
			a.format = value
		case "-o":
			a.out = value
		default:
			return nil, fmt.Errorf("unknown option %s", name)
		}
	}
	return a, nil
}

func readProfile(path string) (*memory.Profile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := memory.Read(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

func memReport(a *memArgs, out io.Writer) error {
	p, err := readProfile(a.files[0])
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, p.Report(a.lines))
	return err
}

func memLeaks(a *memArgs, out io.Writer) error {
	p, err := readProfile(a.files[0])
	if err != nil {
		return err
	}
	found := false
	for _, l := range p.ByLine() {
		if l.Growing {
			found = true
			fmt.Fprintf(out, "%s grows by %s a step, and holds %s in %d arrays\n", orUnknown(l.Where), mlxstar.FormatSize(l.Growth), mlxstar.FormatSize(l.Live.Bytes), l.Live.Arrays)
		}
	}
	if found {
		return errGrown
	}
	_, err = fmt.Fprintln(out, "no line grew with every step")
	return err
}

func orUnknown(where string) string {
	if where == "" {
		return "(unknown line)"
	}
	return where
}

func memDiff(a *memArgs, out io.Writer) error {
	before, err := readProfile(a.files[0])
	if err != nil {
		return err
	}
	after, err := readProfile(a.files[1])
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "peak %s, was %s (%s)\n", mlxstar.FormatSize(after.Peak), mlxstar.FormatSize(before.Peak), signed(after.Peak-before.Peak))
	change := map[string]int64{}
	for _, l := range after.ByLine() {
		change[l.Where] += l.AtPeak.Bytes
	}
	for _, l := range before.ByLine() {
		change[l.Where] -= l.AtPeak.Bytes
	}
	var lines []string
	for where, n := range change {
		if n != 0 {
			lines = append(lines, where)
		}
	}
	slices.SortFunc(lines, func(x, y string) int {
		return cmp.Or(cmp.Compare(max(change[y], -change[y]), max(change[x], -change[x])), strings.Compare(x, y))
	})
	for _, where := range lines {
		fmt.Fprintf(out, "%14s  %s\n", signed(change[where]), orUnknown(where))
	}
	if a.maxGrowth >= 0 && after.Peak-before.Peak > a.maxGrowth {
		return errGrown
	}
	return nil
}

func memExport(a *memArgs, out io.Writer) error {
	write := export.Formats[a.format]
	if write == nil {
		return fmt.Errorf("--format: got %q, want folded, pprof or speedscope", a.format)
	}
	p, err := readProfile(a.files[0])
	if err != nil {
		return err
	}
	if a.out == "" {
		return write(out, p)
	}
	return writeTo(a.out, func(w io.Writer) error { return write(w, p) })
}

func writeTo(path string, write func(w io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	return errors.Join(write(w), w.Flush(), f.Close())
}

// recordArgs takes "mem record -o FILE" off a command line: the rest runs a script.
func recordArgs(args []string) (file string, rest []string, err error) {
	if len(args) < 2 || args[0] != "mem" || args[1] != "record" {
		return "", args, nil
	}
	args = args[2:]
	if len(args) < 2 || args[0] != "-o" || args[1] == "" {
		return "", nil, errors.New("-o FILE must come first")
	}
	if len(args) == 2 || args[1] == "-" {
		return "", nil, errors.New("no script given")
	}
	return args[1], args[2:], nil
}

// writeRecord writes what was recorded, also of a script that failed.
func (o *options) writeRecord(rt *mlxstar.Runtime, stderr io.Writer) {
	if err := writeTo(o.record, rt.MemoryProfile); err != nil {
		fmt.Fprintf(stderr, "mlxstar mem record: %s\n", err)
	}
}
