package dialect

import (
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/syntax"
)

func (l *lowerer) stmt(s syntax.Stmt) {
	at := s.Range().Start
	switch s := s.(type) {
	case *syntax.ExprStmt:
		l.expression(s)
	case *syntax.Assign:
		l.assignStmt(s)
	case *syntax.AugAssign:
		l.augAssign(s)
	case *syntax.AnnAssign:
		l.annAssign(s)
	case *syntax.Delete:
		for _, t := range s.Targets {
			l.delete(t)
		}
	case *syntax.If:
		l.emit(&stars.IfStmt{
			If: l.pos(at), Cond: l.cond(s.Cond), True: l.block(s.Then, at),
			ElsePos: l.pos(at), False: l.collect(func() { l.stmts(s.Else) }),
		})
	case *syntax.While:
		l.while(s)
	case *syntax.For:
		l.forLoop(s)
	case *syntax.FuncDef:
		l.funcDef(s)
	case *syntax.ClassDef:
		l.classDef(s)
	case *syntax.Return:
		l.returnStmt(s)
	case *syntax.Pass, *syntax.Global, *syntax.Nonlocal:
	case *syntax.Break:
		l.breakStmt(at)
	case *syntax.Continue:
		l.continueStmt(at)
	case *syntax.Assert:
		l.assert(s)
	case *syntax.Raise:
		l.raise(s)
	case *syntax.Import:
		l.importStmt(s)
	case *syntax.ImportFrom:
		l.importFrom(s)
	case *syntax.Load:
		l.loadStmt(s)
	case *syntax.With:
		l.with(s.Items, s, at)
	case *syntax.Match:
		l.match(s)
	case *syntax.Try:
		l.try(s)
	}
}

// expression lowers an expression statement. One that is a constant does nothing.
func (l *lowerer) expression(s *syntax.ExprStmt) {
	if _, ok := s.X.(*syntax.Constant); ok {
		return
	}
	if y, ok := s.X.(*syntax.Yield); ok && l.fn.step {
		l.stepYield(y)
		return
	}
	l.exprStmt(l.expr(s.X))
}

// enterLoop starts a loop whose else clause, if any, must know of a break. The
// variable that tells is set before the loop.
func (l *lowerer) enterLoop(hasElse bool, at syntax.Pos) *loop {
	lp := &loop{}
	if hasElse {
		lp.broken = l.temp("broken")
		l.assign(l.ident(lp.broken, at), l.boolean(false, at), at)
	}
	return lp
}

func (l *lowerer) loopBody(lp *loop, f func(), at syntax.Pos) []stars.Stmt {
	l.fn.loops = append(l.fn.loops, lp)
	body := l.nonempty(l.collect(f), at)
	l.fn.loops = l.fn.loops[:len(l.fn.loops)-1]
	return body
}

func (l *lowerer) loopElse(lp *loop, body []syntax.Stmt, at syntax.Pos) {
	if lp.broken == "" {
		return
	}
	cond := &stars.UnaryExpr{OpPos: l.pos(at), Op: stars.NOT, X: l.ident(lp.broken, at)}
	l.emit(&stars.IfStmt{If: l.pos(at), Cond: cond, True: l.block(body, at), ElsePos: l.pos(at)})
}

func (l *lowerer) while(s *syntax.While) {
	at := s.Start
	lp := l.enterLoop(len(s.Else) > 0, at)
	cond := l.cond(s.Cond)
	body := l.loopBody(lp, func() { l.stmts(s.Body) }, at)
	l.emitLoop(&stars.WhileStmt{While: l.pos(at), Cond: cond, Body: body})
	l.loopElse(lp, s.Else, at)
}

func (l *lowerer) forLoop(s *syntax.For) {
	at := s.Start
	lp := l.enterLoop(len(s.Else) > 0, at)
	iter := l.expr(s.Iter)
	vars, spec, after := l.targets(s.Target)
	x := l.iter(iter, spec, s.Async, s.Iter.Range().Start)
	if !s.Async {
		l.countOnly(x, s.Target, l.scope)
	}
	body := l.loopBody(lp, func() {
		for _, f := range after {
			f()
		}
		l.stmts(s.Body)
	}, at)
	l.emitLoop(&stars.ForStmt{For: l.pos(at), Vars: vars, X: x, Body: body})
	l.exprStmt(l.call("iterated", s.Iter.Range().Start))
	l.loopElse(lp, s.Else, at)
}

func (l *lowerer) breakStmt(at syntax.Pos) {
	if n := len(l.fn.loops); n > 0 {
		if lp := l.fn.loops[n-1]; lp.broken != "" {
			l.assign(l.ident(lp.broken, at), l.boolean(true, at), at)
		}
		l.emit(&stars.BranchStmt{Token: stars.BREAK, TokenPos: l.pos(at)})
		return
	}
	l.fn.jumps.breaks = true
	l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: l.helper("Break", at)})
}

func (l *lowerer) continueStmt(at syntax.Pos) {
	if len(l.fn.loops) > 0 {
		l.emit(&stars.BranchStmt{Token: stars.CONTINUE, TokenPos: l.pos(at)})
		return
	}
	l.fn.jumps.continues = true
	l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: l.helper("Continue", at)})
}

func (l *lowerer) returnStmt(s *syntax.Return) {
	at := s.Start
	var value stars.Expr
	if s.Value != nil {
		if l.fn.body || l.scope.generator {
			value = l.expr(s.Value)
		} else {
			value = l.given(s.Value)
		}
	}
	if l.fn.body {
		l.fn.jumps.returns = true
		if value == nil {
			value = l.none(at)
		}
		value = l.call("return", at, value)
	}
	l.returned(value, at)
}

func (l *lowerer) assert(s *syntax.Assert) {
	at := s.Start
	var args []stars.Expr
	if s.Msg != nil {
		args = []stars.Expr{l.expr(s.Msg)}
	}
	cond := &stars.UnaryExpr{OpPos: l.pos(at), Op: stars.NOT, X: l.cond(s.Cond)}
	fail := l.collect(func() { l.exprStmt(l.call("assert", at, args...)) })
	l.emit(&stars.IfStmt{If: l.pos(at), Cond: cond, True: fail, ElsePos: l.pos(at)})
}

func (l *lowerer) raise(s *syntax.Raise) {
	var args []stars.Expr
	if s.X != nil {
		args = append(args, l.expr(s.X))
	}
	if s.Cause != nil {
		args = append(args, l.expr(s.Cause))
	}
	l.exprStmt(l.call("raise", s.Start, args...))
}

func (l *lowerer) importStmt(s *syntax.Import) {
	for _, n := range s.Names {
		mode := "top"
		if n.As != "" {
			mode = "leaf"
		}
		value := l.call("import", n.Start, l.ident(runName, n.Start), l.str(n.Name, n.Start), l.str(mode, n.Start))
		l.assign(l.place(importedName(n), n.Start), value, n.Start)
	}
}

func (l *lowerer) importFrom(s *syntax.ImportFrom) {
	at := s.Start
	if s.Module == "__future__" {
		return
	}
	args := []stars.Expr{l.ident(runName, at), l.str(s.Module, at), l.int(int64(s.Level), at)}
	if s.Names == nil {
		l.exprStmt(l.call("importall", at, args...))
		return
	}
	lhs := l.tuple(at)
	for _, n := range s.Names {
		args = append(args, l.str(n.Name, n.Start))
		lhs.List = append(lhs.List, l.place(importedName(n), n.Start))
	}
	l.assign(lhs, l.spread("importfrom", at, args), at)
}

// loadStmt lowers Starlark's load.
func (l *lowerer) loadStmt(s *syntax.Load) {
	at := s.Start
	args := []stars.Expr{l.ident(runName, at), l.str(s.Module, at)}
	lhs := l.tuple(at)
	for _, n := range s.Names {
		args = append(args, l.str(n.Name, n.Start))
		lhs.List = append(lhs.List, l.place(importedName(n), n.Start))
	}
	l.assign(lhs, l.spread("load", at, args), at)
}
