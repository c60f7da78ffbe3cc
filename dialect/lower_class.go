package dialect

import (
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// classDef lowers a class: its body becomes a function that fills the
// namespace it is given, and returns the box of __class__ if methods use it.
func (l *lowerer) classDef(s *syntax.ClassDef) {
	at := s.Start
	decorators := l.decorators(s.Decorators)
	qualname := l.qualname(s.Name)
	bodyName := l.classBody(s, qualname)
	var bases []syntax.Expr
	var pieces, run []stars.Expr
	flush := func() {
		if len(run) > 0 {
			pieces = append(pieces, l.tuple(at, run...))
			run = nil
		}
	}
	for _, a := range s.Args {
		switch a.Kind {
		case syntax.Positional:
			bases = append(bases, a.X)
		case syntax.Star:
			bases = append(bases, &syntax.Starred{Span: a.Span, X: a.X})
		case syntax.Keyword:
			run = append(run, l.str(a.Name, a.Start), l.expr(a.X))
		case syntax.DoubleStar:
			flush()
			pieces = append(pieces, l.call("mapping", a.Start, l.expr(a.X)))
		}
	}
	flush()
	parents := l.expr(&syntax.TupleExpr{Span: s.Span, Elems: bases})
	class := l.call("class", at,
		l.str(s.Name, at), l.str(qualname, at), l.field(l.cell("__name__", at), content, at),
		l.ident(bodyName, at), parents, l.spread("kwargs", at, pieces))
	made := l.temp("class")
	l.assign(l.ident(made, at), class, at)
	l.clear(bodyName, at)
	l.bindDefinition(s.Name, made, decorators, at)
}

func (l *lowerer) classBody(s *syntax.ClassDef, qualname string) string {
	at := s.Start
	name := qualname + classSuffix
	scope := l.scope.children[s]
	def := &stars.DefStmt{Def: l.pos(at), Name: l.ident(name, at), Lparen: l.pos(at), Params: []stars.Expr{l.ident("@ns", at)}, Rparen: l.pos(at)}
	def.Body = l.within(scope, &function{name: name}, func() {
		body := s.Body
		if doc, ok := docstring(body[0]); ok {
			l.assign(l.field(l.ident("@ns", at), "__doc__", at), l.str(doc, at), at)
			body = body[1:]
		}
		if scope.classCell {
			l.assign(l.ident("@own.class", at), l.box(&symbol{name: "__class__"}, at), at)
		}
		l.stmts(body)
		if scope.classCell {
			l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: l.ident("@own.class", at)})
		}
	}, at)
	l.emit(def)
	return name
}
