package suite

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar"
)

// Script is a runtime under test.
type Script struct {
	RT  *mlxstar.Runtime
	Out *bytes.Buffer // what it prints, on the standard error too
	t   *testing.T
}

// NewScript makes a runtime that has the files of a directory of its own.
func NewScript(t *testing.T, o mlxstar.Options) *Script {
	t.Helper()
	s := &Script{t: t, Out: new(bytes.Buffer)}
	o.Stdout, o.Stderr, o.Dir, o.Files = s.Out, s.Out, t.TempDir(), mlxstar.SystemFiles()
	s.RT = NewRuntime(t, o)
	return s
}

// Run executes source text.
func (s *Script) Run(src string) {
	s.t.Helper()
	Exec(s.t, s.RT, src)
}

// Int evaluates an expression that gives an int.
func (s *Script) Int(expr string) int64 {
	s.t.Helper()
	v, err := s.RT.Eval(context.Background(), "test.py", expr)
	if err != nil {
		s.t.Fatalf("%s: %v", expr, err)
	}
	n, ok := v.(int64)
	if !ok {
		s.t.Fatalf("%s is a %T, want an int", expr, v)
	}
	return n
}

// NewRuntime makes a runtime that is closed when the test ends.
func NewRuntime(t *testing.T, o mlxstar.Options) *mlxstar.Runtime {
	t.Helper()
	rt, err := mlxstar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	})
	return rt
}

// Exec executes source text, which must not fail.
func Exec(t *testing.T, rt *mlxstar.Runtime, src string) {
	t.Helper()
	if err := rt.Exec(context.Background(), "test.py", src); err != nil {
		t.Fatalf("%v\n%s", err, Traceback(err))
	}
}

// Traceback gives the traceback of a script's error, or "".
func Traceback(err error) string {
	var e *mlxstar.Error
	if errors.As(err, &e) {
		return e.Traceback
	}
	return ""
}

// Output runs a script in a runtime of its own and gives what it printed.
func Output(o mlxstar.Options, src string) (string, error) {
	var out bytes.Buffer
	o.Stdout = &out
	rt, err := mlxstar.New(o)
	if err != nil {
		return "", err
	}
	err = rt.Exec(context.Background(), "case.py", src)
	return out.String(), errors.Join(err, rt.Close())
}

// Global gives a global variable as scripts see it, or nil if there is none.
// [mlxstar.Runtime.Get] converts it, which loses what tells a tuple from a list.
func Global(ctx context.Context, rt *mlxstar.Runtime, name string) (v starlark.Value, err error) {
	const keep = "_keep_for_the_suite"
	if _, ok := rt.Get(name); !ok {
		return nil, nil
	}
	err = rt.Set(keep, starlark.NewBuiltin(keep, func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		v = args[0]
		return starlark.None, nil
	}))
	if err != nil {
		return nil, err
	}
	return v, rt.Exec(ctx, "global.py", keep+"("+name+")")
}
