package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

// maxRank is how many axes a kernel walks, after those that lie as one were
// merged.
const maxRank = 10

// maxWalked is how many operands share one walk.
const maxWalked = 3

// walk is the Walk of the kernels.
type walk struct {
	count   uint64
	width   uint32
	rank    uint32
	shape   [maxRank]uint32
	strides [maxWalked][maxRank]int64
}

// newWalk walks a shape with the strides of some operands.
func newWalk(op string, shape []int, strides ...[]int) (w walk, err error) {
	merged, by := engine.Collapse(shape, strides...)
	if len(merged) > maxRank {
		return w, engine.Errorf(engine.ValueError, op, "gpu walks %d axes at most, and shape %s has %d that do not merge",
			maxRank, engine.FormatShape(shape), len(merged))
	}
	w.count, w.rank = uint64(engine.Elements(shape)), uint32(len(merged))
	for i, n := range merged {
		if n > 1<<32-1 {
			return w, engine.Errorf(engine.ValueError, op, "gpu counts to %d along an axis, got %d", 1<<32-1, n)
		}
		w.shape[i] = uint32(n)
		for k := range by {
			w.strides[k][i] = int64(by[k][i])
		}
	}
	return w, nil
}

// broadcast gives the strides with which an operand is read under a shape that
// it broadcasts to.
func broadcast(o *engine.Operand, shape []int) []int {
	s := make([]int, len(shape))
	lead := len(shape) - len(o.Shape)
	for i, n := range o.Shape {
		if n != 1 {
			s[lead+i] = o.Strides[i]
		}
	}
	return s
}
