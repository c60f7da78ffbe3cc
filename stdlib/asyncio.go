package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeAsyncio is _asyncio: what asyncio asks of the runtime.
func makeAsyncio(*Modules) *native.Module {
	mod := native.NewModule("_asyncio", "What asyncio asks of the runtime.")
	define(mod, []function{
		{"suspended_generators()", "Return the asynchronous generators that were left half-way.", func(c *call) (starlark.Value, error) {
			return starlark.NewList(object.SuspendedGenerators(c.Thread)), nil
		}},
		{"forgotten_coroutines()", "Return the names of coroutines that were made and not awaited, and that were not told of yet.", func(c *call) (starlark.Value, error) {
			var names []starlark.Value
			for _, n := range object.ForgottenCoroutines(c.Thread) {
				names = append(names, starlark.String(n))
			}
			return starlark.NewList(names), nil
		}},
	})
	return mod
}
