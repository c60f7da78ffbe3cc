package cpu

import (
	"math"
	"slices"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestCodesOfOddRows: what a row of x gives does not depend on those beside it, also where some
// of them have infinities, or numbers too small or large for fixed point. NaN goes to all that its row gives.
func TestCodesOfOddRows(t *testing.T) {
	e := newEngine(t, Options{})
	const k, n = 192, 37
	odd := []float64{1, math.Inf(1), 2, 0x1p-120, 0x1p110, 3, math.NaN(), 0}
	for _, bits := range []int{2, 3, 4, 5, 6, 8} {
		product := func(b *engine.Builder, rows []float64) *engine.Node {
			q := engine.Quantization{Mode: "affine", GroupSize: 32, Bits: bits}
			c := b.Quantize(b.Normal([]int{n, k}, engine.Float32, nil, nil, b.Key(5)), q)
			var x []*engine.Node
			for _, v := range rows {
				line := b.Unary(engine.OpSin, b.Arange(1, 1, k, engine.Float32))
				x = append(x, b.Reshape(b.Mul(line, b.Scalar(v, engine.Float32)), []int{1, k}))
			}
			return b.QuantizedMatMul(b.Concatenate(x, 0), c[0], c[1], c[2], true, q)
		}
		numbers := func(rows []float64) []float32 {
			_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return product(b, rows) })
			if err != nil {
				t.Fatal(err)
			}
			return slices.Clone(dense[float32](&o))
		}
		all := numbers(odd)
		for i, v := range odd {
			for j, want := range numbers([]float64{v}) {
				got := all[i*n+j]
				if math.Float32bits(got) != math.Float32bits(want) && !(math.IsNaN(float64(got)) && math.IsNaN(float64(want))) {
					t.Fatalf("%d bits: column %d of row %d, times %v, is %v among others and %v alone", bits, j, i, v, got, want)
				}
				if finite := !math.IsInf(v, 0) && !math.IsNaN(v); finite == (math.IsNaN(float64(got)) || math.IsInf(float64(got), 0)) {
					t.Fatalf("%d bits: column %d of row %d, times %v, is %v", bits, j, i, v, got)
				}
				if one := float64(all[j]) * v; v == 0x1p-120 || v == 0x1p110 {
					if math.Abs(float64(got)-one) > 1e-4*math.Abs(v)*k {
						t.Fatalf("%d bits: column %d of row %d is %v, want about %v", bits, j, i, got, one)
					}
				}
			}
		}
	}
}
