package cpu

import (
	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
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
	scratch    *spares[packed[T]]
}

// packed is one processor's scratch for products. Panels are padded with zeros.
type packed[T any] struct {
	a    [(matRows + panelMax) * matDepth]T
	b    [(matCols + panelMax) * matDepth]T
	out  [matRows * matCols]T
	edge [panelMax * panelMax]T
	line [vectorDepth]T
	rows [panelMax * matDepth]T // of a panel, on their way to be interleaved
}

// panelMax bounds the width of panels.
const panelMax = 16

// sweep multiplies a packed tile, panel by panel. Panels that reach over the
// tile's edge are worked out aside.
func (m *micro[T]) sweep(s *packed[T], t *matTile[T], depth int, first bool) {
	for j := 0; j < t.n; j += m.nr {
		b := s.b[j*depth:][:m.nr*depth]
		for i := 0; i < t.m; i += m.mr {
			a := s.a[i*depth:][:m.mr*depth]
			if i+m.mr <= t.m && j+m.nr <= t.n {
				m.run(depth, a, b, t.to[i*t.stride+j:], t.stride, first)
				continue
			}
			m.run(depth, a, b, s.edge[:], m.nr, true)
			m.merge(s, t, i, j, first)
		}
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

// pack brings the first n rows of a matrix, depth elements each, into panels of
// width rows: element k of the panel's row i is at k*width + i.
func pack[E, T any](m *micro[T], dst []T, x matrix[E], n, depth, width int, widen func([]T, []E), s *packed[T]) {
	data, same := any(x.data).([]T)
	for i := 0; i < n; i += width {
		panel := dst[i*depth:][:width*depth]
		rows, at := min(width, n-i), x.offset+i*x.rows
		if rows < width {
			clear(panel)
		}
		switch {
		case x.rows == 1 && rows == m.nr && width == m.nr && same && m.packRows != nil:
			m.packRows(panel, data[at:], depth, x.cols)
		case x.rows == 1: // a panel's column is contiguous
			for k := range depth {
				fetch(panel[k*width:][:rows], x.data, at+k*x.cols, 1, widen)
			}
		case rows == width && same && x.cols == 1:
			m.interleave(panel, data[at:], depth, x.rows, width)
		default:
			for r := range rows {
				fetch(s.rows[r*depth:][:depth], x.data, at+r*x.rows, x.cols, widen)
			}
			clear(s.rows[rows*depth:][:(width-rows)*depth])
			m.interleave(panel, s.rows[:], depth, depth, width)
		}
	}
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
		interleave: interleaveLoop[T], scratch: newSpares[packed[T]](),
	}
}

func addInto[T numeric](dst, src []T) { addLoop(dst, dst, src) }

func axpyLoop[T numeric](y []T, x T, a []T) {
	a = a[:len(y)]
	for i := range y {
		y[i] += x * a[i]
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

func scaleComplex(dst []complex64, alpha float64, c []complex64, beta float64) {
	c = c[:len(dst)]
	a, b := complex(float32(alpha), 0), complex(float32(beta), 0)
	for i := range dst {
		dst[i] = a*dst[i] + b*c[i]
	}
}

// native is the arithmetic of numbers that are multiplied as they are.
func native[T numeric](scale func([]T, float64, []T, float64)) *arithmetic[T, T] {
	return &arithmetic[T, T]{scale: scale, micro: portableMicro[T](), dot: dotLoop[T], axpy: axpyLoop[T], sum: plus[T]}
}

func plus[T numeric](a, b T) T { return a + b }

// widenedProduct is the arithmetic of 16-bit floats, which multiply in float32.
func widenedProduct[H half | brain](k codec[H], ar *arithmetic[float32, float32]) *arithmetic[H, float32] {
	return &arithmetic[H, float32]{
		widen: k.widen, narrow: k.narrow,
		scale: ar.scale, micro: ar.micro, dot: ar.dot, axpy: ar.axpy, sum: ar.sum,
	}
}

// addProducts enters the matrix products.
func (t table) addProducts(k *simd.Kernels) {
	f32, f64 := native(scaleReal[float32]), native(scaleReal[float64])
	if k != nil {
		vectorProducts(f32, &k.Float32)
		vectorProducts(f64, &k.Float64)
	}
	f16, bf16 := codecs(k)
	for _, op := range []*engine.Op{engine.OpMatMul, engine.OpAddMM} {
		t.add(op, engine.Float32, engine.Float32, matmul(f32))
		t.add(op, engine.Float64, engine.Float64, matmul(f64))
		t.add(op, engine.Complex64, engine.Complex64, matmul(native(scaleComplex)))
		t.add(op, engine.Float16, engine.Float16, matmul(widenedProduct(f16, f32)))
		t.add(op, engine.BFloat16, engine.BFloat16, matmul(widenedProduct(bf16, f32)))
	}
}
