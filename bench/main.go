// Bench measures mlxstar against the limits of the machine it runs on: every
// workload's time, the bandwidth and the arithmetic it reaches, and the share of
// what the machine can do, which is measured first. With --peers the same
// workloads run in the same process tree with MLX, NumPy and JAX.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

const usage = `usage: go run ./bench [options]

Runs the workloads and prints, for each, the median time, its spread, the processor
time over the number of threads (what it would take on an idle machine), the memory
bandwidth or arithmetic reached and what part that is of this machine's ceilings.

  --rows LIST      only the rows whose names contain one of these, comma separated
  --scale LIST     sizes as parts of the full ones, such as 1/16,1,4 (default 1);
                   several are compared in a table of how costs grow; those of the
                   language run at 1, 4 and 16 if this is not given
  --peers          run the rows with MLX, NumPy and JAX too, where installed
  --python PATH    the Python that has them (default python3)
  --peaks          run whole training and inference steps instead, and print the memory
                   that each takes: peak, cache, resident set
  --device NAME    where the steps of --peaks run: cpu (default), gpu, or simulated, a
                   simulation of a GPU of Apple's, whose counters are as true
  --language       run the rows of the language instead: nanoseconds of processor time an
                   operation, and how they grow at 4 and 16 times the size; with --peers
                   beside CPython and go.starlark.net, where that has the language
  --distributed    time groups of processes instead: sums of 8 bytes to 100 MB, and a training
                   step whose batch they divide; with --peers beside MLX's ring and MLX
                   over MPI, by TCP and by shared memory
  --ranks LIST     how many processes those groups have (default 1,2,4,8)
  --best           go by the best time and not the median, on a machine that others
                   use too
  --seconds S      time spent on each row (default 1)
  --threads N      threads of the CPU (default one per core)
  --json           write one JSON object instead of a table
  --list           name the rows and stop
  --help           print this

Rows named graph_ and runtimes_ measure how costs grow with the number of
operations of a graph and of runtimes in one process, rows named memory_ what
programs hold of the machine's memory.

exit codes: 0 success, 1 a row failed, 2 wrong usage, 130 interrupted
`

const (
	exitOK        = 0
	exitFailed    = 1
	exitUsage     = 2
	exitInterrupt = 130
)

// options are the command line.
type options struct {
	rows    []string
	scales  []float64
	peers   bool
	best    bool
	python  string
	effort  effort
	threads int
	json    bool
	list    bool
	help    bool
	memory  string // the memory case that this process is to run
	steps   bool
	step    string // the step that this process is to run
	device  string // of the steps
	lang    bool
	sizes   []float64 // of the rows of the language
	groups  bool
	ranks   []int    // processes of groups
	member  string   // the program that this process of a group is to run
	words   []string // and its arguments
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

func run(ctx context.Context, args []string) int {
	o, err := parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\nrun with --help for the options\n", err)
		return exitUsage
	}
	switch {
	case o.help:
		fmt.Print(usage)
		return exitOK
	case o.memory != "":
		err = runCase(ctx, o.memory, o.threads)
	case o.step != "":
		err = runStep(ctx, o.step, o.threads, o.device)
	case o.member != "":
		err = o.runMember(ctx)
	case o.groups && !o.list:
		err = o.groupBench(ctx)
	case o.steps && !o.list:
		err = o.peaks(ctx)
	case o.lang && !o.list:
		err = o.languageBench(ctx)
	case o.list:
		for _, name := range o.names() {
			fmt.Println(name)
		}
	default:
		err = o.bench(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return exitInterrupt
	case err != nil:
		if !errors.Is(err, errRows) { // those were named as they failed
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
		return exitFailed
	}
	return exitOK
}

// parse reads the command line.
func parse(args []string) (*options, error) {
	o := &options{ranks: []int{1, 2, 4, 8}, sizes: []float64{1, 4, 16}, device: onCPU, scales: []float64{1}, python: "python3", effort: effort{Seconds: 1, Least: 3, Most: 50}}
	flags := map[string]*bool{"--peers": &o.peers, "--peaks": &o.steps, "--language": &o.lang, "--distributed": &o.groups, "--best": &o.best, "--json": &o.json, "--list": &o.list, "--help": &o.help, "-h": &o.help}
	values := map[string]func(string) error{
		"--rows": func(s string) error { o.rows = strings.Split(s, ","); return nil },
		"--scale": func(s string) (err error) {
			o.scales, err = parseScales(s)
			o.sizes = o.scales
			return err
		},
		"--python":  func(s string) error { o.python = s; return nil },
		"--step":    func(s string) error { o.step = s; return nil },
		"--device":  func(s string) error { o.device = s; return checkDevice(s) },
		"--member":  func(s string) error { o.member = s; return nil },
		"--ranks":   func(s string) (err error) { o.ranks, err = parseRanks(s); return err },
		"--case":    func(s string) error { o.memory = s; return nil },
		"--seconds": func(s string) (err error) { o.effort.Seconds, err = positive(s); return err },
		"--threads": func(s string) (err error) {
			if o.threads, err = strconv.Atoi(s); err == nil && o.threads < 0 {
				err = errors.New("want 0, for one per core, or more")
			}
			return err
		},
	}
	for len(args) > 0 {
		name, value, given := strings.Cut(args[0], "=")
		args = args[1:]
		if f := flags[name]; f != nil && !given {
			*f = true
			continue
		}
		set := values[name]
		if o.member != "" && set == nil {
			o.words = append(o.words, name)
			if given {
				o.words[len(o.words)-1] += "=" + value
			}
			continue
		}
		if set == nil {
			return nil, fmt.Errorf("unknown option %s", name)
		}
		if !given {
			if len(args) == 0 {
				return nil, fmt.Errorf("%s wants a value", name)
			}
			value, args = args[0], args[1:]
		}
		if err := set(value); err != nil {
			return nil, fmt.Errorf("%s %s: %w", name, value, err)
		}
	}
	return o, nil
}

// parseScales reads numbers and fractions such as 1/16.
func parseScales(s string) (scales []float64, err error) {
	for _, part := range strings.Split(s, ",") {
		over, under, fraction := strings.Cut(part, "/")
		x, err := positive(over)
		if err == nil && fraction {
			var y float64
			y, err = positive(under)
			x /= y
		}
		if err != nil {
			return nil, err
		}
		scales = append(scales, x)
	}
	return scales, nil
}

// parseRanks reads numbers of processes.
func parseRanks(s string) (ranks []int, err error) {
	for _, part := range strings.Split(s, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > 64 {
			return nil, errors.New("want whole numbers from 1 to 64")
		}
		ranks = append(ranks, n)
	}
	return ranks, nil
}

func positive(s string) (float64, error) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || x <= 0 {
		return 0, errors.New("want a positive number")
	}
	return x, nil
}

// wanted reports whether --rows asks for the row.
func (o *options) wanted(name string) bool {
	if len(o.rows) == 0 {
		return true
	}
	for _, part := range o.rows {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
