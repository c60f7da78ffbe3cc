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
  mlxstar completion SHELL          write what bash, fish or zsh need to complete these
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
help(x), x?? shows its source, _ is the last value, and exit ends. A pasted block is one
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
	record      string // the file that where memory goes is written to, "" for none
	cpuProfile  string // the file that a profile of processor time is written to, "" for none
	memOnOOM    string // the file that where memory goes is written to where a limit refuses more
	recordMax   int64  // about its most bytes, 0 for the default
	writer      *record.Writer
	isolate     bool
	version     bool

	hasCode     bool
	code        string
	module      string
	script      string // a path, or "-"
	args        []string
	interactive bool
	stay        bool // at the prompt, after the script
}

var errHelp = errors.New("help")

// valued are the options that take a value.
var valued = map[string]func(o *options, value string) error{
	"--seed": func(o *options, v string) (err error) {
		if o.seed, err = strconv.ParseUint(v, 0, 64); err != nil {
			return fmt.Errorf("--seed: got %q, want a number from 0 to 2^64-1", v)
		}
		return nil
	},
	"--memory-limit": func(o *options, v string) error {
		n, err := sizeOrShare(v)
		if err != nil {
			return fmt.Errorf("--memory-limit: %w", err)
		}
		if o.memoryLimit = n; n == 0 {
			o.memoryLimit = -1
		}
		return nil
	},
	"--hard-memory-limit": func(o *options, v string) (err error) {
		if o.hardLimit, err = sizeOrShare(v); err != nil {
			return fmt.Errorf("--hard-memory-limit: %w", err)
		}
		return nil
	},
	"--cpuprofile": func(o *options, v string) error {
		if v == "" {
			return errors.New("--cpuprofile: got an empty name, want a file's")
		}
		o.cpuProfile = v
		return nil
	},
	"--mem-on-oom": func(o *options, v string) error {
		if v == "" {
			return errors.New("--mem-on-oom: got an empty name, want a file's")
		}
		o.memOnOOM = v
		return nil
	},
	"--time-limit": func(o *options, v string) (err error) {
		if o.timeLimit, err = time.ParseDuration(v); err != nil || o.timeLimit <= 0 {
			return fmt.Errorf("--time-limit: got %q, want a time such as 30s or 5m", v)
		}
		return nil
	},
	"--threads": func(o *options, v string) (err error) {
		if o.threads, err = strconv.Atoi(v); err != nil || o.threads < 1 {
			return fmt.Errorf("--threads: got %q, want a number from 1", v)
		}
		return nil
	},
	"--device": func(o *options, v string) error {
		if v != "cpu" && v != "gpu" {
			return fmt.Errorf("--device: got %q, want cpu or gpu", v)
		}
		o.device = v
		return nil
	},
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

// flags are the options without a value.
var flags = map[string]func(o *options){
	"-i":           func(o *options) { o.stay = true },
	"--json":       func(o *options) { o.jsonErrors = true },
	"--isolate":    func(o *options) { o.isolate = true },
	"--no-monitor": func(o *options) { o.noMonitor = true },
	"--version":    func(o *options) { o.version = true },
}

// parseArgs reads the command line. Options stand before the script; what
// follows it is the script's. With an error come the options before it.
func parseArgs(args []string) (*options, error) {
	o := &options{}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		name, value, joined := strings.Cut(arg, "=")
		switch set := valued[name]; {
		case arg == "-h" || arg == "--help":
			return o, errHelp
		case arg == "-c":
			if len(args) == 0 {
				return o, errors.New("-c: no code given")
			}
			o.hasCode, o.code = true, args[0]
			o.args = append([]string{"-c"}, args[1:]...)
			return o, nil
		case arg == "-m":
			if len(args) == 0 {
				return o, errors.New("-m: no module given")
			}
			o.module = args[0]
			o.args = append([]string{"-m"}, args[1:]...)
			return o, nil
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			o.script, o.args = arg, append([]string{arg}, args...)
			return o, nil
		case flags[arg] != nil:
			flags[arg](o)
		case set == nil:
			return o, fmt.Errorf("unknown option %s", arg)
		default:
			if !joined {
				if len(args) == 0 {
					return o, fmt.Errorf("%s: no value given", name)
				}
				value, args = args[0], args[1:]
			}
			if err := set(o, value); err != nil {
				return o, err
			}
		}
	}
	o.interactive, o.stay, o.args = true, false, []string{""}
	return o, nil
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
