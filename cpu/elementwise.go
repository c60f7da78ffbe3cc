package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Loops of the elementwise classes: dst and the operands are contiguous and of
// one length. Dst may be the very elements of an operand.
type (
	unaryLoop[T, R any]  func(dst []R, a []T)
	binaryLoop[T, R any] func(dst []R, a, b []T)
)

// cost is the number of elements that make a chunk worth handing to another
// processor.
type cost int

const (
	light cost = 32 << 10 // an instruction or two an element
	heavy cost = 4 << 10  // a function an element
)

// walk reads an operand in the row-major order of the output.
type walk struct {
	shape   []int // collapsed, shared by the operands of a task
	strides []int
	offset  int
	linear  bool // the elements lie exactly as the output's
	scalar  bool // one element for all
}

// walks prepares the operands of an elementwise task, broadcast to the output.
// Shape is the output's, with adjacent axes merged.
func walks(out *engine.Operand, in []engine.Operand, to []walk) (shape []int) {
	simple := true
	for i := range in {
		o := &in[i]
		one := o.Len() == 1
		linear := !one && o.Len() == out.Len() && o.IsRowMajor()
		to[i] = walk{offset: o.Offset, linear: linear, scalar: one}
		simple = simple && (one || linear)
	}
	if simple {
		return nil
	}
	strides := make([][]int, len(in)+1)
	strides[0] = out.Strides
	for i := range in {
		strides[i+1] = shapes.BroadcastStrides(in[i].Shape, in[i].Strides, out.Shape)
	}
	shape, strides = shapes.Collapse(out.Shape, strides...)
	for i := range in {
		to[i].shape, to[i].strides = shape, strides[i+1]
	}
	return shape
}

// rowMin is the length of the last axis from which rows are worked on one by
// one; shorter rows are gathered into tiles several at a time.
const rowMin = 64

// direct reports whether every run of the operand within a row is contiguous.
func (w *walk) direct() bool {
	if w.linear {
		return true
	}
	k := len(w.shape)
	return !w.scalar && k > 0 && w.shape[k-1] >= rowMin && w.strides[k-1] == 1
}

// place is the storage index of the element that is at-th in row-major order.
func (w *walk) place(at int) int {
	p := w.offset
	for i := len(w.shape) - 1; i >= 0; i-- {
		p += at % w.shape[i] * w.strides[i]
		at /= w.shape[i]
	}
	return p
}

// source is an operand of a chunk: where its elements are, and a tile for those
// that are not contiguous.
type source[T any] struct {
	walk
	data []T
	tile []T
	full int // elements of the tile that hold a scalar
}

func newSource[T any](w *walk, o *engine.Operand, t *tiles, k int) source[T] {
	return source[T]{walk: *w, data: storage[T](o), tile: tile[T](t, k, span[T]())}
}

// take gives n elements from the at-th on, contiguous.
func (s *source[T]) take(at, n int) []T {
	switch {
	case s.linear:
		return s.data[s.offset+at:][:n]
	case s.scalar:
		for i := s.full; i < n; i++ {
			s.tile[i] = s.data[s.offset]
		}
		s.full = max(s.full, n)
		return s.tile[:n]
	case s.direct():
		return s.data[s.place(at):][:n]
	}
	s.gather(s.tile[:n], at)
	return s.tile[:n]
}

// left is how many elements take can give at once from the at-th on.
func (s *source[T]) left(at int) int {
	if s.linear || !s.direct() {
		return len(s.tile)
	}
	row := s.shape[len(s.shape)-1]
	return row - at%row
}

// gather copies the elements from the at-th on into dst.
func (s *source[T]) gather(dst []T, at int) {
	gatherRows(dst, s.data, &s.walk, at)
}

// elementwise is an operation's work on a stretch of elements, which passes put
// together.
type elementwise struct {
	cost cost
	loop stretchLoop
}

// stretchLoop computes the elements of dst of as many of each operand. Dst may be
// the very elements of an operand whose elements are of the same size.
type stretchLoop func(t *tiles, dst []byte, in *[maxOperands][]byte)

// maxOperands is the most operands of an elementwise operation.
const maxOperands = 3

// unary makes an elementwise operation of a loop.
//
//go:noinline
func unary[T, R any](c cost, loop unaryLoop[T, R]) elementwise {
	return elementwise{c, func(_ *tiles, dst []byte, in *[maxOperands][]byte) { loop(typed[R](dst), typed[T](in[0])) }}
}

// binary makes an elementwise operation of a loop.
//
//go:noinline
func binary[T, R any](c cost, loop binaryLoop[T, R]) elementwise {
	return elementwise{c, func(_ *tiles, dst []byte, in *[maxOperands][]byte) {
		loop(typed[R](dst), typed[T](in[0]), typed[T](in[1]))
	}}
}

// pick is [engine.OpSelect] for elements of T's size.
func pick[T any]() elementwise { return pickBy(pickLoop[T]) }

func pickBy[T any](loop func(dst []T, c []truth, a, b []T)) elementwise {
	return elementwise{light, func(_ *tiles, dst []byte, in *[maxOperands][]byte) {
		loop(typed[T](dst), typed[truth](in[0]), typed[T](in[1]), typed[T](in[2]))
	}}
}

func pickLoop[T any](dst []T, c []truth, a, b []T) {
	c, a, b = c[:len(dst)], a[:len(dst)], b[:len(dst)]
	for i := range dst {
		if c[i] != 0 {
			dst[i] = a[i]
		} else {
			dst[i] = b[i]
		}
	}
}

// widened makes a unary loop over 16-bit floats of one over float32, R being
// float32 or a type that needs no rounding. Tiles beyond the operands' serve.
func widenedUnary[H half | brain](c cost, k codec[H], loop unaryLoop[float32, float32]) elementwise {
	return chunkedUnary(c, func(t *tiles, dst, a []H) {
		x := tile[float32](t, 4, len(dst))
		k.widen(x, a)
		loop(x, x)
		k.narrow(dst, x)
	})
}

func widenedBinary[H half | brain](c cost, k codec[H], loop binaryLoop[float32, float32]) elementwise {
	return chunkedBinary(c, func(t *tiles, dst, a, b []H) {
		x, y := tile[float32](t, 4, len(dst)), tile[float32](t, 5, len(dst))
		k.widen(x, a)
		k.widen(y, b)
		loop(x, x, y)
		k.narrow(dst, x)
	})
}

// chunkedUnary makes an elementwise operation of a loop that wants scratch tiles
// and therefore sees at most a tile's length at once.
//
//go:noinline
func chunkedUnary[T, R any](c cost, loop func(t *tiles, dst []R, a []T)) elementwise {
	return elementwise{c, func(t *tiles, dst []byte, in *[maxOperands][]byte) {
		to, a := typed[R](dst), typed[T](in[0])
		for len(to) > 0 {
			n := min(len(to), tileLen)
			loop(t, to[:n], a[:n])
			to, a = to[n:], a[n:]
		}
	}}
}

// chunkedBinary is chunkedUnary for a binary operation.
//
//go:noinline
func chunkedBinary[T, R any](c cost, loop func(t *tiles, dst []R, a, b []T)) elementwise {
	return elementwise{c, func(t *tiles, dst []byte, in *[maxOperands][]byte) {
		to, a, b := typed[R](dst), typed[T](in[0]), typed[T](in[1])
		for len(to) > 0 {
			n := min(len(to), tileLen)
			loop(t, to[:n], a[:n], b[:n])
			to, a, b = to[n:], a[n:], b[n:]
		}
	}}
}
