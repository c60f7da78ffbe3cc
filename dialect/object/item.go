package object

import (
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// Slice is Python's slice: x[start:stop:step]. An absent part is None.
type Slice struct {
	Start, Stop, Step starlark.Value
}

var (
	_ HasType    = (*Slice)(nil)
	_ HasCompare = (*Slice)(nil)
)

// NewSlice makes a slice; a nil part is None.
func NewSlice(start, stop, step starlark.Value) *Slice {
	or := func(v starlark.Value) starlark.Value {
		if v == nil {
			return starlark.None
		}
		return v
	}
	return &Slice{or(start), or(stop), or(step)}
}

func (s *Slice) String() string        { return reprOrType(s) }
func (s *Slice) Type() string          { return "slice" }
func (s *Slice) Freeze()               {}
func (s *Slice) Truth() starlark.Bool  { return true }
func (s *Slice) Hash() (uint32, error) { return 0, Errorf(TypeError, "unhashable type: 'slice'") }

// PyType is slice.
func (s *Slice) PyType() *Type { return SliceType }

// RichCompare compares slices as tuples of their parts.
func (s *Slice) RichCompare(thread *starlark.Thread, op Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	o, ok := other.(*Slice)
	if !ok {
		return nil, nil
	}
	return Compare(thread, op, starlark.Tuple{s.Start, s.Stop, s.Step}, starlark.Tuple{o.Start, o.Stop, o.Step})
}

// Indices resolves the slice for a sequence of n elements: the first index, the
// step, and how many elements there are.
func (s *Slice) Indices(thread *starlark.Thread, n int) (start, step, count int, err error) {
	start, _, step, count, err = s.bounds(thread, n)
	return start, step, count, err
}

func (s *Slice) bounds(thread *starlark.Thread, n int) (start, stop, step, count int, err error) {
	step = 1
	if s.Step != starlark.None {
		if step, err = clampIndex(thread, s.Step); err != nil {
			return
		}
		if step == 0 {
			err = Errorf(ValueError, "slice step cannot be zero")
			return
		}
	}
	start, stop = 0, n
	low, high := 0, n
	if step < 0 {
		start, stop = n-1, -1
		low, high = -1, n-1
	}
	bound := func(v starlark.Value, otherwise int) (int, error) {
		if v == starlark.None {
			return otherwise, nil
		}
		i, err := clampIndex(thread, v)
		if err != nil {
			return 0, err
		}
		if i < 0 {
			i += n
		}
		return min(max(i, low), high), nil
	}
	if start, err = bound(s.Start, start); err != nil {
		return
	}
	if stop, err = bound(s.Stop, stop); err != nil {
		return
	}
	switch {
	case step > 0 && start < stop:
		count = (stop-start-1)/step + 1
	case step < 0 && start > stop:
		count = (start-stop-1)/(-step) + 1
	}
	return
}

// clampIndex is a slice's part as an int, the far ends of the range standing
// for anything beyond them.
func clampIndex(thread *starlark.Thread, v starlark.Value) (int, error) {
	const far = 1 << 60
	i, err := Index(thread, v)
	if err != nil {
		return 0, Errorf(TypeError, "slice indices must be integers or None or have an __index__ method")
	}
	n, ok := i.Int64()
	switch {
	case !ok && i.Sign() < 0 || ok && n < -far:
		return -far, nil
	case !ok || n > far:
		return far, nil
	}
	return int(n), nil
}

// position turns an index into a position of a sequence of n elements.
func position(thread *starlark.Thread, what string, key starlark.Value, n int) (int, error) {
	i, err := Index(thread, key)
	if err != nil {
		if isException(err, TypeError) && special(key, "__index__") == nil {
			if what == "str" {
				return 0, Errorf(TypeError, "string indices must be integers, not '%s'", typeName(key))
			}
			return 0, Errorf(TypeError, "%s indices must be integers or slices, not %s", what, typeName(key))
		}
		return 0, err
	}
	p, ok := i.Int64()
	if !ok {
		return 0, Errorf(IndexError, "cannot fit 'int' into an index-sized integer")
	}
	if p < 0 {
		p += int64(n)
	}
	if p < 0 || p >= int64(n) {
		word := map[string]string{"str": "string index", "bytes": "index", "range": "range object index"}[what]
		if word == "" {
			word = what + " index"
		}
		return 0, Errorf(IndexError, "%s out of range", word)
	}
	return int(p), nil
}

// GetItem is x[key].
func GetItem(thread *starlark.Thread, x, key starlark.Value) (starlark.Value, error) {
	switch c := x.(type) {
	case *starlark.List:
		if i, ok := key.(starlark.Int); ok {
			if n, ok := i.Int64(); ok {
				if n < 0 {
					n += int64(c.Len())
				}
				if n >= 0 && n < int64(c.Len()) {
					return c.Index(int(n)), nil
				}
			}
		}
		v, err := sliceOf(thread, "list", *elements(c), key)
		if err != nil || v.single != nil {
			return v.single, err
		}
		return starlark.NewList(v.many), nil
	case starlark.Tuple:
		v, err := sliceOf(thread, "tuple", c, key)
		if err != nil || v.single != nil {
			return v.single, err
		}
		return starlark.Tuple(v.many), nil
	case *starlark.Dict:
		v, found, err := dictGet(thread, c, key)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, NewException(KeyError, key)
		}
		return v, nil
	case HasItems:
		return c.GetItem(thread, key)
	case starlark.String:
		return stringItem(thread, string(c), key)
	case starlark.Bytes:
		return bytesItem(thread, c, key)
	case *Instance:
		return instanceItem(thread, c, key)
	case *Type:
		return typeItem(thread, c, key)
	case starlark.Mapping:
		v, found, err := c.Get(key)
		if err == nil && !found {
			err = NewException(KeyError, key)
		}
		return v, err
	case starlark.Indexable:
		i, err := position(thread, typeName(x), key, c.Len())
		if err != nil {
			return nil, err
		}
		return c.Index(i), nil
	}
	return nil, Errorf(TypeError, "'%s' object is not subscriptable", typeName(x))
}

// picked is one element, or the elements of a slice.
type picked struct {
	single starlark.Value
	many   []starlark.Value
}

func sliceOf(thread *starlark.Thread, what string, elems []starlark.Value, key starlark.Value) (picked, error) {
	s, ok := key.(*Slice)
	if !ok {
		i, err := position(thread, what, key, len(elems))
		if err != nil {
			return picked{}, err
		}
		return picked{single: elems[i]}, nil
	}
	start, step, count, err := s.Indices(thread, len(elems))
	if err != nil {
		return picked{}, err
	}
	out := make([]starlark.Value, count)
	if step == 1 {
		copy(out, elems[start:start+count])
	} else {
		for i := range out {
			out[i] = elems[start+i*step]
		}
	}
	return picked{many: out}, nil
}

// stringItem indexes a string by code point.
func stringItem(thread *starlark.Thread, s string, key starlark.Value) (starlark.Value, error) {
	m, err := measure(thread, s)
	if err != nil {
		return nil, err
	}
	defer m.done()
	slice, ok := key.(*Slice)
	if !ok {
		i, err := position(thread, "str", key, m.chars)
		if err != nil {
			return nil, err
		}
		if c := m.slice(i, i+1); len(c) == 1 && c[0] < utf8.RuneSelf {
			return asciiTexts[c[0]], nil
		} else {
			return starlark.String(c), nil
		}
	}
	start, step, count, err := slice.Indices(thread, m.chars)
	if err != nil {
		return nil, err
	}
	if m.s != s { // the parts of the slice have code of their own
		if m, err = measure(thread, s); err != nil {
			return nil, err
		}
		defer m.done()
	}
	if step == 1 {
		return starlark.String(m.slice(start, start+count)), nil
	}
	if err := Grow(thread, 4*int64(len(s))); err != nil {
		return nil, err
	}
	return starlark.String(m.steps(start, step, count)), nil
}

func bytesItem(thread *starlark.Thread, b starlark.Bytes, key starlark.Value) (starlark.Value, error) {
	s, ok := key.(*Slice)
	if !ok {
		i, err := position(thread, "bytes", key, len(b))
		if err != nil {
			if isException(err, TypeError) {
				return nil, Errorf(TypeError, "byte indices must be integers or slices, not %s", typeName(key))
			}
			return nil, err
		}
		return starlark.MakeInt(int(b[i])), nil
	}
	start, step, count, err := s.Indices(thread, len(b))
	if err != nil {
		return nil, err
	}
	if step == 1 {
		return b[start : start+count], nil
	}
	out := make([]byte, count)
	for i := range out {
		out[i] = b[start+i*step]
	}
	return starlark.Bytes(out), nil
}

func instanceItem(thread *starlark.Thread, x *Instance, key starlark.Value) (starlark.Value, error) {
	if fn := x.class.lookupUser("__getitem__"); fn != nil {
		return callBound(thread, fn, x, key)
	}
	if x.base == nil {
		return nil, Errorf(TypeError, "'%s' object is not subscriptable", x.class.name)
	}
	return baseItem(thread, x, key)
}

// baseItem is the builtin __getitem__ of an instance; a dict's __missing__ stands in for absent keys.
func baseItem(thread *starlark.Thread, x *Instance, key starlark.Value) (starlark.Value, error) {
	d, ok := x.base.(*starlark.Dict)
	if !ok {
		return GetItem(thread, x.base, key)
	}
	v, found, err := dictGet(thread, d, key)
	if err != nil || found {
		return v, err
	}
	if fn := x.class.lookupUser("__missing__"); fn != nil {
		return callBound(thread, fn, x, key)
	}
	return nil, NewException(KeyError, key)
}

// typeItem is Type[...]: a metaclass's __getitem__, a class's __class_getitem__,
// or for builtin types the generic alias.
func typeItem(thread *starlark.Thread, t *Type, key starlark.Value) (starlark.Value, error) {
	if fn := special(t, "__getitem__"); fn != nil {
		return callBound(thread, fn, t, key)
	}
	if fn, owner := t.lookup("__class_getitem__"); owner != nil {
		bound, err := descrGet(thread, fn, nil, t)
		if err != nil {
			return nil, err
		}
		return Call(thread, bound, starlark.Tuple{key}, nil)
	}
	for _, of := range []*Type{ListType, TupleType, DictType, SetType, FrozenSetType, BaseExceptionGroup} {
		if t.IsSubtype(of) {
			return newGenericAlias(t, key), nil
		}
	}
	if t == TypeType || inBrackets[t.module+"."+t.name] {
		return newGenericAlias(t, key), nil
	}
	return nil, Errorf(TypeError, "type '%s' is not subscriptable", t.name)
}

// inBrackets names the library's classes that annotations put types behind.
var inBrackets = map[string]bool{
	"builtins.enumerate": true, "collections.deque": true, "collections.ChainMap": true, "collections.UserDict": true, "re.Pattern": true, "re.Match": true,
	"queue.Queue": true, "queue.LifoQueue": true, "queue.PriorityQueue": true, "queue.SimpleQueue": true, "contextlib.AbstractContextManager": true,
	"_async_contexts.AbstractAsyncContextManager": true, "weakref.ref": true, "weakref.WeakKeyDictionary": true, "weakref.WeakValueDictionary": true,
	"functools.partial": true, "functools.cached_property": true, "types.MappingProxyType": true, "asyncio.futures.Future": true, "asyncio.tasks.Task": true,
	"concurrent.futures.Future": true,
}

// SetItem is x[key] = v.
func SetItem(thread *starlark.Thread, x, key, v starlark.Value) error {
	switch c := x.(type) {
	case *starlark.List:
		return listSetItem(thread, c, key, v)
	case *starlark.Dict:
		return dictSet(thread, c, key, v)
	case HasSetItems:
		return c.SetItem(thread, key, v)
	case *Instance, *Type:
		if fn := special(c, "__setitem__"); fn != nil {
			_, err := callBound(thread, fn, c, key, v)
			return err
		}
		if u := unwrap(c); u != c && mutableLayout(TypeOf(c).layout) {
			return SetItem(thread, u, key, v)
		}
	case starlark.HasSetKey:
		return c.SetKey(key, v)
	case starlark.HasSetIndex:
		i, err := position(thread, typeName(x), key, c.Len())
		if err != nil {
			return err
		}
		return c.SetIndex(i, v)
	}
	return Errorf(TypeError, "'%s' object does not support item assignment", typeName(x))
}

// DelItem is del x[key].
func DelItem(thread *starlark.Thread, x, key starlark.Value) error {
	switch c := x.(type) {
	case *starlark.List:
		return listDelItem(thread, c, key)
	case *starlark.Dict:
		_, found, err := dictDelete(thread, c, key)
		if err == nil && !found {
			return NewException(KeyError, key)
		}
		return err
	case HasDelItem:
		return c.DelItem(thread, key)
	case *Instance, *Type:
		if fn := special(c, "__delitem__"); fn != nil {
			_, err := callBound(thread, fn, c, key)
			return err
		}
		if u := unwrap(c); u != c && mutableLayout(TypeOf(c).layout) {
			return DelItem(thread, u, key)
		}
	}
	return Errorf(TypeError, "'%s' object doesn't support item deletion", typeName(x))
}

func listSetItem(thread *starlark.Thread, l *starlark.List, key, v starlark.Value) error {
	s, ok := key.(*Slice)
	if !ok {
		i, err := position(thread, "list", key, l.Len())
		if err != nil {
			if isException(err, IndexError) {
				return Errorf(IndexError, "list assignment index out of range")
			}
			return err
		}
		return frozenList(l.SetIndex(i, v))
	}
	if err := mutable(l); err != nil {
		return frozenList(err)
	}
	vals, err := collect(thread, v)
	notIterable := isException(err, TypeError)
	if err != nil && !notIterable {
		return err
	}
	start, stop, step, count, err := s.bounds(thread, l.Len())
	if err != nil {
		return err
	}
	if notIterable && step != 1 {
		return Errorf(TypeError, "must assign iterable to extended slice")
	}
	if notIterable {
		return Errorf(TypeError, "can only assign an iterable")
	}
	if step == 1 {
		stop = max(start, stop)
		spliceList(l, start, stop, vals)
		return nil
	}
	if len(vals) != count {
		return Errorf(ValueError, "attempt to assign sequence of size %d to extended slice of size %d", len(vals), count)
	}
	for i, v := range vals {
		(*elements(l))[start+i*step] = v
	}
	return nil
}

// spliceList replaces the elements [start:stop] and clears the slots it vacates.
func spliceList(l *starlark.List, start, stop int, vals []starlark.Value) {
	elems := elements(l)
	old := *elems
	n := len(old) - (stop - start) + len(vals)
	if n <= cap(old) {
		grown := old[:n:cap(old)]
		if n < len(old) {
			grown = old[:n]
		}
		copy(old[:max(n, len(old))][start+len(vals):], old[stop:])
		copy(grown[start:], vals)
		if n < len(old) {
			clear(old[n:])
		}
		*elems = grown
		return
	}
	grown := make([]starlark.Value, 0, n+n/4)
	grown = append(append(append(grown, old[:start]...), vals...), old[stop:]...)
	*elems = grown
}

func listDelItem(thread *starlark.Thread, l *starlark.List, key starlark.Value) error {
	if err := mutable(l); err != nil {
		return frozenList(err)
	}
	s, ok := key.(*Slice)
	if !ok {
		i, err := position(thread, "list", key, l.Len())
		if err != nil {
			if isException(err, IndexError) {
				return Errorf(IndexError, "list assignment index out of range")
			}
			return err
		}
		spliceList(l, i, i+1, nil)
		return nil
	}
	start, step, count, err := s.Indices(thread, l.Len())
	if err != nil || count == 0 {
		return err
	}
	if step < 0 {
		start, step = start+(count-1)*step, -step
	}
	elems := elements(l)
	kept := (*elems)[:start]
	next := start
	for i, v := range (*elems)[start:] {
		if start+i == next && count > 0 {
			next += step
			count--
			continue
		}
		kept = append(kept, v)
	}
	clear((*elems)[len(kept):])
	*elems = kept
	return nil
}

// frozenList gives Starlark's error for a frozen list Python's type.
func frozenList(err error) error {
	if err == nil {
		return nil
	}
	return Errorf(TypeError, "%s", err.Error())
}
