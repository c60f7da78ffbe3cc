package cpu

import (
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestColumnReductions holds reductions by columns, cut every way, against those of
// rows that hold the same numbers.
func TestColumnReductions(t *testing.T) {
	e := newEngine(t, Options{})
	for _, shape := range [][3]int{{1, 30_000, 7}, {1, 9000, 33}, {2, 5000, 40}, {1, 200, 3001}, {300, 20, 3}} {
		for _, d := range []engine.Dtype{engine.Float32, engine.Float16, engine.Float64, engine.Int32} {
			for op, bound := range map[*engine.Op]float64{engine.OpSum: 1, engine.OpProd: 1, engine.OpMax: 0, engine.OpMin: 0, engine.OpArgMax: 0, engine.OpLogSumExp: 2} {
				if op == engine.OpLogSumExp && d == engine.Int32 {
					continue
				}
				if bound == 1 && d == engine.Float64 {
					bound = 1000 // roundings of another order
				}
				numbers := func(b *engine.Builder) *engine.Node {
					x := b.Unary(engine.OpAbs, b.Normal(shape[:], engine.Float32, nil, b.Scalar(0.1, engine.Float32), b.Key(7)))
					if op == engine.OpProd { // near 1, so that products stay in range
						x = b.Unary(engine.OpExp, b.Mul(x, b.Scalar(0.001, engine.Float32)))
					}
					if d == engine.Int32 {
						x = b.Mul(x, b.Scalar(1000, engine.Float32))
					}
					return b.AsType(x, d)
				}
				fold := func(b *engine.Builder, x *engine.Node, axis int) *engine.Node {
					if op == engine.OpArgMax {
						return b.ArgReduce(op, x, axis, false)
					}
					return b.Reduce(op, x, []int{axis}, false)
				}
				n, got, err := evaluate(e, func(b *engine.Builder) *engine.Node { return fold(b, numbers(b), 1) })
				if err != nil {
					t.Fatal(err)
				}
				_, want, err := evaluate(e, func(b *engine.Builder) *engine.Node {
					return fold(b, b.Contiguous(b.Transpose(numbers(b), []int{0, 2, 1})), 2)
				})
				if err != nil {
					t.Fatal(err)
				}
				x, y := elementsOf(got), elementsOf(want)
				for i := range x {
					if far := apart(n.Dtype(), x[i].Float, y[i].Float); !(far <= bound) || x[i].Int != y[i].Int {
						t.Errorf("%s of %v%v: result %d: got %v, want %v", op.Name, d, shape, i, x[i], y[i])
						break
					}
				}
			}
		}
	}
}
