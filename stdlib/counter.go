package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// countElements adds one to a mapping's value for each element of an iterable. A class that
// has ways of its own to get and set them is asked.
func countElements(c *call) (starlark.Value, error) {
	counter := c.Arg(0)
	d, plain := object.AsDict(counter)
	for _, name := range []string{"get", "__setitem__"} {
		v, _ := object.TypeOf(counter).Lookup(name)
		_, builtin := v.(*object.Method)
		plain = plain && builtin
	}
	it, err := object.Iterate(c.Thread, c.Arg(1))
	if err != nil {
		return nil, err
	}
	defer it.Close()
	one := starlark.MakeInt(1)
	for {
		key, ok, err := it.Next(c.Thread)
		if err != nil || !ok {
			return nil, err
		}
		n := starlark.Value(starlark.MakeInt(0))
		if !plain {
			if n, err = object.CallMethod(c.Thread, "get", starlark.Tuple{counter, nil, key, n}, nil); err != nil {
				return nil, err
			}
		} else if v, found, err := object.DictGet(c.Thread, d, key); err != nil {
			return nil, err
		} else if found {
			n = v
		}
		if n, err = object.Binary(c.Thread, object.Add, n, one); err != nil {
			return nil, err
		}
		if plain {
			err = object.DictSet(c.Thread, d, key, n)
		} else {
			err = object.SetItem(c.Thread, counter, key, n)
		}
		if err != nil {
			return nil, err
		}
	}
}
