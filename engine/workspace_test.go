package engine_test

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cpu"
	"github.com/mlxstar/mlxstar/engine"
)

// greedy is a backend whose tasks want scratch: more where an operand does not lie in
// row-major order, and for a fusion some for each step.
type greedy struct {
	*cpu.Backend
	t     *testing.T
	tasks int // with scratch
}

func (g *greedy) Workspace(op *engine.Op) engine.WorkspaceRule {
	if op == engine.OpCopy || op.Class == engine.Generator {
		return nil
	}
	return greed
}

func greed(t *engine.Task) int {
	size := 4096 + t.Out[0].Len()
	for i := range t.In {
		if o := &t.In[i]; o.Strides == nil && o.Shape != nil || !o.IsRowMajor() {
			size += 2 * o.Len()
		}
	}
	if t.Fusion != nil {
		size += 4096 * len(t.Fusion.Steps)
	}
	if t.Out[0].Dtype == engine.Bool {
		return 0
	}
	return size
}

func (g *greedy) NewQueue() (engine.Queue, error) {
	q, err := g.Backend.NewQueue()
	return &greedyQueue{q, g}, err
}

// greedyQueue checks the scratch of tasks and overwrites it.
type greedyQueue struct {
	engine.Queue
	g *greedy
}

func (q *greedyQueue) Encode(t *engine.Task, inline bool) (bool, error) {
	want := 0
	if q.g.Workspace(t.Op) != nil {
		want = greed(t)
	}
	w := &t.Workspace
	if len(w.Data) != want || (w.Buffer != nil) != (want > 0) {
		q.g.t.Errorf("%s: %d bytes of scratch, want %d", t.Op.Name, len(w.Data), want)
	}
	if want > 0 {
		q.g.tasks++
		if w.Len() != want || w.Dtype != engine.Uint8 || w.Buffer.Size() != want {
			q.g.t.Errorf("%s: the operand of the scratch is %v of %d bytes, want (%d,)", t.Op.Name, w.Shape, w.Buffer.Size(), want)
		}
		for _, o := range append(t.In, t.Out...) {
			if o.Buffer == w.Buffer {
				q.g.t.Errorf("%s: the scratch is an operand's storage", t.Op.Name)
			}
		}
	}
	for i := range w.Data {
		w.Data[i] = 0xa5
	}
	return q.Queue.Encode(t, inline)
}

// TestWorkspace: a backend's tasks get the scratch that they ask for, it is part of
// what is planned, and it is nobody else's.
func TestWorkspace(t *testing.T) {
	seeds := 12
	if testing.Short() {
		seeds = 4
	}
	for seed := range uint64(seeds) {
		be, err := cpu.New(cpu.Options{Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		g := &greedy{Backend: be, t: t}
		e, err := engine.New(engine.Options{Backends: []engine.Backend{g}, Account: alloc.NewAccount("test", nil, 0)})
		if err != nil {
			t.Fatal(err)
		}
		m := &machine{Engine: e, b: e.NewBuilder()}
		got, _ := newGraph(m, seed, 60).evaluate(t)
		want, _ := newGraph(newMachine(t, cpu.Options{Threads: 2}, true), seed, 60).evaluate(t)
		for i := range want {
			if !bytes.Equal(got[i], want[i]) {
				t.Errorf("graph %d: array %d differs from the one computed without scratch", seed, i)
			}
		}
		if g.tasks == 0 {
			t.Errorf("graph %d: no task had scratch", seed)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestWorkspaceIsRefused: scratch that does not fit the limit is refused before
// anything runs, and is let go after the task.
func TestWorkspaceIsRefused(t *testing.T) {
	e, b := newEngine(t, 0)
	x := e.NewArray(b.AsType(ones(b, 1<<16), engine.Complex64))
	if err := x.Eval(background); err != nil {
		t.Fatal(err)
	}
	f := func() *engine.Array {
		return e.NewArray(b.Transform(engine.Fourier{Name: "fft"}, x.Node(), nil, nil, "backward"))
	}
	before := active(e)
	e.Account().ResetPeak()
	y := f()
	if err := y.Eval(background); err != nil {
		t.Fatal(err)
	}
	// The answer is 512 KiB; the roots and two rows of complex128 are 1 MiB each.
	peak := e.Account().Peak() - before
	if want := int64(mib/2 + 3*mib); peak < want || peak > want+64<<10 {
		t.Errorf("a transform took %d bytes at its peak, want %d", peak, want)
	}
	if got := active(e) - before; got > mib/2+16<<10 {
		t.Errorf("%d bytes are active after a transform, want those of its answer", got)
	}
	e.Account().SetLimit(active(e)+peak-4096, false)
	if err := f().Eval(background); err == nil {
		t.Error("a transform whose scratch does not fit the limit was not refused")
	}
	runtime.KeepAlive(x)
	runtime.KeepAlive(y)
}
