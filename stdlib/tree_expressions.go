package stdlib

import (
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// The nodes of operators.
var (
	binaryNodes = map[syntax.BinaryOp]string{
		syntax.Add: "Add", syntax.Sub: "Sub", syntax.Mul: "Mult", syntax.MatMul: "MatMult", syntax.Div: "Div", syntax.FloorDiv: "FloorDiv",
		syntax.Mod: "Mod", syntax.Pow: "Pow", syntax.LShift: "LShift", syntax.RShift: "RShift", syntax.BitAnd: "BitAnd", syntax.BitOr: "BitOr", syntax.BitXor: "BitXor",
	}
	unaryNodes   = map[syntax.UnaryOp]string{syntax.Neg: "USub", syntax.Plus: "UAdd", syntax.Invert: "Invert", syntax.Not: "Not"}
	compareNodes = map[syntax.CompareOp]string{
		syntax.Eq: "Eq", syntax.Ne: "NotEq", syntax.Lt: "Lt", syntax.Le: "LtE", syntax.Gt: "Gt", syntax.Ge: "GtE",
		syntax.Is: "Is", syntax.IsNot: "IsNot", syntax.In: "In", syntax.NotIn: "NotIn",
	}
	comprehensionNodes = map[syntax.CompKind]string{
		syntax.ListComp: "ListComp", syntax.SetComp: "SetComp", syntax.DictComp: "DictComp", syntax.GeneratorComp: "GeneratorExp",
	}
)

// use makes the node of an expression that is read, stored to or deleted.
func (m *treeMaker) use(x syntax.Expr, context string) starlark.Value {
	if x == nil {
		return starlark.None
	}
	return m.within(func() starlark.Value {
		switch x := x.(type) {
		case *syntax.Name:
			return m.make("Name", x.Span, starlark.String(x.ID), m.kind(context))
		case *syntax.Attribute:
			return m.make("Attribute", x.Span, m.expr(x.X), starlark.String(x.Name), m.kind(context))
		case *syntax.Subscript:
			return m.make("Subscript", x.Span, m.expr(x.X), m.expr(x.Index), m.kind(context))
		case *syntax.Starred:
			return m.make("Starred", x.Span, m.use(x.X, context), m.kind(context))
		case *syntax.ListExpr:
			return m.make("List", x.Span, m.uses(x.Elems, context), m.kind(context))
		case *syntax.TupleExpr:
			return m.make("Tuple", x.Span, m.uses(x.Elems, context), m.kind(context))
		}
		return m.value(x)
	})
}

func (m *treeMaker) uses(xs []syntax.Expr, context string) starlark.Value {
	return m.list(len(xs), func(i int) starlark.Value { return m.use(xs[i], context) })
}

// value makes the node of an expression that can only be read.
func (m *treeMaker) value(x syntax.Expr) starlark.Value {
	at := x.Range()
	switch x := x.(type) {
	case *syntax.Constant:
		if m.text.Start.Valid() {
			at = m.text
		}
		return m.make("Constant", at, constantValue(x), starlark.None)
	case *syntax.JoinedString:
		if !m.text.Start.Valid() {
			m.text = at
			defer func() { m.text = syntax.Span{} }()
		}
		return m.make("JoinedStr", m.text, m.exprs(x.Parts))
	case *syntax.Formatted:
		conversion := -1
		if x.Conv != 0 {
			conversion = int(x.Conv)
		}
		var spec syntax.Expr
		if x.Spec != nil {
			spec = x.Spec
		}
		text := m.text
		m.text = syntax.Span{}
		inner := m.expr(x.X)
		m.text = text
		return m.make("FormattedValue", text, inner, starlark.MakeInt(conversion), m.expr(spec))
	case *syntax.SetExpr:
		return m.make("Set", at, m.exprs(x.Elems))
	case *syntax.DictExpr:
		return m.make("Dict", at, m.exprs(x.Keys), m.exprs(x.Values))
	case *syntax.Unary:
		return m.make("UnaryOp", at, m.kind(unaryNodes[x.Op]), m.expr(x.X))
	case *syntax.Binary:
		return m.make("BinOp", at, m.expr(x.X), m.kind(binaryNodes[x.Op]), m.expr(x.Y))
	case *syntax.BoolOp:
		op := "And"
		if x.Or {
			op = "Or"
		}
		return m.make("BoolOp", at, m.kind(op), m.exprs(x.X))
	case *syntax.Compare:
		first := m.expr(x.X[0])
		ops := m.list(len(x.Ops), func(i int) starlark.Value { return m.kind(compareNodes[x.Ops[i]]) })
		return m.make("Compare", at, first, ops, m.exprs(x.X[1:]))
	case *syntax.Conditional:
		return m.make("IfExp", at, m.expr(x.Cond), m.expr(x.Then), m.expr(x.Else))
	case *syntax.Lambda:
		return m.make("Lambda", at, m.params(x.Params), m.expr(x.Body))
	case *syntax.Call:
		fn := m.expr(x.Fn)
		if len(x.Args) == 1 {
			// A generator expression without brackets of its own has those of the call.
			if g, ok := x.Args[0].X.(*syntax.Comprehension); ok && g.Start == g.Elem.Range().Start {
				g.Span = syntax.Span{Start: x.Lparen, Stop: x.Stop}
			}
		}
		args, keywords := m.args(x.Args)
		return m.make("Call", at, fn, args, keywords)
	case *syntax.Slice:
		return m.make("Slice", at, m.expr(x.Lo), m.expr(x.Hi), m.expr(x.Step))
	case *syntax.Comprehension:
		parts := []starlark.Value{m.expr(x.Elem)}
		if x.Kind == syntax.DictComp {
			parts = append(parts, m.expr(x.Value))
		}
		return m.make(comprehensionNodes[x.Kind], at, append(parts, m.clauses(x.Clauses))...)
	case *syntax.Walrus:
		return m.make("NamedExpr", at, m.use(x.Target, "Store"), m.expr(x.Value))
	case *syntax.Await:
		return m.make("Await", at, m.expr(x.X))
	case *syntax.Yield:
		if x.From {
			return m.make("YieldFrom", at, m.expr(x.X))
		}
		return m.make("Yield", at, m.expr(x.X))
	}
	m.err = object.Errorf(object.NotImplementedError, "ast.parse: there is no node for %T", x)
	return starlark.None
}

func constantValue(x *syntax.Constant) starlark.Value {
	switch x.Kind {
	case syntax.BoolConst:
		return starlark.Bool(x.Value.(bool))
	case syntax.EllipsisConst:
		return object.Ellipsis
	case syntax.IntConst:
		if n, ok := x.Value.(*big.Int); ok {
			return starlark.MakeBigInt(n)
		}
		return starlark.MakeInt64(x.Value.(int64))
	case syntax.FloatConst:
		return starlark.Float(x.Value.(float64))
	case syntax.ImagConst:
		return object.Complex(complex(0, x.Value.(float64)))
	case syntax.StringConst:
		return starlark.String(x.Value.(string))
	case syntax.BytesConst:
		return starlark.Bytes(x.Value.(string))
	}
	return starlark.None
}

// args makes the arguments of a call or of a class: those by position, and those by name.
func (m *treeMaker) args(args []syntax.Arg) (positional, keywords starlark.Value) {
	var plain, named []starlark.Value
	for _, a := range args {
		switch a.Kind {
		case syntax.Positional:
			plain = append(plain, m.expr(a.X))
		case syntax.Star:
			plain = append(plain, m.make("Starred", a.Span, m.expr(a.X), m.kind("Load")))
		default:
			named = append(named, m.make("keyword", a.Span, nameOrNone(a.Name), m.expr(a.X)))
		}
	}
	return starlark.NewList(plain), starlark.NewList(named)
}

func (m *treeMaker) clauses(clauses []syntax.CompClause) starlark.Value {
	return m.list(len(clauses), func(i int) starlark.Value {
		c := &clauses[i]
		return m.make("comprehension", syntax.Span{}, m.use(c.Target, "Store"), m.expr(c.Iter), m.exprs(c.Ifs), flag(c.Async))
	})
}

// params makes the parameters of a function.
func (m *treeMaker) params(p *syntax.Params) starlark.Value {
	one := func(x *syntax.Param) starlark.Value {
		if x == nil {
			return starlark.None
		}
		at := x.Span
		if x.Default != nil { // a parameter's node ends before its default
			at.Stop = syntax.Pos{Line: at.Start.Line, Col: at.Start.Col + int32(len([]rune(x.Name)))}
			if x.Annotation != nil {
				at.Stop = x.Annotation.Range().Stop
			}
		}
		return m.make("arg", at, starlark.String(x.Name), m.expr(x.Annotation), starlark.None)
	}
	all := func(xs []*syntax.Param) starlark.Value {
		return m.list(len(xs), func(i int) starlark.Value { return one(xs[i]) })
	}
	var defaults []starlark.Value
	for _, xs := range [][]*syntax.Param{p.PosOnly, p.Regular} {
		for _, x := range xs {
			if x.Default != nil {
				defaults = append(defaults, m.expr(x.Default))
			}
		}
	}
	named := m.list(len(p.KwOnly), func(i int) starlark.Value { return m.expr(p.KwOnly[i].Default) })
	return m.make("arguments", syntax.Span{}, all(p.PosOnly), all(p.Regular), one(p.VarArgs), all(p.KwOnly), named, one(p.VarKwargs), starlark.NewList(defaults))
}
