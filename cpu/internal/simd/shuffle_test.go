package simd

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestTransposeSmall(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		testTranspose(t, "pairs", k.TransposePairs)
		testTranspose(t, "bytes", k.TransposeBytes)
		testTranspose(t, "words", k.Transpose)
	})
}

func testTranspose[T uint8 | uint16 | uint32](t *testing.T, name string, f func(dst, src []T, deep, step, apart int)) {
	if f == nil {
		return
	}
	r := rand.New(rand.NewPCG(1, 10))
	for _, deep := range []int{0, 8, 16, 64, 72} {
		step, apart := deep+r.IntN(9), 8+r.IntN(9)
		src := make([]T, 7*step+deep)
		for i := range src {
			src[i] = T(r.Uint32())
		}
		dst, whole := fence(r, max(deep-1, 0)*apart+8, T(3))
		f(dst, src, deep, step, apart)
		for d := range deep {
			for i := range apart {
				if want := T(3); i < 8 {
					want = src[i*step+d]
					if got := dst[d*apart+i]; got != want {
						t.Fatalf("%s, %d deep: element %d of row %d is %d, want %d", name, deep, d, i, got, want)
					}
				} else if at := d*apart + i; at < len(dst) && dst[at] != want {
					t.Fatalf("%s, %d deep: wrote between rows", name, deep)
				}
			}
		}
		if !whole() {
			t.Fatalf("%s, %d deep: wrote beyond the destination", name, deep)
		}
	}
}

// TestModulus holds moduli against those of float64, rounded.
func TestModulus(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		if k.Modulus == nil {
			t.Skip("no kernel")
		}
		r := rand.New(rand.NewPCG(1, 11))
		for _, n := range lengths {
			parts := mixed[float32](r, 2*n)
			dst, whole := fence(r, n, float32(3))
			done := k.Modulus(dst, parts)
			if done > n || n-done >= 8 || !whole() {
				t.Fatalf("%d numbers: did %d", n, done)
			}
			for i := range done {
				x, y := float64(parts[2*i]), float64(parts[2*i+1])
				if want := float32(math.Hypot(x, y)); !same(dst[i], want) && math.Abs(float64(dst[i])/float64(want)-1) > 0x1p-23 {
					t.Errorf("modulus of %g, %g is %g, want %g", x, y, dst[i], want)
				}
			}
		}
	})
}
