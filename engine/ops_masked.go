package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// OpMaskedScatter takes an array, a mask of its shape and a vector of values.
var OpMaskedScatter = define(Op{Name: "masked_scatter", Class: Movement, Layout: RowsLayout, InPlace: true, Gradient: Differentiable,
	Doc: "The first input with the elements where a mask holds replaced, in order, by those of a vector. Fewer values than places is an error of the evaluation."})

// MaskedScatter replaces the elements of x where the mask, which has x's shape,
// holds: the k-th of them by the k-th value. Surplus values are ignored.
func (b *Builder) MaskedScatter(x, mask, values *Node) *Node {
	if mask.dtype != Bool || !slices.Equal(mask.shape, x.shape) {
		b.failf(ValueError, "masked_scatter", "the mask is %s of shape %s, want bool of shape %s", mask.dtype, shapes.Format(mask.shape), shapes.Format(x.shape))
	}
	values = b.AsType(b.Reshape(values, []int{values.Len()}), x.dtype)
	return b.node(OpMaskedScatter, nil, x.dtype, x.shape, x, mask, values)
}

// FewValues is the error of a mask that holds in more places than there are values.
func FewValues(n int) *Error {
	return Errorf(RuntimeError, OpMaskedScatter.Name, "the mask holds in more places than the %d values can fill", n)
}

func init() {
	OpMaskedScatter.Expand = func(b *Builder, n *Node) []*Node {
		x, mask, values := n.inputs[0], n.inputs[1], n.inputs[2]
		// Element 0 is for the places where the mask does not hold.
		values = b.Concatenate([]*Node{b.Full([]int{1}, 0, values.dtype), values}, 0)
		picked := b.node(OpGather, GatherAttrs{Axes: []int{0}, Sizes: []int{1}, Beyond: FewValues(values.Len() - 1)},
			values.dtype, []int{mask.Len(), 1}, values, maskOrder(b, mask))
		return []*Node{b.Where(mask, b.Reshape(picked, x.shape), x)}
	}
	OpMaskedScatter.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		x, mask, values := n.inputs[0], n.inputs[1], n.inputs[2]
		zero, out := b.Scalar(0, ct[0].dtype), make([]*Node, 3)
		if need[0] {
			out[0] = b.Where(mask, zero, ct[0])
		}
		if need[2] {
			// Place 0 collects what no value went to.
			sums := b.Full([]int{values.Len() + 1}, 0, ct[0].dtype)
			sums = b.Scatter(sums, []*Node{maskOrder(b, b.StopGradient(mask))}, b.Reshape(b.Where(mask, ct[0], zero), []int{x.Len(), 1}), []int{0}, Sum)
			out[2] = b.Narrow(sums, 0, 1, values.Len()+1)
		}
		return out
	}
}

// maskOrder numbers the places where a mask holds, in order from 1; it is 0 at
// the others.
func maskOrder(b *Builder, mask *Node) *Node {
	flat := b.AsType(b.Reshape(mask, []int{mask.Len()}), Int64)
	return b.Mul(b.Scan(OpCumSum, flat, 0, false, true), flat)
}
