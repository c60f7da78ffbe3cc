package cpu

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestFoldsTogether: what is folded along several axes at once is what it is after they are
// brought together, whichever of them lie side by side.
func TestFoldsTogether(t *testing.T) {
	e := newEngine(t, Options{})
	for _, shape := range [][]int{{3, 40, 5, 4}, {2, 3, 70, 256}, {7, 2, 33, 9}, {600, 1, 90, 2}} {
		for _, axes := range [][]int{{1, 3}, {0, 3}, {0, 1, 3}} {
			for _, d := range []engine.Dtype{engine.Float32, engine.BFloat16, engine.Int16} {
				whole := func(b *engine.Builder) *engine.Node {
					return b.AsType(b.Mul(b.Normal(shape, engine.Float32, nil, nil, b.Key(1)), b.Scalar(5, engine.Float32)), d)
				}
				for _, op := range []*engine.Op{engine.OpSum, engine.OpMax, engine.OpMin} {
					_, got, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.Reduce(op, whole(b), axes, false) })
					if err != nil {
						t.Fatal(err)
					}
					_, want, err := evaluate(e, func(b *engine.Builder) *engine.Node {
						x := b.AsType(whole(b), engine.Float64)
						if d == engine.Int16 {
							x = b.AsType(x, engine.Int32)
						}
						for i := len(axes) - 1; i >= 0; i-- {
							x = b.Reduce(op, x, []int{axes[i]}, false)
						}
						return b.AsType(x, got.Dtype)
					})
					if err != nil {
						t.Fatal(err)
					}
					agree(t, got.Dtype, elementsOf(got), elementsOf(want), 1, fmt.Sprint(op.Name, shape, axes, d))
				}
			}
		}
	}
}

// TestBoolFolds holds the folds of words against those of bytes, of any values.
func TestBoolFolds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	ts := new(tiles)
	for n := range 100 {
		for _, odds := range []int{0, 1, 50, 255} {
			x := make([]truth, 300*n)
			for i := range x {
				if r.IntN(256) < odds {
					x[i] = truth(1 + r.IntN(255))
				} else if odds == 255 {
					x[i] = 0
				}
			}
			foldsAgree(t, ts, fmt.Sprint(n, " of ", odds), x[:n], n, 1)
			foldsAgree(t, ts, fmt.Sprint("300 lines of ", n, " of ", odds), x, n, 300)
		}
	}
}

func foldsAgree(t *testing.T, ts *tiles, name string, x []truth, n, rows int) {
	t.Helper()
	some, every, count := make([]truth, n), make([]truth, n), make([]int32, n)
	fill(every, allFold().start)
	c := countFold()
	c.lines(ts, count, x, rows, n, 0)
	var total int32
	anyWant, allWant := truth(0), truth(1)
	for i := range rows {
		line := x[i*n:][:n]
		anyFold().column(ts, some, line, i)
		allFold().column(ts, every, line, i)
		total = c.row(ts, total, line, 0)
	}
	for j := range n {
		var hits int32
		for i := range rows {
			hits += int32(truthOf(x[i*n+j] != 0))
		}
		total -= hits
		if hits > 0 {
			anyWant = 1
		}
		if int(hits) < rows {
			allWant = 0
		}
		if count[j] != hits || truthOf(some[j] != 0) != truthOf(hits > 0) || every[j] != truthOf(int(hits) == rows) {
			t.Fatalf("%s: column %d: %d true of %d, any %d, all %d", name, j, count[j], hits, some[j], every[j])
		}
	}
	if total != 0 || anyFold().row(ts, 0, x, 0) != anyWant || allFold().row(ts, 1, x, 0) != allWant {
		t.Fatalf("%s: rows miscounted by %d", name, total)
	}
}
