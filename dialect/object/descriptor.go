package object

import (
	"unsafe"

	"go.starlark.net/starlark"
)

// Descriptor is a value that, found in a class, decides what reading it through
// an instance (or, with a nil instance, through the class) gives. Functions of
// the front end implement it to become bound methods.
type Descriptor interface {
	starlark.Value
	DescrGet(thread *starlark.Thread, instance starlark.Value, owner *Type) (starlark.Value, error)
}

// DataDescriptor is a descriptor that also decides what assignment does; it
// comes before the instance's own attributes. A nil value deletes.
type DataDescriptor interface {
	Descriptor
	DescrSet(thread *starlark.Thread, instance, value starlark.Value) error
}

// Property is Python's property.
type Property struct {
	Get, Set, Del starlark.Value // nil where absent
	Doc           starlark.Value
	name          string
}

var (
	_ DataDescriptor = (*Property)(nil)
	_ HasType        = (*Property)(nil)
)

func (p *Property) String() string        { return "<property object at " + addressOf(p) + ">" }
func (p *Property) Type() string          { return "property" }
func (p *Property) Freeze()               {}
func (p *Property) Truth() starlark.Bool  { return true }
func (p *Property) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(p)), nil }

// PyType is property.
func (p *Property) PyType() *Type { return PropertyType }

// DescrGet calls the getter.
func (p *Property) DescrGet(thread *starlark.Thread, instance starlark.Value, _ *Type) (starlark.Value, error) {
	if instance == nil {
		return p, nil
	}
	if p.Get == nil {
		return nil, p.missing(instance, "getter")
	}
	return Call(thread, p.Get, starlark.Tuple{instance}, nil)
}

// DescrSet calls the setter, or for a nil value the deleter.
func (p *Property) DescrSet(thread *starlark.Thread, instance, value starlark.Value) error {
	fn, what, args := p.Set, "setter", starlark.Tuple{instance, value}
	if value == nil {
		fn, what, args = p.Del, "deleter", starlark.Tuple{instance}
	}
	if fn == nil {
		return p.missing(instance, what)
	}
	_, err := Call(thread, fn, args, nil)
	return err
}

func (p *Property) missing(instance starlark.Value, what string) error {
	if p.name == "" {
		return Errorf(AttributeError, "property of '%s' object has no %s", typeName(instance), what)
	}
	return Errorf(AttributeError, "property '%s' of '%s' object has no %s", p.name, typeName(instance), what)
}

// wrapper is a classmethod or a staticmethod.
type wrapper struct {
	fn     starlark.Value
	static bool
}

var _ Descriptor = (*wrapper)(nil)

// NewClassMethodOf makes classmethod(fn).
func NewClassMethodOf(fn starlark.Value) starlark.Value { return &wrapper{fn: fn} }

// NewStaticMethodOf makes staticmethod(fn).
func NewStaticMethodOf(fn starlark.Value) starlark.Value { return &wrapper{fn: fn, static: true} }

func (w *wrapper) String() string        { return "<" + w.Type() + "(" + reprOrType(w.fn) + ")>" }
func (w *wrapper) Type() string          { return w.PyType().name }
func (w *wrapper) Freeze()               {}
func (w *wrapper) Truth() starlark.Bool  { return true }
func (w *wrapper) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(w)), nil }

// PyType is classmethod or staticmethod.
func (w *wrapper) PyType() *Type {
	if w.static {
		return StaticMethodType
	}
	return ClassMethodType
}

// DescrGet gives the function itself, or bound to the class.
func (w *wrapper) DescrGet(thread *starlark.Thread, _ starlark.Value, owner *Type) (starlark.Value, error) {
	if w.static {
		return w.fn, nil
	}
	b, err := Deeper(thread)
	if err != nil {
		return nil, err
	}
	defer b.Shallower()
	return descrGet(thread, w.fn, owner, TypeOf(owner))
}

// isData reports whether v, found in a class, comes before an instance's attributes.
func isData(v starlark.Value) bool {
	switch v := v.(type) {
	case *starlark.Function, *Method:
		return false
	case DataDescriptor:
		return true
	case *Instance:
		return v.class.lookupUser("__set__") != nil || v.class.lookupUser("__delete__") != nil
	}
	return false
}

// descrGet is what reading v, found in a class, gives through instance, or
// through the class where instance is nil.
func descrGet(thread *starlark.Thread, v, instance starlark.Value, owner *Type) (starlark.Value, error) {
	switch v := v.(type) {
	case *starlark.Function:
		if instance == nil {
			return v, nil
		}
		return &BoundMethod{Self: instance, Func: v}, nil
	case Descriptor:
		return v.DescrGet(thread, instance, owner)
	case *Instance:
		if get := v.class.lookupUser("__get__"); get != nil {
			b, err := Deeper(thread)
			if err != nil {
				return nil, err
			}
			defer b.Shallower()
			inst := instance
			if inst == nil {
				inst = starlark.None
			}
			return callBound(thread, get, v, inst, owner)
		}
	}
	return v, nil
}

// descrSet assigns through a data descriptor; a nil value deletes.
func descrSet(thread *starlark.Thread, descr, instance, value starlark.Value) error {
	switch d := descr.(type) {
	case DataDescriptor:
		return d.DescrSet(thread, instance, value)
	case *Instance:
		name, args := "__set__", []starlark.Value{instance, value}
		if value == nil {
			name, args = "__delete__", args[:1]
		}
		fn := d.class.lookupUser(name)
		if fn == nil {
			return Errorf(AttributeError, "%s", name)
		}
		_, err := callBound(thread, fn, d, args...)
		return err
	}
	return Errorf(SystemError, "assign through %s: not a data descriptor", typeName(descr))
}

// callBound calls fn, an attribute of self's class, on self.
func callBound(thread *starlark.Thread, fn, self starlark.Value, args ...starlark.Value) (starlark.Value, error) {
	switch f := fn.(type) {
	case *starlark.Function:
		full := make(starlark.Tuple, 0, len(args)+1)
		return starlark.Call(thread, f, append(append(full, self), args...), nil)
	case *Method:
		if f.kind == instanceMethod {
			return f.invoke(thread, self, args, nil)
		}
	}
	b, err := Deeper(thread)
	if err != nil {
		return nil, err
	}
	defer b.Shallower()
	bound, err := descrGet(thread, fn, self, TypeOf(self))
	if err != nil {
		return nil, err
	}
	return Call(thread, bound, args, nil)
}

// special finds a class's own definition of a dunder for x, or nil.
func special(x starlark.Value, name string) starlark.Value {
	switch x := x.(type) {
	case *Instance:
		return x.class.lookupUser(name)
	case *Exception:
		if x.Class.builtin {
			return nil
		}
		return x.Class.lookupUser(name)
	case *Type:
		if x.meta != nil {
			return x.meta.lookupUser(name)
		}
	}
	return nil
}

// superValue is what super() gives: attributes are looked up after cls in the
// method resolution order of self's type.
type superValue struct {
	cls    *Type
	self   starlark.Value
	owner  *Type // whose order is searched
	unself bool  // self is the class itself
}

var (
	_ starlark.Value = (*superValue)(nil)
	_ HasType        = (*superValue)(nil)
)

// Super is super(cls, self). Self is an instance of cls or a subclass of it.
func Super(cls *Type, self starlark.Value) (starlark.Value, error) {
	if TypeOf(self).IsSubtype(cls) {
		return &superValue{cls: cls, self: self, owner: TypeOf(self)}, nil
	}
	if t, ok := self.(*Type); ok && t.IsSubtype(cls) {
		return &superValue{cls: cls, self: self, owner: t, unself: true}, nil
	}
	return nil, Errorf(TypeError, "super(type, obj): obj must be an instance or subtype of type")
}

func (s *superValue) String() string {
	return "<super: " + s.cls.String() + ", <" + typeName(s.self) + " object>>"
}
func (s *superValue) Type() string          { return "super" }
func (s *superValue) Freeze()               {}
func (s *superValue) Truth() starlark.Bool  { return true }
func (s *superValue) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(s)), nil }

// PyType is super.
func (s *superValue) PyType() *Type { return SuperType }

func (s *superValue) attr(thread *starlark.Thread, name string) (starlark.Value, error) {
	after := false
	for _, t := range s.owner.mro {
		if !after {
			after = t == s.cls
			continue
		}
		if v, ok := t.attrs.Get(name); ok {
			if s.unself {
				return descrGet(thread, v, nil, s.owner)
			}
			return descrGet(thread, v, s.self, s.owner)
		}
		if get := t.getset[name]; get != nil && !s.unself {
			return get(thread, s.self)
		}
	}
	return nil, Errorf(AttributeError, "'super' object has no attribute '%s'", name)
}
