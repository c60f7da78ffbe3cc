package simd

func unpackBlocks(dst, src []byte, bits int) {
	if bits == 8 {
		copy(dst, src[:len(dst)])
		return
	}
	if n := len(dst) / 64; n > 0 {
		unpackVBMI(&dst[0], &src[: 8*n*bits : len(src)][0], n, bits)
		dst, src = dst[64*n:], src[8*n*bits:]
	}
	UnpackLoop(dst, src, bits)
}
