package gpu_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal"
)

// TestFailureCrossesQueues: a failure of one queue is known to the others before
// they settle work that waited for it, however soon the GPU lets that run.
func TestFailureCrossesQueues(t *testing.T) {
	b, sim := newSimulated(t, metal.Options{})
	e := newEngine(t, b)
	other, err := e.NewStream(b.Device())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ kind, want string }{{"index", "index 5 is out of bounds"}, {"execution", "gave up"}} {
		for round := range 150 {
			at := 5.0
			if c.kind == "execution" {
				at = 1
			}
			sum, err := e.NewBuilder().Build(func(build *engine.Builder) *engine.Node {
				taken := build.Take(build.Arange(0, 1, 3, engine.Int32), build.Arange(at, 1, 1, engine.Int32), 0)
				build.Stream = other
				return build.Sum(taken, nil, false)
			})
			if err != nil {
				t.Fatal(err)
			}
			if c.kind == "execution" {
				sim.Fail(c.kind, []int{-2, 1, 2}[round%3])
			}
			err = e.Eval(background, sum)
			sim.Fail(c.kind, 0)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%s, round %d: the sum's error is %v, want %q", c.kind, round, err, c.want)
			}
		}
	}
}
