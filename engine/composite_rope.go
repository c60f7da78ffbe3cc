package engine

import (
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// RotaryAttrs choose a rotary encoding of positions: of the first Dims features,
// paired with their neighbours or, unless Traditional is set, with those half of
// Dims away. Freqs, the inverse frequencies, replace Base where they are not nil.
type RotaryAttrs struct {
	Dims        int
	Traditional bool
	Base, Scale float64
	Freqs       *Node
}

// Rotary turns pairs of features by angles that grow with the position, the place
// along the last axis but one plus an offset: a scalar, or one for each example.
func (b *Builder) Rotary(x, offset *Node, at RotaryAttrs) *Node {
	b.checkRotary(x, offset, at)
	in := []*Node{x, b.AsType(offset, Int32)}
	if at.Freqs != nil {
		in = append(in, b.wide(at.Freqs))
	}
	return b.node(OpRope, RopeAttrs{at.Dims, at.Traditional, at.Freqs != nil, at.Base, at.Scale}, x.dtype, x.shape, in...)
}

// expandRope finds angles in float32 and rounds their sines and cosines, and what it makes
// of them, to the dtype of x, as MLX does on processors.
func (b *Builder) expandRope(n *Node) *Node {
	at, x, offset := n.attrs.(RopeAttrs), n.inputs[0], n.inputs[1]
	rank, half := len(x.shape), at.Dims/2
	d := fastDtype(x.dtype)
	place := b.Arange(0, 1, x.shape[rank-2], d)
	if len(offset.shape) == 1 && offset.shape[0] > 1 {
		offset = b.Reshape(offset, append([]int{offset.shape[0]}, slices.Repeat([]int{1}, rank-2)...))
	}
	place = b.Mul(b.Add(place, b.AsType(offset, d)), b.Scalar(at.Scale, d))
	var speed *Node
	if at.Freqs {
		speed = b.Reciprocal(b.AsType(n.inputs[2], d))
	} else {
		exponent := b.Arange(0, -1, half, d)
		speed = b.Exp(b.Mul(exponent, b.Scalar(math.Log(at.Base)/float64(max(half, 1)), d)))
	}
	angle := b.Mul(b.ExpandDims(place, -1), speed)
	cos, sin := b.AsType(b.Unary(OpCos, angle), x.dtype), b.AsType(b.Unary(OpSin, angle), x.dtype)
	turned := b.turn(x, cos, sin, at)
	if at.Dims < x.shape[rank-1] {
		turned = b.Concatenate([]*Node{turned, b.Narrow(x, rank-1, at.Dims, x.shape[rank-1])}, rank-1)
	}
	return turned
}

// turn rotates the pairs among the first Dims features.
func (b *Builder) turn(x, cos, sin *Node, at RopeAttrs) *Node {
	last, half := len(x.shape)-1, at.Dims/2
	if !at.Traditional {
		u, v := b.Narrow(x, last, 0, half), b.Narrow(x, last, half, at.Dims)
		return b.Concatenate([]*Node{b.Sub(b.Mul(u, cos), b.Mul(v, sin)), b.Add(b.Mul(u, sin), b.Mul(v, cos))}, last)
	}
	pairs := b.Unflatten(b.Narrow(x, last, 0, at.Dims), last, []int{half, 2})
	u, v := b.Squeeze(b.Narrow(pairs, last+1, 0, 1), last+1), b.Squeeze(b.Narrow(pairs, last+1, 1, 2), last+1)
	turned := b.Stack([]*Node{b.Sub(b.Mul(u, cos), b.Mul(v, sin)), b.Add(b.Mul(u, sin), b.Mul(v, cos))}, last+1)
	return b.Flatten(turned, last, last+1)
}

func (b *Builder) checkRotary(x, offset *Node, at RotaryAttrs) {
	switch rank := len(x.shape); {
	case rank < 3:
		b.failf(ValueError, "rope", "got an array with %d axes, want at least 3", rank)
	case !x.dtype.IsFloat():
		b.failf(ValueError, "rope", "got %s, want a floating dtype", x.dtype)
	case at.Dims <= 0 || at.Dims%2 != 0:
		b.failf(ValueError, "rope", "dims is %d, want a positive even number", at.Dims)
	case at.Dims > x.shape[rank-1]:
		b.failf(ValueError, "rope", "dims is %d for %d features", at.Dims, x.shape[rank-1])
	case len(offset.shape) > 1 || len(offset.shape) == 1 && offset.shape[0] != x.shape[0] && offset.shape[0] != 1:
		b.failf(ValueError, "rope", "the offset has the shape %s, want () or (%d,)", shapes.Format(offset.shape), x.shape[0])
	case offset.dtype.IsInexact():
		b.failf(ValueError, "rope", "the offset is %s, want an integer dtype", offset.dtype)
	case at.Freqs != nil && !slices.Equal(at.Freqs.shape, []int{at.Dims / 2}):
		b.failf(ValueError, "rope", "freqs has the shape %s, want (%d,)", shapes.Format(at.Freqs.shape), at.Dims/2)
	}
}
