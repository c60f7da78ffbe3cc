package simd

import (
	"math"

	"github.com/mlxstar/mlxstar/engine/dtype"
)

// all gives the kernels of the one set of instructions that is used: every processor
// of 64 bits that Go runs on has NEON.
func all() []set { return []set{{"NEON", kernelsNEON()}} }

func kernelsNEON() *Kernels {
	return &Kernels{
		Float32: Numbers[float32]{
			Matrix: matrix(8, 12, tileNEONx32, packRowsNEONx32, interleave32),
			Few:    fewNEONx32.kernels(),
			Columns: Columns[float32]{
				Sum: columnFold(sumColumnsNEONx32), Product: columnFold(multiplyColumnsNEONx32),
				Greatest: columnFold(greatestColumnsNEONx32), Least: columnFold(leastColumnsNEONx32),
			},
			Add: binary(addNEONx32), Sub: binary(subNEONx32), Mul: binary(mulNEONx32), Div: binary(divNEONx32),
			Max: binary(maxNEONx32), Min: binary(minNEONx32),
			Neg: unary(negNEONx32), Abs: unary(absNEONx32), Square: unary(squareNEONx32), Sqrt: unary(sqrtNEONx32),
			Floor: unary(floorNEONx32), Ceil: unary(ceilNEONx32), Trunc: unary(truncNEONx32), Rint: unary(rintNEONx32),
			Sum:      sum(sumNEONx32),
			Greatest: extreme(greatestNEONx32, greater[float32]), Least: extreme(leastNEONx32, less[float32]),
			Dot: dot(dotNEONx32), Axpy: axpy(axpyNEONx32), Scale: scale(scaleNEONx32),
		},
		Float64: Numbers[float64]{
			Matrix: matrix(8, 6, tileNEONx64, packRowsNEONx64, interleave64),
			Few:    fewNEONx64.kernels(),
			Columns: Columns[float64]{
				Sum: columnFold(sumColumnsNEONx64), Product: columnFold(multiplyColumnsNEONx64),
				Greatest: columnFold(greatestColumnsNEONx64), Least: columnFold(leastColumnsNEONx64),
			},
			Add: binary(addNEONx64), Sub: binary(subNEONx64), Mul: binary(mulNEONx64), Div: binary(divNEONx64),
			Max: binary(maxNEONx64), Min: binary(minNEONx64),
			Neg: unary(negNEONx64), Abs: unary(absNEONx64), Square: unary(squareNEONx64), Sqrt: unary(sqrtNEONx64),
			Floor: unary(floorNEONx64), Ceil: unary(ceilNEONx64), Trunc: unary(truncNEONx64), Rint: unary(rintNEONx64),
			Sum:      sum(sumNEONx64),
			Greatest: extreme(greatestNEONx64, greater[float64]), Least: extreme(leastNEONx64, less[float64]),
			Dot: dot(dotNEONx64), Axpy: axpy(axpyNEONx64), Scale: scale(scaleNEONx64),
		},
		Functions: Functions{
			Exp: unary(expNEONx32), Log: unary(logNEONx32), Tanh: unary(tanhNEONx32), Sigmoid: unary(sigmoidNEONx32),
			Erf: unary(erfNEONx32), Sin: bounded(sinNEONx32, math.Sin), Cos: bounded(cosNEONx32, math.Cos), Rsqrt: unary(rsqrtNEONx32),
			Erfinv: unary(erfinvNEONx32),
			Log2:   unary(log2NEONx32), Log10: unary(log10NEONx32), Log1p: unary(log1pNEONx32), Expm1: unary(expm1NEONx32),
			Tan: bounded(tanNEONx32, math.Tan), Arcsin: unary(asinNEONx32), Arccos: unary(acosNEONx32), Arctan: unary(atanNEONx32),
			Sinh: unary(sinhNEONx32), Cosh: unary(coshNEONx32),
			Arcsinh: unary(asinhNEONx32), Arccosh: unary(acoshNEONx32), Arctanh: unary(atanhNEONx32),
			Arctan2: binary(atan2NEONx32), Power: binary(powNEONx32), LogAddExp: binary(logAddExpNEONx32),
		},
		Half: Codec[uint16, float32]{
			Widen:  blocks(widenHalfNEON, dtype.Float16Value),
			Narrow: blocks(narrowHalfNEON, dtype.Float16Bits),
		},
		Brain: Codec[uint16, float32]{
			Widen:  blocks(widenBrainNEON, dtype.BFloat16Value),
			Narrow: blocks(narrowBrainNEON, dtype.BFloat16Bits),
		},
		Single: Codec[float32, float64]{
			Widen:  blocks(widenSingleNEON, func(x float32) float64 { return float64(x) }),
			Narrow: blocks(narrowDoubleNEON, func(x float64) float32 { return float32(x) }),
		},
		FewHalf: fewHalfNEON.kernels(), FewBrain: fewBrainNEON.kernels(),
		Codes: Decoders{
			Unpack: unpackBlocks,
			Whole:  Decoder{Dot: groupDot(dotWholeNEON), Fill: groupFillBiased(fillWholeNEON)},
			FP4:    Decoder{Dot: groupDot(dotFP4NEON), Fill: groupFill(fillFP4NEON)},
			FP8:    Decoder{Dot: groupDot(dotFP8NEON), Fill: groupFill(fillFP8NEON)},
		},
		Quarters:  quarters,
		Choose:    choose(chooseNEON),
		Transpose: transpose,
		Affine:    affine(affineNEONx32),
		Threefry:  threefry(threefryNEON),
	}
}
