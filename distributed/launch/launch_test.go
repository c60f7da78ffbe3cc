//go:build unix

package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// run starts a job and gives its output in lines, sorted, and its exit code.
func run(t *testing.T, j *Job, stdin string) (out, errs []string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if j.Backend == "" {
		j.Backend = "ring"
	}
	code, err := j.Run(t.Context(), strings.NewReader(stdin), &stdout, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	lines := func(b *bytes.Buffer) []string {
		return slices.Sorted(slices.Values(strings.Split(strings.TrimRight(b.String(), "\n"), "\n")))
	}
	return lines(&stdout), lines(&stderr), code
}

// shell is a job of processes here that run a line of shell.
func shell(processes int, line string) *Job {
	hosts, _ := ParseHosts("127.0.0.1", processes)
	return &Job{Hosts: hosts, Command: []string{"sh", "-c", line}}
}

// TestRun: processes know who they are, and what they print has their ranks.
func TestRun(t *testing.T) {
	j := shell(3, `echo rank $MLX_RANK of $(grep -o 127 $MLX_HOSTFILE | wc -l) "$A"; echo wrong $MLX_RANK >&2; printf half`)
	j.Env = []string{"A=a b"}
	out, errs, code := run(t, j, "")
	if want := []string{"[0] half", "[0] rank 0 of 3 a b", "[1] half", "[1] rank 1 of 3 a b", "[2] half", "[2] rank 2 of 3 a b"}; !slices.Equal(out, want) {
		t.Errorf("printed %q, want %q", out, want)
	}
	if want := []string{"[0] wrong 0", "[1] wrong 1", "[2] wrong 2"}; !slices.Equal(errs, want) || code != 0 {
		t.Errorf("printed %q and ended with %d, want %q", errs, code, want)
	}
}

// TestRunRaw: output without ranks is what processes print.
func TestRunRaw(t *testing.T) {
	j := shell(1, "printf 'a\\nb'")
	j.Raw = true
	if out, _, _ := run(t, j, ""); !slices.Equal(out, []string{"a", "b"}) {
		t.Errorf("printed %q", out)
	}
}

// TestRunInput: every process gets the input.
func TestRunInput(t *testing.T) {
	out, _, _ := run(t, shell(2, "cat"), "text\n")
	if !slices.Equal(out, []string{"[0] text", "[1] text"}) {
		t.Errorf("printed %q", out)
	}
}

// TestRunFailure: one that fails ends all others, and what they started, and its exit code
// is the job's.
func TestRunFailure(t *testing.T) {
	folder := t.TempDir()
	j := shell(3, fmt.Sprintf(`if [ $MLX_RANK = 1 ]; then exit 7; fi; sleep 1000 & echo $! > %s/$MLX_RANK; wait`, folder))
	_, errs, code := run(t, j, "")
	if code != 7 || !slices.Contains(errs, "mlxstar launch: process 1 ended with exit code 7") {
		t.Errorf("ended with %d and %q, want 7", code, errs)
	}
	for _, rank := range []string{"0", "2"} {
		text, err := os.ReadFile(filepath.Join(folder, rank))
		var pid int
		if _, scanErr := fmt.Sscan(string(text), &pid); err != nil || scanErr != nil {
			continue // it was ended before it started anything
		}
		for n := 0; !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH); n++ {
			if state, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); bytes.Contains(state, []byte(") Z ")) {
				break // ended, and nobody asked how
			}
			if n == 1000 {
				t.Fatalf("process %s left %d behind", rank, pid)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// TestRunSignal: the exit code of a process that a signal ended tells which.
func TestRunSignal(t *testing.T) {
	if _, errs, code := run(t, shell(2, "kill -KILL $$"), ""); code != 128+9 || !strings.Contains(strings.Join(errs, "\n"), "was ended by signal 9") {
		t.Errorf("ended with %d and %q", code, errs)
	}
}

// TestRunCancelled: the end of the context ends processes, which may clean up.
func TestRunCancelled(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, stop)
	j := shell(2, "trap 'exit 3' INT; while true; do sleep 0.01; done")
	j.Backend = "ring"
	var out bytes.Buffer
	if code, err := j.Run(ctx, nil, &out, &out); code != 130 || err != nil {
		t.Errorf("ended with %d, %v, want 130", code, err)
	}
}

// TestRunRefuses: what cannot be started is an error, and nothing runs.
func TestRunRefuses(t *testing.T) {
	for _, c := range []struct {
		change func(j *Job)
		want   string
	}{
		{func(j *Job) { j.Backend = "pigeon" }, `the backend is "pigeon"`},
		{func(j *Job) { j.Command = []string{"/no/such/program"} }, "no such file"},
		{func(j *Job) { j.Env = []string{"A B=1"} }, "no environment variable"},
		{func(j *Job) { j.Port = 65535 }, "between 1 and 65535"},
		{func(j *Job) { j.Backend = "jaccl" }, "RDMA"},
	} {
		j := shell(2, "true")
		j.Backend = "ring"
		c.change(j)
		var out bytes.Buffer
		if _, err := j.Run(t.Context(), nil, &out, &out); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestRunElsewhere runs processes by a program in ssh's place, which runs them here: words
// stay words, the secret is in no argument, and a failure ends those on other machines.
func TestRunElsewhere(t *testing.T) {
	bin := t.TempDir()
	ssh := "#!/bin/sh\nwhile :; do case $1 in -o) shift 2;; -*) shift;; *) break;; esac; done\nshift\necho \"$*\" >> " + bin + "/log\nexec sh -c \"$*\"\n"
	if err := os.WriteFile(filepath.Join(bin, "ssh"), []byte(ssh), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	j := &Job{
		Hosts:   []Host{{SSH: "one", IPs: []string{"127.0.0.1"}}, {SSH: "two"}},
		Command: []string{"sh", "-c", `read line; echo "$MLX_RANK $1 $MLXSTAR_RING_SECRET $line"; cat $MLX_HOSTFILE; test $MLX_RANK = 1 && exit 4; exec sleep 1000`, "x", "it's $HOME"},
		Secret:  "sesame", Port: 5000,
	}
	out, _, code := run(t, j, "typed\n")
	want := []string{
		`[0] 0 it's $HOME sesame typed`, `[0] [["127.0.0.1:5000"],["two:5001"]]`,
		`[1] 1 it's $HOME sesame typed`, `[1] [["127.0.0.1:5000"],["two:5001"]]`,
	}
	if !slices.Equal(out, want) || code != 4 {
		t.Errorf("printed %q and ended with %d, want %q", out, code, want)
	}
	log, err := os.ReadFile(filepath.Join(bin, "log"))
	if err != nil || bytes.Contains(log, []byte("sesame")) || !bytes.Contains(log, []byte("kill -TERM ")) {
		t.Errorf("ssh was given %q, %v", log, err)
	}
}

// TestHostfile is what hostfiles of mlx.launch hold.
func TestHostfile(t *testing.T) {
	f, err := ParseHostfile([]byte(`{"backend": "jaccl", "envs": ["A=1"], "hosts": [{"ssh": "a", "ips": ["10.0.0.1"], "rdma": [null, "d"]}, {"ssh": "b"}]}`))
	if err != nil || f.Backend != "jaccl" || !slices.Equal(f.Env, []string{"A=1"}) || len(f.Hosts) != 2 || f.Hosts[0].IPs[0] != "10.0.0.1" || f.Hosts[0].RDMA[1] != "d" {
		t.Errorf("got %+v, %v", f, err)
	}
	if f, err := ParseHostfile([]byte(` [{"ssh": "a"}, {"ssh": "a"}]`)); err != nil || len(f.Hosts) != 2 {
		t.Errorf("got %+v, %v", f, err)
	}
	for text, want := range map[string]string{
		"": "want a JSON", "[]": "0 hosts", "{}": "0 hosts", `[{"ips": []}]`: "no name for ssh", `[{"ssh": "-oProxyCommand=x"}]`: "no name for ssh", `[3]`: "want a JSON",
	} {
		if _, err := ParseHostfile([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	for _, list := range []string{"", "a,,b", "a,-b"} {
		if _, err := ParseHosts(list, 1); err == nil {
			t.Errorf("the hosts %q are taken", list)
		}
	}
}

func FuzzLaunchHostfile(f *testing.F) {
	f.Add([]byte(`{"backend": "ring", "envs": ["A=1"], "hosts": [{"ssh": "a", "ips": ["10.0.0.1"], "rdma": [null]}]}`))
	f.Add([]byte(`[{"ssh": "a"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if h, err := ParseHostfile(text); err == nil && (len(h.Hosts) == 0 || slices.ContainsFunc(h.Hosts, func(h Host) bool { return h.SSH == "" })) {
			t.Errorf("%q gives %+v", text, h)
		}
	})
}

// TestRingFile: each process listens at ports of its own.
func TestRingFile(t *testing.T) {
	j := &Job{Hosts: []Host{{SSH: "a", IPs: []string{"10.0.0.1", "10.1.0.1"}}, {SSH: "b", IPs: []string{"::1"}}}, PerIP: 2, Port: 7000}
	got, err := j.RingFile()
	if want := `[["10.0.0.1:7000","10.0.0.1:7001","10.1.0.1:7002","10.1.0.1:7003"],["[::1]:7004","[::1]:7005"]]`; got != want || err != nil {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
