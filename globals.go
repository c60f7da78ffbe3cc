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
	return starlark.NewBuiltin("function", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		in := make([]any, len(args))
		for i, a := range args {
			in[i] = fromScript(a)
		}
		named := make(map[string]any, len(kwargs))
		for _, kv := range kwargs {
			named[string(kv[0].(starlark.String))] = fromScript(kv[1])
		}
		out, err := f(in, named)
		if err != nil {
			return nil, object.AsException(err)
		}
		return rt.toScript(out)
	})
}
