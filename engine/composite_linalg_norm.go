package engine

import "math"

// Norm is the root of the sum of squared moduli over axes; nil is all.
func (b *Builder) Norm(x *Node, axes []int, keep bool) *Node {
	if x.dtype.IsComplex() {
		x = b.Unary(OpAbs, x)
	}
	return b.Unary(OpSqrt, b.Sum(b.Square(x), axes, keep))
}

// VectorNorm is the norm of an order over axes: the largest or smallest modulus
// for the infinities, the number of elements that are not 0 for 0.
func (b *Builder) VectorNorm(x *Node, ord float64, axes []int, keep bool) *Node {
	size := b.Unary(OpAbs, x)
	d := size.dtype.AtLeastFloat()
	var out *Node
	switch ord {
	case 0:
		out = b.Sum(b.AsType(b.Binary(OpNotEqual, x, b.Scalar(0, x.dtype)), d), axes, keep)
	case 1:
		out = b.AsType(b.Sum(size, axes, keep), d)
	case 2:
		return b.Norm(x, axes, keep)
	case math.Inf(1):
		out = b.AsType(b.Reduce(OpMax, size, axes, keep), d)
	case math.Inf(-1):
		out = b.AsType(b.Reduce(OpMin, size, axes, keep), d)
	default:
		total := b.Sum(b.Binary(OpPower, b.AsType(size, d), b.Scalar(ord, d)), axes, keep)
		return b.Binary(OpPower, total, b.Scalar(1/ord, d))
	}
	if x.dtype.IsComplex() && ord != 0 {
		return b.AsType(out, Complex64) // as MLX has it
	}
	return out
}

// MatrixNorm is the norm of an order over two axes, rows and columns: the
// largest or smallest sum of moduli of a column for 1 and -1, of a row for the
// infinities; the largest or smallest singular value for 2 and -2.
func (b *Builder) MatrixNorm(x *Node, ord float64, axes []int, keep bool) *Node {
	at := b.Places("linalg.norm", x, axes)
	rows, cols := at[0], at[1]
	pick, first, second := OpMax, rows, cols
	switch ord {
	case 1:
	case -1:
		pick = OpMin
	case math.Inf(1):
		first, second = cols, rows
	case math.Inf(-1):
		pick, first, second = OpMin, cols, rows
	case 2, -2:
		if ord < 0 {
			pick = OpMin
		}
		return b.singularNorm(x, pick, at, keep)
	default:
		b.failf(ValueError, "linalg.norm", "the order %v is not one of a matrix norm", ord)
	}
	size := b.Unary(OpAbs, x)
	out := b.Reduce(pick, b.Sum(size, []int{first}, true), []int{second}, true)
	if !keep {
		out = b.Squeeze(out, rows, cols)
	}
	out = b.AsType(out, out.dtype.AtLeastFloat())
	if x.dtype.IsComplex() {
		return b.AsType(out, Complex64)
	}
	return out
}

// NuclearNorm is the sum of the singular values over two axes, rows and columns.
func (b *Builder) NuclearNorm(x *Node, axes []int, keep bool) *Node {
	return b.singularNorm(x, OpSum, b.Places("linalg.norm", x, axes), keep)
}

// singularNorm folds the singular values of the matrices over two axes.
func (b *Builder) singularNorm(x *Node, fold *Op, at []int, keep bool) *Node {
	perm := make([]int, 0, len(x.shape))
	for i := range x.shape {
		if i != at[0] && i != at[1] {
			perm = append(perm, i)
		}
	}
	values := b.SVD(b.Transpose(x, append(perm, at...)), false)[0]
	out := b.Reduce(fold, values, []int{-1}, false)
	if keep {
		out = b.ExpandDims(out, at...)
	}
	return out
}
