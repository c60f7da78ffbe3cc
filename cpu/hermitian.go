package cpu

import (
	"context"
	"math"
	"math/cmplx"
	"sort"

	"github.com/mlxstar/mlxstar/engine"
)

// hermitianSweeps bounds the rounds of rotations; a dozen suffice in practice.
const hermitianSweeps = 60

// hermitianWork is how many elements of a line are rotated between two looks at the
// context.
const hermitianWork = 1 << 18

// hermitian gives the eigenvalues and eigenvectors of complex matrices by Jacobi
// rotations: each makes one pair of off-diagonal elements 0.
func hermitian[T complexNumber, R float](w *workers, t *engine.Task) error {
	n := t.In[0].Shape[len(t.In[0].Shape)-1]
	in, values, vectors := dense[T](&t.In[0]), dense[R](&t.Out[0]), dense[T](&t.Out[1])
	if len(in) == 0 {
		return nil
	}
	upper := t.Attrs.(engine.TriangleAttrs).Part == engine.Upper
	rooms, err := newShares(t.Op, t.Workspace.Data, hermitianBytes(n))
	if err != nil {
		return err
	}
	return w.run(t.Ctx, len(in)/(n*n), 1, func(_ *tiles, lo, hi int) error {
		room := rooms.take()
		defer rooms.done(room)
		a, v := typed[complex128](room)[:n*n], typed[complex128](room)[n*n:][:n*n]
		for k := lo; k < hi; k++ {
			readHermitian(a, in[k*n*n:][:n*n], n, upper)
			clear(v)
			for i := range n {
				v[i*n+i] = 1
			}
			for sweep := 0; ; sweep++ {
				done, err := rotateAll(t.Ctx, a, v, n)
				if err != nil {
					return err
				}
				if done {
					break
				}
				if sweep == hermitianSweeps {
					return engine.Errorf(engine.RuntimeError, t.Op.Name, "the eigenvalues did not converge")
				}
			}
			order := make([]int, n)
			for i := range order {
				order[i] = i
			}
			sort.SliceStable(order, func(i, j int) bool { return real(a[order[i]*n+order[i]]) < real(a[order[j]*n+order[j]]) })
			for j, from := range order {
				values[k*n+j] = R(real(a[from*n+from]))
				for i := range n {
					vectors[k*n*n+i*n+j] = T(v[i*n+from])
				}
			}
		}
		return nil
	})
}

// hermitianBytes is the scratch for a matrix and its eigenvectors.
func hermitianBytes(n int) int { return 2 * 16 * n * n }

func hermitianWorkspace(w *workers, t *engine.Task) int {
	n := lastOf(t.In[0].Shape)
	if t.In[0].Len() == 0 {
		return 0
	}
	return w.sharesSize(t.In[0].Len()/(n*n), hermitianBytes(n))
}

// readHermitian completes the matrix of which one triangle is given.
func readHermitian[T complexNumber](a []complex128, from []T, n int, upper bool) {
	for i := range n {
		a[i*n+i] = complex(real(complex128(from[i*n+i])), 0)
		for j := range i {
			x := complex128(from[i*n+j])
			if upper {
				x = cmplx.Conj(complex128(from[j*n+i]))
			}
			a[i*n+j], a[j*n+i] = x, cmplx.Conj(x)
		}
	}
}

// rotateAll does a sweep, and reports whether there was nothing left to do.
func rotateAll(ctx context.Context, a, v []complex128, n int) (done bool, err error) {
	size := 0.0
	err = stretchwise(ctx, len(a), func(lo, hi int) {
		for _, x := range a[lo:hi] {
			size = max(size, cmplx.Abs(x))
		}
	})
	done = true
	every, rotated := max(hermitianWork/max(n, 1), 1), 0
	for p := 0; p < n && err == nil; p++ {
		for q := p + 1; q < n; q++ {
			if r := cmplx.Abs(a[p*n+q]); r > size*1e-15 || r != r {
				done = false
				rotate(a, v, n, p, q)
				if rotated++; rotated%every == 0 && ctx.Err() != nil {
					return false, ctx.Err()
				}
			}
		}
	}
	return done, err
}

// rotate makes element (p, q) 0 by a unitary change of the two axes.
func rotate(a, v []complex128, n, p, q int) {
	r := cmplx.Abs(a[p*n+q])
	phase := a[p*n+q] / complex(r, 0)
	theta := (real(a[q*n+q]) - real(a[p*n+p])) / (2 * r)
	tan := 1 / (math.Abs(theta) + math.Hypot(theta, 1))
	if theta < 0 {
		tan = -tan
	}
	cos := 1 / math.Hypot(tan, 1)
	c, s := complex(cos, 0), complex(tan*cos, 0)
	for i := range n { // columns of a and v
		for _, m := range [2][]complex128{a, v} {
			x, y := m[i*n+p], m[i*n+q]*cmplx.Conj(phase)
			m[i*n+p], m[i*n+q] = c*x-s*y, s*x+c*y
		}
	}
	for j := range n { // rows of a
		x, y := a[p*n+j], a[q*n+j]*phase
		a[p*n+j], a[q*n+j] = c*x-s*y, s*x+c*y
	}
	a[p*n+q], a[q*n+p] = 0, 0
}
