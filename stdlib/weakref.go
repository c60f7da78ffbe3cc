package stdlib

import (
	"runtime"
	"weak"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeWeakref is what weakref makes references of.
func makeWeakref(*Modules) *native.Module {
	mod := native.NewModule("_weakref", "Weak references to arrays.")
	define(mod, []function{
		{"weaken(obj, /)", "A function that gives the array while anything else refers to it, then None; None for what is no array.", func(c *call) (starlark.Value, error) {
			a, ok := c.Arg(0).(*builtins.Array)
			if !ok {
				return starlark.None, nil
			}
			p := weak.Make(a)
			return starlark.NewBuiltin("weakref", func(thread *starlark.Thread, _ *starlark.Builtin, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
				// The answer is exact, as with counted references.
				if _, err := object.Aside(thread, func() (struct{}, error) { runtime.GC(); return struct{}{}, nil }); err != nil {
					return nil, err
				}
				if a := p.Value(); a != nil {
					return a, nil
				}
				return starlark.None, nil
			}), nil
		}},
	})
	return mod
}
