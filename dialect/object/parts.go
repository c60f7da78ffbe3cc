package object

import "go.starlark.net/starlark"

// NextParts gives the elements of the next tuple of an iterator, appended to a slice that the
// caller takes them from before it asks again.
type NextParts func(thread *starlark.Thread, to []starlark.Value) (parts []starlark.Value, ok bool, err error)

// hasParts is an iterator that may have tuples to give. Where Parts is not nil they can be had
// without being made, which a loop over them that takes them apart at once has no use for.
type hasParts interface {
	Iterator
	Parts() NextParts
}

// PartsOf is how the iterator gives its tuples taken apart; nil where it does not.
func PartsOf(it Iterator) NextParts {
	switch it := it.(type) {
	case *stepIter:
		v, ok := it.x.(*IteratorValue)
		if !ok || v.it == nil {
			return nil
		}
		next := PartsOf(v.it)
		if next == nil {
			return nil
		}
		return func(thread *starlark.Thread, to []starlark.Value) ([]starlark.Value, bool, error) {
			return v.nextParts(thread, next, to)
		}
	case hasParts:
		return it.Parts()
	}
	return nil
}

// nextParts is NextValue of the iterator whose next is given.
func (v *IteratorValue) nextParts(thread *starlark.Thread, next NextParts, to []starlark.Value) ([]starlark.Value, bool, error) {
	if v.it == nil {
		return nil, false, nil
	}
	b, err := Deeper(thread)
	if err != nil {
		return nil, false, err
	}
	parts, ok, err := next(thread, to)
	b.Shallower()
	if !ok && err == nil {
		v.it.Close()
		v.it = nil
	}
	return parts, ok, err
}

// Tuple is the next tuple as Next gives it.
func (f NextParts) Tuple(thread *starlark.Thread, parts int) (starlark.Value, bool, error) {
	out, ok, err := f(thread, make([]starlark.Value, 0, parts))
	if !ok || err != nil {
		return nil, false, err
	}
	return starlark.Tuple(out), true, nil
}
