package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

func isNumeric(v starlark.Value) bool {
	switch object.Unwrap(v).(type) {
	case starlark.Int, starlark.Float, starlark.Bool:
		return true
	}
	return false
}

func list(vs []starlark.Value) *starlark.List { return starlark.NewList(vs) }

func stringList(ss []string) *starlark.List {
	vs := make([]starlark.Value, len(ss))
	for i, s := range ss {
		vs[i] = starlark.String(s)
	}
	return starlark.NewList(vs)
}
