package object

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// FrozenSet is Python's frozenset.
type FrozenSet struct{ set *starlark.Set }

var (
	_ starlark.Sequence   = (*FrozenSet)(nil)
	_ HasType             = (*FrozenSet)(nil)
	_ HasIter             = (*FrozenSet)(nil)
	_ HasContains         = (*FrozenSet)(nil)
	_ HasCompare          = (*FrozenSet)(nil)
	_ starlark.Comparable = (*FrozenSet)(nil)
)

func (f *FrozenSet) String() string             { return reprOrType(f) }
func (f *FrozenSet) Type() string               { return "frozenset" }
func (f *FrozenSet) Freeze()                    { f.set.Freeze() }
func (f *FrozenSet) Truth() starlark.Bool       { return f.set.Len() > 0 }
func (f *FrozenSet) Len() int                   { return f.set.Len() }
func (f *FrozenSet) Iterate() starlark.Iterator { return f.set.Iterate() }

// PyType is frozenset.
func (f *FrozenSet) PyType() *Type { return FrozenSetType }

// Hash does not depend on the order of the elements.
func (f *FrozenSet) Hash() (uint32, error) {
	h := uint32(1927868237) * uint32(f.set.Len()+1)
	for e := range f.set.Elements() {
		if b, ok := e.(starlark.Bool); ok { // True is 1
			e = boolInt(b)
		}
		x, err := e.Hash()
		if err != nil {
			return 0, err
		}
		h ^= (x ^ 89869747 ^ x<<16) * 3644798167
	}
	return h, nil
}

// Iter iterates over the elements.
func (f *FrozenSet) Iter(thread *starlark.Thread) (Iterator, error) { return Iterate(thread, f.set) }

// Contains is x in f.
func (f *FrozenSet) Contains(thread *starlark.Thread, x starlark.Value) (bool, error) {
	return setHas(thread, f.set, x)
}

// RichCompare compares with sets of either kind.
func (f *FrozenSet) RichCompare(thread *starlark.Thread, op Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	o := setElements(other)
	if o == nil {
		return nil, nil
	}
	r, err := setCompare(thread, op, f.set, o)
	return starlark.Bool(r), err
}

// CompareSameType serves the keys of dicts and sets.
func (f *FrozenSet) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	o := setElements(y)
	if o == nil {
		return op == syntax.NEQ, nil
	}
	return setCompare(newThread("frozenset"), tokenOps[op], f.set, o)
}

// setElements is the set inside a set, a frozenset, or a view of a dict's keys or items.
func setElements(x starlark.Value) *starlark.Set {
	switch x := x.(type) {
	case *starlark.Set:
		return x
	case *FrozenSet:
		return x.set
	case *dictView:
		if x.typ == DictValuesType {
			return nil
		}
		s := new(starlark.Set)
		if err := each(newThread("view"), x, func(v starlark.Value) error { return s.Insert(v) }); err != nil {
			return nil
		}
		return s
	case *Instance:
		if x.base != nil {
			return setElements(x.base)
		}
	}
	return nil
}

func isSubset(thread *starlark.Thread, x, y *starlark.Set) (bool, error) {
	if x.Len() > y.Len() {
		return false, nil
	}
	for e := range x.Elements() {
		if found, err := setHas(thread, y, e); err != nil || !found {
			return false, err
		}
	}
	return true, nil
}

// setCompare is the order by inclusion.
func setCompare(thread *starlark.Thread, op Op, x, y *starlark.Set) (bool, error) {
	switch op {
	case Eq, Ne:
		same, err := isSubset(thread, x, y)
		return (same && x.Len() == y.Len()) == (op == Eq), err
	case Le:
		return isSubset(thread, x, y)
	case Lt:
		sub, err := isSubset(thread, x, y)
		return sub && x.Len() < y.Len(), err
	case Gt:
		return setCompare(thread, Lt, y, x)
	}
	return setCompare(thread, Le, y, x)
}

func copySet(s *starlark.Set) *starlark.Set {
	out := starlark.NewSet(s.Len())
	for e := range s.Elements() {
		_ = out.Insert(e) // an element of a set hashes
	}
	return out
}

// combine is x op y for op in | & - ^.
func combine(thread *starlark.Thread, op Op, x, y *starlark.Set) (*starlark.Set, error) {
	out := new(starlark.Set)
	add := func(from *starlark.Set, keep func(starlark.Value) (bool, error)) error {
		for e := range from.Elements() {
			ok, err := keep(e)
			if err != nil {
				return err
			}
			if ok {
				if err := setInsert(thread, out, e); err != nil {
					return err
				}
			}
		}
		return nil
	}
	in := func(s *starlark.Set, want bool) func(starlark.Value) (bool, error) {
		return func(e starlark.Value) (bool, error) {
			found, err := setHas(thread, s, e)
			return found == want, err
		}
	}
	switch op {
	case And:
		return out, add(x, in(y, true))
	case Sub:
		return out, add(x, in(y, false))
	case Xor:
		if err := add(x, in(y, false)); err != nil {
			return nil, err
		}
		return out, add(y, in(x, false))
	}
	all := func(starlark.Value) (bool, error) { return true, nil }
	if err := add(x, all); err != nil {
		return nil, err
	}
	return out, add(y, all)
}

// setBinary is x op y for sets, frozensets and dict views; the result has the
// left operand's kind.
func setBinary(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	_, viewX := x.(*dictView)
	a := setElements(x)
	if a == nil {
		return nil, nil
	}
	b := setElements(y)
	if b == nil {
		if !viewX {
			return nil, nil
		}
		b = new(starlark.Set)
		if err := each(thread, y, func(v starlark.Value) error { return setInsert(thread, b, v) }); err != nil {
			return nil, err
		}
	}
	out, err := combine(thread, op, a, b)
	if err != nil {
		return nil, err
	}
	if _, frozen := x.(*FrozenSet); frozen {
		return &FrozenSet{out}, nil
	}
	return out, nil
}

// setInplace is s op= y.
func setInplace(thread *starlark.Thread, op Op, s *starlark.Set, y starlark.Value) (starlark.Value, error) {
	o := setElements(y)
	if o == nil || op != Or && op != And && op != Sub && op != Xor {
		return nil, nil
	}
	out, err := combine(thread, op, s, o)
	if err != nil {
		return nil, err
	}
	return s, replaceSet(s, out)
}

// replaceSet makes the elements of s those of out.
func replaceSet(s, out *starlark.Set) error {
	if err := s.Clear(); err != nil {
		return AsException(err)
	}
	for e := range out.Elements() {
		if err := s.Insert(e); err != nil {
			return err
		}
	}
	return nil
}
