//go:build amd64 || arm64

package simd

// groupSize is the number of codes of a group; the groups must fill what there is.
func groupSize(codes, scales int) int {
	size := codes / scales
	if size*scales != codes || size%16 != 0 {
		panic("simd: codes do not come in groups of a multiple of 16")
	}
	return size
}

func groupDot(f func(codes *byte, x, scales *float32, groups, size int) float32) func(codes []byte, x, scales []float32) float32 {
	return func(codes []byte, x, scales []float32) float32 {
		if len(codes) == 0 || len(scales) == 0 {
			return 0
		}
		return f(&codes[0], &x[:len(codes)][0], &scales[0], len(scales), groupSize(len(codes), len(scales)))
	}
}

func groupFill(f func(dst *float32, codes *byte, scales *float32, groups, size int)) func(dst []float32, codes []byte, scales, biases []float32) {
	return func(dst []float32, codes []byte, scales, _ []float32) {
		if len(codes) == 0 || len(scales) == 0 {
			return
		}
		f(&dst[:len(codes)][0], &codes[0], &scales[0], len(scales), groupSize(len(codes), len(scales)))
	}
}

func groupFillBiased(f func(dst *float32, codes *byte, scales, biases *float32, groups, size int)) func(dst []float32, codes []byte, scales, biases []float32) {
	return func(dst []float32, codes []byte, scales, biases []float32) {
		if len(codes) == 0 || len(scales) == 0 {
			return
		}
		f(&dst[:len(codes)][0], &codes[0], &scales[0], &biases[:len(scales)][0], len(scales), groupSize(len(codes), len(scales)))
	}
}
