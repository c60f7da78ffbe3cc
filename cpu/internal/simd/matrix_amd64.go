package simd

// The functions here check the slices, so that the assembly need not.

// tile makes a micro-kernel of one in assembly.
func tile[T float](rows, cols int, run func(depth int, a, b, c *T, stride int, first bool)) func(depth int, a, b, c []T, stride int, first bool) {
	return func(depth int, a, b, c []T, stride int, first bool) {
		if depth == 0 {
			clearTile(c, rows, cols, stride, first)
			return
		}
		a, b, c = a[:rows*depth], b[:cols*depth], c[:(rows-1)*stride+cols]
		run(depth, &a[0], &b[0], &c[0], stride, first)
	}
}

// clearTile is the product of panels without depth.
func clearTile[T float](c []T, rows, cols, stride int, first bool) {
	if !first {
		return
	}
	for i := range rows {
		clear(c[i*stride:][:cols])
	}
}

func packRows[T float](cols int, run func(dst, src *T, depth, stride int)) func(dst, src []T, depth, stride int) {
	return func(dst, src []T, depth, stride int) {
		if depth > 0 {
			dst, src = dst[:cols*depth], src[:(depth-1)*stride+cols]
			run(&dst[0], &src[0], depth, stride)
		}
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

// interleave64 transposes blocks of four columns where the panel's width allows it.
func interleave64(dst, src []float64, depth, stride, width int) {
	blocks := 0
	if width%4 == 0 {
		blocks = depth / 4
	}
	dst = dst[:width*depth]
	if blocks > 0 {
		_ = src[(width-1)*stride:][:depth]
		for i := 0; i < width; i += 4 {
			interleaveAVX2x4(&dst[i], &src[i*stride], blocks, stride, width)
		}
	}
	if done := 4 * blocks; done < depth {
		interleaveLoop(dst[done*width:], src[done:], depth-done, stride, width)
	}
}

func interleaveLoop[T float](dst, src []T, depth, stride, width int) {
	dst = dst[:width*depth]
	for i := range width {
		at := i
		for _, v := range src[i*stride:][:depth] {
			dst[at] = v
			at += width
		}
	}
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
