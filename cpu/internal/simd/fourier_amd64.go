package simd

// quarters leaves rows of odd length, and one row of a first pass that has an odd
// number, to the caller.
func quarters(dst, src, roots []complex128, from, end, m, stride int, turn float64) int {
	count := end - from
	if stride == 1 {
		count &^= 1
	}
	if count <= 0 || stride > 1 && stride%2 != 0 {
		return 0
	}
	last := from + count
	dst, src, roots = dst[:4*stride*last], src[:stride*(3*m+last)], roots[:3*(last-1)*stride+1]
	if stride == 1 {
		fourierFirstAVX2(&dst[0], &src[0], &roots[0], from, count/2, m, turn)
	} else {
		fourierPassAVX2(&dst[0], &src[0], &roots[0], from, count, m, stride, turn)
	}
	return count
}
