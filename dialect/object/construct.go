package object

import (
	"context"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

type constructFunc = func(thread *starlark.Thread, cls *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)

// constructor binds a type's arguments by a signature.
func constructor(name, sig string, fn func(c *call) (starlark.Value, error)) constructFunc {
	s := signature.Of(name, sig)
	return func(thread *starlark.Thread, cls *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		c := call{thread: thread, name: name, self: cls}
		if err := c.bind(s, args, kwargs); err != nil {
			return nil, err
		}
		return fn(&c)
	}
}

func constructInt(c *call) (starlark.Value, error) {
	x := c.arg(0)
	if c.arg(1) != nil {
		base, err := AsIndex(c.thread, c.arg(1))
		if err != nil {
			return nil, err
		}
		if base != 0 && (base < 2 || base > 36) {
			return nil, Errorf(ValueError, "int() base must be >= 2 and <= 36, or 0")
		}
		switch v := unwrap(x).(type) {
		case starlark.String:
			if err := Grow(c.thread, 4*int64(len(v))); err != nil {
				return nil, err
			}
			return intFromLong(c.thread, string(v), base, text.Quote)
		case starlark.Bytes:
			return intFromLong(c.thread, string(v), base, text.QuoteBytes)
		case nil:
			return nil, Errorf(TypeError, "int() missing string argument")
		}
		return nil, Errorf(TypeError, "int() can't convert non-string with explicit base")
	}
	if x == nil {
		return starlark.MakeInt(0), nil
	}
	switch v := unwrap(x).(type) {
	case starlark.String:
		if special(x, "__int__") == nil {
			return intFromLong(c.thread, string(v), 10, text.Quote)
		}
	case starlark.Bytes:
		return intFromLong(c.thread, string(v), 10, text.QuoteBytes)
	}
	return intOf(c.thread, x)
}

// intFromLong is int of a text of any length.
func intFromLong(thread *starlark.Thread, s string, base int, quote func(string) string) (starlark.Value, error) {
	if len(s) < longText {
		return intFrom(s, base, IntDigits(thread), nil, quote)
	}
	most := IntDigits(thread)
	return AsideUntil(thread, func(ctx context.Context) (starlark.Value, error) {
		return intFrom(s, base, most, number.NewLong(ctx), quote)
	})
}

// floatFromLong is float of a text of any length.
func floatFromLong(thread *starlark.Thread, s string, quote func(string) string) (starlark.Value, error) {
	if len(s) < longText {
		f, err := floatFrom(s, quote)
		return starlark.Float(f), err
	}
	return Aside(thread, func() (starlark.Value, error) {
		f, err := floatFrom(s, quote)
		return starlark.Float(f), err
	})
}

func constructFloat(c *call) (starlark.Value, error) {
	x := c.arg(0)
	if x == nil {
		return starlark.Float(0), nil
	}
	switch v := unwrap(x).(type) {
	case starlark.String:
		if special(x, "__float__") == nil {
			return floatFromLong(c.thread, string(v), text.Quote)
		}
	case starlark.Bytes:
		return floatFromLong(c.thread, string(v), text.QuoteBytes)
	}
	f, err := floatOf(c.thread, x)
	return starlark.Float(f), err
}

func constructComplex(c *call) (starlark.Value, error) {
	if s, ok := AsString(c.arg(0)); ok {
		if c.arg(1) != nil {
			return nil, Errorf(TypeError, "complex() can't take second arg if first is a string")
		}
		return parseComplexValue(number.ASCIIDigits(number.CleanNumber(s)))
	}
	if _, ok := AsString(c.arg(1)); ok {
		return nil, Errorf(TypeError, "complex() second arg can't be a string")
	}
	parts, whole := [2]Complex{}, [2]bool{}
	for i := range parts {
		if c.arg(i) == nil {
			continue
		}
		_, real := unwrap(c.arg(i)).(starlark.Float)
		whole[i] = !real
		v, err := complexOf(c.thread, c.arg(i))
		if err != nil {
			return nil, err
		}
		parts[i] = v
	}
	if c.arg(1) == nil {
		return parts[0], nil
	}
	// What a float lacks is not added as 0, which would take the sign of a -0.
	re, im := real(parts[0]), real(parts[1])
	if whole[1] {
		re -= imag(parts[1])
	}
	if whole[0] {
		im += imag(parts[0])
	}
	return Complex(complex(re, im)), nil
}

func parseComplexValue(s string) (starlark.Value, error) {
	c, err := number.ParseComplex(s)
	if err != nil {
		return nil, Raised(err)
	}
	return Complex(c), nil
}

func complexOf(thread *starlark.Thread, x starlark.Value) (Complex, error) {
	switch v := unwrap(x).(type) {
	case Complex:
		return v, nil
	case HasConvert:
		c, err := v.Convert(thread, "complex")
		if err != nil {
			return 0, err
		}
		if z, ok := c.(Complex); ok {
			return z, nil
		}
	}
	if fn := special(x, "__complex__"); fn != nil {
		v, err := callBound(thread, fn, x)
		if err != nil {
			return 0, err
		}
		if z, ok := v.(Complex); ok {
			return z, nil
		}
		return 0, Errorf(TypeError, "__complex__ returned non-complex (type %s)", typeName(v))
	}
	f, err := floatOf(thread, x)
	if isException(err, TypeError) {
		return 0, Errorf(TypeError, "complex() first argument must be a string or a number, not '%s'", typeName(x))
	}
	return Complex(complex(f, 0)), err
}

func constructStr(c *call) (starlark.Value, error) {
	if c.arg(0) == nil {
		return starlark.String(""), nil
	}
	if c.arg(1) == nil && c.arg(2) == nil {
		s, err := Str(c.thread, c.arg(0))
		return starlark.String(s), err
	}
	b, ok := unwrap(c.arg(0)).(starlark.Bytes)
	if !ok {
		return nil, Errorf(TypeError, "decoding to str: need a bytes-like object, %s found", typeName(c.arg(0)))
	}
	name, errors, err := c.codec(1)
	if err != nil {
		return nil, err
	}
	return decode(c.thread, string(b), name, errors)
}

func constructBytes(c *call) (starlark.Value, error) {
	x := c.arg(0)
	if x == nil {
		return starlark.Bytes(""), nil
	}
	switch v := unwrap(x).(type) {
	case starlark.String:
		if c.arg(1) == nil {
			return nil, Errorf(TypeError, "string argument without an encoding")
		}
		name, errors, err := c.codec(1)
		if err != nil {
			return nil, err
		}
		return encode(c.thread, string(v), name, errors)
	case starlark.Bytes:
		return v, nil
	case *ByteArray:
		return starlark.Bytes(v.b), nil
	case starlark.Int, starlark.Bool:
		n, err := AsIndex(c.thread, v)
		if err != nil {
			return nil, err
		}
		if n < 0 {
			return nil, Errorf(ValueError, "negative count")
		}
		if n > maxRepeat {
			return nil, Errorf(MemoryError, "bytes: %d elements at most, not %d", maxRepeat, n)
		}
		if err := Grow(c.thread, 2*int64(n)); err != nil {
			return nil, err
		}
		return starlark.Bytes(make([]byte, n)), nil
	}
	if fn := special(x, "__bytes__"); fn != nil {
		return callBound(c.thread, fn, x)
	}
	if b, err := bufferOf(c.thread, x); b != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return starlark.Bytes(b.Bytes()), nil
	}
	var out []byte
	err := each(c.thread, x, func(v starlark.Value) error {
		n, err := AsIndex(c.thread, v)
		if err == nil && (n < 0 || n > 255) {
			err = Errorf(ValueError, "bytes must be in range(0, 256)")
		}
		out = append(out, byte(n))
		return err
	})
	return starlark.Bytes(out), err
}

func constructList(c *call) (starlark.Value, error) {
	if c.arg(0) == nil {
		return starlark.NewList(nil), nil
	}
	vals, err := collect(c.thread, c.arg(0))
	if err != nil {
		return nil, err
	}
	return starlark.NewList(vals), nil
}

func constructTuple(c *call) (starlark.Value, error) {
	if c.arg(0) == nil {
		return starlark.Tuple{}, nil
	}
	if t, ok := c.arg(0).(starlark.Tuple); ok {
		return t, nil
	}
	vals, err := collect(c.thread, c.arg(0))
	return starlark.Tuple(vals), err
}

func constructDict(thread *starlark.Thread, _ *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	d := starlark.NewDict(len(kwargs))
	return d, dictUpdate(thread, d, "dict", args, kwargs)
}

func constructSet(c *call) (starlark.Value, error) {
	s := new(starlark.Set)
	if c.arg(0) == nil {
		return s, nil
	}
	return s, each(c.thread, c.arg(0), func(v starlark.Value) error { return setInsert(c.thread, s, v) })
}

func constructFrozenSet(c *call) (starlark.Value, error) {
	if f, ok := c.arg(0).(*FrozenSet); ok {
		return f, nil
	}
	s, err := constructSet(c)
	if err != nil {
		return nil, err
	}
	return &FrozenSet{s.(*starlark.Set)}, nil
}

func constructSlice(c *call) (starlark.Value, error) {
	switch len(c.rest) {
	case 1:
		return NewSlice(nil, c.rest[0], nil), nil
	case 2:
		return NewSlice(c.rest[0], c.rest[1], nil), nil
	case 3:
		return NewSlice(c.rest[0], c.rest[1], c.rest[2]), nil
	}
	return nil, Errorf(TypeError, "slice expected 1 to 3 arguments, got %d", len(c.rest))
}

func constructProperty(c *call) (starlark.Value, error) {
	part := func(i int) starlark.Value {
		if c.given(i) {
			return c.arg(i)
		}
		return nil
	}
	return &Property{Get: part(0), Set: part(1), Del: part(2), Doc: part(3)}, nil
}

func constructSuper(c *call) (starlark.Value, error) {
	if len(c.rest) != 2 {
		return nil, Errorf(TypeError, "super(): expected a type and an object, got %d arguments", len(c.rest))
	}
	cls, ok := c.rest[0].(*Type)
	if !ok {
		return nil, Errorf(TypeError, "super() argument 1 must be a type, not %s", typeName(c.rest[0]))
	}
	return Super(cls, c.rest[1])
}

func constructObject(c *call) (starlark.Value, error) { return &Instance{class: ObjectType}, nil }

// constructMethod is types.MethodType(function, instance).
func constructMethod(c *call) (starlark.Value, error) {
	return &BoundMethod{Func: c.arg(0), Self: c.arg(1)}, nil
}

// hashValue is hash(x) as Python shows it: a number's own value, modulo the
// prime 2**61 - 1 where it is large.
func hashValue(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	if t, ok := x.(starlark.Tuple); ok {
		if err := lend(thread, t); err != nil {
			return nil, err
		}
	}
	x = numberKey(x)
	if special(x, "__hash__") == nil {
		if h, ok := numberHash(unwrap(x)); ok {
			return starlark.MakeInt64(h), nil
		}
	}
	if fn := special(x, "__hash__"); fn != nil && fn != starlark.None {
		return callBound(thread, fn, x)
	}
	h, err := Hash(thread, x)
	if err != nil {
		return nil, err
	}
	return starlark.MakeInt64(int64(h)), nil
}
