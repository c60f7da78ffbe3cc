package engine

import "slices"

// stridedParts bounds the number of slices that a strided view is taken apart into.
const stridedParts = 128

// stridedSlices takes a view that OpAsStrided makes of x apart into slices of x. Axes of
// the view that run along axes of x are the slices' own, the others, such as those within
// a window, number the slices. It fails where the view is of another kind, or has too
// many.
func stridedSlices(x *Node, at StrideAttrs, shape []int) (axes, step []int, ok bool) {
	axes, step = make([]int, len(x.shape)), make([]int, len(x.shape)) // which axis of the view runs along each of x
	for i := range axes {
		axes[i], step[i] = -1, 1
	}
	strides := RowMajor(x.shape)
	count := Elements(shape)
	for i, n := range shape {
		along := -1
		for k, s := range strides {
			if x.shape[k] > 1 && at.Strides[i] >= s && at.Strides[i]%s == 0 && (n-1)*(at.Strides[i]/s) < x.shape[k] {
				along = k
				break
			}
		}
		if along < 0 || n == 1 {
			continue
		}
		if have := axes[along]; have < 0 || shape[have] < n {
			axes[along], step[along] = i, at.Strides[i]/strides[along]
		}
	}
	for _, i := range axes {
		if i >= 0 {
			count /= shape[i]
		}
	}
	return axes, step, count <= stridedParts
}

// stridedVJP puts the cotangent of each slice into one array.
func stridedVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	at, x := n.attrs.(StrideAttrs), n.inputs[0]
	sum := b.Full(x.shape, 0, ct[0].dtype)
	axes, step, ok := stridedSlices(x, at, n.shape)
	if !ok || n.Len() == 0 || len(x.shape) == 0 {
		return []*Node{b.stridedScatter(n, ct[0])}
	}
	own := make([]int, len(n.shape)) // the axis of x that each of the view's runs along, plus 1
	size := make([]int, len(x.shape))
	perm := []int{}
	for k, i := range axes {
		size[k] = 1
		if i >= 0 {
			own[i], size[k] = k+1, n.shape[i]
			perm = append(perm, i)
		}
	}
	var outer []int
	for i := range n.shape {
		if own[i] == 0 {
			outer = append(outer, i)
		}
	}
	whole := b.Transpose(ct[0], append(slices.Clone(outer), perm...))
	lead := whole.shape[:len(outer)]
	ones := slices.Repeat([]int{1}, len(whole.shape))
	one := append(slices.Clone(ones[:len(outer)]), whole.shape[len(outer):]...)
	for part := range Elements(lead) {
		start, from := make([]int, len(x.shape)), make([]int, len(whole.shape))
		place, left := at.Offset, part
		for i := len(outer) - 1; i >= 0; i-- {
			from[i] = left % lead[i]
			place += from[i] * at.Strides[outer[i]]
			left /= lead[i]
		}
		for k := len(x.shape) - 1; k >= 0; k-- {
			start[k] = place % x.shape[k]
			place /= x.shape[k]
			if start[k]+(size[k]-1)*step[k] >= x.shape[k] {
				return []*Node{b.stridedScatter(n, ct[0])} // goes on in the next row
			}
		}
		sum = b.SliceUpdate(sum, b.Reshape(b.Slice(whole, from, ones, one), size), start, step, Sum)
	}
	return []*Node{sum}
}

// stridedScatter adds the elements of a strided view's cotangent up one by one.
func (b *Builder) stridedScatter(n, ct *Node) *Node {
	at, x := n.attrs.(StrideAttrs), n.inputs[0]
	where := b.AsStrided(b.Arange(0, 1, x.Len(), Int64), n.shape, at.Strides, at.Offset)
	flat := b.Full([]int{x.Len()}, 0, ct.dtype)
	where, ct = b.Reshape(where, []int{-1}), b.Reshape(ct, []int{n.Len(), 1})
	return b.Reshape(b.Scatter(flat, []*Node{where}, ct, []int{0}, Sum), x.shape)
}
