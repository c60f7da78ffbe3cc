package gpu_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
	"github.com/mlxstar/mlxstar/internal/suite"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// faultyScript does a little of everything that can fail: steps of training, groups
// of elementwise operations, indexing, a kernel of its own, wired memory, a second
// stream, and waiting between devices.
const faultyScript = mixedScript + `
import mlx.nn as nn
import mlx.optimizers as optim
mx.set_wired_limit(1 << 20)
mx.random.seed(1)
model = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 1))
x = mx.random.normal((16, 4))
y = x.sum(axis=1, keepdims=True)
opt = optim.Adam(learning_rate=0.05)
step = nn.value_and_grad(model, lambda m, x, y: ((m(x) - y) ** 2).mean())
for _ in range(2):
    loss, grads = step(model, x, y)
    opt.update(model, grads)
    mx.eval(model.parameters(), opt.state, loss)
    print(f"{loss.item():.5f}")
a = mx.zeros((4, 5)).at[mx.array([1, 3])].add(2)
a[a > 1] = mx.arange(20)[:10]
print(mx.argmax(a, axis=1).tolist(), mx.cumsum(a[1]).tolist())
double = mx.fast.metal_kernel(name="double", input_names=["a"], output_names=["out"], source="uint i = thread_position_in_grid.x; out[i] = 2 * a[i];")
b = double(inputs=[a], grid=(20, 1, 1), threadgroup=(8, 1, 1), output_shapes=[(20,)], output_dtypes=[mx.float32], init_value=0)[0]
print(mx.sum(b, stream=mx.new_stream(mx.gpu)).item())
mx.async_eval(mx.exp(b) / 3)
`

// faultKinds are the steps that can fail.
var faultKinds = []string{"device", "queue", "event", "buffer", "library", "function", "pipeline", "residency", "commandbuffer", "encoder", "execution"}

// TestGPUFaults lets every step that can fail do so, in turn: each gives an error or
// is made good, what is printed before it is right, and nothing is left behind.
func TestGPUFaults(t *testing.T) {
	options, sim := suite.Simulated(t)
	want, err := suite.Output(options, faultyScript)
	if err != nil {
		t.Fatal(err)
	}
	if onCPU, err := suite.Output(mlxstar.Options{Device: "cpu"}, strings.ReplaceAll(faultyScript, "stream=mx.new_stream(mx.gpu)", "")); err == nil || !strings.HasPrefix(want, onCPU) {
		t.Fatalf("the GPU prints %q, the processor %q, %v, which has no kernels of its own", want, onCPU, err)
	}
	for _, kind := range faultKinds {
		t.Run(kind, func(t *testing.T) { failInTurn(t, options, sim, kind, want) })
	}
}

// failInTurn lets the events of a kind fail: one in each run, and then one and all
// that follow it. That nth failed is written -nth then.
func failInTurn(t *testing.T, options mlxstar.Options, sim *metalsim.Simulator, kind, want string) {
	sim.Fail(kind, 0)
	if _, err := suite.Output(options, faultyScript); err != nil {
		t.Fatal(err)
	}
	events, step := sim.Seen(kind), 1
	if *flags.GPUFaults > 0 {
		step = max(1, events / *flags.GPUFaults)
	}
	tried, failed := 0, 0
	for at := 1; at <= 2*events; at += step {
		nth := at
		if at > events {
			nth = events - at // and all that follow it
		}
		sim.Fail(kind, nth)
		got, err := suite.Output(options, faultyScript)
		sim.Fail(kind, 0)
		tried++
		switch {
		case err == nil && got != want:
			t.Errorf("failure %d: no error, and %q instead of %q", nth, got, want)
		case err != nil:
			failed++
			if !strings.HasPrefix(want, got) {
				t.Errorf("failure %d: printed %q before the error %v, want a beginning of %q", nth, got, err, want)
			}
		}
		if left := objectsLeft(sim); left != "" {
			t.Fatalf("failure %d, %v: %s", nth, err, left)
		}
	}
	if failed == 0 {
		t.Errorf("%d failures, and none led to an error", tried)
	}
	t.Logf("%d events: %d runs with failures, %d ended with an error", events, tried, failed)
}
