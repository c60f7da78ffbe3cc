package object

import (
	"go.starlark.net/starlark"
)

func (c *call) set() *starlark.Set { return setElements(c.self) }

// asSet is x as a set: itself, or the elements of an iterable.
func asSet(thread *starlark.Thread, x starlark.Value) (*starlark.Set, error) {
	if s := setElements(x); s != nil {
		return s, nil
	}
	s := new(starlark.Set)
	return s, each(thread, x, func(v starlark.Value) error { return setInsert(thread, s, v) })
}

// sameKind wraps the result of a method in the kind of set it was called on.
func sameKind(self starlark.Value, s *starlark.Set) starlark.Value {
	if _, frozen := unwrap(self).(*FrozenSet); frozen {
		return &FrozenSet{s}
	}
	return s
}

// setMethods are those that set and frozenset share.
func setMethods() []methodSpec {
	combined := func(name string, op Op, sig string) methodSpec {
		return methodSpec{name: name, sig: sig, fn: func(c *call) (starlark.Value, error) {
			out, err := combineAll(c, op)
			if err != nil {
				return nil, err
			}
			return sameKind(c.self, out), nil
		}}
	}
	compared := func(name string, op Op) methodSpec {
		return methodSpec{name: name, sig: "other, /", fn: func(c *call) (starlark.Value, error) {
			other, err := asSet(c.thread, c.arg(0))
			if err != nil {
				return nil, err
			}
			r, err := setCompare(c.thread, op, c.set(), other)
			return starlark.Bool(r), err
		}}
	}
	return []methodSpec{
		combined("union", Or, "*others"), combined("intersection", And, "*others"), combined("difference", Sub, "*others"),
		combined("symmetric_difference", Xor, "other, /"),
		compared("issubset", Le), compared("issuperset", Ge),
		{name: "isdisjoint", sig: "other, /", fn: setIsdisjoint},
		{name: "copy", fn: func(c *call) (starlark.Value, error) { return sameKind(c.self, copySet(c.set())), nil }},
	}
}

func combineAll(c *call, op Op) (*starlark.Set, error) {
	others := c.rest
	if len(c.bound) == 1 && c.arg(0) != nil {
		others = starlark.Tuple{c.arg(0)}
	}
	out := copySet(c.set())
	for _, o := range others {
		s, err := asSet(c.thread, o)
		if err != nil {
			return nil, err
		}
		if out, err = combine(c.thread, op, out, s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func setIsdisjoint(c *call) (starlark.Value, error) {
	other, err := asSet(c.thread, c.arg(0))
	if err != nil {
		return nil, err
	}
	both, err := combine(c.thread, And, c.set(), other)
	if err != nil {
		return nil, err
	}
	return newBool(both.Len() == 0)
}

// mutableSetMethods are those of set alone.
func mutableSetMethods() []methodSpec {
	updated := func(name string, op Op, sig string) methodSpec {
		return methodSpec{name: name, sig: sig, fn: func(c *call) (starlark.Value, error) {
			out, err := combineAll(c, op)
			if err != nil {
				return nil, err
			}
			return starlark.None, replaceSet(c.set(), out)
		}}
	}
	return []methodSpec{
		updated("intersection_update", And, "*others"), updated("difference_update", Sub, "*others"),
		updated("symmetric_difference_update", Xor, "other, /"),
		{name: "update", sig: "*others", fn: func(c *call) (starlark.Value, error) {
			for _, o := range c.rest {
				vals, err := collect(c.thread, o)
				if err != nil {
					return nil, err
				}
				for _, v := range vals {
					if err := setInsert(c.thread, c.set(), v); err != nil {
						return nil, err
					}
				}
			}
			return starlark.None, nil
		}},
		{name: "add", sig: "elem, /", fn: func(c *call) (starlark.Value, error) {
			return starlark.None, setInsert(c.thread, c.set(), c.arg(0))
		}},
		{name: "discard", sig: "elem, /", fn: func(c *call) (starlark.Value, error) {
			_, err := setDelete(c.thread, c.set(), c.arg(0))
			return starlark.None, err
		}},
		{name: "remove", sig: "elem, /", fn: func(c *call) (starlark.Value, error) {
			found, err := setDelete(c.thread, c.set(), c.arg(0))
			if err == nil && !found {
				err = NewException(KeyError, c.arg(0))
			}
			return starlark.None, err
		}},
		{name: "pop", fn: func(c *call) (starlark.Value, error) {
			for e := range c.set().Elements() {
				defer func(e starlark.Value) { _, _ = c.set().Delete(e) }(e)
				return e, nil
			}
			return nil, NewException(KeyError, starlark.String("pop from an empty set"))
		}},
		{name: "clear", fn: func(c *call) (starlark.Value, error) { return starlark.None, frozenList(c.set().Clear()) }},
	}
}
