package linear

import (
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// narrow is the width up to which triangles are worked off row by row.
const narrow = 16

// FactorRoom is the room of [Machine.Factor] for a matrix of so many rows.
func FactorRoom(rows int) int { return narrow * rows }

// Factor overwrites a by its triangular factors, the lower with ones on its diagonal, and gives
// the row that each row was exchanged with. It reports false if a pivot is 0.
func (m *Machine) Factor(a View, pivots []int, room []float64) (bool, error) {
	s := &session{Machine: m, room: room}
	return s.factor(a, pivots), s.err
}

func (s *session) factor(a View, pivots []int) bool {
	n := min(a.Rows, a.Cols)
	if s.err != nil || n == 0 {
		return true
	}
	first := n
	switch {
	case a.Cols > n:
	case n <= narrow:
		return s.factorColumns(a, pivots)
	default:
		first = (n/2 + narrow - 1) / narrow * narrow
	}
	ok := s.factor(a.from(0, 0, a.Rows, first), pivots[:first])
	right := a.from(0, first, a.Rows, a.Cols-first)
	exchange(right, pivots[:first])
	top := right.from(0, 0, first, right.Cols)
	s.solveLower(a.from(0, 0, first, first), top, true)
	if first == n {
		return ok
	}
	rest := right.from(first, 0, a.Rows-first, right.Cols)
	s.subtract(rest, a.from(first, 0, a.Rows-first, first), top)
	ok = s.factor(rest, pivots[first:]) && ok
	exchange(a.from(first, 0, a.Rows-first, first), pivots[first:])
	for i := first; i < n; i++ {
		pivots[i] += first
	}
	return ok
}

func exchange(a View, pivots []int) {
	for i, p := range pivots {
		if p != i {
			x, y := a.row(i, 0, a.Cols), a.row(p, 0, a.Cols)
			for k, v := range x {
				x[k], y[k] = y[k], v
			}
		}
	}
}

// factorColumns factors a few columns, which are brought together.
func (s *session) factorColumns(a View, pivots []int) bool {
	rows, ok := a.Rows, true
	columns := View{s.room, a.Cols, rows, rows, 1}
	Transpose(columns, a)
	for j := range a.Cols {
		column := columns.row(j, 0, rows)
		at := j
		for i := j + 1; i < rows; i++ {
			if math.Abs(column[i]) > math.Abs(column[at]) {
				at = i
			}
		}
		pivots[j] = at
		if column[at] == 0 {
			ok = false
			continue
		}
		for c := range a.Cols {
			x := columns.row(c, 0, rows)
			x[j], x[at] = x[at], x[j]
		}
		rest := column[j+1:]
		if pivot := column[j]; math.Abs(pivot) >= 0x1p-1022 {
			s.Scale(rest, 1/pivot)
		} else {
			for i := range rest {
				rest[i] /= pivot
			}
		}
		for c := j + 1; c < a.Cols && len(rest) > 0; c++ {
			x := columns.row(c, 0, rows)
			s.Axpy(x[j+1:], -x[j], rest)
		}
	}
	Transpose(a, columns)
	return ok
}

// Solve overwrites b by the solution of what was factored.
func (m *Machine) Solve(factors View, pivots []int, b View) error {
	s := &session{Machine: m}
	exchange(b, pivots)
	s.solveLower(factors, b, true)
	s.solveUpper(factors, b)
	return s.err
}

// SolveTriangle overwrites b by the solution of the lower or upper triangle of a.
func (m *Machine) SolveTriangle(a, b View, upper bool) error {
	s := &session{Machine: m}
	if upper {
		s.solveUpper(a, b)
	} else {
		s.solveLower(a, b, false)
	}
	return s.err
}

// solveLower solves a lower triangle, whose diagonal counts as ones if unit is set.
func (s *session) solveLower(l, b View, unit bool) {
	n := l.Rows
	if s.err != nil || b.Cols == 0 {
		return
	}
	if n > narrow {
		first := (n/2 + narrow - 1) / narrow * narrow
		top, rest := b.from(0, 0, first, b.Cols), b.from(first, 0, n-first, b.Cols)
		s.solveLower(l.from(0, 0, first, first), top, unit)
		s.subtract(rest, l.from(first, 0, n-first, first), top)
		s.solveLower(l.from(first, first, n-first, n-first), rest, unit)
		return
	}
	var factors [narrow]float64
	for i := range n {
		for j := range i {
			factors[j] = -l.Data[i*l.Down+j*l.Across]
		}
		s.addRows(b, i, 0, factors[:i])
		if !unit {
			divideRow(b.row(i, 0, b.Cols), l.Data[i*(l.Down+l.Across)])
		}
	}
}

// solveUpper solves an upper triangle.
func (s *session) solveUpper(u, b View) {
	n := u.Rows
	if s.err != nil || b.Cols == 0 {
		return
	}
	if n > narrow {
		first := (n/2 + narrow - 1) / narrow * narrow
		top, rest := b.from(0, 0, first, b.Cols), b.from(first, 0, n-first, b.Cols)
		s.solveUpper(u.from(first, first, n-first, n-first), rest)
		s.subtract(top, u.from(0, first, first, n-first), rest)
		s.solveUpper(u.from(0, 0, first, first), top)
		return
	}
	var factors [narrow]float64
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			factors[j] = -u.Data[i*u.Down+j*u.Across]
		}
		s.addRows(b, i, i+1, factors[i+1:n])
		divideRow(b.row(i, 0, b.Cols), u.Data[i*(u.Down+u.Across)])
	}
}

// addRows adds multiples of the rows from the from-th on to row i.
func (s *session) addRows(b View, i, from int, factors []float64) {
	if len(factors) > 0 {
		one := simd.Lines[float64]{Data: b.row(i, 0, b.Cols), Stride: b.Cols}
		s.Few.Rows(one, simd.Lines[float64]{Data: factors, Stride: len(factors)}, b.from(from, 0, len(factors), b.Cols).lines(), 1, len(factors), b.Cols)
	}
}

func divideRow(x []float64, by float64) {
	for i := range x {
		x[i] /= by
	}
}

// CholeskyRoom is the room of [Machine.Cholesky] for a matrix of n rows.
func CholeskyRoom(n int) int { return narrow * n }

// Cholesky overwrites the lower triangle of a by the factor of the symmetric matrix that it is
// part of, the first half, then the second; what is above is lost. It reports false at the
// first pivot that is not positive, and leaves the rest as it is by then.
func (m *Machine) Cholesky(a View, room []float64) (bool, error) {
	s := &session{Machine: m, room: room}
	return s.cholesky(a), s.err
}

func (s *session) cholesky(a View) bool {
	n := a.Rows
	if s.err != nil {
		return true
	}
	if n <= narrow {
		return choleskyHalves(a, 0, n)
	}
	first := n / 2
	corner, below := a.from(0, 0, first, first), a.from(first, 0, n-first, first)
	if !s.cholesky(corner) {
		return false
	}
	s.solveRight(corner, below)
	rest := a.from(first, first, n-first, n-first)
	s.subtractSquare(rest, below)
	return s.cholesky(rest)
}

// choleskyHalves factors the rows and columns from lo to hi.
func choleskyHalves(a View, lo, hi int) bool {
	if hi-lo == 1 {
		pivot := &a.Data[lo*a.Down+lo]
		if !(*pivot > 0) {
			return false
		}
		*pivot = math.Sqrt(*pivot)
		return true
	}
	mid := lo + (hi-lo)/2
	if !choleskyHalves(a, lo, mid) {
		return false
	}
	for i := mid; i < hi; i++ {
		row := a.row(i, 0, hi)
		for j := lo; j < mid; j++ {
			x, other := row[j], a.row(j, 0, j+1)
			for k := lo; k < j; k++ {
				x -= row[k] * other[k]
			}
			row[j] = x / other[j]
		}
		for j := mid; j <= i; j++ {
			other := a.row(j, 0, hi)
			for k := lo; k < mid; k++ {
				row[j] -= row[k] * other[k]
			}
		}
	}
	return choleskyHalves(a, mid, hi)
}

// solveRight multiplies b by the inverse of the transpose of a lower triangle.
func (s *session) solveRight(l, b View) {
	n := l.Rows
	if s.err != nil || b.Rows == 0 {
		return
	}
	if n > narrow {
		first := (n/2 + narrow - 1) / narrow * narrow
		left, right := b.from(0, 0, b.Rows, first), b.from(0, first, b.Rows, n-first)
		s.solveRight(l.from(0, 0, first, first), left)
		s.subtract(right, left, l.from(first, 0, n-first, first).T())
		s.solveRight(l.from(first, first, n-first, n-first), right)
		return
	}
	columns := View{s.room, n, b.Rows, b.Rows, 1}
	Transpose(columns, b)
	s.solveLower(l, columns, false)
	Transpose(b, columns)
}

// subtractSquare takes b @ b.T off the lower triangle of c, and off some of what is above.
func (s *session) subtractSquare(c, b View) {
	n := c.Rows
	if n <= 96 {
		s.subtract(c, b, b.T())
		return
	}
	first := n / 2
	top, low := b.from(0, 0, first, b.Cols), b.from(first, 0, n-first, b.Cols)
	s.subtractSquare(c.from(0, 0, first, first), top)
	s.subtract(c.from(first, 0, n-first, first), low, top.T())
	s.subtractSquare(c.from(first, first, n-first, n-first), low)
}
