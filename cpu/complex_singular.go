package cpu

import (
	"math"
	"math/cmplx"
	"sort"

	"github.com/mlxstar/mlxstar/engine"
)

// complexSingularMatrix gives the singular values of a complex matrix, and the
// vectors where they are wanted, by one-sided Jacobi rotations: each makes a pair of
// columns orthogonal. A wide matrix is turned into a tall one.
func complexSingularMatrix(m *matrixTask) error {
	rows, cols := m.rows, m.cols
	vectors := m.attrs.(engine.SVDAttrs).Vectors
	if err := m.finite(); err != nil {
		return err
	}
	a, wide := complexMatrix(m.in[0]), rows < cols
	if wide {
		a = adjoint(a, rows, cols)
		rows, cols = cols, rows
	}
	v := make([]complex128, cols*cols)
	for i := range cols {
		v[i*cols+i] = 1
	}
	for sweep := 0; !orthogonalize(a, v, rows, cols); sweep++ {
		if sweep == hermitianSweeps {
			return m.failed("the singular values did not converge")
		}
	}
	sizes, order := make([]float64, cols), make([]int, cols)
	for j := range cols {
		order[j] = j
		for i := range rows {
			sizes[j] = math.Hypot(sizes[j], cmplx.Abs(a[i*cols+j]))
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return sizes[order[i]] > sizes[order[j]] })
	values := m.out[0]
	if vectors {
		values = m.out[1]
	}
	for j, from := range order {
		values[j] = sizes[from]
	}
	if !vectors {
		return nil
	}
	u, right := make([]complex128, rows*rows), make([]complex128, cols*cols)
	found := 0
	for j, from := range order {
		for i := range cols {
			right[i*cols+j] = v[i*cols+from]
		}
		if sizes[from] <= sizes[order[0]]*0x1p-50 {
			continue // the direction of a column that vanished is any
		}
		for i := range rows {
			u[i*rows+j] = a[i*cols+from] / complex(sizes[from], 0)
		}
		found++
	}
	completeBasis(u, rows, found)
	if wide { // a* = u s v*, so that a = v s u*
		storeParts(m.out[0], right)
		storeParts(m.out[2], adjoint(u, rows, rows))
		return nil
	}
	storeParts(m.out[0], u)
	storeParts(m.out[2], adjoint(right, cols, cols))
	return nil
}

// adjoint is the conjugate transpose.
func adjoint(a []complex128, rows, cols int) []complex128 {
	out := make([]complex128, len(a))
	for i := range rows {
		for j := range cols {
			out[j*rows+i] = cmplx.Conj(a[i*cols+j])
		}
	}
	return out
}

// orthogonalize does a sweep over the pairs of columns, and reports whether there was
// nothing left to do.
func orthogonalize(a, v []complex128, rows, cols int) bool {
	done := true
	for p := range cols {
		for q := p + 1; q < cols; q++ {
			x, y, xy := 0.0, 0.0, complex128(0)
			for i := range rows {
				s, t := a[i*cols+p], a[i*cols+q]
				x += real(s)*real(s) + imag(s)*imag(s)
				y += real(t)*real(t) + imag(t)*imag(t)
				xy += cmplx.Conj(s) * t
			}
			r := cmplx.Abs(xy)
			if r <= 1e-15*math.Sqrt(x*y) || r == 0 {
				continue
			}
			done = false
			theta := (y - x) / (2 * r)
			tan := 1 / (math.Abs(theta) + math.Hypot(theta, 1))
			if theta < 0 {
				tan = -tan
			}
			cos := 1 / math.Hypot(tan, 1)
			c, s, phase := complex(cos, 0), complex(tan*cos, 0), xy/complex(r, 0)
			turn := func(m []complex128, n int) {
				for i := range n {
					s1, t1 := m[i*cols+p], m[i*cols+q]*cmplx.Conj(phase)
					m[i*cols+p], m[i*cols+q] = c*s1-s*t1, s*s1+c*t1
				}
			}
			turn(a, rows)
			turn(v, cols)
		}
	}
	return done
}

// completeBasis fills the columns from the place on with unit vectors that are
// orthogonal to those before.
func completeBasis(u []complex128, n, from int) {
	axis := 0
	for k := from; k < n; k++ {
		for ; axis < n; axis++ {
			w := make([]complex128, n)
			w[axis] = 1
			for range 2 { // once more takes off what rounding left
				for j := range k {
					dot := complex128(0)
					for i := range n {
						dot += cmplx.Conj(u[i*n+j]) * w[i]
					}
					for i := range n {
						w[i] -= dot * u[i*n+j]
					}
				}
			}
			size := 0.0
			for _, x := range w {
				size = math.Hypot(size, cmplx.Abs(x))
			}
			if size*size*float64(2*n) < 1 {
				continue // nearly in the span: another axis is further from it
			}
			for i := range n {
				u[i*n+k] = w[i] / complex(size, 0)
			}
			break
		}
		axis++
	}
}
