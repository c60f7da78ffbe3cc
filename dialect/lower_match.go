package dialect

import (
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// match lowers a match statement: each case is a condition, and the next case
// stands in its else. A case whose pattern is a value is a comparison; any other
// is described by a tuple, which the helper "match" compares with the subject and
// answers with the values to bind (see match.go).
func (l *lowerer) match(s *syntax.Match) {
	at := s.Start
	subject := l.temp("subject")
	l.assign(l.ident(subject, at), l.expr(s.Subject), at)
	l.matchCases(s.Cases, subject, at)
}

func (l *lowerer) matchCases(cases []syntax.Case, subject string, at syntax.Pos) {
	if len(cases) == 0 {
		l.clear(subject, at)
		return
	}
	c := cases[0]
	names := syntax.Captures(c.Pattern)
	var cond stars.Expr
	held := ""
	switch {
	case len(names) == 0:
		cond = l.caseCond(c.Pattern, subject)
	default:
		held = l.temp("matched")
		l.assign(l.ident(held, c.Start), l.matchCall(c.Pattern, names, subject), c.Start)
		cond = l.ident(held, c.Start)
	}
	bind := func() {
		if held == "" {
			return
		}
		lhs := l.tuple(c.Start)
		for _, name := range names {
			lhs.List = append(lhs.List, l.place(name, c.Start))
		}
		l.assign(lhs, l.ident(held, c.Start), c.Start)
		l.clear(held, c.Start)
	}
	if c.Guard != nil {
		if held != "" {
			// The names are bound before the guard is judged.
			args := []stars.Expr{l.ident(held, c.Start)}
			for _, name := range names {
				args = append(args, l.container(name, c.Start))
			}
			cond = l.and(cond, l.spread("bind", c.Start, args), c.Start)
		}
		bind = func() {
			if held != "" {
				l.clear(held, c.Start)
			}
		}
		guard := l.cond(c.Guard)
		if cond == nil {
			cond = guard
		} else {
			cond = l.and(cond, guard, c.Guard.Range().Start)
		}
	}
	body := l.nonempty(l.collect(func() {
		bind()
		l.clear(subject, c.Start)
		l.stmts(c.Body)
	}), c.Start)
	if cond == nil {
		l.out = append(l.out, body...)
		return
	}
	l.emit(&stars.IfStmt{
		If: l.pos(c.Start), Cond: cond, True: body, ElsePos: l.pos(c.Start),
		False: l.collect(func() { l.matchCases(cases[1:], subject, at) }),
	})
}

func (l *lowerer) and(x, y stars.Expr, at syntax.Pos) stars.Expr {
	return &stars.BinaryExpr{X: x, OpPos: l.pos(at), Op: stars.AND, Y: y}
}

// caseCond is whether the subject matches a pattern that binds nothing; nil stands
// for the wildcard.
func (l *lowerer) caseCond(p syntax.Pattern, subject string) stars.Expr {
	at := p.Range().Start
	switch p := p.(type) {
	case *syntax.MatchAs:
		return nil
	case *syntax.MatchValue:
		if isSingleton(p.X) {
			return l.call("is", at, l.ident(subject, at), l.expr(p.X))
		}
		return l.call(compareNames[syntax.Eq]+"?", at, l.ident(subject, at), l.expr(p.X))
	case *syntax.MatchOr:
		var out stars.Expr
		for _, o := range p.Options {
			cond := l.caseCond(o, subject)
			if cond == nil {
				cond = l.boolean(true, at)
			}
			if out == nil {
				out = cond
				continue
			}
			out = &stars.BinaryExpr{X: out, OpPos: l.pos(at), Op: stars.OR, Y: cond}
		}
		return out
	}
	return l.matchCall(p, nil, subject)
}

func isSingleton(x syntax.Expr) bool {
	c, ok := x.(*syntax.Constant)
	return ok && (c.Kind == syntax.NoneConst || c.Kind == syntax.BoolConst)
}

func (l *lowerer) matchCall(p syntax.Pattern, names []string, subject string) stars.Expr {
	at := p.Range().Start
	slots := map[string]int{}
	for i, name := range names {
		slots[name] = i
	}
	return l.call("match", at, l.ident(subject, at), l.int(int64(len(names)), at), l.patternSpec(p, slots))
}

// patternSpec builds the tuple that describes a pattern: its kind and what the
// kind needs. Slots are the places of the names in the answer.
func (l *lowerer) patternSpec(p syntax.Pattern, slots map[string]int) stars.Expr {
	at := p.Range().Start
	spec := func(kind int, parts ...stars.Expr) stars.Expr {
		return l.tuple(at, append([]stars.Expr{l.int(int64(kind), at)}, parts...)...)
	}
	slot := func(name string) stars.Expr {
		if name == "" {
			return l.int(-1, at)
		}
		return l.int(int64(slots[name]), at)
	}
	all := func(ps []syntax.Pattern) stars.Expr {
		out := l.tuple(at)
		for _, q := range ps {
			out.List = append(out.List, l.patternSpec(q, slots))
		}
		return out
	}
	switch p := p.(type) {
	case *syntax.MatchValue:
		if isSingleton(p.X) {
			return spec(matchSame, l.expr(p.X))
		}
		return spec(matchEqual, l.expr(p.X))
	case *syntax.MatchAs:
		if p.Pattern == nil {
			return spec(matchAny, slot(p.Name))
		}
		return spec(matchAny, slot(p.Name), l.patternSpec(p.Pattern, slots))
	case *syntax.MatchSequence:
		star, starSlot := -1, ""
		var elems []syntax.Pattern
		for i, e := range p.Elems {
			if s, ok := e.(*syntax.MatchStar); ok {
				star, starSlot = i, s.Name
				continue
			}
			elems = append(elems, e)
		}
		return spec(matchSequence, l.int(int64(star), at), slot(starSlot), all(elems))
	case *syntax.MatchMapping:
		return spec(matchMapping, l.tuple(at, l.exprs(p.Keys)...), all(p.Values), slot(p.Rest))
	case *syntax.MatchClass:
		names := l.tuple(at)
		for _, n := range p.Names {
			names.List = append(names.List, l.str(l.scope.mangle(n), at))
		}
		return spec(matchClass, l.expr(p.Class), all(p.Args), names, all(p.Values))
	case *syntax.MatchOr:
		return spec(matchOr, all(p.Options))
	}
	l.fail(p.Range(), "unsupported pattern")
	return nil
}
