//go:build amd64 || arm64

package simd

// The functions here check the slices, so that the assembly need not.

// matrix puts the kernels of products of matrices together.
func matrix[T float](rows, cols int, run func(depth int, a, b, c *T, stride int, first bool), pack func(dst, src *T, depth, stride int),
	interleave func(dst, src []T, depth, stride, width int)) Matrix[T] {
	return Matrix[T]{Rows: rows, Cols: cols, Tile: tile(rows, cols, run), PackRows: packRows(cols, pack), Interleave: interleave}
}

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
