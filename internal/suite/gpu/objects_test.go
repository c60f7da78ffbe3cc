package gpu_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
	"github.com/mlxstar/mlxstar/internal/suite"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// A little of everything that the host does: several kernels, an in-place update,
// a copy of memory that was handed in, and waiting between devices.
const mixedScript = `
import mlx.core as mx
a = mx.arange(12, dtype=mx.float32).reshape(3, 4)
b = mx.softmax(a @ a.T, axis=-1) + mx.ones((3, 3))
c = mx.add(b, 1, stream=mx.cpu)
d = mx.sort(c.reshape(-1))[::2] * 2
d[1] = 7
print(d.sum().item(), mx.take(a, mx.array([2, 0]), axis=0).tolist())
`

// objectClasses are the classes whose objects the backend makes.
var objectClasses = []string{"MTLBuffer", "MTLCommandQueue", "MTLCommandBuffer", "MTLComputeCommandEncoder", "MTLLibrary", "MTLFunction",
	"MTLComputePipelineState", "MTLDevice", "MTLSharedEvent", "MTLResidencySet", "NSString", "NSError", "MTLCompileOptions"}

// objectsLeft tells what is alive though every runtime is closed, or "".
func objectsLeft(sim *metalsim.Simulator) string {
	var left []string
	for _, class := range objectClasses {
		// The GPU's own thread lets go a moment after it reports completion, and
		// what nothing reaches any more after a collection.
		for wait := 0; sim.Live(class) != 0 && wait < 1000; wait++ {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
		if n := sim.Live(class); n != 0 {
			left = append(left, fmt.Sprintf("%d objects of %s are left", n, class))
		}
	}
	return strings.Join(left, ", ")
}

// TestGPUObjects trains on the GPU: the number of buffers stays flat, and nothing
// is left when the runtime is closed.
func TestGPUObjects(t *testing.T) {
	options, sim := suite.Simulated(t)
	rt, err := mlxstar.New(options)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	err = rt.Exec(ctx, "train.py", `
import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
mx.random.seed(1)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
x = mx.random.normal((16, 4))
y = x.sum(axis=1, keepdims=True)
opt = optim.SGD(learning_rate=0.05)
step = nn.value_and_grad(model, lambda m, x, y: ((m(x) - y) ** 2).mean())
def train(n):
    for _ in range(n):
        loss, grads = step(model, x, y)
        opt.update(model, grads)
        mx.eval(model.parameters(), opt.state, loss)
    return loss.item()
def settle():
    mx.clear_cache()
first = train(1)
`)
	if err != nil {
		t.Fatal(err)
	}
	train := func(n int) float64 {
		loss, err := rt.Call(ctx, "train", n)
		if err != nil {
			t.Fatal(err)
		}
		return loss.(float64)
	}
	// What is dead waits for a collection, and what is free waits in the cache.
	held := func() int {
		if _, err := rt.Call(ctx, "settle"); err != nil {
			t.Fatal(err)
		}
		return sim.Live("MTLBuffer")
	}
	train(*flags.GPUSteps / 2)
	buffers := held()
	dispatches, barriers, commits := sim.Count("dispatches"), sim.Count("barriers"), sim.Count("commandbuffers")
	loss := train(*flags.GPUSteps / 2)
	if now := held(); now > buffers+4 {
		t.Errorf("%d buffers grew to %d", buffers, now)
	}
	t.Logf("%d buffers are held", buffers)
	if !(loss < 0.5) {
		t.Errorf("the loss is %v after %d steps", loss, *flags.GPUSteps)
	}
	per := func(now, before int) float64 { return float64(now-before) / float64(*flags.GPUSteps/2) }
	t.Logf("a step: %.1f dispatches, %.1f barriers, %.1f command buffers", per(sim.Count("dispatches"), dispatches),
		per(sim.Count("barriers"), barriers), per(sim.Count("commandbuffers"), commits))
	if err := rt.Close(); err != nil {
		t.Fatal(err)
	}
	if left := objectsLeft(sim); left != "" {
		t.Error(left)
	}
}

// TestGPUOrder runs what no barrier separates backwards, and late: the answers
// stay the same.
func TestGPUOrder(t *testing.T) {
	options, sim := suite.Simulated(t)
	want, err := suite.Output(options, mixedScript)
	if err != nil {
		t.Fatal(err)
	}
	sim.Set("reorder", 1)
	sim.Set("delay", 2000)
	defer sim.Set("reorder", 0)
	defer sim.Set("delay", 0)
	if got, err := suite.Output(options, mixedScript); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// TestGPUIndexErrors: an index that a kernel finds out of bounds is Python's error.
func TestGPUIndexErrors(t *testing.T) {
	options := suite.GPU(t)
	_, err := suite.Output(options, "import mlx.core as mx\nmx.eval(mx.take(mx.arange(3), mx.array([5])))")
	if err == nil || !strings.Contains(err.Error(), "index 5 is out of bounds for axis 0 with size 3") {
		t.Errorf("got %v", err)
	}
}
