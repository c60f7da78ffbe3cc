package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// GatherProductAttrs say which sides of a product are picked. These are stacks of
// matrices with one leading axis; the others have the leading axes of the answer. The
// places in the stacks, of the left side first, are the inputs that follow.
type GatherProductAttrs struct{ Left, Right bool }

// OpGatherMM multiplies matrices where they lie: a backend that has no kernel copies
// those that are picked.
var OpGatherMM = define(Op{Name: "gather_mm", Class: Structured, Layout: TileLayout, Gradient: Differentiable,
	Doc: "Products of matrices that index arrays pick from stacks."})

// GatherMM multiplies matrices that index arrays pick from the leading axes of
// the operands, counted as one; a nil index array takes them in order.
func (b *Builder) GatherMM(x, y, xIndex, yIndex *Node) *Node {
	if len(x.shape) == 1 {
		return b.Squeeze(b.GatherMM(b.ExpandDims(x, 0), y, xIndex, yIndex), -2)
	}
	left, right := b.picked(x, xIndex), b.picked(y, yIndex)
	lead, ok := shapes.Broadcast(left.lead, right.lead)
	rx, ry := len(left.of.shape), len(right.of.shape)
	inner := left.of.shape[rx-1] == right.of.shape[ry-2]
	if !ok || !inner || !x.dtype.IsFloat() || x.dtype != y.dtype || xIndex == nil && yIndex == nil {
		return b.MatMul(b.take(left), b.take(right)) // which says what is wrong
	}
	in := []*Node{nil, nil}
	for i, side := range []gatherSide{left, right} {
		if side.index == nil {
			r := len(side.of.shape)
			in[i] = b.Broadcast(side.of, append(slices.Clone(lead), side.of.shape[r-2:]...))
			continue
		}
		in[i] = side.of
		in = append(in, b.Broadcast(side.index, lead))
	}
	shape := append(slices.Clone(lead), left.of.shape[rx-2], right.of.shape[ry-1])
	return b.node(OpGatherMM, GatherProductAttrs{xIndex != nil, yIndex != nil}, x.dtype, shape, in...)
}

// gatherSide is a stack of matrices, and the places of those that multiply, nil for
// all of them.
type gatherSide struct {
	of, index *Node
	lead      []int // axes of what multiplies
}

// picked checks one side of a product of picked matrices.
func (b *Builder) picked(m, index *Node) gatherSide {
	const op = "gather_mm"
	r := len(m.shape)
	if r < 2 {
		b.failf(ValueError, op, "got an operand with %d axes, want at least 2", r)
	}
	if index == nil {
		return gatherSide{m, nil, m.shape[:r-2]}
	}
	b.checkIndex(op, index)
	flat := b.Reshape(m, []int{shapes.Elements(m.shape[:r-2]), m.shape[r-2], m.shape[r-1]})
	if flat.shape[0] == 0 && index.Len() > 0 {
		b.failf(IndexError, op, "cannot pick from no matrices: shape %s", shapes.Format(m.shape))
	}
	return gatherSide{flat, index, index.shape}
}

// take copies what multiplies.
func (b *Builder) take(side gatherSide) *Node {
	if side.index == nil {
		return side.of
	}
	return b.Take(side.of, side.index, 0)
}
