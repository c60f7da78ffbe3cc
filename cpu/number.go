package cpu

import "github.com/mlxstar/mlxstar/engine"

// truth is an element of a bool array. Any byte but 0 counts as true, since a
// view may bring others; kernels write 0 and 1.
type truth uint8

func truthOf(b bool) truth {
	if b {
		return 1
	}
	return 0
}

// half and brain are the bits of a float16 and of a bfloat16.
type (
	half  uint16
	brain uint16
)

type signed interface{ int8 | int16 | int32 | int64 }

type unsigned interface {
	uint8 | uint16 | uint32 | uint64
}

type integer interface{ signed | unsigned }

type float interface{ float32 | float64 }

type realNumber interface{ integer | float }

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
		dst[i] = engine.Float16Value(uint16(src[i]))
	}
}

func narrowHalf(dst []half, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = half(engine.Float16Bits(src[i]))
	}
}

func widenBrain(dst []float32, src []brain) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = engine.BFloat16Value(uint16(src[i]))
	}
}

func narrowBrain(dst []brain, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = brain(engine.BFloat16Bits(src[i]))
	}
}
