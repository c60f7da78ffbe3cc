package engine_test

import (
	"strconv"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestLastReadersRunTogether: what a chain leaves behind, large arrays that several
// small results have yet to be computed from, does not pile up until they are asked for.
func TestLastReadersRunTogether(t *testing.T) {
	e, b := newEngine(t, 0)
	const layers, side = 12, 256
	large := int64(side * side * 4)
	d := b.Full([]int{side, side}, 0.5, engine.Float32)
	var small []*engine.Node
	for range layers {
		d = b.MatMul(d, d)
		// Each alone makes memory and frees none.
		small = append(small, b.Sum(d, []int{0}, false), b.Reduce(engine.OpMax, d, []int{1}, false), b.ArgReduce(engine.OpArgMax, d, 0, false))
	}
	roots := append([]*engine.Node{d}, small...)
	p, err := e.Plan(roots...)
	if err != nil {
		t.Fatal(err)
	}
	if p.Peak > 6*large {
		t.Errorf("a chain of %d products and their sums take %d bytes at their peak, want that of a few products (%d each)", layers, p.Peak, large)
	}
}

// BenchmarkPlanWide plans graphs in which one operation reads very many arrays that
// others read as well: the time for each of them should not depend on how many there are.
func BenchmarkPlanWide(b *testing.B) {
	for _, n := range []int{500, 4000, 32000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			e, bd := newEngine(b, 0)
			x := bd.Add(bd.Full([]int{4096}, 1, engine.Float32), bd.Full([]int{4096}, 2, engine.Float32))
			parts, roots := make([]*engine.Node, n), []*engine.Node{}
			for i := range parts {
				parts[i] = bd.Binary(engine.OpMultiply, x, bd.Scalar(float64(i), engine.Float32))
				roots = append(roots, bd.Sum(parts[i], nil, false))
			}
			roots = append(roots, bd.Concatenate(parts, 0))
			for b.Loop() {
				if _, err := e.Plan(roots...); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/part")
		})
	}
}
