package object

import (
	"maps"
	"strings"
	"sync"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
)

// functionSpec is a row of the table of builtin functions.
type functionSpec struct {
	name, sig, doc string
	fn             func(c *call) (starlark.Value, error)
}

// Builtins returns the names a script has without importing anything: Python's
// builtin functions, types, exceptions and constants, and Starlark's fail and
// struct. Each call makes a new dict of the same values.
func Builtins() starlark.StringDict { return maps.Clone(builtins()) }

// builtins are made once: none of them belongs to a runtime. What they do refers to them again.
var builtins func() starlark.StringDict

func init() { builtins = sync.OnceValue(makeBuiltins) }

func makeBuiltins() starlark.StringDict {
	d := starlark.StringDict{
		"None": starlark.None, "True": starlark.True, "False": starlark.False,
		"NotImplemented": NotImplemented, "Ellipsis": Ellipsis, "__debug__": starlark.True,
		"IOError": OSError, "EnvironmentError": OSError,
		"struct": starlark.NewBuiltin("struct", starlarkstruct.Make),
	}
	for _, t := range exceptionTypes() {
		d[t.name] = t
	}
	for _, t := range []*Type{
		ObjectType, TypeType, IntType, BoolType, FloatType, ComplexType, StrType, BytesType, ListType, TupleType,
		DictType, SetType, FrozenSetType, RangeType, SliceType, PropertyType, ClassMethodType, StaticMethodType,
		ByteArrayType, MemoryViewType, SuperType, EnumerateType, ZipType, MapType, FilterType, ReversedType,
	} {
		d[t.name] = t
	}
	for _, row := range functions() {
		d[row.name] = &Function{name: row.name, doc: row.doc, sig: signature.Of(row.name, row.sig), fn: row.fn}
	}
	return d
}

func functions() []functionSpec {
	return append(append(append(valueFunctions(), iterationFunctions()...), attributeFunctions()...), refusedFunctions()...)
}

// refusedFunctions are Python's that a script cannot have, by name.
func refusedFunctions() []functionSpec {
	refuse := func(name, why string) functionSpec {
		return functionSpec{name: name, sig: "*args, **kwargs", doc: "Not available: " + why + ".", fn: func(c *call) (starlark.Value, error) {
			return nil, Errorf(NotImplementedError, "%s() is not supported: %s", name, why)
		}}
	}
	return []functionSpec{
		refuse("eval", "it is known by its name where it is called, with one to three arguments; write eval(source) there"),
		refuse("exec", "it is known by its name where it is called, with one to three arguments; write exec(source) there"),
		refuse("compile", "a script is compiled as a whole, before it runs; there are no code objects"),
		refuse("breakpoint", "there is no debugger; print the values instead"),
	}
}

func valueFunctions() []functionSpec {
	return []functionSpec{
		{"print", "*args, sep=' ', end='\\n', file=None, flush=False", "Print the values, separated by sep and followed by end, to standard output or to file.", printValues},
		{"len", "obj, /", "Return the number of items in a container.", func(c *call) (starlark.Value, error) {
			n, err := Len(c.thread, c.arg(0))
			return starlark.MakeInt(n), err
		}},
		{"repr", "obj, /", "Return the text that represents the value.", func(c *call) (starlark.Value, error) {
			s, err := Repr(c.thread, c.arg(0))
			return starlark.String(s), err
		}},
		{"ascii", "obj, /", "Return repr(obj) with everything that is not ASCII escaped.", func(c *call) (starlark.Value, error) {
			s, err := ascii(c.thread, c.arg(0))
			return starlark.String(s), err
		}},
		{"format", "value, format_spec='', /", "Return the value formatted by the specifier.", func(c *call) (starlark.Value, error) {
			spec := ""
			if c.arg(1) != nil {
				var err error
				if spec, err = c.strArg(1); err != nil {
					return nil, err
				}
			}
			s, err := Format(c.thread, c.arg(0), spec)
			return starlark.String(s), err
		}},
		{"abs", "x, /", "Return the absolute value.", func(c *call) (starlark.Value, error) { return absOf(c.thread, c.arg(0)) }},
		{"round", "number, ndigits=None", "Round to ndigits decimals, half to even; without ndigits, to an int.", func(c *call) (starlark.Value, error) {
			return roundOf(c.thread, c.arg(0), c.arg(1))
		}},
		{"divmod", "x, y, /", "Return the pair (x // y, x % y).", divmodOf},
		{"pow", "base, exp, mod=None", "Return base ** exp, or with mod the power modulo it.", powOf},
		{"chr", "i, /", "Return the string of one code point.", chrOf},
		{"ord", "c, /", "Return the code point of a string of one character.", ordOf},
		{"hex", "number, /", "Return the integer in hexadecimal.", baseOf("x")},
		{"oct", "number, /", "Return the integer in octal.", baseOf("o")},
		{"bin", "number, /", "Return the integer in binary.", baseOf("b")},
		{"hash", "obj, /", "Return the hash of the value.", func(c *call) (starlark.Value, error) { return hashValue(c.thread, c.arg(0)) }},
		{"id", "obj, /", "Return a number that is unique to the value while it lives.", idOf},
		{"input", "prompt='', /", "Read a line from standard input.", inputLine},
		{"fail", "*args, sep=' '", "Raise an error with the values as its message.", func(c *call) (starlark.Value, error) {
			s, err := joinArgs(c)
			if err != nil {
				return nil, err
			}
			return nil, Errorf(RuntimeError, "fail: %s", s)
		}},
	}
}

func absOf(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	if fn := special(x, "__abs__"); fn != nil {
		return callBound(thread, fn, x)
	}
	switch v := unwrap(x).(type) {
	case starlark.Int:
		if v.Sign() < 0 {
			return starlark.MakeInt(0).Sub(v), nil
		}
		return v, nil
	case starlark.Bool:
		return boolInt(v), nil
	case starlark.Float:
		if v < 0 || v == 0 {
			return starlark.Float(abs(float64(v))), nil
		}
		return v, nil
	case Complex:
		return starlark.Float(hypot(real(v), imag(v))), nil
	case HasConvert:
		r, err := v.Convert(thread, "abs")
		if r != nil || err != nil {
			return r, err
		}
	}
	return nil, Errorf(TypeError, "bad operand type for abs(): '%s'", typeName(x))
}

func roundOf(thread *starlark.Thread, x, ndigits starlark.Value) (starlark.Value, error) {
	whole := ndigits == nil || ndigits == starlark.None
	if fn := special(x, "__round__"); fn != nil {
		if ndigits == nil {
			return callBound(thread, fn, x)
		}
		return callBound(thread, fn, x, ndigits)
	}
	n := 0
	if !whole {
		i, err := Index(thread, ndigits)
		if err != nil {
			return nil, err
		}
		small, ok := i.Int64()
		switch {
		case !ok && i.Sign() < 0 || ok && small < -1<<20:
			small = -1 << 20
		case !ok || small > 1<<20:
			small = 1 << 20
		}
		n = int(small)
	}
	if r, ok := x.(HasRound); ok && !whole {
		return r.RoundTo(thread, n)
	}
	switch v := unwrap(x).(type) {
	case starlark.Int:
		return number.RoundInt(v, n), nil
	case starlark.Bool:
		return number.RoundInt(boolInt(v), n), nil
	case starlark.Float:
		if whole {
			return number.Truncate(roundEven(float64(v)))
		}
		f, ok := number.Round(float64(v), n)
		if !ok {
			return nil, Errorf(OverflowError, "rounded value too large to represent")
		}
		return starlark.Float(f), nil
	case HasConvert:
		r, err := v.Convert(thread, "round")
		if r != nil || err != nil {
			return r, err
		}
	}
	return nil, Errorf(TypeError, "type %s doesn't define __round__ method", typeName(x))
}

func divmodOf(c *call) (starlark.Value, error) {
	x, y := c.arg(0), c.arg(1)
	if fn := special(x, "__divmod__"); fn != nil {
		if v, err := callBound(c.thread, fn, x, y); implemented(v) || err != nil {
			return v, err
		}
	}
	if fn := special(y, "__rdivmod__"); fn != nil {
		if v, err := callBound(c.thread, fn, y, x); implemented(v) || err != nil {
			return v, err
		}
	}
	quo, err := Binary(c.thread, FloorDiv, x, y)
	if err != nil {
		_, fx := unwrap(x).(starlark.Float)
		_, fy := unwrap(y).(starlark.Float)
		if e, ok := err.(*Exception); ok && e.Class == ZeroDivisionError && (fx || fy) {
			return nil, Errorf(ZeroDivisionError, "float divmod()")
		} else if ok && e.Class == TypeError {
			return nil, Errorf(TypeError, "unsupported operand type(s) for divmod(): '%s' and '%s'", typeName(x), typeName(y))
		}
		return nil, err
	}
	rem, err := Binary(c.thread, Mod, x, y)
	return starlark.Tuple{quo, rem}, err
}

func powOf(c *call) (starlark.Value, error) {
	if !c.given(2) {
		return Binary(c.thread, Pow, c.arg(0), c.arg(1))
	}
	if fn := special(c.arg(0), "__pow__"); fn != nil {
		if v, err := callBound(c.thread, fn, c.arg(0), c.arg(1), c.arg(2)); implemented(v) || err != nil {
			return v, err
		}
	}
	var part [3]starlark.Int
	for i := range part {
		v, err := Index(c.thread, c.arg(i))
		if err != nil {
			return nil, Errorf(TypeError, "pow() 3rd argument not allowed unless all arguments are integers")
		}
		part[i] = v
	}
	return powMod(c.thread, part[0], part[1], part[2])
}

// joinArgs is what print writes, without the end: *args with sep between them.
func joinArgs(c *call) (string, error) {
	sep := " "
	if c.given(1) {
		s, ok := AsString(c.arg(1))
		if !ok {
			return "", Errorf(TypeError, "sep must be None or a string, not %s", typeName(c.arg(1)))
		}
		sep = s
	}
	if len(c.rest) == 1 {
		return Str(c.thread, c.rest[0])
	}
	var buf strings.Builder
	var meter Meter
	var turns pace
	for i, v := range c.rest {
		if err := turns.step(c.thread); err != nil {
			return "", err
		}
		s, err := Str(c.thread, v)
		if err != nil {
			return "", err
		}
		if err := meter.Grow(c.thread, buf.Len()+len(sep)+len(s)); err != nil {
			return "", err
		}
		if i > 0 {
			buf.WriteString(sep)
		}
		buf.WriteString(s)
	}
	return buf.String(), nil
}

func printValues(c *call) (starlark.Value, error) {
	text, err := joinArgs(c)
	if err != nil {
		return nil, err
	}
	end := "\n"
	if c.given(2) {
		s, ok := AsString(c.arg(2))
		if !ok {
			return nil, Errorf(TypeError, "end must be None or a string, not %s", typeName(c.arg(2)))
		}
		end = s
	}
	flush, err := c.boolArg(4, false)
	if err != nil {
		return nil, err
	}
	if c.given(3) {
		return starlark.None, printTo(c.thread, c.arg(3), text+end, flush)
	}
	return starlark.None, writeOutput(c.thread, text, end, flush)
}

func printTo(thread *starlark.Thread, file starlark.Value, text string, flush bool) error {
	write, err := GetAttr(thread, file, "write")
	if err != nil {
		return err
	}
	if _, err := Call(thread, write, starlark.Tuple{starlark.String(text)}, nil); err != nil {
		return err
	}
	if !flush {
		return nil
	}
	fn, err := GetAttr(thread, file, "flush")
	if err != nil {
		return err
	}
	_, err = Call(thread, fn, nil, nil)
	return err
}
