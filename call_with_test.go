package mlxstar_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

func TestCallWith(t *testing.T) {
	ctx := context.Background()
	var common strings.Builder
	rt := suite.NewRuntime(t, mlxstar.Options{Stdout: &common, StepLimit: 1_000_000})
	if err := rt.Exec(ctx, "main.py", `
import sys
import mlx.core as mx
def greet(name, *, mark="!"):
    print("hello " + name + mark)
    print("seen", file=sys.stderr)
    return sys.stdin.read()
import time
def wait(s): time.sleep(s)
def spin(n):
    i = 0
    while i < n: i += 1
def hold(n):
    return mx.ones((n,)).sum().item()
`); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ann", "bob"} {
		var out, errs strings.Builder
		var used mlxstar.Usage
		v, err := rt.CallWith(ctx, "greet", mlxstar.CallOptions{
			Args: []any{name}, Kwargs: map[string]any{"mark": "?"}, Stdin: strings.NewReader("from " + name), Stdout: &out, Stderr: &errs, Usage: &used,
		})
		if err != nil || v != "from "+name || out.String() != "hello "+name+"?\n" || errs.String() != "seen\n" {
			t.Errorf("got %v, %v, %q, %q", v, err, out.String(), errs.String())
		}
		if used.Output != int64(len("hello ann?\nseen\n")) || used.Steps == 0 || used.Time <= 0 {
			t.Errorf("usage is %+v", used)
		}
	}
	if common.Len() > 0 {
		t.Errorf("the runtime's own output got %q", common.String())
	}
	if _, err := rt.Call(ctx, "greet", "cy"); err != nil || common.String() != "hello cy!\n" {
		t.Errorf("afterwards: %q, %v", common.String(), err)
	}

	var used mlxstar.Usage
	_, err := rt.CallWith(ctx, "spin", mlxstar.CallOptions{Args: []any{1 << 20}, StepLimit: 10_000, Usage: &used})
	if !errors.Is(err, mlxstar.ErrStepLimit) || used.Steps < 10_000 || used.Steps > 11_000 || !strings.Contains(err.Error(), "10000 steps") {
		t.Errorf("got %v after %d steps", err, used.Steps)
	}
	if _, err := rt.Call(ctx, "spin", 20_000); err != nil {
		t.Errorf("the limit stayed: %v", err)
	}
	if _, err := rt.CallWith(ctx, "spin", mlxstar.CallOptions{Args: []any{1 << 20}, StepLimit: 1 << 40}); !errors.Is(err, mlxstar.ErrStepLimit) {
		t.Errorf("the runtime's own limit was passed: %v", err)
	}
	if _, err := rt.CallWith(ctx, "wait", mlxstar.CallOptions{Args: []any{60}, Timeout: time.Millisecond}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, err := rt.CallWith(ctx, "hold", mlxstar.CallOptions{Args: []any{1 << 20}, Usage: &used}); err != nil || used.Peak < 4 || used.Peak > 5<<20 {
		t.Errorf("peak is %d, %v", used.Peak, err)
	}
	if _, err := rt.CallWith(ctx, "missing", mlxstar.CallOptions{}); err == nil || !strings.Contains(err.Error(), "NameError") {
		t.Errorf("got %v", err)
	}
}

func TestFunctionHandles(t *testing.T) {
	ctx := context.Background()
	rt := suite.NewRuntime(t, mlxstar.Options{})
	if err := rt.Exec(ctx, "main.py", `
x = 3
def scaled(by):
    def scale(v, plus=0): return v * by + plus
    return scale
def apply(f, v): return f(v)
`); err != nil {
		t.Fatal(err)
	}
	scaled, err := rt.Function("scaled")
	if err != nil {
		t.Fatal(err)
	}
	v, err := scaled.Call(ctx, 10)
	double, ok := v.(*mlxstar.Function)
	if err != nil || !ok || double.Name() != "scale" {
		t.Fatalf("got %v, %v", v, err)
	}
	if v, err := double.Call(ctx, 4); err != nil || v != int64(40) {
		t.Errorf("got %v, %v", v, err)
	}
	if v, err := double.CallWith(ctx, mlxstar.CallOptions{Args: []any{4}, Kwargs: map[string]any{"plus": 2}}); err != nil || v != int64(42) {
		t.Errorf("got %v, %v", v, err)
	}
	if v, err := rt.Call(ctx, "apply", double, 5); err != nil || v != int64(50) {
		t.Errorf("back in the script: %v, %v", v, err)
	}
	other := suite.NewRuntime(t, mlxstar.Options{})
	if err := other.Set("f", double); err == nil {
		t.Error("another runtime took the function")
	}
	for name, want := range map[string]string{"x": "type int", "y": "no variable"} {
		if _, err := rt.Function(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestIterate(t *testing.T) {
	ctx := context.Background()
	rt := suite.NewRuntime(t, mlxstar.Options{})
	if err := rt.Exec(ctx, "main.py", `
import mlx.core as mx
def count(n):
    for i in range(n):
        yield {"i": i, "x": mx.full((2,), i)}
def fails():
    yield 1
    raise ValueError("enough")
`); err != nil {
		t.Fatal(err)
	}
	g, err := rt.Call(ctx, "count", 4)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for v, err := range rt.Iterate(ctx, g) {
		if err != nil {
			t.Fatal(err)
		}
		var row struct {
			I int       `mlx:"i"`
			X []float32 `mlx:"x"`
		}
		if err := mlxstar.Decode(ctx, v, &row); err != nil || row.I != seen || len(row.X) != 2 || row.X[1] != float32(seen) {
			t.Fatalf("got %+v, %v", row, err)
		}
		if seen++; seen == 2 {
			break
		}
		if _, err := rt.Eval(ctx, "between.py", "mx.ones(3)"); err != nil {
			t.Error(err)
		}
	}
	rest := 0
	for _, err := range rt.Iterate(ctx, g) { // goes on where the first loop left
		if err != nil {
			t.Fatal(err)
		}
		rest++
	}
	if seen != 2 || rest != 2 {
		t.Errorf("got %d and %d elements", seen, rest)
	}

	// Calls of next in scripts of their own go on with it as well.
	if err := rt.Exec(ctx, "a.py", "g = count(3)\nfirst = next(g)['i']"); err != nil {
		t.Fatal(err)
	}
	if v, err := rt.Eval(ctx, "b.py", "second = next(g)['i']\n(first, second, [x['i'] for x in g])"); err != nil || fmt.Sprint(v) != "[0 1 [2]]" {
		t.Errorf("got %v, %v", v, err)
	}

	g, err = rt.Call(ctx, "fails")
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	var last error
	for v, err := range rt.Iterate(ctx, g) {
		if last = err; err == nil {
			got = append(got, v)
		}
	}
	var e *mlxstar.Error
	if len(got) != 1 || !errors.As(last, &e) || e.Type != "ValueError" {
		t.Errorf("got %v, %v", got, last)
	}
	for _, v := range []any{[]string{"a", "b"}, map[string]any{"k": 1}, "xyz"} {
		n := 0
		for _, err := range rt.Iterate(ctx, v) {
			if err != nil {
				t.Error(err)
			}
			n++
		}
		if n == 0 {
			t.Errorf("%v has no elements", v)
		}
	}
	for _, err := range rt.Iterate(ctx, 3) {
		if err == nil {
			t.Error("a number was iterated over")
		}
	}
}
