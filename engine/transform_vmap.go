package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// VMap rewrites what a function computed of placeholders for single examples
// into the same of batches, whose examples lie along axis 0. Outputs that do
// not depend on a batch are repeated.
func (t *Trace) VMap(b *Builder, outputs, placeholders, batches []*Node, size int) []*Node {
	r := rewriting{}
	for i, p := range placeholders {
		r[p] = batches[i]
	}
	saved := b.Stream
	for _, n := range t.dependents(b, outputs, placeholders) {
		if r[n] != nil {
			continue
		}
		in, axes := make([]*Node, len(n.inputs)), make([]int, len(n.inputs))
		for i, x := range n.inputs {
			in[i], axes[i] = x, -1
			if by := r[x]; by != nil {
				in[i], axes[i] = by, 0
			}
		}
		b.Stream = n.stream
		for i, by := range b.batched(n, in, axes, size) {
			r[n.outputs()[i]] = by
		}
	}
	b.Stream = saved
	out := make([]*Node, len(outputs))
	for i, o := range outputs {
		if out[i] = r[o]; out[i] == nil {
			out[i] = b.Broadcast(o, prefixed(size, o.shape))
		}
	}
	return out
}

// batched applies n's operation to batches: by its own rule, by its class's, or
// example by example.
func (b *Builder) batched(n *Node, in []*Node, axes []int, size int) []*Node {
	if n.op.VMap != nil {
		out, at := n.op.VMap(b, n, in, axes)
		for i := range out {
			switch {
			case at[i] < 0:
				out[i] = b.Broadcast(out[i], prefixed(size, out[i].shape))
			case at[i] > 0:
				out[i] = b.moveAxis(out[i], at[i], 0)
			}
		}
		return out
	}
	switch n.op.Class {
	case Unary, Binary, Ternary:
		for i := range in {
			if axes[i] == 0 {
				in[i] = b.padRank(in[i], len(n.shape)+1)
			}
		}
		return []*Node{b.node(n.op, n.attrs, n.dtype, prefixed(size, n.shape), in...)}
	case Reduction:
		at := ReduceAttrs{shifted(n.attrs.(ReduceAttrs).Axes)}
		return []*Node{b.node(n.op, at, n.dtype, prefixed(size, n.shape), in...)}
	case ArgReduction:
		at := ArgReduceAttrs{n.attrs.(ArgReduceAttrs).Axis + 1}
		return []*Node{b.node(n.op, at, n.dtype, prefixed(size, n.shape), in...)}
	case Scan:
		at := n.attrs.(ScanAttrs)
		at.Axis++
		return []*Node{b.node(n.op, at, n.dtype, prefixed(size, n.shape), in...)}
	case Contraction:
		return []*Node{b.node(n.op, n.attrs, n.dtype, prefixed(size, n.shape), b.spreadAll(n, in, axes, size)...)}
	}
	return b.oneByOne(n, in, axes, size)
}

// oneByOne applies the operation to each example and stacks the answers.
func (b *Builder) oneByOne(n *Node, in []*Node, axes []int, size int) []*Node {
	results := make([][]*Node, len(n.outputs()))
	for i := range size {
		inputs := slices.Clone(in)
		for k := range inputs {
			if axes[k] == 0 {
				inputs[k] = b.Squeeze(b.Narrow(in[k], 0, i, i+1), 0)
			}
		}
		for k, o := range b.copyOf(n, inputs) {
			results[k] = append(results[k], o)
		}
	}
	out := make([]*Node, len(results))
	for k, o := range n.outputs() {
		if size == 0 {
			out[k] = b.Full(prefixed(0, o.shape), 0, o.dtype)
			continue
		}
		out[k] = b.Stack(results[k], 0)
	}
	return out
}

func prefixed(n int, shape []int) []int { return append([]int{n}, shape...) }

func shifted(axes []int) []int {
	out := make([]int, len(axes))
	for i, a := range axes {
		out[i] = a + 1
	}
	return out
}

// padRank inserts unit axes behind the first, so that the others align with
// those of an operand of the rank.
func (b *Builder) padRank(x *Node, rank int) *Node {
	if len(x.shape) == rank {
		return x
	}
	shape := append([]int{x.shape[0]}, slices.Repeat([]int{1}, rank-len(x.shape))...)
	return b.Reshape(x, append(shape, x.shape[1:]...))
}

// spreadAll repeats the inputs that are no batches.
func (b *Builder) spreadAll(n *Node, in []*Node, axes []int, size int) []*Node {
	for i, x := range in {
		if axes[i] < 0 {
			in[i] = b.Broadcast(x, prefixed(size, x.shape))
		}
	}
	return in
}

// batchSize is the length of the batch axis of the inputs.
func batchSize(in []*Node, axes []int) int {
	for i, a := range axes {
		if a >= 0 {
			return in[i].shape[a]
		}
	}
	return 0
}

// sameRule is for operations that work on the last axes: the batch is one more
// leading axis.
func sameRule(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	size := batchSize(in, axes)
	in = b.spreadAll(n, in, axes, size)
	return []*Node{b.node(n.op, n.attrs, n.dtype, prefixed(size, n.shape), in...)}, []int{0}
}

// attrsRule is sameRule with attributes that count axes.
func attrsRule(shift func(attrs any) any) VMapRule {
	return func(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
		size := batchSize(in, axes)
		in = b.spreadAll(n, in, axes, size)
		return []*Node{b.node(n.op, shift(n.attrs), n.dtype, prefixed(size, n.shape), in...)}, []int{0}
	}
}

func alongRule(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	return attrsRule(func(attrs any) any {
		at := attrs.(AlongAttrs)
		at.Axis++
		return at
	})(b, n, in, axes)
}

func init() {
	for _, op := range []*Op{OpIdentity, OpStopGradient, OpReshape, OpBitcast, OpCopy, OpSoftmax} {
		op.VMap = sameRule
	}
	OpBroadcast.VMap = func(b *Builder, n *Node, in []*Node, _ []int) ([]*Node, []int) {
		x := b.padRank(in[0], len(n.shape)+1)
		return []*Node{b.Broadcast(x, prefixed(x.shape[0], n.shape))}, []int{0}
	}
	OpTranspose.VMap = attrsRule(func(attrs any) any {
		return TransposeAttrs{append([]int{0}, shifted(attrs.(TransposeAttrs).Axes)...)}
	})
	OpSlice.VMap = attrsRule(func(attrs any) any {
		at := attrs.(SliceAttrs)
		return SliceAttrs{prefixed(0, at.Start), prefixed(1, at.Step)}
	})
	OpSliceUpdate.VMap = attrsRule(func(attrs any) any {
		at := attrs.(UpdateAttrs)
		return UpdateAttrs{prefixed(0, at.Start), prefixed(1, at.Step), at.Mode}
	})
	OpConcatenate.VMap = attrsRule(func(attrs any) any { return ConcatAttrs{attrs.(ConcatAttrs).Axis + 1} })
	OpTakeAlong.VMap, OpScatterAlong.VMap = alongRule, alongRule
	for _, op := range []*Op{OpSort, OpArgSort} {
		op.VMap = attrsRule(func(attrs any) any { return SortAttrs{attrs.(SortAttrs).Axis + 1} })
	}
	for _, op := range []*Op{OpPartition, OpArgPartition} {
		op.VMap = attrsRule(func(attrs any) any {
			at := attrs.(PartitionAttrs)
			return PartitionAttrs{at.Axis + 1, at.Kth}
		})
	}
	OpRandomBits.VMap = func(b *Builder, n *Node, in []*Node, _ []int) ([]*Node, []int) {
		key := in[0]
		return []*Node{b.node(n.op, n.attrs, n.dtype, prefixed(key.shape[0], n.shape), key)}, []int{0}
	}
	OpCustom.VMap = func(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
		at := n.attrs.(CustomAttrs)
		k := at.Outputs
		if at.Rule.VMap == nil {
			return in[:k], axes[:k] // through the function's own operations
		}
		out, outAxes := at.Rule.VMap(b, in[k:], axes[k:])
		for i, o := range out {
			want := n.outputs()[i].shape
			if a := outAxes[i]; a >= 0 {
				want = slices.Insert(slices.Clone(want), min(a, len(want)), batchSize(in, axes))
			}
			if !slices.Equal(o.shape, want) {
				b.failf(ValueError, "custom_function", "the vmap rule gave output %d the shape %s, want %s", i, shapes.Format(o.shape), shapes.Format(want))
			}
		}
		return out, outAxes
	}
	OpGather.VMap, OpScatter.VMap = gatherVMap, scatterVMap
}

// placesOf gives index arrays a leading batch axis, and an array of the batch's
// own places.
func (b *Builder) placesOf(indices []*Node, axes []int, size int) (all []*Node) {
	rank := 1
	for i, ix := range indices {
		r := len(ix.shape) + 1
		if axes[i] == 0 {
			r--
		}
		rank = max(rank, r)
	}
	for i, ix := range indices {
		if axes[i] == 0 {
			indices[i] = b.padRank(ix, rank)
		}
	}
	own := b.Reshape(b.Arange(0, 1, size, Int32), append([]int{size}, slices.Repeat([]int{1}, rank-1)...))
	return append([]*Node{own}, indices...)
}

func gatherVMap(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	at, size := n.attrs.(GatherAttrs), batchSize(in, axes)
	if axes[0] < 0 {
		places := b.placesOf(in[1:], axes[1:], size)
		return []*Node{b.Gather(in[0], places[1:], at.Axes, at.Sizes)}, []int{0}
	}
	if !slices.Contains(axes[1:], 0) {
		lead := len(n.shape) - len(at.Sizes)
		return []*Node{b.Gather(in[0], in[1:], shifted(at.Axes), prefixed(size, at.Sizes))}, []int{lead}
	}
	places := b.placesOf(in[1:], axes[1:], size)
	out := b.Gather(in[0], places, append([]int{0}, shifted(at.Axes)...), prefixed(1, at.Sizes))
	return []*Node{b.Squeeze(out, len(n.shape)-len(at.Sizes)+1)}, []int{0}
}

func scatterVMap(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	at, size := n.attrs.(ScatterAttrs), batchSize(in, axes)
	both := b.spreadAll(n, in[:2], axes[:2], size)
	x, updates := both[0], both[1]
	places := b.placesOf(in[2:], axes[2:], size)
	lead := len(n.inputs[1].shape) - len(n.shape)
	updates = b.ExpandDims(updates, 1+lead)
	return []*Node{b.Scatter(x, places, updates, append([]int{0}, shifted(at.Axes)...), at.Mode)}, []int{0}
}
