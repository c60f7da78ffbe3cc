package simd

import (
	"flag"
	"math"
	"math/rand/v2"
	"testing"
)

var exhaustive = flag.Bool("exhaustive", false, "measure functions over every float32")

// functions are the kernels, what defines them, and by how many units in the last
// place of float32 they may be off: what was measured over every float32, rounded
// up. A correctly rounded result is off by up to 0.5.
var functions = []struct {
	name   string
	kernel func(*Functions) Unary[float32]
	exact  func(float64) float64
	bound  float64
	own    float64 // the magnitude up to which the kernel does not ask what defines it; 0 is any
}{
	{"exp", func(f *Functions) Unary[float32] { return f.Exp }, math.Exp, 1.02, 0},
	{"log", func(f *Functions) Unary[float32] { return f.Log }, math.Log, 0.83, 0},
	{"tanh", func(f *Functions) Unary[float32] { return f.Tanh }, math.Tanh, 1.34, 0},
	{"sigmoid", func(f *Functions) Unary[float32] { return f.Sigmoid }, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 1.97, 0},
	{"erf", func(f *Functions) Unary[float32] { return f.Erf }, math.Erf, 1.26, 0},
	{"erfinv", func(f *Functions) Unary[float32] { return f.Erfinv }, math.Erfinv, 2.36, 0},
	{"sin", func(f *Functions) Unary[float32] { return f.Sin }, math.Sin, 1.58, 1 << 28},
	{"cos", func(f *Functions) Unary[float32] { return f.Cos }, math.Cos, 1.58, 1 << 28},
	{"rsqrt", func(f *Functions) Unary[float32] { return f.Rsqrt }, func(x float64) float64 { return 1 / math.Sqrt(x) }, 1.5, 0},
	{"log2", func(f *Functions) Unary[float32] { return f.Log2 }, math.Log2, 0.51, 0},
	{"log10", func(f *Functions) Unary[float32] { return f.Log10 }, math.Log10, 0.51, 0},
	{"log1p", func(f *Functions) Unary[float32] { return f.Log1p }, math.Log1p, 0.51, 0},
	{"expm1", func(f *Functions) Unary[float32] { return f.Expm1 }, math.Expm1, 0.51, 0},
	{"sinh", func(f *Functions) Unary[float32] { return f.Sinh }, math.Sinh, 0.51, 0},
	{"cosh", func(f *Functions) Unary[float32] { return f.Cosh }, math.Cosh, 0.51, 0},
	{"arcsinh", func(f *Functions) Unary[float32] { return f.Arcsinh }, math.Asinh, 0.51, 0},
	{"arccosh", func(f *Functions) Unary[float32] { return f.Arccosh }, math.Acosh, 0.51, 0},
	{"arctanh", func(f *Functions) Unary[float32] { return f.Arctanh }, math.Atanh, 0.51, 0},
	{"arctan", func(f *Functions) Unary[float32] { return f.Arctan }, math.Atan, 0.51, 0},
	{"arcsin", func(f *Functions) Unary[float32] { return f.Arcsin }, math.Asin, 0.51, 0},
	{"arccos", func(f *Functions) Unary[float32] { return f.Arccos }, math.Acos, 0.51, 0},
	{"tan", func(f *Functions) Unary[float32] { return f.Tan }, math.Tan, 0.51, 1 << 28},
}

// off gives the distance of a float32 from the true value in units of the place
// that the latter rounds to; infinity where one is special and the other is not.
func off(got float32, exact float64) float64 {
	rounded := float32(exact)
	switch {
	case got == rounded && math.Signbit(float64(got)) == math.Signbit(float64(rounded)), got != got && exact != exact:
		if got == 0 || math.IsInf(float64(got), 0) || got != got {
			return 0
		}
	case got != got || exact != exact:
		return math.Inf(1)
	case math.Signbit(float64(got)) != math.Signbit(exact):
		return math.Inf(1)
	}
	// An overflow of either is measured as if the exponent went on.
	value := float64(got)
	if math.IsInf(value, 0) {
		value = math.Copysign(0x1p128, value)
	}
	_, exp := math.Frexp(exact)
	unit := math.Ldexp(1, max(exp-24, -149))
	return math.Abs(value-exact) / unit
}

// TestFunctions measures the functions over float32 numbers of every exponent; with
// -exhaustive over all of them that a kernel computes by itself.
func TestFunctions(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		for _, f := range functions {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				kernel := f.kernel(&k.Functions)
				step := uint64(2477) // a prime, so that all low bits are seen
				if *exhaustive {
					step = 1
				}
				var worst float64
				var where float32
				src, dst := make([]float32, 0, 4093), make([]float32, 4093)
				flush := func() {
					kernel(dst[:len(src)], src)
					for i, x := range src {
						if d := off(dst[i], f.exact(float64(x))); d > worst {
							worst, where = d, x
						}
					}
					src = src[:0]
				}
				add := func(bits uint32) {
					src = append(src, math.Float32frombits(bits))
					if len(src) == cap(src) {
						flush()
					}
				}
				own := uint32(math.MaxUint32)
				if *exhaustive && f.own > 0 {
					own = math.Float32bits(float32(f.own))
				}
				for bits := uint64(0); bits < 1<<32; bits += step {
					if uint32(bits)&^(1<<31) <= own {
						add(uint32(bits))
					}
				}
				for _, sign := range []uint32{0, 1 << 31} { // the ends of the subnormal and of the normal numbers
					for _, near := range []uint32{0, 0x00800000, 0x7f7fffff, 0x7f800000, 0x3f800000} {
						for d := range uint32(16) {
							add((near + d) | sign)
							add((near - d) | sign)
						}
					}
				}
				flush()
				t.Logf("off by up to %.3f units, at %v", worst, where)
				if worst > f.bound {
					t.Errorf("off by %.3f units at %v (%#x), want at most %v", worst, where, math.Float32bits(where), f.bound)
				}
			})
		}
	})
}

// pairs are the functions of two numbers.
var pairs = []struct {
	name   string
	kernel func(*Functions) Binary[float32]
	exact  func(a, b float64) float64
}{
	{"arctan2", func(f *Functions) Binary[float32] { return f.Arctan2 }, math.Atan2},
	{"power", func(f *Functions) Binary[float32] { return f.Power }, math.Pow},
	{"logaddexp", func(f *Functions) Binary[float32] { return f.LogAddExp }, func(a, b float64) float64 {
		top := math.Max(a, b)
		if a != a || b != b {
			return math.NaN()
		}
		if math.IsInf(top, 0) {
			return top
		}
		return top + math.Log1p(math.Exp(math.Min(a, b)-top))
	}},
}

// TestPairs measures the functions of two numbers: special ones with each other,
// whole ones, and any.
func TestPairs(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		var a, b []float32
		values := append([]float64{2, -2, 3, -3, 2.5, -0.25, 1e-30, 1e30, 16777216, 16777217, 33554431}, special...)
		for _, x := range values {
			for _, y := range values {
				a, b = append(a, float32(x)), append(b, float32(y))
			}
		}
		r := rand.New(rand.NewPCG(23, 24))
		for range 20_000 {
			a = append(a, float32(math.Ldexp(r.NormFloat64(), r.IntN(40)-20)), math.Float32frombits(r.Uint32()), float32(r.IntN(20)-10))
			b = append(b, float32(math.Ldexp(r.NormFloat64(), r.IntN(8)-4)), math.Float32frombits(r.Uint32()), float32(r.IntN(20)-10))
		}
		for _, f := range pairs {
			worst := 0.0
			dst := make([]float32, len(a))
			f.kernel(&k.Functions)(dst, a, b)
			for i, got := range dst {
				d := off(got, f.exact(float64(a[i]), float64(b[i])))
				if worst = max(worst, d); d > 0.51 {
					t.Fatalf("%s of %v and %v: got %v, want %v: %v units apart", f.name, a[i], b[i], got, f.exact(float64(a[i]), float64(b[i])), d)
				}
			}
			t.Logf("%s is off by up to %.3f units", f.name, worst)
		}
	})
}
