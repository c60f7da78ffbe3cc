package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/monitor"
)

// training prints its counters, and waits for a line of input, at each step.
const training = `import mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim
model = nn.Sequential(nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 8))
optimizer = optim.AdamW(1e-3)
x, y = mx.random.normal((64, 256)), mx.zeros((64,), mx.int32)
step = nn.value_and_grad(model, lambda m, x, y: nn.losses.cross_entropy(m(x), y).mean())
while True:
    loss, grads = step(model, x, y)
    optimizer.update(model, grads)
    mx.eval(model, optimizer, loss, grads, x, y)
    print(mx.get_active_memory(), mx.get_peak_memory(), mx.get_cache_memory())
    if input() == "end":
        break
`

// What another process would see is what the script itself prints at the same step, and
// bytes by line and by owner add up to it.
func TestTopSeesWhatTheScriptSees(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	in, answers := io.Pipe()
	printed, out := io.Pipe()
	rt, err := mlxstar.New(mlxstar.Options{Stdin: in, Stdout: out, Device: "cpu", Monitor: true, Args: []string{"train.py"}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	done := make(chan error, 1)
	go func() { done <- rt.Exec(t.Context(), "train.py", training) }()
	for i := range 4 {
		var active, peak, cache int64
		if _, err := fmt.Fscan(printed, &active, &peak, &cache); err != nil {
			t.Fatal(err)
		}
		args := []string{fmt.Sprint(os.Getpid()), "--once", "--json"}
		if i >= 2 {
			args = append(args, "--record")
		}
		waitForInput(t)
		var stdout, stderr bytes.Buffer
		if code := runTop(args, &stdout, &stderr); code != 0 {
			t.Fatalf("exit code %d: %s", code, stderr.String())
		}
		var v glance
		if err := json.Unmarshal(stdout.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		if s := v.Status; s.Active != active || s.Peak != peak || s.Cache != cache {
			t.Errorf("step %d: active, peak, cache are %d, %d, %d; the script printed %d, %d, %d", i, s.Active, s.Peak, s.Cache, active, peak, cache)
		}
		lines, owners := int64(0), int64(0)
		for _, s := range v.Sites {
			lines += s.Bytes
		}
		for _, o := range v.Owners.Owners {
			owners += o.Bytes
		}
		if lines != active || owners != active {
			t.Errorf("step %d: lines hold %d, owners %d, active is %d", i, lines, owners, active)
		}
		if other := v.Owners.Kinds[memory.Other]; other*50 > active {
			t.Errorf("step %d: %d of %d bytes have no owner", i, other, active)
		}
		if _, err := io.WriteString(answers, map[bool]string{false: "on\n", true: "end\n"}[i == 3]); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// waitForInput waits until the script has come from its print to its input.
func waitForInput(t *testing.T) {
	t.Helper()
	c, err := monitor.Connect(t.Context(), os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for {
		s, err := c.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !s.Running {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// TestTopGroups: processes of a group stand together, by rank, with their sums.
func TestTopGroups(t *testing.T) {
	in := func(name string, rank int) *monitor.GroupStatus {
		return &monitor.GroupStatus{Name: name, Rank: rank, Size: 3}
	}
	all := []monitor.Status{
		{PID: 7, Command: "b.py", Active: 4096, Group: in("ring b:1", 2)},
		{PID: 5, Command: "a.py", Active: 1024, Group: in("ring a:1", 1)},
		{PID: 4, Command: "a.py", Active: 2048, Group: in("ring a:1", 0)},
		{PID: 6, Command: "alone.py"},
	}
	slices.SortStableFunc(all, compareStanding)
	var out bytes.Buffer
	listStatus(&out, all)
	want := `     PID       ACTIVE         PEAK        CACHE     RESIDENT  COMMAND
       6          0 B          0 B          0 B          0 B  alone.py
       4        2 KiB          0 B          0 B          0 B  rank 0 of 3: a.py
       5        1 KiB          0 B          0 B          0 B  rank 1 of 3: a.py
                3 KiB          0 B          0 B          0 B  the 2 of the group ring a:1 that run here, together
       7        4 KiB          0 B          0 B          0 B  rank 2 of 3: b.py
                4 KiB          0 B          0 B          0 B  the 1 of the group ring b:1 that run here, together
`
	if out.String() != want {
		t.Errorf("printed\n%swant\n%s", out.String(), want)
	}
}

func TestTopText(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	var stdout, stderr bytes.Buffer
	if code := runTop(nil, &stdout, &stderr); code != 0 || stdout.String() != "no mlxstar is running\n" {
		t.Errorf("exit code %d, printed %q", code, stdout.String())
	}
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Monitor: true, Args: []string{"hold.py"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.Exec(t.Context(), "hold.py", "import mlx.core as mx\nkept = mx.zeros((1024, 1024)) + 1\nmx.eval(kept)\n"); err != nil {
		t.Fatal(err)
	}
	stdout.Reset()
	if code := runTop([]string{fmt.Sprint(os.Getpid()), "--once", "--lines=1"}, &stdout, &stderr); code != 0 {
		t.Fatal(stderr.String())
	}
	for _, want := range []string{"active 4 MiB", "4 MiB 100.0%        1  hold.py:2\n", "4 MiB 100.0%  activations      kept\n"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("no %q in\n%s", want, stdout.String())
		}
	}
	if err := rt.Close(); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		fmt.Sprint(os.Getpid()): "has a monitor here",
		"--interval 0 5":        "--interval: got \"0\"",
		"--lines":               "--lines: no value given",
		"x":                     "got \"x\", want one process's number",
		"--frobnicate":          "unknown option --frobnicate",
	} {
		stderr.Reset()
		if code := runTop(strings.Fields(args), &stdout, &stderr); code == 0 || !strings.Contains(stderr.String(), want) {
			t.Errorf("top %s: exit code %d, %q", args, code, stderr.String())
		}
	}
}

// Clients that stall, send garbage or go away do not keep a script from its values, nor
// other clients from their answers.
func TestHostileClients(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	var out bytes.Buffer
	rt, err := mlxstar.New(mlxstar.Options{Stdout: &out, Device: "cpu", Monitor: true})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	path := filepath.Join(monitor.Dir(), fmt.Sprint(os.Getpid(), ".sock"))
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket's mode is %v (%v)", info.Mode(), err)
	}
	if info, err := os.Stat(monitor.Dir()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its folder's mode is %v (%v)", info.Mode(), err)
	}
	done := make(chan error, 1)
	go func() {
		done <- rt.Exec(t.Context(), "run.py", "import mlx.core as mx\nx = mx.ones((64, 64))\nfor i in range(200):\n    x = (x @ x) / 64\n    mx.eval(x)\nprint(x.sum().item())\n")
	}()
	garbage := []string{"", "GET", "\x00\xff\x00", "GET /v1/status HTTP/1.1\r\n", "POST /v1/set_limit?bytes=-1 HTTP/1.1\r\n\r\n", "GET /v1/status HTTP/9\r\n\r\n", strings.Repeat("x", 20000), "GET " + strings.Repeat("/", 9000) + " HTTP/1.1\r\n\r\n"}
	for i := range 1000 {
		c, err := net.Dial("unix", path)
		if err != nil {
			continue // too many wait in line
		}
		_, _ = io.WriteString(c, garbage[i%len(garbage)])
		if i%4 != 0 || i > 200 {
			_ = c.Close()
		} else {
			defer c.Close() // stalls
		}
	}
	if err := <-done; err != nil || out.String() != "4096.0\n" {
		t.Errorf("printed %q: %v", out.String(), err)
	}
	c, err := monitor.Connect(t.Context(), os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if s, err := c.Status(t.Context()); err != nil || s.Limit != rt.Memory().Limit {
		t.Errorf("status %+v: %v", s, err)
	}
}
