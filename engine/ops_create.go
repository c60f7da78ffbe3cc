package engine

import (
	"encoding/binary"
	"math"
)

// FullAttrs (by pointer) is the constant of OpFull, as the bytes of one element in the
// machine's order.
type FullAttrs struct{ Element [8]byte }

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
	return b.node(OpFull, &FullAttrs{elementOf(v, d)}, d, shape)
}

// FullInt is Full for an integer constant, exact for 64-bit dtypes. The value
// wraps to the dtype.
func (b *Builder) FullInt(shape []int, v int64, d Dtype) *Node {
	if !d.IsInteger() {
		return b.Full(shape, complex(float64(v), 0), d)
	}
	b.checkShape("full", shape)
	return b.node(OpFull, &FullAttrs{elementOfInt(v)}, d, shape)
}

// elementOfInt gives an integer's bytes. The low ones come first, on every
// machine that this runs on, and serve the narrow dtypes.
func elementOfInt(v int64) (e [8]byte) {
	binary.LittleEndian.PutUint64(e[:], uint64(v))
	return e
}

// Scalar makes a 0-d constant.
func (b *Builder) Scalar(v float64, d Dtype) *Node { return b.Full(nil, complex(v, 0), d) }

// ScalarComplex makes a 0-d complex constant.
func (b *Builder) ScalarComplex(v complex128) *Node { return b.Full(nil, v, Complex64) }

// ZerosLike makes zeros of x's shape and dtype.
func (b *Builder) ZerosLike(x *Node) *Node { return b.Full(x.shape, 0, x.dtype) }

// OnesLike makes ones of x's shape and dtype.
func (b *Builder) OnesLike(x *Node) *Node { return b.Full(x.shape, 1, x.dtype) }

// elementOf converts a number to an element's bytes.
func elementOf(v complex128, d Dtype) (e [8]byte) {
	PutElement(e[:], d, v)
	return e
}

// PutElement writes a number as one element of dtype d: integers truncate
// towards zero and wrap, floats round to the nearest, ties to even.
func PutElement(to []byte, d Dtype, v complex128) {
	r := real(v)
	order := binary.NativeEndian
	switch d {
	case Bool:
		to[0] = 0
		if v != 0 {
			to[0] = 1
		}
	case Uint8, Int8:
		to[0] = byte(truncate(r))
	case Uint16, Int16:
		order.PutUint16(to, uint16(truncate(r)))
	case Uint32, Int32:
		order.PutUint32(to, uint32(truncate(r)))
	case Uint64, Int64:
		order.PutUint64(to, truncate(r))
	case Float16:
		order.PutUint16(to, Float16Bits(float32(r)))
	case BFloat16:
		order.PutUint16(to, BFloat16Bits(float32(r)))
	case Float32:
		order.PutUint32(to, math.Float32bits(float32(r)))
	case Float64:
		order.PutUint64(to, math.Float64bits(r))
	case Complex64:
		order.PutUint32(to, math.Float32bits(float32(r)))
		order.PutUint32(to[4:], math.Float32bits(float32(imag(v))))
	}
}

func truncate(r float64) uint64 {
	if r >= 1<<63 {
		return uint64(r)
	}
	return uint64(int64(r))
}

// Arange makes n values from start by step.
func (b *Builder) Arange(start, step float64, n int, d Dtype) *Node {
	return b.node(OpArange, ArangeAttrs{start, step, int64(start), int64(step)}, d, []int{max(n, 0)})
}

// maxBytes bounds an array, so that sizes never overflow an int.
const maxBytes = 1 << 56

// checkShape fails for negative axes and for sizes no machine can hold.
func (b *Builder) checkShape(op string, shape []int) {
	n := 1
	for _, d := range shape {
		if d < 0 {
			b.failf(ValueError, op, "negative axis in shape %s", FormatShape(shape))
		}
		if d > 0 && n > maxBytes/8/d {
			b.failf(ValueError, op, "an array of shape %s is too large", FormatShape(shape))
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
