package object

import (
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// ByteArray is Python's bytearray: bytes that can change.
type ByteArray struct{ b []byte }

var (
	_ starlark.Sequence = (*ByteArray)(nil)
	_ HasType           = (*ByteArray)(nil)
	_ HasItems          = (*ByteArray)(nil)
	_ HasSetItems       = (*ByteArray)(nil)
	_ HasDelItem        = (*ByteArray)(nil)
	_ HasContains       = (*ByteArray)(nil)
	_ HasCompare        = (*ByteArray)(nil)
	_ HasOperator       = (*ByteArray)(nil)
	_ HasInplace        = (*ByteArray)(nil)
)

// Bytes is the contents, which the caller must not keep while scripts run.
func (a *ByteArray) Bytes() []byte { return a.b }

func (a *ByteArray) String() string       { return "bytearray(" + text.QuoteBytes(string(a.b)) + ")" }
func (a *ByteArray) Type() string         { return "bytearray" }
func (a *ByteArray) Freeze()              {}
func (a *ByteArray) Truth() starlark.Bool { return len(a.b) > 0 }
func (a *ByteArray) Hash() (uint32, error) {
	return 0, Errorf(TypeError, "unhashable type: 'bytearray'")
}
func (a *ByteArray) Len() int { return len(a.b) }

// PyType is bytearray.
func (a *ByteArray) PyType() *Type { return ByteArrayType }

// Iterate iterates over the bytes as they are now.
func (a *ByteArray) Iterate() starlark.Iterator {
	vals := make(starlark.Tuple, len(a.b))
	for i, c := range a.b {
		vals[i] = starlark.MakeInt(int(c))
	}
	return vals.Iterate()
}

// asBytes is the contents of bytes or a bytearray.
func asBytes(x starlark.Value) (string, bool) {
	switch v := unwrap(x).(type) {
	case starlark.Bytes:
		return string(v), true
	case *ByteArray:
		return string(v.b), true
	case *MemoryView:
		return string(v.buf.Bytes()), v.owner != nil
	}
	return "", false
}

// GetItem is a[i], an int, or a[i:j:k], a bytearray.
func (a *ByteArray) GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	if _, ok := key.(*Slice); !ok {
		i, err := position(thread, "bytearray", key, len(a.b))
		if err != nil {
			return nil, err
		}
		return starlark.MakeInt(int(a.b[i])), nil
	}
	v, err := bytesItem(thread, BytesOf(a.b), key)
	if b, ok := v.(starlark.Bytes); ok && err == nil {
		if err := Grow(thread, int64(len(b))); err != nil {
			return nil, err
		}
		return &ByteArray{[]byte(b)}, nil
	}
	return v, err
}

func byteOf(thread *starlark.Thread, v starlark.Value) (byte, error) {
	n, err := AsIndex(thread, v)
	if err == nil && (n < 0 || n > 255) {
		err = Errorf(ValueError, "byte must be in range(0, 256)")
	}
	return byte(n), err
}

// bytesFrom is the bytes of a bytes-like value or of an iterable of ints.
func bytesFrom(thread *starlark.Thread, v starlark.Value) ([]byte, error) {
	if s, ok := asBytes(v); ok {
		return []byte(s), nil
	}
	if _, ok := AsString(v); ok {
		return nil, Errorf(TypeError, "expected iterable of integers; got: 'str'")
	}
	var out []byte
	err := each(thread, v, func(e starlark.Value) error {
		c, err := byteOf(thread, e)
		out = append(out, c)
		return err
	})
	return out, err
}

// SetItem is a[i] = v or a[i:j] = v.
func (a *ByteArray) SetItem(thread *starlark.Thread, key, v starlark.Value) error {
	s, ok := key.(*Slice)
	if !ok {
		i, err := position(thread, "bytearray", key, len(a.b))
		if err != nil {
			return err
		}
		c, err := byteOf(thread, v)
		if err == nil {
			a.b[i] = c
		}
		return err
	}
	vals, err := bytesFrom(thread, v)
	if err != nil {
		return err
	}
	start, stop, step, count, err := s.bounds(thread, len(a.b))
	if err != nil {
		return err
	}
	if step == 1 {
		a.b = slices.Replace(a.b, start, max(start, stop), vals...)
		return nil
	}
	if len(vals) != count {
		return Errorf(ValueError, "attempt to assign bytes of size %d to extended slice of size %d", len(vals), count)
	}
	for i, c := range vals {
		a.b[start+i*step] = c
	}
	return nil
}

// DelItem is del a[i] or del a[i:j:k].
func (a *ByteArray) DelItem(thread *starlark.Thread, key starlark.Value) error {
	s, ok := key.(*Slice)
	if !ok {
		i, err := position(thread, "bytearray", key, len(a.b))
		if err == nil {
			a.b = slices.Delete(a.b, i, i+1)
		}
		return err
	}
	start, step, count, err := s.Indices(thread, len(a.b))
	if err != nil {
		return err
	}
	if step < 0 {
		start, step = start+(count-1)*step, -step
	}
	for i := count - 1; i >= 0; i-- {
		a.b = slices.Delete(a.b, start+i*step, start+i*step+1)
	}
	return nil
}

// Contains is x in a.
func (a *ByteArray) Contains(thread *starlark.Thread, x starlark.Value) (bool, error) {
	if b, ok := x.(*ByteArray); ok {
		x = BytesOf(b.b)
	}
	return bytesContain(thread, BytesOf(a.b), x)
}

// RichCompare compares with bytes of either kind.
func (a *ByteArray) RichCompare(_ *starlark.Thread, op Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	o, ok := asBytes(other)
	if !ok {
		return nil, nil
	}
	return starlark.Bool(holds(op, strings.Compare(string(BytesOf(a.b)), o))), nil
}

// Operator is a + b and a * n.
func (a *ByteArray) Operator(thread *starlark.Thread, op Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	if op == Add {
		o, ok := asBytes(other)
		if err := Grow(thread, int64(len(a.b)+len(o))); err != nil {
			return nil, err
		}
		switch {
		case !ok:
			return nil, nil
		case side == starlark.Right: // the left operand's kind wins
			return starlark.Bytes(o + string(a.b)), nil
		}
		return &ByteArray{append(slices.Clone(a.b), o...)}, nil
	}
	if op == Mul {
		n, ok, err := asRepeat(thread, unwrap(other))
		if err != nil || !ok {
			return nil, err
		}
		v, err := repeat(thread, BytesOf(a.b), n)
		if err != nil {
			return nil, err
		}
		return &ByteArray{[]byte(v.(starlark.Bytes))}, nil
	}
	return nil, nil
}

// Inplace is a += b.
func (a *ByteArray) Inplace(thread *starlark.Thread, op Op, other starlark.Value) (starlark.Value, error) {
	if op != Add {
		return nil, nil
	}
	b, err := bytesFrom(thread, other)
	if err != nil {
		return nil, err
	}
	if err := Grow(thread, int64(len(a.b)+len(b))); err != nil {
		return nil, err
	}
	a.b = append(a.b, b...)
	return a, nil
}

// thawed turns bytes into a bytearray and leaves other values alone.
func thawed(v starlark.Value) starlark.Value {
	if b, ok := v.(starlark.Bytes); ok {
		return &ByteArray{[]byte(b)}
	}
	return v
}

// byteArrayMethods are those of bytes, giving bytearrays, and those that change it.
func byteArrayMethods() []methodSpec {
	var table []methodSpec
	for _, row := range bytesMethods() {
		fn := row.fn
		row.fn = func(c *call) (starlark.Value, error) {
			v, err := fn(c)
			if err != nil {
				return nil, err
			}
			if l, ok := v.(*starlark.List); ok {
				for i, e := range *elements(l) {
					(*elements(l))[i] = thawed(e)
				}
			}
			return thawed(v), nil
		}
		table = append(table, row)
	}
	self := func(c *call) *ByteArray { return c.self.(*ByteArray) }
	return append(table, []methodSpec{
		{name: "append", sig: "item, /", fn: func(c *call) (starlark.Value, error) {
			b, err := byteOf(c.thread, c.arg(0))
			if err == nil {
				self(c).b = append(self(c).b, b)
			}
			return starlark.None, err
		}},
		{name: "extend", sig: "iterable, /", fn: func(c *call) (starlark.Value, error) {
			_, err := self(c).Inplace(c.thread, Add, c.arg(0))
			return starlark.None, err
		}},
		{name: "pop", sig: "index=-1, /", fn: func(c *call) (starlark.Value, error) {
			i, err := c.intArg(0, -1)
			if err != nil {
				return nil, err
			}
			b := self(c).b
			if len(b) == 0 {
				return nil, Errorf(IndexError, "pop from empty bytearray")
			}
			if i < 0 {
				i += len(b)
			}
			if i < 0 || i >= len(b) {
				return nil, Errorf(IndexError, "pop index out of range")
			}
			v := starlark.MakeInt(int(b[i]))
			self(c).b = slices.Delete(b, i, i+1)
			return v, nil
		}},
		{name: "insert", sig: "index, item, /", fn: func(c *call) (starlark.Value, error) {
			i, err := c.intArg(0, 0)
			if err != nil {
				return nil, err
			}
			b, err := byteOf(c.thread, c.arg(1))
			if err != nil {
				return nil, err
			}
			a := self(c)
			if i < 0 {
				i = max(i+len(a.b), 0)
			}
			a.b = slices.Insert(a.b, min(i, len(a.b)), b)
			return starlark.None, nil
		}},
		{name: "clear", fn: func(c *call) (starlark.Value, error) {
			self(c).b = nil
			return starlark.None, nil
		}},
		{name: "reverse", fn: func(c *call) (starlark.Value, error) {
			slices.Reverse(self(c).b)
			return starlark.None, nil
		}},
		{name: "copy", fn: func(c *call) (starlark.Value, error) {
			return &ByteArray{slices.Clone(self(c).b)}, nil
		}},
	}...)
}
