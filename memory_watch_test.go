package mlxstar_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// runMemoryScript runs a script that checks itself, and gives what it printed.
func runMemoryScript(t *testing.T, name, src string) (*mlxstar.Runtime, string) {
	t.Helper()
	var out bytes.Buffer
	rt, err := mlxstar.New(mlxstar.Options{Stdout: &out, Device: "cpu"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rt.Close() })
	if err := rt.Exec(context.Background(), name, src); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return rt, out.String()
}

// Bytes by line add up to what is active, to the byte, and so do those at the peak.
func TestMemoryByLine(t *testing.T) {
	_, out := runMemoryScript(t, "lines.py", `import mlx.core as mx
import mlxstar.memory as mem
mem.record()

def make(n):
    return mx.zeros((n, 1024)) + 1

a = make(256)
mx.eval(a)
b = make(64) @ make(1024)
small = mx.array([1, 2, 3])
mx.eval(b)
lines = mem.by_line()
where = {l["where"]: l["bytes"] for l in lines}
assert sum(where.values()) == mx.get_active_memory(), (where, mx.get_active_memory())
assert where["lines.py:6"] == 256 * 4096, where
assert where["lines.py:10"] == 64 * 4096, where
assert where["lines.py:11"] == 16, where
del a, b
assert sum(l["bytes"] for l in mem.by_line()) == mx.get_active_memory()
assert {l["where"]: l["bytes"] for l in mem.by_line()}["lines.py:6"] == 0
s = mem.snapshot()
assert s["peak"] == mx.get_peak_memory(), (s["peak"], mx.get_peak_memory())
assert sum(r["at_peak"]["bytes"] for r in s["rows"]) == s["peak"], s["rows"]
made = [r for r in s["rows"] if r["live"]["bytes"] or r["allocated"]["bytes"]]
assert any([f["line"] for f in r["stack"]] == [6, 8] and r["shape"] == [256, 1024] and r["operation"] == "add" for r in made), made
print(len(mem.by_line(top=2)))
try:
    mem.by_line(top=-1)
except TypeError as e:
    print(e)
`)
	if want := "2\nby_line: top must be None or an int from 0, got -1\n"; out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}

// Steps are evaluations until a script marks them; a line that grows with each is named.
func TestMemorySteps(t *testing.T) {
	_, out := runMemoryScript(t, "grow.py", `import mlx.core as mx
from mlxstar import memory as mem
mem.record()
kept = []
for i in range(6):
    kept.append(mx.zeros((1024, 256)) + i)
    mx.eval(kept)
    mem.mark(f"epoch {i}")
steps = mem.steps()
assert [s["name"] for s in steps] == [f"epoch {i}" for i in range(6)], steps
assert [s["active"] for s in steps] == [(i + 1) << 20 for i in range(6)], steps
row = mem.by_line(top=1)[0]
print(row["where"], row["growth_per_step"], row["growing"])
points = mem.timeline()
assert points[-1]["last"] == mx.get_active_memory() and max(p["high"] for p in points) == mx.get_peak_memory()
print(mem.peak_report().splitlines()[1].strip())
`)
	if want := "grow.py:6 1048576 True\n6 MiB  100.0%  grow.py:6  6 arrays of add, float32 (1024, 256)\n"; out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}

// A tracked block's report tells what it left, its peak above the start and its lines.
func TestMemoryTrack(t *testing.T) {
	_, out := runMemoryScript(t, "track.py", `import mlx.core as mx
import mlxstar
before = mx.ones((1024, 256)) + 0
mx.eval(before)
with mlxstar.memory.track("block") as t:
    x = mx.ones((1024, 256)) + 1
    mx.eval(x)
    y = x * 2 + x.T.reshape(1024, 256)
    mx.eval(y)
    del y
print(t)
assert t.held == 1 << 20 and t.peak == 2 << 20 and t.allocated == 2 << 20, (t.held, t.peak, t.allocated)
assert t.lines[0] == {"where": "track.py:6", "bytes": 1 << 20, "allocated": 1 << 20}, t.lines
try:
    mlxstar.memory.track().peak
except RuntimeError as e:
    print(e)
`)
	want := "block: held +1 MiB, peak 2 MiB above the start, allocated 2 MiB\ntrack: peak is known when the with statement is left\n"
	if out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}

// Owners are variables, parts of models, optimizers and frames, and add up to what is active.
func TestMemoryOwners(t *testing.T) {
	_, out := runMemoryScript(t, "owners.py", `import mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim
from mlx.utils import tree_map
from mlxstar import memory as mem
model = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 8))
optimizer = optim.Adam(1e-3)
x, y = mx.random.normal((32, 64)), mx.zeros((32, 8), mx.int32)[:, 0]
step = nn.value_and_grad(model, lambda m, x, y: nn.losses.cross_entropy(m(x), y).mean())
loss, grads = step(model, x, y)
optimizer.update(model, grads)
mx.eval(model, optimizer, loss, grads, x, y)

def closure():
    hidden = mx.ones((1024,)) + 1
    mx.eval(hidden)
    return lambda: hidden
f = closure()
kv_cache = [{"keys": mx.zeros((4, 1024)) + 1}]
mx.eval(kv_cache)
pending = (mx.ones((512, 512)) + 1)
mx.eval(pending)
pending = pending * 2 + 1

def frame():
    local = mx.zeros((2048,)) + 3
    mx.eval(local)
    return mem.by_owner()
rows = frame()
by = {r["path"]: r for r in rows}
assert sum(r["bytes"] for r in rows) == mx.get_active_memory() + 8192, (sum(r["bytes"] for r in rows), mx.get_active_memory(), rows)
for path, kind, n in [
    ("model.layers.0.weight", "parameters", 64 * 256 * 4),
    ("optimizer.state.layers.0.weight.m", "optimizer state", 64 * 256 * 4),
    ("optimizer.state.layers.2.bias.v", "optimizer state", 32),
    ('grads["layers"][0]["weight"]', "gradients", 64 * 256 * 4),
    ("f().hidden", "activations", 4096),
    ('kv_cache[0]["keys"]', "caches", 16384),
    ("frame().local", "activations", 8192),
    ("x", "activations", 32 * 64 * 4),
    ("pending graph of pending, 2 operations", "activations", 1 << 20),
]:
    assert path in by and by[path]["kind"] == kind and by[path]["bytes"] == n, (path, by.get(path), list(by))
other = sum(r["bytes"] for r in rows if r["kind"] == "other")
assert other <= 0.02 * mx.get_active_memory(), [r for r in rows if r["kind"] == "other"]
print("owned")
`)
	if out != "owned\n" {
		t.Errorf("printed %q", out)
	}
}

// What does not fit tells what was needed, what is in use and who holds it.
func TestMemoryErrorAttributes(t *testing.T) {
	_, out := runMemoryScript(t, "limit.py", `import mlx.core as mx
mx.set_memory_limit(3 << 20)
kept = mx.zeros((512, 1024)) + 1
mx.eval(kept)
try:
    mx.eval(mx.zeros((1024, 1024)) + 1)
except MemoryError as e:
    print(e.needed, e.in_use, e.limit, e.holders)
`)
	if want := "4194304 2097152 3145728 [{'where': 'limit.py:3', 'bytes': 2097152, 'arrays': 1, 'shapes': [(512, 1024)]}]\n"; out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}

// Local variables that closures see are found where they are variables, and not by way of
// a structure that happens to hold their arrays, too.
func TestMemoryOwnersOfCapturedVariables(t *testing.T) {
	_, out := runMemoryScript(t, "captured.py", `import mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim
from functools import partial
from mlxstar import memory as mem

def main():
    model = nn.Linear(64, 64, bias=False)
    optimizer = optim.Adam(1e-3)
    x = mx.ones((4, 64))
    state = [model.state, optimizer.state]
    mx.eval(state, x)

    @partial(mx.compile, inputs=state, outputs=state)
    def step(x):
        loss, grads = nn.value_and_grad(model, lambda model, x: model(x).sum())(model, x)
        optimizer.update(model, grads)
        return loss

    for _ in range(2):
        mx.eval(step(x), state)
    for r in mem.by_owner(top=3):
        print(r["path"], r["kind"], r["bytes"])

main()
`)
	want := "main().model.weight parameters 16384\nmain().optimizer.state.weight.m optimizer state 16384\nmain().optimizer.state.weight.v optimizer state 16384\n"
	if out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}
