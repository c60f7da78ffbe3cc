package engine

import "math"

// Spaced makes n values from start by step: of an integer dtype from the
// integers, which may be more exact than the floats, of another one from the floats.
func (b *Builder) Spaced(start, step float64, intStart, intStep int64, n int, d Dtype) *Node {
	return b.node(OpArange, ArangeAttrs{start, step, intStart, intStep}, d, []int{max(n, 0)})
}

// Filled gives v the shape, which it must broadcast to.
func (b *Builder) Filled(shape []int, v *Node) *Node {
	b.checkShape("full", shape)
	if v.op == OpFull && len(v.shape) == 0 {
		return b.node(OpFull, v.attrs, v.dtype, shape)
	}
	return b.Broadcast(v, shape)
}

// Linspace makes n evenly spaced values between two numbers.
func (b *Builder) Linspace(start, stop *Node, n int, endpoint bool, d Dtype) *Node {
	if n < 0 {
		b.failf(ValueError, "linspace", "got %d samples, want at least 0", n)
	}
	wide := Float32
	if d == Float64 {
		wide = Float64
	}
	start, stop = b.AsType(start, wide), b.AsType(stop, wide)
	if n == 1 {
		return b.AsType(b.Reshape(start, []int{1}), d)
	}
	parts := float64(n)
	if endpoint {
		parts--
	}
	t := b.Div(b.Arange(0, 1, n, wide), b.Scalar(parts, wide))
	rest := b.Sub(b.Scalar(1, wide), t)
	return b.AsType(b.Add(b.Mul(rest, start), b.Mul(t, stop)), d)
}

// Triangle zeroes what lies above the k-th diagonal of the last two axes or,
// for the upper triangle, below it.
func (b *Builder) Triangle(x *Node, k int, upper bool) *Node {
	r := len(x.shape)
	if r < 2 {
		b.failf(ValueError, "tri", "got an array with %d axes, want at least 2", r)
	}
	n, m := x.shape[r-2], x.shape[r-1]
	zero := b.Scalar(0, x.dtype)
	if upper {
		return b.Where(b.Tri(n, m, k-1, Bool), zero, x)
	}
	return b.Where(b.Tri(n, m, k, Bool), x, zero)
}

// Meshgrid spans a grid by vectors. With swap the first two axes of the answers
// change places, as plots have it.
func (b *Builder) Meshgrid(xs []*Node, swap, sparse bool) []*Node {
	out := make([]*Node, len(xs))
	full := make([]int, len(xs))
	for i, x := range xs {
		shape := make([]int, len(xs))
		for k := range shape {
			shape[k] = 1
		}
		at := i
		if swap && len(xs) > 1 && i < 2 {
			at = 1 - i
		}
		shape[at], full[at] = x.Len(), x.Len()
		out[i] = b.Reshape(x, shape)
	}
	for i := range out {
		if !sparse {
			out[i] = b.Broadcast(out[i], full)
		}
	}
	return out
}

// Bartlett makes the triangular window of n points.
func (b *Builder) Bartlett(n int) *Node {
	if n <= 1 {
		return b.Full([]int{max(n, 0)}, 1, Float32)
	}
	at := b.Arange(-1, 2/float64(n-1), n, Float32)
	return b.Sub(b.Scalar(1, Float32), b.Unary(OpAbs, at))
}

// CosineWindow makes the window a0 - a1 cos t + a2 cos 2t of n points, with t
// from 0 to 2 pi.
func (b *Builder) CosineWindow(n int, a0, a1, a2 float64) *Node {
	if n <= 1 {
		return b.Full([]int{max(n, 0)}, 1, Float32)
	}
	at := func(v float64) *Node { return b.Scalar(v, Float32) }
	t := b.Arange(0, 2*math.Pi/float64(n-1), n, Float32)
	out := b.Sub(at(a0), b.Mul(at(a1), b.Unary(OpCos, t)))
	if a2 != 0 {
		out = b.Add(out, b.Mul(at(a2), b.Unary(OpCos, b.Mul(at(2), t))))
	}
	return out
}
