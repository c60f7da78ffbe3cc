package simd

// interleave32 transposes blocks of eight columns, and the few that remain one by
// one. A column of six is written eight wide: the two numbers that follow it are
// the next column's, so the last column is not left to the blocks.
func interleave32(dst, src []float32, depth, stride, width int) {
	blocks := depth / 8
	if width == 6 {
		blocks = max(depth-1, 0) / 8
	}
	dst = dst[:width*depth]
	if blocks > 0 {
		_ = src[(width-1)*stride:][:depth]
		switch {
		case width == 6:
			interleaveAVX2x6(&dst[0], &src[0], blocks, stride, width)
		case width%8 == 0:
			for i := 0; i < width; i += 8 {
				interleaveAVX2x8(&dst[i], &src[i*stride], blocks, stride, width)
			}
		default:
			blocks = 0
		}
	}
	if done := 8 * blocks; done < depth {
		interleaveLoop(dst[done*width:], src[done:], depth-done, stride, width)
	}
}

func interleave64(dst, src []float64, depth, stride, width int) {
	interleaveBlocks(dst, src, depth, stride, width, 4, interleaveAVX2x4)
}

// transpose works on elements of four bytes, whatever they stand for.
func transpose(dst, src []uint32, deep, step, apart int) {
	blocks := deep / 8
	if blocks == 0 {
		return
	}
	dst, src = dst[:(8*blocks-1)*apart+8], src[:7*step+8*blocks]
	transposeAVX2(&dst[0], &src[0], blocks, step, apart)
}

// transposeSmall is transpose for smaller elements.
func transposeSmall[T uint8 | uint16](run func(dst, src *T, blocks, stride, width int)) func(dst, src []T, deep, step, apart int) {
	return func(dst, src []T, deep, step, apart int) {
		if blocks := deep / 8; blocks > 0 {
			dst, src = dst[:(8*blocks-1)*apart+8], src[:7*step+8*blocks]
			run(&dst[0], &src[0], blocks, step, apart)
		}
	}
}

func modulus(dst, parts []float32) (done int) {
	blocks := len(dst) / 4
	if blocks > 0 {
		parts = parts[:2*len(dst)]
		modulusAVX2(&dst[0], &parts[0], blocks)
	}
	return 4 * blocks
}
