package mlxstar

import (
	"runtime/debug"
	"testing"

	"github.com/mlxstar/mlxstar/bench/steps"
)

// planned comes before a step's program: each evaluation is planned first, and its peak held
// to what the plan said.
const planned = `
import mlx.core as mx, mlxstar
evaluate, compared = mx.eval, []
def planned(*args):
    told = mlxstar.plan(*args)["peak"]
    before = mx.get_active_memory()
    mx.reset_peak_memory()
    evaluate(*args)
    came = mx.get_peak_memory() - before
    compared.append((told, came))
mx.eval = planned
`

// TestStepsTakeWhatWasPlanned runs the whole steps of training and inference that bench measures:
// each evaluation takes what was planned, to the byte.
func TestStepsTakeWhatWasPlanned(t *testing.T) {
	// What only a collection in the middle could find is not part of a plan.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	names := steps.Names()
	if len(names) < 20 {
		t.Fatalf("%d steps: %v", len(names), names)
	}
	for _, name := range names {
		text, err := steps.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			rt, err := New(Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer rt.Close()
			rt.account.SetCollectShare(0)
			if err := rt.Exec(t.Context(), name+".py", planned+text); err != nil {
				t.Fatal(err)
			}
			v, _ := rt.Get("compared")
			compared, _ := v.([]any)
			if len(compared) < 5 {
				t.Fatalf("%v were compared, want one evaluation of each step at least", v)
			}
			for i, c := range compared {
				if pair := c.([]any); pair[0] != pair[1] {
					t.Errorf("evaluation %d of %d: the peak was %v bytes above what was active, planned %v", i, len(compared), pair[1], pair[0])
				}
			}
		})
	}
}
