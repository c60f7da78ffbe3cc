// Package groups judges mx.distributed: scripts that several runtimes run together.
package groups

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// wires is a network whose addresses stand for whatever ports are free.
type wires struct {
	mu    sync.Mutex
	ports map[string]string
}

func (w *wires) Listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ports[address] = l.Addr().String()
	}
	return l, err
}

func (w *wires) Dial(ctx context.Context, address string) (net.Conn, error) {
	w.mu.Lock()
	port := w.ports[address]
	w.mu.Unlock()
	if port == "" {
		return nil, errors.New("nobody listens")
	}
	return new(net.Dialer).DialContext(ctx, "tcp", port)
}

func (w *wires) LookupHost(context.Context, string) ([]string, error) {
	return nil, errors.New("there are no names")
}

// process is a runtime that is one of a group.
func process(t *testing.T, network mlxstar.Network, folder string, rank int, more ...string) *mlxstar.Runtime {
	t.Helper()
	files, err := mlxstar.Dir(folder)
	if err != nil {
		t.Fatal(err)
	}
	env := append([]string{fmt.Sprint("MLX_RANK=", rank), "MLX_HOSTFILE=/hosts.json", patient}, more...)
	rt, err := mlxstar.New(mlxstar.Options{Files: files, Network: network, Env: env, Stdout: os.Stdout, Device: "cpu", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(rt.Close(), files.Close()); err != nil {
			t.Error(err)
		}
	})
	return rt
}

// hostfile writes the addresses of a group into a new folder.
func hostfile(t *testing.T, size, connections int) (folder string) {
	t.Helper()
	var ranks []string
	for r := range size {
		var own []string
		for c := range connections {
			own = append(own, fmt.Sprintf("%q", fmt.Sprintf("127.0.0.1:%d", 1+r*connections+c)))
		}
		ranks = append(ranks, "["+strings.Join(own, ",")+"]")
	}
	folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "hosts.json"), []byte("["+strings.Join(ranks, ",")+"]"), 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

// together runs a script by every process of a group.
func together(t *testing.T, size, connections int, script string, more ...string) error {
	t.Helper()
	network, folder := &wires{ports: map[string]string{}}, hostfile(t, size, connections)
	errs := make([]error, size)
	var all sync.WaitGroup
	for rank := range size {
		rt := process(t, network, folder, rank, more...)
		all.Go(func() {
			if err := rt.Exec(t.Context(), "script.py", script); err != nil {
				errs[rank] = fmt.Errorf("process %d: %w", rank, err)
				_ = rt.Close() // so that the others end
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// patient has processes of a busy machine wait for each other's signs of life.
const patient = "MLXSTAR_RING_HEARTBEAT=120"

// secret makes a ring one of this runtime's processes alone.
const secret = "MLXSTAR_RING_SECRET=open sesame"

var every = flag.Bool("groups", false, "run the scripts in groups of more sizes, and every example")

// TestScripts runs the scripts of testdata/groups in rings.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob(suite.Path(t, "testdata/groups/*.py"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("there are %d scripts: %v", len(scripts), err)
	}
	for _, path := range scripts {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		type form struct {
			size, connections int
			env               string
		}
		forms := []form{{2, 1, "A=b"}, {3, 2, secret}}
		if *every {
			forms = append(forms, form{2, 2, secret}, form{4, 1, "A=b"}, form{5, 2, secret})
		}
		for _, c := range forms {
			t.Run(fmt.Sprintf("%s/%d", filepath.Base(path), c.size), func(t *testing.T) {
				if err := together(t, c.size, c.connections, string(src), c.env); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// TestLostProcess: when a script ends, those that wait for it get an error that they can
// catch and that names it.
func TestLostProcess(t *testing.T) {
	err := together(t, 3, 1, `
import mlx.core as mx
world = mx.distributed.init()
mx.eval(mx.distributed.all_sum(mx.ones(3)))
if world.rank() == 1:
    raise SystemExit(3)
try:
    mx.eval(mx.distributed.all_sum(mx.ones(100_000)))
except RuntimeError as e:
    assert "distributed.all_sum: process 1 was lost" in str(e), e
else:
    assert False
`, secret)
	var exit *mlxstar.ExitError
	if !errors.As(err, &exit) || strings.Count(err.Error(), "process") != 1 {
		t.Errorf("got %v, want that process 1 alone ended by itself", err)
	}
}

// TestCancelled: a script that waits for others ends with its context.
func TestCancelled(t *testing.T) {
	network, folder := &wires{ports: map[string]string{}}, hostfile(t, 2, 1)
	for _, src := range []string{
		"import mlx.core as mx\nmx.distributed.init()",                       // for them to come
		"import mlx.core as mx\nmx.eval(mx.distributed.all_sum(mx.ones(3)))", // the same, on the way
	} {
		rt := process(t, network, folder, 0)
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- rt.Exec(ctx, "script.py", src) }()
		stop()
		if err := <-stopped; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that the context ended", err)
		}
	}
}

// TestNoNetwork: a host that grants no network has no groups, and says so.
func TestNoNetwork(t *testing.T) {
	rt := process(t, nil, hostfile(t, 2, 1), 0)
	err := rt.Exec(t.Context(), "script.py", "import mlx.core as mx\nmx.distributed.init()")
	if err == nil || !strings.Contains(err.Error(), "RuntimeError: distributed.init: ring: scripts have no network: the host grants none") {
		t.Errorf("got %v", err)
	}
}

// TestVerbose: a ring tells what it does where it is asked to.
func TestVerbose(t *testing.T) {
	network, folder := &wires{ports: map[string]string{}}, hostfile(t, 2, 1)
	var out [2]bytes.Buffer
	var all sync.WaitGroup
	for rank := range out {
		files, err := mlxstar.Dir(folder)
		if err != nil {
			t.Fatal(err)
		}
		rt, err := mlxstar.New(mlxstar.Options{
			Files: files, Network: network, Stderr: io.Writer(&out[rank]), Device: "cpu",
			Env: []string{fmt.Sprint("MLX_RANK=", rank), "MLX_HOSTFILE=/hosts.json", "MLX_RING_VERBOSE=1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			if err := rt.Exec(t.Context(), "script.py", "import mlx.core as mx\nmx.distributed.init()"); err != nil {
				t.Error(err)
			}
			if err := errors.Join(rt.Close(), files.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for rank := range out {
		if want := fmt.Sprintf("[ring] rank %d: connected to ranks %d and %d\n", rank, 1-rank, 1-rank); !strings.Contains(out[rank].String(), want) {
			t.Errorf("got %q, want %q", out[rank].String(), want)
		}
	}
}

// TestStanding: monitors tell a process's place in its group, once it has joined it.
func TestStanding(t *testing.T) {
	network, folder := &wires{ports: map[string]string{}}, hostfile(t, 2, 1)
	errs := make([]error, 2)
	var all sync.WaitGroup
	for rank := range 2 {
		rt := process(t, network, folder, rank)
		if a := rt.AskMonitor("GET", "/v1/status"); bytes.Contains(a.Body, []byte(`"group"`)) {
			t.Errorf("before: %s", a.Body)
		}
		all.Go(func() {
			errs[rank] = rt.Exec(t.Context(), "script.py", "import mlx.core as mx\nmx.eval(mx.distributed.all_sum(mx.ones(2)))")
			want := fmt.Sprintf(`"group":{"name":"ring 127.0.0.1:1","rank":%d,"size":2}`, rank)
			if a := rt.AskMonitor("GET", "/v1/status"); !bytes.Contains(a.Body, []byte(want)) {
				errs[rank] = errors.Join(errs[rank], fmt.Errorf("got %s, want %s", a.Body, want))
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}
