package gpu_test

import (
	"context"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// A compiled function and one that is not, of operations that need several kernels
// unless they are fused.
const fusionScript = `
import mlx.core as mx
x = mx.random.normal((32, 48), key=mx.random.key(1))
w = mx.random.normal((48,), key=mx.random.key(2))
def gated(x):
    h = mx.where(x > w, x * mx.sigmoid(x), mx.exp(mx.minimum(x, 0)) - 1)
    return h * w, (h - 0.5).astype(mx.bfloat16)
compiled = mx.compile(gated)
def run(f, times):
    for _ in range(times):
        y = f(x)
        mx.eval(y)
    return y
first = run(gated, 1)
mx.eval(w)
def same():
    return all(mx.array_equal(a, b).item() for f in (gated, compiled) for a, b in zip(first, run(f, 1)))
def some(times):
    run(gated, times)
def some_compiled(times):
    run(compiled, times)
`

// TestGPUFusion: elementwise operations that come again and again become one
// dispatch, with the same results.
func TestGPUFusion(t *testing.T) {
	options, sim := suite.Simulated(t)
	rt, err := mlxstar.New(options)
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	ctx := context.Background()
	call := func(name string, args ...any) any {
		t.Helper()
		v, err := rt.Call(ctx, name, args...)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if err := rt.Exec(ctx, "fusion.py", fusionScript); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"some", "some_compiled"} {
		before := sim.Count("dispatches")
		call(f, 1)
		alone := sim.Count("dispatches") - before
		call(f, 40)
		before = sim.Count("dispatches")
		call(f, 10)
		if per := (sim.Count("dispatches") - before) / 10; per != 1 || f == "some" && alone < 8 {
			t.Errorf("%s: %d dispatches of a call became %d, want 1", f, alone, per)
		}
	}
	if call("same") != true {
		t.Error("fused operations give other results")
	}
}
