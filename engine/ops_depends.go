package engine

// OpDepends is a view of its first input that is not computed before the others are.
var OpDepends = view("depends", Differentiable, "The first input, which is not computed before the others are.", samePlace)

// Depends gives the inputs, each of which waits for all dependencies.
func (b *Builder) Depends(inputs, dependencies []*Node) []*Node {
	out := make([]*Node, len(inputs))
	for i, x := range inputs {
		out[i] = b.node(OpDepends, nil, x.dtype, x.shape, append([]*Node{x}, dependencies...)...)
	}
	return out
}

func init() {
	OpDepends.VJP = func(_ *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		out := make([]*Node, len(n.inputs))
		out[0] = ct[0]
		return out
	}
}
