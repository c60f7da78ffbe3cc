package object

import (
	"go.starlark.net/starlark"
)

// The dunder methods of builtin types, by name, for super().__setitem__(k, v),
// int.__add__ and their like. Self is the builtin value inside the instance.

// objectMethods are those of object, which every type has.
func objectMethods() []methodSpec {
	return []methodSpec{
		{name: "__init__", sig: "*args, **kwargs", fn: objectInit},
		{name: "__new__", sig: "cls, /, *args, **kwargs", kind: staticMethod, fn: func(c *call) (starlark.Value, error) {
			t, ok := c.arg(0).(*Type)
			if !ok {
				return nil, Errorf(TypeError, "object.__new__(X): X is not a type object (%s)", typeName(c.arg(0)))
			}
			if t.builtin {
				return instantiate(c.thread, t, c.rest, c.kw)
			}
			return allocate(c.thread, t, c.rest, c.kw)
		}},
		{name: "__getattribute__", sig: "name, /", fn: func(c *call) (starlark.Value, error) {
			name, err := c.strArg(0)
			if err != nil {
				return nil, err
			}
			return defaultGetAttr(c.thread, c.self, name)
		}},
		{name: "__setattr__", sig: "name, value, /", fn: func(c *call) (starlark.Value, error) {
			name, err := c.strArg(0)
			if err != nil {
				return nil, err
			}
			return starlark.None, defaultSetAttr(c.thread, c.self, name, c.arg(1))
		}},
		{name: "__delattr__", sig: "name, /", fn: func(c *call) (starlark.Value, error) {
			name, err := c.strArg(0)
			if err != nil {
				return nil, err
			}
			own, t := attributesOf(c.self)
			if own == nil {
				return starlark.None, DelAttr(c.thread, c.self, name)
			}
			return starlark.None, delObjectAttr(c.thread, c.self, own, t, name)
		}},
		{name: "__init_subclass__", kind: classMethod, fn: func(c *call) (starlark.Value, error) { return starlark.None, nil }},
		{name: "__repr__", fn: func(c *call) (starlark.Value, error) { return newString(plainRepr(TypeOf(c.self), address(c.self))) }},
		{name: "__str__", fn: func(c *call) (starlark.Value, error) {
			s, err := Repr(c.thread, c.self)
			return starlark.String(s), err
		}},
		{name: "__format__", sig: "spec, /", fn: func(c *call) (starlark.Value, error) {
			spec, err := c.strArg(0)
			if err != nil {
				return nil, err
			}
			s, err := formatDefault(c.thread, c.self, spec)
			return starlark.String(s), err
		}},
		{name: "__eq__", sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			if Is(c.self, c.arg(0)) {
				return starlark.True, nil
			}
			return NotImplemented, nil
		}},
		{name: "__ne__", sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			if Is(c.self, c.arg(0)) {
				return starlark.False, nil
			}
			return NotImplemented, nil
		}},
		{name: "__hash__", fn: func(c *call) (starlark.Value, error) {
			return starlark.MakeInt64(int64(hashPointer(identity(c.self)))), nil
		}},
		{name: "__dir__", fn: func(c *call) (starlark.Value, error) { return stringList(dirNames(c.self)), nil }},
		{name: "__sizeof__", fn: func(c *call) (starlark.Value, error) { return newInt(64) }},
	}
}

func objectInit(c *call) (starlark.Value, error) {
	if i, ok := c.self.(*Instance); ok && i.base == nil && len(c.rest)+len(c.kw) > 0 {
		return nil, Errorf(TypeError, "object.__init__() takes exactly one argument (the instance to initialize)")
	}
	return starlark.None, nil
}

// attributesOf is the namespace of an object that has one.
func attributesOf(x starlark.Value) (*Namespace, *Type) {
	switch x := x.(type) {
	case *Instance:
		return &x.attrs, x.class
	case *Exception:
		return x.namespace(), x.Class
	}
	return nil, TypeOf(x)
}

func defaultGetAttr(thread *starlark.Thread, x starlark.Value, name string) (starlark.Value, error) {
	own, t := attributesOf(x)
	if own == nil {
		return GetAttr(thread, x, name)
	}
	v, err := objectAttr(thread, x, own, t, name)
	if v == nil && err == nil {
		err = noAttr(x, name)
	}
	return v, err
}

func defaultSetAttr(thread *starlark.Thread, x starlark.Value, name string, v starlark.Value) error {
	if t, ok := x.(*Type); ok {
		return setTypeAttr(thread, t, name, v)
	}
	own, t := attributesOf(x)
	if own == nil {
		return SetAttr(thread, x, name, v)
	}
	return setObjectAttr(thread, x, own, t, name, v)
}

// binaryDunder is the method of an arithmetic operator; reflected swaps the operands.
func binaryDunder(op Op, reflected bool) func(c *call) (starlark.Value, error) {
	return func(c *call) (starlark.Value, error) {
		x, y := unwrap(c.self), unwrap(c.arg(0))
		if reflected {
			x, y = y, x
		}
		v, err := builtinBinary(c.thread, op, x, y)
		if v == nil && err == nil {
			return NotImplemented, nil
		}
		return v, err
	}
}

func compareDunder(op Op) func(c *call) (starlark.Value, error) {
	return func(c *call) (starlark.Value, error) {
		r, known, err := builtinCompare(c.thread, op, unwrap(c.self), unwrap(c.arg(0)), 0)
		if err != nil {
			return nil, err
		}
		if !known {
			return NotImplemented, nil
		}
		return starlark.Bool(r), nil
	}
}

// dunders are the methods that builtin types have besides arithmetic.
func dunders() map[string]methodSpec {
	rows := []methodSpec{
		{name: "__len__", fn: func(c *call) (starlark.Value, error) {
			n, err := Len(c.thread, unwrap(c.self))
			return starlark.MakeInt(n), err
		}},
		{name: "__getitem__", sig: "key, /", fn: func(c *call) (starlark.Value, error) {
			if i, ok := c.self.(*Instance); ok && i.base != nil {
				return baseItem(c.thread, i, c.arg(0))
			}
			return GetItem(c.thread, c.self, c.arg(0))
		}},
		{name: "__setitem__", sig: "key, value, /", fn: func(c *call) (starlark.Value, error) {
			return starlark.None, SetItem(c.thread, unwrap(c.self), c.arg(0), c.arg(1))
		}},
		{name: "__delitem__", sig: "key, /", fn: func(c *call) (starlark.Value, error) {
			return starlark.None, DelItem(c.thread, unwrap(c.self), c.arg(0))
		}},
		{name: "__contains__", sig: "key, /", fn: func(c *call) (starlark.Value, error) {
			b, err := Contains(c.thread, unwrap(c.self), c.arg(0))
			return starlark.Bool(b), err
		}},
		{name: "__iter__", fn: func(c *call) (starlark.Value, error) { return iterValue(c.thread, unwrap(c.self)) }},
		{name: "__next__", fn: func(c *call) (starlark.Value, error) { return nextOf(c.thread, c.self, nil) }},
		{name: "__reversed__", fn: func(c *call) (starlark.Value, error) { return reversedValue(c.thread, unwrap(c.self)) }},
		{name: "__repr__", fn: func(c *call) (starlark.Value, error) {
			s, err := Repr(c.thread, unwrap(c.self))
			return starlark.String(s), err
		}},
		{name: "__str__", fn: func(c *call) (starlark.Value, error) {
			s, err := Str(c.thread, unwrap(c.self))
			return starlark.String(s), err
		}},
		{name: "__format__", sig: "spec, /", fn: func(c *call) (starlark.Value, error) {
			spec, err := c.strArg(0)
			if err != nil {
				return nil, err
			}
			s, err := Format(c.thread, unwrap(c.self), spec)
			return starlark.String(s), err
		}},
		{name: "__hash__", fn: func(c *call) (starlark.Value, error) { return hashValue(c.thread, unwrap(c.self)) }},
		{name: "__bool__", fn: func(c *call) (starlark.Value, error) {
			b, err := Truth(c.thread, unwrap(c.self))
			return starlark.Bool(b), err
		}},
		{name: "__int__", fn: func(c *call) (starlark.Value, error) { return intOf(c.thread, unwrap(c.self)) }},
		{name: "__index__", fn: func(c *call) (starlark.Value, error) { return Index(c.thread, unwrap(c.self)) }},
		{name: "__float__", fn: func(c *call) (starlark.Value, error) {
			f, err := floatOf(c.thread, unwrap(c.self))
			return starlark.Float(f), err
		}},
		{name: "__abs__", fn: func(c *call) (starlark.Value, error) { return absOf(c.thread, unwrap(c.self)) }},
		{name: "__round__", sig: "ndigits=None, /", fn: func(c *call) (starlark.Value, error) {
			return roundOf(c.thread, unwrap(c.self), c.arg(0))
		}},
		{name: "__init__", sig: "*args, **kwargs", fn: func(c *call) (starlark.Value, error) {
			base := unwrap(c.self)
			switch b := base.(type) {
			case *starlark.List:
				if err := b.Clear(); err != nil {
					return nil, frozenList(err)
				}
			case *starlark.Set:
				if err := b.Clear(); err != nil {
					return nil, frozenList(err)
				}
			}
			return starlark.None, fill(c.thread, base, c.rest, c.kw)
		}},
		{name: "__neg__", fn: func(c *call) (starlark.Value, error) { return Unary(c.thread, Neg, unwrap(c.self)) }},
		{name: "__pos__", fn: func(c *call) (starlark.Value, error) { return Unary(c.thread, Pos, unwrap(c.self)) }},
		{name: "__invert__", fn: func(c *call) (starlark.Value, error) { return Unary(c.thread, Invert, unwrap(c.self)) }},
	}
	table := make(map[string]methodSpec, len(rows))
	for _, r := range rows {
		table[r.name] = r
	}
	addOperatorDunders(table)
	return table
}

// addOperatorDunders adds the methods of the arithmetic and comparison operators.
func addOperatorDunders(table map[string]methodSpec) {
	for op := Add; op <= Xor; op++ {
		info := opTable[op]
		table[info.method] = methodSpec{name: info.method, sig: "value, /", fn: binaryDunder(op, false)}
		table[info.reflected] = methodSpec{name: info.reflected, sig: "value, /", fn: binaryDunder(op, true)}
		table[info.inplace] = methodSpec{name: info.inplace, sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			base := unwrap(c.self)
			v, err := InplaceBinary(c.thread, op, base, c.arg(0))
			if err == nil && Is(v, base) {
				return c.self, nil
			}
			return v, err
		}}
	}
	for op := Eq; op <= Ge; op++ {
		info := opTable[op]
		table[info.method] = methodSpec{name: info.method, sig: "value, /", fn: compareDunder(op)}
	}
}

const (
	valueDunders    = "__repr__ __str__ __format__ __hash__ __eq__ __ne__"
	orderDunders    = " __lt__ __le__ __gt__ __ge__"
	sequenceDunders = " __len__ __getitem__ __contains__ __iter__ __add__ __mul__ __rmul__"
	realDunders     = " __add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ __rfloordiv__ __mod__ __rmod__ __pow__ __rpow__ __neg__ __pos__ __abs__ __bool__ __int__ __float__ __round__"
	bitDunders      = " __and__ __rand__ __or__ __ror__ __xor__ __rxor__ __lshift__ __rlshift__ __rshift__ __rrshift__ __invert__ __index__"
	setDunders      = " __len__ __contains__ __iter__ __and__ __rand__ __or__ __ror__ __sub__ __rsub__ __xor__ __rxor__"
)

// typeDunders says which of them each type has.
func typeDunders() map[*Type]string {
	return map[*Type]string{
		IntType:        valueDunders + orderDunders + realDunders + bitDunders,
		FloatType:      valueDunders + orderDunders + realDunders,
		ComplexType:    valueDunders + " __add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __pow__ __rpow__ __neg__ __pos__ __abs__ __bool__",
		StrType:        valueDunders + orderDunders + sequenceDunders + " __mod__",
		BytesType:      valueDunders + orderDunders + sequenceDunders + " __mod__",
		TupleType:      valueDunders + orderDunders + sequenceDunders,
		ListType:       "__init__ __repr__ __eq__ __ne__ __reversed__ __setitem__ __delitem__ __iadd__ __imul__" + orderDunders + sequenceDunders,
		DictType:       "__init__ __repr__ __eq__ __ne__ __len__ __getitem__ __setitem__ __delitem__ __contains__ __iter__ __reversed__ __or__ __ror__ __ior__",
		SetType:        "__init__ __repr__ __eq__ __ne__ __ior__ __iand__ __isub__ __ixor__" + orderDunders + setDunders,
		FrozenSetType:  valueDunders + orderDunders + setDunders,
		RangeType:      "__len__ __getitem__ __contains__ __iter__ __reversed__",
		DictKeysType:   "__len__ __contains__ __iter__" + orderDunders,
		DictValuesType: "__len__ __contains__ __iter__",
		DictItemsType:  "__len__ __contains__ __iter__" + orderDunders,
		IteratorType:   "__iter__ __next__", EnumerateType: "__iter__ __next__", ZipType: "__iter__ __next__",
		MapType: "__iter__ __next__", FilterType: "__iter__ __next__", ReversedType: "__iter__ __next__",
	}
}
