package engine_test

import (
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestEveryOperationIsComplete holds each row of the table to what its class
// promises. That a backend has a kernel for each is the backend's own test.
func TestEveryOperationIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, op := range engine.Ops() {
		if op.Name == "" || seen[op.Name] {
			t.Errorf("operation %q: no name of its own", op.Name)
		}
		seen[op.Name] = true
		if op.Class == 0 {
			t.Errorf("%s: no class", op.Name)
		}
		if op.Doc == "" {
			t.Errorf("%s: no doc", op.Name)
		}
		switch op.Gradient {
		case engine.Differentiable:
			if op.VJP == nil && op.Expand == nil {
				t.Errorf("%s: differentiable, and has neither a VJP nor an expansion", op.Name)
			}
		case engine.NoGrad, engine.NotYetDefined:
			if op.VJP != nil {
				t.Errorf("%s: has a VJP, and says that it is not differentiable", op.Name)
			}
		default:
			t.Errorf("%s: does not decide about its gradient", op.Name)
		}
		if (op.Class == engine.View) != (op.Alias != nil) {
			t.Errorf("%s: an alias rule is what views have, and they alone", op.Name)
		}
		if op.Class == engine.Composite && op.Expand == nil {
			t.Errorf("%s: a composite without an expansion", op.Name)
		}
	}
	if len(seen) < 80 {
		t.Errorf("the table has %d operations; it was not filled", len(seen))
	}
}
