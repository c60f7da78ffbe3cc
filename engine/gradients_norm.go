package engine

func init() {
	OpRMSNorm.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		return b.normCotangents(OpRMSNormVJP, n, ct[0], need)
	}
	OpLayerNorm.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		return b.normCotangents(OpLayerNormVJP, n, ct[0], need)
	}
	OpRMSNorm.VMap, OpLayerNorm.VMap = normVMap, normVMap
	OpRMSNormVJP.VMap, OpLayerNormVJP.VMap = normGradientVMap, normGradientVMap
	OpRMSNormVJP.Expand = func(b *Builder, n *Node) []*Node { return b.expandNormGradient(n, false) }
	OpLayerNormVJP.Expand = func(b *Builder, n *Node) []*Node { return b.expandNormGradient(n, true) }
}

// normCotangents leaves the cotangents of a normalization's inputs to an operation, for
// which a device may have kernels.
func (b *Builder) normCotangents(op *Op, n, ct *Node, need []bool) []*Node {
	at := NormGradientAttrs{NormAttrs: n.attrs.(NormAttrs)}
	for _, needed := range need[1:] {
		at.Params = at.Params || needed
	}
	x := n.inputs[0]
	inputs, shapes, dtypes := []*Node{x, ct}, [][]int{x.shape}, []Dtype{n.dtype}
	if at.Weight {
		inputs = append(inputs, n.inputs[1])
	}
	if at.Params {
		for _, p := range n.inputs[1:] {
			shapes, dtypes = append(shapes, p.shape), append(dtypes, n.dtype)
		}
	}
	out := make([]*Node, len(n.inputs))
	copy(out, b.nodes(op, at, dtypes, shapes, inputs...))
	return out
}

// expandNormGradient composes them. N may be any of the operation's outputs.
func (b *Builder) expandNormGradient(n *Node, center bool) []*Node {
	at, lead := n.attrs.(NormGradientAttrs), make([]int, len(n.inputs[0].shape)-1)
	for i := range lead {
		lead[i] = i
	}
	var weight *Node
	if at.Weight {
		weight = n.inputs[2]
	}
	return b.normGradients(at, center, n.inputs[0], n.inputs[1], weight, lead)
}

// normGradients are the cotangents of x and, summed over the lead axes, of the parameters.
// With y the row, centered or not, over its root, g the cotangent times the weight, and s one
// over the root, that of x is s (g - y mean(g y)), and less the mean of g where rows are
// centered.
func (b *Builder) normGradients(at NormGradientAttrs, center bool, x, ct, weight *Node, lead []int) []*Node {
	d := x.dtype
	y, ct := b.wide(x), b.wide(ct)
	last := []int{-1}
	if center {
		y = b.Sub(y, b.Mean(y, last, true))
	}
	scale := b.Unary(OpRsqrt, b.Add(b.Mean(b.Square(y), last, true), b.Scalar(at.Eps, y.dtype)))
	y = b.Mul(y, scale)
	g := ct
	if at.Weight {
		g = b.Mul(ct, b.wide(weight))
	}
	change := b.Sub(g, b.Mul(y, b.Mean(b.Mul(g, y), last, true)))
	if center {
		change = b.Sub(change, b.Mean(g, last, true))
	}
	out := []*Node{b.AsType(b.Mul(change, scale), d)}
	if !at.Params {
		return out
	}
	summed := func(x *Node) *Node {
		if len(lead) > 0 {
			x = b.Sum(x, lead, false)
		}
		return b.AsType(x, d)
	}
	if at.Weight {
		out = append(out, summed(b.Mul(ct, y)))
	}
	if at.Bias {
		out = append(out, summed(ct))
	}
	return out
}

// normVMap: batches of x are more rows, for which the parameters are the same.
func normVMap(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	size := batchSize(in, axes)
	for _, axis := range axes[1:] {
		if axis >= 0 {
			return b.oneByOne(n, in, axes, size), []int{0}
		}
	}
	return []*Node{b.node(n.op, n.attrs, n.dtype, prefixed(size, n.shape), in...)}, []int{0}
}

// normGradientVMap composes the cotangents of batches, where each example has parameters, or
// cotangents of them, of its own.
func normGradientVMap(b *Builder, n *Node, in []*Node, axes []int) (out []*Node, outAxes []int) {
	at, size := n.attrs.(NormGradientAttrs), batchSize(in, axes)
	for i := range in[:2] {
		if axes[i] < 0 {
			in[i] = b.Broadcast(in[i], prefixed(size, in[i].shape))
		}
	}
	if !at.Params && (!at.Weight || axes[2] < 0) {
		return []*Node{b.node(n.op, at, n.dtype, prefixed(size, n.shape), in...)}, []int{0}
	}
	var weight *Node
	if at.Weight {
		if weight = in[2]; axes[2] >= 0 {
			weight = b.padRank(weight, len(n.inputs[0].shape)+1)
		}
	}
	lead := make([]int, len(n.inputs[0].shape)-1)
	for i := range lead {
		lead[i] = i + 1
	}
	out = b.normGradients(at, n.op == OpLayerNormVJP, in[0], in[1], weight, lead)
	return out, make([]int, len(out))
}
