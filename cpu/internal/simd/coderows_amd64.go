package simd

import "math"

// codeRowsKernel is a kernel for rows of codes of some bits.
type codeRowsKernel func(y, x *float32, codes *byte, scales, biases, table *float32, rows, blocks, tail, per, groups, apart, across int)

// codeRowsKernels are those of four, two and one rows of numbers: see [fewCounts]. Some are of
// one row alone.
type codeRowsKernels [3]codeRowsKernel

var (
	codeRows2      = codeRowsKernels{2: codes2x1AVX512}
	codeRows3      = codeRowsKernels{2: codes3x1AVX512}
	codeRows4      = codeRowsKernels{codes4x4AVX512, codes4x2AVX512, codes4x1AVX512}
	codeRows5      = codeRowsKernels{2: codes5x1AVX512}
	codeRows6      = codeRowsKernels{2: codes6x1AVX512}
	codeRows8      = codeRowsKernels{2: codes8x1AVX512}
	codeRowsFloat8 = codeRowsKernels{codesFloat8x4AVX512, codesFloat8x2AVX512, codesFloat8x1AVX512}
)

// useCodeRows enters the kernels that read codes as they are stored.
func (k *Kernels) useCodeRows() {
	var whole, fp4 [16]float32
	for c := range whole {
		whole[c] = float32(c)
	}
	copy(fp4[:], []float32{0, 0.5, 1, 1.5, 2, 3, 4, 6})
	for c, v := range fp4[:8] {
		fp4[8+c] = float32(math.Copysign(float64(v), -1))
	}
	// Codes of fewer than four bits are looked up with some of their neighbours'.
	var two, three [16]float32
	for c := range 16 {
		two[c], three[c] = float32(c%4), float32(c%8)
	}
	wholeRows := map[int]CodeRows{
		2: codeRows2.by(&two), 3: codeRows3.by(&three), 4: codeRows4.by(&whole),
		5: codeRows5.by(&whole), 6: codeRows6.by(&whole), 8: codeRows8.by(&whole),
	}
	k.Codes.Whole.Rows = func(bits int) CodeRows { return wholeRows[bits] }
	fp4Rows, fp8Rows := codeRows4.by(&fp4), codeRowsFloat8.by(&whole)
	k.Codes.FP4.Rows = func(int) CodeRows { return fp4Rows }
	k.Codes.FP8.Rows = func(int) CodeRows { return fp8Rows }
	k.Codes.Arrange = func(dst, x []float32) {
		if n := len(x) / CodeBlock; n > 0 {
			arrangeAVX512(&dst[:len(x)][0], &x[0], n)
		}
	}
}

// by makes a kernel for any number of rows, with a table of numbers.
func (k codeRowsKernels) by(table *[16]float32) CodeRows {
	return func(y, x Lines[float32], count int, a CodeMatrix) {
		if count == 0 || a.Rows == 0 {
			return
		}
		if a.Groups == 0 {
			for i := range count {
				clear(y.row(i, a.Rows))
			}
			return
		}
		n := a.Groups * a.Size
		y.reach(count, a.Rows)
		x.reach(count, a.Whole(CodeBlock)+a.Groups)
		_, _ = a.Codes[:a.Rows*n*a.Bits/8], a.Scales[:a.Rows*a.Scaled()]
		var biases *float32
		if a.Biases != nil {
			biases = &a.Biases[:a.Rows*a.Groups][0]
		}
		multiply := func(which, i int) {
			k[which](y.at(i, 0), x.at(i, 0), &a.Codes[0], &a.Scales[0], biases, &table[0],
				a.Rows, n/CodeBlock, n%CodeBlock, max(CodeBlock/a.Size, 1), a.Groups, x.Stride, y.Stride)
		}
		if k[0] != nil {
			split(count, multiply)
			return
		}
		for i := range count {
			multiply(len(k)-1, i)
		}
	}
}
