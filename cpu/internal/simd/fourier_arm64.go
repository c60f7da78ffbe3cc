package simd

func quarters(dst, src, roots []complex128, from, end, m, stride int, turn float64) int {
	count := end - from
	if count <= 0 {
		return 0
	}
	dst, src, roots = dst[:4*stride*end], src[:stride*(3*m+end)], roots[:3*(end-1)*stride+1]
	fourierPassNEON(&dst[0], &src[0], &roots[0], from, count, m, stride, turn)
	return count
}
