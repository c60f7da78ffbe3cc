package dialect

import "github.com/mlxstar/mlxstar/dialect/syntax"

// found is what a position of the bytecode means in the source: the extent of
// the operation at it, its operator if it has operands around it, and the
// expression scope around it, if any, as Python names its frame.
type found struct {
	span   syntax.Span
	anchor syntax.Span
	scope  string
}

// anchored tells whether the operator is to be told from its operands.
func (f found) anchored() bool {
	return f.anchor.Start.Valid() && f.anchor.Start.Line == f.span.Start.Line &&
		f.anchor.Stop.Line == f.span.Start.Line && f.span.Stop.Line == f.span.Start.Line
}

// locate finds the operation whose position is at. The positions in a traceback are
// those that the lowering gave: an operator's, a call's parenthesis, an
// attribute's name, a subscript's bracket, else the start of the expression.
func locate(file *syntax.File, at syntax.Pos) found {
	var out found
	syntax.Walk(file, func(n syntax.Node) bool {
		span := n.Range()
		if _, isStmt := n.(syntax.Stmt); isStmt {
			if at.Before(span.Start) && len(decoratorsOf(n)) == 0 || span.Stop.Before(at) {
				return false
			}
		}
		inside := !at.Before(span.Start) && at.Before(span.Stop)
		switch n := n.(type) {
		case *syntax.Comprehension:
			if inside {
				out.scope = comprehensionNames[n.Kind]
			}
		case *syntax.Lambda:
			if inside {
				out.scope = "<lambda>"
			}
		}
		if operationAt(n) == at {
			out.span, out.anchor = span, anchor(n)
		}
		return true
	})
	return out
}

// anchor is the operator of a binary operation, or the brackets of a subscript.
func anchor(n syntax.Node) syntax.Span {
	switch n := n.(type) {
	case *syntax.Binary:
		return syntax.Span{Start: n.OpPos, Stop: syntax.Pos{Line: n.OpPos.Line, Col: n.OpPos.Col + operatorWidth[n.Op]}}
	case *syntax.Subscript:
		return syntax.Span{Start: n.Lbrack, Stop: n.Stop}
	}
	return syntax.Span{}
}

var operatorWidth = [...]int32{
	syntax.Add: 1, syntax.Sub: 1, syntax.Mul: 1, syntax.MatMul: 1, syntax.Div: 1, syntax.FloorDiv: 2, syntax.Mod: 1,
	syntax.Pow: 2, syntax.LShift: 2, syntax.RShift: 2, syntax.BitAnd: 1, syntax.BitOr: 1, syntax.BitXor: 1,
}

func decoratorsOf(n syntax.Node) []syntax.Expr {
	switch n := n.(type) {
	case *syntax.FuncDef:
		return n.Decorators
	case *syntax.ClassDef:
		return n.Decorators
	}
	return nil
}

var comprehensionNames = map[syntax.CompKind]string{
	syntax.ListComp:      "<listcomp>",
	syntax.SetComp:       "<setcomp>",
	syntax.DictComp:      "<dictcomp>",
	syntax.GeneratorComp: "<genexpr>",
}

// operationAt is the position that the lowering gave a node's operation.
func operationAt(n syntax.Node) syntax.Pos {
	switch n := n.(type) {
	case *syntax.Binary:
		return n.OpPos
	case *syntax.Compare:
		if len(n.OpPos) == 1 {
			return n.OpPos[0]
		}
	case *syntax.Call:
		return n.Lparen
	case *syntax.Attribute:
		return n.NamePos
	case *syntax.Subscript:
		return n.Lbrack
	case *syntax.AugAssign:
		return n.OpPos
	case *syntax.Comprehension:
		if n.Kind != syntax.GeneratorComp {
			return n.Start
		}
	case *syntax.Name, *syntax.Raise:
		return n.Range().Start
	case *syntax.Unary, *syntax.Await:
		return n.Range().Start
	}
	return syntax.Pos{}
}
