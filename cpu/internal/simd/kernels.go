package simd

// Kernels are those of one processor. All are there.
type Kernels struct {
	Float32 Matrix[float32]
	Float64 Matrix[float64]
}

// Matrix is what products of matrices are made of. A panel is a stretch of rows
// or columns of a matrix, packed so that the micro-kernel reads it in order.
type Matrix[T float32 | float64] struct {
	// Rows and Cols are the shape of what Tile computes at once.
	Rows, Cols int
	// Tile multiplies a, depth columns of Rows numbers, by b, depth rows of Cols.
	// The product goes to c, whose rows begin stride apart: over what is there if
	// first is set, added to it otherwise. The terms of a sum are added in order,
	// each product unrounded.
	Tile func(depth int, a, b, c []T, stride int, first bool)
	// PackRows copies depth rows of Cols numbers that begin stride apart.
	PackRows func(dst, src []T, depth, stride int)
	// Interleave writes element k of row i of depth to dst[k*width+i]. The rows
	// begin stride apart and are as many as the panel is wide: Rows or Cols.
	Interleave func(dst, src []T, depth, stride, width int)
}
