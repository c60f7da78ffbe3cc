package simd

import (
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

// TestQuarters does the sums of four terms.
func TestQuarters(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		r := rand.New(rand.NewPCG(27, 28))
		draw := func(n int) []complex128 {
			x := make([]complex128, n)
			for i := range x {
				x[i] = complex(r.NormFloat64(), r.NormFloat64())
			}
			return x
		}
		for _, turn := range []float64{1, -1} {
			for _, stride := range []int{1, 2, 4, 10} {
				for _, m := range []int{1, 2, 3, 8} {
					src, roots, dst := draw(4*m*stride), draw(3*(m-1)*stride+1), draw(4*m*stride)
					from := r.IntN(m)
					was := append([]complex128(nil), dst...)
					done := k.Quarters(dst, src, roots, from, m, m, stride, turn)
					if done != m-from && !(stride == 1 && done == (m-from)&^1) {
						t.Fatalf("did %d rows of %d", done, m-from)
					}
					for i, got := range dst {
						row, q, at := i/(4*stride), i/stride%4, i%stride
						want := was[i]
						if row >= from && row < from+done {
							want = 0
							for s := range 4 {
								want += src[stride*(row+s*m)+at] * cmplx.Pow(complex(0, turn), complex(float64(q*s), 0))
							}
							if q > 0 {
								want *= roots[q*row*stride]
							}
						}
						if cmplx.Abs(got-want) > 1e-13*(1+cmplx.Abs(want)) {
							t.Fatalf("stride %d, %d rows, turn %v: number %d is %v, want %v", stride, m, turn, i, got, want)
						}
					}
				}
			}
		}
	})
}
