package dialect

import (
	"strconv"

	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// bodyFunc makes a nested function of statements, which may return, break and
// continue out of it, and gives the function's name. Its result is None, or
// the jump by which it was left.
func (l *lowerer) bodyFunc(fn *function, params []stars.Expr, f func(), at syntax.Pos) string {
	name := l.temp("body")
	def := &stars.DefStmt{Def: l.pos(at), Name: l.ident(l.bodyName(name), at), Lparen: l.pos(at), Params: params, Rparen: l.pos(at)}
	stores := fn.stores
	fn.stores = nil
	def.Body = l.within(l.scope, fn, f, at)
	def.Name.Name += signature.Stores(fn.stores)
	fn.stores = stores
	l.emit(def)
	return def.Name.Name
}

// bodyName is the Starlark name of a body: the function's, so that tracebacks
// show it, and a suffix that makes it unique.
func (l *lowerer) bodyName(temp string) string {
	return l.fn.name + bodySuffix + temp
}

func (l *lowerer) newBody() *function {
	return &function{outer: l.fn, body: true, name: l.fn.name}
}

// hoist has f emit what makes functions for the bodies of a statement, and runs nothing of
// the script: before the outermost loop around the statement, so that a turn of a loop
// makes none.
func (l *lowerer) hoist(f func()) {
	if len(l.fn.loops) == 0 {
		f()
		return
	}
	l.fn.hoisted = append(l.fn.hoisted, l.collect(f)...)
}

// emitLoop emits a loop after what was hoisted out of it.
func (l *lowerer) emitLoop(s stars.Stmt) {
	if len(l.fn.loops) == 0 {
		l.out = append(l.out, l.fn.hoisted...)
		l.fn.hoisted = nil
	}
	l.emit(s)
}

// enterBlock is the field of a try statement's block that is read to run it.
const enterBlock = "t"

// try lowers a try statement. Its parts run in a block, which knows what Python does about
// exceptions.
func (l *lowerer) try(s *syntax.Try) {
	at := s.Start
	fn := l.newBody()
	part := func(body []syntax.Stmt) stars.Expr {
		if len(body) == 0 {
			return l.none(at)
		}
		return l.ident(l.bodyFunc(fn, nil, func() { l.stmts(body) }, at), at)
	}
	l.temps++
	block := "@try" + strconv.Itoa(l.temps)
	l.hoist(func() {
		body := part(s.Body)
		handler := l.none(at)
		names := l.tuple(at)
		if s.Groups {
			handler = l.groupHandlers(fn, s.Handlers)
		} else if len(s.Handlers) > 0 {
			handler = l.ident(l.handlers(fn, s.Handlers), at)
		}
		if len(s.Handlers) > 0 {
			for _, h := range s.Handlers {
				if h.Name != "" {
					names.List = append(names.List, l.container(h.Name, h.Start))
				}
			}
		}
		orElse, finally := part(s.Else), part(s.Finally)
		l.assign(l.ident(block, at), l.call("block", at, body, handler, names, orElse, finally), at)
	})
	l.leave(fn, l.field(l.ident(block, at), enterBlock, at), at)
}

// handlers makes one function of all except clauses. It is given the
// exception, and returns Unhandled if no clause takes it.
func (l *lowerer) handlers(fn *function, hs []syntax.Handler) string {
	at := hs[0].Start
	exc := l.temp("exception")
	return l.bodyFunc(fn, []stars.Expr{l.ident(exc, at)}, func() {
		body := []stars.Stmt{&stars.ReturnStmt{Return: l.pos(at), Result: l.helper("Unhandled", at)}}
		for i := len(hs) - 1; i >= 0; i-- {
			h := hs[i]
			taken := l.nonempty(l.collect(func() {
				if h.Name != "" {
					l.assign(l.place(h.Name, h.Start), l.ident(exc, h.Start), h.Start)
				}
				l.stmts(h.Body)
			}), h.Start)
			if h.Type == nil {
				body = taken
				continue
			}
			hat := h.Type.Range().Start
			body = []stars.Stmt{&stars.IfStmt{
				If:      l.pos(h.Start),
				Cond:    l.call("catches", hat, l.ident(exc, hat), l.expr(h.Type)),
				True:    taken,
				ElsePos: l.pos(h.Start),
				False:   body,
			}}
		}
		l.out = append(l.out, body...)
	}, at)
}

// groupHandlers makes a tuple of the except* clauses: for each what gives its types, and
// a function of its body.
func (l *lowerer) groupHandlers(fn *function, hs []syntax.Handler) stars.Expr {
	clauses := l.tuple(hs[0].Start)
	for _, h := range hs {
		exc := l.temp("exception")
		jumps := fn.jumps
		body := l.bodyFunc(fn, []stars.Expr{l.ident(exc, h.Start)}, func() {
			if h.Name != "" {
				l.assign(l.place(h.Name, h.Start), l.ident(exc, h.Start), h.Start)
			}
			l.stmts(h.Body)
		}, h.Start)
		if fn.jumps != jumps {
			l.fail(h.Span, "'break', 'continue' and 'return' cannot appear in an except* block")
		}
		at := h.Type.Range().Start
		types := &stars.LambdaExpr{Lambda: l.pos(at), Body: l.expr(h.Type)}
		clauses.List = append(clauses.List, l.tuple(h.Start, types, l.ident(body, h.Start)))
	}
	return clauses
}

// leave evaluates the call that runs a body, and jumps where the body says.
func (l *lowerer) leave(fn *function, run stars.Expr, at syntax.Pos) {
	if fn.jumps == (jumps{}) {
		l.exprStmt(run)
		return
	}
	left := l.temp("left")
	l.assign(l.ident(left, at), run, at)
	is := func(helper string) stars.Expr {
		return &stars.BinaryExpr{X: l.ident(left, at), OpPos: l.pos(at), Op: stars.EQL, Y: l.helper(helper, at)}
	}
	when := func(cond stars.Expr, f func()) {
		l.emit(&stars.IfStmt{If: l.pos(at), Cond: cond, True: l.collect(f), ElsePos: l.pos(at)})
	}
	if fn.jumps.breaks {
		when(is("Break"), func() { l.breakStmt(at) })
	}
	if fn.jumps.continues {
		when(is("Continue"), func() { l.continueStmt(at) })
	}
	if fn.jumps.returns {
		when(l.ident(left, at), func() {
			result := stars.Expr(l.ident(left, at))
			if l.fn.body {
				l.fn.jumps.returns = true
			} else {
				result = l.field(result, content, at)
			}
			l.returned(result, at)
		})
	}
}
