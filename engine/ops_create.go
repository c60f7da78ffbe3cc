package engine

import (
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// FullAttrs (by pointer) is the constant of OpFull, as the bytes of one element in the
// machine's order.
type FullAttrs struct{ Element dtype.Bytes }

// ArangeAttrs describe OpArange: element i is Start + i*Step, computed in
// float64 for floating dtypes and in int64 for integers.
type ArangeAttrs struct {
	Start, Step       float64
	IntStart, IntStep int64
}

// OpFull makes an array of one repeated constant.
var OpFull = define(Op{Name: "full", Class: Generator, Gradient: NoGrad,
	Doc: "An array whose elements are all one constant."})

// OpArange makes evenly spaced values.
var OpArange = define(Op{Name: "arange", Class: Generator, Gradient: NoGrad,
	Doc: "Evenly spaced values from a start, by a step."})

// Full makes an array of the shape whose elements are all v, converted to d.
func (b *Builder) Full(shape []int, v complex128, d Dtype) *Node {
	b.checkShape("full", shape)
	return b.node(OpFull, &FullAttrs{dtype.BytesOf(v, d)}, d, shape)
}

// FullInt is Full for an integer constant, exact for 64-bit dtypes. The value
// wraps to the dtype.
func (b *Builder) FullInt(shape []int, v int64, d Dtype) *Node {
	if !d.IsInteger() {
		return b.Full(shape, complex(float64(v), 0), d)
	}
	b.checkShape("full", shape)
	return b.node(OpFull, &FullAttrs{dtype.BytesOfInt(v)}, d, shape)
}

// Scalar makes a 0-d constant.
func (b *Builder) Scalar(v float64, d Dtype) *Node { return b.Full(nil, complex(v, 0), d) }

// ScalarComplex makes a 0-d complex constant.
func (b *Builder) ScalarComplex(v complex128) *Node { return b.Full(nil, v, Complex64) }

// ZerosLike makes zeros of x's shape and dtype.
func (b *Builder) ZerosLike(x *Node) *Node { return b.Full(x.shape, 0, x.dtype) }

// OnesLike makes ones of x's shape and dtype.
func (b *Builder) OnesLike(x *Node) *Node { return b.Full(x.shape, 1, x.dtype) }

// Arange makes n values from start by step.
func (b *Builder) Arange(start, step float64, n int, d Dtype) *Node {
	return b.node(OpArange, ArangeAttrs{start, step, int64(start), int64(step)}, d, []int{max(n, 0)})
}

// maxBytes bounds an array, so that sizes never overflow an int.
const maxBytes = 1 << 56

// checkShape fails for negative axes and for sizes no machine can hold.
func (b *Builder) checkShape(op string, shape []int) {
	b.CheckLengths(shape)
	n := 1
	for _, d := range shape {
		if d < 0 {
			b.failf(ValueError, op, "negative axis in shape %s", shapes.Format(shape))
		}
		if d > 0 && n > maxBytes/8/d {
			b.failf(ValueError, op, "an array of shape %s is too large", shapes.Format(shape))
		}
		n *= max(d, 1)
	}
}

// Tri makes a matrix of ones on and below the k-th diagonal, zeros above.
func (b *Builder) Tri(n, m, k int, d Dtype) *Node {
	rows := b.Reshape(b.Arange(float64(k), 1, n, Int32), []int{n, 1})
	cols := b.Arange(0, 1, m, Int32)
	return b.AsType(b.Binary(OpGreaterEqual, rows, cols), d)
}

// Eye makes a matrix of ones on the k-th diagonal.
func (b *Builder) Eye(n, m, k int, d Dtype) *Node {
	if n < 0 || m < 0 {
		b.failf(ValueError, "eye", "got %d rows and %d columns, want none below 0", n, m)
	}
	rows := b.Reshape(b.Arange(float64(k), 1, n, Int32), []int{n, 1})
	cols := b.Arange(0, 1, m, Int32)
	return b.AsType(b.Binary(OpEqual, rows, cols), d)
}
