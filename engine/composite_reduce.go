package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Flat is x with one axis.
func (b *Builder) Flat(x *Node) *Node { return b.Reshape(x, []int{x.Len()}) }

// ExpandAll gives a 0-d array the number of unit axes.
func (b *Builder) ExpandAll(x *Node, rank int) *Node {
	shape := make([]int, rank)
	for i := range shape {
		shape[i] = 1
	}
	return b.Reshape(x, shape)
}

// LogSumExp is the log of the sum of exp over axes; it needs elements.
func (b *Builder) LogSumExp(x *Node, axes []int, keep bool) *Node {
	if x.Len() == 0 {
		b.failf(ValueError, "logsumexp", "shape %s has no elements", shapes.Format(x.shape))
	}
	return b.Reduce(OpLogSumExp, x, axes, keep)
}

// Median is the middle of the sorted elements over axes, or the mean of the two
// middle ones; NaN where there is one among them.
func (b *Builder) Median(x *Node, axes []int, keep bool) *Node {
	axes = b.Axes("median", x, axes)
	count := countAlong(x.shape, axes)
	if count == 0 {
		b.failf(ValueError, "median", "no elements along the axes of shape %s", shapes.Format(x.shape))
	}
	if len(axes) == 0 && len(x.shape) > 0 {
		b.failf(ValueError, "median", "got no axes, want at least one")
	}
	shape := reducedShape(x.shape, axes, keep)
	x = b.AsType(x, x.dtype.AtLeastFloat())
	rest := reducedShape(x.shape, axes, false)
	lined := b.Reshape(b.axesLast(x, axes), append(slices.Clone(rest), count))
	sorted := b.Sort(lined, -1)
	last := len(rest)
	middle := b.Narrow(sorted, last, count/2, count/2+1)
	if count%2 == 0 {
		below := b.Narrow(sorted, last, count/2-1, count/2)
		middle = b.Mul(b.Scalar(0.5, x.dtype), b.Add(below, middle))
	}
	highest := b.Narrow(sorted, last, count-1, count) // NaN sorts last, and wins
	return b.Reshape(b.Where(b.IsNaN(highest), highest, middle), shape)
}

// axesLast moves axes, ascending, behind the others.
func (b *Builder) axesLast(x *Node, axes []int) *Node {
	perm := make([]int, 0, len(x.shape))
	for i := range x.shape {
		if !slices.Contains(axes, i) {
			perm = append(perm, i)
		}
	}
	return b.Transpose(x, append(perm, axes...))
}

// Diff takes differences of neighbours along an axis, n times.
func (b *Builder) Diff(x *Node, n, axis int) *Node {
	if n < 0 {
		b.failf(ValueError, "diff", "the order is %d, want at least 0", n)
	}
	axis = b.Axis("diff", x, axis)
	op := OpSubtract
	if x.dtype == Bool {
		op = OpNotEqual
	}
	for ; n > 0 && x.shape[axis] > 0; n-- {
		size := x.shape[axis]
		x = b.Binary(op, b.Narrow(x, axis, 1, size), b.Narrow(x, axis, 0, size-1))
	}
	return x
}

// TopK gives the k largest elements along an axis.
func (b *Builder) TopK(x *Node, k, axis int) *Node {
	axis = b.Axis("topk", x, axis)
	size := x.shape[axis]
	if k < 0 || k > size {
		b.failf(ValueError, "topk", "k is %d for an axis of length %d", k, size)
	}
	if k > 0 && k < size {
		x = b.Partition(x, size-k, axis)
	}
	return b.Narrow(x, axis, size-k, size)
}

// Diagonal takes the offset-th diagonal of two axes, as a new last axis.
func (b *Builder) Diagonal(x *Node, offset, axis1, axis2 int) *Node {
	r := len(x.shape)
	if r < 2 {
		b.failf(ValueError, "diagonal", "got an array with %d axes, want at least 2", r)
	}
	for _, a := range []int{axis1, axis2} {
		if _, ok := shapes.Axis(a, r); !ok {
			b.failf(IndexError, "diagonal", "axis %d is out of range for an array with %d axes", a, r)
		}
	}
	rows, _ := shapes.Axis(axis1, r)
	cols, _ := shapes.Axis(axis2, r)
	if rows == cols {
		b.failf(ValueError, "diagonal", "axes %d and %d are the same", axis1, axis2)
	}
	low, right := max(-offset, 0), max(offset, 0)
	n := max(min(x.shape[rows]-low, x.shape[cols]-right), 0)
	perm := make([]int, 0, r)
	for i := range r {
		if i != rows && i != cols {
			perm = append(perm, i)
		}
	}
	x = b.Transpose(x, append(perm, rows, cols))
	// The last two axes as one: the diagonal goes by a row and an element.
	m := x.shape[r-1]
	shape := append(slices.Clone(x.shape[:r-2]), x.shape[r-2]*m)
	if n == 0 {
		return b.Full(append(shape[:r-2], 0), 0, x.dtype)
	}
	start, step, count := make([]int, r-1), make([]int, r-1), slices.Clone(shape)
	for i := range step {
		step[i] = 1
	}
	start[r-2], step[r-2], count[r-2] = low*m+right, m+1, n
	return b.Slice(b.Reshape(x, shape), start, step, count)
}
