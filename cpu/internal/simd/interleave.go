//go:build amd64 || arm64

package simd

// interleaveBlocks transposes square blocks of n, and the few columns that remain
// one by one.
func interleaveBlocks[T float](dst, src []T, depth, stride, width, n int, run func(dst, src *T, blocks, stride, width int)) {
	dst = dst[:width*depth]
	blocks := 0
	if width%n == 0 {
		blocks = depth / n
	}
	if blocks > 0 {
		_ = src[(width-1)*stride:][:depth]
		for i := 0; i < width; i += n {
			run(&dst[i], &src[i*stride], blocks, stride, width)
		}
	}
	if done := n * blocks; done < depth {
		interleaveLoop(dst[done*width:], src[done:], depth-done, stride, width)
	}
}
