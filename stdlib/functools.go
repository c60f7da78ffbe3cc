package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeFunctools is the part of functools that Go does better.
func makeFunctools(*Modules) *native.Module {
	mod := native.NewModule("_functools", "Parts of functools.")
	define(mod, []function{
		{"reduce(function, iterable, initial=absent, /)", "Apply a function of two arguments cumulatively to the items of an iterable, from left to right, so as to reduce it to a single value.", reduce},
		{"cmp_to_key(mycmp)", "Convert a cmp= function into a key= function.", func(c *call) (starlark.Value, error) {
			cmp := c.Arg(0)
			return native.NewFunction("functools", "K(obj)", "", func(k *call) (starlark.Value, error) {
				return &orderedBy{cmp, k.Arg(0)}, nil
			}), nil
		}},
	})
	addCaches(mod)
	return mod
}

func reduce(c *call) (starlark.Value, error) {
	it, err := object.Iterate(c.Thread, c.Arg(1))
	if err != nil {
		return nil, err
	}
	defer it.Close()
	acc := c.Arg(2)
	for {
		v, ok, err := it.Next(c.Thread)
		switch {
		case err != nil:
			return nil, err
		case !ok && acc == nil:
			return nil, object.Errorf(object.TypeError, "reduce() of empty iterable with no initial value")
		case !ok:
			return acc, nil
		case acc == nil:
			acc = v
			continue
		}
		if acc, err = c.Invoke(c.Arg(0), acc, v); err != nil {
			return nil, err
		}
	}
}

// orderedBy is a value that orders itself by a comparison function.
type orderedBy struct {
	cmp, obj starlark.Value
}

var (
	_ object.HasCompare = (*orderedBy)(nil)
	_ starlark.HasAttrs = (*orderedBy)(nil)
)

func (o *orderedBy) String() string       { return "<functools.KeyWrapper object>" }
func (o *orderedBy) Type() string         { return "KeyWrapper" }
func (o *orderedBy) Freeze()              {}
func (o *orderedBy) Truth() starlark.Bool { return true }
func (o *orderedBy) Hash() (uint32, error) {
	return 0, object.Errorf(object.TypeError, "unhashable type: 'functools.KeyWrapper'")
}
func (o *orderedBy) AttrNames() []string { return []string{"obj"} }

// Attr gives the wrapped value.
func (o *orderedBy) Attr(name string) (starlark.Value, error) {
	if name == "obj" {
		return o.obj, nil
	}
	return nil, nil
}

// RichCompare asks the comparison function.
func (o *orderedBy) RichCompare(thread *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	x, ok := other.(*orderedBy)
	if !ok {
		return nil, nil
	}
	v, err := object.Call(thread, o.cmp, starlark.Tuple{o.obj, x.obj}, nil)
	if err != nil {
		return nil, err
	}
	return object.Compare(thread, op, v, starlark.MakeInt(0))
}
