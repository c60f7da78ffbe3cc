package linear

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/lapack"
	lapackgo "gonum.org/v1/gonum/lapack/gonum"
)

// SymmetricRoom is the room of [Machine.Symmetric].
func SymmetricRoom(n int) int {
	return n*n + 3*n + block*block + max(3*block*n+2*n, mergeRoom(n))
}

// Symmetric writes the eigenvalues of a symmetric matrix, ascending, and its eigenvectors as
// rows of vectors. It overwrites a, of which both triangles are read. Rows and columns are worked
// off from the last on where backwards is set, which says what the signs of the vectors are. It
// reports false where the values of a part do not converge.
func (m *Machine) Symmetric(a View, values []float64, vectors View, backwards bool, room []float64) (bool, error) {
	n, s := a.Rows, &session{Machine: m, room: room}
	most := 0.0
	for i := range n {
		most = max(most, largest(a.row(i, 0, n)))
	}
	scale := scaleOf(most)
	for i := range n {
		if scale != 1 {
			s.Scale(a.row(i, 0, n), scale)
		}
	}
	if backwards {
		turnAround(a)
	}
	vt, tau, e := Whole(s.zeroed(n*n), n, n), s.part(n), s.part(n)
	s.tridiagonal(a, values, e, vt, tau)
	if backwards {
		slices.Reverse(values)
		slices.Reverse(e[:n-1])
	}
	ok := s.tridiagonalVectors(values, e, vectors)
	if backwards {
		reverseRows(vectors)
	}
	s.applyAll(vt.from(0, 0, n-1, n), tau, 1, vectors)
	if backwards {
		reverseRows(vectors)
	}
	if scale != 1 {
		divideRow(values, scale)
	}
	return ok, s.err
}

// turnAround puts rows and columns into the opposite order.
func turnAround(a View) {
	n := a.Rows
	for i := range n / 2 {
		exchange(a.from(i, 0, n-i, n), []int{n - 1 - 2*i})
	}
	reverseRows(a)
}

func reverseRows(a View) {
	for i := range a.Rows {
		slices.Reverse(a.row(i, 0, a.Cols))
	}
}

// tridiagonal brings a to the diagonal d and the one beside it, e, by reflections, whose vectors go to
// rows of vt: that of row k begins at k+1. Blocks of them are taken off what is left of a at once.
func (s *session) tridiagonal(a View, d, e []float64, vt View, tau []float64) {
	n := a.Rows
	room := s.room
	defer func() { s.room = room }()
	wt, x := Whole(s.part(block*n), block, n), s.part(n)
	for at := 0; at < n && s.err == nil; at += block {
		width := min(block, n-at)
		v, w := make([][]float64, width), make([][]float64, width)
		for j := range width {
			v[j], w[j] = vt.row(at+j, 0, n), wt.row(j, 0, n)
			clear(w[j])
		}
		for j := 0; j < width && s.err == nil; j++ {
			k := at + j
			column := x[:n-k]
			copy(column, a.row(k, k, n))
			s.takeOff(column, v, func(i int) float64 { return w[i][k] }, j, k)
			s.takeOff(column, w, func(i int) float64 { return v[i][k] }, j, k)
			d[k] = column[0]
			if k == n-1 {
				return
			}
			rest := v[j][k+1:]
			copy(rest, column[1:])
			e[k], tau[k] = s.reflection(rest)
			y := w[j][k+1:]
			if tau[k] == 0 {
				continue
			}
			s.rowsTimes(y, a.from(k+1, k+1, n-k-1, n-k-1), rest)
			for i := range j {
				along, across := s.Dot(w[i][k+1:], rest), s.Dot(v[i][k+1:], rest)
				s.Axpy(y, -along, v[i][k+1:])
				s.Axpy(y, -across, w[i][k+1:])
			}
			s.Scale(y, tau[k])
			s.Axpy(y, -tau[k]/2*s.Dot(y, rest), rest)
		}
		from, left := at+width, n-at-width
		c, vs, ws := a.from(from, from, left, left), vt.from(at, from, width, left), wt.from(0, from, width, left)
		s.subtract(c, vs.T(), ws)
		s.subtract(c, ws.T(), vs)
	}
}

// leafRows is the most rows of a part that is not divided further.
const leafRows = 25

// tridiagonalVectors overwrites d by the eigenvalues of a tridiagonal matrix, ascending, and writes its
// eigenvectors to rows of z. Halves, without what joins them, are worked out first, and
// the two merged.
func (s *session) tridiagonalVectors(d, e []float64, z View) bool {
	n := len(d)
	for i := range n {
		clear(z.row(i, 0, n))
	}
	var joints []int
	divideLeaves(0, n, &joints)
	for _, j := range joints {
		if j > 0 {
			d[j-1] -= math.Abs(e[j-1])
			d[j] -= math.Abs(e[j-1])
		}
	}
	converged := make([]bool, len(joints))
	s.run(len(joints), 1, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			from, to := joints[k], n
			if k+1 < len(joints) {
				to = joints[k+1]
			}
			converged[k] = tridiagonalLeaf(d[from:to], e[from:to], z.from(from, from, to-from, to-from))
		}
	})
	if slices.Contains(converged, false) {
		return s.err != nil
	}
	s.mergeHalves(d, e, z)
	return true
}

// divideLeaves gives where the parts begin that are not divided further.
func divideLeaves(from, n int, joints *[]int) {
	if n <= leafRows {
		*joints = append(*joints, from)
		return
	}
	divideLeaves(from, n/2, joints)
	divideLeaves(from+n/2, n-n/2, joints)
}

func tridiagonalLeaf(d, e []float64, z View) bool {
	n := len(d)
	var space [leafRows * leafRows]float64
	var work [2 * leafRows]float64
	var beside [leafRows]float64
	copy(beside[:], e[:n-1])
	if !(lapackgo.Implementation{}).Dsteqr(lapack.EVTridiag, n, d, beside[:], space[:n*n], n, work[:]) {
		return false
	}
	Transpose(z, Whole(space[:n*n], n, n))
	return true
}

func (s *session) mergeHalves(d, e []float64, z View) {
	n := len(d)
	if n <= leafRows || s.err != nil {
		return
	}
	half := n / 2
	s.mergeHalves(d[:half], e[:half-1], z.from(0, 0, half, half))
	s.mergeHalves(d[half:], e[half:], z.from(half, half, n-half, n-half))
	s.merge(d, e[half-1], z, half)
}

// mergeRoom is the room for merging two parts of n rows in all.
func mergeRoom(n int) int { return n*n + 6*n + combineRoom(n, n) }

// merge is given the eigenvalues and vectors of two parts of a matrix, the first of so many rows,
// between which there is rho.
func (s *session) merge(d []float64, rho float64, vectors View, first int) {
	n := len(d)
	room := s.room
	defer func() { s.room = room }()
	z := s.part(n)
	for i := range n {
		if i < first {
			z[i] = vectors.Data[i*vectors.Down+first-1] / math.Sqrt2
		} else if z[i] = vectors.Data[i*vectors.Down+first] / math.Sqrt2; rho < 0 {
			z[i] = -z[i]
		}
	}
	rho = math.Abs(2 * rho)
	p := s.newParts(d, z, first, -1, vectors)
	tolerance := 16 * epsilon * max(largest(d), largest(z))
	p.deflate(-1, rho, tolerance, func(last, i int, c, sn float64) bool {
		x, y := d[last], d[i]
		near := math.Abs((y-x)*c*sn) <= tolerance
		if near {
			d[last], d[i] = x*c*c+y*sn*sn, x*sn*sn+y*c*c
		}
		return near
	})
	p.arrange()
	k := len(p.kept)
	q := &secular{poles: s.part(k), weights: s.part(k), rho: rho}
	for c, i := range p.kept {
		q.poles[c], q.weights[c] = d[i], z[i]
	}
	factors, values := Whole(s.part(k*k), k, k), s.part(n)
	if k > 0 {
		origin, shift, exact := make([]int, k), s.part(k), s.part(k)
		p.solve(q, factors, origin, shift, exact)
		for j := range k {
			values[j] = q.poles[origin[j]] + shift[j]
		}
		s.run(k, max(piece/(4*k), 1), func(lo, hi int) {
			line := make([]float64, k)
			for j := lo; j < hi; j++ {
				row := factors.row(j, 0, k)
				for c, at := range p.columns {
					line[at] = exact[c] / row[c]
				}
				copy(row, line)
				s.Scale(row, 1/s.size(row))
			}
		})
	}
	for r, i := range p.gone {
		values[k+r] = d[i]
	}
	p.combine(vectors, factors, p.places(values))
}
