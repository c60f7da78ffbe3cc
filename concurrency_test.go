package mlxstar_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestClosedRuntime calls everything of a runtime that was closed.
func TestClosedRuntime(t *testing.T) {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	suite.Exec(t, rt, "x = 1\ndef f(): return 1\n")
	if err := errors.Join(rt.Close(), rt.Close()); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"Exec":       func() error { return rt.Exec(ctx, "a.py", "1") },
		"ExecSource": func() error { return rt.ExecSource(ctx, "a.py", "1") },
		"Eval":       func() error { _, err := rt.Eval(ctx, "a.py", "1"); return err },
		"Call":       func() error { _, err := rt.Call(ctx, "f"); return err },
		"Interact":   func() error { _, err := rt.Interact(ctx, "a.py", "1"); return err },
		"Set":        func() error { return rt.Set("x", []float32{1}) },
		"NewArray":   func() error { _, err := mlxstar.NewArray(rt, []float32{1}); return err },
	} {
		if err := call(); !errors.Is(err, mlxstar.ErrClosed) {
			t.Errorf("%s gives %v, want ErrClosed", name, err)
		}
	}
	if v, ok := rt.Get("x"); v != nil || ok {
		t.Errorf("Get gives %v, %v", v, ok)
	}
	if v := rt.Variables(); v != nil {
		t.Errorf("Variables gives %v", v)
	}
	if m := rt.Memory(); m.Active != 0 {
		t.Errorf("%d bytes are active", m.Active)
	}
	if rt.Interrupt() {
		t.Error("Interrupt found a script")
	}
}

// TestCallsTakeTurns uses a runtime from many goroutines and closes it meanwhile: each
// call works or says that the runtime is closed.
func TestCallsTakeTurns(t *testing.T) {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Threads: 2, HardMemoryLimit: 8 << 30})
	if err != nil {
		t.Fatal(err)
	}
	suite.Exec(t, rt, "import mlx.core as mx\nn = 0\ndef step():\n    global n\n    n += 1\n    return (mx.ones((64, 64)) @ mx.ones((64, 64))).sum().item()\n")
	var wg sync.WaitGroup
	half := make(chan struct{})
	var once sync.Once
	for g := range 16 {
		wg.Go(func() {
			for i := range 30 {
				var err error
				switch (g + i) % 6 {
				case 0:
					rt.Memory()
				case 1:
					rt.Get("n")
				case 2:
					err = rt.Set(fmt.Sprint("v", g), []float32{1, 2, 3})
				case 3:
					rt.Variables()
				default:
					_, err = rt.Call(t.Context(), "step")
				}
				if err != nil && !errors.Is(err, mlxstar.ErrClosed) {
					t.Errorf("call: %v", err)
				}
				if i == 15 {
					once.Do(func() { close(half) })
				}
			}
		})
	}
	<-half
	if err := rt.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
}

// stuck starts a script that runs until it is ended, and gives its error.
func stuck(t *testing.T, rt *mlxstar.Runtime, ctx context.Context) chan error {
	started, once := make(chan struct{}), sync.Once{}
	if err := rt.Set("started", mlxstar.Func(func([]any, map[string]any) (any, error) {
		once.Do(func() { close(started) })
		return true, nil
	})); err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- rt.Exec(ctx, "stuck.py", "def f():\n    while started(): pass\nf()\n") }()
	<-started
	return over
}

// TestWaitingEndsWithItsOwnContext lets a call wait behind one that does not end.
func TestWaitingEndsWithItsOwnContext(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{})
	running, cancel := context.WithCancel(t.Context())
	over := stuck(t, rt, running)
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if _, err := rt.Eval(ctx, "a.py", "1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the waiting call gives %v", err)
	}
	cancel()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("the script gives %v", err)
	}
}

// TestCloseEndsTheCall closes a runtime whose script does not end.
func TestCloseEndsTheCall(t *testing.T) {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	over := stuck(t, rt, t.Context())
	if err := rt.Close(); err != nil {
		t.Error(err)
	}
	var e *mlxstar.Error
	if err := <-over; !errors.Is(err, mlxstar.ErrClosed) || !errors.As(err, &e) || e.Line != 2 || e.Function != "f" {
		t.Errorf("the script gives %+v", err)
	}
}

// TestFuncsCallBack lets Go functions call the runtime that calls them, from wherever a
// script can call a function.
func TestFuncsCallBack(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{StepLimit: 5_000_000})
	ctx := t.Context()
	for name, f := range map[string]mlxstar.Func{
		"double": func(args []any, _ map[string]any) (any, error) { return rt.Call(ctx, "double_here", args[0]) },
		"count": func([]any, map[string]any) (any, error) {
			v, _ := rt.Get("n")
			return nil, rt.Set("n", v.(int64)+1)
		},
		"array":  func([]any, map[string]any) (any, error) { return mlxstar.NewArray(rt, []float32{1, 2}) },
		"active": func([]any, map[string]any) (any, error) { return rt.Memory().Active, nil },
		"close":  func([]any, map[string]any) (any, error) { return nil, rt.Close() },
		"again":  func([]any, map[string]any) (any, error) { return rt.Eval(ctx, "again.py", "again()") },
		"fails":  func([]any, map[string]any) (any, error) { return rt.Eval(ctx, "fails.py", "[][1]") },
		"late": func([]any, map[string]any) (any, error) {
			ctx, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
			defer cancel()
			return rt.Eval(ctx, "late.py", "while True: pass")
		},
		"elsewhere": func([]any, map[string]any) (any, error) {
			ctx, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
			defer cancel()
			done := make(chan error)
			go func() { done <- rt.Exec(ctx, "elsewhere.py", "1") }()
			return nil, <-done
		},
	} {
		if err := rt.Set(name, f); err != nil {
			t.Fatal(err)
		}
	}
	suite.Exec(t, rt, `
import mlx.core as mx
n = 0
def double_here(x): return x * 2
assert double(3) == 6
count()
assert n == 1
def each():
    for i in range(3):
        yield double(i)
assert list(each()) == [0, 2, 4]
assert sorted([3, 1, 2], key=double) == [1, 2, 3]
f = lambda x: double(x).sum()
assert mx.grad(f)(mx.ones(3)).tolist() == [2, 2, 2]
assert mx.vmap(f)(mx.ones((2, 3))).tolist() == [6, 6]
assert mx.compile(f)(mx.ones(3)).item() == 6
assert mx.vmap(mx.grad(f))(mx.ones((2, 3))).tolist() == [[2, 2, 2], [2, 2, 2]]
assert array().tolist() == [1, 2]
assert active() >= 0
def message(f):
    try:
        f()
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
    except KeyboardInterrupt as e:
        return 'KeyboardInterrupt'
assert 'waits for the function' in message(close)
assert 'maximum depth' in message(again), message(again)
assert message(fails).startswith('IndexError'), message(fails)
assert message(late), 'the end of another context ended the script'
assert message(elsewhere), 'another goroutine got in'
assert double(4) == 8
`)
	// The steps of a call back count.
	err := rt.Exec(ctx, "steps.py", "def double_here(x):\n    for i in range(100_000): pass\nfor i in range(1000): double(i)\n")
	if !errors.Is(err, mlxstar.ErrStepLimit) {
		t.Errorf("a script that calls itself by Go gives %v, want the step limit", err)
	}
}

// TestCloseEndsGenerators makes runtimes that are left with suspended generators, which
// their own variables hold.
func TestCloseEndsGenerators(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 100 {
		rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		suite.Exec(t, rt, `
went_on = []
def g(other):
    try:
        yield from other
    finally:
        went_on.append(1)
inner = g([1, 2])
unused, held = g([]), [g(inner) for _ in range(2)]
next(held[0])
big = 'x' * 100_000
`)
		if err := rt.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 { // goroutines that were told to end
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}

// TestMemoryLimitIsACeiling lets a script change the limit that its host has set.
func TestMemoryLimitIsACeiling(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{MemoryLimit: 64 << 20})
	suite.Exec(t, rt, `
import mlx.core as mx
def refused():
    try:
        mx.eval(mx.ones((50_000_000,)) + 1)
    except MemoryError:
        return True
for limit in (10**12, 0, 10**30):
    mx.set_memory_limit(limit)
    assert mx.get_memory_limit() == 64 << 20, mx.get_memory_limit()
    assert refused()
mx.set_memory_limit(10**12, relaxed=True)
assert refused()
assert mx.set_memory_limit(1 << 20) == 64 << 20
assert mx.get_memory_limit() == 1 << 20
mx.set_memory_limit(32 << 20)
assert mx.get_memory_limit() == 32 << 20
`)
	free := suite.NewRuntime(t, mlxstar.Options{MemoryLimit: -1})
	suite.Exec(t, free, "import mlx.core as mx\nmx.set_memory_limit(1 << 40)\nassert mx.get_memory_limit() == 1 << 40\n")
}

// interrupted runs a script and interrupts it when it calls started.
func interrupted(t *testing.T, rt *mlxstar.Runtime, src string) error {
	t.Helper()
	if err := rt.Set("started", mlxstar.Func(func([]any, map[string]any) (any, error) {
		if !rt.Interrupt() {
			t.Error("Interrupt found no script")
		}
		return nil, nil
	})); err != nil {
		t.Fatal(err)
	}
	return rt.Exec(t.Context(), "interrupted.py", src)
}

// TestInterruptCanBeCaught interrupts scripts wherever they are.
func TestInterruptCanBeCaught(t *testing.T) {
	for name, work := range map[string]string{
		"loop":       "while True: pass",
		"sleep":      "time.sleep(100)",
		"evaluation": "while True: mx.eval(mx.ones((300, 300)) @ mx.ones((300, 300)))",
		"generator":  "for _ in forever(): pass",
		"sort":       "sorted([1, 2], key=lambda x: [None for _ in forever()])",
	} {
		t.Run(name, func(t *testing.T) {
			rt := suite.NewRuntime(t, mlxstar.Options{})
			err := interrupted(t, rt, `
import time, contextlib, mlx.core as mx
order = []
def forever():
    try:
        while True: yield 1
    finally: order.append('generator')
class Manager:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): order.append(kind.__name__)
def work():
    started()
    `+work+`
try:
    with Manager():
        try: work()
        finally: order.append('finally')
except Exception: order.append('Exception')
except KeyboardInterrupt as e:
    order.append('caught')
assert [o for o in order if o != 'generator'] == ['finally', 'KeyboardInterrupt', 'caught'], order
with contextlib.suppress(KeyboardInterrupt):
    work()
assert [next(g) for g in [forever()]] == [1]
mx.eval(mx.ones(3) + 1)
import sys
assert sys.exc_info() == (None, None, None)
`)
			if err != nil {
				t.Error(suite.Traceback(err))
			}
		})
	}
}

// TestUncaughtInterrupt tells where a script was.
func TestUncaughtInterrupt(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{})
	err := interrupted(t, rt, "import time\ndef f():\n    started()\n    time.sleep(100)\nf()\n")
	var e *mlxstar.Error
	if !errors.Is(err, mlxstar.ErrInterrupted) || !errors.As(err, &e) || e.Type != "KeyboardInterrupt" || e.File != "interrupted.py" || e.Line != 3 && e.Line != 4 || e.Function != "f" {
		t.Fatalf("got %+v", err)
	}
	if !strings.Contains(e.Traceback, "line 5, in <module>") || !strings.HasSuffix(e.Traceback, "\nKeyboardInterrupt\n") {
		t.Errorf("traceback:\n%s", e.Traceback)
	}
}

// TestInterruptible gives scripts time after the end of their context.
func TestInterruptible(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{Interruptible: 20 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := rt.Exec(ctx, "caught.py", "try:\n    while True: pass\nexcept KeyboardInterrupt: saved = sum(range(10))\n"); err != nil {
		t.Errorf("a script that catches the end gives %v", err)
	}
	if v, _ := rt.Get("saved"); v != int64(45) {
		t.Errorf("saved is %v", v)
	}
	err := rt.Exec(ctx, "over.py", "1")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call whose context is over gives %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err = rt.Exec(ctx, "uncaught.py", "while True: pass")
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, mlxstar.ErrInterrupted) {
		t.Errorf("a script that does not catch the end gives %v", err)
	}
	short := suite.NewRuntime(t, mlxstar.Options{Interruptible: 20 * time.Millisecond})
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err = short.Exec(ctx, "clings.py", "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n")
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, mlxstar.ErrInterrupted) {
		t.Errorf("a script that goes on gives %v", err)
	}
}

// TestStopsTellThePlace ends scripts in each of the ways, and wants the line.
func TestStopsTellThePlace(t *testing.T) {
	for name, c := range map[string]struct {
		options mlxstar.Options
		work    string
	}{
		"time":   {mlxstar.Options{}, "while True: pass"},
		"sleep":  {mlxstar.Options{}, "time.sleep(100)"},
		"steps":  {mlxstar.Options{StepLimit: 100_000}, "while True: pass"},
		"memory": {mlxstar.Options{HardMemoryLimit: 128 << 20}, "while True: held.append('x' * 100_000 + str(len(held)))"},
	} {
		rt := suite.NewRuntime(t, c.options)
		timeout := time.Minute
		if name == "time" || name == "sleep" {
			timeout = 20 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		err := rt.Exec(ctx, "place.py", "import time\nheld = []\ndef f():\n    "+c.work+"\ntry:\n    f()\nfinally: pass\n")
		cancel()
		var e *mlxstar.Error
		if !errors.As(err, &e) || e.File != "place.py" || e.Line != 4 || e.Function != "f" ||
			!strings.Contains(e.Traceback, `File "place.py", line 6, in <module>`) || !strings.Contains(e.Traceback, `File "place.py", line 4, in f`) ||
			!strings.HasSuffix(e.Traceback, e.Error()+"\n") {
			t.Errorf("%s: %+v", name, err)
		}
		_ = rt.Set("held", nil)
	}
}

// stuckWriter takes nothing until it is let go.
type stuckWriter struct{ release chan struct{} }

func (w stuckWriter) Write(p []byte) (int, error) {
	<-w.release
	return len(p), nil
}

// TestOutputThatWaits: a call ends while the host's writer waits for who reads it, and so does
// the next one; what is written after that is written.
func TestOutputThatWaits(t *testing.T) {
	w := stuckWriter{make(chan struct{})}
	rt, err := mlxstar.New(mlxstar.Options{Stdout: w})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		err := rt.Exec(ctx, "print.py", "while True: print('x' * 10000, flush=True)")
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
	}
	close(w.release)
	if err := rt.Exec(t.Context(), "print.py", "print('y', flush=True)"); err != nil {
		t.Error(err)
	}
}

// TestInputThatWaits: a call ends while the host's reader has nothing to read.
func TestInputThatWaits(t *testing.T) {
	r, w := io.Pipe()
	rt, err := mlxstar.New(mlxstar.Options{Stdin: r})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := rt.Exec(ctx, "input.py", "input()"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	go func() { _, _ = io.WriteString(w, "for the next\n") }()
	if err := rt.Exec(t.Context(), "input.py", "assert input() == 'for the next'"); err != nil {
		t.Error(err)
	}
}
