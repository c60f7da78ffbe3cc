package dialect

import (
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// The suffixes of the names of functions that the lowering makes. Tracebacks
// cut them, and leave out the caller of a body.
const (
	bodySuffix      = "@body"
	generatorSuffix = "@generator"
	classSuffix     = "@class"
)

// funcDef lowers a def: the function under its qualified name, decorated and
// assigned.
func (l *lowerer) funcDef(s *syntax.FuncDef) {
	decorators := l.decorators(s.Decorators)
	qualname := l.qualname(s.Name)
	def := l.def(s, s.Params, qualname, s.Body)
	l.emit(def)
	l.annotateDef(s, def.Name.Name)
	l.bindDefinition(s.Name, def.Name.Name, decorators, s.Start)
}

// decorators evaluates decorators, which comes before the definition they
// decorate, and gives the variables that hold them.
func (l *lowerer) decorators(xs []syntax.Expr) []string {
	var names []string
	for _, d := range xs {
		name := l.temp("decorator")
		l.assign(l.ident(name, d.Range().Start), l.expr(d), d.Range().Start)
		names = append(names, name)
	}
	return names
}

// bindDefinition applies decorators, the last first, to the definition that
// variable made holds, assigns the result to name, and clears the variables.
func (l *lowerer) bindDefinition(name, made string, decorators []string, at syntax.Pos) {
	value := stars.Expr(l.ident(made, at))
	for i := len(decorators) - 1; i >= 0; i-- {
		value = &stars.CallExpr{Fn: l.ident(decorators[i], at), Lparen: l.pos(at), Args: []stars.Expr{value}, Rparen: l.pos(at)}
	}
	l.assign(l.place(name, at), value, at)
	l.clear(made, at)
	for _, d := range decorators {
		l.clear(d, at)
	}
}

// qualname is the qualified name of a definition in the current scope.
func (l *lowerer) qualname(name string) string {
	prefix := ""
	for s := l.scope; s != nil && s.kind != moduleScope; s = s.parent {
		switch s.kind {
		case functionScope:
			prefix = s.className + ".<locals>." + prefix
		case classScope:
			prefix = s.className + "." + prefix
		}
	}
	return prefix + name
}

// def builds a function.
func (l *lowerer) def(node syntax.Node, params *syntax.Params, name string, body []syntax.Stmt) *stars.DefStmt {
	at := node.Range().Start
	lowered := l.params(params, node)
	scope := l.scope.children[node]
	def := &stars.DefStmt{Def: l.pos(at), Name: l.ident(name, at), Lparen: l.pos(at), Params: lowered, Rparen: l.pos(at)}
	scope.className = name[lastDot(name)+1:]
	scope.once = onceNamed(body)
	fn := &function{name: name}
	def.Body = l.within(scope, fn, func() {
		if len(body) > 0 {
			if doc, ok := docstring(body[0]); ok {
				l.exprStmt(l.str(doc, at))
				body = body[1:]
			}
		}
		if scope.steps != nil {
			l.stepped(scope, name, at)
			return
		}
		if scope.generator {
			l.generator(scope, params, name, body, at)
			return
		}
		if scope.calls {
			l.exprStmt(l.call("enter", at))
		}
		l.body(scope, params, body, at)
	}, at)
	def.Name.Name = name + scope.yielding().Note() + signature.Stores(fn.stores) + note(params)
	return def
}

func isReturn(s syntax.Stmt) bool {
	_, ok := s.(*syntax.Return)
	return ok
}

// note is what a function's name carries of its parameters, for the errors of
// calls that do not fit.
func note(params *syntax.Params) string {
	var p signature.Fit
	for _, q := range params.PosOnly {
		p.PosOnly = append(p.PosOnly, q.Name)
	}
	for _, q := range params.KwOnly {
		p.KwOnly = append(p.KwOnly, q.Name)
	}
	positional := append(append([]*syntax.Param{}, params.PosOnly...), params.Regular...)
	for _, q := range positional {
		if q.Default == nil {
			p.Required++
		}
	}
	return p.Note(len(positional))
}

func lastDot(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

func docstring(s syntax.Stmt) (string, bool) {
	e, ok := s.(*syntax.ExprStmt)
	if !ok {
		return "", false
	}
	c, ok := e.X.(*syntax.Constant)
	if !ok || c.Kind != syntax.StringConst {
		return "", false
	}
	return c.Value.(string), true
}

// within builds the body of a Starlark function.
func (l *lowerer) within(s *scope, fn *function, f func(), at syntax.Pos) []stars.Stmt {
	scope, outer := l.scope, l.fn
	l.scope, l.fn = s, fn
	body := l.nonempty(l.collect(f), at)
	l.scope, l.fn = scope, outer
	return body
}

// boxes gives the boxed variables of a function their boxes.
func (l *lowerer) boxes(s *scope, at syntax.Pos) {
	for _, sym := range s.order {
		if !sym.boxed || !sym.bound {
			continue
		}
		l.assign(l.ident(sym.native, at), l.box(sym, at), at)
	}
}

// box makes a variable's box. That of a parameter holds the argument.
func (l *lowerer) box(sym *symbol, at syntax.Pos) stars.Expr {
	x := stars.Expr(&stars.IndexExpr{X: l.helper("box", at), Lbrack: l.pos(at), Y: l.str(sym.name, at), Rbrack: l.pos(at)})
	if sym.param {
		x = l.call("filled", at, x, l.ident(sym.native, at))
	}
	return x
}

// generator makes the body of a function that yields a function of its own,
// with the same parameters, which runs as a coroutine.
func (l *lowerer) generator(s *scope, params *syntax.Params, name string, body []syntax.Stmt, at syntax.Pos) {
	inner := name
	def := &stars.DefStmt{Def: l.pos(at), Name: l.ident(inner, at), Lparen: l.pos(at), Rparen: l.pos(at)}
	args := []stars.Expr{l.ident(inner, at)}
	for _, p := range params.All() {
		sym := s.symbols[s.mangle(p.Name)]
		def.Params = append(def.Params, l.ident(sym.native, at))
		args = append(args, l.ident(sym.native, at))
	}
	fn := &function{name: name}
	def.Body = l.within(s, fn, func() {
		l.exprStmt(l.call("enter", at))
		l.boxes(s, at)
		l.stmts(body)
	}, at)
	inner = name + signature.Stores(fn.stores) + generatorSuffix
	def.Name.Name = inner
	args[0] = l.ident(inner, at)
	l.emit(def)
	l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: l.spread(makers[s.yielding()], at, args)})
}

// makers are the helpers that make what a call of a function gives whose body is a coroutine.
var makers = map[signature.Yielding]string{
	signature.Yields: "generator", signature.Awaits: "coroutine", signature.YieldsAndAwaits: "asyncgenerator",
}

// yielding is what a call of the scope's function gives.
func (s *scope) yielding() signature.Yielding {
	switch {
	case s.async && s.yields:
		return signature.YieldsAndAwaits
	case s.async:
		return signature.Awaits
	case s.generator:
		return signature.Yields
	}
	return signature.Returns
}

func (l *lowerer) yield(x *syntax.Yield) stars.Expr {
	if x.From {
		return l.call("yieldfrom", x.Start, l.expr(x.X))
	}
	helper, value := "yield", l.none(x.Start)
	if l.scope.async {
		helper = "asyncyield"
	}
	if x.X != nil {
		value = l.expr(x.X)
	}
	return l.call(helper, x.Start, value)
}

// params lowers the parameters of the function that node is. Positional-only
// parameters have a name that no keyword can spell.
func (l *lowerer) params(params *syntax.Params, node syntax.Node) []stars.Expr {
	s := l.scope.children[node]
	native := func(p *syntax.Param) *stars.Ident {
		return l.ident(s.symbols[s.mangle(p.Name)].native, p.Start)
	}
	var out []stars.Expr
	plain := func(ps []*syntax.Param) {
		for _, p := range ps {
			if p.Default == nil {
				out = append(out, native(p))
				continue
			}
			out = append(out, &stars.BinaryExpr{X: native(p), OpPos: l.pos(p.Start), Op: stars.EQ, Y: l.expr(p.Default)})
		}
	}
	plain(params.PosOnly)
	plain(params.Regular)
	if p := params.VarArgs; p != nil {
		out = append(out, &stars.UnaryExpr{OpPos: l.pos(p.Start), Op: stars.STAR, X: native(p)})
	} else if len(params.KwOnly) > 0 {
		out = append(out, &stars.UnaryExpr{OpPos: l.pos(node.Range().Start), Op: stars.STAR})
	}
	plain(params.KwOnly)
	if p := params.VarKwargs; p != nil {
		out = append(out, &stars.UnaryExpr{OpPos: l.pos(p.Start), Op: stars.STARSTAR, X: native(p)})
	}
	return out
}

// lambda lowers to a Starlark lambda; assignment expressions in it, which
// need boxes, wrap its body.
func (l *lowerer) lambda(x *syntax.Lambda) stars.Expr {
	params := l.params(x.Params, x)
	s := l.scope.children[x]
	s.className = "<lambda>"
	if s.generator {
		l.fail(x.Span, "'yield' in a lambda is not supported: write a def")
	}
	s.once = onceNamed([]syntax.Stmt{&syntax.ExprStmt{Span: x.Span, X: x.Body}})
	outer := l.scope
	l.scope = s
	body := l.lambdaBody(s, func() stars.Expr { return l.given(x.Body) }, x.Start)
	l.scope = outer
	return &stars.LambdaExpr{Lambda: l.pos(x.Start), Params: params, Body: body}
}

// lambdaBody gives the boxed variables of an expression's scope their boxes,
// around the expression.
func (l *lowerer) lambdaBody(s *scope, body func() stars.Expr, at syntax.Pos) stars.Expr {
	var names []string
	var boxes []stars.Expr
	for _, sym := range s.order {
		if sym.boxed && sym.bound {
			names = append(names, sym.native)
			boxes = append(boxes, l.box(sym, at))
		}
	}
	x := body()
	if len(names) == 0 {
		return x
	}
	return l.let(names, boxes, x, at)
}

// comprehension lowers to a lambda around a Starlark comprehension, called at
// once: its variables die with the lambda's frame. Elem lowers the elements of a list.
func (l *lowerer) comprehension(x *syntax.Comprehension, elem func(syntax.Expr) stars.Expr) stars.Expr {
	if g := l.steppedComprehension(x); g != nil {
		return g
	}
	at := x.Start
	source := l.temp("iter")
	first := l.expr(x.Clauses[0].Iter)
	outer := l.scope
	l.scope = outer.children[x]
	comp := &stars.Comprehension{Lbrack: l.pos(at), Rbrack: l.pos(at)}
	for i, c := range x.Clauses {
		iter := stars.Expr(l.ident(source, at))
		if i > 0 {
			iter = l.expr(c.Iter)
		}
		vars, spec := l.pattern(c.Target)
		elements := l.iter(iter, spec, c.Async, c.Iter.Range().Start)
		if !c.Async {
			l.countOnly(elements, c.Target, l.scope)
		}
		comp.Clauses = append(comp.Clauses, &stars.ForClause{For: l.pos(c.Start), Vars: vars, In: l.pos(c.Start), X: elements})
		for _, cond := range c.Ifs {
			comp.Clauses = append(comp.Clauses, &stars.IfClause{If: l.pos(cond.Range().Start), Cond: l.cond(cond)})
		}
	}
	table := l.temp("table")
	l.element(x, comp, table, elem)
	l.scope = outer
	fn := &stars.LambdaExpr{Lambda: l.pos(at), Params: []stars.Expr{l.ident(source, at)}}
	args := []stars.Expr{first}
	switch x.Kind {
	case syntax.GeneratorComp:
		fn.Body = l.call("finish", at, comp)
		switch {
		case x.Clauses[0].Async:
			return l.call("asyncgenexpr", at, fn, l.call("getaiter", at, first))
		case outer.children[x].async:
			return l.call("asyncgenexpr", at, fn, l.call("getiter", at, first))
		}
		return l.call("genexpr", at, fn, first)
	case syntax.ListComp:
		fn.Body = l.call("finish", at, comp)
	default:
		fn.Body = l.call("finishtable", at, comp, l.ident(table, at))
		fn.Params = append(fn.Params, l.ident(table, at))
		args = append(args, l.call(newTables[x.Kind], at))
	}
	return &stars.CallExpr{Fn: fn, Lparen: l.pos(at), Args: args, Rparen: l.pos(at)}
}

// newTables are the helpers that make what comprehensions of sets and dicts fill.
var newTables = map[syntax.CompKind]string{syntax.SetComp: "newset", syntax.DictComp: "dict"}

// element sets what a comprehension gathers. That of a list alone is a list: a last
// clause, which never holds, yields the values of a generator expression and puts those
// of a set or dict into the table.
func (l *lowerer) element(x *syntax.Comprehension, comp *stars.Comprehension, table string, elem func(syntax.Expr) stars.Expr) {
	at := x.Elem.Range().Start
	var put stars.Expr
	switch x.Kind {
	case syntax.ListComp:
		comp.Body = elem(x.Elem)
		return
	case syntax.GeneratorComp:
		helper := "emit"
		if l.scope.async {
			helper = "asyncemit"
		}
		put = l.call(helper, at, l.expr(x.Elem))
	case syntax.SetComp:
		put = l.call("setput", at, l.ident(table, at), l.expr(x.Elem))
	case syntax.DictComp:
		put = l.call("dictput", at, l.ident(table, at), l.expr(x.Elem), l.expr(x.Value))
	}
	comp.Clauses = append(comp.Clauses, &stars.IfClause{If: l.pos(at), Cond: put})
	comp.Body = l.none(at)
}

// callExpr lowers a call.
func (l *lowerer) callExpr(x *syntax.Call) stars.Expr {
	if c := l.implicit(x); c != nil {
		return c
	}
	if l.mayPass(x) {
		if c := l.passingCall(x, ""); c != nil {
			return c
		}
	}
	if c := l.methodCall(x); c != nil {
		return c
	}
	call := &stars.CallExpr{Fn: l.expr(x.Fn), Lparen: l.pos(x.Lparen), Rparen: l.pos(x.Stop)}
	plain, named, spread := 0, 0, false
	for _, a := range x.Args {
		switch a.Kind {
		case syntax.Positional:
			plain++
		case syntax.Keyword:
			named++
		default:
			spread = true
		}
	}
	if spread || plain > maxArgs || named > maxArgs {
		call.Args = l.spreadArgs(x)
		return call
	}
	for _, a := range x.Args {
		if a.Kind == syntax.Keyword {
			call.Args = append(call.Args, l.keyword(a))
			continue
		}
		call.Args = append(call.Args, l.expr(a.X))
	}
	return call
}

func (l *lowerer) keyword(a syntax.Arg) stars.Expr {
	return &stars.BinaryExpr{X: l.ident(a.Name, a.Start), OpPos: l.pos(a.Start), Op: stars.EQ, Y: l.expr(a.X)}
}

// spreadArgs lowers arguments with stars, or too many for Starlark: leading
// positional ones as they are, the rest as one tuple and one dict.
func (l *lowerer) spreadArgs(x *syntax.Call) []stars.Expr {
	at := x.Lparen
	var out []stars.Expr
	var positional []syntax.Expr
	var pieces, run []stars.Expr
	lead := true
	flush := func() {
		if len(run) > 0 {
			pieces = append(pieces, l.tuple(at, run...))
			run = nil
		}
	}
	for _, a := range x.Args {
		switch a.Kind {
		case syntax.Positional:
			if lead && len(out) < maxArgs/2 {
				out = append(out, l.expr(a.X))
				continue
			}
			lead = false
			positional = append(positional, a.X)
		case syntax.Star:
			lead = false
			positional = append(positional, &syntax.Starred{Span: a.Span, X: a.X})
		}
	}
	if len(positional) > 0 {
		var args stars.Expr
		if s, ok := positional[0].(*syntax.Starred); ok && len(positional) == 1 {
			args = l.call("args", s.Start, l.expr(s.X))
		} else {
			args = l.call("totuple", at, l.starred(positional, at))
		}
		out = append(out, &stars.UnaryExpr{OpPos: l.pos(at), Op: stars.STAR, X: args})
	}
	for _, a := range x.Args {
		switch a.Kind {
		case syntax.Keyword:
			run = append(run, l.str(a.Name, a.Start), l.expr(a.X))
		case syntax.DoubleStar:
			flush()
			pieces = append(pieces, l.call("mapping", a.Start, l.expr(a.X)))
		}
	}
	flush()
	if len(pieces) > 0 {
		out = append(out, &stars.UnaryExpr{OpPos: l.pos(at), Op: stars.STARSTAR, X: l.spread("kwargs", at, pieces)})
	}
	return out
}

// implicit lowers the calls that look around themselves: super() in a method,
// globals(), locals(), eval(source).
func (l *lowerer) implicit(x *syntax.Call) stars.Expr {
	fn, ok := x.Fn.(*syntax.Name)
	if !ok {
		return nil
	}
	switch fn.ID {
	case "eval", "exec", "super", "globals", "locals", "vars", "dir":
	default:
		return nil
	}
	if owner, _ := l.scope.lookup(fn.ID); owner != nil || l.rebound(fn.ID) {
		return nil
	}
	if fn.ID == "eval" || fn.ID == "exec" {
		return l.dynamic(x, fn.ID)
	}
	if len(x.Args) != 0 {
		return nil
	}
	switch fn.ID {
	case "dir":
		return l.dirHere(x)
	case "super":
		return l.implicitSuper(x)
	case "globals":
		return l.call("globals", x.Start, l.ident(runName, x.Start))
	case "locals", "vars":
		return l.variables(x)
	}
	return nil
}

// variables is a dict of the variables of the scope around a call.
func (l *lowerer) variables(x *syntax.Call) stars.Expr {
	switch l.scope.kind {
	case moduleScope:
		return l.call("globals", x.Start, l.ident(runName, x.Start))
	case classScope:
		return l.call("namespace", x.Start, l.ident("@ns", x.Start))
	}
	return l.locals(x)
}

// rebound tells whether the file makes a global of its own of a builtin's name.
func (l *lowerer) rebound(name string) bool {
	module := l.scope
	for module.parent != nil {
		module = module.parent
	}
	sym := module.symbols[name]
	return sym != nil && sym.bound
}

func (l *lowerer) implicitSuper(x *syntax.Call) stars.Expr {
	method := l.scope
	for method.kind == comprehensionScope {
		method = method.parent
	}
	c := l.scope.class()
	if c == nil || method.kind != functionScope {
		return nil
	}
	var first *symbol
	if len(method.order) > 0 && method.order[0].param {
		first = method.order[0]
	}
	if first == nil {
		l.fail(x.Span, "super(): no arguments")
	}
	self := stars.Expr(l.ident(first.native, x.Start))
	if first.boxed {
		self = l.field(self, content, x.Start)
	}
	class := l.field(l.ident("@own.class", x.Start), content, x.Start)
	return &stars.CallExpr{Fn: l.load("super", x.Start), Lparen: l.pos(x.Lparen), Args: []stars.Expr{class, self}, Rparen: l.pos(x.Stop)}
}

// locals is a dict of the local variables that have a value.
func (l *lowerer) locals(x *syntax.Call) stars.Expr {
	at := x.Start
	var args []stars.Expr
	for _, sym := range l.scope.order {
		if !sym.bound {
			continue
		}
		value := stars.Expr(l.ident(sym.native, at))
		if sym.boxed {
			value = l.field(value, content, at)
		}
		args = append(args, l.str(sym.name, at), &stars.LambdaExpr{Lambda: l.pos(at), Body: value})
	}
	return l.spread("locals", at, args)
}
