package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Names of engine/dtype and engine/shapes that signatures of this package, or its
// users, take so often that a prefix would hide the sentence.
type (
	Dtype    = dtype.Dtype
	Category = dtype.Category
	Element  = dtype.Element
	// ElementBytes are those of one element of any dtype.
	ElementBytes = dtype.Bytes
)

// The dtypes.
const (
	Bool       = dtype.Bool
	Uint8      = dtype.Uint8
	Uint16     = dtype.Uint16
	Uint32     = dtype.Uint32
	Uint64     = dtype.Uint64
	Int8       = dtype.Int8
	Int16      = dtype.Int16
	Int32      = dtype.Int32
	Int64      = dtype.Int64
	Float16    = dtype.Float16
	Float32    = dtype.Float32
	BFloat16   = dtype.BFloat16
	Complex64  = dtype.Complex64
	Float64    = dtype.Float64
	Complex128 = dtype.Complex128
)

// The categories of dtypes.
const (
	Generic         = dtype.Generic
	Number          = dtype.Number
	Integer         = dtype.Integer
	SignedInteger   = dtype.SignedInteger
	UnsignedInteger = dtype.UnsignedInteger
	Inexact         = dtype.Inexact
	Floating        = dtype.Floating
	ComplexFloating = dtype.ComplexFloating
	Boolean         = dtype.Boolean
)

// Dtypes lists every dtype.
func Dtypes() []Dtype { return dtype.All() }

// Promote gives the dtype in which values of a and b meet, by MLX's rules.
func Promote(a, b Dtype) Dtype { return dtype.Promote(a, b) }

// ReadElement decodes one element.
func ReadElement(p []byte, d Dtype) Element { return dtype.ReadElement(p, d) }

// PutElement writes a number as one element of dtype d.
func PutElement(to []byte, d Dtype, v complex128) { dtype.PutElement(to, d, v) }

// Float16Bits rounds to IEEE 754 binary16, ties to even.
func Float16Bits(f float32) uint16 { return dtype.Float16Bits(f) }

// Float16Value widens a binary16.
func Float16Value(h uint16) float32 { return dtype.Float16Value(h) }

func atLeastFloat(d Dtype) Dtype { return d.AtLeastFloat() }

// FormatShape writes a shape as a Python tuple: (), (3,), (2,3).
func FormatShape(shape []int) string { return shapes.Format(shape) }

// Elements is the number of elements of an array of the shape.
func Elements(shape []int) int { return shapes.Elements(shape) }

// RowMajor gives the strides, in elements, of a contiguous array of the shape.
func RowMajor(shape []int) []int { return shapes.RowMajor(shape) }

// IsRowMajor reports whether the elements lie in row-major order without gaps.
func IsRowMajor(shape, strides []int) bool { return shapes.IsRowMajor(shape, strides) }

// BroadcastShapes gives the shape to which all the shapes broadcast, if there is one.
func BroadcastShapes(all ...[]int) (out []int, ok bool) { return shapes.Broadcast(all...) }

// Collapse merges adjacent axes that every one of the stride sets walks as one.
func Collapse(shape []int, strides ...[]int) (outShape []int, outStrides [][]int) {
	return shapes.Collapse(shape, strides...)
}

func equalInts(a, b []int) bool { return slices.Equal(a, b) }

func broadcastStrides(shape, strides, to []int) []int {
	return shapes.BroadcastStrides(shape, strides, to)
}

func reshapeStrides(shape, strides, to []int) (out []int, ok bool) {
	return shapes.ReshapeStrides(shape, strides, to)
}

func normalizeAxis(axis, rank int) (int, bool) { return shapes.Axis(axis, rank) }
