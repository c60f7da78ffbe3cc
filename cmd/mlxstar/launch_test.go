//go:build unix

package main

import (
	"bytes"
	"flag"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var everyFault = flag.Bool("faults", false, "kill each process of a group at each of 20 moments, not a few")

// TestLaunch: processes that the command starts are a group, and what goes wrong is its
// exit code.
func TestLaunch(t *testing.T) {
	const all = "import mlx.core as mx, sys\nw = mx.distributed.init(strict=True)\n" +
		"print(w.rank(), w.size(), mx.distributed.all_sum(mx.array(float(w.rank()))).item(), *sys.argv[1:])\n"
	for _, c := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"script", []string{"-n", "3", "-c", all, "x y"}, 0, "[2] 2 3 3.0 x y\n", ""},
		{"several connections", []string{"-n", "2", "--connections-per-ip=2", "-c", all}, 0, "[1] 1 2 1.0\n", ""},
		{"one process", []string{"-c", "import mlx.core as mx\nprint(mx.distributed.init().size())"}, 0, "[0] 1\n", ""},
		{"failure", []string{"-n", "2", "-c", all + "mx.eval(mx.distributed.all_sum(mx.ones(3)))\nif w.rank(): sys.exit(9)\nmx.eval(mx.distributed.all_sum(mx.ones(3)))"}, 9, "", "process 1 was lost"},
		{"command", []string{"-n", "2", "--", "echo", "hello"}, 0, "[1] hello\n", ""},
		{"python", []string{"--python", "echo", "a.py", "b"}, 0, "[0] a.py b\n", ""},
		{"hostfile", []string{"--hosts", "10.0.0.1,10.0.0.2", "--print-hostfile"}, 0, `[["10.0.0.1:32323"],["10.0.0.2:32324"]]`, ""},
		{"help", []string{"--help"}, 0, "--connections-per-ip", ""},
		{"nothing", []string{"-n", "2"}, 2, "", "no script is given"},
		{"option", []string{"--nonsense", "a.py"}, 2, "", "unknown option --nonsense"},
		{"number", []string{"-n", "0", "a.py"}, 2, "", `-n: got "0"`},
		{"value", []string{"--hosts"}, 2, "", "--hosts: no value given"},
		{"both", []string{"-n", "2", "--hostfile", "x", "a.py"}, 2, "", "--hostfile lists every process"},
		{"no hostfile", []string{"--hostfile", "none.json", "a.py"}, 2, "", "none.json"},
		{"backend", []string{"-n", "2", "--backend", "pigeon", "a.py"}, 1, "", `the backend is "pigeon"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := command(t, "", append([]string{"launch"}, c.args...)...)
			if r.code != c.code || !strings.Contains(r.stdout, c.stdout) || !strings.Contains(r.stderr, c.stderr) {
				t.Errorf("exit code %d, %q and %q, want %d, %q and %q", r.code, r.stdout, r.stderr, c.code, c.stdout, c.stderr)
			}
		})
	}
}

// killed tells its process's number, and then sums without end.
const killed = `
import os
import mlx.core as mx
world = mx.distributed.init(strict=True)
x = mx.ones(200_000)
mx.eval(mx.distributed.all_sum(x))
print("process", os.getpid(), flush=True)
while True:
    mx.eval(mx.distributed.all_sum(x))
`

// TestKilledProcess: when a process is killed, whatever it is doing, all others end with an
// error that names it, and the command with the signal.
func TestKilledProcess(t *testing.T) {
	const size = 3
	moments := 1
	if *everyFault {
		moments = 20
	}
	for rank := range size {
		for moment := range moments {
			t.Run(fmt.Sprintf("%d/%d", rank, moment), func(t *testing.T) {
				after := time.Duration(moment) * 7 * time.Millisecond
				took, stderr, code := killOne(t, size, rank, after)
				t.Logf("after %v it took %v", after, took)
				named := strings.Count(stderr, fmt.Sprintf("process %d was lost", rank))
				if code != 128+9 || named != size-1 {
					t.Errorf("exit code %d, and %d processes name process %d:\n%s", code, named, rank, stderr)
				}
			})
		}
	}
}

var processNumber = regexp.MustCompile(`\[(\d)\] process (\d+)\n`)

// killOne starts a group and kills one of it, some time after all were there.
func killOne(t *testing.T, size, rank int, after time.Duration) (took time.Duration, stderr string, code int) {
	t.Helper()
	var out, errOut locked
	cmd := exec.Command(binary, "launch", "-n", strconv.Itoa(size), "-c", killed)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var pids [][]string
	for len(pids) < size {
		select {
		case err := <-ended:
			t.Fatalf("it ended: %v\n%s", err, errOut.text())
		case <-time.After(5 * time.Millisecond):
			pids = processNumber.FindAllStringSubmatch(out.text(), -1)
		}
	}
	time.Sleep(after)
	for _, m := range pids {
		if m[1] == strconv.Itoa(rank) {
			pid, _ := strconv.Atoi(m[2]) // the pattern's digits
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	began := time.Now()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatalf("the others go on\n%s", errOut.text())
	}
	return time.Since(began), errOut.text(), cmd.ProcessState.ExitCode()
}

// locked is text that one goroutine writes and others read.
type locked struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *locked) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
