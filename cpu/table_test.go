package cpu

import (
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// dtypesOf gives the pairs of input and output dtypes that an operation can be
// asked for. Operations without a rule of their own are listed.
func dtypesOf(op *engine.Op) (pairs [][2]engine.Dtype) {
	all := dtype.All()
	switch {
	case op == engine.OpAsType:
		for _, from := range all {
			for _, to := range all {
				if from != to {
					pairs = append(pairs, [2]engine.Dtype{from, to})
				}
			}
		}
	case op == engine.OpFromFP8:
		for _, d := range all {
			if d.IsFloat() {
				pairs = append(pairs, [2]engine.Dtype{engine.Uint8, d})
			}
		}
	case op == engine.OpRandomBits:
		for _, d := range []engine.Dtype{engine.Uint8, engine.Uint16, engine.Uint32} {
			pairs = append(pairs, [2]engine.Dtype{engine.Uint32, d})
		}
	case op.Dtypes != nil:
		for _, d := range all {
			if in, out := op.Dtypes(d); in == d {
				pairs = append(pairs, [2]engine.Dtype{in, out})
			}
		}
	default:
		for _, d := range all {
			switch {
			case op.Class == engine.Contraction || op == engine.OpSoftmax:
				if !d.IsInexact() {
					continue
				}
			}
			pairs = append(pairs, [2]engine.Dtype{d, d})
		}
	}
	return pairs
}

// answersIndices are the operations that answer with places.
var answersIndices = map[*engine.Op]bool{
	engine.OpArgMax: true, engine.OpArgMin: true, engine.OpArgSort: true, engine.OpArgPartition: true, engine.OpSearchSorted: true,
}

// TestComplete fails for an operation that has neither a kernel for each dtype
// it can be asked for nor an expansion.
func TestComplete(t *testing.T) {
	be, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer be.Close()
	for _, op := range engine.Ops() {
		if op.Class == engine.View || op.Class == engine.Composite || op.Expand != nil {
			continue
		}
		for _, p := range dtypesOf(op) {
			in := []engine.Dtype{p[0], p[0], p[0]}
			if op.Class == engine.Generator && op != engine.OpRandomBits || op == engine.OpLoad || op == engine.OpRecv {
				in = nil
			}
			if op == engine.OpSelect {
				in[0] = engine.Bool
			}
			if answersIndices[op] {
				p[1] = engine.Uint32
			}
			if !be.Supports(op, in, []engine.Dtype{p[1]}) {
				t.Errorf("%s of %s to %s has neither a kernel nor an expansion", op.Name, p[0], p[1])
			}
		}
	}
}

// TestUnsupported: what there is no kernel for is said so.
func TestUnsupported(t *testing.T) {
	be, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer be.Close()
	if be.Supports(engine.OpSigmoid, []engine.Dtype{engine.Complex64}, []engine.Dtype{engine.Complex64}) {
		t.Error("sigmoid of complex64 is said to be supported")
	}
}
