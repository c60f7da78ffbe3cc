package linear

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/lapack"
	lapackgo "gonum.org/v1/gonum/lapack/gonum"
)

// SingularRoom is the room of [Machine.Singular].
func SingularRoom(rows, cols int) int {
	return cols*(rows+cols) + 4*cols + block*block + max(2*block*(rows+cols)+rows+cols, arrowRoom(cols), 2*block*rows)
}

// Singular writes the singular values of a, which has at least as many rows as columns, descending,
// and its left and right vectors as rows of u, as many as a has rows, and of v. It overwrites a. It
// reports false where the values of a part do not converge.
func (m *Machine) Singular(a View, values []float64, u, v View, room []float64) (bool, error) {
	s, rows, n := &session{Machine: m, room: room}, a.Rows, a.Cols
	most := 0.0
	for i := range rows {
		most = max(most, largest(a.row(i, 0, n)))
	}
	scale := scaleOf(most)
	for i := range rows {
		if scale != 1 {
			s.Scale(a.row(i, 0, n), scale)
		}
	}
	left, right := Whole(s.zeroed(n*rows), n, rows), Whole(s.zeroed(n*n), n, n)
	e, leftTau, rightTau := s.part(n), s.part(n), s.part(n)
	s.bidiagonal(a, values, e, left, right, leftTau, rightTau)
	for i := range rows {
		clear(u.row(i, 0, rows))
		u.Data[i*u.Down+i] = 1
	}
	for i := range n {
		clear(v.row(i, 0, n))
	}
	ok := s.bidiagonalVectors(values, e, u.from(0, 0, n, n), v, 0)
	slices.Reverse(values)
	for i := range n / 2 {
		exchange(u.from(i, 0, n-i, rows), []int{n - 1 - 2*i})
		exchange(v.from(i, 0, n-i, n), []int{n - 1 - 2*i})
	}
	s.applyAll(left, leftTau, 0, u)
	s.applyAll(right.from(0, 0, n-1, n), rightTau, 1, v)
	if scale != 1 {
		divideRow(values, scale)
	}
	return ok, s.err
}

// bidiagonal brings a to its diagonal d and the one above it, e, by reflections from both sides, whose
// vectors go to rows of left, that of row k from k on, and of right, from k+1 on.
func (s *session) bidiagonal(a View, d, e []float64, left, right View, leftTau, rightTau []float64) {
	rows, n := a.Rows, a.Cols
	room := s.room
	defer func() { s.room = room }()
	// What is left of a is a - v y - x u, of columns v and x and rows y and u.
	yt, xt := Whole(s.part(block*n), block, n), Whole(s.part(block*rows), block, rows)
	v, y, x, u := make([][]float64, block), make([][]float64, block), make([][]float64, block), make([][]float64, block)
	for at := 0; at < n && s.err == nil; at += block {
		width := min(block, n-at)
		for j := range width {
			v[j], u[j] = left.row(at+j, 0, rows), right.row(at+j, 0, n)
			y[j], x[j] = yt.row(j, 0, n), xt.row(j, 0, rows)
			clear(y[j])
			clear(x[j])
		}
		for j := 0; j < width && s.err == nil; j++ {
			k := at + j
			column := v[j][k:]
			for i := range column {
				column[i] = a.Data[(k+i)*a.Down+k]
			}
			s.takeOff(column, v, func(i int) float64 { return y[i][k] }, j, k)
			s.takeOff(column, x, func(i int) float64 { return u[i][k] }, j, k)
			d[k], leftTau[k] = s.reflection(column)
			if k == n-1 {
				return
			}
			to := y[j][k+1:]
			s.columnsTimes(to, column, a.from(k, k+1, rows-k, n-k-1))
			for i := range j {
				s.Axpy(to, -s.Dot(v[i][k:], column), y[i][k+1:])
				s.Axpy(to, -s.Dot(x[i][k:], column), u[i][k+1:])
			}
			s.Scale(to, leftTau[k])
			row := u[j][k+1:]
			copy(row, a.row(k, k+1, n))
			s.takeOff(row, y, func(i int) float64 { return v[i][k] }, j+1, k+1)
			s.takeOff(row, u, func(i int) float64 { return x[i][k] }, j, k+1)
			e[k], rightTau[k] = s.reflection(row)
			to = x[j][k+1:]
			s.rowsTimes(to, a.from(k+1, k+1, rows-k-1, n-k-1), row)
			for i := range j + 1 {
				s.Axpy(to, -s.Dot(y[i][k+1:], row), v[i][k+1:])
				if i < j {
					s.Axpy(to, -s.Dot(u[i][k+1:], row), x[i][k+1:])
				}
			}
			s.Scale(to, rightTau[k])
		}
		from := at + width
		c := a.from(from, from, rows-from, n-from)
		s.subtract(c, left.from(at, from, width, rows-from).T(), yt.from(0, from, width, n-from))
		s.subtract(c, xt.from(0, from, width, rows-from).T(), right.from(at, from, width, n-from))
	}
}

// bidiagonalVectors overwrites d by the singular values, ascending, of the matrix with d on its diagonal and
// e above it, which may have more columns than rows, by extra, 0 or 1, and writes its vectors to
// rows of u and v. The last row of v is then what it takes to 0. Parts above and below a row are
// worked out first, and merged by it.
func (s *session) bidiagonalVectors(d, e []float64, u, v View, extra int) bool {
	var leaves, lengths []int
	arrowLeaves(0, len(d), &leaves, &lengths)
	converged := make([]bool, len(leaves))
	s.run(len(leaves), 1, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			at, n := leaves[k], lengths[k]
			wide := 1
			if at+n == len(d) {
				wide = extra
			}
			converged[k] = bidiagonalLeaf(d[at:at+n], e[at:], u.from(at, at, n, n), v.from(at, at, n+wide, n+wide))
		}
	})
	if slices.Contains(converged, false) {
		return s.err != nil
	}
	s.mergeArrows(d, e, u, v, extra)
	return true
}

// arrowLeaves gives where the parts begin that are not divided further, and their rows.
func arrowLeaves(from, n int, leaves, lengths *[]int) {
	if n <= leafRows {
		*leaves, *lengths = append(*leaves, from), append(*lengths, n)
		return
	}
	arrowLeaves(from, n/2, leaves, lengths)
	arrowLeaves(from+n/2+1, n-n/2-1, leaves, lengths)
}

func bidiagonalLeaf(d, e []float64, u, v View) bool {
	n, wide := u.Rows, v.Rows
	if n == 0 {
		if wide == 1 {
			v.Data[0] = 1
		}
		return true
	}
	const most = leafRows + 1
	var a, us, vs [most * most]float64
	var values [most]float64
	var work [10 * most * most]float64
	for i := range n {
		a[i*wide+i] = d[i]
		if i+1 < wide {
			a[i*wide+i+1] = e[i]
		}
	}
	if !(lapackgo.Implementation{}).Dgesvd(lapack.SVDAll, lapack.SVDAll, n, wide, a[:n*wide], wide, values[:], us[:n*n], n, vs[:wide*wide], wide, work[:], len(work)) {
		return false
	}
	for i := range n { // ascending; what is taken to 0 stays behind
		d[i] = values[n-1-i]
		for j := range n {
			u.Data[i*u.Down+j] = us[j*n+n-1-i]
		}
		copy(v.row(i, 0, wide), vs[(n-1-i)*wide:])
	}
	if wide > n {
		copy(v.row(n, 0, wide), vs[n*wide:])
	}
	return true
}

func (s *session) mergeArrows(d, e []float64, u, v View, extra int) {
	n := len(d)
	if n <= leafRows || s.err != nil {
		return
	}
	top := n / 2
	low := n - top - 1
	s.mergeArrows(d[:top], e[:top], u.from(0, 0, top, top), v.from(0, 0, top+1, top+1), 1)
	s.mergeArrows(d[top+1:], e[top+1:], u.from(top+1, top+1, low, low), v.from(top+1, top+1, low+extra, low+extra), extra)
	s.mergeArrow(d, d[top], e[top], u, v, top)
}

// arrowRoom is the room for merging parts of n rows in all.
func arrowRoom(n int) int { return 2*n*n + 8*n + combineRoom(n, n+1) }

// mergeArrow is given the values and vectors of the parts above and below row top, in which alpha stands on the
// diagonal and beta beside it.
func (s *session) mergeArrow(d []float64, alpha, beta float64, u, v View, top int) {
	n := len(d)
	room := s.room
	defer func() { s.room = room }()
	// In terms of the parts' vectors the row has the weights z and goes with the value 0.
	z := s.part(n)
	for i := range n {
		if i <= top {
			z[i] = alpha * v.Data[i*v.Down+top]
		} else {
			z[i] = beta * v.Data[i*v.Down+top+1]
		}
	}
	d[top] = 0
	clear(u.row(top, 0, n))
	u.Data[top*u.Down+top] = 1
	p := s.newParts(d, z, top+1, top, u, v)
	tolerance := 64 * epsilon * 2 * max(math.Abs(alpha), math.Abs(beta), largest(d))
	if v.Rows > n { // of the two that are taken to 0, one has all the weight
		other := beta * v.Data[n*v.Down+top+1]
		if length := math.Hypot(z[top], other); length > 0 {
			turn(v.row(top, 0, v.Cols), v.row(n, 0, v.Cols), z[top]/length, other/length)
			z[top] = length
			p.in[top] = inFirst | inSecond
		}
	}
	if math.Abs(z[top]) <= tolerance {
		z[top] = tolerance
	}
	p.kept = append(p.kept, top)
	p.deflate(top, 1, tolerance, func(last, i int, _, _ float64) bool { return d[i]-d[last] <= tolerance })
	p.arrange()
	k := len(p.kept)
	q := &secular{poles: s.part(k), weights: s.part(k), squared: true, rho: 1}
	for c, i := range p.kept {
		q.poles[c], q.weights[c] = d[i], z[i]
		if c == 1 && d[i] <= tolerance/2 {
			q.poles[c] = tolerance / 2
		}
	}
	factors, lefts := Whole(s.part(k*k), k, k), Whole(s.part(k*k), k, k)
	values, origin, shift, exact := s.part(n), make([]int, k), s.part(k), s.part(k)
	p.solve(q, factors, origin, shift, exact)
	for j := range k {
		pole := q.poles[origin[j]]
		values[j] = pole + shift[j]/(pole+math.Sqrt(max(pole*pole+shift[j], 0)))
	}
	s.run(k, max(piece/(8*k), 1), func(lo, hi int) {
		line := make([]float64, k)
		for j := lo; j < hi; j++ {
			row, other := factors.row(j, 0, k), lefts.row(j, 0, k)
			for c, at := range p.columns {
				line[at] = exact[c] / row[c]
				other[at] = q.poles[c] * line[at]
			}
			other[p.columns[0]] = -1
			copy(row, line)
			s.Scale(row, 1/s.size(row))
			s.Scale(other, 1/s.size(other))
		}
	})
	for r, i := range p.gone {
		values[k+r] = d[i]
	}
	places := p.places(values)
	p.combine(u, lefts, places)
	p.combine(v, factors, places)
}
