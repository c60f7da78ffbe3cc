package builtins

import (
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine"
)

// spelled are operations that have no primitive, in terms of others.
var spelled = map[*engine.Op]func(b *engine.Builder, n *engine.Node) []*engine.Node{
	engine.OpTrunc: func(b *engine.Builder, n *engine.Node) []*engine.Node {
		x := n.Inputs()[0]
		if !x.Dtype().IsFloat() {
			return []*engine.Node{x}
		}
		below := b.Binary(engine.OpLess, x, b.Scalar(0, x.Dtype()))
		return []*engine.Node{b.Where(below, b.Unary(engine.OpCeil, x), b.Unary(engine.OpFloor, x))}
	},
	engine.OpInvert: func(b *engine.Builder, n *engine.Node) []*engine.Node {
		return []*engine.Node{b.Binary(engine.OpBitXor, n.Inputs()[0], b.FullInt(nil, -1, n.Dtype()))}
	},
	engine.OpUnpackBits: func(b *engine.Builder, n *engine.Node) []*engine.Node {
		bits := n.Attrs().(engine.BitsAttrs).Bits
		return []*engine.Node{b.AsType(regroup(b, n.Inputs()[0], 32, bits, n.Shape()), engine.Uint8)}
	},
	engine.OpPackBits: func(b *engine.Builder, n *engine.Node) []*engine.Node {
		bits := n.Attrs().(engine.BitsAttrs).Bits
		return []*engine.Node{regroup(b, b.AsType(n.Inputs()[0], engine.Uint32), bits, 32, n.Shape())}
	},
}

// spelledLogSumExp is for axes that the primitive does not fold.
func spelledLogSumExp(b *engine.Builder, n *engine.Node) []*engine.Node {
	x, axes := n.Inputs()[0], n.Attrs().(engine.ReduceAttrs).Axes
	top := b.StopGradient(b.Reduce(engine.OpMax, x, axes, true))
	// An infinite top is taken for 0, so that infinities do not cancel.
	finite := b.Binary(engine.OpLess, b.Unary(engine.OpAbs, top), b.Scalar(math.Inf(1), x.Dtype().Real()))
	top = b.Where(finite, top, b.Scalar(0, x.Dtype()))
	sum := b.Add(b.Unary(engine.OpLog, b.Sum(b.Exp(b.Sub(x, top)), axes, true)), top)
	return []*engine.Node{b.Reshape(sum, slices.Clone(n.Shape()))}
}

// regroup takes a stream of bits along the last axis, from to at a time, for one of by
// bits at a time: both are uint32.
func regroup(b *engine.Builder, x *engine.Node, from, by int, shape []int) *engine.Node {
	places := func(n int) *engine.Node { return b.Arange(0, 1, n, engine.Uint32) }
	one := b.FullInt(nil, 1, engine.Uint32)
	bits := b.Binary(engine.OpBitAnd, b.Binary(engine.OpRightShift, b.ExpandDims(x, -1), places(from)), one)
	bits = b.Reshape(bits, append(slices.Clone(shape), by))
	return b.Sum(b.Binary(engine.OpLeftShift, bits, places(by)), []int{-1}, false)
}
