package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeDataclasses is the part of dataclasses that runs for each instance.
func makeDataclasses(*Modules) *native.Module {
	mod := native.NewModule("_dataclasses", "Methods of dataclasses.")
	define(mod, []function{
		{"initializer(fields, frozen, misfit, /)", "The method __init__ of fields: tuples of a name, whether it is stored, an argument, by keyword alone, its default and the factory of that, or (). Misfit raises for arguments that do not fit.", func(c *call) (starlark.Value, error) {
			d := &dataInit{frozen: c.BoolOr(1, false), misfit: c.Arg(2), index: map[string]int{}}
			for _, v := range c.Items(0) {
				if err := d.add(v); err != nil {
					return nil, err
				}
			}
			return object.NewMethod("__init__", "", d.call), c.Err
		}},
		{"comparer(names, /)", "The method __eq__ that compares attributes.", func(c *call) (starlark.Value, error) {
			names, err := attributeNames(c.Items(0))
			return object.NewMethod("__eq__", "", func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
				if len(args) != 1 || len(kwargs) > 0 {
					return nil, object.Errorf(object.TypeError, "expected 1 argument, got %d", len(args)+len(kwargs))
				}
				if object.TypeOf(self) != object.TypeOf(args[0]) {
					return object.NotImplemented, nil
				}
				x, err := attributes(thread, self, names)
				if err != nil {
					return nil, err
				}
				y, err := attributes(thread, args[0], names)
				if err != nil {
					return nil, err
				}
				return object.Compare(thread, object.Eq, x, y)
			}), err
		}},
	})
	return mod
}

func attributeNames(vs []starlark.Value) ([]string, error) {
	names := make([]string, len(vs))
	for i, v := range vs {
		var ok bool
		if names[i], ok = object.AsString(v); !ok {
			return nil, object.Errorf(object.TypeError, "the name of an attribute must be str, not %s", object.TypeName(v))
		}
	}
	return names, nil
}

// attributes are those of a value, in order.
func attributes(thread *starlark.Thread, x starlark.Value, names []string) (starlark.Tuple, error) {
	out := make(starlark.Tuple, len(names))
	for i, name := range names {
		var err error
		if out[i], err = object.GetAttr(thread, x, name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// dataField is a field as __init__ sees it.
type dataField struct {
	name      string
	stored    bool
	argument  bool
	byKeyword bool
	value     starlark.Value // the default, or nil
	factory   starlark.Value // of the default, or nil
}

// dataInit is the __init__ of a dataclass.
type dataInit struct {
	fields     []dataField
	positional []int // of the fields
	index      map[string]int
	frozen     bool
	misfit     starlark.Value
}

// add reads a field.
func (d *dataInit) add(v starlark.Value) error {
	t, ok := v.(starlark.Tuple)
	if !ok || len(t) != 6 {
		return object.Errorf(object.TypeError, "a field is a tuple of 6, not %s", object.TypeName(v))
	}
	f := dataField{stored: t[1] == starlark.True, argument: t[2] == starlark.True, byKeyword: t[3] == starlark.True}
	if f.name, ok = object.AsString(t[0]); !ok {
		return object.Errorf(object.TypeError, "the name of a field must be str, not %s", object.TypeName(t[0]))
	}
	for i, to := range []*starlark.Value{&f.value, &f.factory} {
		if boxed, ok := t[4+i].(starlark.Tuple); ok && len(boxed) == 1 {
			*to = boxed[0]
		}
	}
	if f.argument {
		d.index[f.name] = len(d.fields)
		if !f.byKeyword {
			d.positional = append(d.positional, len(d.fields))
		}
	}
	d.fields = append(d.fields, f)
	return nil
}

// bind places the arguments by field; nil where there is none. It fails where they do not fit.
func (d *dataInit) bind(values []starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) bool {
	if len(args) > len(d.positional) {
		return false
	}
	for i, v := range args {
		values[d.positional[i]] = v
	}
	for _, kv := range kwargs {
		name, _ := starlark.AsString(kv[0])
		i, ok := d.index[name]
		if !ok || values[i] != nil {
			return false
		}
		values[i] = kv[1]
	}
	for i := range d.fields {
		if f := &d.fields[i]; f.argument && values[i] == nil && f.value == nil && f.factory == nil {
			return false
		}
	}
	return true
}

func (d *dataInit) call(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var space [8]starlark.Value
	values := space[:]
	if len(d.fields) > len(space) {
		values = make([]starlark.Value, len(d.fields))
	}
	if !d.bind(values, args, kwargs) {
		named := starlark.NewDict(len(kwargs))
		for _, kv := range kwargs {
			if err := named.SetKey(kv[0], kv[1]); err != nil {
				return nil, err
			}
		}
		_, err := object.Call(thread, d.misfit, starlark.Tuple{args, named}, nil)
		if err == nil {
			err = object.Errorf(object.TypeError, "the arguments do not fit the fields")
		}
		return nil, err
	}
	var late starlark.Tuple // for __post_init__
	for i := range d.fields {
		f := &d.fields[i]
		v := values[i]
		if !f.stored {
			if v == nil {
				v = f.value
			}
			late = append(late, v)
			continue
		}
		var err error
		switch {
		case v != nil:
		case f.factory != nil:
			if v, err = object.Call(thread, f.factory, nil, nil); err != nil {
				return nil, err
			}
		case f.value != nil && f.argument:
			v = f.value
		default:
			continue
		}
		if d.frozen {
			err = object.SetOwnAttr(thread, self, f.name, v)
		} else {
			err = object.SetAttr(thread, self, f.name, v)
		}
		if err != nil {
			return nil, err
		}
	}
	if _, ok := object.TypeOf(self).Lookup("__post_init__"); !ok {
		return starlark.None, nil
	}
	after, err := object.GetAttr(thread, self, "__post_init__")
	if err == nil {
		_, err = object.Call(thread, after, late, nil)
	}
	return starlark.None, err
}
