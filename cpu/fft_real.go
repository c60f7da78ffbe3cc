package cpu

import (
	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// Transforms of real numbers of an even length n are those of n/2 complex ones, made of
// neighbours: of the outcome the spectra of the even and of the odd elements are taken apart,
// and put together as in any transform by two.

// halves reports whether a transform is made of one of half the length.
func halves(t *engine.Task) bool {
	n := t.Attrs.(engine.FourierAttrs).N
	return n%2 == 0 && t.In[0].Dtype.IsComplex() != t.Out[0].Dtype.IsComplex()
}

// realFourier is a transform of half the length and the roots that take it apart.
type realFourier struct {
	*fourier
	roots []complex128 // exp(∓2 pi i k / n), k up to n/2
}

func newRealFourier(t *engine.Task, k *simd.Kernels) (*realFourier, error) {
	at, space := t.Attrs.(engine.FourierAttrs), typed[complex128](t.Workspace.Data)
	half := at.N / 2
	r := &realFourier{roots: space[:half+1]}
	var err error
	if r.fourier, err = newFourier(t.Ctx, half, at.Inverse, space[half+1:], k); err != nil {
		return nil, err
	}
	sign := -1.0
	if at.Inverse {
		sign = 1
	}
	return r, r.each(half+1, func(lo, hi int) {
		for k := lo; k < hi; k++ {
			r.roots[k] = onCircle(sign * float64(k) / float64(at.N))
		}
	})
}

// realToHalf is the kernel of transforms of real numbers.
//
//go:noinline
func realToHalf[X float, Y complexNumber](k *simd.Kernels) kernel {
	return byHalves(k, fourierKernel(k, loadReal[X], storeComplex[Y]), func(w *workers, f *realFourier, in []X, out []Y, scale float64) error {
		return f.lanes(w, len(in)/(2*f.n), func(i int, a, b []complex128) error {
			x := in[2*i*f.n:][:2*f.n]
			err := f.each(f.n, func(lo, hi int) {
				for j := lo; j < hi; j++ {
					a[j] = complex(float64(x[2*j]), float64(x[2*j+1]))
				}
			})
			if err != nil {
				return err
			}
			z, err := f.row(a, b)
			if err != nil {
				return err
			}
			return f.each(f.n+1, func(lo, hi int) { takeApart(out[i*(f.n+1):][:f.n+1], z, f.roots, scale, lo, hi) })
		})
	})
}

// byHalves is a kernel of transforms of which one side is real: at half the length by pass where
// that can be, and by whole where not.
func byHalves[X, Y any](k *simd.Kernels, whole kernel, pass func(w *workers, f *realFourier, in []X, out []Y, scale float64) error) kernel {
	return func(w *workers, t *engine.Task) error {
		if !halves(t) || t.Out[0].Len() == 0 {
			return whole(w, t)
		}
		f, err := newRealFourier(t, k)
		if err != nil {
			return err
		}
		return pass(w, f, dense[X](&t.In[0]), dense[Y](&t.Out[0]), t.Attrs.(engine.FourierAttrs).Scale)
	}
}

// takeApart makes the elements lo to hi of a spectrum.
func takeApart[Y complexNumber](out []Y, z, roots []complex128, scale float64, lo, hi int) {
	n := len(z)
	scale /= 2
	for k := lo; k < hi; k++ {
		x, y := z[k%n], conjugate(z[(n-k)%n])
		even, odd := x+y, quarter(x-y, -1)
		out[k] = Y(times(even+odd*roots[k], scale))
	}
}

// halfToReal is the kernel of transforms that answer in real numbers.
//
//go:noinline
func halfToReal[X complexNumber, Y float](k *simd.Kernels) kernel {
	return byHalves(k, fourierKernel(k, loadHalf[X], storeReal[Y]), func(w *workers, f *realFourier, in []X, out []Y, scale float64) error {
		return f.lanes(w, len(out)/(2*f.n), func(i int, a, b []complex128) error {
			err := f.each(f.n, func(lo, hi int) { putTogether(a, in[i*(f.n+1):][:f.n+1], f.roots, lo, min(hi, f.n)) })
			if err != nil {
				return err
			}
			z, err := f.row(a, b)
			if err != nil {
				return err
			}
			y := out[2*i*f.n:][:2*f.n]
			return f.each(f.n, func(lo, hi int) {
				for j := lo; j < hi; j++ {
					y[2*j], y[2*j+1] = Y(real(z[j])*scale), Y(imag(z[j])*scale)
				}
			})
		})
	})
}

// putTogether makes the elements lo to hi of what is transformed of a half spectrum. What
// the frequencies that stand for themselves have of an imaginary part does not count.
func putTogether[X complexNumber](to []complex128, from []X, roots []complex128, lo, hi int) {
	n := len(from) - 1
	for k := lo; k < hi; k++ {
		x, y := complex128(from[k]), conjugate(complex128(from[n-k]))
		if k == 0 {
			x, y = complex(real(x), 0), complex(real(y), 0)
		}
		to[k] = x + y + quarter((x-y)*roots[k], 1)
	}
}
