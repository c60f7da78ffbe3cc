package cpu

import "github.com/mlxstar/mlxstar/engine/dtype"

// half and brain are the bits of a float16 and of a bfloat16.
type (
	half  uint16
	brain uint16
)

// codec converts between a 16-bit float and float32.
type codec[H half | brain] struct {
	widen  func(dst []float32, src []H)
	narrow func(dst []H, src []float32)
}

var (
	halfCodec  = codec[half]{widenHalf, narrowHalf}
	brainCodec = codec[brain]{widenBrain, narrowBrain}
)

func widenHalf(dst []float32, src []half) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = dtype.Float16Value(uint16(src[i]))
	}
}

func narrowHalf(dst []half, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = half(dtype.Float16Bits(src[i]))
	}
}

func widenBrain(dst []float32, src []brain) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = dtype.BFloat16Value(uint16(src[i]))
	}
}

func narrowBrain(dst []brain, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = brain(dtype.BFloat16Bits(src[i]))
	}
}
