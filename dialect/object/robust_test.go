package object

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"testing"

	"go.starlark.net/starlark"
)

// oddValues are values of every kind, with the extremes of each.
func oddValues(t *testing.T) []starlark.Value {
	t.Helper()
	thread := newThread("odd")
	d := starlark.NewDict(2)
	for k, v := range map[string]starlark.Value{"a": starlark.MakeInt(1), "b": starlark.None} {
		if err := DictSet(thread, d, starlark.String(k), v); err != nil {
			t.Fatal(err)
		}
	}
	s := starlark.NewSet(1)
	if err := SetInsert(thread, s, starlark.MakeInt(1)); err != nil {
		t.Fatal(err)
	}
	self := starlark.NewList(nil)
	if err := self.Append(self); err != nil {
		t.Fatal(err)
	}
	cls, err := NewClass(thread, "C", "C", "m", starlark.Tuple{DictType}, NewNamespace(), nil)
	if err != nil {
		t.Fatal(err)
	}
	inst, err := Call(thread, cls, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	far := starlark.MakeBigInt(new(big.Int).Lsh(big.NewInt(1), 70))
	r, err := NewRange(far, far.Add(starlark.MakeInt(5)), starlark.MakeInt(3))
	if err != nil {
		t.Fatal(err)
	}
	return []starlark.Value{
		starlark.None, starlark.True, starlark.MakeInt(0), starlark.MakeInt(-3), starlark.MakeInt64(math.MinInt64),
		starlark.MakeBigInt(new(big.Int).Lsh(big.NewInt(-1), 90)), starlark.Float(math.NaN()), starlark.Float(math.Inf(-1)), starlark.Float(2.5),
		Complex(complex(1, -2)), starlark.String(""), starlark.String("aé{0}%d"), starlark.String("\xff"), starlark.Bytes("a\xff"),
		&ByteArray{[]byte("xyz")}, starlark.Tuple{}, starlark.Tuple{starlark.MakeInt(1), starlark.String("b")},
		starlark.NewList([]starlark.Value{starlark.MakeInt(2), starlark.MakeInt(1)}), self, d, s, &FrozenSet{starlark.NewSet(0)}, r,
		NewSlice(nil, starlark.MakeInt(-1), starlark.MakeInt(-2)), Ellipsis, NotImplemented, cls, inst, IntType, StrType, ValueError, TypeType,
		NewException(KeyError, starlark.String("k")), &Property{}, NewStaticMethodOf(starlark.None), &dictView{DictItemsType, d},
	}
}

// TestNothingPanics applies every operation, function and method to odd values.
// What fails must fail with an exception.
func TestNothingPanics(t *testing.T) {
	thread := newThread("robust")
	thread.SetLocal(OutputLocal, io.Discard)
	values := oddValues(t)
	try := func(what string, args []starlark.Value, f func() error) {
		defer func() {
			if r := recover(); r != nil {
				names := make([]string, len(args))
				for i, a := range args {
					names[i] = typeName(a)
				}
				t.Errorf("%s of %v panics: %v", what, names, r)
			}
		}()
		if err := f(); err != nil {
			_ = AsException(err).Error()
		}
	}
	for _, x := range values {
		one := []starlark.Value{x}
		for op := Neg; op <= Invert; op++ {
			try(op.String(), one, func() error { _, err := Unary(thread, op, x); return err })
		}
		try("repr", one, func() error { _, err := Repr(thread, x); return err })
		try("str", one, func() error { _, err := Str(thread, x); return err })
		try("hash", one, func() error { _, err := Hash(thread, x); return err })
		try("unpack", one, func() error { _, err := Unpack(thread, x, 1, true, 1); return err })
		for _, y := range values {
			two := []starlark.Value{x, y}
			for op := Add; op <= Ge; op++ {
				try(op.String(), two, func() error {
					if op < Eq {
						_, err := Binary(thread, op, x, y)
						return err
					}
					_, err := Compare(thread, op, x, y)
					return err
				})
			}
			try("contains", two, func() error { _, err := Contains(thread, x, y); return err })
			try("item", two, func() error { _, err := GetItem(thread, x, y); return err })
			if s, ok := y.(starlark.String); ok {
				try("format", two, func() error { _, err := Format(thread, x, string(s)); return err })
			}
		}
	}
	for name, fn := range Builtins() {
		if name == "type" || !isCallable(fn) {
			continue
		}
		callWithAll(name, thread, fn, values, try)
	}
	for i := range values {
		for _, name := range dirNames(values[i]) {
			x := oddValues(t)[i] // methods may change it
			try("getattr "+name, []starlark.Value{x}, func() error {
				m, err := GetAttr(thread, x, name)
				if err != nil || !isCallable(m) {
					return err
				}
				callWithAll(fmt.Sprintf("%s.%s", typeName(x), name), thread, m, values, try)
				return nil
			})
		}
	}
}

// callWithAll calls fn without arguments, with each value, and with some pairs.
func callWithAll(name string, thread *starlark.Thread, fn starlark.Value, values []starlark.Value, try func(string, []starlark.Value, func() error)) {
	call := func(args ...starlark.Value) {
		try(name, args, func() error { _, err := Call(thread, fn, args, nil); return err })
	}
	call()
	for i, x := range values {
		y := values[(i*7+3)%len(values)]
		call(x)
		call(x, y)
		call(y, x, x)
	}
}
