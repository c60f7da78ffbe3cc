package cpu

import (
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// decoders are the portable readers of codes, which define the others.
func decoders() simd.Decoders {
	var whole [256]float32
	for c := range whole {
		whole[c] = float32(c)
	}
	return simd.Decoders{
		Unpack: simd.UnpackLoop,
		Whole:  tableDecoder(&whole),
		FP4:    tableDecoder(fp4Values()),
		FP8:    tableDecoder(e4m3Values()),
	}
}

// fp4Values are the numbers that the codes of E2M1 stand for.
func fp4Values() *[256]float32 {
	var v [256]float32
	for i, size := range []float32{0, 0.5, 1, 1.5, 2, 3, 4, 6} {
		v[i], v[i+8] = size, float32(math.Copysign(float64(size), -1))
	}
	return &v
}

// tableDecoder looks codes up.
func tableDecoder(values *[256]float32) simd.Decoder {
	return simd.Decoder{
		Dot: func(codes []byte, x, scales []float32) float32 {
			var total float32
			size := len(codes) / max(len(scales), 1)
			for _, scale := range scales {
				var sum float32
				for i, c := range codes[:size] {
					sum += values[c] * x[i]
				}
				total += sum * scale
				codes, x = codes[size:], x[size:]
			}
			return total
		},
		Fill: func(dst []float32, codes []byte, scales, biases []float32) {
			size := len(codes) / max(len(scales), 1)
			for g, scale := range scales {
				var bias float32
				if g < len(biases) {
					bias = biases[g]
				}
				for i, c := range codes[g*size:][:size] {
					dst[g*size+i] = fma32(values[c], scale, bias)
				}
			}
		},
	}
}

// exponentScales are the numbers that scales of 8 bits stand for where they are
// exponents: those of float32, but for the least, a subnormal.
func exponentScales() *[256]float32 {
	var v [256]float32
	for i := range v {
		v[i] = math.Float32frombits(uint32(i) << 23)
	}
	v[0] = math.Float32frombits(1 << 22)
	return &v
}
