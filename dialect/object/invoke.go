package object

import "go.starlark.net/starlark"

// CallMethod is args[0].name(args[2:]...). A function of the class is called with the value
// before the arguments, without a bound method in between. It may change args.
func CallMethod(thread *starlark.Thread, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	x := args[0]
	fn, unbound, err := method(thread, x, name)
	if err != nil {
		return nil, err
	}
	if !unbound {
		return Call(thread, fn, args[2:], kwargs)
	}
	if m, ok := fn.(*Method); ok {
		return m.invoke(thread, x, args[2:], kwargs)
	}
	args[1] = x
	return starlark.Call(thread, fn, args[1:], kwargs)
}

// method finds what x.name calls: a function of the type that is not bound to x yet, or
// what reading the attribute gives.
func method(thread *starlark.Thread, x starlark.Value, name string) (fn starlark.Value, unbound bool, err error) {
	switch x := x.(type) {
	case *Instance:
		t := x.class
		if t.lookupUser("__getattribute__") != nil {
			break
		}
		v, owner := t.lookup(name)
		if owner == nil || !bindsPlainly(v) {
			break
		}
		if own, ok := x.attrs.Get(name); ok {
			return own, false, nil
		}
		return v, true, nil
	case *Type, *Exception, *superValue, *starlark.Function, *BoundMethod: // have attributes of their own
	case HasMember:
		if v := x.Member(name); v != nil {
			return v, false, nil
		}
	default:
		t := TypeOf(x)
		if !t.builtin || t.foreign {
			break
		}
		if v, owner := t.lookup(name); owner != nil && owner != ObjectType && bindsPlainly(v) {
			return v, true, nil
		}
	}
	fn, err = GetAttr(thread, x, name)
	return fn, false, err
}

// bindsPlainly reports whether a value of a class is a function that takes the instance
// first.
func bindsPlainly(v starlark.Value) bool {
	switch v := v.(type) {
	case *starlark.Function:
		return true
	case *Method:
		return v.kind == instanceMethod
	}
	return false
}
