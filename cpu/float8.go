package cpu

import (
	"math"

	"github.com/mlxstar/mlxstar/engine"
)

// E4M3 is an 8-bit float of four exponent bits (bias 7) and three of fraction,
// without infinities: 448 is its largest number.

// toE4M3 rounds to the nearest, ties to even. What is larger than 448, an
// infinity and NaN give 448 under the operand's sign.
func toE4M3(x float32) uint8 {
	bits := math.Float32bits(x)
	sign := uint8(bits >> 24 & 0x80)
	bits &= 0x7fffffff
	switch {
	case bits >= math.Float32bits(464): // and NaN, which compares as larger still
		return sign | 0x7e
	case bits < math.Float32bits(1.0/64): // subnormal: steps of 2^-9
		return sign | uint8(math.RoundToEven(float64(math.Float32frombits(bits))*512))
	}
	bits += 0x7ffff + bits>>20&1 // rounds 20 bits of fraction off
	return sign | uint8(bits>>20-(127-7)<<3)
}

// fromE4M3 decodes; the codes of NaN, which no encoding gives, go on counting: 480.
func fromE4M3(c uint8) float32 {
	exp, frac := int(c>>3&0xf), float64(c&7)
	v := math.Ldexp(8+frac, exp-10)
	if exp == 0 {
		v = math.Ldexp(frac, -9)
	}
	if c&0x80 != 0 {
		v = -v
	}
	return float32(v)
}

// e4m3Values decodes by table.
func e4m3Values() *[256]float32 {
	var v [256]float32
	for c := range v {
		v[c] = fromE4M3(uint8(c))
	}
	return &v
}

// addFloat8 enters the conversions to and from the bits of E4M3.
func (t table) addFloat8() {
	encode := each(toE4M3)
	encodes(t, engine.Uint8, castLoop[uint8, float32])
	encodes(t, engine.Uint16, castLoop[uint16, float32])
	encodes(t, engine.Uint32, castLoop[uint32, float32])
	encodes(t, engine.Uint64, castLoop[uint64, float32])
	encodes(t, engine.Int8, castLoop[int8, float32])
	encodes(t, engine.Int16, castLoop[int16, float32])
	encodes(t, engine.Int32, castLoop[int32, float32])
	encodes(t, engine.Int64, castLoop[int64, float32])
	encodes(t, engine.Bool, fromTruth[float32])
	encodes(t, engine.Float64, castLoop[float64, float32])
	encodes(t, engine.Complex64, each(realPart[complex64, float32]))
	encodes(t, engine.Complex128, each(realPart[complex128, float32]))
	encodes(t, engine.Float16, halfCodec.widen)
	encodes(t, engine.BFloat16, brainCodec.widen)
	t.loop(engine.OpToFP8, engine.Float32, engine.Uint8, unary(light, encode))

	values := e4m3Values()
	values[0x7f], values[0xff] = float32(math.NaN()), float32(math.NaN())
	decode := func(dst []float32, a []uint8) {
		a = a[:len(dst)]
		for i := range dst {
			dst[i] = values[a[i]]
		}
	}
	t.loop(engine.OpFromFP8, engine.Uint8, engine.Float32, unary(light, decode))
	t.loop(engine.OpFromFP8, engine.Uint8, engine.Float64, unary(light, each(func(c uint8) float64 { return float64(values[c]) })))
	decodeHalf(t, engine.Float16, halfCodec, decode)
	decodeHalf(t, engine.BFloat16, brainCodec, decode)
}

// encodes enters the encoding of a dtype by way of float32.
func encodes[T any](t table, from engine.Dtype, loop unaryLoop[T, float32]) {
	t.loop(engine.OpToFP8, from, engine.Uint8, chunkedUnary(light, func(ts *tiles, dst []uint8, a []T) {
		x := tile[float32](ts, 4, len(dst))
		loop(x, a)
		for i := range dst {
			dst[i] = toE4M3(x[i])
		}
	}))
}

func decodeHalf[H half | brain](t table, to engine.Dtype, k codec[H], decode unaryLoop[uint8, float32]) {
	t.loop(engine.OpFromFP8, engine.Uint8, to, chunkedUnary(light, func(ts *tiles, dst []H, a []uint8) {
		x := tile[float32](ts, 4, len(dst))
		decode(x, a)
		k.narrow(dst, x)
	}))
}
