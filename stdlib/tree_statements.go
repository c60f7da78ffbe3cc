package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// stmt makes the node of a statement.
func (m *treeMaker) stmt(s syntax.Stmt) starlark.Value {
	return m.within(func() starlark.Value {
		switch s := s.(type) {
		case *syntax.FuncDef, *syntax.ClassDef, *syntax.If, *syntax.While, *syntax.For, *syntax.With, *syntax.Try, *syntax.Match:
			return m.compound(s)
		}
		return m.simple(s)
	})
}

// async gives the kind of a statement, which is another in its asynchronous form.
func async(is bool, kind string) string {
	if is {
		return "Async" + kind
	}
	return kind
}

// compound makes the node of a statement that has a body.
func (m *treeMaker) compound(s syntax.Stmt) starlark.Value {
	at := s.Range()
	switch s := s.(type) {
	case *syntax.FuncDef:
		return m.make(async(s.Async, "FunctionDef"), at, starlark.String(s.Name), m.params(s.Params), m.stmts(s.Body), m.exprs(s.Decorators), m.expr(s.Returns), starlark.None)
	case *syntax.ClassDef:
		bases, keywords := m.args(s.Args)
		return m.make("ClassDef", at, starlark.String(s.Name), bases, keywords, m.stmts(s.Body), m.exprs(s.Decorators))
	case *syntax.If:
		return m.make("If", at, m.expr(s.Cond), m.stmts(s.Then), m.stmts(s.Else))
	case *syntax.While:
		return m.make("While", at, m.expr(s.Cond), m.stmts(s.Body), m.stmts(s.Else))
	case *syntax.For:
		return m.make(async(s.Async, "For"), at, m.use(s.Target, "Store"), m.expr(s.Iter), m.stmts(s.Body), m.stmts(s.Else), starlark.None)
	case *syntax.With:
		items := m.list(len(s.Items), func(i int) starlark.Value {
			return m.make("withitem", syntax.Span{}, m.expr(s.Items[i].X), m.use(s.Items[i].Target, "Store"))
		})
		return m.make(async(s.Async, "With"), at, items, m.stmts(s.Body), starlark.None)
	case *syntax.Try:
		kind := "Try"
		if s.Groups {
			kind = "TryStar"
		}
		body := m.stmts(s.Body)
		handlers := m.list(len(s.Handlers), func(i int) starlark.Value {
			h := &s.Handlers[i]
			return m.make("ExceptHandler", h.Span, m.expr(h.Type), nameOrNone(h.Name), m.stmts(h.Body))
		})
		return m.make(kind, at, body, handlers, m.stmts(s.Else), m.stmts(s.Finally))
	case *syntax.Match:
		subject := m.expr(s.Subject)
		cases := m.list(len(s.Cases), func(i int) starlark.Value {
			c := &s.Cases[i]
			return m.make("match_case", syntax.Span{}, m.pattern(c.Pattern), m.expr(c.Guard), m.stmts(c.Body))
		})
		return m.make("Match", at, subject, cases)
	}
	return starlark.None
}

// simple makes the node of a statement of one line.
func (m *treeMaker) simple(s syntax.Stmt) starlark.Value {
	at := s.Range()
	switch s := s.(type) {
	case *syntax.ExprStmt:
		return m.make("Expr", at, m.expr(s.X))
	case *syntax.Assign:
		return m.make("Assign", at, m.uses(s.Targets, "Store"), m.expr(s.Value), starlark.None)
	case *syntax.AugAssign:
		return m.make("AugAssign", at, m.use(s.Target, "Store"), m.kind(binaryNodes[s.Op]), m.expr(s.Value))
	case *syntax.AnnAssign:
		_, name := s.Target.(*syntax.Name)
		return m.make("AnnAssign", at, m.use(s.Target, "Store"), m.expr(s.Annotation), m.expr(s.Value), flag(name && s.Target.Range().Start == s.Start))
	case *syntax.Delete:
		return m.make("Delete", at, m.uses(s.Targets, "Del"))
	case *syntax.Return:
		return m.make("Return", at, m.expr(s.Value))
	case *syntax.Pass:
		return m.make("Pass", at)
	case *syntax.Break:
		return m.make("Break", at)
	case *syntax.Continue:
		return m.make("Continue", at)
	case *syntax.Assert:
		return m.make("Assert", at, m.expr(s.Cond), m.expr(s.Msg))
	case *syntax.Raise:
		return m.make("Raise", at, m.expr(s.X), m.expr(s.Cause))
	case *syntax.Import:
		return m.make("Import", at, m.aliases(s.Names))
	case *syntax.ImportFrom:
		names := s.Names
		if names == nil {
			star := syntax.Span{Start: syntax.Pos{Line: s.Stop.Line, Col: s.Stop.Col - 1}, Stop: s.Stop}
			names = []syntax.Alias{{Span: star, Name: "*"}}
		}
		return m.make("ImportFrom", at, nameOrNone(s.Module), m.aliases(names), starlark.MakeInt(s.Level))
	case *syntax.Load:
		return m.load(s)
	case *syntax.Global:
		return m.make("Global", at, names(s.Names))
	case *syntax.Nonlocal:
		return m.make("Nonlocal", at, names(s.Names))
	}
	m.err = object.Errorf(object.NotImplementedError, "ast.parse: there is no node for %T", s)
	return starlark.None
}

func names(of []string) starlark.Value {
	elems := make([]starlark.Value, len(of))
	for i, n := range of {
		elems[i] = starlark.String(n)
	}
	return starlark.NewList(elems)
}

func (m *treeMaker) aliases(names []syntax.Alias) starlark.Value {
	return m.list(len(names), func(i int) starlark.Value {
		return m.make("alias", names[i].Span, starlark.String(names[i].Name), nameOrNone(names[i].As))
	})
}

// load makes Starlark's load statement what it is in Python: a call.
func (m *treeMaker) load(s *syntax.Load) starlark.Value {
	text := func(at syntax.Span, value string) starlark.Value {
		return m.make("Constant", at, starlark.String(value), starlark.None)
	}
	name := syntax.Span{Start: s.Start, Stop: syntax.Pos{Line: s.Start.Line, Col: s.Start.Col + int32(len("load"))}}
	fn := m.make("Name", name, starlark.String("load"), m.kind("Load"))
	args, keywords := []starlark.Value{text(s.Span, s.Module)}, []starlark.Value(nil)
	for _, a := range s.Names {
		if a.As == "" {
			args = append(args, text(a.Span, a.Name))
		} else {
			keywords = append(keywords, m.make("keyword", a.Span, starlark.String(a.As), text(a.Span, a.Name)))
		}
	}
	return m.make("Expr", s.Span, m.make("Call", s.Span, fn, starlark.NewList(args), starlark.NewList(keywords)))
}

// pattern makes the node of a pattern; of none, None.
func (m *treeMaker) pattern(p syntax.Pattern) starlark.Value {
	if p == nil {
		return starlark.None
	}
	return m.within(func() starlark.Value {
		at := p.Range()
		switch p := p.(type) {
		case *syntax.MatchValue:
			if c, ok := p.X.(*syntax.Constant); ok && (c.Kind == syntax.NoneConst || c.Kind == syntax.BoolConst) {
				return m.make("MatchSingleton", at, constantValue(c))
			}
			return m.make("MatchValue", at, m.expr(p.X))
		case *syntax.MatchAs:
			return m.make("MatchAs", at, m.pattern(p.Pattern), nameOrNone(p.Name))
		case *syntax.MatchSequence:
			return m.make("MatchSequence", at, m.patterns(p.Elems))
		case *syntax.MatchStar:
			return m.make("MatchStar", at, nameOrNone(p.Name))
		case *syntax.MatchMapping:
			return m.make("MatchMapping", at, m.exprs(p.Keys), m.patterns(p.Values), nameOrNone(p.Rest))
		case *syntax.MatchClass:
			return m.make("MatchClass", at, m.expr(p.Class), m.patterns(p.Args), names(p.Names), m.patterns(p.Values))
		case *syntax.MatchOr:
			return m.make("MatchOr", at, m.patterns(p.Options))
		}
		m.err = object.Errorf(object.NotImplementedError, "ast.parse: there is no node for %T", p)
		return starlark.None
	})
}

func (m *treeMaker) patterns(ps []syntax.Pattern) starlark.Value {
	return m.list(len(ps), func(i int) starlark.Value { return m.pattern(ps[i]) })
}
