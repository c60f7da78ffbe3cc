package workload

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/formats/npy"
	"github.com/mlxstar/mlxstar/isolate"
)

func TestMain(m *testing.M) {
	mlxstar.Child(isolate.Fence)
	if path := os.Getenv("MLXSTAR_TEST_RUN"); path != "" {
		runToEnd(path)
	}
	os.Exit(m.Run())
}

// runToEnd is the process that TestResume kills.
func runToEnd(path string) {
	c, err := Load(path, Overrides{})
	if err == nil {
		var r *Runner
		if r, err = NewRunner(c, Options{}); err == nil {
			_, err = r.RunAll(context.Background(), nil)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// fakeClock is a time that passes when somebody sleeps.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
	until time.Time // after which sleeping ends with the context
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	late := !c.until.IsZero() && c.now.Add(d).After(c.until)
	if !late {
		c.now = c.now.Add(d)
		c.slept = append(c.slept, d)
	}
	c.mu.Unlock()
	if late {
		<-ctx.Done()
	}
	return ctx.Err()
}

// workplace is a folder with files, and the Runner of a configuration in it.
type workplace struct {
	t   *testing.T
	dir string
	out bytes.Buffer
}

func newWorkplace(t *testing.T, files map[string]string) *workplace {
	w := &workplace{t: t, dir: t.TempDir()}
	for name, text := range files {
		w.write(name, []byte(text))
	}
	return w
}

func (w *workplace) write(name string, data []byte) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		w.t.Fatal(err)
	}
}

func (w *workplace) read(name string) string {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(data)
}

func (w *workplace) runner(o Options) *Runner {
	w.t.Helper()
	c, err := Load(filepath.Join(w.dir, "jobs.toml"), Overrides{})
	if err != nil {
		w.t.Fatal(err)
	}
	if o.Results == nil {
		o.Results = &w.out
	}
	r, err := NewRunner(c, o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = r.Close() }) // a test may have closed it
	return r
}

func (w *workplace) run(o Options, only ...string) *Summary {
	w.t.Helper()
	r := w.runner(o)
	s, err := r.RunAll(context.Background(), only)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// ok fails the test unless all runs succeeded.
func ok(t *testing.T, s *Summary) {
	t.Helper()
	for _, r := range s.Records {
		if r.Status != "ok" && r.Status != "done" {
			t.Errorf("%s %s: %s: %+v", r.Job, r.File, r.Status, r.Error)
		}
	}
	if len(s.Thresholds) > 0 {
		t.Errorf("thresholds: %v", s.Thresholds)
	}
}

func npyFile(t *testing.T, t1 mlxstar.Tensor) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, array("", t1)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Each kind of input goes to each kind of output, in a process and without.
func TestInputsAndOutputs(t *testing.T) {
	cube := mlxstar.Tensor{Dtype: mlxstar.Int16, Shape: []int{2, 3}, Data: []byte{1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 255, 255}}
	var packed, safe bytes.Buffer
	if err := writeNPZ(&packed, map[string]any{"a": cube}); err != nil {
		t.Fatal(err)
	}
	if err := writeSafetensors(&safe, map[string]any{"a": cube}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("WORKLOAD_TEST", "7")
	// What each input is, as Python sees it, as an array a of two axes.
	inputs := []struct{ name, toml, array string }{
		{"value", `value = [[1, 2, 3], [4, 5, -1]]`, "mx.array(x)"},
		{"env", `env = "WORKLOAD_TEST"`, "mx.array([[int(x)]])"},
		{"env's default", `env = "WORKLOAD_NONE", default = 3`, "mx.array([[x]])"},
		{"text", `text = "in.txt"`, "mx.array([[int(c) for c in x.strip()]])"},
		{"json", `json = "in.json"`, "mx.array(x['rows'])"},
		{"jsonl", `jsonl = "in.jsonl"`, "mx.array(x)"},
		{"csv", `csv = "in.csv"`, "mx.stack([x['a'], x['b']])"},
		{"npy", `npy = "in.npy"`, "x"},
		{"npz", `npz = "in.npz"`, "x['a']"},
		{"safetensors", `safetensors = "in.safetensors"`, "x['a']"},
		{"stdin", `stdin = "json"`, "mx.array(x)"},
		{"files", `npy = "in*.npy"`, "x[0]"},
		{"from", `from = "first"`, "x"},
	}
	outputs := []struct{ toml, value string }{
		{`json = "o.json"`, "{'rows': a, 'text': 'x'}"}, {`npy = "o.npy"`, "a"}, {`npz = "o.npz"`, "{'a': a}"}, {`safetensors = "o.safetensors"`, "{'a': a}"},
		{`csv = "o.csv"`, "a"}, {`of = "stdout", text = "o.txt"`, "print(a.tolist())"}, {`of = "metrics", json = "m.json"`, "mlxstar.metric('n', a.size)"},
		{`stdout = "json"`, "a"},
	}
	for _, isolation := range []string{"none", "process"} {
		t.Run(isolation, func(t *testing.T) {
			w := newWorkplace(t, map[string]string{
				"in.txt": "123\n", "in.json": `{"rows": [[1, 2], [3, 4]]}`, "in.jsonl": "[1, 2]\n\n[3, 4]\n", "in.csv": "a,b,name\n1,2.5,x\n3,4,y\n",
			})
			w.write("in.npy", npyFile(t, cube))
			w.write("in.npz", packed.Bytes())
			w.write("in.safetensors", safe.Bytes())
			var toml strings.Builder
			fmt.Fprintf(&toml, "[defaults]\nisolation = %q\nprofile = false\n[jobs.first]\ncode = '''\nimport mlx.core as mx\ndef f(): return mx.ones((2, 2), dtype=mx.int8)\n'''\nentry = 'f'\n", isolation)
			for i, in := range inputs {
				// All outputs of one kind are of one job, as a process takes its time.
				fmt.Fprintf(&toml, "[jobs.j%d]\nentry = 'f'\ninputs.x = { %s }\ncode = '''\nimport mlx.core as mx\nimport mlxstar\ndef f(x):\n    global v0", i, in.toml)
				for k := 1; k < len(outputs); k++ {
					fmt.Fprintf(&toml, ", v%d", k)
				}
				fmt.Fprintf(&toml, "\n    a = %s\n    assert a.ndim == 2, a.shape\n", in.array)
				for k, out := range outputs {
					fmt.Fprintf(&toml, "    v%d = %s\n", k, out.value)
				}
				toml.WriteString("    return a\n'''\n")
				for k, out := range outputs {
					of := fmt.Sprintf("of = 'v%d', ", k)
					if strings.Contains(out.toml, "of =") {
						of = ""
					}
					fmt.Fprintf(&toml, "outputs.o%d = { %s%s }\n", k, of, strings.NewReplacer(`"o.`, fmt.Sprintf(`"out/%d.`, i), `"m.`, fmt.Sprintf(`"out/m%d.`, i)).Replace(out.toml))
				}
			}
			w.write("jobs.toml", []byte(toml.String()))
			s := w.run(Options{Stdin: strings.NewReader("[[8, 9]]")})
			ok(t, s)
			for i, in := range inputs {
				file := func(ending string) string { return w.read(fmt.Sprintf("out/%d.%s", i, ending)) }
				want, err := readNPY([]byte(file("npy")))
				if err != nil {
					t.Fatalf("%s: %v", in.name, err)
				}
				var list bytes.Buffer
				if err := appendJSON(&list, want); err != nil {
					t.Fatal(err)
				}
				if got, want := file("json"), fmt.Sprintf("{\"rows\":%s,\"text\":\"x\"}\n", &list); got != want {
					t.Errorf("%s as JSON: got %s, want %s", in.name, got, want)
				}
				z, err1 := readNPZ([]byte(file("npz")))
				f, err2 := readSafetensors([]byte(file("safetensors")))
				for _, m := range []any{z, f} {
					if got := fmt.Sprint(m.(map[string]any)["a"]); got != fmt.Sprint(want) {
						t.Errorf("%s: got %s, want %v, %v, %v", in.name, got, want, err1, err2)
					}
				}
				n := want.(mlxstar.Tensor).Shape
				if rows := strings.Count(file("csv"), "\n"); rows != n[0]+1 {
					t.Errorf("%s as CSV has %d lines: %s", in.name, rows, file("csv"))
				}
				if got := strings.NewReplacer(" ", "", ".0", "").Replace(file("txt")); got != strings.ReplaceAll(list.String(), ".0", "")+"\n" && in.name != "csv" {
					t.Errorf("%s: the script printed %s, want %s", in.name, got, &list)
				}
				var m map[string]float64
				if err := json.Unmarshal([]byte(w.read(fmt.Sprintf("out/m%d.json", i))), &m); err != nil || m["n"] != float64(n[0]*n[1]) {
					t.Errorf("%s: metrics are %v, %v", in.name, m, err)
				}
				if !strings.Contains(w.out.String(), list.String()+"\n") {
					t.Errorf("%s is not on standard output", in.name)
				}
			}
			if got := w.read("out/7.npy"); got != string(npyFile(t, cube)) {
				t.Error("an array that goes in and out has changed")
			}
		})
	}
}

func TestGraph(t *testing.T) {
	w := newWorkplace(t, map[string]string{"jobs.toml": `
[defaults]
isolation = "none"
[jobs.total]
code = "def total(parts, scale): return sum(p['n'] for p in parts) * scale['k']"
entry = "total"
inputs.parts = { from = "part" }
inputs.scale = { value = { k = 10 } }
outputs.sum = { json = "sum.json" }
[jobs.part]
code = "def part(text, index=None): return {'n': len(text)}"
entry = "part"
inputs.text = { text = "in/*.txt", each = true }
outputs.n = { json = "out/{stem}.json" }
[jobs.fails]
code = "def f():\n    raise ValueError('no luck')"
entry = "f"
needs = ["part"]
[jobs.skipped]
code = "print('never')"
needs = ["fails"]
`, "in/a1.txt": "x", "in/a2.txt": "xx", "in/a10.txt": "xxx"})
	s := w.run(Options{})
	if got := w.read("sum.json"); got != "60\n" {
		t.Errorf("the sum is %s", got)
	}
	for _, stem := range []string{"a1", "a2", "a10"} {
		if w.read("out/"+stem+".json") == "" {
			t.Errorf("%s has no output", stem)
		}
	}
	status := map[string]int{}
	for _, r := range s.Records {
		status[r.Job+" "+r.Status]++
		if r.Job == "fails" && (r.Error.Type != "ValueError" || r.Error.Line != 2 || r.Error.Message != "no luck" || r.Error.Column == 0 || !strings.Contains(r.Error.File, "jobs.fails.code")) {
			t.Errorf("got %+v", r.Error)
		}
		if r.Job == "part" && r.Index == 2 && !strings.HasSuffix(r.File, "a10.txt") {
			t.Errorf("the third file is %s", r.File)
		}
	}
	if status["part ok"] != 3 || status["total ok"] != 1 || status["fails failed"] != 1 || status["skipped skipped"] != 1 || len(s.Records) != 6 {
		t.Errorf("got %v", status)
	}
	if s.Code() != ExitFailed {
		t.Errorf("the code is %d", s.Code())
	}
	if s = w.run(Options{}, "total"); len(s.Records) != 4 {
		t.Errorf("one job and its needs are %d runs", len(s.Records))
	}
}

func TestRetries(t *testing.T) {
	w := newWorkplace(t, map[string]string{"state/.keep": "", "jobs.toml": `
[jobs.flaky]
code = """
import os
n = len(os.listdir("state"))
open("/state/try" + str(n), "w").close()
if n < 4: raise ConnectionError("try " + str(n))
"""
grants.write = ["state"]
retries = { attempts = 5, backoff = "2s", max_backoff = "5s" }
[jobs.never]
code = "raise ValueError('x')"
isolation = "none"
retries = { attempts = 5, on = ["memory", "crash"] }
[jobs.ends]
code = "x = 1"
isolation = "none"
[jobs.exits]
code = "import sys\nsys.exit(0)"
[jobs.code]
code = "import sys\nsys.exit(3)"
`})
	clock := &fakeClock{now: time.Unix(1e9, 0)}
	s := w.run(Options{Clock: clock})
	byJob := map[string]Record{}
	for _, r := range s.Records {
		byJob[r.Job] = r
	}
	if r := byJob["flaky"]; r.Status != "ok" || r.Attempt != 4 {
		t.Errorf("got %+v, %+v", r, r.Error)
	}
	if want := []time.Duration{2 * time.Second, 4 * time.Second, 5 * time.Second}; !slices.Equal(clock.slept, want) {
		t.Errorf("waited %v, want %v", clock.slept, want)
	}
	if r := byJob["never"]; r.Status != "failed" || r.Attempt != 1 {
		t.Errorf("got %+v", r)
	}
	if byJob["ends"].Status != "ok" || byJob["exits"].Status != "ok" || byJob["code"].Status != "failed" {
		t.Errorf("got %v, %v, %v", byJob["ends"].Status, byJob["exits"].Status, byJob["code"].Status)
	}
}

func TestThresholds(t *testing.T) {
	w := newWorkplace(t, map[string]string{"jobs.toml": `
[defaults]
isolation = "none"
[jobs.good]
code = """
import mlxstar
import mlx.core as mx
mx.eval(mx.ones((1 << 18,)))
for i in range(100): mlxstar.metric("loss", i + 1)
"""
thresholds = ["loss == 100", "loss_p95 == 95", "loss_avg == 50.5", "loss_min == 1", "loss_count == 100", "failed == 0", "peak >= 1MiB", "peak < 2MiB", "seconds < 30s"]
[jobs.bad]
code = "import mlxstar\nmlxstar.metric('loss', float('nan'))"
thresholds = ["loss < 5", "loss > 5", "acc > 1"]
`})
	s := w.run(Options{})
	if got := s.Thresholds["bad"]; len(got) != 3 || len(s.Thresholds) != 1 {
		t.Errorf("got %v", s.Thresholds)
	}
	if s.Code() != ExitThresholds {
		t.Errorf("the code is %d", s.Code())
	}
}

func TestLimits(t *testing.T) {
	w := newWorkplace(t, map[string]string{"jobs.toml": `
[jobs.memory]
code = "import mlx.core as mx\ndef f(): return mx.ones((1 << 22,))"
entry = "f"
limits.memory = "1MiB"
[jobs.time]
code = "while True: pass"
limits.time = "100ms"
[jobs.steps]
code = "while True: pass"
limits.steps = 10000
[jobs.output]
code = "while True: print('x' * 1000)"
limits.output = "10KiB"
outputs.log = { of = "stdout", text = "log.txt" }
[jobs.crash]
code = "import mlx.core as mx\nx = [0] * (1 << 28)\n"
limits.hard = "64MiB"
[jobs.none]
code = "while True: pass"
limits.time = "50ms"
isolation = "none"
[jobs.files]
code = "open('/etc/passwd')"
isolation = "none"
[jobs.outside]
code = "open('/data/../../jobs.toml')"
grants.read = ["data"]
[jobs.writes]
code = "open('/data/b.txt', 'w')"
grants.read = ["data"]
isolation = "none"
[jobs.granted]
code = """
assert open('data/a.txt').read() == 'a'
open('/out/b.txt', 'w').write('b')
try:
    open('/c.txt', 'w')
except PermissionError:
    pass
else:
    raise ValueError('not granted')
"""
grants = { read = ["data"], write = ["out"] }
[jobs.granted_here]
code = "assert open('data/a.txt').read() == 'a'\nopen('/out/b.txt', 'w').write('b')"
grants = { read = ["data"], write = ["out"] }
isolation = "none"
[jobs.env]
code = "import os\nassert sorted(os.environ) == ['WORKLOAD_TEST'], os.environ"
grants.env = ["WORKLOAD_TEST", "WORKLOAD_NONE"]
[jobs.clock]
code = "import time\na = time.time()\ntime.sleep(1000)\nassert time.time() == a"
grants.clock = false
isolation = "none"
`})
	w.write("data/a.txt", []byte("a"))
	w.write("out/.keep", nil)
	t.Setenv("WORKLOAD_TEST", "7")
	s := w.run(Options{})
	want := map[string]string{"memory": "memory", "time": "time", "steps": "steps", "output": "output", "crash": "memory", "none": "time", "files": "error", "outside": "error", "writes": "error", "granted": "", "granted_here": "", "env": "", "clock": ""}
	for _, r := range s.Records {
		kind := ""
		if r.Error != nil {
			kind = r.Error.Kind
		}
		if kind != want[r.Job] {
			t.Errorf("%s: got %q, want %q: %+v", r.Job, kind, want[r.Job], r.Error)
		}
	}
	if s.Code() == ExitOK {
		t.Error("the code is 0")
	}
}

// A script connects to hosts that it was granted, and to no other.
func TestNetwork(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }))
	defer server.Close()
	host, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorkplace(t, map[string]string{"jobs.toml": fmt.Sprintf(`
[defaults]
isolation = "none"
inputs.url = { value = %[1]q }
entry = "get"
code = """
import urllib.request
def get(url): return urllib.request.urlopen(url).read().decode()
"""
[jobs.host]
grants.network = [%[2]q]
outputs.o = { text = "host.txt" }
[jobs.port]
grants.network = ["%[2]s:%[3]s"]
outputs.o = { text = "port.txt" }
[jobs.other_port]
grants.network = ["%[2]s:1"]
[jobs.other_host]
grants.network = ["example.org"]
[jobs.none]
description = "nothing granted"
[jobs.listens]
code = """
import socket
def get(url): socket.create_server(("127.0.0.1", 0))
"""
grants.network = [%[2]q]
`, server.URL, host, port)})
	status := map[string]string{}
	for _, r := range w.run(Options{}).Records {
		status[r.Job] = r.Status
		if r.Error != nil && !strings.Contains(r.Error.Message, "denied") && !strings.Contains(r.Error.Message, "permi") && !strings.Contains(r.Error.Message, "no network") {
			t.Errorf("%s: %+v", r.Job, r.Error)
		}
	}
	want := map[string]string{"host": "ok", "port": "ok", "other_port": "failed", "other_host": "failed", "none": "failed", "listens": "failed"}
	for job, s := range want {
		if status[job] != s {
			t.Errorf("%s is %s, want %s", job, status[job], s)
		}
	}
	if status["host"] == "ok" && (w.read("host.txt") != "hello" || w.read("port.txt") != "hello") {
		t.Error("what came is something else")
	}
}

// A process that crashes disturbs no other run.
func TestCrash(t *testing.T) {
	w := newWorkplace(t, map[string]string{"jobs.toml": `
concurrency = 4
memory = "64MiB"
[defaults]
limits.memory = "8MiB"
[jobs.crash]
code = "while True: pass"
limits.cpu = "1s"
retries = { attempts = 2, backoff = "1ms" }
[jobs.fine]
entry = "f"
code = "def f(text):\n    return len(text)"
inputs.text = { text = "in/*.txt", each = true }
outputs.n = { json = "out/{stem}.json" }
`, "in/1.txt": "a", "in/2.txt": "b", "in/3.txt": "c", "in/4.txt": "d"})
	s := w.run(Options{})
	for _, r := range s.Records {
		if r.Job == "crash" && (r.Status != "failed" || r.Error.Kind != "crash" || r.Attempt != 2) {
			t.Errorf("got %+v, %+v", r, r.Error)
		}
		if r.Job == "fine" && r.Status != "ok" {
			t.Errorf("got %+v, %+v", r, r.Error)
		}
	}
	if len(s.Records) != 5 {
		t.Errorf("got %d records", len(s.Records))
	}
}

func TestSchedule(t *testing.T) {
	w := newWorkplace(t, map[string]string{"jobs.toml": `
[defaults]
isolation = "none"
[jobs.quarter]
code = "pass"
schedule = "*/15 3 * * *"
timezone = "Europe/Berlin"
`})
	start := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	clock := &fakeClock{now: start, until: start.Add(26 * time.Hour)}
	ctx, cancel := context.WithCancel(context.Background())
	var mu sync.Mutex
	var at []string
	r := w.runner(Options{Clock: clock, Notify: func(run Record) {
		if run.Status == "" {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		at = append(at, run.Start.UTC().Format("02 15:04"))
		if len(at) == 4 {
			cancel()
		}
	}})
	if err := r.Serve(ctx); err != nil {
		t.Fatal(err)
	}
	if want := []string{"10 02:00", "10 02:15", "10 02:30", "10 02:45"}; !slices.Equal(at, want) { // Berlin is an hour ahead
		t.Errorf("ran at %v, want %v", at, want)
	}
}

func TestWatch(t *testing.T) {
	w := newWorkplace(t, map[string]string{"in/a.txt": "1", "in/b.dat": "", "jobs.toml": `
[jobs.copy]
code = "def f(text): return text"
entry = "f"
isolation = "none"
inputs.text = { text = "in/a.txt" }
outputs.copy = { text = "out.txt" }
watch = ["in/*.txt"]
`})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ran := make(chan Record, 10)
	r := w.runner(Options{Notify: func(run Record) {
		if run.Status != "" {
			ran <- run
		}
	}})
	ready := make(chan struct{})
	r.watching = func(string) { close(ready) }
	done := make(chan error)
	go func() { done <- r.Serve(ctx) }()
	<-ready
	w.write("in/b.dat", []byte("x")) // fits no pattern
	w.write("in/a.txt", []byte("2"))
	if run := <-ran; run.Status != "ok" || w.read("out.txt") != "2" {
		t.Errorf("got %+v", run)
	}
	// A file that is replaced by another.
	w.write("in/new", []byte("3"))
	if err := os.Rename(filepath.Join(w.dir, "in/new"), filepath.Join(w.dir, "in/a.txt")); err != nil {
		t.Fatal(err)
	}
	if run := <-ran; run.Status != "ok" || w.read("out.txt") != "3" {
		t.Errorf("got %+v", run)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(ran) > 0 {
		t.Errorf("ran once more: %+v", <-ran)
	}
}

func TestStreamsAndRequests(t *testing.T) {
	for _, isolation := range []string{"none", "process"} {
		w := newWorkplace(t, map[string]string{"jobs.toml": fmt.Sprintf(`
[jobs.count]
code = """
import mlx.core as mx
def count(n, shape=(2,)):
    for i in range(n):
        print("at", i)
        yield mx.full(shape, i)
"""
entry = "count"
isolation = %q
inputs.n = { value = 2 }
`, isolation)})
		r := w.runner(Options{})
		var items []any
		var out strings.Builder
		var mu sync.Mutex
		_, run := r.Run(context.Background(), Request{Job: "count", Inputs: map[string]any{"n": 3}, Tenant: "t",
			Item: func(v any) error { items = append(items, v); return nil },
			Output: func(_ string, p []byte) {
				mu.Lock()
				defer mu.Unlock()
				out.Write(p)
			}})
		if run.Status != "ok" || len(items) != 3 || out.String() != "at 0\nat 1\nat 2\n" || run.Tenant != "t" {
			t.Errorf("got %+v, %+v, %v, %q", run, run.Error, items, out.String())
		}
		result, run := r.Run(context.Background(), Request{Job: "count"})
		list, _ := result.([]any)
		if run.Status != "ok" || len(list) != 2 || fmt.Sprint(list[1].(mlxstar.Tensor).Shape) != "[2]" {
			t.Errorf("got %+v, %v", run.Error, result)
		}
		_, run = r.Run(context.Background(), Request{Job: "count", Inputs: map[string]any{"m": 3}})
		if run.Status != "failed" || run.Error.Type != "TypeError" {
			t.Errorf("got %+v", run.Error)
		}
		if used, _, running, waiting := r.State(); used != 0 || running != 0 || waiting != 0 {
			t.Errorf("afterwards %d bytes, %d and %d runs", used, running, waiting)
		}
	}
}

// A run that is killed in the middle of its jobs is taken up where it was: each job that
// was not done is run once, and no output is half written.
func TestResume(t *testing.T) {
	w := newWorkplace(t, map[string]string{"log/.keep": "", "in/a.txt": "a", "in/b.txt": "b", "in/c.txt": "c", "in/d.txt": "d", "jobs.toml": `
concurrency = 1
memory = "100MiB"
[jobs.part]
code = """
import os, time
def part(text):
    with open("/log/" + text + str(len(os.listdir("/log"))), "w") as f: f.write("x")
    time.sleep(0.3)
    return {"text": text * 100000, "f": 1.5}
"""
entry = "part"
grants.write = ["log"]
limits.memory = "10MiB"
inputs.text = { text = "in/*.txt", each = true }
outputs.o = { json = "out/{stem}.json" }
[jobs.sum]
code = "def f(parts): return [p['text'][0] for p in parts] + [sum(p['f'] for p in parts)]"
entry = "f"
limits.memory = "10MiB"
inputs.parts = { from = "part" }
outputs.o = { json = "sum.json" }
`})
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "MLXSTAR_TEST_RUN="+filepath.Join(w.dir, "jobs.toml"))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(w.dir, ".mlxstar", recordsFile)
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if len(readEntries(journal)) >= 2 {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	before := readEntries(journal)
	if len(before) < 2 || len(before) > 4 {
		t.Fatalf("%d jobs were done before the end", len(before))
	}
	// The process may have been killed in the middle of a line.
	f, err := os.OpenFile(journal, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, `{"job":"part","status":"ok","fi`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	s := w.run(Options{Resume: true})
	ok(t, s)
	done := 0
	for _, r := range s.Records {
		if r.Status == "done" {
			done++
		}
	}
	if done != len(before) || len(s.Records) != 5 {
		t.Errorf("%d of %d runs were taken as done, want %d of 5", done, len(s.Records), len(before))
	}
	if got := w.read("sum.json"); got != "[\"a\",\"b\",\"c\",\"d\",6]\n" {
		t.Errorf("the sum is %s", got)
	}
	for _, stem := range []string{"a", "b", "c", "d"} {
		if got := w.read("out/" + stem + ".json"); len(got) != 100020 {
			t.Errorf("the output of %s has %d bytes", stem, len(got))
		}
	}
	// A job ran twice only if it was killed.
	logged, err := os.ReadDir(filepath.Join(w.dir, "log"))
	if err != nil || len(logged)-1 > 5 {
		t.Errorf("%d tries for 4 runs, of which one was killed", len(logged)-1)
	}
	// A second time there is nothing to do; a changed input is one more run, and what needs it.
	s = w.run(Options{Resume: true})
	for _, r := range s.Records {
		if r.Status != "done" {
			t.Errorf("%s %s is %s", r.Job, r.File, r.Status)
		}
	}
	w.write("in/b.txt", []byte("z"))
	again := 0
	s = w.run(Options{Resume: true})
	for _, r := range s.Records {
		if r.Status == "ok" {
			again++
		}
	}
	if again != 2 || w.read("sum.json") != "[\"a\",\"z\",\"c\",\"d\",6]\n" {
		t.Errorf("after a change %d runs, %s", again, w.read("sum.json"))
	}
}

func TestPlan(t *testing.T) {
	w := newWorkplace(t, map[string]string{"a.py": "def f(x): return x + 1\n", "jobs.toml": `
[jobs.a]
script = "a.py"
entry = "f"
isolation = "none"
inputs.x = { npy = "x.npy" }
outputs.y = { npy = "y-{job}.npy" }
[jobs.b]
code = "pass"
inputs.x = { json = "none.json" }
`})
	w.write("x.npy", npyFile(t, mlxstar.Tensor{Dtype: mlxstar.Float32, Shape: []int{1 << 18}, Data: make([]byte, 1<<20)}))
	r := w.runner(Options{})
	plan, err := r.Plan(nil)
	if err != nil || len(plan) != 2 || plan[0].Memory != 0 || !strings.HasSuffix(plan[0].Outputs[0], "y-a.npy") || !strings.Contains(plan[1].Problem, "none.json") {
		t.Fatalf("got %+v, %v", plan, err)
	}
	if _, err := os.Stat(filepath.Join(w.dir, "y-a.npy")); err == nil {
		t.Error("planning has written")
	}
	ok(t, w.run(Options{}, "a"))
	if plan, err = w.runner(Options{}).Plan([]string{"a"}); err != nil || plan[0].Memory < 1<<20 || plan[0].Memory > 3<<20 {
		t.Errorf("what a run takes is known as %+v, %v", plan, err)
	}
}
