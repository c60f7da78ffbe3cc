package object

import (
	"unsafe"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Instance is an instance of a class. Where the class derives from a builtin
// type, base carries that type's data: a dict for a subclass of dict.
type Instance struct {
	class  *Type
	attrs  Namespace
	base   starlark.Value
	thread *starlark.Thread // of the dict or set operation that last used it as a key
	hash   uint32           // as that operation found it
	hashed bool
}

var (
	_ starlark.Callable    = (*Instance)(nil)
	_ starlark.HasSetField = (*Instance)(nil)
	_ starlark.Comparable  = (*Instance)(nil)
	_ HasType              = (*Instance)(nil)
)

// Class is the instance's class.
func (i *Instance) Class() *Type { return i.class }

// Base is the builtin value inside an instance of a class that derives from a
// builtin type (a *starlark.Dict for a subclass of dict), or nil.
func (i *Instance) Base() starlark.Value { return i.base }

// Attrs is the instance's own namespace.
func (i *Instance) Attrs() *Namespace { return &i.attrs }

// PyType is the instance's class.
func (i *Instance) PyType() *Type { return i.class }

func (i *Instance) String() string { return reprOrType(i) }

// Type is the name of the class.
func (i *Instance) Type() string { return i.class.name }
func (i *Instance) Freeze()      {}

// Truth is for Starlark's own operations; those of this package use Truth(thread, x).
func (i *Instance) Truth() starlark.Bool {
	b, err := Truth(i.borrowed(), i)
	return starlark.Bool(err != nil || b)
}

// borrowed is the thread lent to the instance, or for Go code that calls a
// Starlark method directly the one that defined the class.
func (i *Instance) borrowed() *starlark.Thread {
	if i.thread != nil {
		return i.thread
	}
	return newThread("instance")
}

// Hash is Python's hash, folded to 32 bits. A dict that grows asks again for
// the hashes of its keys; it gets what it got when the key went in.
func (i *Instance) Hash() (uint32, error) {
	if i.hashed {
		return i.hash, nil
	}
	return Hash(i.borrowed(), i)
}

// CompareSameType serves the keys of dicts and sets.
func (i *Instance) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	if op != syntax.EQL && op != syntax.NEQ {
		o, ok := tokenOps[op]
		if !ok {
			return false, nil
		}
		return compareBool(i.borrowed(), o, i, y)
	}
	if starlark.Value(i) == y {
		return op == syntax.EQL, nil
	}
	if i.class == ObjectType && i.base != nil { // a probe
		same, err := compareBool(i.borrowed(), Eq, i.base, y)
		return same == (op == syntax.EQL), err
	}
	thread := i.thread
	if thread == nil {
		if o, ok := y.(*Instance); ok {
			thread = o.thread
		}
	}
	if thread == nil {
		thread = newThread("instance")
	}
	return compareBool(thread, map[bool]Op{true: Eq, false: Ne}[op == syntax.EQL], i, y)
}

var tokenOps = map[syntax.Token]Op{
	syntax.EQL: Eq, syntax.NEQ: Ne, syntax.LT: Lt, syntax.LE: Le, syntax.GT: Gt, syntax.GE: Ge,
}

func (i *Instance) Name() string { return i.class.name }

// CallInternal calls the class's __call__.
func (i *Instance) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	fn := i.class.lookupUser("__call__")
	if fn == nil {
		return nil, Errorf(TypeError, "'%s' object is not callable", i.class.name)
	}
	b, err := Deeper(thread)
	if err != nil {
		return nil, err
	}
	defer b.Shallower()
	bound, err := descrGet(thread, fn, i, i.class)
	if err != nil {
		return nil, err
	}
	return Call(thread, bound, args, kwargs)
}

// Attr reads an attribute for Starlark's own operations.
func (i *Instance) Attr(name string) (starlark.Value, error) {
	v, err := GetAttr(i.borrowed(), i, name)
	if isException(err, AttributeError) {
		return nil, nil
	}
	return v, err
}

// AttrNames lists what dir(i) lists.
func (i *Instance) AttrNames() []string { return dirNames(i) }

// SetField assigns an attribute for Starlark's own operations.
func (i *Instance) SetField(name string, v starlark.Value) error {
	return SetAttr(i.borrowed(), i, name, v)
}

// unwrap gives the builtin value inside an instance of a subclass of a builtin
// type, and any other value as it is.
func unwrap(x starlark.Value) starlark.Value {
	if i, ok := x.(*Instance); ok && i.base != nil {
		return i.base
	}
	return x
}

// Unwrap gives the builtin value inside an instance of a subclass of a builtin
// type (the dict of a dict subclass), and any other value as it is.
func Unwrap(x starlark.Value) starlark.Value { return unwrap(x) }

// AsDict gives the dict that x is or carries.
func AsDict(x starlark.Value) (*starlark.Dict, bool) {
	d, ok := unwrap(x).(*starlark.Dict)
	return d, ok
}

// AsList gives the list that x is or carries.
func AsList(x starlark.Value) (*starlark.List, bool) {
	l, ok := unwrap(x).(*starlark.List)
	return l, ok
}

// AsTuple gives the tuple that x is or carries.
func AsTuple(x starlark.Value) (starlark.Tuple, bool) {
	t, ok := unwrap(x).(starlark.Tuple)
	return t, ok
}

// TupleLike is a tuple of the items, of the class of like where that derives from tuple.
func TupleLike(like starlark.Value, items starlark.Tuple) starlark.Value {
	if i, ok := like.(*Instance); ok {
		return &Instance{class: i.class, base: items}
	}
	return items
}

// AsString gives the string that x is or carries.
func AsString(x starlark.Value) (string, bool) {
	s, ok := unwrap(x).(starlark.String)
	return string(s), ok
}

// identity is the address of a value that has one.
func identity(x starlark.Value) unsafe.Pointer {
	type words struct{ typ, data unsafe.Pointer }
	return (*words)(unsafe.Pointer(&x)).data
}

func address(x starlark.Value) string { return addressOf(identity(x)) }

func reprOrType(x starlark.Value) string {
	s, err := Repr(NewReport(), x)
	if err != nil {
		return "<" + typeName(x) + " object>"
	}
	return s
}
