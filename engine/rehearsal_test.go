package engine_test

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

var rehearsals = flag.Int("rehearsals", 300, "random graphs whose rehearsed peak is held to the one that comes")

// TestTheRehearsedPeakIsTheOneThatComes: to the byte, whatever the graph, since
// evaluations are admitted by it.
func TestTheRehearsedPeakIsTheOneThatComes(t *testing.T) {
	e, b := newEngine(t, 0)
	// What only a collection in the middle could find is not part of the plan.
	e.Account().SetCollectShare(0)
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for seed := range *rehearsals {
		g := &randomGraph{Rand: rand.New(rand.NewPCG(uint64(seed), 1)), b: b, e: e}
		var roots []*engine.Node
		built := make(chan struct{})
		go func() { // on a stack of its own, where no dead handle lingers
			defer close(built)
			roots = g.build(t)
		}()
		<-built
		var planned int64
		e.WatchRehearsals(func(peak int64) { planned = peak })
		before := active(e)
		for again := active(e); again != before; again = active(e) {
			before = again // the goroutine had not quite ended
		}
		e.Account().ResetPeak()
		if err := e.Eval(background, roots...); err != nil {
			t.Fatalf("graph %d: %v", seed, err)
		}
		if came := max(e.Account().Counters().Peak-before, 0); came != planned {
			t.Errorf("graph %d of %d operations: the peak was %d bytes above what was active, rehearsed %d", seed, g.operations, came, planned)
		}
		runtime.KeepAlive(g.handles)
		g.handles, roots = nil, nil
		active(e)
	}
}

// randomGraph draws a graph over a few arrays that are held or not.
type randomGraph struct {
	*rand.Rand
	b          *engine.Builder
	e          *engine.Engine
	nodes      []*engine.Node
	handles    []*engine.Array
	operations int
}

func (g *randomGraph) build(t *testing.T) (roots []*engine.Node) {
	side := 16 << g.IntN(4)
	for range 3 {
		x := g.b.Add(g.b.Full([]int{side, side}, complex(float64(g.IntN(5)), 0), engine.Float32), g.b.Full([]int{side, 1}, 1, engine.Float32))
		a := g.e.NewArray(x)
		if err := a.Eval(background); err != nil {
			t.Error(err)
		}
		if g.IntN(2) == 0 {
			g.handles = append(g.handles, a)
		}
		g.nodes = append(g.nodes, a.Node())
	}
	g.operations = 5 + g.IntN(80)
	for range g.operations {
		n := g.draw(side)
		if g.IntN(12) == 0 {
			g.handles = append(g.handles, g.e.NewArray(n))
		}
		g.nodes = append(g.nodes, n)
	}
	for range 1 + g.IntN(3) {
		a := g.e.NewArray(g.nodes[len(g.nodes)-1-g.IntN(5)])
		g.handles = append(g.handles, a)
		roots = append(roots, a.Node())
	}
	g.nodes = nil
	return roots
}

// pick takes a node, a late one more likely.
func (g *randomGraph) pick() *engine.Node {
	i := len(g.nodes) - 1 - min(g.IntN(len(g.nodes)), g.IntN(len(g.nodes)))
	return g.nodes[i]
}

// draw makes an operation whose result is square again.
func (g *randomGraph) draw(side int) *engine.Node {
	b, x, y := g.b, g.pick(), g.pick()
	all := func(n int) []int { return []int{n, n} }
	switch g.IntN(12) {
	case 0:
		return b.Unary(engine.OpExp, x)
	case 1:
		return b.Neg(x)
	case 2, 3:
		return b.Add(x, y)
	case 4:
		return b.Binary(engine.OpMultiply, x, y)
	case 5:
		return b.MatMul(x, y)
	case 6:
		return b.Transpose(x, nil)
	case 7:
		return b.Reshape(b.Reshape(x, []int{-1}), all(side))
	case 8:
		return b.Add(x, b.Narrow(y, g.IntN(2), 0, 1))
	case 9:
		half := side / 2
		return b.Concatenate([]*engine.Node{b.Narrow(x, 0, 0, half), b.Narrow(y, 0, half, side)}, 0)
	case 10:
		return b.AsType(b.AsType(x, engine.Float16), engine.Float32)
	}
	return b.Broadcast(b.Reduce(engine.OpSum, x, []int{1}, true), all(side))
}
