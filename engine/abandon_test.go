package engine_test

import (
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestAbandonedConsumers: what only a discarded result would have read does not outlast
// an evaluation, however long the way to it.
func TestAbandonedConsumers(t *testing.T) {
	e, b := newEngine(t, 0)
	for _, length := range []int{1, 1_000_000} {
		x := b.MatMul(b.Full([]int{512, 512}, 1, engine.Float32), b.Full([]int{512, 512}, 1, engine.Float32))
		n := x
		for range length {
			n = b.Neg(n)
		}
		unwanted := e.NewArray(n)
		wanted := e.NewArray(b.Sum(b.MatMul(x, x), nil, false))
		before := active(e)
		unwanted.Discard()
		if err := wanted.Eval(background); err != nil {
			t.Fatal(err)
		}
		// What a task in flight held is let go of as the next evaluation begins.
		if err := e.NewArray(b.Neg(ones(b, 1))).Eval(background); err != nil {
			t.Fatal(err)
		}
		if left := e.Account().Active() - before; left > 16<<10 {
			t.Errorf("%d bytes are left for %d operations that were let go of", left, length)
		}
	}
}

// TestAbandonedNodesRevive: Go code may build on nodes whose last handle is gone.
func TestAbandonedNodesRevive(t *testing.T) {
	e, b := newEngine(t, 0)
	x := b.Add(ones(b, 4096), ones(b, 4096))
	n := b.Neg(b.Neg(x))
	e.NewArray(n).Discard()
	read := e.NewArray(b.Sum(n, nil, false))
	other := e.NewArray(b.Sum(x, nil, false))
	for _, a := range []*engine.Array{other, read, e.NewArray(n)} {
		if err := a.Eval(background); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := engine.ElementsOf[float32](background, read); err != nil || v[0] != 8192 {
		t.Errorf("the sum is %v, %v", v, err)
	}
}

// TestDoubtedHandles: the value of a function that only a gradient was wanted of.
func TestDoubtedHandles(t *testing.T) {
	e, b := newEngine(t, 0)
	x := b.MatMul(b.Full([]int{512, 512}, 1, engine.Float32), b.Full([]int{512, 512}, 1, engine.Float32))
	alive, dead := e.NewArray(b.Sum(x, nil, false)), e.NewArray(b.Reduce(engine.OpMax, x, nil, false))
	e.Doubt(alive)
	e.Doubt(dead)
	dead = nil
	wanted := e.NewArray(b.Sum(b.MatMul(x, x), nil, false))
	if err := wanted.Eval(background); err != nil {
		t.Fatal(err)
	}
	// The doubted handle that is alive still has its value.
	if err := alive.Eval(background); err != nil {
		t.Fatal(err)
	}
	if v, err := engine.ElementsOf[float32](background, alive); err != nil || v[0] != 512*512*512 {
		t.Errorf("the sum is %v, %v", v, err)
	}
	_ = dead
}
