package engine

// The rules of decompositions. Factors of a matrix are not unique: vectors have
// free signs (or phases), and any basis of the vectors of equal values will do.
// The rules hold for functions that do not depend on that choice.

func init() {
	OpSVD.VJP = svdVJP
	OpEigh.VJP = eighVJP
	OpEig.VJP = eigVJP
	OpQR.VJP = qrVJP
	OpLU.VJP = luVJP
}

// onDiagonal puts vectors on the diagonals of matrices.
func (b *Builder) onDiagonal(x *Node) *Node {
	n := x.shape[len(x.shape)-1]
	return b.Where(b.Eye(n, n, 0, Bool), b.ExpandDims(x, -1), b.Scalar(0, x.dtype))
}

// offDiagonal divides matrices by others, off the diagonal, which becomes 0.
// Cells where same holds count as the diagonal.
func (b *Builder) offDiagonal(x, by, same *Node) *Node {
	return b.Where(same, b.Scalar(0, x.dtype), b.Div(x, b.Where(same, b.Scalar(1, by.dtype), by)))
}

// extend pads or cuts the matrices' rows and columns.
func (b *Builder) extend(x *Node, rows, cols int) *Node {
	r := len(x.shape)
	x = b.Narrow(x, r-2, 0, min(x.shape[r-2], rows))
	x = b.Narrow(x, r-1, 0, min(x.shape[r-1], cols))
	low, high := make([]int, r), make([]int, r)
	high[r-2], high[r-1] = rows-x.shape[r-2], cols-x.shape[r-1]
	return b.Pad(x, low, high, PadConstant, b.Scalar(0, x.dtype))
}

// svdVJP: values change by the components of the matrix's change along their
// vectors; a vector turns towards another by the components along the pair, over
// the difference of the squared values. Vectors without a value have the value 0.
func svdVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	x := n.inputs[0]
	outs := n.outputs()
	if x.dtype.IsComplex() {
		return svdOfComplexVJP(b, n, ct)
	}
	if !n.attrs.(SVDAttrs).Vectors {
		outs, ct = b.SVD(x, true), []*Node{nil, ct[0], nil}
	}
	u, s, v := outs[0], outs[1], b.matrixT(outs[2])
	r := len(x.shape)
	rows, cols := x.shape[r-2], x.shape[r-1]
	k := min(rows, cols)
	inner := b.Full(x.shape, 0, x.dtype) // the cotangent, in the basis of the vectors
	if ct[1] != nil {
		inner = b.Add(inner, b.extend(b.onDiagonal(ct[1]), rows, cols))
	}
	turned := func(vectors, g *Node, size int) *Node {
		// Vectors that share the value 0 for want of another may turn freely.
		places := b.Arange(0, 1, size, Int32)
		null := b.Binary(OpGreaterEqual, places, b.Scalar(float64(k), Int32))
		same := b.Binary(OpLogicalOr, b.Eye(size, size, 0, Bool), b.Binary(OpLogicalAnd, b.ExpandDims(null, 0), b.ExpandDims(null, 1)))
		padded := b.matrixT(b.extend(b.ExpandDims(s, -1), size, 1))
		squares := b.Square(padded)
		apart := b.Sub(squares, b.matrixT(squares))
		m := b.offDiagonal(b.MatMul(b.matrixT(vectors), g), apart, same)
		return b.Mul(b.Add(m, b.matrixT(m)), padded)
	}
	if ct[0] != nil {
		inner = b.Add(inner, b.extend(b.Narrow(turned(u, ct[0], rows), r-1, 0, k), rows, cols))
	}
	if ct[2] != nil {
		part := b.Narrow(turned(v, b.matrixT(ct[2]), cols), r-1, 0, k)
		inner = b.Add(inner, b.extend(b.matrixT(part), rows, cols))
	}
	return []*Node{b.MatMul(b.MatMul(u, inner), outs[2])}
}

// svdOfComplexVJP is that of the values alone: vectors are determined up to a phase each.
func svdOfComplexVJP(b *Builder, n *Node, ct []*Node) []*Node {
	x, outs := n.inputs[0], n.outputs()
	if !n.attrs.(SVDAttrs).Vectors {
		outs, ct = b.SVD(x, true), []*Node{nil, ct[0], nil}
	}
	if ct[0] != nil || ct[2] != nil {
		b.failf(NotImplementedError, n.op.Name, "the gradient of the singular vectors of complex matrices is not defined")
	}
	r := len(x.shape)
	inner := b.extend(b.AsType(b.onDiagonal(ct[1]), x.dtype), x.shape[r-2], x.shape[r-1])
	return []*Node{b.MatMul(b.MatMul(outs[0], inner), outs[2])}
}

// eighVJP: values change along their vectors, vectors towards the others by the
// distance of their values.
func eighVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	outs := n.outputs()
	w, v := outs[0], outs[1]
	adjoint := b.conj(b.matrixT(v))
	size := w.shape[len(w.shape)-1]
	middle := b.Full(v.shape, 0, v.dtype)
	if ct[0] != nil {
		middle = b.Add(middle, b.AsType(b.onDiagonal(ct[0]), v.dtype))
	}
	if ct[1] != nil {
		apart := b.Sub(b.ExpandDims(w, -2), b.ExpandDims(w, -1))
		middle = b.Add(middle, b.offDiagonal(b.MatMul(adjoint, ct[1]), apart, b.Eye(size, size, 0, Bool)))
	}
	g := b.MatMul(b.MatMul(v, middle), adjoint)
	return []*Node{b.Scale(b.Add(g, b.conj(b.matrixT(g))), 0.5)}
}

// eigVJP is eighVJP without orthogonal vectors: they have length 1 instead, which
// takes away what would make them longer.
func eigVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	outs := n.outputs()
	w, v := outs[0], outs[1]
	adjoint := b.conj(b.matrixT(v))
	size := w.shape[len(w.shape)-1]
	middle := b.Full(v.shape, 0, v.dtype)
	if ct[0] != nil {
		middle = b.Add(middle, b.onDiagonal(ct[0]))
	}
	if ct[1] != nil {
		m := b.MatMul(adjoint, ct[1])
		along := b.Unary(OpReal, b.Diagonal(m, 0, -2, -1))
		m = b.Sub(m, b.Mul(b.MatMul(adjoint, v), b.ExpandDims(along, -2)))
		apart := b.conj(b.Sub(b.ExpandDims(w, -2), b.ExpandDims(w, -1)))
		middle = b.Add(middle, b.offDiagonal(m, apart, b.Eye(size, size, 0, Bool)))
	}
	g := b.solveComplex(adjoint, b.MatMul(middle, adjoint))
	if d := n.inputs[0].dtype; !d.IsComplex() {
		g = b.AsType(b.Unary(OpReal, g), d)
	}
	return []*Node{g}
}

// solveComplex solves a x = y for complex matrices, as a real system of twice the
// size.
func (b *Builder) solveComplex(a, y *Node) *Node {
	r := len(a.shape)
	stack := func(x *Node) *Node { return b.Concatenate([]*Node{b.Unary(OpReal, x), b.Unary(OpImag, x)}, r-2) }
	left := stack(a)
	whole := b.Concatenate([]*Node{left, stack(b.Mul(a, b.ScalarComplex(1i)))}, r-1)
	x := b.Solve(whole, stack(y), Whole)
	n := a.shape[r-1]
	re, im := b.Narrow(x, r-2, 0, n), b.Narrow(x, r-2, n, 2*n)
	return b.Add(b.AsType(re, Complex64), b.Mul(b.AsType(im, Complex64), b.ScalarComplex(1i)))
}

// qrVJP: see Walter and Lehmann, "Algorithmic differentiation of linear algebra
// functions", Optimization Methods and Software 33 (2018). Of a wide matrix the
// first columns have the factors, and the others follow from them.
func qrVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	outs := n.outputs()
	q, upper := outs[0], outs[1]
	rank := len(q.shape)
	k, cols := q.shape[rank-1], upper.shape[rank-1]
	gq, gr := b.orZeros(ct[0], q), b.orZeros(ct[1], upper)
	var rest *Node
	if cols > k {
		more := b.Narrow(gr, rank-1, k, cols)
		gq = b.Add(gq, b.MatMul(b.Narrow(n.inputs[0], rank-1, k, cols), b.matrixT(more)))
		rest = b.MatMul(q, more)
		gr, upper = b.Narrow(gr, rank-1, 0, k), b.Narrow(upper, rank-1, 0, k)
	}
	m := b.Sub(b.MatMul(upper, b.matrixT(gr)), b.MatMul(b.matrixT(gq), q))
	symmetric := b.Add(b.Triangle(m, 0, false), b.matrixT(b.Triangle(m, -1, false)))
	g := b.Add(gq, b.MatMul(q, symmetric))
	g = b.matrixT(b.Solve(upper, b.matrixT(g), Upper))
	if rest != nil {
		g = b.Concatenate([]*Node{g, rest}, rank-1)
	}
	return []*Node{g}
}

func (b *Builder) orZeros(ct, like *Node) *Node {
	if ct == nil {
		return b.ZerosLike(like)
	}
	return ct
}

// luVJP: the square part's cotangent is l⁻ᵀ (tril(lᵀ gl, -1) + triu(gu uᵀ)) u⁻ᵀ.
// Rows below it, or columns beside it, are products with its factors.
func luVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	outs := n.outputs()
	if ct[0] == nil {
		return []*Node{nil}
	}
	x, g := outs[0], ct[0]
	rank := len(x.shape)
	rows, cols := x.shape[rank-2], x.shape[rank-1]
	k := min(rows, cols)
	head := func(m *Node) *Node { return b.extend(m, k, k) }
	l := b.Add(b.Triangle(head(x), -1, false), b.Eye(k, k, 0, x.dtype))
	u := b.Triangle(head(x), 0, true)
	gl, gu := b.Triangle(head(g), -1, false), b.Triangle(head(g), 0, true)
	var rest *Node
	along := rank - 2
	switch {
	case rows > k:
		below := b.Narrow(x, rank-2, k, rows)
		rest = b.matrixT(b.Solve(u, b.matrixT(b.Narrow(g, rank-2, k, rows)), Upper))
		gu = b.Sub(gu, b.MatMul(b.matrixT(below), rest))
	case cols > k:
		along = rank - 1
		beside := b.Narrow(x, rank-1, k, cols)
		rest = b.Solve(b.matrixT(l), b.Narrow(g, rank-1, k, cols), Upper)
		gl = b.Sub(gl, b.MatMul(rest, b.matrixT(beside)))
	}
	middle := b.Add(b.Triangle(b.MatMul(b.matrixT(l), gl), -1, false), b.Triangle(b.MatMul(gu, b.matrixT(u)), 0, true))
	whole := b.Solve(b.matrixT(l), b.matrixT(b.Solve(u, b.matrixT(middle), Upper)), Upper)
	if rest != nil {
		whole = b.Concatenate([]*Node{whole, rest}, along)
	}
	// The factors' rows are the matrix's in another order.
	return []*Node{b.TakeAlong(whole, b.StopGradient(b.ExpandDims(outs[2], -1)), -2)}
}
