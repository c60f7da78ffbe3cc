package engine_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cpu"
	"github.com/mlxstar/mlxstar/engine"
)

var background = context.Background()

// newEngine makes an engine on a CPU whose account has the limit.
func newEngine(t testing.TB, limit int64) (*engine.Engine, *engine.Builder) {
	t.Helper()
	be, err := cpu.New(cpu.Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Options{Backends: []engine.Backend{be}, Account: alloc.NewAccount("test", nil, limit)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, e.NewBuilder()
}

// active is what live arrays hold, after a collection.
func active(e *engine.Engine) int64 {
	e.Account().Collect(alloc.ForAnswer)
	return e.Account().Active()
}

func ones(b *engine.Builder, n int) *engine.Node { return b.Full([]int{n}, 1, engine.Float32) }

const mib = 1 << 20

func TestTemporariesAreFreedAtTheirLastUse(t *testing.T) {
	e, b := newEngine(t, 0)
	x := e.NewArray(ones(b, mib))
	if err := x.Eval(background); err != nil {
		t.Fatal(err)
	}
	start := active(e)
	e.Account().ResetPeak()
	n := x.Node()
	for range 20 {
		n = b.Unary(engine.OpExp, b.Neg(n))
	}
	y := e.NewArray(n)
	if err := y.Eval(background); err != nil {
		t.Fatal(err)
	}
	if got, most := e.Account().Peak(), start+2*4*mib+64<<10; got > most {
		t.Errorf("peak %d, want at most %d: the input, and two results", got, most)
	}
	if got, want := active(e)-start, int64(4*mib); got < want || got > want+16<<10 {
		t.Errorf("active grew by %d, want %d for the one result", got, want)
	}
	runtime.KeepAlive(x)
	runtime.KeepAlive(y)
}

func TestHeldIntermediateStays(t *testing.T) {
	e, b := newEngine(t, 0)
	start := active(e)
	x := e.NewArray(b.Neg(ones(b, mib)))
	y := e.NewArray(b.Neg(x.Node()))
	if err := y.Eval(background); err != nil {
		t.Fatal(err)
	}
	if got := active(e) - start; got < 8*mib || got > 8*mib+32<<10 {
		t.Errorf("active %d, want two arrays of 4 MiB", got)
	}
	if !x.Node().Evaluated() {
		t.Error("the intermediate result that a handle holds was not kept")
	}
	runtime.KeepAlive(y)
	if got := active(e) - start; got > 4*mib+16<<10 {
		t.Errorf("active %d after a handle died, want one array", got)
	}
	runtime.KeepAlive(x)
}

func TestPendingConsumerKeepsItsInput(t *testing.T) {
	e, b := newEngine(t, 0)
	shared := b.Neg(ones(b, mib))
	y := e.NewArray(b.Unary(engine.OpExp, shared))
	z := e.NewArray(b.Unary(engine.OpSquare, shared))
	shared = nil
	for _, a := range []*engine.Array{y, z} {
		if err := a.Eval(background); err != nil {
			t.Fatal(err)
		}
	}
	got, err := engine.ElementsOf[float32](background, z)
	if err != nil || got[0] != 1 {
		t.Errorf("got %v, %v, want 1", got[0], err)
	}
}

func TestDeepChain(t *testing.T) {
	e, b := newEngine(t, 0)
	n := ones(b, 1)
	one := e.NewArray(ones(b, 1))
	const depth = 1_000_000
	for range depth {
		n = b.Add(n, one.Node())
	}
	a := e.NewArray(n)
	n = nil
	if err := a.Eval(background); err != nil {
		t.Fatal(err)
	}
	got, err := engine.ElementsOf[float32](background, a)
	if err != nil || got[0] != depth+1 {
		t.Errorf("got %v, %v, want %d", got, err, depth+1)
	}
}

func TestEvaluationThatCannotFitIsRefusedWhole(t *testing.T) {
	e, b := newEngine(t, 24*mib)
	x := e.NewArray(ones(b, mib))
	if err := x.Eval(background); err != nil {
		t.Fatal(err)
	}
	var terms []*engine.Node
	for i := range 8 {
		terms = append(terms, b.Mul(x.Node(), b.Scalar(float64(i), engine.Float32)))
	}
	y := e.NewArray(b.Concatenate(terms, 0))
	terms = nil
	before := active(e)
	err := y.Eval(background)
	var limit *alloc.LimitError
	if !errors.As(err, &limit) {
		t.Fatalf("got %v, want a limit error", err)
	}
	if got := active(e); got != before {
		t.Errorf("active went from %d to %d in a refused evaluation", before, got)
	}
	e.Account().SetLimit(128*mib, false)
	if err := y.Eval(background); err != nil {
		t.Errorf("after the limit was raised: %v", err)
	}
}

func TestAChainFitsWhereItsSumWouldNot(t *testing.T) {
	e, b := newEngine(t, 16*mib)
	n := ones(b, mib) // 4 MiB each, reused in place
	for range 50 {
		n = b.Unary(engine.OpSquare, n)
	}
	a := e.NewArray(n)
	n = nil
	if err := a.Eval(background); err != nil {
		t.Fatal(err)
	}
	if got := e.Account().Peak(); got > 8*mib+64<<10 {
		t.Errorf("peak %d, want at most two arrays", got)
	}
}
