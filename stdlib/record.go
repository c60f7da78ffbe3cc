package stdlib

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// recordClass makes a class of tuples whose elements have names, as
// sys.version_info is one.
func recordClass(module, name string, fields ...string) (*object.Type, error) {
	ns := object.NewNamespace()
	for i, f := range fields {
		get := starlark.NewBuiltin(f, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return object.GetItem(thread, object.Unwrap(args[0]), starlark.MakeInt(i))
		})
		ns.Set(f, &object.Property{Get: get})
	}
	ns.Set("__repr__", object.NewMethod("__repr__", "", func(thread *starlark.Thread, self starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		t, _ := object.AsTuple(self)
		parts := make([]string, 0, len(fields))
		for i, v := range t {
			if i >= len(fields) {
				break
			}
			s, err := object.Repr(thread, v)
			if err != nil {
				return nil, err
			}
			parts = append(parts, fields[i]+"="+s)
		}
		return starlark.String(module + "." + name + "(" + strings.Join(parts, ", ") + ")"), nil
	}))
	return object.NewClass(&starlark.Thread{Name: "stdlib"}, name, name, module, starlark.Tuple{object.TupleType}, ns, nil)
}

// newRecord makes an instance of a record's class.
func newRecord(t *object.Type, values ...starlark.Value) (starlark.Value, error) {
	return object.Call(&starlark.Thread{Name: "stdlib"}, t, starlark.Tuple{starlark.Tuple(values)}, nil)
}

// record makes a class with one instance.
func record(module, name string, fields []string, values ...starlark.Value) starlark.Value {
	t, err := recordClass(module, name, fields...)
	if err == nil {
		var v starlark.Value
		if v, err = newRecord(t, values...); err == nil {
			return v
		}
	}
	panic("stdlib: record " + name + ": " + err.Error()) // the definition is constant
}
