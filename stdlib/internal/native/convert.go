package native

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// AsFloat is what Python's C functions do with an argument that must be a real
// number: floats, integers, and objects with __float__ or __index__.
func AsFloat(thread *starlark.Thread, v starlark.Value) (float64, error) {
	switch x := object.Unwrap(v).(type) {
	case starlark.Float:
		return float64(x), nil
	case starlark.Int:
		f := float64(x.Float())
		if math.IsInf(f, 0) {
			return 0, object.Errorf(object.OverflowError, "int too large to convert to float")
		}
		return f, nil
	case starlark.Bool:
		if x {
			return 1, nil
		}
		return 0, nil
	case starlark.String, starlark.Bytes:
		return 0, notReal(v)
	case object.HasConvert:
		r, err := x.Convert(thread, "float")
		if err != nil {
			return 0, err
		}
		if f, ok := r.(starlark.Float); ok {
			return float64(f), nil
		}
		return 0, notReal(v)
	}
	for _, name := range []string{"__float__", "__index__"} {
		fn, err := object.GetAttr(thread, v, name)
		if err != nil {
			continue
		}
		r, err := object.Call(thread, fn, nil, nil)
		if err != nil {
			return 0, err
		}
		switch r.(type) {
		case starlark.Float, starlark.Int:
			return AsFloat(thread, r)
		}
		return 0, object.Errorf(object.TypeError, "%s.%s returned non-float (type %s)", object.TypeName(v), name, object.TypeName(r))
	}
	return 0, notReal(v)
}

func notReal(v starlark.Value) error {
	return object.Errorf(object.TypeError, "must be real number, not %s", object.TypeName(v))
}
