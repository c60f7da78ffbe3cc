package mlxstar_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// clinging is a script that does all it can to go on after what ends it.
const clinging = `
went_on = []
class Manager:
    def __enter__(self): return self
    def __exit__(self, *error):
        went_on.append('__exit__')
        return True
def generate():
    try:
        while True:
            work()
            yield 1
    except BaseException: went_on.append('generator')
    finally: went_on.append('generator finally')
def deep():
    with Manager():
        try:
            for _ in generate(): pass
        except BaseException as e: went_on.append(repr(e))
        except: went_on.append('bare')
        else: went_on.append('else')
        finally: went_on.append('finally')
begin()
while True:
    try:
        deep()
    except BaseException:
        went_on.append('outer')
`

// TestLimitsCannotBeCaught ends a script that catches everything in each of the ways
// in which a host can end one. None of its handlers runs, and the runtime goes on.
func TestLimitsCannotBeCaught(t *testing.T) {
	type ends = func(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc)
	never := func(ctx context.Context, _ time.Duration) (context.Context, context.CancelFunc) {
		return context.WithCancel(ctx)
	}
	cancelled := func(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(after, cancel)
		return ctx, cancel
	}
	for name, c := range map[string]struct {
		options mlxstar.Options
		ctx     ends
		work    string
		is      error
		kind    string
	}{
		"cancelled":  {ctx: cancelled, work: "pass", is: context.Canceled, kind: "KeyboardInterrupt"},
		"time limit": {ctx: context.WithTimeout, work: "pass", is: context.DeadlineExceeded, kind: "KeyboardInterrupt"},
		"time limit in an evaluation": {ctx: context.WithTimeout,
			work: "mx.eval(mx.ones((1500, 1500)) @ mx.ones((1500, 1500)))", is: context.DeadlineExceeded, kind: "KeyboardInterrupt"},
		"step limit": {options: mlxstar.Options{StepLimit: 100_000}, ctx: never, work: "pass", is: mlxstar.ErrStepLimit, kind: "TimeoutError"},
		"hard memory limit, values": {options: mlxstar.Options{HardMemoryLimit: 128 << 20}, ctx: never,
			work: "held.append('x' * 100_000 + str(len(held)))", is: mlxstar.ErrMemoryLimit, kind: "MemoryError"},
		"hard memory limit, arrays": {options: mlxstar.Options{HardMemoryLimit: 128 << 20}, ctx: never,
			work: "held.append(mx.ones(100_000) + len(held)); mx.eval(held[-1])", is: mlxstar.ErrMemoryLimit, kind: "MemoryError"},
	} {
		t.Run(name, func(t *testing.T) {
			rt := suite.NewRuntime(t, c.options)
			begun := false
			if err := rt.Set("begin", func() { begun = true }); err != nil {
				t.Fatal(err)
			}
			src := "import mlx.core as mx\nheld = []\ndef work():\n    " + c.work + "\n" + clinging
			var err error
			for after := 50 * time.Millisecond; !begun && after < time.Minute; after *= 2 { // a busy machine may be late to begin
				ctx, cancel := c.ctx(t.Context(), after)
				err = rt.Exec(ctx, "clinging.py", src)
				cancel()
			}
			var e *mlxstar.Error
			if !errors.Is(err, c.is) || !errors.As(err, &e) || e.Type != c.kind {
				t.Fatalf("got %v, want a %s of %v", err, c.kind, c.is)
			}
			if err := rt.Set("held", nil); err != nil {
				t.Fatal(err)
			}
			if v, err := rt.Eval(t.Context(), "after.py", "repr(went_on)"); err != nil || v != "[]" {
				t.Errorf("the script went on: %v, %v", v, err)
			}
		})
	}
}

// TestOversizedEvaluationCanBeCaught lets a script go on after what the memory limit
// refused.
func TestOversizedEvaluationCanBeCaught(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{MemoryLimit: 32 << 20, HardMemoryLimit: 1 << 30})
	suite.Exec(t, rt, `
import mlx.core as mx
class Manager:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace):
        self.kind = kind
        return True
with Manager() as m:
    mx.eval(mx.zeros((10_000, 10_000)))
assert m.kind is MemoryError
order = []
try:
    mx.eval(mx.zeros((10_000, 10_000)))
except MemoryError as e:
    order.append('except')
finally:
    order.append('finally')
assert order == ['except', 'finally']
assert (mx.zeros((10, 10)) + 1).sum().item() == 100
`)
}

// TestGarbageIsNotHeld lets a script make far more than the hard limit, of which
// little is alive at any time.
func TestGarbageIsNotHeld(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{HardMemoryLimit: 256 << 20})
	suite.Exec(t, rt, "for i in range(400):\n    s = 'x' * 1_000_000 + str(i)\nassert len(s) == 1_000_003")
}

// TestErrorsHoldNothing keeps the error of a call: what the script's functions held is gone,
// also where the script keeps the exception.
func TestErrorsHoldNothing(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{})
	const src = `
import mlx.core as mx
def f(a):
    b = mx.ones(1000) + a
    mx.eval(b)
    raise ValueError('kept')
try: f(mx.ones(1000))
except ValueError as e: kept = e
f(mx.ones(1000))
`
	err := rt.Exec(t.Context(), "f.py", src)
	var e *mlxstar.Error
	if !errors.As(err, &e) || e.Type != "ValueError" || e.Function != "f" {
		t.Fatalf("got %v", err)
	}
	if v, err := rt.Eval(t.Context(), "held.py", "mx.get_active_memory()"); err != nil || v != int64(0) {
		t.Errorf("%v bytes are held, %v, want none", v, err)
	}
	if e.Line != 6 {
		t.Errorf("the error is of line %d", e.Line)
	}
}
