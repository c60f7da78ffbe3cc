package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Inner sums products over the last axes.
func (b *Builder) Inner(x, y *Node) *Node {
	if len(x.shape) == 0 || len(y.shape) == 0 {
		return b.Mul(x, y)
	}
	if x.shape[len(x.shape)-1] != y.shape[len(y.shape)-1] {
		b.failf(ValueError, "inner", "last axes differ: %s and %s", shapes.Format(x.shape), shapes.Format(y.shape))
	}
	return b.TensorDot(x, y, []int{-1}, []int{-1})
}

// Outer multiplies every element of x by every one of y.
func (b *Builder) Outer(x, y *Node) *Node {
	return b.Mul(b.Reshape(x, []int{x.Len(), 1}), b.Flat(y))
}

// VecDot sums products along an axis, the first operand conjugated.
func (b *Builder) VecDot(x, y *Node, axis int) *Node {
	if len(x.shape) == 0 || len(y.shape) == 0 {
		b.failf(ValueError, "vecdot", "got a 0-d array, want at least one axis")
	}
	at := b.Axis("vecdot", x, axis)
	if at >= len(y.shape) || x.shape[at] != y.shape[at] {
		b.failf(ValueError, "vecdot", "shapes %s and %s differ along axis %d of the first", shapes.Format(x.shape), shapes.Format(y.shape), at)
	}
	return b.Sum(b.Mul(b.conj(x), y), []int{at}, false)
}

// TensorDot sums products over pairs of axes.
func (b *Builder) TensorDot(x, y *Node, xAxes, yAxes []int) *Node {
	if len(xAxes) != len(yAxes) {
		b.failf(ValueError, "tensordot", "got %d and %d axes", len(xAxes), len(yAxes))
	}
	xa, ya := b.Places("tensordot", x, xAxes), b.Places("tensordot", y, yAxes)
	if d := Promote(x.dtype, y.dtype); !d.IsInexact() {
		b.failf(ValueError, "tensordot", "needs a floating or complex operand, got %s and %s", x.dtype, y.dtype)
	}
	inner := 1
	for i := range xa {
		if x.shape[xa[i]] != y.shape[ya[i]] {
			b.failf(ValueError, "tensordot", "axes %d and %d of shapes %s and %s differ", xa[i], ya[i], shapes.Format(x.shape), shapes.Format(y.shape))
		}
		inner *= x.shape[xa[i]]
	}
	xRest, yRest := others(x, xa), others(y, ya)
	shape := append(sizesOf(x, xRest), sizesOf(y, yRest)...)
	left := b.Reshape(b.Transpose(x, append(slices.Clone(xRest), xa...)), []int{shapes.Elements(sizesOf(x, xRest)), inner})
	right := b.Reshape(b.Transpose(y, append(slices.Clone(ya), yRest...)), []int{inner, shapes.Elements(sizesOf(y, yRest))})
	return b.Reshape(b.MatMul(left, right), shape)
}

// others lists the axes that are not picked.
func others(x *Node, picked []int) []int {
	rest := []int{}
	for i := range x.shape {
		if !slices.Contains(picked, i) {
			rest = append(rest, i)
		}
	}
	return rest
}

func sizesOf(x *Node, axes []int) []int {
	out := make([]int, len(axes))
	for i, a := range axes {
		out[i] = x.shape[a]
	}
	return out
}

// Kron is the Kronecker product.
func (b *Builder) Kron(x, y *Node) *Node {
	if x.Len() == 0 || y.Len() == 0 {
		b.failf(ValueError, "kron", "shapes %s and %s: one has no elements", shapes.Format(x.shape), shapes.Format(y.shape))
	}
	rank := max(len(x.shape), len(y.shape))
	xs, ys, out := make([]int, 0, 2*rank), make([]int, 0, 2*rank), make([]int, rank)
	for i := range rank {
		n, m := 1, 1
		if k := i - rank + len(x.shape); k >= 0 {
			n = x.shape[k]
		}
		if k := i - rank + len(y.shape); k >= 0 {
			m = y.shape[k]
		}
		xs, ys, out[i] = append(xs, n, 1), append(ys, 1, m), n*m
	}
	return b.Reshape(b.Mul(b.Reshape(x, xs), b.Reshape(y, ys)), out)
}

// Cross is the cross product of vectors along an axis; those of 2 elements have 0
// for a third.
func (b *Builder) Cross(x, y *Node, axis int) *Node {
	x, y = b.threeLong(x, axis), b.threeLong(y, axis)
	both := b.BroadcastAll([]*Node{x, y})
	x, y = both[0], both[1]
	at := b.Axis("linalg.cross", x, axis)
	part := func(v *Node, k int) *Node { return b.Narrow(v, at, k, k+1) }
	minor := func(k, l int) *Node {
		return b.Sub(b.Mul(part(x, k), part(y, l)), b.Mul(part(x, l), part(y, k)))
	}
	return b.Concatenate([]*Node{minor(1, 2), minor(2, 0), minor(0, 1)}, at)
}

// threeLong gives vectors of two elements a third one, 0.
func (b *Builder) threeLong(x *Node, axis int) *Node {
	at := b.Axis("linalg.cross", x, axis)
	switch n := x.shape[at]; n {
	case 3:
	case 2:
		high := make([]int, len(x.shape))
		high[at] = 1
		return b.Pad(x, make([]int, len(x.shape)), high, PadConstant, b.Scalar(0, x.dtype))
	default:
		b.failf(ValueError, "linalg.cross", "vectors have %d elements, want 2 or 3", n)
	}
	return x
}

// BlockMaskedMM multiplies matrices block by block under masks: a mask has an
// element for each block of the operand, which scales the block or, of bools,
// drops it. Nil masks keep everything.
func (b *Builder) BlockMaskedMM(x, y *Node, block int, outMask, xMask, yMask *Node) *Node {
	if block != 32 && block != 64 {
		b.failf(ValueError, "block_masked_mm", "the block size is %d, want 32 or 64", block)
	}
	masked := func(m, mask *Node) *Node {
		if mask == nil {
			return m
		}
		r, k := len(m.shape), len(mask.shape)
		rows, cols := (m.shape[r-2]+block-1)/block, (m.shape[r-1]+block-1)/block
		if k < 2 || mask.shape[k-2] != rows || mask.shape[k-1] != cols {
			b.failf(ValueError, "block_masked_mm", "a mask of shape %s for %d by %d blocks", shapes.Format(mask.shape), rows, cols)
		}
		wide := b.Repeat(b.Repeat(mask, block, -2), block, -1)
		wide = b.Narrow(b.Narrow(wide, k-2, 0, m.shape[r-2]), k-1, 0, m.shape[r-1])
		if mask.dtype == Bool {
			return b.Where(wide, m, b.Scalar(0, m.dtype))
		}
		return b.Mul(m, b.AsType(wide, m.dtype))
	}
	return masked(b.MatMul(masked(x, xMask), masked(y, yMask)), outMask)
}

// SegmentedMM multiplies matrices over parts of the inner axis: segments holds
// pairs of a start and an end, and each gives a product.
func (b *Builder) SegmentedMM(x, y, segments *Node) *Node {
	r := len(segments.shape)
	if len(x.shape) != 2 || len(y.shape) != 2 || r == 0 || segments.shape[r-1] != 2 || !segments.dtype.IsInteger() {
		b.failf(ValueError, "segmented_mm", "got matrices of shapes %s and %s and %s segments of shape %s, want two matrices and pairs of integers",
			shapes.Format(x.shape), shapes.Format(y.shape), segments.dtype, shapes.Format(segments.shape))
	}
	k := x.shape[1]
	bounds := b.AsType(segments, Int64)
	from, to := b.Narrow(bounds, r-1, 0, 1), b.Narrow(bounds, r-1, 1, 2)
	places := b.Arange(0, 1, k, Int64)
	within := b.Binary(OpLogicalAnd, b.Binary(OpGreaterEqual, places, from), b.Binary(OpLess, places, to))
	masked := b.Where(b.ExpandDims(within, -2), x, b.Scalar(0, x.dtype))
	return b.MatMul(masked, y)
}
