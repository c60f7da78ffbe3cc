// Compare runs folders of scripts under mlxstar and under CPython with MLX, and
// prints where they differ: in what they print, numbers within a tolerance and
// text exactly, in the exception that ends them, and in their exit status.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

const usage = `usage: go run ./scripts/compare [options] DIR...

Runs every script (.py, .star) of the folders, and of those below, under mlxstar
and under CPython with MLX, and prints where they differ: in the numbers and the
text that they print, in the exception that ends them, in their exit status. A
script that lines of three dashes part is run part by part.

A part that must differ says why, on a line of its own:

  # differs: REASON

It is counted apart, and fails once it differs no longer. "# differs everywhere:
REASON" before the first part speaks for a whole file, parts of which may agree.

  --python PATH    the Python to compare with (default python3)
  --examples       the folders hold documentation: compare its examples, of code blocks in .rst
                   files and docstrings in .py and .cpp files
  --draw N         draw N programs instead of reading folders
  --seed S         what they are drawn from (default 1)
  --families LIST  only programs of these families, comma separated
  --rtol R         how far numbers may lie apart, relative to the larger (default 1e-4)
  --atol A         how far they may lie apart besides (default 1e-5)
  --timeout S      seconds that a part may take under either (default 180)
  --only LIST      only the files whose paths contain one of these, comma separated
  --json           write one JSON object instead of text
  --quiet          no progress on standard error
  --help           print this

Drawn programs are short and of families: indexing, elements at the ends of dtypes, casts,
printing, shapes, gradients, layers and others; invariants are what must hold under both. The
same seed draws the same programs. What differs is printed with its program; where
MLX is known to be at fault it is counted as declared.

Where there is no Python, or Python has no MLX, the scripts that need it are
skipped, which is said.

exit codes: 0 no difference that is not declared, 1 differences, 2 wrong usage, 130 interrupted
`

const (
	exitOK        = 0
	exitDiffers   = 1
	exitUsage     = 2
	exitInterrupt = 130
)

type options struct {
	dirs        []string
	python      string
	rtol, atol  float64
	timeout     time.Duration
	only        []string
	draw        int
	seed        uint64
	families    []string
	examples    bool
	json, quiet bool
	help        bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "compare: %v\n%s", err, usage)
		return exitUsage
	}
	if o.help {
		fmt.Fprint(stdout, usage)
		return exitOK
	}
	var parts []*part
	switch {
	case o.draw > 0:
		parts, err = drawn(o.draw, o.seed, o.families)
	case o.examples:
		parts, err = examples(o.dirs, o.only)
	default:
		parts, err = collect(o.dirs, o.only)
	}
	if err != nil {
		fmt.Fprintf(stderr, "compare: %v\n", err)
		return exitUsage
	}
	progress := stderr
	if o.quiet {
		progress = io.Discard
	}
	r, err := compareAll(ctx, o, parts, progress)
	if ctx.Err() != nil {
		fmt.Fprintln(stderr, "compare: interrupted")
		return exitInterrupt
	}
	if err == nil {
		err = r.write(stdout, o.json)
	}
	if err != nil {
		fmt.Fprintf(stderr, "compare: %v\n", err)
		return exitDiffers
	}
	if r.Differ > 0 {
		return exitDiffers
	}
	return exitOK
}

func parse(args []string) (*options, error) {
	o := &options{python: "python3", seed: 1, rtol: 1e-4, atol: 1e-5, timeout: 3 * time.Minute}
	flags := map[string]*bool{"--json": &o.json, "--quiet": &o.quiet, "--help": &o.help, "--examples": &o.examples}
	numbers := map[string]func(v float64){
		"--rtol":    func(v float64) { o.rtol = v },
		"--atol":    func(v float64) { o.atol = v },
		"--draw":    func(v float64) { o.draw = int(v) },
		"--seed":    func(v float64) { o.seed = uint64(v) },
		"--timeout": func(v float64) { o.timeout = time.Duration(v * float64(time.Second)) },
	}
	for len(args) > 0 {
		name := args[0]
		args = args[1:]
		if !strings.HasPrefix(name, "-") {
			o.dirs = append(o.dirs, name)
			continue
		}
		if f := flags[name]; f != nil {
			*f = true
			continue
		}
		name, value, given := strings.Cut(name, "=")
		if number := numbers[name]; number == nil && name != "--python" && name != "--only" && name != "--families" {
			return nil, fmt.Errorf("there is no option %s", name)
		}
		if !given {
			if len(args) == 0 {
				return nil, fmt.Errorf("%s needs a value", name)
			}
			value, args = args[0], args[1:]
		}
		switch number := numbers[name]; {
		case number != nil:
			v, err := strconv.ParseFloat(value, 64)
			if err != nil || !(v >= 0) {
				return nil, fmt.Errorf("%s is %q, want a number that is not negative", name, value)
			}
			number(v)
		case name == "--python":
			o.python = value
		case name == "--families":
			o.families = strings.Split(value, ",")
		default:
			o.only = strings.Split(value, ",")
		}
	}
	if len(o.dirs) == 0 && o.draw == 0 && !o.help {
		return nil, errors.New("no folder given")
	}
	return o, nil
}
