package engine

import (
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Triangle says which part of a matrix an operation reads.
type Triangle uint8

// The parts.
const (
	Whole Triangle = iota
	Lower
	Upper
)

// TriangleAttrs are those of the operations that read a part of a matrix.
type TriangleAttrs struct{ Part Triangle }

// SVDAttrs say whether the singular vectors are wanted too.
type SVDAttrs struct{ Vectors bool }

// realMatrix takes float32 and float64, as MLX's decompositions do.
func realMatrix(d Dtype) (in, out Dtype) {
	if d != Float32 && d != Float64 {
		return 0, 0
	}
	return d, d
}

func eigenDtype(d Dtype) (in, out Dtype) {
	switch d {
	case Float32, Float64, Complex64:
		return d, Complex64
	case Complex128:
		return d, d
	}
	return 0, 0
}

// symmetricDtype also takes complex Hermitian matrices, whose eigenvalues are real.
func symmetricDtype(d Dtype) (in, out Dtype) {
	if d.IsComplex() {
		return d, d.Real()
	}
	return realMatrix(d)
}

func svdDtype(d Dtype) (in, out Dtype) {
	if d.IsComplex() {
		return d, d
	}
	return realMatrix(d)
}

func decomposition(name string, rule DtypeRule, g Gradient, doc string) *Op {
	return define(Op{Name: name, Class: Structured, Layout: RowsLayout, Dtypes: rule, Gradient: g, VMap: sameRules, Doc: doc})
}

// The decompositions of matrices, over the last two axes.
var (
	OpSolve    = decomposition("linalg.solve", realMatrix, Differentiable, "The solution x of a x = b, for square a or a triangle of it.")
	OpCholesky = decomposition("linalg.cholesky", realMatrix, Differentiable, "The triangular factor of a positive definite matrix, of which one triangle is read.")
	OpQR       = decomposition("linalg.qr", realMatrix, Differentiable, "A matrix with orthonormal columns and an upper triangular one, whose product is the matrix.")
	OpSVD      = decomposition("linalg.svd", svdDtype, Differentiable, "The singular value decomposition: left vectors, values, right vectors transposed; or the values alone.")
	OpEigh     = decomposition("linalg.eigh", symmetricDtype, Differentiable, "Eigenvalues, ascending, and eigenvectors of a symmetric matrix, of which one triangle is read.")
	OpEig      = decomposition("linalg.eig", eigenDtype, Differentiable, "Eigenvalues and eigenvectors of a square matrix.")
	OpLU       = decomposition("linalg.lu", realMatrix, Differentiable, "Both triangular factors in one matrix, with the rows exchanged at each step and the row of the factors that is each row of the matrix.")
	OpDet      = decomposition("linalg.det", realMatrix, Differentiable, "The determinant of a square matrix.")
	OpSlogDet  = decomposition("linalg.slogdet", realMatrix, Differentiable, "The sign of the determinant and the logarithm of its modulus.")
)

// sameRules is sameRule for operations with several outputs.
func sameRules(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	size := batchSize(in, axes)
	in = b.spreadAll(n, in, axes, size)
	outs := n.outputs()
	if len(outs) == 1 {
		return []*Node{b.node(n.op, n.attrs, n.dtype, prefixed(size, n.shape), in...)}, []int{0}
	}
	dtypes, shapes := make([]Dtype, len(outs)), make([][]int, len(outs))
	for i, o := range outs {
		dtypes[i], shapes[i] = o.dtype, prefixed(size, o.shape)
	}
	return b.nodes(n.op, n.attrs, dtypes, shapes, in...), make([]int, len(outs))
}

// matrixOperand checks a matrix and gives its leading axes, rows and columns.
func (b *Builder) matrixOperand(op *Op, x *Node, square bool) (lead []int, rows, cols int) {
	r := len(x.shape)
	if in, _ := op.Dtypes(x.dtype); !in.Valid() {
		b.failf(ValueError, op.Name, "got %s, want %s", x.dtype, wantedMatrix(op))
	}
	if r < 2 {
		b.failf(ValueError, op.Name, "got an array with %d axes, want at least 2", r)
	}
	lead, rows, cols = x.shape[:r-2], x.shape[r-2], x.shape[r-1]
	if square && rows != cols {
		b.failf(ValueError, op.Name, "got a matrix of shape %s, want a square one", shapes.Format(x.shape))
	}
	return lead, rows, cols
}

// wantedMatrix lists the dtypes that an operation of matrices takes.
func wantedMatrix(op *Op) string {
	if in, _ := op.Dtypes(Complex64); in.Valid() {
		return "float32, float64 or complex64"
	}
	return "float32 or float64"
}

// behind is the leading axes followed by others.
func behind(lead []int, axes ...int) []int { return append(slices.Clone(lead), axes...) }

// Solve gives the solution of a x = y. A y with one axis is a vector. Of a, only
// the part is read.
func (b *Builder) Solve(a, y *Node, part Triangle) *Node {
	d := Promote(a.dtype, y.dtype)
	if d != Float32 && d != Float64 {
		b.failf(ValueError, OpSolve.Name, "got %s and %s, want float32 or float64", a.dtype, y.dtype)
	}
	a, y = b.AsType(a, d), b.AsType(y, d)
	_, rows, _ := b.matrixOperand(OpSolve, a, true)
	vector := len(y.shape) == 1
	if vector {
		y = b.ExpandDims(y, 1)
	}
	if len(y.shape) < 2 || y.shape[len(y.shape)-2] != rows {
		b.failf(ValueError, OpSolve.Name, "a right side of shape %s does not match a matrix of %s", shapes.Format(y.shape), shapes.Format(a.shape))
	}
	a, y, _ = b.batches(OpSolve.Name, a, y)
	x := b.node(OpSolve, TriangleAttrs{part}, d, y.shape, a, y)
	if vector {
		x = b.Squeeze(x, -1)
	}
	return x
}

// Inverse gives the inverse of square matrices, or of a triangle of them.
func (b *Builder) Inverse(a *Node, part Triangle) *Node {
	lead, n, _ := b.matrixOperand(OpSolve, a, true)
	return b.Solve(a, b.Broadcast(b.Eye(n, n, 0, a.dtype), behind(lead, n, n)), part)
}

// Cholesky gives the triangular factor of positive definite matrices.
func (b *Builder) Cholesky(a *Node, upper bool) *Node {
	b.matrixOperand(OpCholesky, a, true)
	return b.node(OpCholesky, TriangleAttrs{triangle(upper)}, a.dtype, a.shape, a)
}

func triangle(upper bool) Triangle {
	if upper {
		return Upper
	}
	return Lower
}

// CholeskyInverse gives the inverse of the matrix whose triangular factor is l.
func (b *Builder) CholeskyInverse(l *Node, upper bool) *Node {
	half := b.Inverse(l, triangle(upper))
	if upper {
		return b.MatMul(half, b.matrixT(half))
	}
	return b.MatMul(b.matrixT(half), half)
}

// QR gives the two factors.
func (b *Builder) QR(a *Node) []*Node {
	lead, m, n := b.matrixOperand(OpQR, a, false)
	k := min(m, n)
	return b.nodes(OpQR, nil, []Dtype{a.dtype, a.dtype}, [][]int{behind(lead, m, k), behind(lead, k, n)}, a)
}

// SVD gives u, s and vᵀ, or s alone.
func (b *Builder) SVD(a *Node, vectors bool) []*Node {
	lead, m, n := b.matrixOperand(OpSVD, a, false)
	d, values := a.dtype, behind(lead, min(m, n))
	if !vectors {
		return []*Node{b.node(OpSVD, SVDAttrs{}, d.Real(), values, a)}
	}
	return b.nodes(OpSVD, SVDAttrs{true}, []Dtype{d, d.Real(), d}, [][]int{behind(lead, m, m), values, behind(lead, n, n)}, a)
}

// Eigh gives the eigenvalues and the eigenvectors, as columns, of symmetric or
// Hermitian matrices.
func (b *Builder) Eigh(a *Node, upper bool) []*Node {
	lead, n, _ := b.matrixOperand(OpEigh, a, true)
	_, values := symmetricDtype(a.dtype)
	return b.nodes(OpEigh, TriangleAttrs{triangle(upper)}, []Dtype{values, a.dtype}, [][]int{behind(lead, n), a.shape}, a)
}

// Eig gives the eigenvalues and the eigenvectors, as columns, of square matrices.
func (b *Builder) Eig(a *Node) []*Node {
	_, d := eigenDtype(a.dtype)
	return b.EigAs(a, d)
}

// EigAs is Eig, answered in a complex dtype. Of real matrices that is complex64 in MLX;
// complex128 is NumPy's, with the signs that vectors have there.
func (b *Builder) EigAs(a *Node, d Dtype) []*Node {
	lead, n, _ := b.matrixOperand(OpEig, a, true)
	return b.nodes(OpEig, nil, []Dtype{d, d}, [][]int{behind(lead, n), a.shape}, a)
}

// LUFactor gives both factors in one matrix, the rows exchanged, and for each row
// of a the row of the factors that it is.
func (b *Builder) LUFactor(a *Node) []*Node {
	lead, m, n := b.matrixOperand(OpLU, a, false)
	return b.nodes(OpLU, nil, []Dtype{a.dtype, Uint32, Uint32}, [][]int{a.shape, behind(lead, min(m, n)), behind(lead, m)}, a)
}

// LU gives the row of the factors that each row of a is, and the two factors.
func (b *Builder) LU(a *Node) []*Node {
	parts := b.LUFactor(a)
	r := len(a.shape)
	m, n := a.shape[r-2], a.shape[r-1]
	k := min(m, n)
	l := b.Add(b.Triangle(b.Narrow(parts[0], r-1, 0, k), -1, false), b.Eye(m, k, 0, a.dtype))
	return []*Node{parts[2], l, b.Triangle(b.Narrow(parts[0], r-2, 0, k), 0, true)}
}

// OpPseudoInverse is made of a singular value decomposition, and has a gradient
// where that has none.
var OpPseudoInverse = define(Op{Name: "linalg.pinv", Class: Composite, Dtypes: realMatrix, Gradient: Differentiable, VMap: sameRules,
	Doc: "The Moore-Penrose inverse of a matrix."})

// PseudoInverse gives the Moore-Penrose inverse. Singular values that are below
// the largest by the dtype's resolution times the longer side count as 0.
func (b *Builder) PseudoInverse(a *Node) *Node {
	lead, m, n := b.matrixOperand(OpPseudoInverse, a, false)
	return b.node(OpPseudoInverse, nil, a.dtype, behind(lead, n, m), a)
}

func expandPseudoInverse(b *Builder, node *Node) []*Node {
	a := node.inputs[0]
	r, d := len(a.shape), a.dtype
	if a.Len() == 0 {
		return []*Node{b.Full(node.shape, 0, d)}
	}
	parts := b.SVD(a, true)
	m, n := a.shape[r-2], a.shape[r-1]
	k := min(m, n)
	u, s, vt := b.Narrow(parts[0], r-1, 0, k), parts[1], b.Narrow(parts[2], r-2, 0, k)
	eps := math.Ldexp(1, -23)
	if d == Float64 {
		eps = math.Ldexp(1, -52)
	}
	least := b.Scale(b.Reduce(OpMax, s, []int{-1}, true), eps*float64(max(m, n)))
	counts := b.Binary(OpGreater, s, least)
	inverse := b.Where(counts, b.Reciprocal(b.Where(counts, s, b.Scalar(1, d))), b.Scalar(0, d))
	return []*Node{b.MatMul(b.Mul(b.matrixT(vt), b.ExpandDims(inverse, -2)), b.matrixT(u))}
}

func init() { OpPseudoInverse.Expand = expandPseudoInverse }

// determinant applies an operation of determinants; half types compute in float32.
func (b *Builder) determinant(op *Op, a *Node, f func(a *Node, lead []int) []*Node) []*Node {
	d := a.dtype.AtLeastFloat()
	if d == Float16 || d == BFloat16 {
		a = b.AsType(a, Float32)
	} else {
		a = b.AsType(a, d)
	}
	lead, _, _ := b.matrixOperand(op, a, true)
	outs := f(a, lead)
	for i, o := range outs {
		outs[i] = b.AsType(o, d)
	}
	return outs
}

// Det gives determinants.
func (b *Builder) Det(a *Node) *Node {
	return b.determinant(OpDet, a, func(a *Node, lead []int) []*Node {
		return []*Node{b.node(OpDet, nil, a.dtype, lead, a)}
	})[0]
}

// SlogDet gives the signs and the logarithms of the moduli of determinants.
func (b *Builder) SlogDet(a *Node) []*Node {
	return b.determinant(OpSlogDet, a, func(a *Node, lead []int) []*Node {
		return slices.Clone(b.nodes(OpSlogDet, nil, []Dtype{a.dtype, a.dtype}, [][]int{lead, lead}, a))
	})
}

// MultivariateNormal draws from the normal distribution of a mean vector and a
// covariance matrix, which broadcast with the shape.
func (b *Builder) MultivariateNormal(mean, cov *Node, shape []int, d Dtype, key *Node) *Node {
	const op = "random.multivariate_normal"
	rm, rc := len(mean.shape), len(cov.shape)
	if d != Float32 {
		b.failf(ValueError, op, "cannot draw %s, want float32", d)
	}
	if rm < 1 || rc < 2 || cov.shape[rc-1] != cov.shape[rc-2] || mean.shape[rm-1] != cov.shape[rc-1] {
		b.failf(ValueError, op, "a mean of shape %s does not match a covariance of %s", shapes.Format(mean.shape), shapes.Format(cov.shape))
	}
	n := mean.shape[rm-1]
	lead, ok := shapes.Broadcast(shape, mean.shape[:rm-1], cov.shape[:rc-2])
	if !ok {
		b.failf(ValueError, op, "the shape %s does not broadcast with a mean of %s and a covariance of %s", shapes.Format(shape), shapes.Format(mean.shape), shapes.Format(cov.shape))
	}
	parts := b.SVD(b.AsType(cov, d), true)
	root := b.MatMul(b.Mul(parts[0], b.ExpandDims(b.Unary(OpSqrt, parts[1]), -2)), parts[2])
	z := b.Normal(behind(lead, n), d, nil, nil, key)
	drawn := b.Squeeze(b.MatMul(b.ExpandDims(z, -2), root), -2)
	return b.Add(b.AsType(mean, d), drawn)
}
