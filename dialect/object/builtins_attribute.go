package object

import (
	"go.starlark.net/starlark"
)

func attributeFunctions() []functionSpec {
	return []functionSpec{
		{"isinstance", "obj, class_or_tuple, /", "Return whether the value is an instance of the type, or of one of a tuple.", func(c *call) (starlark.Value, error) {
			b, err := isInstance(c.thread, c.arg(0), c.arg(1))
			return starlark.Bool(b), err
		}},
		{"issubclass", "cls, class_or_tuple, /", "Return whether the type derives from the other, or from one of a tuple.", func(c *call) (starlark.Value, error) {
			t, ok := c.arg(0).(*Type)
			if !ok {
				return nil, Errorf(TypeError, "issubclass() arg 1 must be a class")
			}
			b, err := isSubclass(c.thread, t, c.arg(1))
			return starlark.Bool(b), err
		}},
		{"callable", "obj, /", "Return whether the value can be called.", func(c *call) (starlark.Value, error) { return newBool(isCallable(c.arg(0))) }},
		{"getattr", "obj, name, default=None, /", "Return the attribute, or the default when there is none.", getattrOf},
		{"setattr", "obj, name, value, /", "Set the attribute.", func(c *call) (starlark.Value, error) {
			name, err := c.attrName()
			if err != nil {
				return nil, err
			}
			return starlark.None, SetAttr(c.thread, c.arg(0), name, c.arg(2))
		}},
		{"delattr", "obj, name, /", "Delete the attribute.", func(c *call) (starlark.Value, error) {
			name, err := c.attrName()
			if err != nil {
				return nil, err
			}
			return starlark.None, DelAttr(c.thread, c.arg(0), name)
		}},
		{"hasattr", "obj, name, /", "Return whether the value has the attribute.", func(c *call) (starlark.Value, error) {
			name, err := c.attrName()
			if err != nil {
				return nil, err
			}
			b, err := HasAttr(c.thread, c.arg(0), name)
			return starlark.Bool(b), err
		}},
		{"vars", "obj, /", "Return the dict of the value's attributes.", func(c *call) (starlark.Value, error) {
			v, err := GetAttr(c.thread, c.arg(0), "__dict__")
			if isException(err, AttributeError) {
				return nil, Errorf(TypeError, "vars() argument must have __dict__ attribute")
			}
			return v, err
		}},
		{"dir", "obj, /", "Return the sorted names of the value's attributes.", func(c *call) (starlark.Value, error) {
			if fn := special(c.arg(0), "__dir__"); fn != nil {
				v, err := callBound(c.thread, fn, c.arg(0))
				if err != nil {
					return nil, err
				}
				vals, err := collect(c.thread, v)
				if err != nil {
					return nil, err
				}
				vals, err = sortValues(c.thread, vals, nil, nil)
				return starlark.NewList(vals), err
			}
			return stringList(dirNames(c.arg(0))), nil
		}},
	}
}

func (c *call) attrName() (string, error) {
	s, ok := AsString(c.arg(1))
	if !ok {
		return "", Errorf(TypeError, "attribute name must be string, not '%s'", typeName(c.arg(1)))
	}
	return s, nil
}

func getattrOf(c *call) (starlark.Value, error) {
	name, err := c.attrName()
	if err != nil {
		return nil, err
	}
	v, err := GetAttr(c.thread, c.arg(0), name)
	if err != nil && c.arg(2) != nil && isException(err, AttributeError) {
		return c.arg(2), nil
	}
	return v, err
}

func isCallable(x starlark.Value) bool {
	if i, ok := x.(*Instance); ok {
		return i.class.lookupUser("__call__") != nil
	}
	_, ok := x.(starlark.Callable)
	return ok
}

// isInstance is isinstance(x, against): against is a type, a union of types, a
// tuple of any of these, or a value whose type defines __instancecheck__.
func isInstance(thread *starlark.Thread, x, against starlark.Value) (bool, error) {
	switch t := against.(type) {
	case *Type:
		if fn := special(t, "__instancecheck__"); fn != nil {
			return callPredicate(thread, fn, t, x)
		}
		if i, ok := x.(*Instance); ok && !i.class.IsSubtype(t) {
			return claimsType(thread, i, t)
		}
		return IsInstance(x, t), nil
	case starlark.Tuple:
		b, err := Deeper(thread)
		if err != nil {
			return false, err
		}
		defer b.Shallower()
		for _, e := range t {
			if err := b.turn(thread); err != nil {
				return false, err
			}
			if ok, err := isInstance(thread, x, e); err != nil || ok {
				return ok, err
			}
		}
		return false, nil
	case *unionType:
		return isInstance(thread, x, t.types)
	case *genericAlias:
		return false, Errorf(TypeError, "isinstance() argument 2 cannot be a parameterized generic")
	case starlark.NoneType:
		return x == starlark.None, nil
	case InstanceChecker:
		return t.CheckInstance(thread, x)
	case *Instance:
		if fn := special(t, "__instancecheck__"); fn != nil {
			return callPredicate(thread, fn, t, x)
		}
	}
	return false, Errorf(TypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union")
}

// claimsType reports whether an instance says by a __class__ of its own, as proxies and
// mocks do, that it is a t.
func claimsType(thread *starlark.Thread, i *Instance, t *Type) (bool, error) {
	if i.class.lookupUser("__class__") == nil {
		return false, nil
	}
	v, err := GetAttr(thread, i, "__class__")
	if err != nil {
		if isException(err, AttributeError) {
			return false, nil
		}
		return false, err
	}
	claimed, ok := v.(*Type)
	return ok && claimed.IsSubtype(t), nil
}

// InstanceChecker is a value of another package that isinstance accepts as its
// second argument.
type InstanceChecker interface {
	starlark.Value
	CheckInstance(thread *starlark.Thread, x starlark.Value) (bool, error)
}

func callPredicate(thread *starlark.Thread, fn, self, x starlark.Value) (bool, error) {
	v, err := callBound(thread, fn, self, x)
	if err != nil {
		return false, err
	}
	return Truth(thread, v)
}

func isSubclass(thread *starlark.Thread, t *Type, against starlark.Value) (bool, error) {
	switch a := against.(type) {
	case *Type:
		if fn := special(a, "__subclasscheck__"); fn != nil {
			return callPredicate(thread, fn, a, t)
		}
		return t.IsSubtype(a), nil
	case starlark.Tuple:
		b, err := Deeper(thread)
		if err != nil {
			return false, err
		}
		defer b.Shallower()
		for _, e := range a {
			if err := b.turn(thread); err != nil {
				return false, err
			}
			if ok, err := isSubclass(thread, t, e); err != nil || ok {
				return ok, err
			}
		}
		return false, nil
	case *unionType:
		return isSubclass(thread, t, a.types)
	case *genericAlias:
		return false, Errorf(TypeError, "issubclass() argument 2 cannot be a parameterized generic")
	}
	return false, Errorf(TypeError, "issubclass() arg 2 must be a class, a tuple of classes, or a union")
}
