package object

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// Truth is bool(x).
func Truth(thread *starlark.Thread, x starlark.Value) (bool, error) {
	switch x := x.(type) {
	case starlark.Bool:
		return bool(x), nil
	case starlark.Int:
		return x.Sign() != 0, nil
	case starlark.NoneType:
		return false, nil
	case *starlark.List:
		return x.Len() > 0, nil
	case starlark.String:
		return len(x) > 0, nil
	case *Instance:
		return instanceTruth(thread, x)
	case HasTruth:
		return x.TruthValue(thread)
	case *Exception, *Type:
		if hasClass(x) {
			return classTruth(thread, x)
		}
		return true, nil
	case HasLength:
		n, err := x.Length(thread)
		return n > 0, err
	}
	return bool(x.Truth()), nil
}

func instanceTruth(thread *starlark.Thread, x *Instance) (bool, error) {
	if x.class.lookupUser("__bool__") == nil && x.class.lookupUser("__len__") == nil {
		if x.base != nil {
			return Truth(thread, x.base)
		}
		return true, nil
	}
	return classTruth(thread, x)
}

func classTruth(thread *starlark.Thread, x starlark.Value) (bool, error) {
	if fn := special(x, "__bool__"); fn != nil {
		v, err := callBound(thread, fn, x)
		if err != nil {
			return false, err
		}
		b, ok := v.(starlark.Bool)
		if !ok {
			return false, Errorf(TypeError, "__bool__ should return bool, returned %s", typeName(v))
		}
		return bool(b), nil
	}
	if special(x, "__len__") != nil {
		n, err := Len(thread, x)
		return n > 0, err
	}
	return true, nil
}

// Len is len(x).
func Len(thread *starlark.Thread, x starlark.Value) (int, error) {
	switch x := x.(type) {
	case *starlark.List:
		return x.Len(), nil
	case starlark.String:
		return length(thread, string(x))
	case starlark.Tuple:
		return len(x), nil
	case *starlark.Dict:
		return x.Len(), nil
	case HasLength:
		return x.Length(thread)
	case *Instance, *Type:
		if fn := special(x, "__len__"); fn != nil {
			return classLen(thread, fn, x)
		}
		if u := unwrap(x); u != x {
			return Len(thread, u)
		}
	case starlark.Sequence:
		return x.Len(), nil
	case starlark.Indexable:
		return x.Len(), nil
	}
	return 0, Errorf(TypeError, "object of type '%s' has no len()", typeName(x))
}

func classLen(thread *starlark.Thread, fn, x starlark.Value) (int, error) {
	v, err := callBound(thread, fn, x)
	if err != nil {
		return 0, err
	}
	n, err := AsIndex(thread, v)
	if err == nil && n < 0 {
		return 0, Errorf(ValueError, "__len__() should return >= 0")
	}
	return n, err
}

// Contains is item in container.
func Contains(thread *starlark.Thread, container, item starlark.Value) (bool, error) {
	switch c := container.(type) {
	case *starlark.Dict:
		_, found, err := dictGet(thread, c, item)
		return found, err
	case starlark.String:
		s, ok := AsString(item)
		if !ok {
			return false, Errorf(TypeError, "'in <string>' requires string as left operand, not %s", typeName(item))
		}
		return strings.Contains(string(c), s), nil
	case *starlark.List:
		var turns pace
		for i := 0; i < c.Len(); i++ {
			if err := turns.step(thread); err != nil {
				return false, err
			}
			if same, err := Equal(thread, c.Index(i), item); err != nil || same {
				return same, err
			}
		}
		return false, nil
	case starlark.Tuple:
		for _, e := range c {
			if same, err := Equal(thread, e, item); err != nil || same {
				return same, err
			}
		}
		return false, nil
	case *starlark.Set:
		return setHas(thread, c, item)
	case HasContains:
		return c.Contains(thread, item)
	case starlark.Bytes:
		return bytesContain(thread, c, item)
	case *Instance, *Type:
		if fn := special(c, "__contains__"); fn != nil {
			v, err := callBound(thread, fn, c, item)
			if err != nil {
				return false, err
			}
			return Truth(thread, v)
		}
		if special(c, "__iter__") == nil {
			if u := unwrap(c); u != c {
				return Contains(thread, u, item)
			}
		}
	case starlark.Mapping:
		_, found, err := c.Get(item)
		return found && err == nil, nil
	case starlark.Container:
		return c.Has(item)
	}
	it, err := Iterate(thread, container)
	if err != nil {
		if isException(err, TypeError) {
			return false, Errorf(TypeError, "argument of type '%s' is not iterable", typeName(container))
		}
		return false, err
	}
	defer it.Close()
	for {
		v, ok, err := it.Next(thread)
		if err != nil || !ok {
			return false, err
		}
		if same, err := Equal(thread, v, item); err != nil || same {
			return same, err
		}
	}
}

func bytesContain(thread *starlark.Thread, b starlark.Bytes, item starlark.Value) (bool, error) {
	if s, ok := unwrap(item).(starlark.Bytes); ok {
		return strings.Contains(string(b), string(s)), nil
	}
	n, err := AsIndex(thread, item)
	if err != nil {
		return false, Errorf(TypeError, "a bytes-like object is required, not '%s'", typeName(item))
	}
	if n < 0 || n > 255 {
		return false, Errorf(ValueError, "byte must be in range(0, 256)")
	}
	return strings.IndexByte(string(b), byte(n)) >= 0, nil
}

// Hash is Python's hash of x, folded to 32 bits.
func Hash(thread *starlark.Thread, x starlark.Value) (uint32, error) {
	switch v := x.(type) {
	case *Instance:
		return instanceHash(thread, v)
	case starlark.Tuple, *FrozenSet, *genericAlias, *unionType:
		if err := lend(thread, v); err != nil {
			return 0, err
		}
	}
	h, err := x.Hash()
	if err != nil {
		if _, ok := err.(*Exception); ok || IsUncatchable(err) {
			return 0, err
		}
		return 0, unhashable(x)
	}
	return h, nil
}

func unhashable(x starlark.Value) error {
	if t, ok := x.(starlark.Tuple); ok {
		for _, e := range t {
			if _, err := e.Hash(); err != nil {
				return unhashable(e)
			}
		}
	}
	return Errorf(TypeError, "unhashable type: '%s'", typeName(x))
}

func instanceHash(thread *starlark.Thread, i *Instance) (uint32, error) {
	b, err := Deeper(thread)
	if err != nil {
		return 0, err
	}
	defer b.Shallower()
	fn := i.class.lookupUser("__hash__")
	switch {
	case fn == starlark.None:
		return 0, Errorf(TypeError, "unhashable type: '%s'", i.class.name)
	case fn != nil:
		v, err := callBound(thread, fn, i)
		if err != nil {
			return 0, err
		}
		n, ok := unwrap(v).(starlark.Int)
		if b, isBool := v.(starlark.Bool); isBool {
			n, ok = boolInt(b), true
		}
		if !ok {
			return 0, Errorf(TypeError, "__hash__ method should return an integer")
		}
		return n.Hash()
	case i.base != nil:
		h, err := Hash(thread, i.base)
		if err != nil {
			return 0, Errorf(TypeError, "unhashable type: '%s'", i.class.name)
		}
		return h, nil
	}
	return hashPointer(identity(i)), nil
}

// numberHash is hash(x) for a number; a NaN has none of its own.
func numberHash(x starlark.Value) (int64, bool) {
	switch v := x.(type) {
	case starlark.Bool:
		if v {
			return 1, true
		}
		return 0, true
	case starlark.Int:
		return number.HashInt(v.BigInt()), true
	case starlark.Float:
		return number.HashFloat(float64(v))
	case Complex:
		return number.HashComplex(complex128(v))
	}
	return 0, false
}
