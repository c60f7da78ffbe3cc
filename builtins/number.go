package builtins

import (
	"encoding/binary"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// What elements of arrays are as Python's numbers, and back, is the same for
// mlx.core's arrays, for numpy's and for structs.

// Number is an element as the Python number it is: a bool, an int, a float or a
// complex number.
func Number(e engine.Element, d engine.Dtype) starlark.Value {
	switch {
	case d == engine.Bool:
		return starlark.Bool(e.Int != 0)
	case d.IsUnsigned():
		return starlark.MakeUint64(uint64(e.Int))
	case d.IsInteger():
		return starlark.MakeInt64(e.Int)
	case d.IsComplex():
		return object.Complex(e.Complex)
	}
	return starlark.Float(e.Float)
}

// Nest cuts row-major values into nested lists by a shape of at least one axis.
func Nest(flat []starlark.Value, shape []int) *starlark.List {
	if len(shape) == 1 {
		return starlark.NewList(flat)
	}
	rows := make([]starlark.Value, shape[0])
	for i := range rows {
		size := len(flat) / shape[0]
		rows[i] = Nest(flat[i*size:(i+1)*size:(i+1)*size], shape[1:])
	}
	return starlark.NewList(rows)
}

// PutInt writes the low bytes of an integer, as many as there is room for (1, 2,
// 4 or 8), in the machine's order. It wraps what does not fit.
func PutInt(to []byte, n int64) {
	switch len(to) {
	case 1:
		to[0] = byte(n)
	case 2:
		binary.NativeEndian.PutUint16(to, uint16(n))
	case 4:
		binary.NativeEndian.PutUint32(to, uint32(n))
	case 8:
		binary.NativeEndian.PutUint64(to, uint64(n))
	}
}

// Bits64 is an integer in 64 bits, signed or unsigned; ok is false where it fits
// neither.
func Bits64(v starlark.Int) (n int64, ok bool) {
	if n, ok := v.Int64(); ok {
		return n, true
	}
	u, ok := v.Uint64()
	return int64(u), ok
}
