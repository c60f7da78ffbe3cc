package engine

func init() {
	OpSolve.VJP = solveVJP
	OpCholesky.VJP = choleskyVJP
	OpSVD.VJP = singularVJP
	OpEigh.VJP = eighVJP
	OpDet.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		return []*Node{b.Mul(b.asMatrix(b.Mul(ct[0], n)), b.matrixT(b.Inverse(n.inputs[0], Whole)))}
	}
	OpSlogDet.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		if ct[1] == nil {
			return []*Node{nil}
		}
		return []*Node{b.Mul(b.asMatrix(ct[1]), b.matrixT(b.Inverse(n.inputs[0], Whole)))}
	}
}

// asMatrix gives a number for each matrix two axes.
func (b *Builder) asMatrix(x *Node) *Node { return b.ExpandDims(x, len(x.shape), len(x.shape)+1) }

// solveVJP: the right side's cotangent solves the transposed system, and the
// matrix's is its outer product with the solution.
func solveVJP(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
	part := n.attrs.(TriangleAttrs).Part
	flipped := map[Triangle]Triangle{Whole: Whole, Lower: Upper, Upper: Lower}[part]
	side := b.Solve(b.matrixT(n.inputs[0]), ct[0], flipped)
	out := []*Node{nil, side}
	if need[0] {
		out[0] = b.Neg(b.MatMul(side, b.matrixT(n)))
		if part != Whole {
			out[0] = b.Triangle(out[0], 0, part == Upper)
		}
	}
	return out
}

// choleskyVJP: with a = l lᵀ, the cotangent is the symmetric part of
// l⁻ᵀ p l⁻¹, where p is the lower triangle of lᵀ ct with half its diagonal.
func choleskyVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	l, g := n, ct[0]
	if n.attrs.(TriangleAttrs).Part == Upper {
		l, g = b.matrixT(l), b.matrixT(g)
	}
	size := n.shape[len(n.shape)-1]
	p := b.Triangle(b.MatMul(b.matrixT(l), g), 0, false)
	p = b.Where(b.Eye(size, size, 0, Bool), b.Scale(p, 0.5), p)
	inner := b.Solve(b.matrixT(l), p, Upper)
	whole := b.matrixT(b.Solve(b.matrixT(l), b.matrixT(inner), Upper))
	return []*Node{b.Scale(b.Add(whole, b.matrixT(whole)), 0.5)}
}

// singularVJP differentiates the singular values: a change of the matrix changes
// them by its component along their vectors. The vectors themselves are not
// unique where values are equal or the matrix is not square.
func singularVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	values := ct[0]
	if n.attrs.(SVDAttrs).Vectors {
		if ct[0] != nil || ct[2] != nil {
			b.failf(NotImplementedError, n.op.Name, "the gradient of singular vectors is not defined, only that of the values")
		}
		values = ct[1]
	}
	x := n.inputs[0]
	r := len(x.shape)
	k := min(x.shape[r-2], x.shape[r-1])
	parts := b.SVD(x, true)
	u, vt := b.Narrow(parts[0], r-1, 0, k), b.Narrow(parts[2], r-2, 0, k)
	return []*Node{b.MatMul(b.Mul(u, b.ExpandDims(values, -2)), vt)}
}

// eighVJP: values change along their vectors, vectors towards the others by the
// distance of their values.
func eighVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	outs := n.outputs()
	w, v := outs[0], outs[1]
	if v.dtype.IsComplex() {
		b.failf(NotImplementedError, n.op.Name, "the gradient of complex matrices is not defined")
	}
	size := w.shape[len(w.shape)-1]
	eye := b.Eye(size, size, 0, Bool)
	zero := b.Scalar(0, v.dtype)
	middle := b.Full(v.shape, 0, v.dtype)
	if ct[0] != nil {
		middle = b.Where(eye, b.ExpandDims(ct[0], -1), zero)
	}
	if ct[1] != nil {
		apart := b.Sub(b.ExpandDims(w, -2), b.ExpandDims(w, -1))
		turn := b.Div(b.MatMul(b.matrixT(v), ct[1]), b.Where(eye, b.Scalar(1, v.dtype), apart))
		middle = b.Add(middle, b.Where(eye, zero, turn))
	}
	g := b.MatMul(b.MatMul(v, middle), b.matrixT(v))
	return []*Node{b.Scale(b.Add(g, b.matrixT(g)), 0.5)}
}
