package simd

func unpackBlocks(dst, src []byte, bits int) {
	switch bits {
	case 1: // whose blocks are too short for the tables
		UnpackLoop(dst, src, bits)
		return
	case 8:
		copy(dst, src[:len(dst)])
		return
	}
	if n := len(dst) / 64; n > 0 {
		unpackVBMI(&dst[0], &src[: 8*n*bits : len(src)][0], n, bits)
		dst, src = dst[64*n:], src[8*n*bits:]
	}
	UnpackLoop(dst, src, bits)
}
