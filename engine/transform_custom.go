package engine

// CustomRule is how transforms see a function whose rules its author gave.
type CustomRule struct {
	// VJP gives the cotangents of the primals from those of the outputs, which
	// are all set. A nil entry is zero. A nil VJP stands for the function's own.
	VJP func(b *Builder, primals, cotangents, outputs []*Node) []*Node
	// JVP gives the tangents of the outputs from those of the primals. A nil JVP
	// stands for the function's own, as in MLX, also where VJP is set.
	JVP func(b *Builder, primals, tangents []*Node) []*Node
	// VMap gives the outputs over batches of the primals, and the batch axis of
	// each (-1 where it is none) from those of the primals. A nil VMap stands for
	// the function's own.
	VMap func(b *Builder, primals []*Node, axes []int) (outputs []*Node, outAxes []int)
}

// CustomAttrs tell the outputs of the function, which come first among the
// inputs of OpCustom, from its primals, and hold the rule.
type CustomAttrs struct {
	Outputs int
	Rule    *CustomRule
}

// OpCustom passes a function's outputs on; its gradient is the author's.
var OpCustom = view("custom_function", Differentiable, "The outputs of a function with rules of its own for transforms.", samePlace)

// Custom gives the outputs with a rule for their dependence on the primals.
func (b *Builder) Custom(outputs, primals []*Node, rule *CustomRule) []*Node {
	dtypes, shapes := make([]Dtype, len(outputs)), make([][]int, len(outputs))
	for i, o := range outputs {
		dtypes[i], shapes[i] = o.dtype, o.shape
	}
	inputs := append(append([]*Node(nil), outputs...), primals...)
	return b.nodes(OpCustom, CustomAttrs{len(outputs), rule}, dtypes, shapes, inputs...)
}

func init() {
	OpCustom.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		at := n.attrs.(CustomAttrs)
		out := make([]*Node, len(n.inputs))
		primals := n.inputs[at.Outputs:]
		given := make([]*Node, at.Outputs)
		for i := range given {
			if given[i] = ct[i]; ct[i] == nil {
				given[i] = b.ZerosLike(n.inputs[i])
			}
		}
		switch {
		case b.engine.forward > 0 && at.Rule.JVP != nil:
			copy(out[at.Outputs:], b.transposed(at.Rule, primals, given))
			b.noteAdditions(at.Rule, primals, given)
		case b.engine.forward == 0 && at.Rule.VJP != nil:
			copy(out[at.Outputs:], at.Rule.VJP(b, primals, given, n.outputs()))
		default:
			copy(out, ct) // through the function's own operations
		}
		return out
	}
}

// transposed gives the cotangents of the primals by transposing the linear map
// from tangents to tangents.
func (b *Builder) transposed(rule *CustomRule, primals, ct []*Node) []*Node {
	t := b.engine.StartTrace("jvp", false)
	defer t.End()
	tangents := make([]*Node, len(primals))
	for i, p := range primals {
		tangents[i] = t.Tracer(b, b.ZerosLike(p))
	}
	return t.VJP(b, rule.JVP(b, primals, tangents), tangents, ct)
}

// additions are what the rules of a function add to tangents whatever the primals'
// are: a rule is its author's, and need not be linear.
type additions struct{ cotangents, tangents []*Node }

// noteAdditions notes what a rule gives for tangents of 0 beside the cotangents that
// arrived where it adds that.
func (b *Builder) noteAdditions(rule *CustomRule, primals, ct []*Node) {
	if b.engine.additions == nil {
		return
	}
	none := make([]*Node, len(primals))
	for i, p := range primals {
		none[i] = b.ZerosLike(p)
	}
	for i, c := range rule.JVP(b, primals, none) {
		if c != nil {
			b.engine.additions.cotangents = append(b.engine.additions.cotangents, ct[i])
			b.engine.additions.tangents = append(b.engine.additions.tangents, c)
		}
	}
}

// JVP gives the tangents of the outputs from those of the tracers. It transposes
// twice: the vector-Jacobian product is linear in its cotangent, and the
// transpose of that map is the product wanted.
func (t *Trace) JVP(b *Builder, outputs, tracers, tangents []*Node) []*Node {
	b.engine.forward++
	defer func() { b.engine.forward-- }()
	inner := b.engine.StartTrace("jvp", false)
	defer inner.End()
	dual := make([]*Node, len(outputs))
	for i, o := range outputs {
		dual[i] = inner.Tracer(b, b.OnesLike(o))
	}
	outer, noted := b.engine.additions, &additions{}
	b.engine.additions = noted
	pulled := t.VJP(b, outputs, tracers, dual)
	b.engine.additions = outer
	tangents = append(append([]*Node(nil), tangents...), noted.tangents...)
	pushed := inner.VJP(b, append(pulled, noted.cotangents...), dual, tangents)
	for i, o := range outputs {
		if d := tangentDtype(o); d != o.dtype && o.trace.within(t.t) {
			pushed[i] = b.Full(o.shape, 0, d)
		}
	}
	return pushed
}

// tangentDtype is that of a node's tangents: its own, but for the truth of a
// comparison that of what was compared.
func tangentDtype(n *Node) Dtype {
	switch n.op {
	case OpEqual, OpNotEqual, OpLess, OpLessEqual, OpGreater, OpGreaterEqual:
		return n.inputs[0].dtype
	case OpBitAnd, OpBitOr, OpBitXor:
		return Promote(tangentDtype(n.inputs[0]), tangentDtype(n.inputs[1]))
	}
	return n.dtype
}
