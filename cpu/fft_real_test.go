package cpu

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestRealFourier holds transforms of real numbers, and back to them, to the definition.
func TestRealFourier(t *testing.T) {
	e := newEngine(t, Options{Threads: 2})
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{2, 3, 4, 6, 7, 10, 12, 16, 22, 30, 74, 128, 222, 360, 422, 1000} {
		rows := 1 + r.IntN(2*fourierLanes)
		x, full := make([]float32, rows*n), make([]complex64, rows*n)
		for i := range x {
			x[i] = r.Float32() - 0.5
			full[i] = complex(x[i], 0)
		}
		half := n/2 + 1
		_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
			return b.Transform(engine.Fourier{Name: "rfft", Real: true}, engine.Adopt(b, append([]float32(nil), x...), []int{rows, n}), nil, []int{1}, "backward")
		})
		if err != nil {
			t.Fatal(err)
		}
		spectrum := append([]complex64(nil), dense[complex64](&o)...)
		for i := range rows {
			for k, want := range naiveFourier(full[i*n:][:n], false)[:half] {
				if d := cmplx.Abs(complex128(spectrum[i*half+k]) - want); d > 2e-6*math.Sqrt(float64(n)) {
					t.Fatalf("length %d, row %d: element %d is %v, want %v", n, i, k, spectrum[i*half+k], want)
				}
			}
			spectrum[i*half] += 3i // which counts for nothing
		}
		_, o, err = evaluate(e, func(b *engine.Builder) *engine.Node {
			return b.Transform(engine.Fourier{Name: "irfft", Real: true, Inverse: true}, engine.Adopt(b, spectrum, []int{rows, half}), []int{n}, []int{1}, "backward")
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range dense[float32](&o) {
			if math.Abs(float64(v-x[i])) > 1e-6 {
				t.Fatalf("length %d: element %d came back as %v, was %v", n, i, v, x[i])
			}
		}
	}
}
