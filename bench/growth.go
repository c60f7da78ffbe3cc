package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/mlxstar/mlxstar"
)

// Cost is to grow as the work does: for the size of arrays that is what --scale
// measures, for the size of graphs and the number of runtimes these rows.

// graphRows evaluate graphs of 1e3 to 1e6 operations on one element.
func graphRows() []row {
	var rows []row
	one := []input{floats("a", 1), floats("b", 1)}
	for _, n := range []int{1e3, 1e4, 1e5, 1e6} {
		rows = append(rows,
			row{name: fmt.Sprintf("graph_chain_%d", n), in: one, units: n,
				body: fmt.Sprintf("x = a\nfor _ in range(%d):\n    x = x + b\nmx.eval(x)", n)},
			row{name: fmt.Sprintf("graph_tree_%d", n), in: one, units: n,
				body: fmt.Sprintf("xs = [a + b for _ in range(%d)]\nwhile len(xs) > 1:\n    xs = [xs[i] * xs[i + 1] for i in range(0, len(xs) - 1, 2)]\nmx.eval(xs)", n/2)})
	}
	return rows
}

// runtimeCounts are the numbers of runtimes that work at once in one process.
var runtimeCounts = []int{1, 4, 16, 64}

const runtimeWork = `
import mlx.core as mx
w = mx.random.normal((128, 128)) * 0.1
mx.eval(w)
def step():
    h = w
    for _ in range(50):
        h = mx.tanh(h @ w)
        mx.eval(h)
`

// measureRuntimes gives the seconds that count runtimes, each on a goroutine of
// its own, take for a step of each.
func measureRuntimes(ctx context.Context, count, threads int, e effort) (times, busy []float64, err error) {
	runtimes := make([]*mlxstar.Runtime, count)
	for i := range runtimes {
		rt, err := mlxstar.New(mlxstar.Options{Threads: threads})
		if err != nil {
			return nil, nil, err
		}
		defer rt.Close()
		if err := rt.Exec(ctx, "setup", runtimeWork); err != nil {
			return nil, nil, err
		}
		runtimes[i] = rt
	}
	return repeat(e, 0, func() error {
		errs := make([]error, count)
		var all sync.WaitGroup
		for i, rt := range runtimes {
			all.Go(func() { _, errs[i] = rt.Call(ctx, "step") })
		}
		all.Wait()
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	})
}
