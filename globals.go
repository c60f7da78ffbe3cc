package mlxstar

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib"
)

// declareGlobals gathers what scripts find without importing it.
func (rt *Runtime) declareGlobals() {
	rt.globals = object.Builtins()
	rt.std = stdlib.New(rt.env, rt.globals)
	for name, v := range rt.std.Builtins() {
		rt.globals[name] = v
	}
	rt.globals["help"] = starlark.NewBuiltin("help", rt.help)
	for _, name := range []string{"exit", "quit"} {
		rt.globals[name] = starlark.NewBuiltin(name, exit)
	}
}

// exit ends the script, as sys.exit does.
func exit(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var code starlark.Value = starlark.None
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "code?", &code); err != nil {
		return nil, err
	}
	return nil, object.NewException(object.SystemExit, code)
}

// wrapFunc makes a Go function callable from scripts.
func (rt *Runtime) wrapFunc(f Func) starlark.Value {
	return starlark.NewBuiltin("function", func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		in := make([]any, len(args))
		for i, a := range args {
			in[i] = rt.fromScript(a)
		}
		named := make(map[string]any, len(kwargs))
		for _, kv := range kwargs {
			named[string(kv[0].(starlark.String))] = rt.fromScript(kv[1])
		}
		out, err := rt.visit(thread, f, in, named)
		if err != nil {
			return nil, rt.funcError(err)
		}
		return rt.toScript(out)
	})
}

// visit calls a Go function, which may call the runtime back.
func (rt *Runtime) visit(thread *starlark.Thread, f Func, args []any, kwargs map[string]any) (any, error) {
	defer rt.turn.visit(thread)()
	return f(args, kwargs)
}

// funcError is the exception of a Go function's error. The end of a context of the
// function's own is an exception like others; that of the script's ends the script.
func (rt *Runtime) funcError(err error) error {
	if object.IsUncatchable(err) {
		if ended := rt.Context().Err(); ended != nil {
			return err
		}
		err = object.Catchable(err)
	}
	return object.AsException(err)
}
