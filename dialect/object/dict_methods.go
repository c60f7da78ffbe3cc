package object

import (
	"go.starlark.net/starlark"
)

func (c *call) dict() *starlark.Dict {
	d, _ := AsDict(c.self)
	return d
}

func dictMethods() []methodSpec {
	view := func(name string, t *Type) methodSpec {
		return methodSpec{name: name, fn: func(c *call) (starlark.Value, error) { return &dictView{t, c.dict()}, nil }}
	}
	return []methodSpec{
		view("keys", DictKeysType), view("values", DictValuesType), view("items", DictItemsType),
		{name: "get", sig: "key, default=None, /", fn: func(c *call) (starlark.Value, error) {
			v, found, err := dictGet(c.thread, c.dict(), c.arg(0))
			if err != nil || found {
				return v, err
			}
			if c.arg(1) == nil {
				return starlark.None, nil
			}
			return c.arg(1), nil
		}},
		{name: "setdefault", sig: "key, default=None, /", fn: dictSetdefault},
		{name: "pop", sig: "key, default=None, /", fn: dictPop},
		{name: "popitem", fn: dictPopitem},
		{name: "update", sig: "iterable=(), /, **kwargs", fn: func(c *call) (starlark.Value, error) {
			var args starlark.Tuple
			if c.arg(0) != nil {
				args = starlark.Tuple{c.arg(0)}
			}
			return starlark.None, dictUpdate(c.thread, c.dict(), "update", args, c.kw)
		}},
		{name: "clear", fn: func(c *call) (starlark.Value, error) { return starlark.None, frozenList(c.dict().Clear()) }},
		{name: "copy", fn: func(c *call) (starlark.Value, error) { return copyDict(c.thread, c.dict()) }},
		{name: "fromkeys", sig: "iterable, value=None, /", kind: classMethod, fn: dictFromkeys},
	}
}

func copyDict(thread *starlark.Thread, d *starlark.Dict) (starlark.Value, error) {
	out := starlark.NewDict(d.Len())
	var turns pace
	for k, v := range d.Entries() {
		if err := turns.step(thread); err != nil {
			return nil, err
		}
		_ = out.SetKey(k, v) // a key of a dict hashes
	}
	return out, nil
}

func dictSetdefault(c *call) (starlark.Value, error) {
	v, found, err := dictGet(c.thread, c.dict(), c.arg(0))
	if err != nil || found {
		return v, err
	}
	v = c.arg(1)
	if v == nil {
		v = starlark.None
	}
	return v, dictSet(c.thread, c.dict(), c.arg(0), v)
}

func dictPop(c *call) (starlark.Value, error) {
	v, found, err := dictDelete(c.thread, c.dict(), c.arg(0))
	if err != nil || found {
		return v, err
	}
	if c.arg(1) == nil {
		return nil, NewException(KeyError, c.arg(0))
	}
	return c.arg(1), nil
}

// dictPopitem removes the entry that was added last.
func dictPopitem(c *call) (starlark.Value, error) {
	keys := c.dict().Keys()
	if len(keys) == 0 {
		return nil, NewException(KeyError, starlark.String("popitem(): dictionary is empty"))
	}
	k := keys[len(keys)-1]
	v, _, err := c.dict().Delete(k)
	if err != nil {
		return nil, AsException(err)
	}
	return starlark.Tuple{k, v}, nil
}

func dictFromkeys(c *call) (starlark.Value, error) {
	cls := c.self.(*Type)
	v := c.arg(1)
	if v == nil {
		v = starlark.None
	}
	made, err := Call(c.thread, cls, nil, nil)
	if err != nil {
		return nil, err
	}
	return made, each(c.thread, c.arg(0), func(k starlark.Value) error { return SetItem(c.thread, made, k, v) })
}

func viewMethods() []methodSpec {
	return []methodSpec{
		{name: "isdisjoint", sig: "other, /", fn: setIsdisjoint},
	}
}
