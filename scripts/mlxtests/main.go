// Command mlxtests runs MLX's own unit tests, where a copy of them lies, under mlxstar and
// under CPython with MLX, and prints what came of them, file by file.
//
//	go run ./scripts/mlxtests mlx/python/tests
//
// Every test_*.py is run as it is, in its folder: mlxstar test_x.py -v. A run is held to
// testdata/mlx-tests.txt, the names of the tests that must pass; none of their code is here.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	exitOK    = 0
	exitFails = 1
	exitUsage = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "mlxtests:", err)
	}
	os.Exit(code)
}

type options struct {
	folder          string
	star, python    string
	names           string
	only            string
	update, verbose bool
	limit           time.Duration
}

func run(ctx context.Context, args []string, out io.Writer) (int, error) {
	var o options
	flags := flag.NewFlagSet("mlxtests", flag.ContinueOnError)
	flags.StringVar(&o.star, "mlxstar", "", "the command to test (default: built from this checkout)")
	flags.StringVar(&o.python, "python", "python3", "a Python with MLX to compare with; empty for none")
	flags.StringVar(&o.names, "names", filepath.Join("testdata", "mlx-tests.txt"), "the list of tests that must pass")
	flags.StringVar(&o.only, "only", "", "only files whose names contain one of these, comma separated")
	flags.BoolVar(&o.update, "update", false, "write the list anew: what passes under Python")
	flags.BoolVar(&o.verbose, "v", false, "print how each test that fails under mlxstar alone fails")
	flags.DurationVar(&o.limit, "limit", 15*time.Minute, "how long a file may take under either")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitOK, err
		}
		return exitUsage, err
	}
	if flags.NArg() != 1 {
		return exitUsage, errors.New("want one folder: python/tests of MLX")
	}
	o.folder = flags.Arg(0)
	files, err := o.files()
	if err != nil {
		return exitUsage, err
	}
	if o.update && (o.python == "" || o.only != "") {
		return exitUsage, errors.New("the list is written from a run of all files under Python")
	}
	if o.star == "" {
		built, clean, err := build(ctx)
		if err != nil {
			return exitFails, err
		}
		defer clean()
		o.star = built
	}
	if o.star, err = filepath.Abs(o.star); err != nil {
		return exitFails, err
	}
	t := &table{out: out, verbose: o.verbose}
	t.header(o.python != "")
	for _, file := range files {
		if ctx.Err() != nil {
			return exitFails, ctx.Err()
		}
		star := runFile(ctx, o.star, o.folder, file, o.limit)
		var python *outcomes
		if o.python != "" {
			python = runFile(ctx, o.python, o.folder, file, o.limit)
		}
		t.row(file, star, python)
	}
	if o.update {
		return exitOK, writeNames(o.names, t.passedUnderPython)
	}
	must, err := readNames(o.names)
	if err != nil {
		return exitFails, err
	}
	if !t.footer(must, files) {
		return exitFails, nil
	}
	return exitOK, nil
}

func (o *options) files() ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(o.folder, "test_*.py"))
	if err != nil {
		return nil, err
	}
	var files []string
	for _, p := range paths {
		name := filepath.Base(p)
		if o.only == "" || slices.ContainsFunc(strings.Split(o.only, ","), func(s string) bool { return strings.Contains(name, s) }) {
			files = append(files, name)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no test_*.py in %s to run", o.folder)
	}
	return files, nil
}

// build makes the command in a temporary folder.
func build(ctx context.Context) (path string, clean func(), err error) {
	dir, err := os.MkdirTemp("", "mlxtests")
	if err != nil {
		return "", nil, err
	}
	clean = func() { _ = os.RemoveAll(dir) }
	path = filepath.Join(dir, "mlxstar")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/mlxstar")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		clean()
		return "", nil, fmt.Errorf("build mlxstar: %w", err)
	}
	return path, clean, nil
}

// readNames reads a list of tests, a line each; # begins a comment.
func readNames(path string) (map[string]bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names := map[string]bool{}
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && line[0] != '#' {
			names[line] = true
		}
	}
	return names, nil
}

func writeNames(path string, names map[string]bool) error {
	text := "# The tests of MLX 0.32.4 (python/tests) that pass under CPython with MLX on a CPU, and must under mlxstar:\n" +
		"# go run ./scripts/mlxtests FOLDER holds a run to this list; with -update it writes it.\n"
	for _, n := range slices.Sorted(maps.Keys(names)) {
		text += n + "\n"
	}
	return os.WriteFile(path, []byte(text), 0o644)
}
