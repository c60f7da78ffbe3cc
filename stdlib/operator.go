package stdlib

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

func makeOperator(*Modules) *native.Module {
	mod := native.NewModule("operator", "Operator interface: functions that correspond to the operators of the language.")
	define(mod, binaryOperators(), otherOperators)
	for _, name := range []string{"add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor",
		"lshift", "rshift", "eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "invert", "not", "getitem", "setitem", "delitem",
		"contains", "index", "concat"} {
		v := mod.Members[name]
		if v == nil {
			v = mod.Members[name+"_"]
		}
		mod.Members["__"+name+"__"] = v
	}
	mod.Members["itemgetter"] = itemGetterType
	mod.Members["attrgetter"] = attrGetterType
	mod.Members["methodcaller"] = methodCallerType
	return mod
}

func binaryOperators() []function {
	var rows []function
	for _, op := range []struct {
		name string
		op   object.Op
	}{
		{"add", object.Add}, {"concat", object.Add}, {"sub", object.Sub}, {"mul", object.Mul}, {"matmul", object.MatMul},
		{"truediv", object.Div}, {"floordiv", object.FloorDiv}, {"mod", object.Mod}, {"pow", object.Pow},
		{"lshift", object.LShift}, {"rshift", object.RShift}, {"and_", object.And}, {"or_", object.Or}, {"xor", object.Xor},
	} {
		rows = append(rows, function{op.name + "(a, b, /)", "Same as a " + op.op.String() + " b.", func(c *call) (starlark.Value, error) {
			return object.Binary(c.Thread, op.op, c.Arg(0), c.Arg(1))
		}}, function{"i" + strings.TrimSuffix(op.name, "_") + "(a, b, /)", "Same as a " + op.op.String() + "= b.", func(c *call) (starlark.Value, error) {
			return object.InplaceBinary(c.Thread, op.op, c.Arg(0), c.Arg(1))
		}})
	}
	for _, op := range []struct {
		name string
		op   object.Op
	}{{"eq", object.Eq}, {"ne", object.Ne}, {"lt", object.Lt}, {"le", object.Le}, {"gt", object.Gt}, {"ge", object.Ge}} {
		rows = append(rows, function{op.name + "(a, b, /)", "Same as a " + op.op.String() + " b.", func(c *call) (starlark.Value, error) {
			return object.Compare(c.Thread, op.op, c.Arg(0), c.Arg(1))
		}})
	}
	for _, op := range []struct {
		name, doc string
		op        object.Op
	}{{"neg", "Same as -a.", object.Neg}, {"pos", "Same as +a.", object.Pos}, {"invert", "Same as ~a.", object.Invert}, {"inv", "Same as ~a.", object.Invert}} {
		rows = append(rows, function{op.name + "(a, /)", op.doc, func(c *call) (starlark.Value, error) {
			return object.Unary(c.Thread, op.op, c.Arg(0))
		}})
	}
	return rows
}

var otherOperators = []function{
	{"truth(a, /)", "Return True if a is true, False otherwise.", func(c *call) (starlark.Value, error) { return starlark.Bool(c.BoolOr(0, false)), nil }},
	{"not_(a, /)", "Same as not a.", func(c *call) (starlark.Value, error) { return !starlark.Bool(c.BoolOr(0, false)), nil }},
	{"is_(a, b, /)", "Same as a is b.", func(c *call) (starlark.Value, error) { return starlark.Bool(object.Is(c.Arg(0), c.Arg(1))), nil }},
	{"is_not(a, b, /)", "Same as a is not b.", func(c *call) (starlark.Value, error) {
		return starlark.Bool(!object.Is(c.Arg(0), c.Arg(1))), nil
	}},
	{"abs(a, /)", "Same as abs(a).", func(c *call) (starlark.Value, error) {
		if f, ok := object.Unwrap(c.Arg(0)).(starlark.Float); ok {
			if f < 0 || f == 0 {
				f = 0 - f
			}
			return f, nil
		}
		if i, ok := object.Unwrap(c.Arg(0)).(starlark.Int); ok {
			if i.Sign() < 0 {
				return object.Unary(c.Thread, object.Neg, i)
			}
			return i, nil
		}
		fn, err := object.GetAttr(c.Thread, c.Arg(0), "__abs__")
		if err != nil {
			return nil, object.Errorf(object.TypeError, "bad operand type for abs(): '%s'", object.TypeName(c.Arg(0)))
		}
		return c.Invoke(fn)
	}},
	{"index(a, /)", "Same as a.__index__().", func(c *call) (starlark.Value, error) { return object.Index(c.Thread, c.Arg(0)) }},
	{"contains(a, b, /)", "Same as b in a (note reversed operands).", func(c *call) (starlark.Value, error) {
		found, err := object.Contains(c.Thread, c.Arg(0), c.Arg(1))
		return starlark.Bool(found), err
	}},
	{"getitem(a, b, /)", "Same as a[b].", func(c *call) (starlark.Value, error) { return object.GetItem(c.Thread, c.Arg(0), c.Arg(1)) }},
	{"setitem(a, b, c, /)", "Same as a[b] = c.", func(c *call) (starlark.Value, error) {
		return nil, object.SetItem(c.Thread, c.Arg(0), c.Arg(1), c.Arg(2))
	}},
	{"delitem(a, b, /)", "Same as del a[b].", func(c *call) (starlark.Value, error) { return nil, object.DelItem(c.Thread, c.Arg(0), c.Arg(1)) }},
	{"countOf(a, b, /)", "Return the number of items in a which are, or which equal, b.", func(c *call) (starlark.Value, error) {
		n := 0
		for _, v := range c.Items(0) {
			same, err := object.Equal(c.Thread, v, c.Arg(1))
			if err != nil {
				return nil, err
			}
			if same {
				n++
			}
		}
		return starlark.MakeInt(n), nil
	}},
	{"indexOf(a, b, /)", "Return the first index of b in a.", func(c *call) (starlark.Value, error) {
		for i, v := range c.Items(0) {
			same, err := object.Equal(c.Thread, v, c.Arg(1))
			if err != nil {
				return nil, err
			}
			if same {
				return starlark.MakeInt(i), nil
			}
		}
		return nil, object.Errorf(object.ValueError, "sequence.index(x): x not in sequence")
	}},
	{"length_hint(obj, default=0, /)", "Return an estimate of the number of items in obj.", func(c *call) (starlark.Value, error) {
		n, err := object.Len(c.Thread, c.Arg(0))
		if err != nil {
			n = c.IntOr(1, 0)
		}
		return starlark.MakeInt(n), nil
	}},
}

// getter is what itemgetter, attrgetter and methodcaller make.
type getter struct {
	typ    *object.Type
	args   starlark.Tuple
	kwargs []starlark.Tuple
}

var (
	_ starlark.Callable = (*getter)(nil)
	_ object.HasType    = (*getter)(nil)

	itemGetterType   = object.NewGoType("operator", "itemgetter", "Return a callable object that fetches the given item(s) from its operand.", newGetter)
	attrGetterType   = object.NewGoType("operator", "attrgetter", "Return a callable object that fetches the given attribute(s) from its operand.", newGetter)
	methodCallerType = object.NewGoType("operator", "methodcaller", "Return a callable object that calls the given method on its operand.", newGetter)
)

func newGetter(_ *starlark.Thread, cls *object.Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 {
		return nil, object.Errorf(object.TypeError, "%s expected 1 argument, got 0", cls.Name())
	}
	if cls.Name() != "methodcaller" && len(kwargs) > 0 {
		return nil, object.Errorf(object.TypeError, "%s() takes no keyword arguments", cls.Name())
	}
	if cls.Name() != "itemgetter" {
		for i, a := range args {
			if _, ok := object.AsString(a); !ok && (i == 0 || cls.Name() == "attrgetter") {
				return nil, object.Errorf(object.TypeError, "attribute name must be a string")
			}
		}
	}
	return &getter{cls, append(starlark.Tuple(nil), args...), kwargs}, nil
}

func (g *getter) Name() string          { return g.typ.Name() }
func (g *getter) Type() string          { return g.typ.Name() }
func (g *getter) Freeze()               {}
func (g *getter) Truth() starlark.Bool  { return true }
func (g *getter) Hash() (uint32, error) { return g.args.Hash() }
func (g *getter) PyType() *object.Type  { return g.typ }

func (g *getter) String() string {
	s, err := object.Repr(&starlark.Thread{Name: "repr"}, g.args)
	if err != nil {
		return "<operator." + g.typ.Name() + " object>"
	}
	return "operator." + g.typ.Name() + strings.TrimSuffix(strings.TrimSuffix(s, ")"), ",") + ")"
}

// CallInternal fetches from the one argument.
func (g *getter) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 1 || len(kwargs) > 0 {
		return nil, object.Errorf(object.TypeError, "%s expected 1 argument, got %d", g.typ.Name(), len(args)+len(kwargs))
	}
	if g.typ.Name() == "methodcaller" {
		name, _ := object.AsString(g.args[0])
		fn, err := object.GetAttr(thread, args[0], name)
		if err != nil {
			return nil, err
		}
		return object.Call(thread, fn, g.args[1:], g.kwargs)
	}
	out := make(starlark.Tuple, len(g.args))
	for i, key := range g.args {
		v, err := g.fetch(thread, args[0], key)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	if len(out) == 1 {
		return out[0], nil
	}
	return out, nil
}

func (g *getter) fetch(thread *starlark.Thread, from, key starlark.Value) (starlark.Value, error) {
	if g.typ.Name() == "itemgetter" {
		return object.GetItem(thread, from, key)
	}
	path, _ := object.AsString(key)
	for _, name := range strings.Split(path, ".") {
		var err error
		if from, err = object.GetAttr(thread, from, name); err != nil {
			return nil, err
		}
	}
	return from, nil
}
