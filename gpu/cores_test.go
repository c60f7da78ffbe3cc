package gpu_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal"
)

// beside computes what a function builds of numbers of 16 bits, by the kernels for tensor
// cores, and of the same numbers in float32, by others.
func beside(t *testing.T, e *engine.Engine, dtype engine.Dtype, tolerance float64, build func(b *engine.Builder, in func(x *engine.Node) *engine.Node) *engine.Node) {
	t.Helper()
	b := e.NewBuilder()
	var got, want *engine.Array
	if err := b.Try(func() {
		answer := func(as engine.Dtype) *engine.Array {
			y := build(b, func(x *engine.Node) *engine.Node { return b.AsType(b.AsType(x, dtype), as) })
			return e.NewArray(b.AsType(y, engine.Float32))
		}
		got, want = answer(dtype), answer(engine.Float32)
	}); err != nil {
		t.Fatal(err)
	}
	holdClose(t, "answer", got, want, tolerance)
}

var quantizedCases = []struct {
	m, n, k, bits, group int
	mode                 string
	transpose            bool
}{
	{9, 70, 192, 4, 64, "affine", true},
	{33, 96, 64, 4, 32, "mxfp4", true},
	{20, 128, 72, 4, 64, "affine", false},
}

func TestQuantizedCores(t *testing.T) {
	backend, _ := newSimulated(t, metal.Options{})
	backend.UseCores()
	e := newEngine(t, backend)
	for i, c := range quantizedCases {
		dtype, tolerance := engine.Float16, 4e-3
		if i%2 != 0 {
			dtype, tolerance = engine.BFloat16, 2.4e-2
		}
		t.Run(fmt.Sprintf("%d/%s", i, dtype), func(t *testing.T) {
			beside(t, e, dtype, tolerance, func(b *engine.Builder, in func(*engine.Node) *engine.Node) *engine.Node {
				shape := []int{c.n, c.k}
				if !c.transpose {
					shape = []int{c.k, c.n}
				}
				w := b.AsType(b.Normal(shape, engine.Float32, nil, nil, b.Key(1)), dtype)
				x := in(b.Normal([]int{c.m, c.k}, engine.Float32, nil, nil, b.Key(2)))
				q := engine.Quantization{Mode: engine.QuantizeMode(c.mode), GroupSize: c.group, Bits: c.bits}
				parts := append(b.Quantize(w, q), nil)
				for i, p := range parts[1:] {
					if p != nil && p.Dtype() == dtype {
						parts[1+i] = in(p)
					}
				}
				return b.QuantizedMatMul(x, parts[0], parts[1], parts[2], c.transpose, q)
			})
		})
	}
	if !backend.Compiled("quantized_cores") {
		t.Error("no kernel for tensor cores ran")
	}
}

var lineCases = []struct {
	x, w   []int // w is turned
	kernel string
	added  bool
}{
	{x: []int{1, 64}, w: []int{37, 64}, kernel: "lines_1"},
	{x: []int{3, 72}, w: []int{21, 72}, kernel: "lines_4", added: true},
	{x: []int{1, 1288}, w: []int{19, 1288}, kernel: "parts_1", added: true},
	{x: []int{2, 4, 1024}, w: []int{2, 18, 1024}, kernel: "parts_4"},
	{x: []int{40, 8}, w: []int{1, 8}, kernel: "lines_1"},
}

// TestProductsByLines: few rows meet lines of a matrix, whole or in parts.
func TestProductsByLines(t *testing.T) {
	for _, c := range lineCases {
		backend, _ := newSimulated(t, metal.Options{})
		backend.UseCores()
		e := newEngine(t, backend)
		t.Run(fmt.Sprint(c.x, c.w), func(t *testing.T) {
			beside(t, e, engine.Float16, 4e-3, func(b *engine.Builder, in func(*engine.Node) *engine.Node) *engine.Node {
				x, w := in(b.Normal(c.x, engine.Float32, nil, nil, b.Key(1))), in(b.Normal(c.w, engine.Float32, nil, nil, b.Key(2)))
				order := []int{1, 0}
				if len(c.w) == 3 {
					order = []int{0, 2, 1}
				}
				w = b.Transpose(w, order)
				if !c.added {
					return b.MatMul(x, w)
				}
				return b.AddMM(in(b.Normal([]int{c.w[0]}, engine.Float32, nil, nil, b.Key(3))), x, w, 0.5, 2)
			})
		})
		if !backend.Ran(c.kernel) {
			t.Errorf("kernel %s did not run", c.kernel)
		}
	}
}

var convCases = []struct {
	x, w   []int
	stride []int
	low    []int
	by     []int
	groups int
	flip   bool
}{
	{x: []int{1, 5, 5, 8}, w: []int{16, 3, 3, 8}, stride: []int{1, 1}, low: []int{1, 1}, by: []int{1, 1}, groups: 1},
	{x: []int{2, 12, 16}, w: []int{72, 4, 16}, stride: []int{2}, low: []int{1}, by: []int{2}, groups: 1, flip: true},
	{x: []int{1, 5, 6, 32}, w: []int{16, 2, 2, 16}, stride: []int{2, 1}, low: []int{0, 1}, by: []int{1, 2}, groups: 2},
	{x: []int{1, 3, 3, 3, 8}, w: []int{9, 2, 2, 2, 8}, stride: []int{1, 1, 2}, low: []int{1, 0, 1}, by: []int{1, 1, 1}, groups: 1},
}

func TestConvolutionCores(t *testing.T) {
	backend, _ := newSimulated(t, metal.Options{})
	backend.UseCores()
	e := newEngine(t, backend)
	for i, c := range convCases {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			beside(t, e, engine.Float16, 4e-3, func(b *engine.Builder, in func(*engine.Node) *engine.Node) *engine.Node {
				ones := slices.Repeat([]int{1}, len(c.stride))
				at := engine.ConvAttrs{Stride: c.stride, Low: c.low, High: c.low, KernelDilation: c.by, InputDilation: ones, Groups: c.groups, Flip: c.flip}
				return b.Conv("conv", in(b.Normal(c.x, engine.Float32, nil, nil, b.Key(1))), in(b.Normal(c.w, engine.Float32, nil, nil, b.Key(2))), at)
			})
		})
	}
	if !backend.Compiled("conv_cores") {
		t.Error("no kernel for tensor cores ran")
	}
}

// TestSortsByDigits: lines of more elements than a threadgroup sorts, of the floats that
// are hard to order, and of integers with many equals, come in the processor's order.
func TestSortsByDigits(t *testing.T) {
	backend, _ := newSimulated(t, metal.Options{})
	backend.UseCores()
	e := newEngine(t, backend)
	for _, c := range []struct {
		dtype  engine.Dtype
		length int
	}{{engine.Float32, 300}, {engine.Float32, 4500}, {engine.BFloat16, 700}, {engine.Int8, 1400}} {
		t.Run(fmt.Sprint(c.dtype, " ", c.length), func(t *testing.T) {
			b := e.NewBuilder()
			var sorted, places, given *engine.Array
			if err := b.Try(func() {
				x := b.Normal([]int{2, c.length}, engine.Float32, nil, nil, b.Key(3))
				x = b.Mul(x, b.Scalar(9, engine.Float32))
				if c.dtype.IsFloat() { // zeros of both signs, infinities, NaN
					x = b.Div(b.Unary(engine.OpRint, x), b.Unary(engine.OpTrunc, b.Mul(x, b.Scalar(0.1, engine.Float32))))
				}
				x = b.AsType(x, c.dtype)
				given = e.NewArray(b.AsType(x, engine.Float32))
				sorted = e.NewArray(b.AsType(b.Sort(x, 1), engine.Float32))
				places = e.NewArray(b.AsType(b.ArgSort(x, 1), engine.Int32))
			}); err != nil {
				t.Fatal(err)
			}
			x, got, at := elements[float32](t, given), elements[float32](t, sorted), elements[int32](t, places)
			for row := range 2 {
				line := x[row*c.length:][:c.length]
				want := make([]int32, c.length)
				for i := range want {
					want[i] = int32(i)
				}
				slices.SortStableFunc(want, func(i, j int32) int {
					a, b := float64(line[i]), float64(line[j])
					switch {
					case a < b || math.IsNaN(b) && !math.IsNaN(a):
						return -1
					case b < a || math.IsNaN(a) && !math.IsNaN(b):
						return 1
					}
					return 0
				})
				for i, k := range want {
					have, y := got[row*c.length+i], line[k]
					if at[row*c.length+i] != k || have != y && !(math.IsNaN(float64(have)) && math.IsNaN(float64(y))) {
						t.Fatalf("row %d: element %d is %v from %d, want %v from %d", row, i, have, at[row*c.length+i], y, k)
					}
				}
			}
			for _, a := range []*engine.Array{given, sorted, places} {
				runtime.KeepAlive(a)
			}
		})
	}
	if !backend.Compiled("radix") {
		t.Error("no kernel by digits ran")
	}
}

func elements[T engine.Native](t *testing.T, a *engine.Array) []T {
	t.Helper()
	x, err := engine.ElementsOf[T](background, a)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
