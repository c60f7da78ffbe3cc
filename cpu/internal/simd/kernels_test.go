package simd

import (
	encoding "encoding/binary"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/mlxstar/mlxstar/engine/dtype"
)

// lengths reach into every part of a kernel: none, a few under a mask, whole
// registers, several at a time, and combinations of them.
var lengths = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 31, 32, 33, 39, 63, 64, 65, 100, 129, 1000}

// special are numbers that kernels may get wrong.
var special = []float64{
	0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 0x1p-149, -0x1p-149, 0x1p-126, 0x1p-140,
	math.MaxFloat32, -math.MaxFloat32, 0.5, 1e-5, 65504, 65520, 6e-8, 88.7, -103.9, 1e9, -1e30,
}

// mixed gives ordinary and special numbers that begin at any place of memory.
func mixed[T float32 | float64](r *rand.Rand, n int) []T {
	x := make([]T, n+8)[r.IntN(8):][:n]
	for i := range x {
		if r.IntN(4) == 0 {
			x[i] = T(special[r.IntN(len(special))])
		} else {
			x[i] = T(math.Ldexp(r.NormFloat64(), r.IntN(20)-10))
		}
	}
	return x
}

// halves gives bits of 16-bit floats, any of them.
func halves(r *rand.Rand, n int) []uint16 {
	x := make([]uint16, n+8)[r.IntN(8):][:n]
	for i := range x {
		x[i] = uint16(r.Uint32())
	}
	return x
}

// same compares to the bit, but takes any NaN for any other.
func same[T float32 | float64](a, b T) bool {
	return a == b && math.Signbit(float64(a)) == math.Signbit(float64(b)) || a != a && b != b
}

// fence makes a destination with numbers on either side that must stay.
func fence[T any](r *rand.Rand, n int, mark T) (dst []T, whole func() bool) {
	const margin = 16
	all := make([]T, n+2*margin+8)[r.IntN(8):][:n+2*margin]
	for i := range all {
		all[i] = mark
	}
	return all[margin:][:n:n], func() bool {
		for i, v := range all {
			if (i < margin || i >= margin+n) && !reflect.DeepEqual(v, mark) {
				return false
			}
		}
		return true
	}
}

func TestArithmetic(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		t.Run("float32", func(t *testing.T) { testArithmetic(t, &k.Float32) })
		t.Run("float64", func(t *testing.T) { testArithmetic(t, &k.Float64) })
	})
}

// testArithmetic asks for the very bits that Go's operators give.
func testArithmetic[T float32 | float64](t *testing.T, k *Numbers[T]) {
	r := rand.New(rand.NewPCG(11, 12))
	for name, c := range map[string]struct {
		kernel Binary[T]
		twin   func(a, b T) T
	}{
		"add": {k.Add, func(a, b T) T { return a + b }},
		"sub": {k.Sub, func(a, b T) T { return a - b }},
		"mul": {k.Mul, func(a, b T) T { return a * b }},
		"div": {k.Div, func(a, b T) T { return a / b }},
		"max": {k.Max, func(a, b T) T { return chosen(a, b, a > b) }},
		"min": {k.Min, func(a, b T) T { return chosen(a, b, a < b) }},
	} {
		for _, n := range lengths {
			a, b := mixed[T](r, n), mixed[T](r, n)
			dst, whole := fence[T](r, n, 77)
			c.kernel(dst, a, b)
			for i := range dst {
				if want := c.twin(a[i], b[i]); !same(dst[i], want) {
					t.Fatalf("%s of %d: of %v and %v: got %v, want %v", name, n, a[i], b[i], dst[i], want)
				}
			}
			if !whole() {
				t.Fatalf("%s of %d wrote outside of its destination", name, n)
			}
			first := append([]T(nil), dst...)
			c.kernel(a, a, b)
			for i := range a {
				if !same(a[i], first[i]) {
					t.Fatalf("%s of %d in place: element %d: got %v, want %v", name, n, i, a[i], first[i])
				}
			}
		}
	}
	for name, c := range map[string]struct {
		kernel Unary[T]
		twin   func(a T) T
	}{
		"neg":    {k.Neg, func(a T) T { return -a }},
		"abs":    {k.Abs, func(a T) T { return T(math.Abs(float64(a))) }},
		"square": {k.Square, func(a T) T { return a * a }},
		"floor":  {k.Floor, func(a T) T { return T(math.Floor(float64(a))) }},
		"ceil":   {k.Ceil, func(a T) T { return T(math.Ceil(float64(a))) }},
		"trunc":  {k.Trunc, func(a T) T { return T(math.Trunc(float64(a))) }},
		"rint":   {k.Rint, func(a T) T { return T(math.RoundToEven(float64(a))) }},
		"sqrt":   {k.Sqrt, func(a T) T { return T(math.Sqrt(float64(a))) }},
	} {
		testUnary(t, r, name, c.kernel, func(a, got T) bool { return same(got, c.twin(a)) })
	}
}

// chosen is the larger or the smaller of two numbers, as the kernels define it.
func chosen[T float32 | float64](a, b T, better bool) T {
	if better || a != a {
		return a
	}
	return b
}

func testUnary[T float32 | float64](t *testing.T, r *rand.Rand, name string, kernel Unary[T], right func(a, got T) bool) {
	t.Helper()
	for _, n := range lengths {
		a := mixed[T](r, n)
		dst, whole := fence[T](r, n, 77)
		kernel(dst, a)
		for i := range dst {
			if !right(a[i], dst[i]) {
				t.Fatalf("%s of %d: of %v: got %v", name, n, a[i], dst[i])
			}
		}
		if !whole() {
			t.Fatalf("%s of %d wrote outside of its destination", name, n)
		}
		first := append([]T(nil), dst...)
		kernel(a, a)
		for i := range a {
			if !same(a[i], first[i]) {
				t.Fatalf("%s of %d in place: element %d: got %v, want %v", name, n, i, a[i], first[i])
			}
		}
	}
}

// TestFunctionsAnywhere sees to lengths and places; TestFunctions to values. What
// an element gives must not depend on where in a slice it is.
func TestFunctionsAnywhere(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		r := rand.New(rand.NewPCG(13, 14))
		for _, f := range functions {
			kernel := f.kernel(&k.Functions)
			testUnary(t, r, f.name, kernel, func(a, got float32) bool {
				alone := []float32{a}
				kernel(alone, alone)
				return same(got, alone[0]) && off(got, f.exact(float64(a))) <= f.bound
			})
		}
	})
}

func TestFolds(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		t.Run("float32", func(t *testing.T) { testFolds(t, &k.Float32, 0x1p-24) })
		t.Run("float64", func(t *testing.T) { testFolds(t, &k.Float64, 0x1p-53) })
	})
}

func testFolds[T float32 | float64](t *testing.T, k *Numbers[T], unit float64) {
	r := rand.New(rand.NewPCG(15, 16))
	for _, n := range lengths {
		a, b, y := numbers[T](r, n), numbers[T](r, n), numbers[T](r, n)
		var sum, sumSize, dot, dotSize float64
		for i := range a {
			p := float64(a[i]) * float64(b[i])
			sum, sumSize = sum+float64(a[i]), sumSize+math.Abs(float64(a[i]))
			dot, dotSize = dot+p, dotSize+math.Abs(p)
		}
		if got := k.Sum(a); !(math.Abs(got-sum) <= sumSize*0x1p-53*float64(2*n)) {
			t.Errorf("sum of %d: got %v, want %v", n, got, sum)
		}
		if got := k.Dot(a, b); !(math.Abs(float64(got)-dot) <= dotSize*unit*float64(n+1)) {
			t.Errorf("dot of %d: got %v, want %v", n, got, dot)
		}
		x := T(r.NormFloat64())
		was := append([]T(nil), y...)
		k.Axpy(y, x, a)
		for i := range y {
			want := math.FMA(float64(x), float64(a[i]), float64(was[i]))
			if !(math.Abs(float64(y[i])-want) <= math.Abs(want)*unit) {
				t.Errorf("axpy of %d: element %d: got %v, want %v", n, i, y[i], want)
			}
		}
		testUnary(t, r, "scale", func(dst, a []T) { copy(dst, a); k.Scale(dst, x) }, func(a, got T) bool { return same(got, x*a) })
	}
	testExtremes(t, r, k)
}

func testExtremes[T float32 | float64](t *testing.T, r *rand.Rand, k *Numbers[T]) {
	for range 40 {
		for _, n := range lengths[1:] {
			a := mixed[T](r, n)
			if r.IntN(2) == 0 {
				a = numbers[T](r, n) // without NaN, which there is nearly always among many
			}
			most, least := a[0], a[0]
			for _, v := range a {
				most, least = chosen(most, v, most > v), chosen(least, v, least < v)
			}
			if got := k.Greatest(a); got != most && (got == got || most == most) {
				t.Fatalf("greatest of %d: got %v, want %v", n, got, most)
			}
			if got := k.Least(a); got != least && (got == got || least == least) {
				t.Fatalf("least of %d: got %v, want %v", n, got, least)
			}
		}
	}
}

func TestAffine(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		r := rand.New(rand.NewPCG(17, 18))
		for range 20 {
			scale, shift := float32(r.NormFloat64()), float32(r.NormFloat64())
			testUnary(t, r, "affine", func(dst, a []float32) { k.Affine(dst, a, scale, shift) }, func(a, got float32) bool {
				// The product is exact in float64; the sum is rounded twice, which
				// shows where the first falls on a tie of the second.
				want := float64(a)*float64(scale) + float64(shift)
				return same(got, float32(want)) || math.Abs(float64(got)-want) <= math.Abs(want)*0x1.00001p-24
			})
		}
	})
}

func TestConversions(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		r := rand.New(rand.NewPCG(19, 20))
		for _, n := range lengths {
			bits, x, d := halves(r, n), mixed[float32](r, n), mixed[float64](r, n)
			testConversion(t, r, "widen float16", n, k.Half.Widen, bits, dtype.Float16Value)
			testConversion(t, r, "narrow to float16", n, k.Half.Narrow, x, dtype.Float16Bits)
			testConversion(t, r, "widen bfloat16", n, k.Brain.Widen, bits, dtype.BFloat16Value)
			testConversion(t, r, "narrow to bfloat16", n, k.Brain.Narrow, x, dtype.BFloat16Bits)
			testConversion(t, r, "widen float32", n, k.Single.Widen, x, func(v float32) float64 { return float64(v) })
			testConversion(t, r, "narrow to float32", n, k.Single.Narrow, d, func(v float64) float32 { return float32(v) })
		}
	})
}

func testConversion[R, T comparable](t *testing.T, r *rand.Rand, name string, n int, kernel func([]R, []T), src []T, twin func(T) R) {
	t.Helper()
	var mark R
	dst, whole := fence(r, n, mark)
	kernel(dst, src)
	for i := range dst {
		if want := twin(src[i]); dst[i] != want && (dst[i] == dst[i] || want == want) {
			t.Fatalf("%s, %d elements: of %v: got %v, want %v", name, n, src[i], dst[i], want)
		}
	}
	if !whole() {
		t.Fatalf("%s, %d elements: wrote outside of its destination", name, n)
	}
}

// TestEveryHalf narrows what every 16-bit float widens to: it must come back, NaN
// quiet, from both formats.
func TestEveryHalf(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		bits, back := make([]uint16, 1<<16), make([]uint16, 1<<16)
		wide := make([]float32, 1<<16)
		for i := range bits {
			bits[i] = uint16(i)
		}
		for name, c := range map[string]struct {
			Codec[uint16, float32]
			quiet uint16
		}{"float16": {k.Half, 0x200}, "bfloat16": {k.Brain, 0x40}} {
			c.Widen(wide, bits)
			c.Narrow(back, wide)
			for i, b := range bits {
				if want := b; back[i] != want && (wide[i] == wide[i] || back[i] != want|c.quiet) {
					t.Fatalf("%s %#04x: came back as %#04x", name, b, back[i])
				}
			}
		}
	})
}

// TestThreefry knows the words that the generator's authors give for 20 rounds, and
// asks that a block of counters gives what each alone does.
func TestThreefry(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		for _, c := range []struct{ key, counter, want [2]uint32 }{
			{[2]uint32{0, 0}, [2]uint32{0, 0}, [2]uint32{0x6b200159, 0x99ba4efe}},
			{[2]uint32{0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff}, [2]uint32{0x1cb996fc, 0xbb002be7}},
			{[2]uint32{0x13198a2e, 0x03707344}, [2]uint32{0x243f6a88, 0x85a308d3}, [2]uint32{0xc4923a9c, 0x483df7a0}},
		} {
			for back := range uint32(24) { // the counter's place in three blocks
				x, y := make([]byte, 96), make([]byte, 99)
				if n := k.Threefry(x, y, c.key, c.counter[0]-back, c.counter[1]-back); n != 24 {
					t.Fatalf("drew %d, want 24", n)
				}
				got := [2]uint32{encoding.LittleEndian.Uint32(x[4*back:]), encoding.LittleEndian.Uint32(y[4*back:])}
				if got != c.want {
					t.Errorf("key %x, counter %x, %d before it: got %x, want %x", c.key, c.counter, back, got, c.want)
				}
			}
		}
		if n := k.Threefry(make([]byte, 31), make([]byte, 64), [2]uint32{}, 0, 0); n != 0 {
			t.Errorf("drew %d where there is no room for eight", n)
		}
	})
}

func TestChoose(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		r := rand.New(rand.NewPCG(25, 26))
		for _, n := range lengths {
			where, a, b := make([]uint8, n), make([]uint32, n), make([]uint32, n)
			for i := range where {
				where[i], a[i], b[i] = uint8(r.IntN(3)<<r.IntN(7)), r.Uint32(), r.Uint32()
			}
			dst, whole := fence[uint32](r, n, 77)
			k.Choose(dst, where, a, b)
			for i, got := range dst {
				if want := map[bool]uint32{true: a[i], false: b[i]}[where[i] != 0]; got != want {
					t.Fatalf("%d elements: element %d is %d, want %d", n, i, got, want)
				}
			}
			if !whole() {
				t.Fatalf("%d elements: wrote outside of the destination", n)
			}
		}
	})
}
