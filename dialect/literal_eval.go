package dialect

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// EvalLiteral gives the value of an expression that is made of literals alone: numbers,
// strings, bytes, None, True, False, and tuples, lists, dicts and sets of such.
func EvalLiteral(thread *starlark.Thread, src string) (starlark.Value, error) {
	// Trees and bytecode take many times the room of the source.
	if err := object.Grow(thread, sourceGrowth*int64(len(src))); err != nil {
		return nil, err
	}
	prog, err := object.Aside(thread, func() (*Program, error) {
		x, err := syntax.ParseExpr("<unknown>", []byte(src))
		if err != nil {
			return nil, err
		}
		if !literal(x) {
			return nil, object.Errorf(object.ValueError, "malformed node or string: the expression holds more than literals")
		}
		return Compile("<unknown>", []byte(src), ModeEval)
	})
	if err != nil {
		return nil, syntaxException(err)
	}
	return prog.Run(thread, NewModule("<literal>", "", object.Builtins()))
}

// literal tells whether an expression is made of literals.
func literal(x syntax.Expr) bool {
	all := func(xs []syntax.Expr) bool {
		for _, x := range xs {
			if !literal(x) {
				return false
			}
		}
		return true
	}
	switch x := x.(type) {
	case *syntax.Constant:
		return x.Kind != syntax.EllipsisConst
	case *syntax.TupleExpr:
		return all(x.Elems)
	case *syntax.ListExpr:
		return all(x.Elems)
	case *syntax.SetExpr:
		return all(x.Elems)
	case *syntax.DictExpr:
		for _, key := range x.Keys {
			if key == nil || !literal(key) {
				return false
			}
		}
		return all(x.Values)
	case *syntax.Unary:
		return (x.Op == syntax.Neg || x.Op == syntax.Plus) && numeric(x.X)
	case *syntax.Binary:
		imaginary, ok := x.Y.(*syntax.Constant)
		return (x.Op == syntax.Add || x.Op == syntax.Sub) && numeric(x.X) && ok && imaginary.Kind == syntax.ImagConst
	case *syntax.Call:
		name, ok := x.Fn.(*syntax.Name)
		return ok && name.ID == "set" && len(x.Args) == 0
	}
	return false
}

func numeric(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Constant:
		return x.Kind == syntax.IntConst || x.Kind == syntax.FloatConst || x.Kind == syntax.ImagConst
	case *syntax.Unary:
		return (x.Op == syntax.Neg || x.Op == syntax.Plus) && numeric(x.X)
	}
	return false
}
