package cpu

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// fixture is a backend, one queue and buffers to work on.
type fixture struct {
	*Backend
	queue engine.Queue
	pool  *alloc.Pool
}

func newFixture(t *testing.T, threads int) *fixture {
	t.Helper()
	be, err := New(Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	q, err := be.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{be, q, alloc.NewPool(be.Source(), alloc.NewAccount("test", nil, 0), alloc.Options{})}
	t.Cleanup(func() {
		if err := errors.Join(q.Close(), be.Close()); err != nil {
			t.Error(err)
		}
		f.pool.Close()
	})
	return f
}

func (f *fixture) operand(t *testing.T, n int) engine.Operand {
	t.Helper()
	b, err := f.pool.Get(4*n, 0)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Operand{Buffer: b, Data: b.Bytes(), Dtype: engine.Float32, Shape: []int{n}, Strides: []int{1}}
}

func (f *fixture) full(t *testing.T, ctx context.Context, to engine.Operand, v float32) *engine.Task {
	t.Helper()
	var e dtype.Bytes
	dtype.PutElement(e[:], engine.Float32, complex(float64(v), 0))
	return &engine.Task{Ctx: ctx, Op: engine.OpFull, Attrs: &engine.FullAttrs{Element: e}, Out: []engine.Operand{to}}
}

func add(ctx context.Context, to, a, b engine.Operand) *engine.Task {
	return &engine.Task{Ctx: ctx, Op: engine.OpAdd, In: []engine.Operand{a, b}, Out: []engine.Operand{to}}
}

// failing is a task without a kernel.
func failing(ctx context.Context, to engine.Operand) *engine.Task {
	to.Dtype = engine.Complex64
	to.Shape, to.Strides = []int{to.Shape[0] / 2}, []int{1}
	return &engine.Task{Ctx: ctx, Op: engine.OpSigmoid, In: []engine.Operand{to}, Out: []engine.Operand{to}}
}

func encode(t *testing.T, q engine.Queue, task *engine.Task) {
	t.Helper()
	if done, err := q.Encode(task, false); done || err != nil {
		t.Fatalf("encoded task: done %t, error %v", done, err)
	}
}

func TestQueueRunsInline(t *testing.T) {
	f := newFixture(t, 2)
	ctx := context.Background()
	a := f.operand(t, 4)
	done, err := f.queue.Encode(f.full(t, ctx, a, 3), true)
	if !done || err != nil {
		t.Fatalf("done %t, error %v, want an idle queue to run the task", done, err)
	}
	if got := storage[float32](&a)[3]; got != 3 {
		t.Errorf("the task wrote %v, want 3", got)
	}
	if !f.queue.Flush().Done() {
		t.Error("the flush of an idle queue is not complete")
	}
	encode(t, f.queue, f.full(t, ctx, a, 4))
	done, err = f.queue.Encode(add(ctx, a, a, a), true)
	if done || err != nil {
		t.Fatalf("done %t, error %v, want the task behind another to wait", done, err)
	}
	if err := f.queue.Flush().Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if got := storage[float32](&a)[0]; got != 8 {
		t.Errorf("the tasks wrote %v, want 8: they run in order", got)
	}
}

func TestQueuesWaitForEachOther(t *testing.T) {
	f := newFixture(t, 1)
	ctx := context.Background()
	other, err := f.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	a, b := f.operand(t, 1<<20), f.operand(t, 1<<20)
	for round := range 20 {
		v := float32(round + 1)
		encode(t, f.queue, f.full(t, ctx, a, v))
		other.Wait(f.queue.Flush())
		encode(t, other, add(ctx, b, a, a))
		e := other.Flush()
		f.queue.Wait(e)
		if err := e.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if got := storage[float32](&b)[len(b.Data)/4-1]; got != 2*v {
			t.Fatalf("round %d gives %v, want %v", round, got, 2*v)
		}
	}
}

// TestFailure: a failed task fails its event and what reads its output, on any
// queue, and nothing else.
func TestFailure(t *testing.T) {
	f := newFixture(t, 1)
	ctx := context.Background()
	other, err := f.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	bad, good, out := f.operand(t, 8), f.operand(t, 8), f.operand(t, 8)
	encode(t, f.queue, failing(ctx, bad))
	first := f.queue.Flush()
	encode(t, f.queue, f.full(t, ctx, good, 1))
	second := f.queue.Flush()
	var ee *engine.Error
	if err := first.Wait(ctx); !errors.As(err, &ee) || ee.Kind != engine.NotImplementedError {
		t.Errorf("the failed flush gives %v, want its task's error", err)
	}
	if err := second.Wait(ctx); err != nil {
		t.Errorf("an independent flush gives %v", err)
	}
	if _, err := other.Encode(add(ctx, out, bad, good), true); !errors.As(err, &ee) {
		t.Errorf("a task that reads what was not written gives %v, want the first error", err)
	}
	if _, err := other.Encode(add(ctx, out, out, good), true); !errors.As(err, &ee) {
		t.Errorf("a task that reads on from there gives %v, want the first error", err)
	}
	if _, err := other.Encode(f.full(t, ctx, bad, 2), true); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Encode(add(ctx, out, bad, good), true); err != nil {
		t.Errorf("after the output was written anew: %v", err)
	}
	if n := f.poison.Len(); n != 0 {
		t.Errorf("%d buffers are still marked", n)
	}
}

// TestPanic: a defect of a kernel is an error of its task.
func TestPanic(t *testing.T) {
	f := newFixture(t, 3)
	a := f.operand(t, 1<<20)
	short := a
	short.Data = a.Data[:1<<10]
	for _, in := range []engine.Operand{short, {Dtype: engine.Float32}} {
		task := add(context.Background(), a, in, in)
		task.In[0].Shape, task.In[0].Strides = a.Shape, a.Strides
		if _, err := f.queue.Encode(task, true); err == nil {
			t.Error("a task on an operand without storage succeeds")
		}
	}
	encode(t, f.queue, f.full(t, context.Background(), a, 1))
	if err := f.queue.Flush().Wait(context.Background()); err != nil {
		t.Errorf("the next task gives %v", err)
	}
}

func TestClosedQueue(t *testing.T) {
	f := newFixture(t, 1)
	q, err := f.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	a := f.operand(t, 8)
	encode(t, q, f.full(t, ctx, a, 1))
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Encode(f.full(t, ctx, a, 1), true); !errors.Is(err, errClosed) {
		t.Errorf("a closed queue gives %v, want %v", err, errClosed)
	}
}

// TestCancellation: a long kernel stops soon after its context does.
func TestCancellation(t *testing.T) {
	e := newEngine(t, Options{Threads: 2})
	const n = 1 << 23
	rows := map[string]func(b *engine.Builder, x *engine.Node) *engine.Node{
		"arcsinh": func(b *engine.Builder, x *engine.Node) *engine.Node {
			return b.Unary(engine.OpArcsinh, b.AsType(x, engine.Float64))
		},
		"sort":    func(b *engine.Builder, x *engine.Node) *engine.Node { return b.Sort(x, 0) },
		"argsort": func(b *engine.Builder, x *engine.Node) *engine.Node { return b.ArgSort(x, 0) },
		"cumsum": func(b *engine.Builder, x *engine.Node) *engine.Node {
			return b.Scan(engine.OpLogCumSumExp, x, 0, false, true)
		},
		"matmul": func(b *engine.Builder, x *engine.Node) *engine.Node {
			m := b.Reshape(x, []int{1 << 11, 1 << 12})
			return b.MatMul(m, b.Transpose(m, nil))
		},
		"put_along_axis": func(b *engine.Builder, x *engine.Node) *engine.Node {
			return b.ScatterAlong(x, b.Arange(0, 1, n, engine.Int32), x, 0, engine.Sum)
		},
	}
	var x *engine.Array
	if _, _, err := evaluate(e, func(b *engine.Builder) *engine.Node {
		x = e.NewArray(b.Uniform(b.Scalar(-1, engine.Float32), b.Scalar(1, engine.Float32), []int{n}, engine.Float32, b.Key(1)))
		return x.Node()
	}); err != nil {
		t.Fatal(err)
	}
	for name, f := range rows {
		var cancelled atomic.Int64
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(20*time.Millisecond, func() {
			cancelled.Store(time.Now().UnixNano())
			cancel()
		})
		y, err := e.NewBuilder().Build(func(b *engine.Builder) *engine.Node { return f(b, x.Node()) })
		if err != nil {
			t.Fatal(err)
		}
		err = e.Eval(ctx, y)
		late := time.Duration(time.Now().UnixNano() - cancelled.Load())
		switch {
		case cancelled.Load() == 0:
			t.Logf("%s ended before it could be cancelled", name)
		case err == nil && late < time.Second: // its last chunk had begun
			t.Logf("%s ended %v after its context", name, late)
		case !errors.Is(err, context.Canceled):
			t.Errorf("%s gives %v, want the context's error", name, err)
		case late > 5*time.Second: // the aim is 50 ms; a loaded machine must not fail the test
			t.Errorf("%s stopped %v after its context", name, late)
		default:
			t.Logf("%s stopped %v after its context", name, late)
		}
		cancel()
	}
}

// TestQueueIsShared lets goroutines encode, some to wait and some not: tasks of a queue
// never run at once, so that no addition is lost.
func TestQueueIsShared(t *testing.T) {
	f := newFixture(t, 1)
	ctx := context.Background()
	sum, one := f.operand(t, 1), f.operand(t, 1)
	for _, task := range []*engine.Task{f.full(t, ctx, sum, 0), f.full(t, ctx, one, 1)} {
		if done, err := f.queue.Encode(task, true); !done || err != nil {
			t.Fatalf("done %t, error %v", done, err)
		}
	}
	const goroutines, each = 4, 500
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
				if _, err := f.queue.Encode(add(ctx, sum, sum, one), (i+g)%3 > 0); err != nil {
					t.Error(err)
				}
				if i%5 == g {
					if err := f.queue.Flush().Wait(ctx); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	if err := f.queue.Flush().Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if got := storage[float32](&sum)[0]; got != goroutines*each {
		t.Errorf("%v additions, want %d", got, goroutines*each)
	}
	if done, err := f.queue.Encode(f.full(t, ctx, sum, 0), true); !done || err != nil {
		t.Errorf("done %t, error %v, want the queue to be idle again", done, err)
	}
}
