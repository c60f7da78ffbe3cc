package builtins_test

import (
	"fmt"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// TestWrongArguments calls every function and method with arguments of every
// kind: whatever comes, it is a result or a Python exception, never a panic.
func TestWrongArguments(t *testing.T) {
	h := newHost(t, "")
	m, err := h.run("values.py", `
values = [None, True, 3, -1, 2**70, 1.5, 2j, "x", b"x", [], [1], ["x"], [[1], [2, 3]], (), (0, 1), {}, {"a": 1},
          slice(1), mx.float32, mx.cpu, mx.floating, mx.array(3), mx.array([1.5, 2]), mx.zeros((2, 3)), mx.zeros((0, 2)),
          mx.array([True, False]), [mx.ones(2), mx.ones(2)], len, mx.sin]
`)
	if err != nil {
		t.Fatal(err)
	}
	values, err := object.Collect(nil, m.Get("values"))
	if err != nil {
		t.Fatal(err)
	}
	thread := &starlark.Thread{Name: "test"}
	dialect.SetHost(thread, h)
	called := 0
	var visit func(name string, v starlark.Value)
	visit = func(name string, v starlark.Value) {
		switch v := v.(type) {
		case *object.Type:
			callAll(t, thread, name, v, values, &called)
			for _, member := range v.Attrs().Names() {
				f, _ := v.Attrs().Get(member)
				if c, ok := f.(starlark.Callable); ok {
					callAll(t, thread, name+"."+member, c, values, &called)
				}
			}
		case starlark.Callable:
			callAll(t, thread, name, v, values, &called)
		case starlark.HasAttrs:
			if v.Type() != "module" {
				return
			}
			for _, member := range v.AttrNames() {
				x, err := v.Attr(member)
				if err != nil || x == nil {
					t.Errorf("%s.%s: %v", name, member, err)
					continue
				}
				visit(name+"."+member, x)
			}
		}
	}
	visit("mx", h.mx)
	if called < 10000 {
		t.Errorf("made %d calls, want at least 10000: the walk has missed the functions", called)
	}
}

// callAll calls a function with each value alone, and with neighbours as two
// and three arguments.
func callAll(t *testing.T, thread *starlark.Thread, name string, f starlark.Callable, values []starlark.Value, called *int) {
	t.Helper()
	call := func(args ...starlark.Value) {
		*called++
		defer func() {
			if r := recover(); r != nil {
				t.Errorf("%s%s: panic: %v", name, describe(args), r)
			}
		}()
		v, err := object.Call(thread, f, args, nil)
		if err == nil && v != nil {
			_, _ = object.Str(thread, v) // evaluates what was built
		}
	}
	call()
	for i, v := range values {
		call(v)
		call(v, values[(i+1)%len(values)])
		call(v, values[(i*7+3)%len(values)])
		call(v, values[(i*5+2)%len(values)], values[(i*3+1)%len(values)])
	}
}

func describe(args []starlark.Value) string {
	text := "("
	for i, a := range args {
		if i > 0 {
			text += ", "
		}
		text += object.TypeName(a) + " " + fmt.Sprint(a)
	}
	return text + ")"
}
