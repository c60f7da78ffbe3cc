package engine

func init() {
	OpAttention.VJP = attentionVJP
	OpAttentionVJP.Expand = func(b *Builder, n *Node) []*Node {
		in := n.inputs
		g := b.attentionGradients(in[0], in[1], in[2], in[4], n.attrs.(FlashAttrs).with(in[5:]))
		return []*Node{g.q(), g.k(), g.v()}
	}
}

// attentionVJP leaves the cotangents of queries, keys and values to an operation, for which
// a device may have kernels. Those of masks and sinks are composed.
func attentionVJP(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
	at, in, out := n.attrs.(FlashAttrs), n.inputs, make([]*Node, len(n.inputs))
	mask, sinks := at.Mask && need[3], at.Sinks && need[len(in)-1]
	if !mask && !sinks && max(in[0].shape[3], in[2].shape[3]) <= FlashGradientFeatures {
		inputs := append([]*Node{in[0], in[1], in[2], n, ct[0]}, in[3:]...)
		shapes := [][]int{in[0].shape, in[1].shape, in[2].shape}
		copy(out, b.nodes(OpAttentionVJP, at, []Dtype{n.dtype, n.dtype, n.dtype}, shapes, inputs...))
		return out
	}
	g := b.attentionGradients(in[0], in[1], in[2], ct[0], at.with(in[3:]))
	out[0], out[1], out[2] = g.q(), g.k(), g.v()
	if mask {
		out[3] = g.mask()
	}
	if sinks {
		out[len(in)-1] = g.sinks()
	}
	return out
}

// attentionGradients are what the cotangents of attention's operands are made of.
type attentionGradients struct {
	b       *Builder
	w       weighing
	scale   float64
	d       Dtype
	ct      *Node // of the answer, grouped
	own     *Node // for each query, of the sum of its weights
	scores  *Node // the cotangent of the scores
	queries []int // the shape of the queries
	keys    []int
	values  []int
}

// attentionGradients composes them. With weights p and the cotangent dy of the answer, that
// of the values is pᵀ dy, that of the weights dp = dy vᵀ, and that of the scores
// p (dp - sum(p dp)).
func (b *Builder) attentionGradients(q, k, v, ct *Node, at AttentionAttrs) *attentionGradients {
	g := &attentionGradients{b: b, w: b.attentionWeights(q, k, at), scale: at.Scale, d: q.dtype,
		queries: q.shape, keys: k.shape, values: v.shape}
	c := g.w.weights.dtype
	g.ct = b.groupHeads(b.AsType(ct, c), k.shape[1])
	dp := b.MatMul(g.ct, b.matrixT(b.ExpandDims(b.AsType(v, c), 2)))
	g.own = b.Sum(b.Mul(g.w.weights, dp), []int{-1}, true)
	g.scores = b.Mul(g.w.weights, b.Sub(dp, g.own))
	if g.w.allowed != nil { // what is forbidden has weight where nothing is allowed
		g.scores = b.Where(g.w.allowed, g.scores, b.Scalar(0, c))
	}
	return g
}

func (g *attentionGradients) q() *Node {
	dq := g.b.Mul(g.b.MatMul(g.scores, g.w.k), g.b.Scalar(g.scale, g.scores.dtype))
	return g.b.AsType(g.b.Reshape(dq, g.queries), g.d)
}

func (g *attentionGradients) k() *Node { return g.summed(g.scores, g.w.q, g.keys) }
func (g *attentionGradients) v() *Node { return g.summed(g.w.weights, g.ct, g.values) }

// summed multiplies what stands for each query and key, turned, with what stands for each
// query, and sums over the queries of all heads that share the keys.
func (g *attentionGradients) summed(each, by *Node, shape []int) *Node {
	flat := func(x *Node) *Node {
		s := x.shape
		return g.b.Reshape(x, []int{s[0], s[1], s[2] * s[3], s[4]})
	}
	return g.b.AsType(g.b.Reshape(g.b.MatMul(g.b.matrixT(flat(each)), flat(by)), shape), g.d)
}

func (g *attentionGradients) mask() *Node {
	s := g.queries
	return g.b.AsType(g.b.Reshape(g.scores, []int{s[0], s[1], s[2], g.keys[2]}), g.d)
}

// sinks have no value, so that only the sum of the weights depends on them.
func (g *attentionGradients) sinks() *Node {
	each := g.b.Neg(g.b.Mul(g.w.sinks, g.own))
	return g.b.AsType(g.b.Reshape(g.b.Sum(each, []int{0, 3, 4}, false), []int{g.queries[1]}), g.d)
}
