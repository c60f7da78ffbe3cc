package mlxstar_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
)

// warmed is what a runtime has before requests change it.
const warmed = `
import atexit, collections, functools, hashlib, io, json, os, random, sys, threading, types, warnings
import mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim, numpy as np

numbers, table, seen = [1, 2, [3]], {"a": 1, (1, 2): [4]}, {1, 2}
queue, raw, text = collections.deque([1, 2], maxlen=3), bytearray(b"abc"), io.StringIO("start")
text.seek(2)
counts = collections.Counter("aab")
weights = mx.arange(8)
mx.eval(weights)
lazy = weights * 2
grid = np.arange(6).reshape(2, 3)
row = grid[1]
digest = hashlib.sha256(b"a")
lock = threading.Lock()

class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return self.n % 2
    def __eq__(self, other): return isinstance(other, Key) and self.n == other.n

keyed = {Key(i): i for i in range(5)}

class Base:
    kind = "base"
    def name(self): return "base"

class Thing(Base):
    __slots__ = ("x", "y")
    def __init__(self): self.x = [1]

class Plain:
    def __init__(self):
        self.a, self.items = 1, []
    @property
    def double(self): return self.a * 2

thing, plain = Thing(), Plain()
cyclic = []
cyclic.append(cyclic)

def counter():
    n = 0
    history = []
    def step(default=[]):
        nonlocal n
        n += 1
        history.append(n)
        default.append(n)
        return n, len(history), len(default)
    return step

step = counter()
step()

@functools.lru_cache
def cached(x): return object()
first = cached(1)

model = nn.Linear(4, 2)
mx.eval(model.parameters())
optimizer = optim.Adam(learning_rate=0.1)

def loss(m, x): return (m(x) ** 2).mean()
train_step = nn.value_and_grad(model, loss)
fast = mx.compile(lambda x: x * 2 + 1)
fast(weights)
random.seed(7); np.random.seed(7); mx.random.seed(7)
generator = np.random.default_rng(3)
done = (x for x in [])
list(done)

def state():
    import copy
    return json.dumps([
        repr(numbers), repr(table), sorted(seen), repr(queue), repr(raw), text.getvalue(), text.tell(), counts["a"],
        weights.tolist(), lazy.tolist(), grid.tolist(), row.tolist(), digest.hexdigest(), lock.locked(),
        [keyed.get(Key(i)) for i in range(5)], Base.kind, Thing().name(), thing.x, sorted(vars(plain)), plain.a, len(plain.items),
        plain.double, len(cyclic), cached(1) is first, cached.cache_info().hits, model.weight.tolist(), optimizer.learning_rate.tolist(),
        random.random(), np.random.rand(), mx.random.uniform().item(), generator.random(), fast(weights).tolist(),
        step(), sys.path, os.environ.get("X"), json.dumps.__name__, "unheard" in globals(), "colorsys" in sys.modules,
        mx.default_device() == mx.Device(mx.cpu, 0), np.get_printoptions()["precision"], getattr(state, "note", None), abs(-1), len(warnings.filters),
    ])
`

// request changes all of it.
const request = `
numbers.append(5); numbers[2][0] = 9; table["b"] = 2; table[(1, 2)].clear(); del table["a"]; seen.add(3)
queue.append(3); queue.append(4); raw.extend(b"d"); text.write("more and more"); counts.update("aa")
weights[1] = 100; weights += 1; lazy[:] = 0; grid[0, 0] = 50; row[:] = -1; digest.update(b"b"); lock.acquire()
keyed[Key(2)] = "x"; keyed.clear(); keyed[Key(0)] = 1
Base.kind = "changed"; Thing.name = lambda self: "other"; thing.x.append(2); thing.y = 3
plain.b = 5; plain.a = 7; plain.items.append(1); vars(plain)["c"] = 1; Plain.double = property(lambda self: 0)
cyclic.append(1); step(); step(); cached.cache_clear(); cached(2)
value, grads = train_step(model, mx.ones((3, 4))); optimizer.update(model, grads); mx.eval(model.parameters(), optimizer.state)
optimizer.learning_rate = 5
random.random(); np.random.rand(4); mx.random.normal((4,)); generator.random(3); fast(mx.ones((2, 2)))
sys.path.append("/x"); os.environ["X"] = "1"; json.dumps2 = json.dumps; unheard = 1; import colorsys
np.set_printoptions(precision=2); state.note = 4; warnings.filterwarnings("ignore")
import builtins
builtins.abs = lambda x: "absurd"
def left():
    yield 1
    yield 2
suspended = left(); next(suspended)
threading.Thread(target=threading.Event().wait, daemon=True).start()
globals()["more"] = [numbers]
del numbers
`

func openRuntime(t *testing.T, o mlxstar.Options) *mlxstar.Runtime {
	t.Helper()
	o.Device = "cpu"
	rt, err := mlxstar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	})
	return rt
}

func TestSnapshot(t *testing.T) {
	rt := openRuntime(t, mlxstar.Options{})
	ctx := t.Context()
	run := func(src string) {
		t.Helper()
		if err := rt.Exec(ctx, "request.py", src); err != nil {
			t.Fatalf("%v\n%s", err, err.(*mlxstar.Error).Traceback)
		}
	}
	run(warmed)
	s, err := rt.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	look := func() string {
		t.Helper()
		v, err := rt.Call(ctx, "state")
		if err != nil {
			t.Fatalf("%v\n%s", err, err.(*mlxstar.Error).Traceback)
		}
		return v.(string)
	}
	want := look()
	for i := range 3 {
		if err := rt.Restore(ctx, s); err != nil {
			t.Fatal(err)
		}
		if got := look(); got != want {
			t.Fatalf("after %d requests it is\n%s\nwant\n%s", i, got, want)
		}
		if err := rt.Restore(ctx, s); err != nil {
			t.Fatal(err)
		}
		run(request)
	}
	if err := rt.Restore(ctx, s); err != nil {
		t.Fatal(err)
	}
	active := rt.Memory().Active
	for range 5 {
		run(request)
		if err := rt.Restore(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	if now := rt.Memory().Active; now != active {
		t.Errorf("arrays hold %d bytes after five requests, want %d", now, active)
	}
}

// TestSnapshotShares says that elements of arrays are not copied.
func TestSnapshotShares(t *testing.T) {
	rt := openRuntime(t, mlxstar.Options{MemoryLimit: 24 << 20})
	ctx := t.Context()
	if err := rt.Exec(ctx, "a.py", "import mlx.core as mx\nw = mx.ones((4 << 20,))\nmx.eval(w)\ndef use(n):\n    global w\n    w = w * n\n    return w[0].item()"); err != nil {
		t.Fatal(err)
	}
	s, err := rt.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if m := rt.Memory(); m.Active != 16<<20 {
		t.Errorf("a snapshot of 16 MiB has %d bytes active", m.Active)
	}
	if _, err := rt.Call(ctx, "use", 2); err == nil {
		t.Error("two arrays of 16 MiB fit in 24 MiB: the snapshot let go of its own")
	}
	if err := rt.Restore(ctx, s); err != nil {
		t.Fatal(err)
	}
	if v, err := rt.Eval(ctx, "b.py", "mx.sum(w).item()"); err != nil || v != float64(4<<20) {
		t.Errorf("the sum is %v, %v", v, err)
	}
}

// TestSnapshotKeys says that keys of classes are found again, whatever requests make of the
// class, and that code of theirs that has no end ends with the context.
func TestSnapshotKeys(t *testing.T) {
	rt := openRuntime(t, mlxstar.Options{})
	if err := rt.Exec(t.Context(), "a.py", `
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return 1
    def __eq__(self, other):
        while slow: pass
        return self.n == other.n
slow = False
table, keys = {Key(i): i for i in range(8)}, {Key(i) for i in range(8)}
`); err != nil {
		t.Fatal(err)
	}
	s, err := rt.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const change = "Key.__eq__ = lambda self, other: True\ntable.popitem()\nkeys.clear()"
	if err := rt.Exec(t.Context(), "b.py", change); err != nil {
		t.Fatal(err)
	}
	if err := rt.Restore(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := rt.Exec(t.Context(), "c.py", "assert [table[Key(i)] for i in range(8)] == list(range(8)) and len(keys) == 8 and Key(3) in keys"); err != nil {
		t.Fatal(err)
	}
	if err := rt.Exec(t.Context(), "d.py", "slow = True"); err != nil {
		t.Fatal(err)
	}
	slow, err := rt.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.Exec(t.Context(), "b.py", change); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := rt.Restore(ctx, slow); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the context", err)
	}
	if err := rt.Restore(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := rt.Exec(t.Context(), "c.py", "assert table[Key(7)] == 7 and len(keys) == 8"); err != nil {
		t.Error(err)
	}
}

func TestSnapshotRefuses(t *testing.T) {
	dir, err := mlxstar.Dir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	for _, c := range []struct{ src, want string }{
		{"def g():\n    yield 1\nit = g(); next(it)", "it: a generator that has not ended cannot be kept"},
		{"held = {'a': [iter([1, 2])]}", "held.a[0]: the place of a list_iterator cannot be kept"},
		{"def f(it=zip([1], [2])): pass", "f.it: the place of a zip cannot be kept"},
		{"def outer():\n    it = map(str, [1])\n    return lambda: next(it)\nf = outer()", "f.it: the place of a map cannot be kept"},
		{"class A: pass\nA.it = enumerate([])", "A.it: the place of a enumerate cannot be kept"},
		{"f = open('x', 'w')", "f: a file that is open cannot be kept"},
		{"async def c(): pass\nx = c()", "x: a coroutine that has not ended cannot be kept"},
		{"import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()", "1 threads of the script have not ended"},
	} {
		rt := openRuntime(t, mlxstar.Options{Files: dir})
		if err := rt.Exec(t.Context(), "a.py", c.src); err != nil {
			t.Fatalf("%s: %v", c.src, err)
		}
		if _, err := rt.Snapshot(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.src, err, c.want)
		}
	}
	rt, other := openRuntime(t, mlxstar.Options{}), openRuntime(t, mlxstar.Options{})
	s, err := rt.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Restore(t.Context(), s); err == nil {
		t.Error("a runtime takes another's snapshot")
	}
	if err := rt.Restore(t.Context(), nil); err == nil {
		t.Error("a runtime takes no snapshot for one")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := rt.Restore(ended, s); err == nil {
		t.Error("a call whose context has ended restores")
	}
	for what, f := range map[string]func() error{
		"Snapshot": func() error { _, err := rt.Snapshot(t.Context()); return err },
		"Restore":  func() error { return rt.Restore(t.Context(), s) },
		"Reset":    func() error { return rt.Reset(t.Context()) },
	} {
		var got error
		if err := rt.Set("f", mlxstar.Func(func([]any, map[string]any) (any, error) { got = f(); return nil, nil })); err != nil {
			t.Fatal(err)
		}
		if err := rt.Exec(t.Context(), "a.py", "f()"); err != nil || got == nil {
			t.Errorf("%s in a function of the script's gives %v, %v", what, got, err)
		}
	}
}

// TestSnapshotOfLibrary says that no module of the library holds what cannot be kept.
func TestSnapshotOfLibrary(t *testing.T) {
	rt := openRuntime(t, mlxstar.Options{})
	const src = `
import sys, importlib
for name in sorted(sys.stdlib_module_names):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
import mlx.nn, mlx.optimizers, mlx.utils
`
	if err := rt.Exec(t.Context(), "all.py", src); err != nil {
		t.Fatal(err)
	}
	s, err := rt.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.Restore(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := rt.Exec(t.Context(), "after.py", "import json, asyncio, dataclasses\nassert json.loads('[1]') == [1]\nasync def f(): return 3\nassert asyncio.run(f()) == 3"); err != nil {
		t.Fatal(err)
	}
}

func TestReset(t *testing.T) {
	rt := openRuntime(t, mlxstar.Options{Seed: 3, MemoryLimit: 1 << 28, Modules: map[string]mlxstar.Module{"host.db": {"answer": 42}}})
	ctx := t.Context()
	draw := func() any {
		t.Helper()
		v, err := rt.Eval(ctx, "draw.py", "import mlx.core as mx, host.db\n(mx.random.uniform().item(), mx.get_memory_limit() if hasattr(mx, 'get_memory_limit') else 0, host.db.answer)")
		if err != nil {
			t.Fatal(err)
		}
		return v.([]any)[0]
	}
	first := draw()
	if err := rt.Exec(ctx, "a.py", `
import mlx.core as mx, mlx.nn as nn, sys, threading
mx.set_memory_limit(1 << 20)
mx.set_cache_limit(5)
mx.array.shape2 = 1
mx.odd = 1
kept = mx.ones((1000,)); mx.eval(kept)
def g():
    yield 1
    yield 2
it = g(); next(it)
threading.Thread(target=threading.Event().wait, daemon=True).start()
`); err != nil && !strings.Contains(err.Error(), "shape2") {
		t.Fatal(err)
	}
	if err := rt.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if got := draw(); got != first {
		t.Errorf("the first number is %v, want %v again", got, first)
	}
	for _, name := range []string{"kept", "it", "g", "nn"} {
		if _, ok := rt.Get(name); ok {
			t.Errorf("%s is still there", name)
		}
	}
	m := rt.Memory()
	if m.Limit != 1<<28 || m.Active > 64 {
		t.Errorf("the memory is %+v, want the limit that the host set and nothing of before", m)
	}
	if err := rt.Exec(ctx, "b.py", "import mlx.core as mx\nassert not hasattr(mx, 'odd')\nassert mx.set_cache_limit(0) > 5"); err != nil {
		t.Error(err)
	}
}
