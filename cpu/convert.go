package cpu

import (
	"math"

	"github.com/mlxstar/mlxstar/engine"
)

// Conversions between dtypes. Integers wrap. A float on its way to an integer
// is truncated; what does not fit gives what the x86 instructions leave behind,
// on every machine: the least int32 for types of up to four signed bytes, which
// are then cut, the least int64 for int64, and for uint32 and uint64 a number
// that lost their top bit twice.

func toInt32(x float64) int32 {
	if x > math.MinInt32-1 && x < 1<<31 {
		return int32(x)
	}
	return math.MinInt32
}

func toInt64(x float64) int64 {
	if x >= math.MinInt64 && x < 1<<63 {
		return int64(x)
	}
	return math.MinInt64
}

func toUint32(x float64) uint32 {
	if x >= 1<<31 {
		return uint32(toInt32(x-1<<31)) ^ 1<<31
	}
	return uint32(toInt32(x))
}

func toUint64(x float64) uint64 {
	if x >= 1<<63 {
		return uint64(toInt64(x-1<<63)) ^ 1<<63
	}
	return uint64(toInt64(x))
}

// truncation is the conversion of a float to the integer type R.
func truncation[T float, R integer]() func(T) R {
	var r R
	switch any(r).(type) {
	case uint64:
		return func(x T) R { return R(toUint64(float64(x))) }
	case int64:
		return func(x T) R { return R(toInt64(float64(x))) }
	case uint32:
		return func(x T) R { return R(toUint32(float64(x))) }
	}
	return func(x T) R { return R(toInt32(float64(x))) }
}

// truncateLoop is the conversion of floats to integers of up to four signed
// bytes or two unsigned ones.
func truncateLoop[T float, R integer](dst []R, a []T) {
	a = a[:len(dst)]
	for i := range dst {
		v := int32(math.MinInt32)
		if x := float64(a[i]); x > math.MinInt32-1 && x < 1<<31 {
			v = int32(x)
		}
		dst[i] = R(v)
	}
}

func castLoop[T, R realNumber](dst []R, a []T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = R(a[i])
	}
}

func nonZeroLoop[T numeric](dst []truth, a []T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = truthOf(a[i] != 0)
	}
}

func fromTruth[R realNumber](dst []R, a []truth) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = R(truthOf(a[i] != 0))
	}
}

func toComplex[T realNumber](a T) complex64 { return complex(float32(a), 0) }

func toWide[T realNumber](a T) complex128 { return complex(float64(a), 0) }

// converts enters the row of a conversion for native types.
func converts[T, R any](t table, from, to engine.Dtype, loop unaryLoop[T, R]) {
	if from != to {
		t.loop(engine.OpAsType, from, to, unary(light, loop))
	}
}

// addConversions enters every pair of dtypes.
func (t table) addConversions() {
	fromInteger[uint8](t, engine.Uint8)
	fromInteger[uint16](t, engine.Uint16)
	fromInteger[uint32](t, engine.Uint32)
	fromInteger[uint64](t, engine.Uint64)
	fromInteger[int8](t, engine.Int8)
	fromInteger[int16](t, engine.Int16)
	fromInteger[int32](t, engine.Int32)
	fromInteger[int64](t, engine.Int64)
	fromFloat[float32](t, engine.Float32)
	fromFloat[float64](t, engine.Float64)
	t.fromBool()
	fromComplex[complex64](t, engine.Complex64)
	fromComplex[complex128](t, engine.Complex128)
	fromHalf(t, engine.Float16, halfCodec)
	fromHalf(t, engine.BFloat16, brainCodec)
	cross(t, engine.Float16, engine.BFloat16, halfCodec, brainCodec)
	cross(t, engine.BFloat16, engine.Float16, brainCodec, halfCodec)
}

func fromInteger[T integer](t table, d engine.Dtype) {
	converts(t, d, engine.Uint8, castLoop[T, uint8])
	converts(t, d, engine.Uint16, castLoop[T, uint16])
	converts(t, d, engine.Uint32, castLoop[T, uint32])
	converts(t, d, engine.Uint64, castLoop[T, uint64])
	converts(t, d, engine.Int8, castLoop[T, int8])
	converts(t, d, engine.Int16, castLoop[T, int16])
	converts(t, d, engine.Int32, castLoop[T, int32])
	converts(t, d, engine.Int64, castLoop[T, int64])
	fromReal[T](t, d)
}

func fromFloat[T float](t table, d engine.Dtype) {
	converts(t, d, engine.Uint8, truncateLoop[T, uint8])
	converts(t, d, engine.Uint16, truncateLoop[T, uint16])
	converts(t, d, engine.Uint32, each(truncation[T, uint32]()))
	converts(t, d, engine.Uint64, each(truncation[T, uint64]()))
	converts(t, d, engine.Int8, truncateLoop[T, int8])
	converts(t, d, engine.Int16, truncateLoop[T, int16])
	converts(t, d, engine.Int32, truncateLoop[T, int32])
	converts(t, d, engine.Int64, each(truncation[T, int64]()))
	fromReal[T](t, d)
}

func toComplexLoop[T realNumber](dst []complex64, a []T) {
	for i, v := range a[:len(dst)] {
		dst[i] = complex(float32(v), 0)
	}
}

// fromReal enters what integers and floats convert to alike.
func fromReal[T realNumber](t table, d engine.Dtype) {
	converts(t, d, engine.Bool, nonZeroLoop[T])
	converts(t, d, engine.Float32, castLoop[T, float32])
	converts(t, d, engine.Float64, castLoop[T, float64])
	converts(t, d, engine.Complex64, toComplexLoop[T])
	converts(t, d, engine.Complex128, each(toWide[T]))
	toHalf(t, d, engine.Float16, halfCodec, castLoop[T, float32])
	toHalf(t, d, engine.BFloat16, brainCodec, castLoop[T, float32])
}

func (t table) fromBool() {
	const d = engine.Bool
	converts(t, d, engine.Uint8, fromTruth[uint8])
	converts(t, d, engine.Uint16, fromTruth[uint16])
	converts(t, d, engine.Uint32, fromTruth[uint32])
	converts(t, d, engine.Uint64, fromTruth[uint64])
	converts(t, d, engine.Int8, fromTruth[int8])
	converts(t, d, engine.Int16, fromTruth[int16])
	converts(t, d, engine.Int32, fromTruth[int32])
	converts(t, d, engine.Int64, fromTruth[int64])
	converts(t, d, engine.Float32, fromTruth[float32])
	converts(t, d, engine.Float64, fromTruth[float64])
	converts(t, d, engine.Complex64, each(func(a truth) complex64 { return complex(float32(truthOf(a != 0)), 0) }))
	converts(t, d, engine.Complex128, each(func(a truth) complex128 { return complex(float64(truthOf(a != 0)), 0) }))
	toHalf(t, d, engine.Float16, halfCodec, fromTruth[float32])
	toHalf(t, d, engine.BFloat16, brainCodec, fromTruth[float32])
}

// fromComplex drops the imaginary part, but for bools, which both parts make true, and
// for the other complex dtype.
func fromComplex[T complexNumber](t table, d engine.Dtype) {
	partTo[T](t, d, engine.Uint8, truncation[float64, uint8]())
	partTo[T](t, d, engine.Uint16, truncation[float64, uint16]())
	partTo[T](t, d, engine.Uint32, truncation[float64, uint32]())
	partTo[T](t, d, engine.Uint64, truncation[float64, uint64]())
	partTo[T](t, d, engine.Int8, truncation[float64, int8]())
	partTo[T](t, d, engine.Int16, truncation[float64, int16]())
	partTo[T](t, d, engine.Int32, truncation[float64, int32]())
	partTo[T](t, d, engine.Int64, truncation[float64, int64]())
	converts(t, d, engine.Bool, nonZeroLoop[T])
	converts(t, d, engine.Float32, each(realPart[T, float32]))
	converts(t, d, engine.Float64, each(realPart[T, float64]))
	converts(t, d, engine.Complex64, each(func(a T) complex64 { return complex64(a) }))
	converts(t, d, engine.Complex128, each(func(a T) complex128 { return complex128(a) }))
	toHalf(t, d, engine.Float16, halfCodec, each(realPart[T, float32]))
	toHalf(t, d, engine.BFloat16, brainCodec, each(realPart[T, float32]))
}

func partTo[T complexNumber, R any](t table, from, to engine.Dtype, f func(float64) R) {
	converts(t, from, to, each(func(a T) R { return f(real(complex128(a))) }))
}

// toHalf goes to a 16-bit float by way of float32.
func toHalf[T any, H half | brain](t table, from, to engine.Dtype, k codec[H], loop unaryLoop[T, float32]) {
	if from == to {
		return
	}
	t.loop(engine.OpAsType, from, to, chunkedUnary(light, func(ts *tiles, dst []H, a []T) {
		x := tile[float32](ts, 4, len(dst))
		loop(x, a)
		k.narrow(dst, x)
	}))
}

// fromHalf comes from a 16-bit float by way of float32.
func fromHalf[H half | brain](t table, d engine.Dtype, k codec[H]) {
	widenTo(t, d, engine.Bool, k, nonZeroLoop[float32])
	widenTo(t, d, engine.Uint8, k, truncateLoop[float32, uint8])
	widenTo(t, d, engine.Uint16, k, truncateLoop[float32, uint16])
	widenTo(t, d, engine.Uint32, k, each(truncation[float32, uint32]()))
	widenTo(t, d, engine.Uint64, k, each(truncation[float32, uint64]()))
	widenTo(t, d, engine.Int8, k, truncateLoop[float32, int8])
	widenTo(t, d, engine.Int16, k, truncateLoop[float32, int16])
	widenTo(t, d, engine.Int32, k, truncateLoop[float32, int32])
	widenTo(t, d, engine.Int64, k, each(truncation[float32, int64]()))
	widenTo(t, d, engine.Float64, k, castLoop[float32, float64])
	widenTo(t, d, engine.Complex64, k, each(toComplex[float32]))
	widenTo(t, d, engine.Complex128, k, each(toWide[float32]))
	converts(t, d, engine.Float32, k.widen)
}

func widenTo[H half | brain, R any](t table, from, to engine.Dtype, k codec[H], loop unaryLoop[float32, R]) {
	t.loop(engine.OpAsType, from, to, chunkedUnary(light, func(ts *tiles, dst []R, a []H) {
		x := tile[float32](ts, 4, len(dst))
		k.widen(x, a)
		loop(dst, x)
	}))
}

// cross converts between the two 16-bit floats.
func cross[H, K half | brain](t table, from, to engine.Dtype, in codec[H], out codec[K]) {
	t.loop(engine.OpAsType, from, to, chunkedUnary(light, func(ts *tiles, dst []K, a []H) {
		x := tile[float32](ts, 4, len(dst))
		in.widen(x, a)
		out.narrow(dst, x)
	}))
}
