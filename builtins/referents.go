package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

var (
	_ object.HasReferents = (*compiled)(nil)
	_ object.HasReferents = (*Transformed)(nil)
	_ HasArray            = (*Array)(nil)
)

// HasArray is a value that is an array of an engine, or a window on one.
type HasArray interface {
	starlark.Value
	EngineArray() *engine.Array
}

// EngineArray is the array itself.
func (a *Array) EngineArray() *engine.Array { return &a.Array }

// Referents yields the function that was compiled, and the state that it captured.
func (f *compiled) Referents(yield func(key, v starlark.Value)) {
	for name, v := range map[string]starlark.Value{"__wrapped__": f.fn, "inputs": f.inputs, "outputs": f.outputs} {
		if v != nil {
			yield(starlark.String(name), v)
		}
	}
}

// Referents yields the function that was transformed.
func (t *Transformed) Referents(yield func(key, v starlark.Value)) {
	if t.fn != nil {
		yield(starlark.String("__wrapped__"), t.fn)
	}
}
