package simd

// keys makes the kernels of networks for 1, 2, 4 and 8 registers of keys.
func keys[K uint32 | uint64](lanes int, few [4]func(dst, src *K, n int), divide func(dst, src *K, n int, pivot K) (done, below int)) Keys[K] {
	return Keys[K]{
		Most: 8 * lanes,
		Few: func(dst, src []K) {
			n := len(src)
			if n == 0 {
				return
			}
			dst = dst[:n]
			which := 0
			for lanes<<which < n {
				which++
			}
			few[which](&dst[0], &src[0], n)
		},
		Divide: func(dst, src []K, pivot K) int {
			if len(src) == 0 {
				return 0
			}
			dst = dst[:len(src)]
			done, below := divide(&dst[0], &src[0], len(src), pivot)
			return divideRest(dst, src, pivot, done, below)
		},
	}
}

// useOrder has keys put in order by the kernels of AVX-512.
func (k *Kernels) useOrder() {
	k.Words = keys(16, [4]func(dst, src *uint32, n int){order16x32AVX512, order32x32AVX512, order64x32AVX512, order128x32AVX512}, divide32AVX512)
	k.Quads = keys(8, [4]func(dst, src *uint64, n int){order8x64AVX512, order16x64AVX512, order32x64AVX512, order64x64AVX512}, divide64AVX512)
	k.FloatKeys = func(dst []uint32, src []float32) {
		if len(dst) > 0 {
			src = src[:len(dst)]
			keysAVX512(&dst[0], &src[0], len(dst))
		}
	}
	k.FromFloatKeys = func(dst []float32, src []uint32) {
		if len(dst) > 0 {
			src = src[:len(dst)]
			valuesAVX512(&dst[0], &src[0], len(dst))
		}
	}
}
