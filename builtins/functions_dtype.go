package builtins

import (
	"math"
	"slices"
	"strconv"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

var dtypeFunctions = []function{
	{"issubdtype(arg1: Dtype | DtypeCategory, arg2: Dtype | DtypeCategory) -> bool",
		"Whether the first dtype or category is the second, or lies below it.",
		func(c *Call) starlark.Value {
			d1, k1 := c.dtypeOrCategory("arg1")
			d2, k2 := c.dtypeOrCategory("arg2")
			switch {
			case d2.Valid():
				return starlark.Bool(d1 == d2)
			case d1.Valid():
				return starlark.Bool(d1.Category().Within(k2))
			}
			return starlark.Bool(k1.Within(k2))
		}},
	{"isdtype(dtype: Dtype, kind: Dtype | str | tuple[Dtype | str, ...]) -> bool",
		"Whether the dtype is of the kind: a dtype, or one of 'bool', 'signed integer', 'unsigned integer', 'integral', 'real floating', 'complex floating', 'numeric', or a tuple of these.",
		func(c *Call) starlark.Value {
			return starlark.Bool(c.isKind(c.dtype("dtype", 0), c.arg("kind")))
		}},
	{"can_cast(from_: array | Dtype, to: Dtype) -> bool",
		"Whether every value of the first dtype has a place in the second by the promotion rules: promoting both gives the second.",
		func(c *Call) starlark.Value {
			to := c.dtype("to", 0)
			return starlark.Bool(dtype.Promote(c.dtypeOf("from_", c.arg("from_")), to) == to)
		}},
	{"result_type(*arrays_and_dtypes: array | Dtype) -> Dtype",
		"The dtype in which arrays and dtypes meet by the promotion rules.",
		func(c *Call) starlark.Value {
			if len(c.rest) == 0 {
				c.fail(object.ValueError, "result_type: got no arguments, want arrays or dtypes")
			}
			d := c.dtypeOf("arrays_and_dtypes", c.rest[0])
			for _, v := range c.rest[1:] {
				d = dtype.Promote(d, c.dtypeOf("arrays_and_dtypes", v))
			}
			return Dtype{d, c.m}
		}},
}

// kinds are the kinds of isdtype.
var kinds = map[string]func(d engine.Dtype) bool{
	"bool":             func(d engine.Dtype) bool { return d == engine.Bool },
	"signed integer":   engine.Dtype.IsSigned,
	"unsigned integer": engine.Dtype.IsUnsigned,
	"integral":         engine.Dtype.IsInteger,
	"real floating":    engine.Dtype.IsFloat,
	"complex floating": engine.Dtype.IsComplex,
	"numeric":          func(d engine.Dtype) bool { return d != engine.Bool },
}

func (c *Call) isKind(d engine.Dtype, kind starlark.Value) bool {
	switch kind := kind.(type) {
	case Dtype:
		return kind.d == d
	case starlark.String:
		is := kinds[string(kind)]
		if is == nil {
			c.fail(object.ValueError, "isdtype: %s is no kind of dtype", kind)
		}
		return is(d)
	case starlark.Tuple:
		found := false
		for _, k := range kind {
			if _, nested := k.(starlark.Tuple); nested {
				c.mistyped("kind", k, "Dtype or str")
			}
			found = c.isKind(d, k) || found
		}
		return found
	}
	c.mistyped("kind", kind, "Dtype, str or a tuple of them")
	return false
}

// dtypeOf is a dtype, or an array's.
func (c *Call) dtypeOf(name string, v starlark.Value) engine.Dtype {
	if d, ok := v.(Dtype); ok {
		return d.d
	}
	n := c.asArray(v)
	if n == nil {
		c.mistyped(name, v, "array or Dtype")
	}
	return n.Dtype()
}

// dtypeOrCategory takes either; the other one is 0.
func (c *Call) dtypeOrCategory(name string) (engine.Dtype, engine.Category) {
	switch v := c.arg(name).(type) {
	case Dtype:
		return v.d, 0
	case DtypeCategory:
		return 0, v.k
	default:
		// MLX raises ValueError for this argument alone.
		c.fail(object.ValueError, "%s(): argument '%s' must be Dtype or DtypeCategory, not %s", c.sig.Name, name, object.TypeName(v))
	}
	return 0, 0
}

// DtypeCategory is mx.DtypeCategory: mx.floating, mx.integer, ...
type DtypeCategory struct {
	k engine.Category
	m *Module
}

var (
	_ object.HasType    = DtypeCategory{}
	_ object.HasCompare = DtypeCategory{}
	_ starlark.HasAttrs = DtypeCategory{}
)

func (k DtypeCategory) String() string        { return "DtypeCategory." + k.k.String() }
func (k DtypeCategory) Type() string          { return "DtypeCategory" }
func (k DtypeCategory) Freeze()               {}
func (k DtypeCategory) Truth() starlark.Bool  { return true }
func (k DtypeCategory) Hash() (uint32, error) { return uint32(k.k), nil }
func (k DtypeCategory) AttrNames() []string   { return []string{"name", "value"} }

// PyType is mx.DtypeCategory.
func (k DtypeCategory) PyType() *object.Type { return k.m.types.category }

// Attr gives name and value, as of a member of a Python enumeration.
func (k DtypeCategory) Attr(name string) (starlark.Value, error) {
	switch name {
	case "name":
		return starlark.String(k.k.String()), nil
	case "value":
		return starlark.MakeInt(slices.Index(categories, k.k)), nil
	}
	return nil, nil
}

func (k DtypeCategory) memberName() string { return k.k.String() }

// categories lists the members of DtypeCategory.
func (m *Module) categories() []enumMember {
	out := make([]enumMember, len(categories))
	for i, k := range categories {
		out[i] = DtypeCategory{k, m}
	}
	return out
}

// RichCompare tells whether two categories are the same.
func (k DtypeCategory) RichCompare(_ *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	o, ok := other.(DtypeCategory)
	return equality(op, ok && o.k == k.k)
}

func constructCategory(c *Call) starlark.Value {
	return enumValue(c, "DtypeCategory", c.m.categories())
}

// limits is mx.finfo or mx.iinfo: the limits of a dtype.
type limits struct {
	t     *object.Type
	names []string
	attrs starlark.StringDict
	text  string
}

var (
	_ object.HasType    = (*limits)(nil)
	_ starlark.HasAttrs = (*limits)(nil)
)

func (l *limits) String() string        { return l.text }
func (l *limits) Type() string          { return l.t.Name() }
func (l *limits) Freeze()               {}
func (l *limits) Truth() starlark.Bool  { return true }
func (l *limits) Hash() (uint32, error) { return starlark.String(l.text).Hash() }
func (l *limits) PyType() *object.Type  { return l.t }
func (l *limits) AttrNames() []string   { return l.names }

// Attr gives a limit.
func (l *limits) Attr(name string) (starlark.Value, error) {
	if v := l.attrs[name]; v != nil {
		return v, nil
	}
	return nil, nil
}

func newLimits(t *object.Type, attrs starlark.StringDict, low, high string, d engine.Dtype) *limits {
	return &limits{t: t, names: sortedKeys(attrs), attrs: attrs,
		text: t.Name() + "(min=" + low + ", max=" + high + ", dtype=" + d.String() + ")"}
}

func constructFinfo(c *Call) starlark.Value {
	d := c.dtype("arg", 0)
	if !d.Valid() {
		c.mistyped("arg", starlark.None, "Dtype")
	}
	if d == engine.Complex64 {
		d = engine.Float32
	}
	l, ok := d.Limits()
	if !ok {
		c.fail(object.ValueError, "finfo: dtype %s is not inexact", d)
	}
	high := strconv.FormatFloat(l.Max, 'g', 6, 64)
	return newLimits(c.m.types.finfo, starlark.StringDict{
		"min": starlark.Float(-l.Max), "max": starlark.Float(l.Max), "eps": starlark.Float(l.Eps),
		"smallest_normal": starlark.Float(l.Normal), "bits": starlark.MakeInt(8 * d.Size()), "dtype": Dtype{d, c.m},
	}, "-"+high, high, d)
}

func constructIinfo(c *Call) starlark.Value {
	d := c.dtype("arg", 0)
	if !d.Valid() {
		c.mistyped("arg", starlark.None, "Dtype")
	}
	if !d.IsInteger() {
		c.fail(object.ValueError, "iinfo: only integer types supported but %s was provided", d)
	}
	bits := uint(8 * d.Size())
	low, high := starlark.MakeInt(0), starlark.MakeUint64(math.MaxUint64>>(64-bits))
	if d.IsSigned() {
		low, high = starlark.MakeInt64(-1<<(bits-1)), starlark.MakeInt64(1<<(bits-1)-1)
	}
	return newLimits(c.m.types.iinfo, starlark.StringDict{"min": low, "max": high, "dtype": Dtype{d, c.m}}, low.String(), high.String(), d)
}

// conversionFunctions give elements another dtype.
var conversionFunctions = []function{
	{"astype(a: array, dtype: Dtype, /, *, stream: StreamOrDevice = None) -> array", engine.OpAsType.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.AsType(c.array("a"), c.theDtype("dtype"))) }},
	{"view(a: scalar | array, dtype: Dtype, stream: StreamOrDevice = None) -> array", engine.OpBitcast.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.Bitcast(c.operand("a"), c.theDtype("dtype"))) }},
	{"to_fp8(x: array, *, stream: StreamOrDevice = None) -> array", engine.OpToFP8.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.Unary(engine.OpToFP8, c.array("x"))) }},
	{"from_fp8(x: array, dtype: Dtype = bfloat16, *, stream: StreamOrDevice = None) -> array", engine.OpFromFP8.Doc,
		func(c *Call) starlark.Value {
			return c.out(c.b.FromFP8(c.array("x"), c.dtype("dtype", engine.BFloat16)))
		}},
}
