package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"

	"github.com/mlxstar/mlxstar/distributed/launch"
)

const launchUsage = `usage: mlxstar launch [options] SCRIPT [args]     run a script by several processes
       mlxstar launch [options] -m NAME [args]    run a module, or -c CODE
       mlxstar launch [options] -- COMMAND ...    run any command, such as Python's

The processes form the group that mx.distributed.init() gives. They run here, or by ssh
on other machines. What they print has their ranks before it; when one fails, all are
ended.

  -n N                processes on each host (1)
  --hosts A,B         the hosts (127.0.0.1, which is here)
  --hostfile FILE     the hosts, as for mlx.launch: [{"ssh": "a", "ips": ["10.0.0.1"]}, ...]
  --backend NAME      ring, mpi, nccl, jaccl or jaccl-ring (what the hostfile says, or ring)
  --env NAME=VALUE    a variable for all processes; may be given several times
  --cwd DIR           where they run (here, or the login directory if a host has no such)
  --python PROGRAM    what runs the script (this program)
  -p, --starting-port N
                      the first port that they listen at (32323; free ones if all run here)
  --connections-per-ip N
                      connections of the ring over each address (1)
  --nccl-port N       the port of NCCL's first process (12345)
  --mpi-arg ARG       an argument for mpirun; may be given several times
  --raw               show output as it comes, without ranks
  --verbose           tell what happens
  --print-hostfile    print the file that the processes of a ring find each other by
  --print-python      print what would run the script
  -h, --help          print this

Exit codes: that of the first process that failed, 128 and the signal's number if a signal
ended it; 2 wrong usage, 130 interrupted. Without -- and --python the processes of a ring,
or of nccl, share a secret, so that no others can join them.
`

// launchOptions are the command line of launch.
type launchOptions struct {
	job                        launch.Job
	hosts, hostfile, python    string
	each                       int
	printHostfile, printPython bool
}

// parseLaunch reads the command line. What is to be run is what is left.
func parseLaunch(args []string) (o *launchOptions, command []string, err error) {
	o = &launchOptions{}
	j := &o.job
	j.NCCLPort = 12345
	each, port := number(&o.each, 1, 1<<12), number(&j.Port, 1, 65535)
	command, err = grammar{
		flags: map[string]*bool{"--raw": &j.Raw, "--verbose": &j.Verbose, "--print-hostfile": &o.printHostfile, "--print-python": &o.printPython},
		values: map[string]func(v string) error{
			"-n": each, "--repeat-hosts": each, "-p": port, "--starting-port": port,
			"--hosts": text(&o.hosts), "--hostfile": text(&o.hostfile), "--backend": text(&j.Backend), "--cwd": text(&j.Dir),
			"--python": text(&o.python), "--env": list(&j.Env), "--mpi-arg": list(&j.MPIArgs),
			"--connections-per-ip": number(&j.PerIP, 1, 64), "--nccl-port": number(&j.NCCLPort, 1, 65535),
		},
		ends: []string{"--", "-m", "-c"},
	}.read(args)
	return o, command, err
}

// complete finds the hosts and the command.
func (o *launchOptions) complete(command []string) error {
	j := &o.job
	switch {
	case o.hostfile != "" && (o.hosts != "" || o.each > 0):
		return errors.New("--hostfile lists every process: it goes with neither --hosts nor -n")
	case o.hostfile != "":
		src, err := os.ReadFile(o.hostfile)
		if err != nil {
			return err
		}
		f, err := launch.ParseHostfile(src)
		if err != nil {
			return fmt.Errorf("%s: %w", o.hostfile, err)
		}
		j.Hosts, j.Env = f.Hosts, append(f.Env, j.Env...)
		if j.Backend == "" {
			j.Backend = f.Backend
		}
	default:
		if o.hosts == "" {
			o.hosts = "127.0.0.1"
		}
		var err error
		if j.Hosts, err = launch.ParseHosts(o.hosts, max(o.each, 1)); err != nil {
			return fmt.Errorf("--hosts: %w", err)
		}
	}
	if j.PerHost = max(o.each, 1); j.Backend == "" {
		j.Backend = "ring"
	}
	switch {
	case o.printHostfile:
	case len(command) == 0, command[0] == "--" && len(command) == 1:
		return errors.New("no script is given")
	case command[0] == "--":
		j.Command = command[1:]
	case o.python != "":
		j.Command = append([]string{o.python}, command...)
	default:
		return o.own(command)
	}
	return nil
}

// own has this program run the script. Processes that share this machine share its
// processors.
func (o *launchOptions) own(command []string) error {
	j := &o.job
	program, err := os.Executable()
	if err != nil {
		return err
	}
	j.Command = []string{program}
	here := 0
	for _, h := range j.Hosts {
		if h.SSH == "127.0.0.1" || h.SSH == "localhost" {
			here++
		}
	}
	if here == len(j.Hosts) && here > 1 {
		j.Command = append(j.Command, "--threads", strconv.Itoa(max(1, runtime.NumCPU()/here)))
	}
	j.Command = append(j.Command, command...)
	if (j.Backend == "ring" || j.Backend == "nccl") && len(j.Hosts) > 1 {
		j.Secret = rand.Text()
	}
	return nil
}

func runLaunch(args []string, stdout, stderr io.Writer) int {
	o, command, err := parseLaunch(args)
	if errors.Is(err, errHelp) {
		_, _ = io.WriteString(stdout, launchUsage)
		return exitOK
	}
	if err == nil && o.printPython {
		if o.python == "" {
			if o.python, err = os.Executable(); err != nil {
				fmt.Fprintf(stderr, "mlxstar launch: %s\n", err)
				return exitUsage
			}
		}
		fmt.Fprintln(stdout, o.python)
		return exitOK
	}
	if err == nil {
		err = o.complete(command)
	}
	if err == nil && o.printHostfile {
		var file string
		if file, err = o.job.RingFile(); err == nil {
			fmt.Fprintln(stdout, file)
			return exitOK
		}
	}
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar launch: %s\nTry 'mlxstar launch --help'.\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code, err := o.job.Run(ctx, os.Stdin, stdout, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar launch: %s\n", err)
		return max(code, exitScript)
	}
	return code
}
