package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeInspect is the part of inspect that looks behind callables.
func makeInspect(m *Modules) *native.Module {
	mod := native.NewModule("_inspect", "Parts of inspect.")
	define(mod, []function{
		{"parameters(obj, /)", "The parameters of a callable as tuples (name, kind, has a default, default, annotation or None), or None where they are not known.", parameters},
		{"source(file, /)", "The text of a source file, or None where it is not known.", func(c *call) (starlark.Value, error) {
			file := c.Str(0)
			if c.Err != nil || m.env.Source == nil {
				return starlark.None, c.Err
			}
			src, ok := m.env.Source(file)
			if !ok {
				return starlark.None, nil
			}
			return starlark.String(src), nil
		}},
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
