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

// oddPass does rows of passes by 3, 5 and 7 of an even stride, and leaves others to the caller.
func oddPass(dst, src, roots []complex128, circle []float64, from, end, m, stride int) int {
	count, p := end-from, len(circle)+1
	var run func(dst, src, roots *complex128, circle *float64, from, count, m, stride int)
	switch p {
	case 3:
		run = fourierOdd3AVX2
	case 5:
		run = fourierOdd5AVX2
	case 7:
		run = fourierOdd7AVX2
	}
	if run == nil || count <= 0 || stride%2 != 0 {
		return 0
	}
	dst, src, roots = dst[:p*stride*end], src[:stride*((p-1)*m+end)], roots[:(p-1)*(end-1)*stride+1]
	run(&dst[0], &src[0], &roots[0], &circle[0], from, count, m, stride)
	return count
}
