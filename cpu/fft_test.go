package cpu

import (
	"context"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// naiveFourier is the definition.
func naiveFourier(x []complex64, inverse bool) []complex128 {
	sign := -1.0
	if inverse {
		sign = 1
	}
	out := make([]complex128, len(x))
	for k := range out {
		for j, v := range x {
			out[k] += complex128(v) * cmplx.Rect(1, sign*2*math.Pi*float64(j*k%len(x))/float64(len(x)))
		}
	}
	return out
}

// TestFourier holds every way a length can be transformed to the definition: one
// pass per factor, convolution, and more rows than lanes.
func TestFourier(t *testing.T) {
	e := newEngine(t, Options{Threads: 2})
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 31, 37, 48, 60, 64, 74, 97, 128, 210, 211, 243, 256, 360, 1009} {
		for _, inverse := range []bool{false, true} {
			rows := 1 + r.IntN(2*fourierLanes)
			x := make([]complex64, rows*n)
			for i := range x {
				x[i] = complex(r.Float32()-0.5, r.Float32()-0.5)
			}
			f := engine.Fourier{Name: "fft", Inverse: inverse}
			_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
				norm := engine.FourierNorm("backward")
				if inverse {
					norm = "forward"
				}
				return b.Transform(f, engine.Adopt(b, append([]complex64(nil), x...), []int{rows, n}), nil, []int{1}, norm)
			})
			if err != nil {
				t.Fatal(err)
			}
			got := dense[complex64](&o)
			for i := range rows {
				for k, want := range naiveFourier(x[i*n:][:n], inverse) {
					if d := cmplx.Abs(complex128(got[i*n+k]) - want); d > 2e-6*math.Sqrt(float64(n)) {
						t.Fatalf("length %d, inverse %v, row %d: element %d is %v, want %v", n, inverse, i, k, got[i*n+k], want)
					}
				}
			}
		}
	}
}

// TestFourierStops: a context that ends stops a long transform.
func TestFourierStops(t *testing.T) {
	for _, n := range []int{1 << 20, 1<<19 + 1} { // by quarters, and as a convolution
		ctx, cancel := context.WithCancel(context.Background())
		plan := planFourier(n)
		space := make([]complex128, plan.shared(n)+2*plan.size)
		f, err := newFourier(ctx, n, false, space, nil)
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		a, b := f.lane(0)
		if _, err := f.row(a, b); err != context.Canceled {
			t.Errorf("%d: got the error %v, want %v", n, err, context.Canceled)
		}
		if _, err := newFourier(ctx, n, false, space, nil); err != context.Canceled {
			t.Errorf("%d: the plan: got the error %v, want %v", n, err, context.Canceled)
		}
	}
}
