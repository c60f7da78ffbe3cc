package dialect

import (
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// What a parameter holds is not known, and nothing that is computed with it. But a function
// that computes in a loop with its parameters is mostly called with ints: it is lowered
// twice, once for parameters that are, which is asked when it is called, and once for all
// others.

// maxCounted bounds the statements of a function that is lowered twice.
const maxCounted = 64

// body lowers the body of a function that is no coroutine.
func (l *lowerer) body(s *scope, params *syntax.Params, body []syntax.Stmt, at syntax.Pos) {
	plain := func() {
		l.boxes(s, at)
		l.stmts(body)
		if n := len(body); n == 0 || !isReturn(body[n-1]) {
			l.returned(nil, at)
		}
	}
	counted := s.counted(params, body)
	if len(counted) == 0 {
		plain()
		return
	}
	var args []stars.Expr
	for _, sym := range counted {
		args = append(args, l.ident(sym.native, at))
	}
	forget := s.assumeInts(counted)
	ints := l.collect(plain)
	forget()
	l.emit(&stars.IfStmt{
		If: l.pos(at), Cond: l.call("ints", at, args...), True: ints,
		ElsePos: l.pos(at), False: l.collect(plain),
	})
}

// counted gives the parameters that a function with a loop computes with, if it is short
// and does nothing but assign, compute, call and branch.
func (s *scope) counted(params *syntax.Params, body []syntax.Stmt) (counted []*symbol) {
	if s.async || s.generator {
		return nil
	}
	operands := map[string]bool{}
	operand := func(xs ...syntax.Expr) {
		for _, x := range xs {
			if n, ok := x.(*syntax.Name); ok {
				operands[s.mangle(n.ID)] = true
			}
		}
	}
	statements, loops, other := 0, 0, false
	syntax.Walk(&syntax.File{Body: body}, func(n syntax.Node) bool {
		if _, ok := n.(syntax.Stmt); ok {
			statements++
		}
		switch n := n.(type) {
		case *syntax.For:
			loops++
			other = other || n.Async
		case *syntax.While:
			loops++
		case *syntax.Binary:
			operand(n.X, n.Y)
		case *syntax.Compare:
			operand(n.X...)
		case *syntax.AugAssign:
			operand(n.Target, n.Value)
		case *syntax.Assign:
			operand(n.Value)
		case *syntax.Subscript:
			operand(n.Index)
		case *syntax.ExprStmt, *syntax.If, *syntax.Return, *syntax.Pass, *syntax.Break, *syntax.Continue, *syntax.Assert, *syntax.Raise:
		case syntax.Stmt, *syntax.Lambda, *syntax.Walrus, *syntax.Await:
			other = true
		}
		return !other
	})
	if other || loops == 0 || statements > maxCounted {
		return nil
	}
	for _, p := range params.All() {
		sym := s.symbols[s.mangle(p.Name)]
		if p != params.VarArgs && p != params.VarKwargs && operands[sym.name] && sym.mayCount() {
			counted = append(counted, sym)
		}
	}
	return counted
}

// mayCount reports whether a parameter is an int wherever it has a value, if it is one at
// first and all else is that binds it.
func (sym *symbol) mayCount() bool {
	return sym.param && !sym.celled && !sym.captured && !sym.walrus && !sym.rebinds && len(sym.flows) == sym.binds
}

// assumeInts has parameters hold ints, and what follows for the variables of the function
// hold too, until it is taken back.
func (s *scope) assumeInts(params []*symbol) (forget func()) {
	before := map[*symbol]symbol{}
	var note func(s *scope)
	note = func(s *scope) {
		for _, sym := range s.order {
			before[sym] = *sym
			sym.kind = unsettled
		}
		for _, c := range s.children {
			note(c)
		}
	}
	note(s)
	for _, sym := range params {
		sym.given = intType
	}
	s.inferTypes()
	for sym := range before {
		if isScalar(sym.kind) && sym.computed {
			sym.computed, sym.boxed = false, sym.celled
		}
	}
	return func() {
		for sym, was := range before {
			*sym = was
		}
		s.module().sums = map[*syntax.Binary]valueType{}
	}
}
