package simd

// unpackBlocks leaves what is too near to the end of src, from which a block reads 16
// bytes, to the loop.
func unpackBlocks(dst, src []byte, bits int) {
	switch bits {
	case 1: // whose blocks are too short for the tables
		UnpackLoop(dst, src, bits)
		return
	case 8:
		copy(dst, src[:len(dst)])
		return
	}
	if n := min(len(dst)/16, (len(src)-16)/(2*bits)+1); len(src) >= 16 && n > 0 {
		unpackNEON(&dst[0], &src[0], n, bits)
		dst, src = dst[16*n:], src[2*n*bits:]
	}
	UnpackLoop(dst, src, bits)
}
