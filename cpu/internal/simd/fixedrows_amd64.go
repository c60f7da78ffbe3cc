package simd

// fixedKernel is a kernel for numbers in fixed point and rows of codes of some bits.
type fixedKernel func(y, x, units, sums *float32, codes *byte, scales, biases *float32, turns, blocks, tail, per, groups, stride, apart, ahead int)

// fixedKernels are those of fixedTogether rows of codes at once, and of one.
type fixedKernels struct {
	bits, block    int
	together, each fixedKernel
}

const fixedTogether = 4

var fixedRows = []fixedKernels{
	{2, 64, fixed2x4AVX512, fixed2x1AVX512}, {3, 64, fixed3x4AVX512, fixed3x1AVX512},
	{4, 128, fixed4x4AVX512, fixed4x1AVX512}, {5, 64, fixed5x4AVX512, fixed5x1AVX512},
	{6, 64, fixed6x4AVX512, fixed6x1AVX512}, {8, 64, fixed8x4AVX512, fixed8x1AVX512},
}

// useFixedRows enters the kernels for numbers in fixed point.
func (k *Kernels) useFixedRows() {
	fixed := make(map[int]*FixedRows)
	for _, f := range fixedRows {
		fixed[f.bits] = &FixedRows{Fix: f.fix, Multiply: f.multiply}
	}
	k.Codes.Whole.Fixed = func(bits int) *FixedRows { return fixed[bits] }
}

// fix has numbers in fixed point.
func (f fixedKernels) fix(dst, x []float32) bool {
	n := len(x)
	if n == 0 {
		return true
	}
	kernel := fixAVX512
	if f.block == FixedBlock {
		kernel = fixPairsAVX512
	}
	planes, units := fixedParts(dst, n)
	return kernel(&planes[0], &units[0], &x[0], n/f.block) != 0
}

// fixedParts are the planes of n numbers, whole blocks, and their units.
func fixedParts(of []float32, n int) (planes, units []float32) {
	return of[:n/4*3], of[n/4*3 : n][:n/64]
}

func (f fixedKernels) multiply(y, x, sums []float32, a CodeMatrix) {
	n := a.Groups * a.Size
	if y = y[:a.Rows]; n == 0 {
		clear(y)
	}
	if n == 0 || a.Rows == 0 {
		return
	}
	planes, units := fixedParts(x, (n+FixedBlock-1)/FixedBlock*FixedBlock)
	stride, apart := n*a.Bits/8, a.Scaled()
	codes, scales, biases, sums := a.Codes[:a.Rows*stride], a.Scales[:a.Rows*apart], a.Biases, sums[:a.Groups]
	if biases != nil {
		biases = biases[:a.Rows*a.Groups]
	}
	some := func(kernel fixedKernel, first, rows, together int) {
		var biased *float32
		if biases != nil {
			biased = &biases[first*a.Groups]
		}
		kernel(&y[first], &planes[0], &units[0], &sums[0], &codes[first*stride], &scales[first*apart], biased,
			rows/together, n/f.block, n%f.block, f.block/min(a.Size, CodeBlock), a.Groups, stride, apart, together*stride)
	}
	whole := a.Rows / fixedTogether * fixedTogether
	if whole > 0 {
		some(f.together, 0, whole, fixedTogether)
	}
	if whole < a.Rows {
		some(f.each, whole, a.Rows-whole, 1)
	}
}
