package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Flatten makes one axis of those from start to end, which may lie beyond the
// array's and are drawn in.
func (b *Builder) Flatten(x *Node, start, end int) *Node {
	r := len(x.shape)
	if r == 0 {
		return b.Reshape(x, []int{1})
	}
	fromEnd := func(axis int) int {
		if axis < 0 {
			axis += r
		}
		return axis
	}
	first, last := max(fromEnd(start), 0), min(fromEnd(end), r-1)
	if first > last {
		b.failf(ValueError, "flatten", "axis %d comes after axis %d", start, end)
	}
	shape := append(slices.Clone(x.shape[:first]), shapes.Elements(x.shape[first:last+1]))
	return b.Reshape(x, append(shape, x.shape[last+1:]...))
}

// Unflatten makes several axes of one; one of them may be -1.
func (b *Builder) Unflatten(x *Node, axis int, shape []int) *Node {
	if len(shape) == 0 {
		b.failf(ValueError, "unflatten", "the shape is empty")
	}
	axis = b.Axis("unflatten", x, axis)
	known, free := 1, -1
	parts := slices.Clone(shape)
	for i, d := range parts {
		if d == -1 && free < 0 {
			free = i
			continue
		}
		known *= d
	}
	if free >= 0 && known > 0 {
		parts[free] = x.shape[axis] / known
	}
	if shapes.Elements(parts) != x.shape[axis] || slices.Min(parts) < 0 {
		b.failf(ValueError, "unflatten", "cannot give axis %d of length %d the shape %s", axis, x.shape[axis], shapes.Format(shape))
	}
	whole := append(slices.Clone(x.shape[:axis]), parts...)
	return b.Reshape(x, append(whole, x.shape[axis+1:]...))
}

// SwapAxes exchanges two axes.
func (b *Builder) SwapAxes(x *Node, axis1, axis2 int) *Node {
	i, k := b.Axis("swapaxes", x, axis1), b.Axis("swapaxes", x, axis2)
	perm := make([]int, len(x.shape))
	for a := range perm {
		perm[a] = a
	}
	perm[i], perm[k] = k, i
	return b.Transpose(x, perm)
}

// MoveAxis moves an axis to another place.
func (b *Builder) MoveAxis(x *Node, from, to int) *Node {
	return b.moveAxis(x, b.Axis("moveaxis", x, from), b.Axis("moveaxis", x, to))
}

// BroadcastAll broadcasts arrays against each other.
func (b *Builder) BroadcastAll(xs []*Node) []*Node {
	if len(xs) == 0 {
		return nil
	}
	shape := b.broadcast("broadcast_arrays", xs...)
	out := make([]*Node, len(xs))
	for i, x := range xs {
		out[i] = b.Broadcast(x, shape)
	}
	return out
}

// AtLeast gives an array of fewer axes the number of them, up to 3, where
// Python's array libraries put them: in front of a vector, behind a matrix.
func (b *Builder) AtLeast(x *Node, rank int) *Node {
	if len(x.shape) >= rank {
		return x
	}
	switch {
	case len(x.shape) == 0:
		return b.ExpandAll(x, rank)
	case rank == 2:
		return b.ExpandDims(x, 0)
	case len(x.shape) == 1:
		return b.ExpandDims(x, 0, 2)
	}
	return b.ExpandDims(x, 2)
}

// SplitEqual cuts an axis into n parts of one length.
func (b *Builder) SplitEqual(x *Node, n, axis int) []*Node {
	at := b.Axis("split", x, axis)
	if n <= 0 {
		b.failf(ValueError, "split", "cannot cut into %d parts", n)
	}
	size := x.shape[at]
	if size%n != 0 {
		b.failf(ValueError, "split", "axis %d of shape %s has no %d equal parts", axis, shapes.Format(x.shape), n)
	}
	out := make([]*Node, n)
	for i := range out {
		out[i] = b.Narrow(x, at, i*size/n, (i+1)*size/n)
	}
	return out
}

// SplitAt cuts an axis before each index; negative ones count from the end.
func (b *Builder) SplitAt(x *Node, indices []int, axis int) []*Node {
	at := b.Axis("split", x, axis)
	size, from := x.shape[at], 0
	within := func(i int) int {
		if i < 0 {
			i += size
		}
		return min(max(i, 0), size)
	}
	var out []*Node
	for _, i := range append(slices.Clone(indices), size) {
		to := within(i)
		out = append(out, b.Narrow(x, at, from, max(to, from)))
		from = to
	}
	return out
}

// Unstack gives the slices along an axis, without the axis.
func (b *Builder) Unstack(x *Node, axis int) []*Node {
	axis = b.Axis("unstack", x, axis)
	out := make([]*Node, x.shape[axis])
	for i := range out {
		out[i] = b.Squeeze(b.Narrow(x, axis, i, i+1), axis)
	}
	return out
}

// Tile repeats the array along each axis; axes are added in front where there
// are more numbers than axes.
func (b *Builder) Tile(x *Node, reps []int) *Node {
	rank := max(len(reps), len(x.shape))
	whole := make([]int, rank)
	spread, joined, unit := make([]int, 0, 2*rank), make([]int, rank), make([]int, 0, 2*rank)
	for i := range rank {
		n, times := 1, 1
		if k := i - rank + len(x.shape); k >= 0 {
			n = x.shape[k]
		}
		if k := i - rank + len(reps); k >= 0 {
			times = reps[k]
		}
		if times < 0 {
			b.failf(ValueError, "tile", "cannot repeat %d times", times)
		}
		whole[i], joined[i] = n, n*times
		unit, spread = append(unit, 1, n), append(spread, times, n)
	}
	if slices.Equal(whole, joined) {
		return b.Reshape(x, whole)
	}
	return b.Reshape(b.Broadcast(b.Reshape(x, unit), spread), joined)
}

// Repeat repeats each element along an axis.
func (b *Builder) Repeat(x *Node, times, axis int) *Node {
	if times < 0 {
		b.failf(ValueError, "repeat", "cannot repeat %d times", times)
	}
	axis = b.Axis("repeat", x, axis)
	wide := b.ExpandDims(x, axis+1)
	shape := slices.Clone(wide.shape)
	shape[axis+1] = times
	joined := slices.Clone(x.shape)
	joined[axis] *= times
	return b.Reshape(b.Broadcast(wide, shape), joined)
}

// Roll shifts elements along an axis, round the end.
func (b *Builder) Roll(x *Node, shift, axis int) *Node {
	axis = b.Axis("roll", x, axis)
	size := x.shape[axis]
	if size == 0 {
		return x
	}
	shift = (shift%size + size) % size
	if shift == 0 {
		return x
	}
	cut := size - shift
	return b.Concatenate([]*Node{b.Narrow(x, axis, cut, size), b.Narrow(x, axis, 0, cut)}, axis)
}

// Flip reverses axes; nil is all of them.
func (b *Builder) Flip(x *Node, axes []int) *Node {
	if axes == nil {
		for i := range x.shape {
			axes = append(axes, i)
		}
	}
	start, step := make([]int, len(x.shape)), make([]int, len(x.shape))
	for i := range step {
		step[i] = 1
	}
	for _, a := range axes {
		at := b.Axis("flip", x, a)
		start[at], step[at] = x.shape[at]-1, -1
	}
	return b.Slice(x, start, step, x.shape)
}

// Diag puts a vector on the k-th diagonal of a matrix, or takes it from one.
func (b *Builder) Diag(x *Node, k int) *Node {
	switch len(x.shape) {
	case 1:
		n := x.shape[0]
		side := n + max(k, -k)
		low, right := max(-k, 0), max(k, 0)
		flat := b.Full([]int{side * side}, 0, x.dtype)
		if n > 0 {
			flat = b.SliceUpdate(flat, x, []int{low*side + right}, []int{side + 1}, Replace)
		}
		return b.Reshape(flat, []int{side, side})
	case 2:
		return b.Diagonal(x, k, 0, 1)
	}
	b.failf(ValueError, "diag", "got an array with %d axes, want 1 or 2", len(x.shape))
	return nil
}

// startsOf takes a vector of starts apart, one 0-d index an axis.
func (b *Builder) startsOf(op string, x, starts *Node, axes []int) (indices []*Node, at []int) {
	b.checkIndex(op, starts)
	if starts.Len() != len(axes) {
		b.failf(ValueError, op, "got %d starts for %d axes", starts.Len(), len(axes))
	}
	at = b.Places(op, x, axes)
	flat := b.Flat(starts)
	for i := range axes {
		indices = append(indices, b.Reshape(b.Narrow(flat, 0, i, i+1), []int{}))
	}
	return indices, at
}

// Places resolves axes in the order given.
func (b *Builder) Places(op string, x *Node, axes []int) []int {
	at := make([]int, len(axes))
	for i, a := range axes {
		at[i] = b.Axis(op, x, a)
		if slices.Contains(at[:i], at[i]) {
			b.failf(ValueError, op, "axis %d appears twice", a)
		}
	}
	return at
}

// DynamicSlice takes a block of the sizes that starts along the axes where an
// array says. A block that exceeds the array is an error of the evaluation.
func (b *Builder) DynamicSlice(x, starts *Node, axes, sizes []int) *Node {
	if len(sizes) != len(x.shape) {
		b.failf(ValueError, "slice", "got %d sizes for an array with %d axes", len(sizes), len(x.shape))
	}
	for i, n := range sizes {
		if n < 0 || n > x.shape[i] {
			b.failf(ValueError, "slice", "size %s exceeds the array's shape %s", shapes.Format(sizes), shapes.Format(x.shape))
		}
	}
	indices, at := b.startsOf("slice", x, starts, axes)
	return b.Gather(x, indices, at, sizes)
}

// DynamicSliceUpdate replaces a block of the update's shape that starts along the
// axes where an array says, and along the others at 0. An update of fewer axes
// repeats along the leading ones that have no start.
func (b *Builder) DynamicSliceUpdate(x, update, starts *Node, axes []int) *Node {
	indices, at := b.startsOf("slice_update", x, starts, axes)
	sizes := make([]int, len(x.shape))
	for i := range sizes {
		k := i - len(x.shape) + len(update.shape)
		switch {
		case k >= 0:
			sizes[i] = update.shape[k]
		case slices.Contains(at, i):
			sizes[i] = 1
		default:
			sizes[i] = x.shape[i]
		}
	}
	return b.Scatter(x, indices, b.Broadcast(update, sizes), at, Replace)
}
