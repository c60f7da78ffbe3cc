package dialect

import (
	"github.com/mlxstar/mlxstar/dialect/syntax"
	stars "go.starlark.net/syntax"
)

// with lowers a with statement: each item's body is the rest of the items and
// the statements.
func (l *lowerer) with(items []syntax.WithItem, s *syntax.With, at syntax.Pos) {
	if len(items) == 0 {
		l.stmts(s.Body)
		return
	}
	item := items[0]
	itemAt := item.X.Range().Start
	manager := l.temp("manager")
	fn := l.newBody()
	entered := l.temp("entered")
	name := ""
	l.hoist(func() {
		name = l.bodyFunc(fn, []stars.Expr{l.ident(entered, itemAt)}, func() {
			if item.Target != nil {
				l.store(item.Target, l.ident(entered, itemAt), itemAt)
			}
			l.clear(entered, itemAt)
			l.with(items[1:], s, at)
		}, at)
	})
	l.assign(l.ident(manager, itemAt), l.expr(item.X), itemAt)
	helper := "with"
	if s.Async {
		helper = "asyncwith"
	}
	run := l.call(helper, itemAt, l.ident(manager, itemAt), l.ident(name, at))
	l.leave(fn, run, at)
	l.clear(manager, at)
}
