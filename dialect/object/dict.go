package object

import (
	"go.starlark.net/starlark"
)

// dictUnion is x | y.
func dictUnion(thread *starlark.Thread, x, y *starlark.Dict) (starlark.Value, error) {
	out := starlark.NewDict(x.Len() + y.Len())
	for _, d := range []*starlark.Dict{x, y} {
		for _, item := range d.Items() {
			if err := dictSet(thread, out, item[0], item[1]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// dictUpdate is dict.update(*args, **kwargs); name is who reports errors.
func dictUpdate(thread *starlark.Thread, d *starlark.Dict, name string, args starlark.Tuple, kwargs []starlark.Tuple) error {
	if len(args) > 1 {
		return Errorf(TypeError, "%s expected at most 1 argument, got %d", name, len(args))
	}
	if len(args) == 1 {
		if err := dictMerge(thread, d, args[0]); err != nil {
			return err
		}
	}
	for _, kv := range kwargs {
		if err := dictSet(thread, d, kv[0], kv[1]); err != nil {
			return err
		}
	}
	return nil
}

// dictMerge adds the entries of a mapping, or of an iterable of pairs.
func dictMerge(thread *starlark.Thread, d *starlark.Dict, from starlark.Value) error {
	if src, ok := AsDict(from); ok && special(from, "keys") == nil {
		for _, item := range src.Items() {
			if err := dictSet(thread, d, item[0], item[1]); err != nil {
				return err
			}
		}
		return nil
	}
	if keys, err := GetAttr(thread, from, "keys"); err == nil {
		names, err := Call(thread, keys, nil, nil)
		if err != nil {
			return err
		}
		return each(thread, names, func(k starlark.Value) error {
			v, err := GetItem(thread, from, k)
			if err != nil {
				return err
			}
			return dictSet(thread, d, k, v)
		})
	}
	if m, ok := from.(starlark.IterableMapping); ok {
		for _, item := range m.Items() {
			if err := dictSet(thread, d, item[0], item[1]); err != nil {
				return err
			}
		}
		return nil
	}
	i := 0
	return each(thread, from, func(v starlark.Value) error {
		pair, err := collect(thread, v)
		if err != nil {
			return Errorf(TypeError, "cannot convert dictionary update sequence element #%d to a sequence", i)
		}
		if len(pair) != 2 {
			return Errorf(ValueError, "dictionary update sequence element #%d has length %d; 2 is required", i, len(pair))
		}
		i++
		return dictSet(thread, d, pair[0], pair[1])
	})
}

// dictView is d.keys(), d.values() or d.items(): it shows the dict as it is now.
type dictView struct {
	typ  *Type
	dict *starlark.Dict
}

var (
	_ starlark.Sequence = (*dictView)(nil)
	_ HasIter           = (*dictView)(nil)
	_ HasContains       = (*dictView)(nil)
	_ HasType           = (*dictView)(nil)
)

func (v *dictView) String() string       { return reprOrType(v) }
func (v *dictView) Type() string         { return v.typ.name }
func (v *dictView) Freeze()              {}
func (v *dictView) Truth() starlark.Bool { return v.dict.Len() > 0 }
func (v *dictView) Hash() (uint32, error) {
	return 0, Errorf(TypeError, "unhashable type: '%s'", v.typ.name)
}
func (v *dictView) Len() int { return v.dict.Len() }

// PyType is dict_keys, dict_values or dict_items.
func (v *dictView) PyType() *Type { return v.typ }

// Iterate serves Starlark's own iteration, over what the view shows at its start.
func (v *dictView) Iterate() starlark.Iterator {
	vals, err := collect(newThread("view"), v)
	if err != nil {
		vals = nil
	}
	return starlark.Tuple(vals).Iterate()
}

// Iter iterates over the live dict.
func (v *dictView) Iter(thread *starlark.Thread) (Iterator, error) {
	keys, err := Iterate(thread, v.dict)
	if err != nil || v.typ == DictKeysType {
		return keys, err
	}
	return &viewIter{dict: v.dict, keys: keys, pairs: v.typ == DictItemsType}, nil
}

// Contains is x in v.
func (v *dictView) Contains(thread *starlark.Thread, x starlark.Value) (bool, error) {
	switch v.typ {
	case DictKeysType:
		return Contains(thread, v.dict, x)
	case DictItemsType:
		pair, ok := AsTuple(x)
		if !ok || len(pair) != 2 {
			return false, nil
		}
		got, found, err := dictGet(thread, v.dict, pair[0])
		if err != nil || !found {
			return false, err
		}
		return Equal(thread, got, pair[1])
	}
	for _, item := range v.dict.Items() {
		if same, err := Equal(thread, item[1], x); err != nil || same {
			return same, err
		}
	}
	return false, nil
}

// viewIter iterates over a dict's values or items.
type viewIter struct {
	dict  *starlark.Dict
	keys  Iterator
	pairs bool
}

func (it *viewIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	k, v, ok, err := it.pair(thread)
	if ok && it.pairs {
		return starlark.Tuple{k, v}, true, nil
	}
	return v, ok, err
}

func (it *viewIter) pair(thread *starlark.Thread) (k, v starlark.Value, ok bool, err error) {
	if it.keys == nil {
		return nil, nil, false, nil
	}
	k, ok, err = it.keys.Next(thread)
	if err != nil || !ok {
		if err == nil {
			it.Close()
		}
		return nil, nil, false, err
	}
	v, _, err = it.dict.Get(k)
	return k, v, err == nil, err
}

// Parts gives keys and values where those are the elements.
func (it *viewIter) Parts() NextParts {
	if !it.pairs {
		return nil
	}
	return func(thread *starlark.Thread, to []starlark.Value) ([]starlark.Value, bool, error) {
		k, v, ok, err := it.pair(thread)
		return append(to, k, v), ok, err
	}
}

func (it *viewIter) Close() {
	if it.keys != nil {
		it.keys.Close()
	}
	it.dict, it.keys = nil, nil
}
