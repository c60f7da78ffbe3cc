package cpu

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// filler makes a contiguous array of the shape from a dtype's sample values.
type filler func(shape ...int) *engine.Node

// layout is a way for an array of a shape to lie in memory.
type layout struct {
	name string
	make func(b *engine.Builder, f filler, shape []int) *engine.Node
}

var layouts = []layout{
	{"contiguous", func(_ *engine.Builder, f filler, s []int) *engine.Node { return f(s...) }},
	{"transposed", func(b *engine.Builder, f filler, s []int) *engine.Node { return b.Transpose(f(turned(s)...), nil) }},
	{"reversed", func(b *engine.Builder, f filler, s []int) *engine.Node {
		start, step := make([]int, len(s)), make([]int, len(s))
		for i := range s {
			start[i], step[i] = s[i]-1, -1
		}
		return b.Slice(f(s...), start, step, s)
	}},
	{"mirrored", func(b *engine.Builder, f filler, s []int) *engine.Node {
		x := b.Transpose(f(turned(s)...), nil)
		if len(s) == 0 {
			return x
		}
		start, step := make([]int, len(s)), make([]int, len(s))
		for i := range s {
			step[i] = 1
		}
		last := len(s) - 1
		start[last], step[last] = s[last]-1, -1
		return b.Slice(x, start, step, s)
	}},
	{"sliced", func(b *engine.Builder, f filler, s []int) *engine.Node {
		start, step, wide := make([]int, len(s)), make([]int, len(s)), make([]int, len(s))
		for i := range s {
			start[i], step[i], wide[i] = 1, 2, 2*s[i]+1
		}
		return b.Slice(f(wide...), start, step, s)
	}},
	{"cut", func(b *engine.Builder, f filler, s []int) *engine.Node {
		start, step, wide := make([]int, len(s)), make([]int, len(s)), make([]int, len(s))
		for i := range s {
			start[i], step[i], wide[i] = 1, 1, s[i]+2
		}
		return b.Slice(f(wide...), start, step, s)
	}},
	{"row", func(b *engine.Builder, f filler, s []int) *engine.Node { return b.Broadcast(f(unit(s, 0)...), s) }},
	{"column", func(b *engine.Builder, f filler, s []int) *engine.Node {
		return b.Broadcast(f(unit(s, len(s)-1)...), s)
	}},
	{"scalar", func(b *engine.Builder, f filler, s []int) *engine.Node { return b.Broadcast(f(), s) }},
}

func turned(s []int) []int {
	t := make([]int, len(s))
	for i := range s {
		t[len(s)-1-i] = s[i]
	}
	return t
}

func unit(s []int, axis int) []int {
	t := append([]int(nil), s...)
	if axis >= 0 && axis < len(t) {
		t[axis] = 1
	}
	return t
}

// testShapes have long rows, short rows, several axes, none, and no elements.
var testShapes = [][]int{{5, 130}, {40, 6}, {3, 4, 5}, {}, {7}, {0, 3}}

// samples are the values that arrays are filled with.
func samples(d engine.Dtype) []complex128 {
	switch {
	case d == engine.Bool:
		return []complex128{0, 1, 1, 0, 1}
	case d.IsUnsigned():
		return []complex128{0, 1, 2, 3, 5, 7, 31, 100, 127, 200, 255}
	case d.IsInteger():
		return []complex128{0, 1, 2, -1, -2, 3, 5, -7, 31, 100, 127, -128}
	case d.IsComplex():
		return []complex128{0, 1, 2i, -1 + 1i, 0.5 - 0.25i, 3 + 4i, -2.5 - 1i, 1 + 2i, 1 - 2i, 0.125i}
	}
	inf := complex(math.Inf(1), 0)
	return []complex128{0, 1, -1, 0.5, 2.5, -2.5, 3, 10, -7.25, 0.001, -0.75, complex(math.Copysign(0, -1), 0), inf, -inf, complex(math.NaN(), 0), 60}
}

// sampled gives a filler of the dtype's samples, beginning with the skip-th.
func sampled(b *engine.Builder, d engine.Dtype, skip int) filler {
	return fillWith(b, d, samples(d), skip)
}

func fillWith(b *engine.Builder, d engine.Dtype, values []complex128, skip int) filler {
	return func(shape ...int) *engine.Node {
		n := shapes.Elements(shape)
		data := make([]byte, n*d.Size())
		for i := range n {
			dtype.PutElement(data[i*d.Size():], d, values[(i+skip)%len(values)])
		}
		return b.FromBytes(data, d, shape)
	}
}

// elementsOf reads an operand in row-major order.
func elementsOf(o engine.Operand) []engine.Element {
	out := make([]engine.Element, 0, o.Len())
	o.Each(func(at int) { out = append(out, o.At(at)) })
	return out
}

// near reports whether two elements agree to within a few units in the last
// place of the dtype, NaN agreeing with NaN.
func near(d engine.Dtype, a, b engine.Element, ulps float64) bool {
	switch {
	case d.IsFloat():
		return nearFloat(d, a.Float, b.Float, ulps)
	case d.IsComplex():
		x, y := complex128(a.Complex), complex128(b.Complex)
		if nearFloat(engine.Float64, real(x), real(y), 0) && nearFloat(engine.Float64, imag(x), imag(y), 0) {
			return true
		}
		size := math.Max(cmplx.Abs(y), 1e-30)
		return cmplx.Abs(x-y) <= ulps*0x1p-23*size
	}
	return a.Int == b.Int
}

// fractionBits is the length of a float's fraction.
var fractionBits = map[engine.Dtype]int{engine.Float16: 10, engine.BFloat16: 7, engine.Float32: 23, engine.Float64: 52}

var smallestExponent = map[engine.Dtype]int{engine.Float16: -14, engine.BFloat16: -126, engine.Float32: -126, engine.Float64: -1022}

func nearFloat(d engine.Dtype, a, b, ulps float64) bool {
	switch {
	case a == b || math.IsNaN(a) && math.IsNaN(b):
		return true
	case math.IsNaN(a) || math.IsNaN(b) || math.IsInf(a, 0) || math.IsInf(b, 0):
		return false
	}
	_, exp := math.Frexp(b)
	exp = max(exp-1, smallestExponent[d])
	return math.Abs(a-b) <= ulps*math.Ldexp(1, exp-fractionBits[d])
}

// rounded is the element that a number becomes in a dtype.
func rounded(d engine.Dtype, v complex128) engine.Element {
	var p dtype.Bytes
	dtype.PutElement(p[:], d, v)
	return dtype.ReadElement(p[:], d)
}

// number is an element's value.
func number(d engine.Dtype, e engine.Element) complex128 {
	switch {
	case d.IsComplex():
		return e.Complex
	case d.IsFloat():
		return complex(e.Float, 0)
	}
	return complex(float64(e.Int), 0)
}

func agree(t *testing.T, d engine.Dtype, got, want []engine.Element, ulps float64, what ...any) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%v: %d elements, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if !near(d, got[i], want[i], ulps) {
			t.Errorf("%v: element %d is %v, want %v", what, i, number(d, got[i]), number(d, want[i]))
			return
		}
	}
}
