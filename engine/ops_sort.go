package engine

import (
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// SortAttrs is the axis that elements are ordered along.
type SortAttrs struct{ Axis int }

// PartitionAttrs name the element that must be in its sorted place.
type PartitionAttrs struct{ Axis, Kth int }

// SearchAttrs choose the place among equal elements.
type SearchAttrs struct{ Right bool }

func sorting(name string, g Gradient, doc string) *Op {
	return define(Op{Name: name, Class: Sorting, Gradient: g, Doc: doc})
}

// The orderings. NaN sorts last; equal elements keep their order.
var (
	OpSort         = sorting("sort", Differentiable, "The elements in ascending order along an axis.")
	OpArgSort      = sorting("argsort", NoGrad, "The indices, as uint32, that sort an axis.")
	OpPartition    = sorting("partition", Differentiable, "The elements along an axis with the k-th in its sorted place, none larger before it.")
	OpArgPartition = sorting("argpartition", NoGrad, "The indices, as uint32, that partition an axis.")

	OpSearchSorted = define(Op{Name: "searchsorted", Class: Structured, Layout: RowsLayout, Gradient: NoGrad,
		Doc: "For each value, the place in a sorted vector where it would be inserted, as uint32."})
)

// Sort orders elements along an axis.
func (b *Builder) Sort(x *Node, axis int) *Node {
	axis = b.Axis("sort", x, axis)
	return b.node(OpSort, SortAttrs{axis}, x.dtype, x.shape, x)
}

// ArgSort gives the indices that sort an axis.
func (b *Builder) ArgSort(x *Node, axis int) *Node {
	axis = b.Axis("argsort", x, axis)
	return b.node(OpArgSort, SortAttrs{axis}, Uint32, x.shape, x)
}

// Partition puts element kth along an axis in its sorted place.
func (b *Builder) Partition(x *Node, kth, axis int) *Node {
	axis, kth = b.checkKth("partition", x, kth, axis)
	return b.node(OpPartition, PartitionAttrs{axis, kth}, x.dtype, x.shape, x)
}

// ArgPartition gives the indices that partition an axis.
func (b *Builder) ArgPartition(x *Node, kth, axis int) *Node {
	axis, kth = b.checkKth("argpartition", x, kth, axis)
	return b.node(OpArgPartition, PartitionAttrs{axis, kth}, Uint32, x.shape, x)
}

func (b *Builder) checkKth(op string, x *Node, kth, axis int) (at, k int) {
	at = b.Axis(op, x, axis)
	k, ok := shapes.Axis(kth, x.shape[at])
	if !ok {
		b.failf(ValueError, op, "kth %d is out of range for an axis of length %d", kth, x.shape[at])
	}
	return at, k
}

// SearchSorted finds where values would be inserted in a sorted vector.
func (b *Builder) SearchSorted(sorted, values *Node, right bool) *Node {
	if len(sorted.shape) != 1 {
		b.failf(ValueError, "searchsorted", "the sorted array has %d axes, want 1", len(sorted.shape))
	}
	d := Promote(sorted.dtype, values.dtype)
	return b.node(OpSearchSorted, SearchAttrs{right}, Uint32, values.shape, b.AsType(sorted, d), b.AsType(values, d))
}

func init() {
	OpSearchSorted.VMap = func(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
		if axes[0] >= 0 {
			b.failf(ValueError, "searchsorted", "vmap goes over the values that are looked for, not over the sorted array")
		}
		return []*Node{b.node(OpSearchSorted, n.attrs, Uint32, in[1].shape, in[0], in[1])}, []int{axes[1]}
	}
	OpSort.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		x, axis := n.inputs[0], n.attrs.(SortAttrs).Axis
		return []*Node{b.ScatterAlong(b.ZerosLike(x), b.ArgSort(b.StopGradient(x), axis), ct[0], axis, Sum)}
	}
	OpPartition.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		x, at := n.inputs[0], n.attrs.(PartitionAttrs)
		return []*Node{b.ScatterAlong(b.ZerosLike(x), b.ArgPartition(b.StopGradient(x), at.Kth, at.Axis), ct[0], at.Axis, Sum)}
	}
}
