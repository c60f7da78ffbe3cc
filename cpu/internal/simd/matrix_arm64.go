package simd

func interleave32(dst, src []float32, depth, stride, width int) {
	interleaveBlocks(dst, src, depth, stride, width, 4, interleaveNEONx32)
}

func interleave64(dst, src []float64, depth, stride, width int) {
	interleaveBlocks(dst, src, depth, stride, width, 2, interleaveNEONx64)
}

// transpose works on elements of four bytes, whatever they stand for.
func transpose(dst, src []uint32, deep, step, apart int) {
	blocks := deep / 8
	if blocks == 0 {
		return
	}
	dst, src = dst[:(8*blocks-1)*apart+8], src[:7*step+8*blocks]
	transposeNEON(&dst[0], &src[0], 2*blocks, step, apart)
	transposeNEON(&dst[4], &src[4*step], 2*blocks, step, apart)
}
