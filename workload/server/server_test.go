package server

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/isolate"
	"github.com/mlxstar/mlxstar/workload"
)

var load = flag.Duration("load", 2*time.Second, "how long TestLoad asks")

func TestMain(m *testing.M) {
	mlxstar.Child(isolate.Fence)
	flag.Parse()
	os.Exit(m.Run())
}

// service is a server that listens, and who asks it.
type service struct {
	t    *testing.T
	dir  string
	s    *Server
	base string
	stop context.CancelFunc
	done chan error
}

func start(t *testing.T, toml string, files map[string]string) *service {
	t.Helper()
	v := &service{t: t, dir: t.TempDir(), done: make(chan error, 1)}
	v.write("jobs.toml", toml)
	for name, text := range files {
		v.write(name, text)
	}
	c, err := workload.Load(filepath.Join(v.dir, "jobs.toml"), workload.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if v.s, err = New(c, workload.Options{}); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v.base = "http://" + l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	v.stop = stop
	go func() { v.done <- v.s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-v.done:
			if err != nil {
				t.Error(err)
			}
		default:
		}
		if err := v.s.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func (v *service) write(name, text string) {
	v.t.Helper()
	if err := os.WriteFile(filepath.Join(v.dir, name), []byte(text), 0o666); err != nil {
		v.t.Fatal(err)
	}
}

type reply struct {
	status int
	header http.Header
	body   []byte
}

// result gives the result, and the kind of the error.
func (r *reply) result() (result any, kind string) {
	var v struct {
		Result any
		Error  struct{ Kind string }
	}
	_ = json.Unmarshal(r.body, &v) // a body that is no JSON has neither
	return v.Result, v.Error.Kind
}

func (v *service) ask(method, path, kind string, body []byte, headers ...string) *reply {
	v.t.Helper()
	req, err := http.NewRequest(method, v.base+path, bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		v.t.Error(err)
		return &reply{}
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Error(err)
	}
	return &reply{res.StatusCode, res.Header, data}
}

func (v *service) post(job, inputs string, headers ...string) *reply {
	v.t.Helper()
	return v.ask("POST", "/jobs/"+job, "application/json", []byte(inputs), headers...)
}

const jobs = `
[serve]
queue = 3
max_body = "1MiB"
[defaults]
isolation = "none"
limits = { time = "20s" }
[jobs.double]
description = "twice"
script = "double.py"
entry = "double"
inputs.x = { value = 1 }
[jobs.two]
code = "def f(a, b=0): return {'a': a, 'b': b}"
entry = "f"
inputs.a = { value = 1 }
inputs.b = { value = 2 }
[jobs.count]
code = """
import mlx.core as mx
def count(n):
    for i in range(n):
        print('at', i)
        yield mx.full((2,), i)
"""
entry = "count"
inputs.n = { value = 2 }
[jobs.fails]
code = "raise ValueError('no')"
[jobs.big]
code = "pass"
limits.memory = "1000GiB"
[jobs.slow]
code = "while True: pass"
limits.time = "100ms"
[jobs.crash]
code = "while True: pass"
isolation = "process"
limits.cpu = "1s"
`

const double = "def double(x): return x * 2\n"

func TestRequests(t *testing.T) {
	v := start(t, jobs, map[string]string{"double.py": double})
	tensor := mlxstar.Tensor{Dtype: mlxstar.Float32, Shape: []int{2}, Data: []byte{0, 0, 128, 63, 0, 0, 0, 64}}
	body := func(format string, value any) []byte {
		var b bytes.Buffer
		if err := workload.WriteBody(&b, format, value); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	npy, safe := body("npy", tensor), body("safetensors", map[string]any{"a": tensor, "b": tensor})
	for _, c := range []struct {
		name, path, kind string
		body             []byte
		accept           string
		status           int
		want             string // in the body
	}{
		{"JSON", "/jobs/double", "application/json", []byte(`{"x": 21}`), "", 200, `"result":42`},
		{"no body", "/jobs/double", "", nil, "", 200, `"result":2`},
		{"npy", "/jobs/double", "application/x-npy", npy, "", 200, `"result":[2,4]`},
		{"npy back", "/jobs/double", "application/x-npy", npy, "application/x-npy", 200, "\x93NUMPY"},
		{"safetensors", "/jobs/two", "application/x-safetensors", safe, "", 200, `"result":{"a":[1,2],"b":[1,2]}`},
		{"safetensors back", "/jobs/two", "application/x-safetensors", safe, "application/x-safetensors", 200, `"dtype":"F32"`},
		{"an input of two", "/jobs/two?input=b", "text/plain", []byte("hello"), "", 200, `"b":"hello"`},
		{"which input", "/jobs/two", "text/plain", []byte("hello"), "", 400, "want ?input=NAME"},
		{"CSV back", "/jobs/two", "application/json", []byte(`{"a": [1, 2], "b": ["x", "y"]}`), "text/csv", 200, "a,b\n1,x\n2,y\n"},
		{"not as npy", "/jobs/two", "", nil, "application/x-npy", 406, "want an array"},
		{"no job", "/jobs/none", "", nil, "", 404, "no job"},
		{"no JSON", "/jobs/double", "application/json", []byte(`{`), "", 400, "the body as json"},
		{"no object", "/jobs/double", "application/json", []byte(`[1]`), "", 400, "no JSON object"},
		{"no npy", "/jobs/double", "application/x-npy", []byte(`[1]`), "", 400, "the body as npy"},
		{"no media type", "/jobs/double", "application/x-tar", []byte(`1`), "", 415, "application/x-tar"},
		{"no argument", "/jobs/double", "application/json", []byte(`{"y": 1}`), "", 422, "TypeError"},
		{"too long", "/jobs/double", "text/plain", make([]byte, 2<<20), "", 413, "longer than 1048576 bytes"},
		{"fails", "/jobs/fails", "", nil, "", 422, `"type":"ValueError"`},
		{"refused", "/jobs/big", "", nil, "", 413, `"kind":"refused"`},
		{"slow", "/jobs/slow", "", nil, "", 504, `"kind":"time"`},
		{"crash", "/jobs/crash", "", nil, "", 502, `"kind":"crash"`},
	} {
		r := v.ask("POST", c.path, c.kind, c.body, "Accept", c.accept)
		if r.status != c.status || !strings.Contains(string(r.body), c.want) {
			t.Errorf("%s: got %d %s", c.name, r.status, r.body)
		}
	}
	if r := v.ask("GET", "/jobs", "", nil); r.status != 200 || !strings.Contains(string(r.body), `{"name":"double","description":"twice","inputs":["x"]}`) {
		t.Errorf("got %s", r.body)
	}
	for path, want := range map[string]string{
		"/healthz": "ok", "/readyz": "ok",
		"/metrics": "mlxstar_runs_total{job=\"fails\",status=\"failed\"} 1\n",
	} {
		if r := v.ask("GET", path, "", nil); r.status != 200 || !strings.Contains(string(r.body), want) {
			t.Errorf("%s: got %d %s", path, r.status, r.body)
		}
	}
	if r := v.ask("GET", "/jobs/double", "", nil); r.status != http.StatusMethodNotAllowed {
		t.Errorf("a GET of a job is %d", r.status)
	}
}

func TestEvents(t *testing.T) {
	v := start(t, jobs, map[string]string{"double.py": double})
	r := v.post("count", `{"n": 2}`, "Accept", "text/event-stream")
	var events []string
	for block := range strings.SplitSeq(strings.TrimSpace(string(r.body)), "\n\n") {
		name, data, _ := strings.Cut(strings.TrimPrefix(block, "event: "), "\ndata: ")
		if name == "run" {
			data = ""
		}
		events = append(events, name+" "+data)
	}
	want := []string{`output {"stream":"stdout","text":"at 0\n"}`, "item [0,0]", `output {"stream":"stdout","text":"at 1\n"}`, "item [1,1]", "result []", "run "}
	if !slices.Equal(events, want) {
		t.Errorf("got %q", events)
	}
	if r := v.post("fails", "{}", "Accept", "text/event-stream"); !strings.Contains(string(r.body), `"message":"no"`) {
		t.Errorf("got %s", r.body)
	}
}

func TestToken(t *testing.T) {
	t.Setenv("SERVER_TEST_TOKEN", "secret")
	v := start(t, "[serve]\ntoken_env = 'SERVER_TEST_TOKEN'\n[jobs.a]\ncode = 'pass'\nisolation = 'none'\n", nil)
	for header, status := range map[string]int{"": 401, "Bearer wrong": 401, "secret": 401, "Bearer secret": 200} {
		if r := v.post("a", "{}", "Authorization", header); r.status != status {
			t.Errorf("%q: got %d, want %d", header, r.status, status)
		}
	}
	if r := v.ask("GET", "/metrics", "", nil); r.status != 401 {
		t.Errorf("metrics without token: %d", r.status)
	}
	if r := v.ask("GET", "/healthz", "", nil); r.status != 200 {
		t.Errorf("health: %d", r.status)
	}
	c := v.s.config
	c.Serve.TokenEnv = "SERVER_TEST_NONE"
	if _, err := New(c, workload.Options{}); err == nil {
		t.Error("a server without its token began")
	}
}

// A script that changes is another from the next run on; runs of the old one go on.
func TestHotReload(t *testing.T) {
	v := start(t, jobs, map[string]string{"double.py": "import time\ndef double(x):\n    time.sleep(0.5)\n    return 'old'\n"})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if got, _ := v.post("double", "{}").result(); got != "old" {
				t.Errorf("a run that had begun gave %v", got)
			}
		})
	}
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		// Who asks for memory has read the script.
		if _, _, running, waiting := v.s.runner.State(); running+waiting == 2 {
			break
		}
	}
	v.write("double.py", "def double(x): return 'new'\n")
	if got, _ := v.post("double", "{}").result(); got != "new" {
		t.Errorf("after the change: %v", got)
	}
	all.Wait()
}

// More than may wait are refused at once, before their bodies are read.
func TestBusy(t *testing.T) {
	v := start(t, "concurrency = 1\n[serve]\nqueue = 2\n[jobs.a]\ncode = 'import time; time.sleep(0.5)'\nisolation = 'none'\nlimits.memory = '1MiB'\n", nil)
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 40 {
		all.Go(func() {
			r := v.post("a", "{}")
			if r.status == 503 && r.header.Get("Retry-After") == "" {
				t.Error("a refusal does not say when to come again")
			}
			mu.Lock()
			defer mu.Unlock()
			statuses[r.status]++
		})
	}
	all.Wait()
	if statuses[200] < 3 || statuses[503] == 0 || statuses[200]+statuses[503] != 40 {
		t.Errorf("got %v", statuses)
	}
}

// What was accepted is answered, whatever else; what comes later is refused.
func TestDrain(t *testing.T) {
	v := start(t, "concurrency = 2\n[jobs.a]\ncode = 'import time; time.sleep(0.3)'\nisolation = 'none'\nlimits.memory = '1MiB'\n", nil)
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 8 {
		all.Go(func() {
			r := v.post("a", "{}")
			mu.Lock()
			defer mu.Unlock()
			statuses[r.status]++
		})
	}
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if _, _, running, waiting := v.s.runner.State(); running+waiting == 8 {
			break
		}
	}
	v.stop()
	all.Wait()
	if statuses[200] != 8 {
		t.Errorf("got %v, want 8 runs", statuses)
	}
	if err := <-v.done; err != nil {
		t.Error(err)
	}
	if !v.s.draining.Load() {
		t.Error("the server does not say that it drains")
	}
	w := newRecorder()
	v.s.ready(w, nil)
	if w.status != http.StatusServiceUnavailable {
		t.Errorf("readiness is %d", w.status)
	}
}

// recorder is an answer that goes nowhere.
type recorder struct {
	http.ResponseWriter
	header http.Header
	status int
}

func newRecorder() *recorder                    { return &recorder{header: http.Header{}} }
func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }

// TestLoad asks from 64 connections for runs of 5 to 80 MiB, of a budget of 200 MiB, in
// processes, while others crash theirs. Nothing fails but by policy, and the budget holds.
func TestLoad(t *testing.T) {
	const budget = 200 << 20
	v := start(t, `
memory = "200MiB"
concurrency = 4
[serve]
queue = 1000
[defaults]
profile = false
[jobs.fill]
code = """
import mlx.core as mx
def fill(n):
    x = mx.arange(n << 18, dtype=mx.float32)
    mx.eval(x)
    return (x[-1] > 0).item()
"""
entry = "fill"
inputs.n = { value = 5 }
[jobs.crash]
code = "x = [1]\nwhile True: pass"
limits = { memory = "1MiB", cpu = "1s" }
`, nil)
	ctx, cancel := context.WithTimeout(context.Background(), *load)
	defer cancel()
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[string]int{}
	var took []time.Duration
	for i := range 64 {
		all.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(i), 7))
			for ctx.Err() == nil {
				job, inputs := "fill", fmt.Sprintf(`{"n": %d}`, 5*(1+rnd.IntN(16)))
				if i == 0 {
					job, inputs = "crash", "{}"
				}
				began := time.Now()
				r := v.post(job, inputs, "X-Mlxstar-Tenant", fmt.Sprint(i%4))
				result, kind := r.result()
				mu.Lock()
				statuses[fmt.Sprint(job, " ", r.status, kind)]++
				took = append(took, time.Since(began))
				mu.Unlock()
				if job == "fill" && (r.status != 200 || result != true) {
					t.Errorf("got %d %s", r.status, r.body)
				}
				if job == "crash" && kind != "crash" {
					t.Errorf("got %d %s", r.status, r.body)
				}
			}
		})
	}
	all.Wait()
	used, peak, _, waiting := v.s.runner.State()
	if peak > budget || used != 0 || waiting != 0 {
		t.Errorf("at most %d bytes of %d, in the end %d, %d wait", peak, budget, used, waiting)
	}
	slices.Sort(took)
	t.Logf("%v; median %s, p99 %s; budget's peak %d of %d bytes", statuses, took[len(took)/2], took[len(took)*99/100], peak, budget)
	v.records(t, budget)
}

// records holds each run to what it had of the budget.
func (v *service) records(t *testing.T, budget int64) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(v.dir, ".mlxstar", "runs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var r workload.Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if r.Peak > r.Reserved || r.Reserved > budget {
			t.Errorf("a run took %d bytes of %d, of %d", r.Peak, r.Reserved, budget)
		}
	}
}
