package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/memory/export"
	"github.com/mlxstar/mlxstar/memory/record"
	"github.com/mlxstar/mlxstar/memory/view"
)

const memUsage = `usage: mlxstar mem record -o FILE [--max-size SIZE] [options] SCRIPT [args]
       mlxstar mem report FILE [--lines N]
       mlxstar mem view FILE [-o OUT.html]
       mlxstar mem leaks FILE
       mlxstar mem diff OLD NEW [--max-growth SIZE]
       mlxstar mem export FILE --format FORMAT [-o OUT]

record runs a script as mlxstar does, with the same options, and writes where its
memory goes to a file meanwhile, of about SIZE at most (128MiB if not given). What
a process leaves that is killed can be read.

report shows that: at the peak, by line, by owner at the end, and what would take
less. view writes a page of HTML that shows it, or, without -o, opens it in the
browser. leaks lists the lines that held more at the end of every step than of the
one before; its exit code is 1 if there are any. diff compares two files by line;
its exit code is 1 if the peak grew by more than SIZE.

FORMAT is one of
  pprof       a heap profile for go tool pprof
  folded      stacks at the peak, for flame graphs
  speedscope  the same for speedscope
  trace       events over time, for chrome://tracing and Perfetto
  memory_viz  a snapshot in pickle, for PyTorch's memory_viz
`

// errGrown is what diff and leaks end with where they found growth: it is an exit code.
var errGrown = errors.New("memory grew")

// memCommands are mem's own subcommands but for record.
var memCommands = map[string]func(args *memArgs, out io.Writer) error{
	"report": memReport,
	"view":   memView,
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
	help := func() int {
		_, _ = io.WriteString(stdout, memUsage)
		return exitOK
	}
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help") {
		return help()
	}
	wrong := func(err error) int {
		fmt.Fprintf(stderr, "mlxstar mem: %s\nTry 'mlxstar mem --help'.\n", err)
		return exitUsage
	}
	if len(args) == 0 || memCommands[args[0]] == nil {
		return wrong(errors.New("want record, report, view, leaks, diff or export"))
	}
	a, err := parseMem(args[1:])
	if want := map[bool]int{true: 2, false: 1}[args[0] == "diff"]; err == nil && len(a.files) != want {
		err = fmt.Errorf("%s: got %d files, want %d", args[0], len(a.files), want)
	}
	switch {
	case errors.Is(err, errHelp):
		return help()
	case err != nil:
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
	_, err := grammar{
		values: map[string]func(v string) error{
			"--lines": number(&a.lines, 0, 0), "--max-growth": size(&a.maxGrowth), "--format": text(&a.format), "-o": file(&a.out),
		},
		operand: list(&a.files),
	}.read(args)
	if err != nil {
		return nil, err
	}
	return a, nil
}

func readProfile(path string) (*memory.Profile, error) {
	f, err := record.Open(path)
	if err != nil {
		return nil, err
	}
	return f.Profile, nil
}

func memReport(a *memArgs, out io.Writer) error {
	f, err := record.Open(a.files[0])
	if err != nil {
		return err
	}
	advice, err := f.Profile.Advise(f.Changes)
	if err != nil {
		return err
	}
	if !f.Ended {
		fmt.Fprintf(out, "the process was ended: sums are of %.1f s after its begin\n", f.Profile.Seconds)
	}
	_, err = io.WriteString(out, f.Profile.Report(a.lines, advice))
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
		return fmt.Errorf("--format: got %q, want %s", a.format, strings.Join(slices.Sorted(maps.Keys(export.Formats)), ", "))
	}
	f, err := record.Open(a.files[0])
	if err != nil {
		return err
	}
	if a.out == "" {
		return write(out, f.Profile, f.Changes)
	}
	return writeTo(a.out, func(w io.Writer) error { return write(w, f.Profile, f.Changes) })
}

// memView writes a page and, where no place was given for it, shows it in the browser.
func memView(a *memArgs, out io.Writer) error {
	f, err := record.Open(a.files[0])
	if err != nil {
		return err
	}
	path := a.out
	if path == "" {
		dir, err := os.MkdirTemp("", "mlxstar-view-")
		if err != nil {
			return err
		}
		path = filepath.Join(dir, filepath.Base(a.files[0])+".html")
	}
	if err := writeTo(path, func(w io.Writer) error { return view.Write(w, f.Profile, f.Changes) }); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, path); err != nil || a.out != "" {
		return err
	}
	if err := browse(path); err != nil {
		return fmt.Errorf("%s is written, but no browser shows it: %w", path, err)
	}
	return nil
}

// browse has the system show a file, or what is at an address.
func browse(path string) error {
	switch runtime.GOOS {
	case "darwin":
		return exec.Command("open", path).Run()
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", path).Run()
	}
	return exec.Command("xdg-open", path).Run()
}

func writeTo(path string, write func(w io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	return errors.Join(write(w), w.Flush(), f.Close())
}

// beginRecord has what the runtime's memory does written to the file of --record.
func (o *options) beginRecord(rt *mlxstar.Runtime) (err error) {
	o.writer, err = record.Create(o.record, o.recordMax, rt.RecordMemory())
	return err
}

// endRecord completes the file, also of a script that failed.
func (o *options) endRecord(rt *mlxstar.Runtime, stderr io.Writer) {
	lost, err := o.writer.Finish(rt.MemorySnapshot(false))
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "mlxstar mem record: %s\n", err)
	case lost > 0:
		fmt.Fprintf(stderr, "mlxstar mem record: %d events came faster than they could be written; the sums have them\n", lost)
	}
}

// writeRefused writes where memory goes at the moment that a limit refused more. What is
// refused later replaces it.
func (o *options) writeRefused(p *memory.Profile, stderr io.Writer) {
	if err := writeTo(o.memOnOOM, p.Write); err != nil {
		fmt.Fprintf(stderr, "mlxstar --mem-on-oom: %s\n", err)
	}
}
