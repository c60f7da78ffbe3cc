package linear

import (
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// block is how many reflections are applied together.
const block = 32

// reflection makes x the vector of a reflection 1 - tau v vT that brings x to a multiple,
// beta, of the first axis. The first element of v is 1.
func (s *session) reflection(x []float64) (beta, tau float64) {
	if len(x) == 0 {
		return 0, 0
	}
	alpha, rest := x[0], x[1:]
	x[0] = 1
	size := s.size(rest)
	if size == 0 {
		return alpha, 0
	}
	beta = -math.Copysign(math.Hypot(alpha, size), alpha)
	if by := 1 / (alpha - beta); math.IsInf(by, 0) {
		for i := range rest {
			rest[i] /= alpha - beta
		}
	} else {
		s.Scale(rest, by)
	}
	return beta, (beta - alpha) / beta
}

// reflections are a block of reflections, whose product in order is 1 - V T VT.
type reflections struct {
	vt, t View // V transposed, which has zeros before the vectors, and T
}

// gather puts the reflections of the rows of vt, from each of which on the vectors begin one place
// later, together.
func (s *session) gather(vt View, tau []float64, t []float64) reflections {
	n := vt.Rows
	r := reflections{vt, Whole(t[:n*n], n, n)}
	clear(r.t.Data)
	for i := range n {
		r.t.Data[i*n+i] = tau[i]
		var dots [block]float64
		if i > 0 && tau[i] != 0 {
			s.Few.Dots(simd.Lines[float64]{Data: dots[:]}, simd.Lines[float64]{Data: vt.row(i, 0, vt.Cols)}, vt.lines(), 1, i, vt.Cols)
		}
		for j := range i {
			sum := 0.0
			for k := j; k < i; k++ {
				sum += r.t.Data[j*n+k] * dots[k]
			}
			r.t.Data[j*n+i] = -tau[i] * sum
		}
	}
	return r
}

// fromLeft multiplies c by the product of the reflections, or by its transpose, from the left.
func (s *session) fromLeft(r reflections, c View, transposed bool) {
	room := s.room
	defer func() { s.room = room }()
	t := r.t
	if transposed {
		t = t.T()
	}
	w, x := Whole(s.zeroed(t.Rows*c.Cols), t.Rows, c.Cols), Whole(s.zeroed(t.Rows*c.Cols), t.Rows, c.Cols)
	s.add(w, r.vt, c)
	s.add(x, t, w)
	s.subtract(c, r.vt.T(), x)
}

// fromRight multiplies c by the transpose of the product of the reflections from the right: its
// rows are vectors that the product is applied to.
func (s *session) fromRight(r reflections, c View) {
	room := s.room
	defer func() { s.room = room }()
	n := r.t.Rows
	w, x := Whole(s.zeroed(n*c.Rows), c.Rows, n), Whole(s.zeroed(n*c.Rows), c.Rows, n)
	s.add(w, c, r.vt.T())
	s.add(x, w, r.t.T())
	s.subtract(c, x, r.vt)
}

// applyAll applies the product of the reflections whose vectors are the rows of vt, which begin
// shift places after the row's number, to vectors that are the rows of c.
func (s *session) applyAll(vt View, tau []float64, shift int, c View) {
	room := s.room
	defer func() { s.room = room }()
	t := s.part(block * block)
	for hi := vt.Rows; hi > 0 && s.err == nil; {
		lo := (hi - 1) / block * block
		at := min(lo+shift, vt.Cols)
		r := s.gather(vt.from(lo, at, hi-lo, vt.Cols-at), tau[lo:hi], t)
		if vt.Cols > at {
			s.fromRight(r, c.from(0, at, c.Rows, c.Cols-at))
		}
		hi = lo
	}
}

// QRRoom is the room of [Machine.QR].
func QRRoom(rows, cols int) int {
	k := min(rows, cols)
	return k*rows + k + block*block + 2*block*max(cols, k)
}

// QR overwrites the upper triangle of a by R and writes to q, as many columns as a has rows
// or columns, whichever are fewer, the orthonormal ones whose product with it is a.
func (m *Machine) QR(a, q View, room []float64) error {
	s := &session{Machine: m, room: room}
	k := min(a.Rows, a.Cols)
	vt, tau, t := Whole(s.zeroed(k*a.Rows), k, a.Rows), s.part(k), s.part(block*block)
	for at := 0; at < k && s.err == nil; at += block {
		n := min(block, k-at)
		panel := vt.from(at, at, n, a.Rows-at)
		Transpose(panel, a.from(at, at, a.Rows-at, n))
		s.reflectColumns(panel, tau[at:])
		for j := range n { // what is above the vectors is R's
			for i, v := range panel.row(j, 0, j+1) {
				a.Data[(at+i)*a.Down+at+j] = v
			}
			clear(panel.row(j, 0, j))
			a.Data[(at+j)*a.Down+at+j], panel.Data[j*panel.Down+j] = panel.Data[j*panel.Down+j], 1
		}
		r := s.gather(panel, tau[at:at+n], t)
		s.fromLeft(r, a.from(at, at+n, a.Rows-at, a.Cols-at-n), true)
	}
	for i := range q.Rows {
		clear(q.row(i, 0, q.Cols))
		if i < q.Cols {
			q.Data[i*q.Down+i] = 1
		}
	}
	for at := (k - 1) / block * block; at >= 0 && s.err == nil; at -= block {
		n := min(block, k-at)
		r := s.gather(vt.from(at, at, n, a.Rows-at), tau[at:at+n], t)
		s.fromLeft(r, q.from(at, at, a.Rows-at, k-at), false)
	}
	return s.err
}

// reflectColumns makes a few columns, given as rows, triangular by reflections: the element of R
// on the diagonal stands where the 1 of its reflection is.
func (s *session) reflectColumns(columns View, tau []float64) {
	for j := range columns.Rows {
		v := columns.row(j, j, columns.Cols)
		var beta float64
		beta, tau[j] = s.reflection(v)
		if rest := columns.Rows - j - 1; rest > 0 && tau[j] != 0 {
			var dots [block]float64
			others := columns.from(j+1, j, rest, len(v))
			s.Few.Dots(simd.Lines[float64]{Data: dots[:]}, simd.Lines[float64]{Data: v}, others.lines(), 1, rest, len(v))
			for i := range rest {
				s.Axpy(others.row(i, 0, len(v)), -tau[j]*dots[i], v)
			}
		}
		v[0] = beta
	}
}
