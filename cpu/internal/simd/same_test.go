package simd

import (
	"hash/fnv"
	"math"
	"slices"
	"testing"
)

// TestSameBits: the functions give the same bits on every processor, since one
// description makes all of the assembly. The numbers are of every exponent, and end
// with special ones.
func TestSameBits(t *testing.T) {
	const step = 50_021 // a prime, so that all low bits are seen
	var a []float32
	for bits := uint64(0); bits < 1<<32; bits += step {
		a = append(a, math.Float32frombits(uint32(bits)))
	}
	for _, v := range special {
		a = append(a, float32(v))
	}
	b := make([]float32, len(a))
	for i := range b {
		b[i] = a[i*7919%len(a)]
	}
	digest := func(dst []float32) uint32 {
		h := fnv.New32a()
		for _, v := range dst {
			bits := math.Float32bits(v)
			if v != v {
				bits = 0x7fc00000 // any NaN is as good
			}
			h.Write([]byte{byte(bits), byte(bits >> 8), byte(bits >> 16), byte(bits >> 24)})
		}
		return h.Sum32()
	}
	onEach(t, func(t *testing.T, k *Kernels) {
		dst := make([]float32, len(a))
		check := func(name string) {
			if got := digest(dst); got != bitsOf[name] {
				t.Errorf("%q: %#08x,", name, got)
			}
		}
		for _, f := range functions {
			x := slices.Clone(a)
			for i, v := range x {
				if f.own > 0 && math.Abs(float64(v)) > f.own { // is package math's
					x[i] = 1
				}
			}
			f.kernel(&k.Functions)(dst, x)
			check(f.name)
		}
		for _, f := range pairs {
			f.kernel(&k.Functions)(dst, a, b)
			check(f.name)
		}
	})
}

// bitsOf are digests of what the functions give.
var bitsOf = map[string]uint32{
	"arccos": 0x43e00da1, "arccosh": 0xd2d4d1ff, "arcsin": 0xfb4adb18, "arcsinh": 0x03a87496, "arctan": 0xde8ed553,
	"arctan2": 0x8c2d0fed, "arctanh": 0xabec2470, "cos": 0x677d7a11, "cosh": 0x9332b172, "erf": 0xffdce2f6,
	"erfinv": 0x982343b4, "exp": 0x626e3a08, "expm1": 0xb68355b3, "log": 0x8ebb46a6, "log10": 0xbd9a1a8b,
	"log1p": 0x74119a47, "log2": 0xfb85108f, "logaddexp": 0xe8a7dbd5, "power": 0xb1f1365a, "rsqrt": 0xf1589405,
	"sigmoid": 0xaf5f4924, "sin": 0x0d10265c, "sinh": 0x94194d25, "tan": 0xbd8bf32e, "tanh": 0xe2686b91,
}
