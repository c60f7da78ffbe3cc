package mlxstar_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestCallsLeaveNothing runs what might be left on the thread that calls of a runtime share,
// and then a call that it would disturb.
func TestCallsLeaveNothing(t *testing.T) {
	const src = `
import sys
def deep(n): return n and 1 + deep(n - 1)
def shallow(): sys.setrecursionlimit(30)
def spin(n):
    for i in range(n): pass
    return n
def forever():
    while True: pass
def handle():
    try: 1 / 0
    except ZeroDivisionError: stop()
def info(): return sys.exc_info()[0]
def append():
    s = 'x' * 1000
    for i in range(100): s += 'y'
    return s
`
	bg := context.Background()
	soon := func() context.Context {
		ctx, cancel := context.WithTimeout(bg, 30*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	for _, c := range []struct {
		name  string
		first func(rt *mlxstar.Runtime) error
		fails bool
		then  string
		args  []any
		want  any
	}{
		{"recursion limit", func(rt *mlxstar.Runtime) error { _, err := rt.Call(bg, "shallow"); return err }, false, "deep", []any{200}, int64(200)},
		{"cancelled", func(rt *mlxstar.Runtime) error { _, err := rt.Call(soon(), "forever"); return err }, true, "spin", []any{9}, int64(9)},
		{"too many steps", func(rt *mlxstar.Runtime) error {
			_, err := rt.CallWith(bg, "forever", mlxstar.CallOptions{StepLimit: 1000})
			return err
		}, true, "spin", []any{20000}, int64(20000)},
		{"steps add up", func(rt *mlxstar.Runtime) error {
			for range 10 {
				if _, err := rt.Call(bg, "spin", 20000); err != nil {
					return err
				}
			}
			return nil
		}, false, "spin", []any{20000}, int64(20000)},
		{"an exception being handled", func(rt *mlxstar.Runtime) error { _, err := rt.Call(bg, "handle"); return err }, true, "info", nil, nil},
		{"a panic", func(rt *mlxstar.Runtime) error { _, err := rt.Call(bg, "explode"); return err }, true, "spin", []any{9}, int64(9)},
		{"an interrupt of nothing", func(rt *mlxstar.Runtime) error {
			if rt.Interrupt() {
				return errors.New("a script runs that nobody started")
			}
			return nil
		}, false, "spin", []any{9}, int64(9)},
		{"a text that grows", func(rt *mlxstar.Runtime) error { _, err := rt.Call(bg, "append"); return err }, false, "append", nil, strings.Repeat("x", 1000) + strings.Repeat("y", 100)},
	} {
		t.Run(c.name, func(t *testing.T) {
			rt := suite.NewRuntime(t, mlxstar.Options{StepLimit: 200_000})
			set(t, rt, "stop", func(context.Context) error { rt.Interrupt(); return nil })
			set(t, rt, "explode", func(context.Context) error { panic("exploded") })
			if err := rt.Exec(bg, "calls.py", src); err != nil {
				t.Fatal(err)
			}
			if err := c.first(rt); (err != nil) != c.fails {
				t.Fatalf("the first call gave the error %v", err)
			}
			var usage mlxstar.Usage
			got, err := rt.CallWith(bg, c.then, mlxstar.CallOptions{Args: c.args, Usage: &usage})
			if err != nil || got != c.want {
				t.Errorf("got %v and the error %v, want %v", got, err, c.want)
			}
			if usage.Steps > 200_000 {
				t.Errorf("the call took %d steps", usage.Steps)
			}
		})
	}
}

func set(t *testing.T, rt *mlxstar.Runtime, name string, v any) {
	t.Helper()
	if err := rt.Set(name, v); err != nil {
		t.Fatal(err)
	}
}

// TestSuspendedGeneratorMeetsTheCall resumes a generator within a generator in another call
// than the one it began in: what ends that call ends it, too.
func TestSuspendedGeneratorMeetsTheCall(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{})
	bg := context.Background()
	if err := rt.Exec(bg, "g.py", "def inner():\n    yield 1\n    yield max(range(10 ** 12))\ndef outer(): yield from inner()\ng = outer()\ndef step(): return next(g)"); err != nil {
		t.Fatal(err)
	}
	if v, err := rt.Call(bg, "step"); err != nil || v != int64(1) {
		t.Fatal(v, err)
	}
	ended, cancel := context.WithTimeout(bg, 50*time.Millisecond)
	defer cancel()
	if _, err := rt.Call(ended, "step"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the call's context", err)
	}
}

// TestInterruptsBetweenCalls has short calls and interrupts meet: an interrupt ends the call
// that it met or none, and each runtime goes on.
func TestInterruptsBetweenCalls(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{})
	bg := context.Background()
	if err := rt.Exec(bg, "f.py", "def f(x): return x"); err != nil {
		t.Fatal(err)
	}
	f, err := rt.Function("f")
	if err != nil {
		t.Fatal(err)
	}
	var interrupts sync.WaitGroup
	stop := make(chan struct{})
	interrupts.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				rt.Interrupt()
			}
		}
	})
	for i := range 2000 {
		ctx, cancel := context.WithCancel(bg)
		if i%3 == 0 {
			go cancel()
		}
		if v, err := f.Call(ctx, i); err == nil && v != int64(i) || err != nil && !errors.Is(err, mlxstar.ErrInterrupted) && !errors.Is(err, context.Canceled) {
			t.Fatalf("call %d gave %v and %v", i, v, err)
		}
		cancel()
	}
	close(stop)
	interrupts.Wait()
	if v, err := f.Call(bg, 7); err != nil || v != int64(7) {
		t.Errorf("got %v and %v after the interrupts", v, err)
	}
}
