package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeInspect is the part of inspect that looks behind callables.
func makeInspect(*Modules) *native.Module {
	mod := native.NewModule("_inspect", "Parts of inspect.")
	define(mod, []function{
		{"parameters(obj, /)", "The parameters of a callable as tuples (name, kind, has a default, default, annotation or None), or None where they are not known.", parameters},
	})
	return mod
}

func parameters(c *call) (starlark.Value, error) {
	ps, ok := object.ParametersOf(c.Arg(0))
	if !ok {
		return starlark.None, nil
	}
	out := make([]starlark.Value, len(ps))
	for i, p := range ps {
		var def, annotation starlark.Value = starlark.None, starlark.None
		if p.Default != nil {
			def = p.Default
		}
		if p.Annotation != "" {
			annotation = starlark.String(p.Annotation)
		}
		out[i] = starlark.Tuple{starlark.String(p.Name), starlark.MakeInt(int(p.Kind)), starlark.Bool(p.Default != nil), def, annotation}
	}
	return starlark.NewList(out), nil
}
