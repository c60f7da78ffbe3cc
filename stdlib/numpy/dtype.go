package numpy

import (
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// dtypeInfo is what NumPy says of a dtype: its kind, its character code and
// its number, and the largest rank of the promotion order within its kind.
type dtypeInfo struct {
	dtype  engine.Dtype
	kind   string
	char   string
	number int
	others []string // further names of numpy's type
}

// dtypes are the dtypes that numpy has here. What NumPy has beyond them
// (longdouble, strings, objects, records) is refused by name.
var dtypes = []dtypeInfo{
	{engine.Bool, "b", "?", 0, []string{"bool_"}},
	{engine.Int8, "i", "b", 1, []string{"byte"}},
	{engine.Uint8, "u", "B", 2, []string{"ubyte"}},
	{engine.Int16, "i", "h", 3, []string{"short"}},
	{engine.Uint16, "u", "H", 4, []string{"ushort"}},
	{engine.Int32, "i", "i", 5, []string{"intc"}},
	{engine.Uint32, "u", "I", 6, []string{"uintc"}},
	{engine.Int64, "i", "l", 7, []string{"int_", "intp", "long", "longlong"}},
	{engine.Uint64, "u", "L", 8, []string{"uint", "uintp", "ulong", "ulonglong"}},
	{engine.Float16, "f", "e", 23, []string{"half"}},
	{engine.Float32, "f", "f", 11, []string{"single"}},
	{engine.Float64, "f", "d", 12, []string{"double"}},
	{engine.Complex64, "c", "F", 14, []string{"csingle"}},
	{engine.Complex128, "c", "D", 15, []string{"cdouble"}},
}

func infoOf(d engine.Dtype) *dtypeInfo {
	for i := range dtypes {
		if dtypes[i].dtype == d {
			return &dtypes[i]
		}
	}
	return nil
}

// promote is the dtype in which NumPy lets values of two dtypes meet: MLX's, but
// that integers count with their sizes when they meet floats, and that uint64 with
// a signed integer is float64. The parts of complex numbers meet what is real.
func promote(a, b engine.Dtype) engine.Dtype {
	if rankOf(a) > rankOf(b) {
		a, b = b, a
	}
	switch {
	case b.IsComplex():
		return promote(a.Real(), b.Real()).Complex()
	case a.IsInteger() && b.IsFloat():
		return engine.Promote(toFloat(a), b)
	case a.IsInteger() && b.IsInteger() && (a == engine.Uint64 && b.IsSigned() || a.IsSigned() && b == engine.Uint64):
		return engine.Float64
	}
	return engine.Promote(a, b)
}

// rankOf orders kinds: bool, integers, floats, complex.
func rankOf(d engine.Dtype) int {
	switch {
	case d == engine.Bool:
		return 0
	case d.IsInteger():
		return 1
	case d.IsFloat():
		return 2
	}
	return 3
}

// dtypeValue is numpy.dtype: a dtype, in the machine's byte order or the other.
type dtypeValue struct {
	m       *Library
	d       engine.Dtype
	swapped bool
}

var (
	_ starlark.HasAttrs = dtypeValue{}
	_ object.HasCompare = dtypeValue{}
	_ object.HasType    = dtypeValue{}
	_ object.HasStr     = dtypeValue{}
)

func (t dtypeValue) String() string        { return "dtype('" + t.d.String() + "')" }
func (t dtypeValue) Type() string          { return "dtype" }
func (t dtypeValue) Freeze()               {}
func (t dtypeValue) Truth() starlark.Bool  { return true }
func (t dtypeValue) Hash() (uint32, error) { return starlark.String(t.d.String()).Hash() }

// PyType is numpy.dtype.
func (t dtypeValue) PyType() *object.Type { return t.m.types.dtype }

// Str is the dtype's name.
func (t dtypeValue) Str(*starlark.Thread) (string, error) {
	if t.swapped {
		return t.code(), nil
	}
	return t.d.String(), nil
}

// Repr is the dtype as an expression.
func (t dtypeValue) Repr(*starlark.Thread) (string, error) {
	if t.swapped {
		return "dtype('" + t.code() + "')", nil
	}
	return t.String(), nil
}

// code is the array protocol's type string, such as <f4.
func (t dtypeValue) code() string {
	order := "<"
	switch {
	case t.swapped:
		order = ">"
	case t.d.Size() == 1:
		order = "|"
	}
	return order + infoOf(t.d).kind + strconv.Itoa(t.d.Size())
}

// RichCompare compares with anything that names a dtype.
func (t dtypeValue) RichCompare(thread *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	if op != object.Eq && op != object.Ne {
		return nil, nil
	}
	v, err := t.m.try(thread, func(p *np) starlark.Value {
		o, ok := p.dtypeOf(other)
		return starlark.Bool(ok && o.d == t.d && o.swapped == t.swapped)
	})
	if err != nil {
		v = starlark.False
	}
	return starlark.Bool(v.Truth() == (op == object.Eq)), nil
}

// Attr gives the dtype's properties.
func (t dtypeValue) Attr(name string) (starlark.Value, error) {
	info := infoOf(t.d)
	switch name {
	case "name":
		return starlark.String(t.d.String()), nil
	case "itemsize", "alignment":
		return starlark.MakeInt(t.d.Size()), nil
	case "kind":
		return starlark.String(info.kind), nil
	case "char":
		return starlark.String(info.char), nil
	case "num":
		return starlark.MakeInt(info.number), nil
	case "str":
		return starlark.String(t.code()), nil
	case "byteorder":
		switch {
		case t.d.Size() == 1:
			return starlark.String("|"), nil
		case t.swapped:
			return starlark.String(">"), nil
		}
		return starlark.String("="), nil
	case "isnative":
		return starlark.Bool(!t.swapped), nil
	case "type":
		return t.m.types.scalar[t.d], nil
	case "names", "fields", "subdtype":
		return starlark.None, nil
	case "shape":
		return starlark.Tuple{}, nil
	case "hasobject":
		return starlark.False, nil
	}
	return nil, nil
}

// AttrNames lists the properties.
func (t dtypeValue) AttrNames() []string {
	return []string{"alignment", "byteorder", "char", "fields", "hasobject", "isnative", "itemsize", "kind", "name", "names", "num", "shape", "str", "subdtype", "type"}
}

// dtypeArg reads a parameter that names a dtype; ok is false where none is given.
func (p *np) dtypeArg(i int) (d engine.Dtype, ok bool) {
	if !p.c.Given(i) {
		return 0, false
	}
	return p.dtype(p.c.Arg(i)).d, true
}

// dtype is what a value names as a dtype, or a TypeError.
func (p *np) dtype(v starlark.Value) dtypeValue {
	d, ok := p.dtypeOf(v)
	if !ok {
		s, err := object.Repr(p.thread, v)
		p.check(err)
		p.fail(object.TypeError, "data type %s not understood, or not among those of numpy here", s)
	}
	return d
}

// dtypeOf reads what names a dtype: a dtype, numpy's or Python's type, or text.
func (p *np) dtypeOf(v starlark.Value) (dtypeValue, bool) {
	is := func(d engine.Dtype) (dtypeValue, bool) { return dtypeValue{p.Library, d, false}, true }
	switch v := v.(type) {
	case dtypeValue:
		return v, true
	case *object.Type:
		switch v {
		case object.FloatType:
			return is(engine.Float64)
		case object.IntType:
			return is(engine.Int64)
		case object.BoolType:
			return is(engine.Bool)
		case object.ComplexType:
			return is(engine.Complex128)
		}
		for d, t := range p.types.scalar {
			if t == v {
				return is(d)
			}
		}
	case starlark.NoneType:
		return is(engine.Float64)
	case starlark.String:
		return p.dtypeNamed(string(v))
	case builtins.Dtype:
		return dtypeValue{}, false
	}
	return dtypeValue{}, false
}

// dtypeNamed reads a name (float32, float), a character code (f) or a type
// string (<f4).
func (p *np) dtypeNamed(name string) (dtypeValue, bool) {
	switch name {
	case "float":
		name = "float64"
	case "int":
		name = "int64"
	case "complex":
		name = "complex128"
	}
	out := dtypeValue{m: p.Library}
	order := ""
	rest := strings.TrimLeft(name, "<>=|")
	if len(rest) == len(name)-1 {
		order = name[:1]
	} else if len(rest) < len(name) {
		return out, false
	}
	for i := range dtypes {
		info := &dtypes[i]
		code := info.kind + strconv.Itoa(info.dtype.Size())
		if rest == code || rest == info.char || order == "" && (rest == info.dtype.String() || contains(info.others, rest)) {
			out.d = info.dtype
			out.swapped = order == ">" && info.dtype.Size() > 1
			return out, true
		}
	}
	return out, false
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

var dtypeMethods = []method[dtypeValue]{
	{"newbyteorder(new_order='S', /)", "The dtype in another byte order: '<', '>', '=' or 'S' for the other one. Reading bytes heeds it; arrays keep the machine's.",
		func(p *np, t dtypeValue) starlark.Value {
			switch order := p.c.StrOr(0, "S"); order {
			case ">", "big", "B", "b":
				t.swapped = t.d.Size() > 1
			case "<", "little", "L", "l", "=", "native", "N", "n", "|", "I", "i":
				t.swapped = false
			case "S", "s", "swap":
				t.swapped = !t.swapped && t.d.Size() > 1
			default:
				p.fail(object.ValueError, "%s is an unrecognized byte order", order)
			}
			return t
		}},
}
