package object

import (
	"slices"

	"go.starlark.net/starlark"
)

func (c *call) list() *starlark.List {
	l, _ := AsList(c.self)
	return l
}

// writable is the list a method changes, or why it must not.
func (c *call) writable() (*starlark.List, error) {
	l := c.list()
	if err := mutable(l); err != nil {
		return nil, frozenList(err)
	}
	return l, nil
}

func listMethods() []methodSpec {
	return []methodSpec{
		{name: "append", sig: "object, /", fn: func(c *call) (starlark.Value, error) {
			return starlark.None, frozenList(c.list().Append(c.arg(0)))
		}},
		{name: "extend", sig: "iterable, /", fn: func(c *call) (starlark.Value, error) {
			return starlark.None, listExtend(c.thread, c.list(), c.arg(0))
		}},
		{name: "insert", sig: "index, object, /", fn: listInsert},
		{name: "pop", sig: "index=-1, /", fn: listPop},
		{name: "remove", sig: "value, /", fn: listRemove},
		{name: "clear", fn: func(c *call) (starlark.Value, error) {
			return starlark.None, frozenList(c.list().Clear())
		}},
		{name: "index", sig: "value, start=0, stop=None, /", fn: func(c *call) (starlark.Value, error) {
			return sequenceIndex(c, *elements(c.list()), "list")
		}},
		{name: "count", sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			return sequenceCount(c, *elements(c.list()))
		}},
		{name: "reverse", fn: func(c *call) (starlark.Value, error) {
			l, err := c.writable()
			if err != nil {
				return nil, err
			}
			slices.Reverse(*elements(l))
			return starlark.None, nil
		}},
		{name: "copy", fn: func(c *call) (starlark.Value, error) {
			vals, err := gather(c.thread, *elements(c.list()))
			return starlark.NewList(vals), err
		}},
		{name: "sort", sig: "*, key=None, reverse=False", fn: listSort},
	}
}

func listExtend(thread *starlark.Thread, l *starlark.List, x starlark.Value) error {
	if err := mutable(l); err != nil {
		return frozenList(err)
	}
	if vals, ok := AsTuple(x); ok && TypeOf(x).builtin {
		return appendElements(thread, l, vals)
	}
	if other, ok := x.(*starlark.List); ok {
		return appendElements(thread, l, *elements(other))
	}
	return each(thread, x, func(v starlark.Value) error {
		if err := growList(thread, *elements(l)); err != nil {
			return err
		}
		return frozenList(l.Append(v))
	})
}

// ListAppend adds a value to a list.
func ListAppend(thread *starlark.Thread, l *starlark.List, v starlark.Value) error {
	if err := growList(thread, *elements(l)); err != nil {
		return err
	}
	return frozenList(l.Append(v))
}

// ListPop removes the last value of a list.
func ListPop(l *starlark.List) (starlark.Value, error) {
	if err := mutable(l); err != nil {
		return nil, frozenList(err)
	}
	n := l.Len()
	if n == 0 {
		return nil, Errorf(IndexError, "pop from empty list")
	}
	v := l.Index(n - 1)
	spliceList(l, n-1, n, nil)
	return v, nil
}

// appendElements adds to a list, and charges for its storage where that grows.
func appendElements(thread *starlark.Thread, l *starlark.List, vals []starlark.Value) error {
	old := *elements(l)
	if n := len(old) + len(vals); n > cap(old) {
		if err := GrowTimes(thread, n+n/4, valueSize); err != nil {
			return err
		}
	}
	*elements(l) = append(old, vals...)
	return nil
}

func listInsert(c *call) (starlark.Value, error) {
	l, err := c.writable()
	if err != nil {
		return nil, err
	}
	i, err := c.intArg(0, 0)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		i = max(i+l.Len(), 0)
	}
	i = min(i, l.Len())
	spliceList(l, i, i, []starlark.Value{c.arg(1)})
	return starlark.None, nil
}

func listPop(c *call) (starlark.Value, error) {
	l, err := c.writable()
	if err != nil {
		return nil, err
	}
	i, err := c.intArg(0, -1)
	if err != nil {
		return nil, err
	}
	if l.Len() == 0 {
		return nil, Errorf(IndexError, "pop from empty list")
	}
	if i < 0 {
		i += l.Len()
	}
	if i < 0 || i >= l.Len() {
		return nil, Errorf(IndexError, "pop index out of range")
	}
	v := l.Index(i)
	spliceList(l, i, i+1, nil)
	return v, nil
}

func listRemove(c *call) (starlark.Value, error) {
	l, err := c.writable()
	if err != nil {
		return nil, err
	}
	var turns pace
	for i := 0; i < l.Len(); i++ {
		if err := turns.step(c.thread); err != nil {
			return nil, err
		}
		same, err := Equal(c.thread, l.Index(i), c.arg(0))
		if err != nil {
			return nil, err
		}
		if same {
			if i < l.Len() {
				spliceList(l, i, i+1, nil)
			}
			return starlark.None, nil
		}
	}
	return nil, Errorf(ValueError, "list.remove(x): x not in list")
}

func sequenceIndex(c *call, elems []starlark.Value, what string) (starlark.Value, error) {
	start, _, count, err := NewSlice(c.arg(1), c.arg(2), nil).Indices(c.thread, len(elems))
	if err != nil {
		return nil, err
	}
	var turns pace
	for i := start; i < start+count && i < len(elems); i++ {
		if err := turns.step(c.thread); err != nil {
			return nil, err
		}
		same, err := Equal(c.thread, elems[i], c.arg(0))
		if err != nil {
			return nil, err
		}
		if same {
			return newInt(i)
		}
	}
	if what == "tuple" {
		return nil, Errorf(ValueError, "tuple.index(x): x not in tuple")
	}
	s, err := Repr(c.thread, c.arg(0))
	if err != nil {
		return nil, err
	}
	return nil, Errorf(ValueError, "%s is not in %s", s, what)
}

func sequenceCount(c *call, elems []starlark.Value) (starlark.Value, error) {
	n := 0
	var turns pace
	for _, e := range elems {
		if err := turns.step(c.thread); err != nil {
			return nil, err
		}
		same, err := Equal(c.thread, e, c.arg(0))
		if err != nil {
			return nil, err
		}
		if same {
			n++
		}
	}
	return newInt(n)
}

func tupleMethods() []methodSpec {
	elems := func(c *call) []starlark.Value {
		t, _ := AsTuple(c.self)
		return t
	}
	return []methodSpec{
		{name: "index", sig: "value, start=0, stop=None, /", fn: func(c *call) (starlark.Value, error) {
			return sequenceIndex(c, elems(c), "tuple")
		}},
		{name: "count", sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			return sequenceCount(c, elems(c))
		}},
	}
}

// listSort sorts in place. Meanwhile the list is empty, as Python's is, so that
// a key function cannot see it half sorted.
func listSort(c *call) (starlark.Value, error) {
	l, err := c.writable()
	if err != nil {
		return nil, err
	}
	elems := *elements(l)
	*elements(l) = nil
	sorted, err := sortValues(c.thread, elems, c.arg(0), c.arg(1))
	changed := l.Len() > 0
	if err != nil {
		*elements(l) = elems
		return nil, err
	}
	*elements(l) = sorted
	if changed {
		return nil, Errorf(ValueError, "list modified during sort")
	}
	return starlark.None, nil
}
