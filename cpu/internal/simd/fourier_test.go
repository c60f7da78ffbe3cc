package simd

import (
	"math"
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

// TestOdd does the sums of three, five and seven terms.
func TestOdd(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		if k.Odd == nil {
			t.Skip("no kernel")
		}
		r := rand.New(rand.NewPCG(29, 30))
		draw := func(n int) []complex128 {
			x := make([]complex128, n)
			for i := range x {
				x[i] = complex(r.NormFloat64(), r.NormFloat64())
			}
			return x
		}
		for _, p := range []int{3, 5, 7, 11} {
			for _, turn := range []float64{1, -1} {
				var circle []float64
				for i := 1; i <= p/2; i++ {
					s, c := math.Sincos(2 * math.Pi * float64(i) / float64(p))
					circle = append(circle, c, s*turn)
				}
				for _, stride := range []int{1, 2, 4, 10} {
					for _, m := range []int{1, 2, 3, 8} {
						src, roots, dst := draw(p*m*stride), draw((p-1)*(m-1)*stride+1), draw(p*m*stride)
						from := r.IntN(m)
						was := append([]complex128(nil), dst...)
						done := k.Odd(dst, src, roots, circle, from, m, m, stride)
						if want := m - from; done != want && stride%2 == 0 && p <= 7 || done != 0 && done != want {
							t.Fatalf("did %d rows of %d", done, want)
						}
						for i, got := range dst {
							row, q, at := i/(p*stride), i/stride%p, i%stride
							want := was[i]
							if row >= from && row < from+done {
								want = 0
								for s := range p {
									want += src[stride*(row+s*m)+at] * cmplx.Rect(1, turn*2*math.Pi*float64(q*s)/float64(p))
								}
								if q > 0 {
									want *= roots[q*row*stride]
								}
							}
							if cmplx.Abs(got-want) > 1e-13*(1+cmplx.Abs(want)) {
								t.Fatalf("%d terms, stride %d, %d rows, turn %v: number %d is %v, want %v", p, stride, m, turn, i, got, want)
							}
						}
					}
				}
			}
		}
	})
}
