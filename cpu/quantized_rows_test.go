package cpu

import (
	"math"
	"slices"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestCodesOfOddRows: what a row of x gives does not depend on those beside it, also where some
// of them have infinities, or numbers too small or large for fixed point. NaN goes to all that its row gives.
// Few rows and many are multiplied by kernels of their own.
func TestCodesOfOddRows(t *testing.T) {
	odd := []float64{1, math.Inf(1), 2, 0x1p-120, 0x1p110, 3, math.NaN(), 0}
	for _, copies := range []int{1, 9} {
		for _, bits := range []int{2, 3, 4, 5, 6, 8} {
			testOddRows(t, odd, copies, bits)
		}
	}
}

func testOddRows(t *testing.T, odd []float64, copies, bits int) {
	e := newEngine(t, Options{})
	const k, n = 160, 37
	numbers := func(rows []float64) []float32 {
		_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
			q := engine.Quantization{Mode: "affine", GroupSize: 32, Bits: bits}
			c := b.Quantize(b.Normal([]int{n, k}, engine.Float32, nil, nil, b.Key(5)), q)
			var x []*engine.Node
			for _, v := range rows {
				line := b.Unary(engine.OpSin, b.Arange(1, 1, k, engine.Float32))
				x = append(x, b.Reshape(b.Mul(line, b.Scalar(v, engine.Float32)), []int{1, k}))
			}
			return b.QuantizedMatMul(b.Concatenate(x, 0), c[0], c[1], c[2], true, q)
		})
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(dense[float32](&o))
	}
	kernels := vectorKernels(Options{})
	stored := kernels != nil && kernels.Codes.Whole.Rows != nil // elsewhere few rows are taken in another order than many
	all := numbers(slices.Repeat(odd, copies))
	for i, v := range odd {
		for j, want := range numbers(slices.Repeat([]float64{v}, copies))[:n] {
			got := all[i*n+j]
			same := math.Float32bits(got) == math.Float32bits(want) || math.IsNaN(float64(got)) && math.IsNaN(float64(want))
			if !stored && !same {
				same = math.Abs(float64(got)-float64(want)) <= 1e-5*math.Abs(v)*k
			}
			if !same {
				t.Fatalf("%d bits: column %d of row %d, times %v, is %v among others and %v alone", bits, j, i, v, got, want)
			}
			if last := all[(len(odd)*(copies-1)+i)*n+j]; stored && math.Float32bits(got) != math.Float32bits(last) && !math.IsNaN(float64(got)) {
				t.Fatalf("%d bits: column %d of row %d, times %v, is %v and %v", bits, j, i, v, got, last)
			}
			if finite := !math.IsInf(v, 0) && !math.IsNaN(v); finite == (math.IsNaN(float64(got)) || math.IsInf(float64(got), 0)) {
				t.Fatalf("%d bits: column %d of row %d, times %v, is %v", bits, j, i, v, got)
			}
			if one := float64(all[j]) * v; v == 0x1p-120 || v == 0x1p110 {
				if math.Abs(float64(got)-one) > 1e-5*math.Abs(v)*k {
					t.Fatalf("%d bits: column %d of row %d is %v, want about %v", bits, j, i, got, one)
				}
			}
		}
	}
}

// TestManyRowsOfCodes holds products of many rows to products by the numbers that codes stand for.
func TestManyRowsOfCodes(t *testing.T) {
	e := newEngine(t, Options{})
	for _, c := range []struct{ bits, size, m, n, k int }{
		{4, 64, 9, 16, 64}, {4, 64, 300, 70, 2112}, {4, 32, 33, 600, 96}, {8, 128, 17, 65, 384}, {3, 64, 48, 33, 192}, {5, 32, 20, 17, 160}, {6, 64, 16, 48, 128}, {2, 64, 31, 1, 640}, {4, 32, 40, 40, 16416},
	} {
		for _, d := range []engine.Dtype{engine.Float32, engine.BFloat16, engine.Float16} {
			_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
				q := engine.Quantization{Mode: "affine", GroupSize: c.size, Bits: c.bits}
				w := b.Quantize(b.AsType(b.Normal([]int{c.n, c.k}, engine.Float32, nil, nil, b.Key(6)), d), q)
				x := b.AsType(b.Normal([]int{c.m, c.k}, engine.Float32, nil, nil, b.Key(7)), d)
				got := b.AsType(b.QuantizedMatMul(x, w[0], w[1], w[2], true, q), engine.Float64)
				wide := func(n *engine.Node) *engine.Node { return b.AsType(n, engine.Float64) }
				numbers := b.Dequantize(w[0], b.AsType(w[1], engine.Float32), b.AsType(w[2], engine.Float32), q, engine.Float32)
				want := b.MatMul(wide(x), b.Transpose(wide(numbers), []int{1, 0}))
				return b.Reduce(engine.OpMax, b.Unary(engine.OpAbs, b.Sub(got, want)), nil, false)
			})
			if err != nil {
				t.Fatal(err)
			}
			most := 1e-6 * float64(c.k)
			if d != engine.Float32 {
				most = math.Sqrt(float64(c.k)) * 8 / 256
			}
			if off := dense[float64](&o)[0]; !(off <= most) {
				t.Errorf("%v of %d bits, groups of %d, (%d,%d) by (%d,%d): off by %v, want at most %v", d, c.bits, c.size, c.m, c.k, c.k, c.n, off, most)
			}
		}
	}
}
