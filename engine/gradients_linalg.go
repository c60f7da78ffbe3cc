package engine

func init() {
	OpSolve.VJP = solveVJP
	OpCholesky.VJP = choleskyVJP
	OpPseudoInverse.VJP = pseudoInverseVJP
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

// pseudoInverseVJP is that of Golub and Pereyra, "The differentiation of
// pseudo-inverses and nonlinear least squares problems", SIAM J. Numer. Anal. 10
// (1973): unlike the singular vectors', it does not mind equal singular values.
func pseudoInverseVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	a, p, g := n.inputs[0], n, ct[0]
	pt, gt := b.matrixT(p), b.matrixT(g)
	r := len(a.shape)
	left := b.Sub(b.Eye(a.shape[r-2], a.shape[r-2], 0, a.dtype), b.MatMul(a, p))
	right := b.Sub(b.Eye(a.shape[r-1], a.shape[r-1], 0, a.dtype), b.MatMul(p, a))
	inside := b.MatMul(b.MatMul(pt, g), pt)
	rows := b.MatMul(b.MatMul(b.MatMul(left, gt), p), pt)
	columns := b.MatMul(b.MatMul(b.MatMul(pt, p), gt), right)
	return []*Node{b.Add(b.Sub(rows, inside), columns)}
}
