package mlxstar

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
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
	const steps = "bench/steps"
	files, err := filepath.Glob(steps + "/*.py")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d steps, %v", len(files), err)
	}
	read := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, file := range files {
		text, name := read(file), strings.TrimSuffix(filepath.Base(file), ".py")
		if slices.Contains([]string{"head", "transformer", "recurrent"}, name) {
			continue
		}
		if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "# with ") {
			text = read(filepath.Join(steps, strings.TrimPrefix(first, "# with ")+".py")) + text
		}
		t.Run(name, func(t *testing.T) {
			rt, err := New(Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer rt.Close()
			rt.account.SetCollectShare(0)
			if err := rt.Exec(t.Context(), name+".py", planned+read(steps+"/head.py")+text); err != nil {
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
