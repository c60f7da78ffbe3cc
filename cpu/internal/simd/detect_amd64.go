package simd

import (
	"math"

	"golang.org/x/sys/cpu"

	"github.com/mlxstar/mlxstar/engine"
)

// New gives the kernels for this processor, or nil. Every processor with AVX2 has
// F16C too.
func New() *Kernels {
	if x := &cpu.X86; !x.HasAVX2 || !x.HasFMA {
		return nil
	}
	return &Kernels{
		Float32: Numbers[float32]{
			Matrix: Matrix[float32]{Rows: 6, Cols: 16, Tile: tile32, PackRows: packRows32, Interleave: interleave32},
			Add:    binary(addAVX2x32), Sub: binary(subAVX2x32), Mul: binary(mulAVX2x32), Div: binary(divAVX2x32),
			Max: binary(maxAVX2x32), Min: binary(minAVX2x32),
			Neg: unary(negAVX2x32), Abs: unary(absAVX2x32), Square: unary(squareAVX2x32), Sqrt: unary(sqrtAVX2x32),
			Sum:      sum(sumAVX2x32),
			Greatest: extreme(greatestAVX2x32, greater[float32]), Least: extreme(leastAVX2x32, less[float32]),
			Dot: dot(dotAVX2x32), Axpy: axpy(axpyAVX2x32),
		},
		Float64: Numbers[float64]{
			Matrix: Matrix[float64]{Rows: 6, Cols: 8, Tile: tile64, PackRows: packRows64, Interleave: interleaveLoop[float64]},
			Add:    binary(addAVX2x64), Sub: binary(subAVX2x64), Mul: binary(mulAVX2x64), Div: binary(divAVX2x64),
			Max: binary(maxAVX2x64), Min: binary(minAVX2x64),
			Neg: unary(negAVX2x64), Abs: unary(absAVX2x64), Square: unary(squareAVX2x64), Sqrt: unary(sqrtAVX2x64),
			Sum:      sum(sumAVX2x64),
			Greatest: extreme(greatestAVX2x64, greater[float64]), Least: extreme(leastAVX2x64, less[float64]),
			Dot: dot(dotAVX2x64), Axpy: axpy(axpyAVX2x64),
		},
		Functions: Functions{
			Exp: unary(expAVX2x32), Log: unary(logAVX2x32), Tanh: unary(tanhAVX2x32), Sigmoid: unary(sigmoidAVX2x32),
			Erf: unary(erfAVX2x32), Sin: bounded(sinAVX2x32, math.Sin), Cos: bounded(cosAVX2x32, math.Cos), Rsqrt: unary(rsqrtAVX2x32),
			Erfinv: unary(erfinvAVX2x32),
		},
		Half: Codec[uint16, float32]{
			Widen:  blocks(widenHalfAVX2, engine.Float16Value),
			Narrow: blocks(narrowHalfAVX2, engine.Float16Bits),
		},
		Brain: Codec[uint16, float32]{
			Widen:  blocks(widenBrainAVX2, engine.BFloat16Value),
			Narrow: blocks(narrowBrainAVX2, engine.BFloat16Bits),
		},
		Single: Codec[float32, float64]{
			Widen:  blocks(widenSingleAVX2, func(x float32) float64 { return float64(x) }),
			Narrow: blocks(narrowDoubleAVX2, func(x float64) float32 { return float32(x) }),
		},
		Accumulate: accumulate,
		Affine:     affine,
		Threefry:   threefry,
	}
}
