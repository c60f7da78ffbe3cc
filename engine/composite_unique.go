package engine

import "github.com/mlxstar/mlxstar/engine/shapes"

// Distinct are the sorted unique elements of an array and what belongs to each:
// the place of its first occurrence among the elements, and how often it occurs.
// Inverse has the array's shape and says which unique element each element is.
type Distinct struct{ Values, Index, Inverse, Counts *Node }

// Unique finds the first size unique elements, whatever their number: places that
// are left over have the value fill, which is the least element where it is nil, and
// the count 0. NaNs differ from each other.
func (b *Builder) Unique(x *Node, size int, fill *Node) Distinct {
	if size < 0 {
		b.failf(ValueError, "unique", "the size is %d, want at least 0", size)
	}
	if fill != nil && fill.Len() != 1 {
		b.failf(ValueError, "unique", "the fill value has the shape %s, want one element", shapes.Format(fill.shape))
	}
	n := x.Len()
	switch {
	case n == 0 && size > 0 && fill == nil:
		b.failf(ValueError, "unique", "an empty array needs a fill value for the size %d", size)
	case n == 0:
		values := b.Full([]int{size}, 0, x.dtype)
		if fill != nil {
			values = b.Broadcast(b.Reshape(b.AsType(fill, x.dtype), []int{1}), []int{size})
		}
		return Distinct{values, b.Full([]int{size}, 0, Uint32), b.Full(x.shape, 0, Uint32), b.Full([]int{size}, 0, Int32)}
	}
	flat := b.Flat(x)
	order := b.ArgSort(b.StopGradient(flat), 0) // stable: of equal elements the first comes first
	sorted := b.Take(b.StopGradient(flat), order, 0)
	fresh := b.Binary(OpNotEqual, b.Narrow(sorted, 0, 1, n), b.Narrow(sorted, 0, 0, n-1))
	starts := b.Concatenate([]*Node{b.Full([]int{1}, 0, Int32), b.AsType(fresh, Int32)}, 0)
	rank := b.Scan(OpCumSum, starts, 0, false, true)
	at := func(v int, d Dtype) *Node { return b.FullInt([]int{}, int64(v), d) }

	// One place more than there is takes what is too many.
	slot := b.Binary(OpMinimum, rank, at(size, Int32))
	index := b.ScatterAlong(b.FullInt([]int{size + 1}, int64(n), Uint32), slot, order, 0, Min)
	counts := b.ScatterAlong(b.Full([]int{size + 1}, 0, Int32), slot, b.FullInt([]int{n}, 1, Int32), 0, Sum)
	index, counts = b.Narrow(index, 0, 0, size), b.Narrow(counts, 0, 0, size)
	there := b.Binary(OpGreater, counts, b.Scalar(0, Int32))
	first := b.Narrow(order, 0, 0, 1)
	index = b.StopGradient(b.Where(there, index, first))
	values := b.Take(flat, index, 0)
	if fill != nil {
		values = b.Where(there, values, b.Reshape(b.AsType(fill, x.dtype), []int{}))
	}
	last := b.AsType(b.Binary(OpMinimum, rank, at(max(size-1, 0), Int32)), Uint32)
	inverse := b.ScatterAlong(b.Full([]int{n}, 0, Uint32), order, last, 0, Replace)
	return Distinct{values, index, b.Reshape(inverse, x.shape), counts}
}
