package simd

// The functions here check the slices, so that the assembly need not.

func tile32(depth int, a, b, c []float32, stride int, first bool) {
	if depth == 0 {
		clearTile(c, 6, 16, stride, first)
		return
	}
	a, b, c = a[:6*depth], b[:16*depth], c[:5*stride+16]
	tileAVX2x32(depth, &a[0], &b[0], &c[0], stride, first)
}

func tile64(depth int, a, b, c []float64, stride int, first bool) {
	if depth == 0 {
		clearTile(c, 6, 8, stride, first)
		return
	}
	a, b, c = a[:6*depth], b[:8*depth], c[:5*stride+8]
	tileAVX2x64(depth, &a[0], &b[0], &c[0], stride, first)
}

// clearTile is the product of panels without depth.
func clearTile[T float32 | float64](c []T, rows, cols, stride int, first bool) {
	if !first {
		return
	}
	for i := range rows {
		clear(c[i*stride:][:cols])
	}
}

func packRows32(dst, src []float32, depth, stride int) {
	if depth > 0 {
		dst, src = dst[:16*depth], src[:(depth-1)*stride+16]
		packRowsAVX2x32(&dst[0], &src[0], depth, stride)
	}
}

func packRows64(dst, src []float64, depth, stride int) {
	if depth > 0 {
		dst, src = dst[:8*depth], src[:(depth-1)*stride+8]
		packRowsAVX2x64(&dst[0], &src[0], depth, stride)
	}
}

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
		switch width {
		case 6:
			interleaveAVX2x6(&dst[0], &src[0], blocks, stride, width)
		case 16:
			interleaveAVX2x8(&dst[0], &src[0], blocks, stride, width)
			interleaveAVX2x8(&dst[8], &src[8*stride], blocks, stride, width)
		default:
			blocks = 0
		}
	}
	if done := 8 * blocks; done < depth {
		interleaveLoop(dst[done*width:], src[done:], depth-done, stride, width)
	}
}

func interleaveLoop[T float32 | float64](dst, src []T, depth, stride, width int) {
	dst = dst[:width*depth]
	for i := range width {
		at := i
		for _, v := range src[i*stride:][:depth] {
			dst[at] = v
			at += width
		}
	}
}
