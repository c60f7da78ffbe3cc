package engine_test

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestPlansAreFollowed: graphs of one structure are arranged as the first of them was, and
// give the same elements by the same peak.
func TestPlansAreFollowed(t *testing.T) {
	e, b := newEngine(t, 0)
	e.Account().SetCollectShare(0)
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	graphs := []func() ([]*engine.Array, []*engine.Node){func() ([]*engine.Array, []*engine.Node) { return nil, backAndForth(b) }}
	for seed := range 40 {
		graphs = append(graphs, func() ([]*engine.Array, []*engine.Node) {
			g := &randomGraph{Rand: rand.New(rand.NewPCG(uint64(seed), 7)), b: b, e: e}
			roots := g.build(t)
			return g.handles, roots
		})
	}
	again := 0
	for i, build := range graphs {
		var first [][]byte
		var peaks [5]int64
		for k := range peaks {
			var handles []*engine.Array
			var roots []*engine.Node
			built := make(chan struct{})
			go func() { // on a stack of its own, where no dead handle lingers
				defer close(built)
				handles, roots = build()
			}()
			<-built
			active(e)
			e.WatchRehearsals(func(peak int64) { peaks[k] = peak })
			was := e.Replays()
			if err := e.Eval(background, roots...); err != nil {
				t.Fatalf("graph %d: %v", i, err)
			}
			if e.Replays() > was {
				again++
				if i == 0 && k < 2 {
					t.Errorf("evaluation %d of the first graph was arranged by a plan that there could not be", k)
				}
			} else if i == 0 && k >= 2 {
				t.Errorf("evaluation %d of the first graph was not arranged by its plan", k)
			}
			for r, root := range roots {
				got, err := e.Dense(background, root)
				if err != nil {
					t.Fatal(err)
				}
				if k == 0 {
					first = append(first, bytes.Clone(got))
				} else if !bytes.Equal(got, first[r]) {
					t.Errorf("graph %d, evaluation %d: root %d has other elements than at first", i, k, r)
				}
			}
			runtime.KeepAlive(handles)
			handles, roots = nil, nil
			active(e)
		}
		if i == 0 && (peaks[1] != peaks[2] || peaks[2] != peaks[4]) {
			t.Errorf("the first graph's peaks are %d bytes", peaks)
		}
	}
	if again < len(graphs) {
		t.Errorf("%d evaluations of %d graphs, five of each, were arranged by plans", again, len(graphs))
	}
}

// backAndForth is a graph whose second half reads what the first made, in reverse: what is
// light is done again there.
func backAndForth(b *engine.Builder) []*engine.Node {
	const layers, side = 30, 128
	w := b.Full([]int{side, side}, 1.0/side, engine.Float32)
	h := b.Broadcast(b.Arange(0, 1, side, engine.Float32), []int{side, side})
	var made, light []*engine.Node
	for range layers {
		h = b.MatMul(h, w)
		made, light = append(made, h), append(light, b.Mul(h, b.Scalar(0.5, engine.Float32)))
		h = b.Add(h, light[len(light)-1])
	}
	for i := layers - 1; i >= 0; i-- {
		h = b.Mul(b.Add(b.MatMul(h, w), light[i]), made[i])
	}
	return []*engine.Node{h}
}
