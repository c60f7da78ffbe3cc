package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/alloc"
)

// memoryCase is a program whose memory is looked at. It runs in a process of its
// own and leaves a dict named result.
type memoryCase struct {
	name, what string
	text       string
	// bound is the most that the resident set may grow to above that of an empty
	// runtime, in bytes, for a peak of active memory.
	bound func(peak int64) int64
}

const memoryResult = `
mx.synchronize()
result = {"seconds": time.perf_counter() - start, "peak": mx.get_peak_memory(), "active": mx.get_active_memory(), "cache": mx.get_cache_memory()}
`

// variableLength are evaluations whose arrays never have the same size twice.
const variableLength = `
import random
import time
import mlx.core as mx
random.seed(0)
%s
w = mx.random.normal((512, 512)) * 0.04
mx.eval(w)
mx.reset_peak_memory()
start = time.perf_counter()
for _ in range(200):
    n = random.randint(64, 4096)
    h = mx.random.normal((n, 512))
    for _ in range(6):
        h = mx.tanh(h @ w)
    mx.eval(h)
` + memoryResult

const scriptLocals = `
import time
import mlx.core as mx
def work(x):
    y = x * 2 + 1
    mx.eval(y)
    z = mx.tanh(y)
    mx.eval(z)
    parts = [z * i for i in range(2)]
    mx.eval(parts)
    return mx.sum(parts[0] + parts[1])
x = mx.random.normal((1 << 20,))
mx.eval(x)
mx.reset_peak_memory()
start = time.perf_counter()
for _ in range(200):
    s = work(x)
    mx.eval(s)
` + memoryResult

func memoryCases() []memoryCase {
	bounded := func(peak int64) int64 { return peak + peak*3/10 + 64<<20 }
	return []memoryCase{
		{"variable_length", "200 evaluations of six tanh(h @ w), h of (64..4096, 512)", fmt.Sprintf(variableLength, ""), bounded},
		{"variable_length_unbounded", "the same, the cache without a bound", fmt.Sprintf(variableLength, "mx.set_cache_limit(1 << 40)"), nil},
		{"script_locals", "200 calls of a function with 4 MiB arrays in its variables", scriptLocals, bounded},
	}
}

// memoryFigures are what came of a memory case, in bytes.
type memoryFigures struct {
	Case     string  `json:"case"`
	Seconds  float64 `json:"seconds"`
	Peak     int64   `json:"peak_active"`
	Cache    int64   `json:"cache"`
	Active   int64   `json:"active"`
	Resident int64   `json:"peak_resident"`  // the most while it ran, beyond what stood before
	Bound    int64   `json:"resident_bound"` // 0 is none
	Peer     string  `json:"peer,omitempty"` // the library, if not mlxstar
	Error    string  `json:"error,omitempty"`
}

// runCase runs a memory case in this process and writes its figures.
func runCase(ctx context.Context, name string, threads int) error {
	for _, c := range memoryCases() {
		if c.name != name {
			continue
		}
		rt, err := mlxstar.New(mlxstar.Options{Threads: threads})
		if err != nil {
			return err
		}
		defer rt.Close()
		before, err := alloc.ResidentSet()
		if err != nil {
			return err
		}
		highest := watchResident()
		if err := rt.Exec(ctx, c.name, c.text); err != nil {
			return err
		}
		var f memoryFigures
		v, _ := rt.Get("result")
		if err := f.fill(v); err != nil {
			return err
		}
		f.Case, f.Resident = c.name, highest()-before
		return json.NewEncoder(os.Stdout).Encode(f)
	}
	return fmt.Errorf("no memory case is named %q", name)
}

func (f *memoryFigures) fill(result any) error {
	text, err := json.Marshal(result)
	if err != nil {
		return err
	}
	var r struct {
		Seconds             float64
		Peak, Active, Cache int64
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return err
	}
	f.Seconds, f.Peak, f.Active, f.Cache = r.Seconds, r.Peak, r.Active, r.Cache
	return nil
}

// watchResident looks at the resident set every few milliseconds, until the
// highest is asked for.
func watchResident() (highest func() int64) {
	var most atomic.Int64
	done, over := make(chan struct{}), make(chan struct{})
	look := func() {
		if n, err := alloc.ResidentSet(); err == nil && n > most.Load() {
			most.Store(n)
		}
	}
	go func() {
		defer close(over)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			look()
			select {
			case <-tick.C:
			case <-done:
				look()
				return
			}
		}
	}()
	return func() int64 { close(done); <-over; return most.Load() }
}

// measureMemory runs a memory case in another process.
func measureMemory(ctx context.Context, c memoryCase, threads int) (f memoryFigures) {
	f.Case = c.name
	exe, err := os.Executable()
	if err == nil {
		cmd := exec.CommandContext(ctx, exe, "--case", c.name, "--threads", fmt.Sprint(threads))
		cmd.Stderr = os.Stderr
		var out []byte
		if out, err = cmd.Output(); err == nil {
			err = json.Unmarshal(out, &f)
		}
	}
	if err != nil {
		f.Error = err.Error()
	}
	if c.bound != nil {
		f.Bound = c.bound(f.Peak)
	}
	return f
}

// measurePeerMemory runs it in a fresh MLX.
func measurePeerMemory(ctx context.Context, python string, c memoryCase) (f memoryFigures, err error) {
	p, err := startPeer(ctx, python, "mlx")
	if err != nil {
		return f, err
	}
	defer p.close()
	before, err := p.ask(map[string]any{"setup": "", "body": "", "seconds": 0, "least": 0, "most": 0})
	if err != nil {
		return f, err
	}
	a, err := p.ask(map[string]any{"setup": c.text, "body": "", "seconds": 0, "least": 0, "most": 0})
	if err != nil {
		return f, err
	}
	if err := f.fill(a.Result); err != nil {
		return f, err
	}
	f.Case, f.Peer, f.Resident = c.name, p.version, a.Resident-before.Resident
	return f, nil
}
