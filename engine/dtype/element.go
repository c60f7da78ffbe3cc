package dtype

import (
	"encoding/binary"
	"math"
)

// Element is one element of an array: exactly one of its fields counts,
// according to the dtype.
type Element struct {
	Int     int64 // of integers and bools; uint64 in its bits
	Float   float64
	Complex complex128
}

// ReadElement decodes one element.
func ReadElement(p []byte, d Dtype) (e Element) {
	order := binary.NativeEndian
	switch d {
	case Bool, Uint8:
		e.Int = int64(p[0])
	case Int8:
		e.Int = int64(int8(p[0]))
	case Uint16:
		e.Int = int64(order.Uint16(p))
	case Int16:
		e.Int = int64(int16(order.Uint16(p)))
	case Uint32:
		e.Int = int64(order.Uint32(p))
	case Int32:
		e.Int = int64(int32(order.Uint32(p)))
	case Uint64, Int64:
		e.Int = int64(order.Uint64(p))
	case Float16:
		e.Float = float64(Float16Value(order.Uint16(p)))
	case BFloat16:
		e.Float = float64(BFloat16Value(order.Uint16(p)))
	case Float32:
		e.Float = float64(math.Float32frombits(order.Uint32(p)))
	case Float64:
		e.Float = math.Float64frombits(order.Uint64(p))
	case Complex64:
		e.Complex = complex(float64(math.Float32frombits(order.Uint32(p))), float64(math.Float32frombits(order.Uint32(p[4:]))))
	case Complex128:
		e.Complex = complex(math.Float64frombits(order.Uint64(p)), math.Float64frombits(order.Uint64(p[8:])))
	}
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
	case Complex128:
		order.PutUint64(to, math.Float64bits(r))
		order.PutUint64(to[8:], math.Float64bits(imag(v)))
	}
}

func truncate(r float64) uint64 {
	if r >= 1<<63 {
		return uint64(r)
	}
	return uint64(int64(r))
}

// Bytes are those of one element of any dtype, of which the first ones count where it
// is narrower.
type Bytes [16]byte

// BytesOf converts a number to an element's bytes.
func BytesOf(v complex128, d Dtype) (e Bytes) {
	PutElement(e[:], d, v)
	return e
}

// BytesOfInt gives an integer's bytes. The low ones come first, on every
// machine that this runs on, and serve the narrow dtypes.
func BytesOfInt(v int64) (e Bytes) {
	binary.LittleEndian.PutUint64(e[:], uint64(v))
	return e
}
