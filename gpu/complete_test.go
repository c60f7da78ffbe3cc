package gpu

import (
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestEveryOperation: an operation has a family, is expanded, is a view, or stands in
// the list of what is refused; and nothing stands there that need not.
func TestEveryOperation(t *testing.T) {
	for _, op := range engine.Ops() {
		why, listed := refused[op]
		switch runs := families[op] != nil || op.Expand != nil || op.Class == engine.View; {
		case !runs && !listed:
			t.Errorf("%s runs on no GPU: it has no family (a row in elementwise.go, or a register of its own), no expansion, and no reason in refusals.go", op.Name)
		case runs && listed:
			t.Errorf("%s is in refusals.go and has a family or an expansion", op.Name)
		case listed && why == "":
			t.Errorf("%s is refused without a reason", op.Name)
		}
	}
}
