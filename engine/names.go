package engine

import "github.com/mlxstar/mlxstar/engine/dtype"

// Names of engine/dtype that signatures of this package carry, so that its users
// need one import.
type (
	Dtype    = dtype.Dtype
	Category = dtype.Category
)

// The dtypes.
const (
	Bool      = dtype.Bool
	Uint8     = dtype.Uint8
	Uint16    = dtype.Uint16
	Uint32    = dtype.Uint32
	Uint64    = dtype.Uint64
	Int8      = dtype.Int8
	Int16     = dtype.Int16
	Int32     = dtype.Int32
	Int64     = dtype.Int64
	Float16   = dtype.Float16
	Float32   = dtype.Float32
	BFloat16  = dtype.BFloat16
	Complex64 = dtype.Complex64
	Float64   = dtype.Float64
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

// DtypeByName finds a dtype by its MLX name; bool_ is bool.
func DtypeByName(name string) (Dtype, bool) { return dtype.Named(name) }

// Promote gives the dtype in which values of a and b meet, by MLX's rules.
func Promote(a, b Dtype) Dtype { return dtype.Promote(a, b) }

// Float16Bits rounds to IEEE 754 binary16, ties to even.
func Float16Bits(f float32) uint16 { return dtype.Float16Bits(f) }

// Float16Value widens a binary16.
func Float16Value(h uint16) float32 { return dtype.Float16Value(h) }

// BFloat16Bits rounds to bfloat16, ties to even.
func BFloat16Bits(f float32) uint16 { return dtype.BFloat16Bits(f) }

// BFloat16Value widens a bfloat16.
func BFloat16Value(h uint16) float32 { return dtype.BFloat16Value(h) }

func atLeastFloat(d Dtype) Dtype { return d.AtLeastFloat() }
func realOf(d Dtype) Dtype       { return d.Real() }
