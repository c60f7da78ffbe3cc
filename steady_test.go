package mlxstar_test

import (
	"testing"

	"github.com/mlxstar/mlxstar"
)

// steadyLoop is the loop that scripts/steady_loop.star runs at full length.
const steadyLoop = `
import mlx.core as mx
import mlxstar
w = mx.random.normal((512, 512)) * 0.04
x = mx.random.normal((512, 512))
mx.eval(w, x)
def settle():
    return mx.get_active_memory()
live = settle()
mx.reset_peak_memory()
resident = mlxstar.resident_memory()
for i in range(steps):
    x = mx.tanh(x @ w)
    mx.eval(x)
peak = mx.get_peak_memory()
grown = mlxstar.resident_memory() - resident
left = settle() - live
`

func TestSteadyLoopHoldsOneStep(t *testing.T) {
	s := newScript(t, mlxstar.Options{})
	if err := s.rt.Set("steps", 200); err != nil {
		t.Fatal(err)
	}
	s.run(steadyLoop)
	live, step := s.int("live"), int64(2*1<<20)
	if got, most := s.int("peak"), (live+step)*105/100; got > most {
		t.Errorf("peak %d, want at most %d: what is live, and one step's temporaries", got, most)
	}
	if got := s.int("left"); got != 0 {
		t.Errorf("%d bytes stayed active after the loop", got)
	}
	if got := s.int("grown"); got > 64<<20 {
		t.Errorf("the resident set grew by %d over the loop", got)
	}
}
