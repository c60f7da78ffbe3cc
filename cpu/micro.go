package cpu

import (
	"context"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// micro multiplies packed panels: a holds depth columns of mr numbers, b depth
// rows of nr. The product, mr rows of nr numbers that begin stride apart, goes
// to c, over what is there if first is set and added to it otherwise.
type micro[T any] struct {
	mr, nr int
	run    func(depth int, a, b, c []T, stride int, first bool)
	add    func(dst, src []T)
	// packRows copies depth rows of nr numbers that begin stride apart; nil has
	// them fetched one by one. Interleave writes element k of row i, of width
	// rows that begin stride apart, to dst[k*width+i].
	packRows   func(dst, src []T, depth, stride int)
	interleave func(dst, src []T, depth, stride, width int)
}

// panels are the rows of a matrix, or the columns of a right operand, as the
// micro-kernel wants them.
type panels[T any] interface {
	// panel writes depth elements, from the k-th on, of n rows, from the at-th on,
	// to a panel of width rows: element d of row i goes to d*width + i. Rows beyond
	// the n-th are 0.
	panel(m *micro[T], s *packed[T], dst []T, at, n, width, k, depth int)
}

// multiply computes a tile of a product with the inner length k. The terms of an
// element are added in order, stretch by stretch.
func (m *micro[T]) multiply(ctx context.Context, s *packed[T], left, right panels[T], t *matTile[T], k int) error {
	if k == 0 && !t.onto {
		for i := range t.m {
			clear(t.to[i*t.stride:][:t.n])
		}
	}
	for at := 0; at < k; at += matDepth {
		if err := ctx.Err(); err != nil {
			return err
		}
		depth := min(matDepth, k-at)
		for i := 0; i < t.m; i += m.mr {
			left.panel(m, s, s.a[i*depth:][:m.mr*depth], t.row+i, min(m.mr, t.m-i), m.mr, at, depth)
		}
		b := s.b[:m.nr*depth]
		for j := 0; j < t.n; j += m.nr {
			right.panel(m, s, b, t.col+j, min(m.nr, t.n-j), m.nr, at, depth)
			m.column(s, t, b, j, depth, at == 0 && !t.onto)
		}
	}
	return nil
}

// column multiplies the packed rows of a tile by one panel of its columns. Panels
// that reach over the tile's edge are worked out aside.
func (m *micro[T]) column(s *packed[T], t *matTile[T], b []T, j, depth int, first bool) {
	whole := j+m.nr <= t.n
	for i := 0; i < t.m; i += m.mr {
		a := s.a[i*depth:][:m.mr*depth]
		if whole && i+m.mr <= t.m {
			m.run(depth, a, b, t.to[i*t.stride+j:], t.stride, first)
			continue
		}
		m.run(depth, a, b, s.edge[:], m.nr, true)
		m.merge(s, t, i, j, first)
	}
}

func (m *micro[T]) merge(s *packed[T], t *matTile[T], i, j int, first bool) {
	for r := range min(m.mr, t.m-i) {
		dst := t.to[(i+r)*t.stride+j:][:min(m.nr, t.n-j)]
		src := s.edge[r*m.nr:][:len(dst)]
		if first {
			copy(dst, src)
		} else {
			m.add(dst, src)
		}
	}
}

// matrixPanels are the panels of a matrix in memory.
type matrixPanels[E, T any] struct {
	matrix[E]
	widen func([]T, []E)
}

func (x matrixPanels[E, T]) panel(m *micro[T], s *packed[T], dst []T, i, n, width, k, depth int) {
	data, same := any(x.data).([]T)
	at := x.offset + i*x.rows + k*x.cols
	if n < width {
		clear(dst)
	}
	switch {
	case x.rows == 1 && n == m.nr && width == m.nr && same && m.packRows != nil:
		m.packRows(dst, data[at:], depth, x.cols)
	case x.rows == 1 && n == width && same && width == 8:
		copyEights(dst, data[at:], depth, x.cols)
	case x.rows == 1: // a panel's column is contiguous
		for d := range depth {
			fetch(dst[d*width:][:n], x.data, at+d*x.cols, 1, x.widen)
		}
	case n == width && same && x.cols == 1:
		m.interleave(dst, data[at:], depth, x.rows, width)
	default:
		for r := range n {
			fetch(s.rows[r*depth:][:depth], x.data, at+r*x.rows, x.cols, x.widen)
		}
		m.fold(s, dst, n, width, depth)
	}
}

// copyEights copies depth rows of eight numbers that begin stride apart.
func copyEights[T any](dst, src []T, depth, stride int) {
	for range depth {
		*(*[8]T)(dst) = [8]T(src)
		dst, src = dst[8:], src[min(stride, len(src)):]
	}
}

// fold makes a panel of the n rows that are set aside.
func (m *micro[T]) fold(s *packed[T], dst []T, n, width, depth int) {
	clear(s.rows[n*depth : width*depth])
	m.interleave(dst, s.rows[:width*depth], depth, depth, width)
}

// interleaveLoop is the portable interleave.
func interleaveLoop[T any](dst, src []T, depth, stride, width int) {
	for i := range width {
		at := i
		for _, v := range src[i*stride:][:depth] {
			dst[at] = v
			at += width
		}
	}
}

// microRows and microCols are the panel of the portable kernel: its sums fit
// the registers of every processor.
const (
	microRows = 2
	microCols = 4
)

// microLoop is the portable kernel, and what the others are held against.
func microLoop[T numeric](depth int, a, b, c []T, stride int, first bool) {
	var c00, c01, c02, c03, c10, c11, c12, c13 T
	a, b = a[:microRows*depth], b[:microCols*depth]
	for len(a) >= microRows && len(b) >= microCols {
		x, y := a[0], a[1]
		u, v := b[0], b[1]
		c00 += x * u
		c10 += y * u
		c01 += x * v
		c11 += y * v
		u, v = b[2], b[3]
		c02 += x * u
		c12 += y * u
		c03 += x * v
		c13 += y * v
		a, b = a[microRows:], b[microCols:]
	}
	top, low := c[:microCols], c[stride:][:microCols]
	if first {
		clear(top)
		clear(low)
	}
	top[0] += c00
	top[1] += c01
	top[2] += c02
	top[3] += c03
	low[0] += c10
	low[1] += c11
	low[2] += c12
	low[3] += c13
}

func portableMicro[T numeric]() micro[T] {
	return micro[T]{
		mr: microRows, nr: microCols, run: microLoop[T], add: addInto[T],
		interleave: interleaveLoop[T],
	}
}

func addInto[T numeric](dst, src []T) { addLoop(dst, dst, src) }

func axpyLoop[T numeric](y []T, x T, a []T) {
	a = a[:len(y)]
	for i := range y {
		y[i] += x * a[i]
	}
}

func timesLoop[T numeric](y []T, x T) {
	for i := range y {
		y[i] *= x
	}
}

func dotLoop[T numeric](a, b []T) T {
	b = b[:len(a)]
	var s, t, u, v T
	for len(a) >= 4 && len(b) >= 4 {
		s += a[0] * b[0]
		t += a[1] * b[1]
		u += a[2] * b[2]
		v += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s += a[i] * b[i]
	}
	return (s + t) + (u + v)
}

func scaleReal[T float](dst []T, alpha float64, c []T, beta float64) {
	c = c[:len(dst)]
	for i := range dst {
		dst[i] = T(alpha)*dst[i] + T(beta)*c[i]
	}
}

func scaleComplex[T complexNumber](dst []T, alpha float64, c []T, beta float64) {
	c = c[:len(dst)]
	a, b := T(complex(alpha, 0)), T(complex(beta, 0))
	for i := range dst {
		dst[i] = a*dst[i] + b*c[i]
	}
}

// native is the arithmetic of numbers that are multiplied as they are.
func native[T numeric](scale func([]T, float64, []T, float64)) *arithmetic[T, T] {
	return &arithmetic[T, T]{scale: scale, micro: portableMicro[T](), dot: dotLoop[T], axpy: axpyLoop[T], times: timesLoop[T], few: simd.FewBy(dotLoop[T], axpyLoop[T])}
}

// widenedProduct is the arithmetic of 16-bit floats, which multiply in float32.
func widenedProduct[H half | brain](k codec[H], ar *arithmetic[float32, float32]) *arithmetic[H, float32] {
	return &arithmetic[H, float32]{
		widen: k.widen, narrow: k.narrow,
		scale: ar.scale, micro: ar.micro, dot: ar.dot, axpy: ar.axpy, few: ar.few,
	}
}
