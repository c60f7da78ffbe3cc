package cpu

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// countdown is a context that ends when it has been asked so many times.
type countdown struct {
	context.Context
	asked, last atomic.Int64
}

func (c *countdown) Err() error {
	if c.asked.Add(1) >= c.last.Load() {
		return context.Canceled
	}
	return nil
}

// TestOrderingsAsk: every step of a long ordering, from the first copy to the last,
// asks whether it is still wanted.
func TestOrderingsAsk(t *testing.T) {
	be, err := New(Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer be.Close()
	const n = 2 * checkEvery
	operand := func(d engine.Dtype) engine.Operand {
		return engine.Operand{Dtype: d, Shape: []int{n}, Strides: []int{1}, Data: make([]byte, n*d.Size())}
	}
	for _, c := range []struct {
		op      *engine.Op
		in, out engine.Dtype
		steps   int64 // that go over all elements
	}{
		{engine.OpSort, engine.Float32, engine.Float32, 3}, {engine.OpArgSort, engine.Float32, engine.Uint32, 3},
		{engine.OpArgSort, engine.Int64, engine.Uint32, 3},
	} {
		in := operand(c.in)
		for i := range in.Data {
			in.Data[i] = byte(i * i >> 11)
		}
		run := func(last int64) (asked int64, err error) {
			ctx := &countdown{Context: context.Background()}
			ctx.last.Store(last)
			task := &engine.Task{Ctx: ctx, Op: c.op, Attrs: engine.SortAttrs{}, In: []engine.Operand{in}, Out: []engine.Operand{operand(c.out)}}
			task.Workspace.Data = make([]byte, be.Workspace(c.op)(task))
			err = be.run(task)
			return ctx.asked.Load(), err
		}
		asked, err := run(1 << 40)
		if err != nil || asked < c.steps*n/checkEvery {
			t.Errorf("%s of %v asked %d times: %v", c.op.Name, c.in, asked, err)
		}
		for _, last := range []int64{1, asked} {
			if _, err := run(last); !errors.Is(err, context.Canceled) {
				t.Errorf("%s of %v, cancelled when it had asked %d times of %d: got %v", c.op.Name, c.in, last, asked, err)
			}
		}
	}
}
