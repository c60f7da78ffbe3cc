package dialect

import (
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// A generator need not run as a coroutine if it yields where nothing but a jump is left to
// do in its body, or in a turn of its last loop: then a function that returns what is yielded
// makes a step of it, and the next call of that the next step. Its variables live in the
// frame of the generator's maker.

// stepping is how a generator's body divides into steps.
type stepping struct {
	before []syntax.Stmt // what comes before the loop; nothing without one
	loop   syntax.Stmt   // a *syntax.For, a *syntax.While, or nil
	step   []syntax.Stmt // up to a yield
	after  []syntax.Stmt // what follows the yield when the generator goes on

	// targets are the variables that the loop binds and a step alone sees.
	targets []*symbol
}

// steps divides a generator's body, or gives nil where it does not divide.
func steps(body []syntax.Stmt) *stepping {
	if reflects(body) {
		return nil
	}
	first := -1
	for i, s := range body {
		if hasYield(s) {
			first = i
			break
		}
	}
	if first < 0 {
		return nil
	}
	s := &stepping{}
	inner := body
	switch loop := body[first].(type) {
	case *syntax.For:
		if loop.Async || len(loop.Else) > 0 || first < len(body)-1 || hasYieldExpr(loop.Iter) {
			return nil
		}
		s.before, s.loop, inner = body[:first], loop, loop.Body
	case *syntax.While:
		if len(loop.Else) > 0 || first < len(body)-1 || hasYieldExpr(loop.Cond) {
			return nil
		}
		s.before, s.loop, inner = body[:first], loop, loop.Body
	}
	for i, t := range inner {
		if !hasYield(t) {
			continue
		}
		s.step, s.after = inner[:i+1], inner[i+1:]
		if !yieldsLast(t) || len(s.after) > 0 && (!isYield(t) || hasYieldIn(s.after)) {
			return nil
		}
		return s
	}
	return nil
}

// reflects reports whether a function's body looks at its frame.
func reflects(body []syntax.Stmt) (found bool) {
	syntax.Walk(&syntax.File{Body: body}, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.Name); ok && (reflective[n.ID] || n.ID == "super" || n.ID == "__class__") {
			found = true
		}
		return !found
	})
	return found
}

// isYield reports whether a statement yields and does nothing with what is sent.
func isYield(s syntax.Stmt) bool {
	e, ok := s.(*syntax.ExprStmt)
	if !ok {
		return false
	}
	y, ok := e.X.(*syntax.Yield)
	return ok && (y.X == nil || !hasYieldExpr(y.X))
}

// yieldsLast reports whether a statement yields as the last thing that it does.
func yieldsLast(s syntax.Stmt) bool {
	branch, ok := s.(*syntax.If)
	if !ok {
		return isYield(s)
	}
	if hasYieldExpr(branch.Cond) {
		return false
	}
	for _, body := range [][]syntax.Stmt{branch.Then, branch.Else} {
		for i, t := range body {
			if hasYield(t) && (i < len(body)-1 || !yieldsLast(t)) {
				return false
			}
		}
	}
	return true
}

func hasYieldIn(body []syntax.Stmt) bool {
	for _, s := range body {
		if hasYield(s) {
			return true
		}
	}
	return false
}

func hasYieldExpr(x syntax.Expr) bool {
	return hasYield(&syntax.ExprStmt{Span: x.Range(), X: x})
}

// hasYield reports whether a statement yields, functions in it left out.
func hasYield(s syntax.Stmt) (found bool) {
	syntax.Walk(&syntax.File{Body: []syntax.Stmt{s}}, func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.Yield:
			found = true
		case *syntax.FuncDef, *syntax.Lambda, *syntax.ClassDef:
			return false
		}
		return !found
	})
	return found
}

// aim notes the variables that the loop binds and that only a step mentions.
func (s *stepping) aim(of *scope) {
	loop, ok := s.loop.(*syntax.For)
	if !ok {
		return
	}
	elsewhere := map[string]bool{}
	around := append(append([]syntax.Stmt{&syntax.ExprStmt{Span: loop.Iter.Range(), X: loop.Iter}}, s.before...), s.after...)
	syntax.Walk(&syntax.File{Body: around}, func(n syntax.Node) bool {
		if n, ok := n.(*syntax.Name); ok {
			elsewhere[n.ID] = true
		}
		return true
	})
	names, plain := plainNames(loop.Target)
	for _, n := range names {
		if sym := of.symbols[of.mangle(n.ID)]; plain && sym != nil && !elsewhere[n.ID] {
			s.targets = append(s.targets, sym)
		}
	}
}

// plainNames are the names of a target that is a name, or several that differ.
func plainNames(target syntax.Expr) (names []*syntax.Name, plain bool) {
	if n, ok := target.(*syntax.Name); ok {
		return []*syntax.Name{n}, true
	}
	switch target.(type) {
	case *syntax.TupleExpr, *syntax.ListExpr:
	default:
		return nil, false
	}
	seen := map[string]bool{}
	for _, e := range targetElems(target) {
		n, ok := e.(*syntax.Name)
		if !ok || seen[n.ID] {
			return nil, false
		}
		seen[n.ID] = true
		names = append(names, n)
	}
	return names, len(names) > 0
}

// settle has the variables that a step alone sees live in its frame.
func (s *stepping) settle() {
	for _, sym := range s.targets {
		if sym.binds == 1 && !sym.captured && !sym.walrus && !sym.rebinds && !sym.param && !sym.global && !sym.nonlocal {
			sym.boxed = false
		}
	}
}

// stepped makes the body of a generator function that runs step by step.
func (l *lowerer) stepped(s *scope, name string, at syntax.Pos) {
	plan := s.steps
	l.boxes(s, at)
	var step stars.Expr
	start, flat := l.none(at), false
	switch loop := plan.loop.(type) {
	case *syntax.For:
		vars, spec, after := l.targets(loop.Target)
		params, direct := l.stepParams(loop.Target, vars)
		flat = direct && len(params) > 0 && !l.isNoneHelper(spec)
		step = l.stepFunc(name, params, at, func() {
			if !direct {
				l.assign(vars, params[0], at)
			}
			for _, f := range after {
				f()
			}
			l.stmts(plan.step)
		})
		start = l.stepFunc(name, nil, at, func() {
			l.stmts(plan.before)
			x := l.iter(l.expr(loop.Iter), spec, false, loop.Iter.Range().Start)
			l.countOnly(x, loop.Target, l.scope)
			l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: x})
		})
	case *syntax.While:
		if len(plan.before) > 0 {
			start = l.stepFunc(name, nil, at, func() { l.stmts(plan.before) })
		}
		step = l.stepFunc(name, nil, at, func() {
			cond := &stars.UnaryExpr{OpPos: l.pos(loop.Start), Op: stars.NOT, X: l.cond(loop.Cond)}
			end := l.collect(func() {
				l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: l.helper("Break", at)})
			})
			l.emit(&stars.IfStmt{If: l.pos(loop.Start), Cond: cond, True: end, ElsePos: l.pos(loop.Start)})
			l.stmts(plan.step)
		})
	default:
		step = l.stepFunc(name, nil, at, func() { l.stmts(plan.step) })
	}
	after := l.none(at)
	if len(plan.after) > 0 {
		after = l.stepFunc(name, nil, at, func() { l.stmts(plan.after) })
	}
	result := l.call("steps", at, step, start, after, l.boolean(plan.loop != nil, at), l.boolean(flat, at))
	l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: result})
}

// stepParams are the parameters of a step: the variables that the loop binds, or, where they
// live elsewhere, one for the element, which is then assigned to vars.
func (l *lowerer) stepParams(target syntax.Expr, vars stars.Expr) (params []stars.Expr, direct bool) {
	names, plain := plainNames(target)
	for _, n := range names {
		sym := l.scope.symbols[l.scope.mangle(n.ID)]
		plain = plain && sym != nil && sym.bound && !sym.boxed
	}
	if !plain {
		return []stars.Expr{l.ident(l.temp("element"), target.Range().Start)}, false
	}
	if t, ok := vars.(*stars.TupleExpr); ok {
		return t.List, true
	}
	return []stars.Expr{vars}, true
}

// stepFunc makes a function of a generator's: what it returns but a jump is yielded.
func (l *lowerer) stepFunc(name string, params []stars.Expr, at syntax.Pos, f func()) stars.Expr {
	fn := &function{outer: l.fn, body: true, step: true, name: name}
	suffix := generatorSuffix + l.temp("step")
	def := &stars.DefStmt{Def: l.pos(at), Name: l.ident(name, at), Lparen: l.pos(at), Params: params, Rparen: l.pos(at)}
	def.Body = l.within(l.scope, fn, func() {
		f()
		l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: l.helper("Continue", at)})
	}, at)
	def.Name.Name = name + signature.Stores(fn.stores) + suffix
	l.emit(def)
	return l.ident(def.Name.Name, at)
}

// stepYield returns what is yielded from a step.
func (l *lowerer) stepYield(y *syntax.Yield) {
	value := l.none(y.Start)
	if y.X != nil {
		value = l.expr(y.X)
	}
	if y.From {
		value = l.call("delegate", y.Start, value)
	}
	l.emit(&stars.ReturnStmt{Return: l.pos(y.Start), Result: value})
}

// steppedComprehension lowers a generator expression of one loop to a function of an element,
// or gives nil for others: those whose variables functions in them see.
func (l *lowerer) steppedComprehension(x *syntax.Comprehension) stars.Expr {
	c := x.Clauses[0]
	s := l.scope.children[x]
	if x.Kind != syntax.GeneratorComp || len(x.Clauses) > 1 || c.Async || s.async {
		return nil
	}
	for _, sym := range s.order {
		if sym.bound && (sym.boxed || sym.captured) {
			return nil
		}
	}
	if _, plain := plainNames(c.Target); !plain {
		return nil
	}
	at := x.Start
	first := l.expr(c.Iter)
	outer := l.scope
	l.scope = s
	vars, spec := l.pattern(c.Target)
	source := l.iter(first, spec, false, c.Iter.Range().Start)
	l.countOnly(source, c.Target, s)
	params, direct := l.stepParams(c.Target, vars)
	body := l.expr(x.Elem)
	for i := len(c.Ifs) - 1; i >= 0; i-- {
		cond := c.Ifs[i]
		body = &stars.CondExpr{If: l.pos(cond.Range().Start), Cond: l.cond(cond), True: body, ElsePos: l.pos(at), False: l.helper("Continue", at)}
	}
	l.scope = outer
	if !direct {
		return nil
	}
	fn := &stars.LambdaExpr{Lambda: l.pos(at), Params: params, Body: body}
	return l.call("stepexpr", at, fn, source, l.boolean(!l.isNoneHelper(spec), at))
}
