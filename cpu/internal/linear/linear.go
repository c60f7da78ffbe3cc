// Package linear decomposes real matrices of float64. Most of the work is done by products of
// matrices: what must go column by column is gathered into blocks, and decompositions of parts are
// merged. Matrices have contiguous rows, and what is worked on by columns is held transposed.
//
// Every function takes room for what it sets aside, as many numbers as the function of its
// name and Room says, and stops with the error that a product or Run gives. What is computed does not
// depend on how Run divides the work.
package linear

import (
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// View is a matrix: element (i, j) is Data[i*Down+j*Across].
type View struct {
	Data         []float64
	Rows, Cols   int
	Down, Across int
}

// Whole is a matrix whose rows lie one after another.
func Whole(data []float64, rows, cols int) View { return View{data, rows, cols, cols, 1} }

// T is the transpose.
func (v View) T() View { return View{v.Data, v.Cols, v.Rows, v.Across, v.Down} }

// from is the part that begins at element (i, j).
func (v View) from(i, j, rows, cols int) View {
	if rows == 0 || cols == 0 {
		return View{Rows: rows, Cols: cols, Down: v.Down, Across: v.Across}
	}
	v.Data, v.Rows, v.Cols = v.Data[i*v.Down+j*v.Across:], rows, cols
	return v
}

// row is a part of a contiguous row.
func (v View) row(i, from, to int) []float64 { return v.Data[i*v.Down+from : i*v.Down+to] }

func (v View) lines() simd.Lines[float64] { return simd.Lines[float64]{Data: v.Data, Stride: v.Down} }

// Machine is what computes.
type Machine struct {
	// Product adds a @ b to c, whose rows are contiguous, or takes it off.
	Product func(c, a, b View, minus bool) error
	// Run does f for parts of n, of at least grain, side by side.
	Run   func(n, grain int, f func(lo, hi int) error) error
	Few   simd.Few[float64, float64]
	Dot   func(a, b []float64) float64
	Axpy  func(y []float64, x float64, a []float64)
	Scale func(y []float64, x float64)
}

// session is one decomposition: what room is left, and the first error, after which
// nothing more is done.
type session struct {
	*Machine
	room []float64
	err  error
}

// part takes some of the room.
func (s *session) part(n int) []float64 {
	got := s.room[:n:n]
	s.room = s.room[n:]
	return got
}

// zeroed is a part of zeros.
func (s *session) zeroed(n int) []float64 {
	got := s.part(n)
	clear(got)
	return got
}

func (s *session) add(c, a, b View)      { s.product(c, a, b, false) }
func (s *session) subtract(c, a, b View) { s.product(c, a, b, true) }

func (s *session) product(c, a, b View, minus bool) {
	if s.err == nil && c.Rows > 0 && c.Cols > 0 && a.Cols > 0 {
		s.err = s.Product(c, a, b, minus)
	}
}

func (s *session) run(n, grain int, f func(lo, hi int)) {
	if s.err == nil && n > 0 {
		s.err = s.Run(n, grain, func(lo, hi int) error {
			f(lo, hi)
			return nil
		})
	}
}

// piece is how many multiplications are worth another processor.
const piece = 1 << 15

// rowsTimes adds a @ x to y.
func (s *session) rowsTimes(y []float64, a View, x []float64) {
	s.run(a.Rows, max(piece/max(a.Cols, 1), 4), func(lo, hi int) {
		s.Few.Dots(simd.Lines[float64]{Data: y[lo:]}, simd.Lines[float64]{Data: x}, a.from(lo, 0, hi-lo, a.Cols).lines(), 1, hi-lo, a.Cols)
	})
}

// columnsTimes adds x @ a to y.
func (s *session) columnsTimes(y, x []float64, a View) {
	s.run(a.Cols, max(piece/max(a.Rows, 1)&^7, 64), func(lo, hi int) {
		s.Few.Rows(simd.Lines[float64]{Data: y[lo:]}, simd.Lines[float64]{Data: x}, a.from(0, lo, a.Rows, hi-lo).lines(), 1, a.Rows, hi-lo)
	})
}

// takeOff subtracts the multiples of the first n lines that x has from y.
func (s *session) takeOff(y []float64, lines [][]float64, x func(k int) float64, n, from int) {
	for k := range n {
		s.Axpy(y, -x(k), lines[k][from:][:len(y)])
	}
}

// size is the length of a vector.
func (s *session) size(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	if square := s.Dot(x, x); square > 1e-280 && square < 1e280 {
		return math.Sqrt(square)
	}
	most := 0.0
	for _, v := range x {
		most = max(most, math.Abs(v))
	}
	if most == 0 || math.IsInf(most, 0) || most != most {
		return most
	}
	square := 0.0
	for _, v := range x {
		v /= most
		square += v * v
	}
	return most * math.Sqrt(square)
}

// Transpose writes the transpose of a, both of contiguous rows, by blocks.
func Transpose(to, a View) {
	const block = 16
	for i := 0; i < a.Rows; i += block {
		for j := 0; j < a.Cols; j += block {
			for r := i; r < min(i+block, a.Rows); r++ {
				for c, v := range a.row(r, j, min(j+block, a.Cols)) {
					to.Data[(j+c)*to.Down+r] = v
				}
			}
		}
	}
}

// largest is the greatest modulus of numbers.
func largest(x []float64) float64 {
	most := 0.0
	for _, v := range x {
		most = max(most, math.Abs(v))
	}
	return most
}

// scaleOf is a power of two that brings numbers whose squares would not be normal numbers
// into their middle, or 1.
func scaleOf(most float64) float64 {
	if most == 0 || most > 0x1p-400 && most < 0x1p400 {
		return 1
	}
	_, exponent := math.Frexp(most)
	return math.Ldexp(1, max(min(-exponent, 1000), -1000))
}
