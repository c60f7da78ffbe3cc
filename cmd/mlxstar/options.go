package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/chzyer/readline"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory/record"
)

const usage = `mlxstar runs MLX-style Python without Python.

  mlxstar [options] FILE [args]     run a script; args are its sys.argv[1:]
  mlxstar [options] -c CODE [args]  run the code given
  mlxstar [options] -m NAME [args]  run a module, or a package's __main__
  mlxstar [options] - [args]        run what standard input holds
  mlxstar [options]                 read statements from a prompt
  mlxstar run FILE                  run the jobs of a configuration; init writes one,
                                    lint, list and schema tell of it, run --help the rest
  mlxstar serve FILE                run them on request, over HTTP
  mlxstar launch -n N FILE          run a script by several processes, here or on several
                                    machines; launch --help tells the rest
  mlxstar top [PID]                 show the memory of a running mlxstar
  mlxstar mem record -o FILE ...    run a script and record where its memory goes
  mlxstar mem report FILE           show that; mlxstar mem --help tells the rest
  mlxstar estimate MODEL            tell what a model will take, and whether that fits
  mlxstar doctor                    tell what this machine gives, and test it
  mlxstar docs                      serve this version's pages to a browser
  mlxstar completion SHELL          write what bash, fish or zsh need to complete these
  mlxstar manual                    write all of this as a manual page
  mlxstar install NAME[==VERSION]   install packages of Python alone; packages lists them,
                                    remove takes them away, install --help tells the rest

Options:
  --seed N            seed of mx.random (0 if not given)
  --memory-limit SIZE the most memory that arrays may take, such as 2GiB or 50% of
                      the machine's; 0 is no limit (75% if not given)
  --hard-memory-limit SIZE
                      end a script, whatever it catches, whose arrays and other
                      values take more together (no limit if not given)
  --cpuprofile FILE   record which lines of scripts take processor time, and write that
                      for go tool pprof
  --mem-on-oom FILE   record where memory goes, and write that when a limit refuses more:
                      'mlxstar mem report FILE' shows it
  --time-limit TIME   stop after this time, such as 30s or 5m
  --isolate           run the script in a process of its own that reaches nothing but
                      the script's folder, and that only to read
  --threads N         worker threads of the CPU (one per core if not given)
  --device NAME       cpu or gpu; the best there is by default
  --no-monitor        serve no socket that 'mlxstar top' and its like can ask
  -i                  go on at the prompt, among the script's variables
  --json              write an error as one line of JSON on standard error
  --full-traceback    at a terminal, show the frames of the program's own modules, too
  --version           print the version
  -h, --help          print this

Exit codes: 0 success, 1 error in the script, 2 wrong usage, 3 memory limit,
4 time limit, 130 interrupted; a script that calls sys.exit chooses its own.
Ctrl-C and SIGTERM raise KeyboardInterrupt in the script; a second one within 2 s
ends it. With --json, "limit" in an error's line says what stopped the script:
time, memory or interrupt.

At the prompt, help(x) explains x, and lines that begin with % are commands:
  %time STATEMENT     run it and print how long it took
  %timeit STATEMENT   run it many times and print the best and the usual time
  %prun STATEMENT     run it and print which functions and lines take processor time
  %memit STATEMENT    run it and print what memory it took
  %memline STATEMENT  run it and print what memory each of its lines took
  %mem                show which lines and variables hold memory
  %who                list the variables with their bytes
  %run FILE [args]    run a script among the prompt's variables
  %hist [N]           list what was entered, or the last N entries
  %reset              remove all variables
%%time, %%timeit, %%memit and %%memline take the lines that follow, to a blank one. x? is
help(x), x?? shows its source, _ is the last value, and exit ends. Help that is longer than
the screen goes through the pager that PAGER names, or less. A pasted block is one
entry, as is one from the history, where arrows show the ends of its lines. The history
is kept in .mlxstar_history in the home directory.

Imports look beside the script (in the current directory for -c, -m and the prompt),
then in the folders, ZIP files and wheels that PYTHONPATH lists, such as the site-packages
of a Python, then among the packages that 'mlxstar install' has installed.
`

// options are the command line.
type options struct {
	seed        uint64
	memoryLimit int64 // 0 is the default, less than 0 none
	hardLimit   int64
	timeLimit   time.Duration
	threads     int
	device      string
	jsonErrors  bool
	noMonitor   bool

	fullTraceback bool // see folds

	recording  bool   // that the command is mem record
	record     string // the file that where memory goes is written to, "" for none
	cpuProfile string // the file that a profile of processor time is written to, "" for none
	memOnOOM   string // the file that where memory goes is written to where a limit refuses more
	recordMax  int64  // about its most bytes, 0 for the default
	writer     *record.Writer
	isolate    bool
	version    bool

	hasCode     bool
	code        string
	module      string
	script      string // a path, or "-"
	args        []string
	interactive bool
	stay        bool // at the prompt, after the script
}

// grammar is that of the command line up to the script. Recording is that of mem record.
func (o *options) grammar(recording bool) grammar {
	g := grammar{
		flags: map[string]*bool{"-i": &o.stay, "--json": &o.jsonErrors, "--isolate": &o.isolate, "--no-monitor": &o.noMonitor, "--full-traceback": &o.fullTraceback, "--version": &o.version},
		values: map[string]func(v string) error{
			"--threads": number(&o.threads, 1, 0), "--cpuprofile": file(&o.cpuProfile), "--mem-on-oom": file(&o.memOnOOM),
			"--seed": func(v string) (err error) {
				if o.seed, err = strconv.ParseUint(v, 0, 64); err != nil {
					return fmt.Errorf("got %q, want a number from 0 to 2^64-1", v)
				}
				return nil
			},
			"--memory-limit": func(v string) (err error) {
				if o.memoryLimit, err = sizeOrShare(v); err == nil && o.memoryLimit == 0 {
					o.memoryLimit = -1
				}
				return err
			},
			"--hard-memory-limit": func(v string) (err error) {
				o.hardLimit, err = sizeOrShare(v)
				return err
			},
			"--time-limit": func(v string) (err error) {
				if o.timeLimit, err = time.ParseDuration(v); err != nil || o.timeLimit <= 0 {
					return fmt.Errorf("got %q, want a time such as 30s or 5m", v)
				}
				return nil
			},
			"--device": func(v string) error {
				if v != "cpu" && v != "gpu" {
					return fmt.Errorf("got %q, want cpu or gpu", v)
				}
				o.device = v
				return nil
			},
		},
		ends: []string{"-c", "-m"},
	}
	if recording {
		g.values["-o"] = file(&o.record)
		g.values["--max-size"] = func(v string) (err error) {
			if o.recordMax, err = mlxstar.ParseSize(v); err != nil || o.recordMax < 1 {
				return fmt.Errorf("got %q, want a size such as 128MiB", v)
			}
			return nil
		}
	}
	return g
}

// sizeOrShare reads a size, or a share of the machine's memory such as 75%.
func sizeOrShare(s string) (int64, error) {
	number, share := strings.CutSuffix(strings.TrimSpace(s), "%")
	if !share {
		return mlxstar.ParseSize(s)
	}
	percent, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(percent > 0 && percent <= 100) {
		return 0, fmt.Errorf("got %q, want a share above 0%% and up to 100%%", s)
	}
	machine := mlxstar.MachineMemory()
	if machine == 0 {
		return 0, fmt.Errorf("got %q, and what memory the machine has is not known here: want a size", s)
	}
	return max(int64(float64(machine)*percent/100), 1), nil
}

// parseArgs reads the command line, of "mem record" too. Options stand before the script;
// what follows it is the script's. With an error come the options before it.
func parseArgs(args []string) (*options, error) {
	o := &options{recording: isRecord(args)}
	if o.recording {
		args = args[2:]
	}
	rest, err := o.grammar(o.recording).read(args)
	if err != nil {
		return o, err
	}
	if len(rest) == 0 {
		o.interactive, o.stay, o.args = true, false, []string{""}
	} else if err := o.takeScript(rest[0], rest[1:]); err != nil {
		return o, err
	}
	switch {
	case !o.recording || o.version:
	case o.record == "":
		return o, errors.New("-o FILE is missing")
	case o.interactive:
		return o, errors.New("no script given")
	}
	return o, nil
}

// isRecord reports whether a command line is that of mem record.
func isRecord(args []string) bool { return len(args) > 1 && args[0] == "mem" && args[1] == "record" }

// takeScript takes what is to be run, and its arguments.
func (o *options) takeScript(what string, args []string) error {
	switch what {
	case "-c":
		if len(args) == 0 {
			return errors.New("-c: no code given")
		}
		o.hasCode, o.code, args = true, args[0], args[1:]
	case "-m":
		if len(args) == 0 {
			return errors.New("-m: no module given")
		}
		o.module, args = args[0], args[1:]
	default:
		o.script = what
	}
	o.args = append([]string{what}, args...)
	return nil
}

// runtime gives the options of the runtime: a command's script may do what the
// person who runs it may.
func (o *options) runtime(stdin, stdout, stderr *os.File) mlxstar.Options {
	dir, err := os.Getwd()
	if err != nil {
		dir = ""
	}
	return mlxstar.Options{
		Args:        o.args,
		Stdin:       stdin,
		Stdout:      stdout,
		Stderr:      stderr,
		Terminal:    isTerminal(stdout),
		Color:       colours(stdout),
		Seed:        o.seed,
		MemoryLimit: o.memoryLimit,

		HardMemoryLimit: o.hardLimit,
		Threads:         o.threads,
		Device:          o.device,
		GPU:             openGPU,
		Transports:      transports,
		Files:           mlxstar.SystemFiles(),
		Network:         mlxstar.SystemNetwork(),
		Dir:             dir,
		Env:             os.Environ(),
		Path:            searchPath(dir),
		HostInfo:        true,
	}
}

// searchPath lists what PYTHONPATH adds to sys.path, and the folder of installed packages.
func searchPath(dir string) []string {
	var out []string
	for _, entry := range filepath.SplitList(os.Getenv("PYTHONPATH")) {
		if !filepath.IsAbs(entry) && dir != "" {
			entry = filepath.Join(dir, entry)
		}
		out = append(out, entry)
	}
	if dir, err := packagesFolder(); err == nil {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			out = append(out, dir)
		}
	}
	return out
}

func isTerminal(f *os.File) bool { return readline.IsTerminal(int(f.Fd())) }
