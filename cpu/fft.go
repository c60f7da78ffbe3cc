package cpu

import (
	"context"
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// fourierWork is how many elements of a transform are done between two looks at
// the context.
const fourierWork = 1 << 18

// fourier transforms rows in float64. Lengths with small prime factors take one
// pass per factor, each reading one row and writing another in sorted order;
// other lengths become a convolution with a chirp.
type fourier struct {
	n       int
	plan    fourierPlan
	ctx     context.Context
	roots   []complex128 // exp(∓2 pi i k / plan.size)
	chirp   []complex128
	filter  []complex128 // the spectrum of the chirp's conjugate, over plan.size
	factors []int
	scratch []complex128 // two rows for each lane
	// quarters does rows of a pass by four: see simd.Kernels. Nil where there is no kernel.
	quarters func(dst, src, roots []complex128, from, end, m, stride int, turn float64) int
	// odds is the same of a pass by an odd factor.
	odds    func(dst, src, roots []complex128, circle []float64, from, end, m, stride int) int
	circles [oddMost/2 + 1][oddMost - 1]float64
}

// newFourier lays a plan out in a task's workspace.
func newFourier(ctx context.Context, n int, inverse bool, space []complex128, k *simd.Kernels) (*fourier, error) {
	f := &fourier{n: n, plan: planFourier(n), ctx: ctx}
	if k != nil {
		f.quarters, f.odds = k.Quarters, k.Odd
	}
	size := f.plan.size
	take := func(k int) []complex128 {
		part := space[:k]
		space = space[k:]
		return part
	}
	sign := -1.0
	if inverse {
		sign = 1
	}
	f.roots = take(size)
	err := f.each(size, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			f.roots[k] = onCircle(sign * float64(k) / float64(size))
		}
	})
	if err != nil {
		return nil, err
	}
	f.factors = factorsOf(size)
	f.findCircles()
	if !f.plan.chirp {
		f.scratch = space
		return f, nil
	}
	f.chirp, f.filter = take(n), take(size)
	f.scratch = space
	square := 0
	a, b := f.lane(0)
	err = f.each(size, func(lo, hi int) { clear(a[lo:hi]) })
	if err != nil {
		return nil, err
	}
	err = f.each(n, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			f.chirp[k] = onCircle(sign * float64(square) / float64(2*n))
			square = (square + 2*k + 1) % (2 * n)
			a[k] = conjugate(f.chirp[k])
			a[(size-k)%size] = a[k]
		}
	})
	if err != nil {
		return nil, err
	}
	spectrum, err := f.direct(a, b)
	if err != nil {
		return nil, err
	}
	scale := complex(1/float64(size), 0)
	return f, f.each(size, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			f.filter[k] = spectrum[k] * scale
		}
	})
}

// each calls do with stretches of n numbers, until the context ends.
func (f *fourier) each(n int, do func(lo, hi int)) error { return stretchwise(f.ctx, n, do) }

// onCircle is exp(2 pi i turns).
func onCircle(turns float64) complex128 {
	s, c := math.Sincos(2 * math.Pi * turns)
	return complex(c, s)
}

func conjugate(z complex128) complex128 { return complex(real(z), -imag(z)) }

// factorsOf gives the radices of a length: fours first, then primes.
func factorsOf(n int) (out []int) {
	for n%4 == 0 {
		out, n = append(out, 4), n/4
	}
	for p := 2; n > 1; p++ {
		for n%p == 0 {
			out, n = append(out, p), n/p
		}
	}
	return out
}

// lane gives the two rows of scratch of a lane.
func (f *fourier) lane(k int) (a, b []complex128) {
	size := f.plan.size
	return f.scratch[2*k*size:][:size], f.scratch[(2*k+1)*size:][:size]
}

// row transforms the first n numbers of a, with b for scratch, and gives where
// the outcome lies.
func (f *fourier) row(a, b []complex128) ([]complex128, error) {
	if !f.plan.chirp {
		return f.direct(a, b)
	}
	err := f.each(len(a), func(lo, hi int) {
		for k := lo; k < min(hi, f.n); k++ {
			a[k] *= f.chirp[k]
		}
		clear(a[min(max(lo, f.n), hi):hi])
	})
	if err != nil {
		return nil, err
	}
	x, err := f.direct(a, b)
	if err != nil {
		return nil, err
	}
	// The way back: a transform of the conjugate is the conjugate of the inverse.
	err = f.each(len(f.filter), func(lo, hi int) {
		for k := lo; k < hi; k++ {
			x[k] = conjugate(x[k] * f.filter[k])
		}
	})
	if err != nil {
		return nil, err
	}
	y := b
	if &x[0] == &b[0] {
		y = a
	}
	if x, err = f.direct(x, y); err != nil {
		return nil, err
	}
	return x[:f.n], f.each(f.n, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			x[k] = conjugate(x[k]) * f.chirp[k]
		}
	})
}

// direct transforms a row of plan.size numbers, one pass per factor.
func (f *fourier) direct(a, b []complex128) ([]complex128, error) {
	length, stride, work := f.plan.size, 1, 0
	for _, p := range f.factors {
		m := length / p
		for k := 0; k < m; k++ {
			if p == 4 && f.quarters != nil && stride <= fourierWork {
				done := f.quarters(b, a, f.roots, k, min(m, k+max(fourierWork/(4*stride), 1)), m, stride, f.quarterTurn())
				if k, work = k+done, work+4*stride*done; k == m {
					break
				}
			}
			if p%2 == 1 && stride <= fourierWork {
				s := fourierSpan{k, min(m, k+max(fourierWork/(p*stride), 1)), m, stride}
				f.odd(a, b, s, p)
				if err := f.ctx.Err(); err != nil {
					return nil, err
				}
				k = s.end - 1
				continue
			}
			for from := 0; from < stride; from += fourierWork {
				r := run{k: k, m: m, stride: stride, from: from, to: min(from+fourierWork, stride)}
				switch p {
				case 2:
					f.pass2(a, b, r)
				case 4:
					f.pass4(a, b, r)
				default:
					f.pass(a, b, r, p)
				}
				if work += p * (r.to - r.from); work >= fourierWork {
					work = 0
					if err := f.ctx.Err(); err != nil {
						return nil, err
					}
				}
			}
		}
		length, stride = m, stride*p
		a, b = b, a
	}
	return a, nil
}

// run is a part of a pass: of the sums that share the k-th roots, of which there are m,
// those from to to, of which there are stride.
type run struct{ k, m, stride, from, to int }

// read gives the i-th terms of the sums, write the i-th sums.
func (r *run) read(a []complex128, i int) []complex128 {
	return a[r.stride*(r.k+i*r.m)+r.from:][:r.to-r.from]
}

func (r *run) write(b []complex128, p, i int) []complex128 {
	return b[r.stride*(p*r.k+i)+r.from:][:r.to-r.from]
}

func (f *fourier) pass2(a, b []complex128, r run) {
	w := f.roots[r.k*r.stride]
	x0, x1 := r.read(a, 0), r.read(a, 1)
	y0, y1 := r.write(b, 2, 0), r.write(b, 2, 1)
	for q := range x0 {
		u, v := x0[q], x1[q]
		y0[q], y1[q] = u+v, (u-v)*w
	}
}

// quarterTurn is the sign of the quarter turn: -1 or, inverse, 1.
func (f *fourier) quarterTurn() float64 { return imag(f.roots[len(f.roots)/4]) }

func (f *fourier) pass4(a, b []complex128, r run) {
	w1, w2, w3 := f.roots[r.k*r.stride], f.roots[2*r.k*r.stride], f.roots[3*r.k*r.stride]
	turn := f.quarterTurn()
	x0, x1, x2, x3 := r.read(a, 0), r.read(a, 1), r.read(a, 2), r.read(a, 3)
	y0, y1, y2, y3 := r.write(b, 4, 0), r.write(b, 4, 1), r.write(b, 4, 2), r.write(b, 4, 3)
	for q := range x0 {
		s, d := x0[q]+x2[q], x0[q]-x2[q]
		u, v := x1[q]+x3[q], x1[q]-x3[q]
		v = complex(-turn*imag(v), turn*real(v))
		y0[q], y1[q], y2[q], y3[q] = s+u, (d+v)*w1, (s-u)*w2, (d-v)*w3
	}
}

// pass is for any factor p: sums of p terms.
func (f *fourier) pass(a, b []complex128, r run, p int) {
	step := len(f.roots) / p
	for q := r.from; q < r.to; q++ {
		for t := range p {
			sum := a[q+r.stride*r.k]
			for i := 1; i < p; i++ {
				sum += a[q+r.stride*(r.k+i*r.m)] * f.roots[i*t%p*step]
			}
			b[q+r.stride*(p*r.k+t)] = sum * f.roots[r.k*t*r.stride]
		}
	}
}

// fourierKernel transforms the rows of a task: load fills a row of n complex
// numbers from the elements lo to hi of one of the input, store writes some of the output.
//
//go:noinline
func fourierKernel[X, Y any](k *simd.Kernels, load func(to []complex128, from []X, lo, hi int), store func(to []Y, from []complex128, scale float64)) kernel {
	return func(w *workers, t *engine.Task) error {
		in, out, at := dense[X](&t.In[0]), dense[Y](&t.Out[0]), t.Attrs.(engine.FourierAttrs)
		if len(out) == 0 {
			return nil
		}
		inLen, outLen := lastOf(t.In[0].Shape), lastOf(t.Out[0].Shape)
		f, err := newFourier(t.Ctx, at.N, at.Inverse, typed[complex128](t.Workspace.Data), k)
		if err != nil {
			return err
		}
		return f.lanes(w, len(out)/outLen, func(i int, a, b []complex128) error {
			err := f.each(inLen, func(lo, hi int) { load(a[:at.N], in[i*inLen:][:inLen], lo, hi) })
			if err != nil {
				return err
			}
			x, err := f.row(a, b)
			if err != nil {
				return err
			}
			return f.each(outLen, func(lo, hi int) { store(out[i*outLen+lo:i*outLen+hi], x[lo:hi], at.Scale) })
		})
	}
}

// lanes has rows done, each with two rows of scratch.
func (f *fourier) lanes(w *workers, rows int, row func(i int, a, b []complex128) error) error {
	lanes, grain := min(rows, fourierLanes), 1
	if rows*f.n < fourierWork/16 {
		grain = lanes // too little to share
	}
	return w.run(f.ctx, lanes, grain, func(_ *tiles, lo, hi int) error {
		for lane := lo; lane < hi; lane++ {
			a, b := f.lane(lane)
			for i := lane * rows / lanes; i < (lane+1)*rows/lanes; i++ {
				if err := row(i, a, b); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func lastOf(shape []int) int { return shape[len(shape)-1] }

func loadComplex[T complexNumber](to []complex128, from []T, lo, hi int) {
	for i, v := range from[lo:hi] {
		to[lo+i] = complex128(v)
	}
}

func loadReal[T float](to []complex128, from []T, lo, hi int) {
	for i, v := range from[lo:hi] {
		to[lo+i] = complex(float64(v), 0)
	}
}

// loadHalf completes a half spectrum; what the frequencies that stand for
// themselves have of an imaginary part does not count.
func loadHalf[T complexNumber](to []complex128, from []T, lo, hi int) {
	n := len(to)
	if lo == 0 {
		to[0] = complex(real(complex128(from[0])), 0)
	}
	for k := max(lo, 1); k < hi; k++ {
		v := complex128(from[k])
		if 2*k == n {
			v = complex(real(v), 0)
		}
		to[k], to[n-k] = v, conjugate(v)
	}
}

func storeComplex[T complexNumber](to []T, from []complex128, scale float64) {
	for i := range to {
		v := from[i]
		to[i] = T(complex(real(v)*scale, imag(v)*scale))
	}
}

func storeReal[T float](to []T, from []complex128, scale float64) {
	for i := range to {
		to[i] = T(real(from[i]) * scale)
	}
}

// addFourier enters the Fourier transforms.
func (t table) addFourier(k *simd.Kernels) {
	fourierRows[complex64, float32](t, k, engine.Complex64)
	fourierRows[complex128, float64](t, k, engine.Complex128)
}

func fourierRows[T complexNumber, R float](t table, k *simd.Kernels, d engine.Dtype) {
	t.add(engine.OpFFT, d, d, fourierKernel(k, loadComplex[T], storeComplex[T]))
	t.add(engine.OpRFFT, d.Real(), d, realToHalf[R, T](k))
	t.add(engine.OpIRFFT, d, d.Real(), halfToReal[T, R](k))
}
