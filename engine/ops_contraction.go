package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// AddMMAttrs scale the product and the addend.
type AddMMAttrs struct{ Alpha, Beta float64 }

// The matrix products. Operands have equal leading axes; the last two are
// row-major or transposed, but those of an addend, which may be a vector that is
// broadcast, lie anyhow.
var (
	OpMatMul = define(Op{Name: "matmul", Class: Contraction, Layout: TileLayout, Gradient: Differentiable,
		Doc: "The matrix product over the last two axes, broadcasting the others; vectors count as a row or a column."})
	OpAddMM = define(Op{Name: "addmm", Class: Contraction, Layout: TileLayout, Free: 1, Gradient: Differentiable,
		Doc: "beta * c + alpha * (a @ b)."})
)

// MatMul is the matrix product with broadcasting of the leading axes.
func (b *Builder) MatMul(x, y *Node) *Node {
	d := Promote(x.dtype, y.dtype)
	x, y, squeeze := b.matrices("matmul", x, y)
	if !d.IsInexact() {
		b.failf(ValueError, "matmul", "needs a floating or complex operand, got %s and %s", x.dtype, y.dtype)
	}
	x, y, lead := b.batches("matmul", b.AsType(x, d), b.AsType(y, d))
	r := len(x.shape)
	shape := append(slices.Clone(lead), x.shape[r-2], y.shape[r-1])
	return b.squeezeAxes(b.node(OpMatMul, nil, d, shape, x, y), squeeze)
}

// squeezeAxes drops the axes listed; none listed means none dropped.
func (b *Builder) squeezeAxes(x *Node, axes []int) *Node {
	if len(axes) == 0 {
		return x
	}
	return b.Squeeze(x, axes...)
}

// matrices makes vectors into a row or a column and says which axes of the
// product to drop for it.
func (b *Builder) matrices(op string, x, y *Node) (mx, my *Node, squeeze []int) {
	if len(x.shape) == 0 || len(y.shape) == 0 {
		b.failf(ValueError, op, "got a 0-d operand: %s @ %s", shapes.Format(x.shape), shapes.Format(y.shape))
	}
	inner := y.shape[max(len(y.shape)-2, 0)]
	if x.shape[len(x.shape)-1] != inner {
		b.failf(ValueError, op, "inner dimensions differ: %s @ %s", shapes.Format(x.shape), shapes.Format(y.shape))
	}
	mx, my = x, y
	if len(y.shape) == 1 {
		my = b.ExpandDims(y, 1)
		squeeze = append(squeeze, -1)
	}
	if len(x.shape) == 1 {
		mx = b.ExpandDims(x, 0)
		squeeze = append(squeeze, -2)
	}
	return mx, my, squeeze
}

// batches broadcasts the leading axes of two stacks of matrices.
func (b *Builder) batches(op string, x, y *Node) (bx, by *Node, lead []int) {
	rx, ry := len(x.shape), len(y.shape)
	lead, ok := shapes.Broadcast(x.shape[:rx-2], y.shape[:ry-2])
	if !ok {
		b.failf(ValueError, op, "leading axes do not broadcast: %s @ %s", shapes.Format(x.shape), shapes.Format(y.shape))
	}
	bx = b.Broadcast(x, append(slices.Clone(lead), x.shape[rx-2:]...))
	by = b.Broadcast(y, append(slices.Clone(lead), y.shape[ry-2:]...))
	return bx, by, lead
}

// AddMM is beta*c + alpha*(x @ y), c broadcasting to the product.
func (b *Builder) AddMM(c, x, y *Node, alpha, beta float64) *Node {
	d := Promote(c.dtype, Promote(x.dtype, y.dtype))
	x, y, squeeze := b.matrices("addmm", x, y)
	if !d.IsInexact() {
		b.failf(ValueError, "addmm", "needs a floating or complex operand, got %s, %s and %s", c.dtype, x.dtype, y.dtype)
	}
	x, y, lead := b.batches("addmm", b.AsType(x, d), b.AsType(y, d))
	r := len(x.shape)
	shape := append(slices.Clone(lead), x.shape[r-2], y.shape[r-1])
	if len(squeeze) > 0 {
		product := b.Squeeze(b.node(OpMatMul, nil, d, shape, x, y), squeeze...)
		return b.Add(b.Mul(b.Scalar(beta, d), c), b.Mul(b.Scalar(alpha, d), product))
	}
	c = b.Broadcast(b.AsType(c, d), shape)
	return b.node(OpAddMM, AddMMAttrs{alpha, beta}, d, shape, c, x, y)
}

func (b *Builder) matrixT(x *Node) *Node {
	r := len(x.shape)
	perm := make([]int, r)
	for i := range perm {
		perm[i] = i
	}
	perm[r-2], perm[r-1] = r-1, r-2
	return b.Transpose(x, perm)
}

func init() {
	OpMatMul.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		return b.productVJP(n.inputs[0], n.inputs[1], ct[0], need)
	}
	OpAddMM.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		at := n.attrs.(AddMMAttrs)
		out := make([]*Node, 3)
		if need[0] {
			out[0] = b.scaled(ct[0], at.Beta)
		}
		copy(out[1:], b.productVJP(n.inputs[1], n.inputs[2], b.scaled(ct[0], at.Alpha), need[1:]))
		return out
	}
	OpAddMM.Expand = func(b *Builder, n *Node) []*Node {
		at := n.attrs.(AddMMAttrs)
		product := b.MatMul(n.inputs[1], n.inputs[2])
		return []*Node{b.Add(b.Mul(n.inputs[0], b.Scalar(at.Beta, n.dtype)), b.Mul(product, b.Scalar(at.Alpha, n.dtype)))}
	}
}

// scaled is x times a number; x itself where that is 1.
func (b *Builder) scaled(x *Node, by float64) *Node {
	if by == 1 {
		return x
	}
	return b.Mul(x, b.Scalar(by, x.dtype))
}

// productVJP: for z = x y the cotangents are ct yᴴ and xᴴ ct. Of an operand that is a
// transposed matrix it gives the matrix's cotangent, see turned, and of a right side that is
// one matrix for a stack that of the matrix, see shared.
func (b *Builder) productVJP(x, y, ct *Node, need []bool) []*Node {
	out := make([]*Node, 2)
	if need[0] {
		if x.turned() != nil {
			out[0] = b.MatMul(b.conj(y), b.matrixT(ct))
		} else {
			out[0] = b.MatMul(ct, b.conj(b.matrixT(y)))
		}
	}
	if need[1] {
		if m := y.shared(); m != nil {
			x, ct, y = b.rowsOf(x), b.rowsOf(ct), m
		}
		if y.turned() != nil {
			out[1] = b.MatMul(b.matrixT(ct), b.conj(x))
		} else {
			out[1] = b.MatMul(b.conj(b.matrixT(x)), ct)
		}
	}
	return out
}

// shared is the matrix that an operand of a product is a stack of, or nil. The rows of the
// stack are those of one product then, whose sum over the terms is that over the stack.
func (n *Node) shared() *Node {
	r := len(n.shape)
	if n.op == OpBroadcast && r > 2 && slices.Equal(n.inputs[0].shape, n.shape[r-2:]) {
		return n.inputs[0]
	}
	return nil
}

// rowsOf is a stack of matrices as one with all their rows.
func (b *Builder) rowsOf(x *Node) *Node {
	r := len(x.shape)
	return b.Reshape(x, []int{Elements(x.shape[:r-1]), x.shape[r-1]})
}

// turned is the matrix, or stack of matrices, that an operand of a product is the
// transposition of, or nil. Products pull cotangents back to that and not to the view,
// so that the gradient of the w of x @ w.T lies as w does. Whoever adds it to w reads
// both in order then.
func (n *Node) turned() *Node {
	if n.op != OpTranspose {
		return nil
	}
	axes := n.attrs.(TransposeAttrs).Axes
	r := len(axes)
	for i, a := range axes {
		if a != i && (i < r-2 || a != 2*r-3-i) {
			return nil
		}
	}
	return n.inputs[0]
}

// pulledTo is the node that the i-th cotangent which a rule gives belongs to.
func (n *Node) pulledTo(i int) *Node {
	in := n.inputs[i]
	if n.op == OpMatMul || n.op == OpAddMM && i > 0 {
		if m := in.shared(); m != nil && i == len(n.inputs)-1 {
			in = m
		}
		if m := in.turned(); m != nil {
			return m
		}
	}
	return in
}
