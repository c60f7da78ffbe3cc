package simd

import (
	"math"

	"golang.org/x/sys/cpu"

	"github.com/mlxstar/mlxstar/engine/dtype"
)

// all gives the kernels of each set of instructions that the processor has, the
// best last. Every processor with AVX2 has F16C too.
func all() (sets []set) {
	if x := &cpu.X86; !x.HasAVX2 || !x.HasFMA {
		return nil
	}
	sets = append(sets, set{"AVX2", kernelsAVX2()})
	if hasAVX512() {
		k := kernelsAVX2()
		k.useAVX512()
		sets = append(sets, set{"AVX-512", k})
	}
	return sets
}

// hasAVX512 asks for the extensions that all processors with AVX-512 of the last
// years share.
func hasAVX512() bool {
	x := &cpu.X86
	return x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL
}

// useAVX512 replaces the kernels that there are for wider registers.
func (k *Kernels) useAVX512() {
	k.Float32.Matrix = matrix(8, 32, tileAVX512x32, packRowsAVX512x32, interleave32)
	k.Float64.Matrix = matrix(8, 16, tileAVX512x64, packRowsAVX512x64, interleave64)
	k.FewHalf, k.FewBrain = fewHalfAVX512.kernels(), fewBrainAVX512.kernels()
	k.Float32.Few, k.Float64.Few = fewAVX512x32.kernels(), fewAVX512x64.kernels()
	k.Codes.Whole = Decoder{Dot: groupDot(dotWholeAVX512), Fill: groupFillBiased(fillWholeAVX512)}
	k.Codes.FP4 = Decoder{Dot: groupDot(dotFP4AVX512), Fill: groupFill(fillFP4AVX512)}
	k.Codes.FP8 = Decoder{Dot: groupDot(dotFP8AVX512), Fill: groupFill(fillFP8AVX512)}
	k.useOrder()
	if cpu.X86.HasAVX512VBMI {
		k.Codes.Unpack = unpackBlocks
		k.useCodeRows()
		if cpu.X86.HasAVX512VNNI {
			k.useFixedRows()
			k.useTiles()
		}
	}
}

func kernelsAVX2() *Kernels {
	return &Kernels{
		Float32: Numbers[float32]{
			Matrix: matrix(6, 16, tileAVX2x32, packRowsAVX2x32, interleave32),
			Few:    fewAVX2x32.kernels(),
			Columns: Columns[float32]{
				Sum: columnFold(sumColumnsAVX2x32), Product: columnFold(multiplyColumnsAVX2x32),
				Greatest: columnFold(greatestColumnsAVX2x32), Least: columnFold(leastColumnsAVX2x32),
			},
			Add: binary(addAVX2x32), Sub: binary(subAVX2x32), Mul: binary(mulAVX2x32), Div: binary(divAVX2x32),
			Max: binary(maxAVX2x32), Min: binary(minAVX2x32),
			Neg: unary(negAVX2x32), Abs: unary(absAVX2x32), Square: unary(squareAVX2x32), Sqrt: unary(sqrtAVX2x32),
			Floor: unary(floorAVX2x32), Ceil: unary(ceilAVX2x32), Trunc: unary(truncAVX2x32), Rint: unary(rintAVX2x32),
			Sum:      sum(sumAVX2x32),
			Greatest: extreme(greatestAVX2x32, greater[float32]), Least: extreme(leastAVX2x32, less[float32]),
			Dot: dot(dotAVX2x32), Axpy: axpy(axpyAVX2x32), Scale: scale(scaleAVX2x32),
		},
		Float64: Numbers[float64]{
			Matrix: matrix(6, 8, tileAVX2x64, packRowsAVX2x64, interleave64),
			Few:    fewAVX2x64.kernels(),
			Columns: Columns[float64]{
				Sum: columnFold(sumColumnsAVX2x64), Product: columnFold(multiplyColumnsAVX2x64),
				Greatest: columnFold(greatestColumnsAVX2x64), Least: columnFold(leastColumnsAVX2x64),
			},
			Add: binary(addAVX2x64), Sub: binary(subAVX2x64), Mul: binary(mulAVX2x64), Div: binary(divAVX2x64),
			Max: binary(maxAVX2x64), Min: binary(minAVX2x64),
			Neg: unary(negAVX2x64), Abs: unary(absAVX2x64), Square: unary(squareAVX2x64), Sqrt: unary(sqrtAVX2x64),
			Floor: unary(floorAVX2x64), Ceil: unary(ceilAVX2x64), Trunc: unary(truncAVX2x64), Rint: unary(rintAVX2x64),
			Sum:      sum(sumAVX2x64),
			Greatest: extreme(greatestAVX2x64, greater[float64]), Least: extreme(leastAVX2x64, less[float64]),
			Dot: dot(dotAVX2x64), Axpy: axpy(axpyAVX2x64), Scale: scale(scaleAVX2x64),
		},
		Functions: Functions{
			Exp: unary(expAVX2x32), Log: unary(logAVX2x32), Tanh: unary(tanhAVX2x32), Sigmoid: unary(sigmoidAVX2x32),
			Erf: unary(erfAVX2x32), Sin: bounded(sinAVX2x32, math.Sin), Cos: bounded(cosAVX2x32, math.Cos), Rsqrt: unary(rsqrtAVX2x32),
			Erfinv: unary(erfinvAVX2x32),
			Log2:   unary(log2AVX2x32), Log10: unary(log10AVX2x32), Log1p: unary(log1pAVX2x32), Expm1: unary(expm1AVX2x32),
			Tan: bounded(tanAVX2x32, math.Tan), Arcsin: unary(asinAVX2x32), Arccos: unary(acosAVX2x32), Arctan: unary(atanAVX2x32),
			Sinh: unary(sinhAVX2x32), Cosh: unary(coshAVX2x32),
			Arcsinh: unary(asinhAVX2x32), Arccosh: unary(acoshAVX2x32), Arctanh: unary(atanhAVX2x32),
			Arctan2: binary(atan2AVX2x32), Power: binary(powAVX2x32), LogAddExp: binary(logAddExpAVX2x32),
		},
		Half: Codec[uint16, float32]{
			Widen:  blocks(widenHalfAVX2, dtype.Float16Value),
			Narrow: blocks(narrowHalfAVX2, dtype.Float16Bits),
		},
		Brain: Codec[uint16, float32]{
			Widen:  blocks(widenBrainAVX2, dtype.BFloat16Value),
			Narrow: blocks(narrowBrainAVX2, dtype.BFloat16Bits),
		},
		Single: Codec[float32, float64]{
			Widen:  blocks(widenSingleAVX2, func(x float32) float64 { return float64(x) }),
			Narrow: blocks(narrowDoubleAVX2, func(x float64) float32 { return float32(x) }),
		},
		Codes: Decoders{
			Whole: Decoder{Dot: groupDot(dotWholeAVX2), Fill: groupFillBiased(fillWholeAVX2)},
			FP4:   Decoder{Dot: groupDot(dotFP4AVX2), Fill: groupFill(fillFP4AVX2)},
			FP8:   Decoder{Dot: groupDot(dotFP8AVX2), Fill: groupFill(fillFP8AVX2)},
		},
		Quarters:  quarters,
		Odd:       oddPass,
		Choose:    choose(chooseAVX2),
		Transpose: transpose, TransposePairs: transposeSmall(transpose16AVX2), TransposeBytes: transposeSmall(transpose8AVX2),
		Modulus:  modulus,
		Affine:   affine(affineAVX2x32),
		Blocks:   blockKernels(),
		Threefry: threefry(threefryAVX2),
	}
}
