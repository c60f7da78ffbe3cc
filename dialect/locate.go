package dialect

import "github.com/mlxstar/mlxstar/dialect/syntax"

// place is what a position of the bytecode means in the source: the extent of
// the operation at it, and the expression scope around it, if any, as Python
// names its frame.
type found struct {
	span  syntax.Span
	scope string
}

// locate finds the operation whose position is at. A tracebacks' positions are
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
			out.span = span
		}
		return true
	})
	return out
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
	case *syntax.Name:
		return n.Start
	case *syntax.Unary:
		return n.Start
	}
	return syntax.Pos{}
}
