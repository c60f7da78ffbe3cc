package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/workload"
)

func TestJobsExample(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "jobs.toml")
	for _, c := range []struct {
		args           []string
		stdout, stderr string
	}{
		{[]string{"init", file}, "wrote ", ""},
		{[]string{"lint", file}, "", ""},
		{[]string{"list", file}, "score: scores rows by the weights", ""},
		{[]string{"run", "--dry-run", file}, "score after weights, 64 MiB\n  writes ", ""},
		{[]string{"run", file}, "", "score: ok"},
		{[]string{"run", "--resume", file}, "", "score: done"},
		{[]string{"run", "--json", "--only", "weights", file}, `"job":"weights"`, ""},
		{[]string{"schema"}, `"jobs"`, ""},
	} {
		r := command(t, "", c.args...)
		if r.code != exitOK || !strings.Contains(r.stdout, c.stdout) || !strings.Contains(r.stderr, c.stderr) {
			t.Errorf("%v: got %+v", c.args, r)
		}
	}
	var scores []float64
	data, err := os.ReadFile(filepath.Join(dir, "out", "scores.json"))
	if err == nil {
		err = json.Unmarshal(data, &scores)
	}
	if err != nil || len(scores) != 2 {
		t.Errorf("the scores are %v, %v", scores, err)
	}
	if r := command(t, "", "init", file); r.code != exitUsage {
		t.Errorf("init wrote over what was there: %+v", r)
	}
}

func TestJobsExitCodes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	code := func(src, more string) string {
		return "[jobs.a]\nisolation = 'none'\ncode = '''" + src + "'''\n" + more
	}
	write("bad.py", "x = = 1\n")
	for _, c := range []struct {
		name, toml     string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"fine", code("print('hello')", ""), nil, 0, "hello\n", "a: ok"},
		{"fails", code("1 / 0", ""), nil, 1, "", "ZeroDivisionError"},
		{"memory", code("import mlx.core as mx\nmx.eval(mx.ones((1 << 22,)))", "limits.memory = '1MiB'\n"), nil, 3, "", "MemoryError"},
		{"time", code("while True: pass", "limits.time = '50ms'\n"), nil, 4, "", "a: failed"},
		{"threshold", code("import mlxstar\nmlxstar.metric('m', 3)", "thresholds = ['m < 3']\n"), nil, 5, "", "a: threshold not met: m < 3: got 3"},
		{"config", "[jobs.a]\ncod = 1\n", nil, 6, "", "jobs.a.cod: unknown key; did you mean \"code\"?"},
		{"config as JSON", "[jobs.a]\ncod = 1\n", []string{"--json"}, 6, `"line":2,"column":1,"key":"jobs.a.cod"`, ""},
		{"usage", code("", ""), []string{"--onse"}, 2, "", "unknown option --onse"},
		{"no such job", code("pass", ""), []string{"--only", "b"}, 2, "", `no job "b"`},
		{"set", code("print(2)", ""), []string{"--set", "a.code=print(3)"}, 0, "3\n", ""},
		{"set what is not", code("print(2)", ""), []string{"--set=a.cde=print(3)"}, 6, "", `did you mean "code"?`},
		{"record", code("print(2)", ""), []string{"--json"}, 0, `"status":"ok"`, "2\n"},
	} {
		r := command(t, "", append([]string{"run", write("jobs.toml", c.toml)}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.stdout, c.stdout) || !strings.Contains(r.stderr, c.stderr) {
			t.Errorf("%s: got %+v, want %d", c.name, r, c.code)
		}
	}
	r := command(t, "", "lint", write("lint.toml", "[jobs.a]\nscript = 'bad.py'\n"))
	if r.code != workload.ExitConfig || !strings.Contains(r.stderr, "bad.py:1:") {
		t.Errorf("lint of a script: %+v", r)
	}
	if r := command(t, "", "run", filepath.Join(dir, "none.toml")); r.code != workload.ExitConfig {
		t.Errorf("no file: %+v", r)
	}
	if r := command(t, "[1, 2]", "run", write("stdin.toml", "[jobs.a]\nentry = 'f'\ncode = 'def f(x): return sum(x)'\ninputs.x = { stdin = 'json' }\noutputs.o = { stdout = 'json' }\n")); r.code != 0 || r.stdout != "3\n" {
		t.Errorf("standard input: %+v", r)
	}
}

// A job that is due runs until the command is told to end, which ends well.
func TestJobsSchedule(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "jobs.toml")
	if err := os.WriteFile(file, []byte("[jobs.a]\ncode = 'open(\"/\" + str(len(__import__(\"os\").listdir(\"/\"))), \"w\").close()'\nschedule = '@every 1s'\ngrants.write = ['.']\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "run", file)
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ran := func() int {
		data, _ := os.ReadFile(filepath.Join(dir, ".mlxstar", "runs.jsonl"))
		return strings.Count(string(data), `"status":"ok"`)
	}
	for until := time.Now().Add(30 * time.Second); ran() < 2 && time.Now().Before(until); {
		time.Sleep(50 * time.Millisecond)
	}
	if n := ran(); n < 2 {
		t.Errorf("ran %d times in 30 s", n)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, &errs)
	}
}

// serving runs serve on a file, and gives what it goes on to say and where it listens.
func serving(t *testing.T, file string) (cmd *exec.Cmd, said *bufio.Scanner, base string) {
	t.Helper()
	cmd = exec.Command(binary, "serve", file)
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said = bufio.NewScanner(errs)
	if !said.Scan() || !strings.HasPrefix(said.Text(), "listening on ") {
		t.Fatalf("got %q", said.Text())
	}
	return cmd, said, "http://" + strings.TrimPrefix(said.Text(), "listening on ")
}

// TestServeTerminated tells a server to end while 64 clients ask it again and again: whoever was
// answered has the result, whoever was not has started nothing, and no run is lost.
func TestServeTerminated(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "jobs.toml")
	if err := os.WriteFile(file, []byte("memory = '200MiB'\nconcurrency = 4\n[serve]\nlisten = '127.0.0.1:0'\nqueue = 1000\n[jobs.a]\ncode = 'def f(x): return x * 2'\nentry = 'f'\n"+
		"inputs.x = { value = 1 }\nisolation = 'none'\nlimits.memory = '5MiB'\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd, lines, base := serving(t, file)
	address := base + "/jobs/a"
	var answered atomic.Int64
	var all sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 64 {
		all.Go(func() {
			for {
				res, err := client.Post(address, "application/json", strings.NewReader(`{"x": 21}`))
				if err != nil {
					return // it listens no more
				}
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				switch {
				case res.StatusCode == http.StatusServiceUnavailable:
					return
				case err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(body), `"result":42`):
					t.Errorf("got %d %s, %v", res.StatusCode, body, err)
					return
				}
				answered.Add(1)
			}
		})
	}
	for until := time.Now().Add(30 * time.Second); answered.Load() < 200 && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	for lines.Scan() { // until the command ends
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, ".mlxstar", "runs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if ran := strings.Count(string(data), `"status":"ok"`); int64(ran) != answered.Load() || ran < 200 {
		t.Errorf("%d runs, %d answers, want as many, and 200 or more", ran, answered.Load())
	}
}

// A server that is told to end answers what it has accepted.
func TestServe(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "jobs.toml")
	if err := os.WriteFile(file, []byte("[serve]\nlisten = '127.0.0.1:0'\n[jobs.a]\ncode = '''\nimport time\ndef f(x):\n    time.sleep(0.5)\n    return x * 2\n'''\nentry = 'f'\ninputs.x = { value = 1 }\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd, lines, base := serving(t, file)
	answers := make(chan string, 2)
	for range 2 {
		go func() {
			res, err := http.Post(base+"/jobs/a", "application/json", strings.NewReader(`{"x": 21}`))
			if err != nil {
				answers <- err.Error()
				return
			}
			defer res.Body.Close()
			body, _ := io.ReadAll(res.Body) // what is missing is seen below
			answers <- string(body)
		}()
	}
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		res, err := http.Get(base + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body) // as above
		res.Body.Close()
		// The first run of a job, of which nothing is known, has the whole budget.
		if strings.Contains(string(body), "mlxstar_waiting 1\n") || strings.Contains(string(body), "mlxstar_running 2\n") {
			break
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := <-answers; !strings.Contains(got, `"result":42`) {
			t.Errorf("got %s", got)
		}
	}
	for lines.Scan() { // until the command ends
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
