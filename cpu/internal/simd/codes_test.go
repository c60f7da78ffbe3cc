package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestUnpack packs codes bit by bit and asks for them back.
func TestUnpack(t *testing.T) {
	unpackings := map[string]func(dst, src []byte, bits int){"loop": UnpackLoop}
	for _, s := range sets() {
		unpackings[s.name] = s.kernels.Codes.Unpack
	}
	r := rand.New(rand.NewPCG(31, 32))
	for name, unpack := range unpackings {
		for bits := 1; bits <= 8; bits++ {
			for _, n := range []int{0, 8, 16, 56, 64, 72, 120, 128, 136, 1000} {
				codes, packed := make([]byte, n), make([]byte, n*bits/8)
				for i := range codes {
					codes[i] = byte(r.IntN(1 << bits))
					for b := range bits {
						at := i*bits + b
						packed[at/8] |= codes[i] >> b & 1 << (at % 8)
					}
				}
				dst, whole := fence[byte](r, n, 77)
				unpack(dst, packed, bits)
				for i := range codes {
					if dst[i] != codes[i] {
						t.Fatalf("%s, %d codes of %d bits: code %d is %d, want %d", name, n, bits, i, dst[i], codes[i])
					}
				}
				if !whole() {
					t.Fatalf("%s, %d codes of %d bits: wrote outside of its destination", name, n, bits)
				}
			}
		}
	}
}

// fp8 is what the bits of E4M3 say.
func fp8(c byte) float64 {
	v := math.Ldexp(float64(8+c&7), int(c>>3&15)-10)
	if c>>3&15 == 0 {
		v = math.Ldexp(float64(c&7), -9)
	}
	if c&0x80 != 0 {
		return -v
	}
	return v
}

// fp4 is what the bits of E2M1 say.
func fp4(c byte) float64 {
	v := math.Ldexp(float64(2+c&1), int(c>>1&3)-2)
	if c>>1&3 == 0 {
		v = float64(c&1) / 2
	}
	if c&8 != 0 {
		return -v
	}
	return v
}

func TestDecoders(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		r := rand.New(rand.NewPCG(33, 34))
		for name, c := range map[string]struct {
			Decoder
			codes  int
			value  func(byte) float64
			biased bool
		}{
			"whole": {k.Codes.Whole, 256, func(c byte) float64 { return float64(c) }, true},
			"fp4":   {k.Codes.FP4, 16, fp4, false},
			"fp8":   {k.Codes.FP8, 256, fp8, false},
		} {
			for _, size := range []int{16, 32, 64, 128} {
				for groups := range 9 {
					n := groups * size
					codes := make([]byte, n)
					for i := range codes {
						codes[i] = byte(r.IntN(c.codes))
					}
					x, scales, biases := numbers[float32](r, n), numbers[float32](r, groups), numbers[float32](r, groups)
					dst, whole := fence[float32](r, n, 77)
					c.Fill(dst, codes, scales, biases)
					var sum, sizes float64
					for i, code := range codes {
						v := float64(scales[i/size]) * c.value(code)
						sum, sizes = sum+v*float64(x[i]), sizes+math.Abs(v*float64(x[i]))
						if c.biased {
							v += float64(biases[i/size])
						}
						if math.Abs(float64(dst[i])-v) > math.Abs(v)*0x1.00001p-24 {
							t.Fatalf("%s, %d groups of %d: element %d: of %d: got %v, want %v", name, groups, size, i, code, dst[i], v)
						}
					}
					if !whole() {
						t.Fatalf("%s: %d groups of %d: wrote outside of its destination", name, groups, size)
					}
					if got := float64(c.Dot(codes, x, scales)); !(math.Abs(got-sum) <= sizes*float64(n+1)*0x1p-23) {
						t.Fatalf("%s, %d groups of %d: the product is %v, want %v", name, groups, size, got, sum)
					}
				}
			}
		}
	})
}

func BenchmarkCodes(b *testing.B) {
	k := native(b)
	r := rand.New(rand.NewPCG(35, 36))
	const n = 4096
	codes, packed := make([]byte, n), make([]byte, n)
	x, scales, y := numbers[float32](r, n), numbers[float32](r, n/64), make([]float32, n)
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(n) // the codes
			for b.Loop() {
				f()
			}
		})
	}
	run("unpack loop", func() { UnpackLoop(codes, packed, 4) })
	run("unpack", func() { k.Codes.Unpack(codes, packed, 4) })
	run("dot whole", func() { k.Codes.Whole.Dot(codes, x, scales) })
	run("dot fp4", func() { k.Codes.FP4.Dot(codes, x, scales) })
	run("dot fp8", func() { k.Codes.FP8.Dot(codes, x, scales) })
	for name, c := range rowCodings(k) {
		a := CodeMatrix{Bits: c.bits, Groups: n / 64, Size: 64, Rows: 64}
		a.Codes, a.Scales, a.Biases = make([]byte, 64*n*c.bits/8), make([]float32, 64*n/64), make([]float32, 64*n/64)
		for _, count := range []int{1, 2, 4} {
			ready := arranged(k, Lines[float32]{numbers[float32](r, count*n), n}, count, &a)
			b.Run(fmt.Sprintf("rows of %s x%d", name, count), func(b *testing.B) {
				b.SetBytes(64 * n) // the codes
				for b.Loop() {
					c.rows(Lines[float32]{make([]float32, count*64), 64}, ready, count, a)
				}
			})
		}
	}
	run("fill whole", func() { k.Codes.Whole.Fill(y, codes, scales, scales) })
}
