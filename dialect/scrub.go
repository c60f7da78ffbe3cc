package dialect

import (
	"strings"

	stars "go.starlark.net/syntax"
)

// Starlark leaves what it pops from a frame's operand stack in place. A value
// that a script has dropped would live on in such a slot for as long as the
// frame runs, and with it the memory that the script believes to be free. So
// the lowered tree overwrites the slots: this pass follows which of them may
// hold a dropped value, and puts a scrub before each statement during which
// somebody may look - collect garbage, and ask what is alive - if the statement
// itself does not overwrite them first.
//
// A scrub of n slots is the expression unset[unset[...[None]]], which pushes n
// times, calls nothing and allocates nothing. It takes 15 to 45 ns for the usual
// 2 to 4 slots (BenchmarkScrub; comparing Nones takes twice that, a tuple three
// times, a call four); a straight line of simple statements needs none at all.
//
// Within one statement, a call of a function (not of an operator) may leave a
// temporary above its arguments, where the callee would find it alive:
// f(g(h(x))) leaves h's result while f runs. There the last argument goes
// through the helper "keep", with enough Nones to overwrite it.

// effect is what an expression does to the operand stack.
type effect struct {
	cover int // slots filled when something may first look; -1 if nothing does
	dirty int // slots below this may hold values afterwards
	temps int // slots below this may hold values that nothing else holds
}

func newEffect() *effect { return &effect{cover: -1} }

// look notes that something may look when sp slots are filled.
func (e *effect) look(sp int) {
	if e.cover < 0 {
		e.cover = sp
	}
}

func (e *effect) soil(n int)      { e.dirty = max(e.dirty, n) }
func (e *effect) temporary(n int) { e.soil(n); e.temps = max(e.temps, n) }

// scrubber inserts scrubs in the body of one function.
type scrubber struct {
	l     *lowerer
	out   []stars.Stmt
	dirty int // slots below this may hold dropped values
	loops []*scrubLoop
	trial bool // only the dirt counts, nothing is kept
}

// scrubLoop is the state at the places from which a loop is left.
type scrubLoop struct {
	exit int // dirt at breaks
	next int // dirt at continues
}

// scrub inserts scrubs in the body of a function that starts clean.
func (l *lowerer) scrub(body []stars.Stmt) []stars.Stmt {
	s := &scrubber{l: l}
	s.stmts(body)
	return s.out
}

// effect is what the evaluation of a statement's expression does. The first
// look at an expression may put a keep into it, which moves what is above; the
// second counts the slots as they will be.
func (s *scrubber) effect(x stars.Expr) *effect {
	s.expr(newEffect(), x, 0)
	e := newEffect()
	s.expr(e, x, 0)
	return e
}

// before readies the stack for a statement with the given effect.
func (s *scrubber) before(e *effect, at stars.Position) {
	if e.cover >= 0 && s.dirty > e.cover {
		s.insert(at)
	}
	s.dirty = max(s.dirty, e.dirty)
}

// insert emits a scrub of the dirty slots.
func (s *scrubber) insert(at stars.Position) {
	s.l.helpers.add("None")
	s.l.helpers.add("unset")
	x := stars.Expr(&stars.Ident{NamePos: at, Name: "@None"})
	for range s.dirty - 1 {
		x = &stars.IndexExpr{X: &stars.Ident{NamePos: at, Name: "@unset"}, Lbrack: at, Y: x, Rbrack: at}
	}
	s.out = append(s.out, &stars.ExprStmt{X: x})
	s.dirty = 0
}

func (s *scrubber) stmts(body []stars.Stmt) {
	for _, stmt := range body {
		s.stmt(stmt)
	}
}

// inside processes a nested block from the given dirt, and gives the dirt at
// its end.
func (s *scrubber) inside(body []stars.Stmt, dirty int) ([]stars.Stmt, int) {
	in := &scrubber{l: s.l, dirty: dirty, loops: s.loops, trial: s.trial}
	in.stmts(body)
	return in.out, in.dirty
}

func (s *scrubber) stmt(stmt stars.Stmt) {
	e := newEffect()
	switch x := stmt.(type) {
	case *stars.ExprStmt:
		e = s.effect(x.X)
	case *stars.AssignStmt:
		e = s.effect(x.RHS)
		e.target(x.LHS, 1)
	case *stars.ReturnStmt:
		if x.Result != nil {
			e = s.effect(x.Result)
		}
	case *stars.DefStmt:
		for range 2 { // as in effect
			e = newEffect()
			s.params(e, x.Params, 0)
		}
		e.soil(1)
		if !s.trial {
			x.Body = s.l.scrub(x.Body)
		}
	case *stars.BranchStmt:
		s.branch(x)
	case *stars.IfStmt:
		s.ifStmt(x)
		return
	case *stars.WhileStmt:
		s.while(x)
		return
	case *stars.ForStmt:
		s.forStmt(x)
		return
	}
	s.before(e, startOf(stmt))
	s.out = append(s.out, stmt)
}

// startOf is a position for the scrub before a statement: its operation's, so
// that tracebacks name the right line.
func startOf(stmt stars.Stmt) stars.Position {
	switch x := stmt.(type) {
	case *stars.AssignStmt:
		return x.OpPos
	case *stars.ReturnStmt:
		return x.Return
	case *stars.DefStmt:
		return x.Def
	case *stars.BranchStmt:
		return x.TokenPos
	case *stars.IfStmt:
		return x.If
	case *stars.WhileStmt:
		return x.While
	case *stars.ForStmt:
		return x.For
	case *stars.ExprStmt:
		if c, ok := x.X.(*stars.CallExpr); ok {
			return c.Lparen
		}
		return stars.Start(x)
	}
	return stars.Position{}
}

func (s *scrubber) branch(x *stars.BranchStmt) {
	if len(s.loops) == 0 {
		return
	}
	lp := s.loops[len(s.loops)-1]
	switch x.Token {
	case stars.BREAK:
		lp.exit = max(lp.exit, s.dirty)
	case stars.CONTINUE:
		lp.next = max(lp.next, s.dirty)
	}
}

func (s *scrubber) ifStmt(x *stars.IfStmt) {
	e := s.effect(x.Cond)
	s.before(e, x.If)
	entry := s.dirty
	yes, then := s.inside(x.True, entry)
	no, other := s.inside(x.False, entry)
	s.dirty = max(then, other)
	if !s.trial {
		x.True, x.False = yes, no
	}
	s.out = append(s.out, x)
}

// loop processes a loop's body until the dirt at its head is stable. Head is
// the slots that the head itself fills before anything may look, or -1 if
// nothing looks there; soil is what it leaves dirty. It gives the body, and the
// dirt after the loop.
func (s *scrubber) loop(body []stars.Stmt, head, soil int, at stars.Position) ([]stars.Stmt, int) {
	entry := max(s.dirty, soil)
	if len(s.loops) >= preciseLoops {
		entry = max(entry, s.soiled(body))
	}
	for {
		out, end, exit := s.pass(body, entry, head, at, true)
		if end = max(end, soil); end <= entry {
			if !s.trial {
				out, _, exit = s.pass(body, entry, head, at, false)
			}
			return out, max(entry, exit)
		}
		entry = end
	}
}

// preciseLoops is how deep loops nest for which the dirt at the head is
// computed by trying; deeper ones assume the most that the body can leave.
const preciseLoops = 3

// pass processes a loop's body once. It gives the body, the dirt at its end
// and that at its breaks.
func (s *scrubber) pass(body []stars.Stmt, entry, head int, at stars.Position, trial bool) (out []stars.Stmt, end, exit int) {
	lp := &scrubLoop{}
	in := &scrubber{l: s.l, dirty: entry, trial: trial || s.trial, loops: append(s.loops[:len(s.loops):len(s.loops)], lp)}
	in.stmts(body)
	end = max(in.dirty, lp.next)
	if head >= 0 && end > head && lp.next <= head {
		in.insert(at)
		end = 0
	}
	return in.out, end, lp.exit
}

// soiled is the most slots that any statement of a body leaves dirty.
func (s *scrubber) soiled(body []stars.Stmt) int {
	n := 0
	for _, stmt := range body {
		switch x := stmt.(type) {
		case *stars.IfStmt:
			n = max(n, s.effect(x.Cond).dirty, s.soiled(x.True), s.soiled(x.False))
		case *stars.WhileStmt:
			n = max(n, s.effect(x.Cond).dirty, s.soiled(x.Body))
		case *stars.ForStmt:
			e := s.effect(x.X)
			e.target(x.Vars, 1)
			n = max(n, e.dirty, s.soiled(x.Body))
		default:
			one := &scrubber{l: s.l, trial: true}
			one.stmt(stmt)
			n = max(n, one.dirty)
		}
	}
	return n
}

func (s *scrubber) while(x *stars.WhileStmt) {
	e := s.effect(x.Cond)
	s.before(e, x.While)
	body, dirty := s.loop(x.Body, e.cover, e.dirty, x.While)
	s.dirty = dirty
	if !s.trial {
		x.Body = body
	}
	s.out = append(s.out, x)
}

// forStmt counts the step to the next element as a look with an empty stack,
// unless the loop is over a range.
func (s *scrubber) forStmt(x *stars.ForStmt) {
	e := s.effect(x.X)
	s.before(e, x.For)
	head := 0
	if overRange(x.X) {
		head = -1
	}
	t := newEffect()
	t.target(x.Vars, 1)
	body, dirty := s.loop(x.Body, head, max(e.dirty, t.dirty), x.For)
	s.dirty = dirty
	if !s.trial {
		x.Body = body
	}
	s.out = append(s.out, x)
}

// overRange tells whether a lowered loop is over a call of range.
func overRange(x stars.Expr) bool {
	c, ok := x.(*stars.CallExpr)
	if !ok {
		return false
	}
	if name := helperName(c.Fn); name != "iter" && name != "count" {
		return false
	}
	c, ok = c.Args[0].(*stars.CallExpr)
	if !ok {
		return false
	}
	dot, ok := c.Fn.(*stars.DotExpr)
	if !ok {
		return false
	}
	id, ok := dot.X.(*stars.Ident)
	return ok && id.Name == "@@range"
}

// helperName gives the name of the helper that x is, or "".
func helperName(x stars.Expr) string {
	id, ok := x.(*stars.Ident)
	if !ok || !clean(id.Name) || strings.HasPrefix(id.Name, "@@") {
		return ""
	}
	return id.Name[1:]
}

// clean tells whether a Starlark variable holds nothing of the script's own: a
// helper, or the cell of a global. Variables that the lowering made up for
// values have a dot in their names.
func clean(name string) bool {
	return strings.HasPrefix(name, "@") && (strings.HasPrefix(name, "@@") || !strings.Contains(name, "."))
}

// target notes the assignment of the value on top of sp slots.
func (e *effect) target(lhs stars.Expr, sp int) {
	switch lhs := lhs.(type) {
	case *stars.Ident:
		e.soil(sp)
	case *stars.IndexExpr:
		e.soil(sp + 2) // as well
	case *stars.DotExpr:
		e.soil(sp + 1) // the value changes places with the cell
	case *stars.TupleExpr:
		for i, x := range lhs.List {
			e.target(x, sp+len(lhs.List)-1-i)
		}
		e.soil(sp - 1 + len(lhs.List))
	}
}

// params notes the evaluation of default values.
func (s *scrubber) params(e *effect, params []stars.Expr, base int) {
	n := 0
	for _, p := range params {
		if b, ok := p.(*stars.BinaryExpr); ok {
			s.expr(e, b.Y, base+n)
			n++
		}
	}
}

// expr notes the evaluation of x with base slots filled.
func (s *scrubber) expr(e *effect, x stars.Expr, base int) {
	switch x := x.(type) {
	case *stars.Ident:
		if !clean(x.Name) {
			e.soil(base + 1)
		}
	case *stars.DotExpr:
		s.expr(e, x.X, base)
		e.soil(base + 1)
		if x.Name.Name == enterBlock { // runs the script's code
			e.look(base + 1)
			e.temporary(base + 1)
		}
	case *stars.CallExpr:
		s.call(e, x, base)
	case *stars.TupleExpr:
		s.list(e, x.List, base)
	case *stars.ListExpr:
		s.list(e, x.List, base)
	case *stars.IndexExpr:
		s.expr(e, x.X, base)
		s.expr(e, x.Y, base+1)
	case *stars.CondExpr:
		s.expr(e, x.Cond, base)
		s.either(e, x.True, x.False, base)
	case *stars.UnaryExpr:
		s.expr(e, x.X, base)
	case *stars.BinaryExpr:
		s.expr(e, x.X, base)
		switch x.Op {
		case stars.AND, stars.OR:
			e.soil(base + 2) // the operand is duplicated
			s.expr(e, x.Y, base)
		default:
			s.expr(e, x.Y, base+1)
		}
	case *stars.LambdaExpr:
		s.params(e, x.Params, base)
		inner := newEffect()
		s.expr(inner, x.Body, 0)
		e.soil(base + 1)
	case *stars.Comprehension:
		s.comprehension(e, x, base)
	}
}

func (s *scrubber) list(e *effect, xs []stars.Expr, base int) {
	for i, x := range xs {
		s.expr(e, x, base+i)
	}
	if len(xs) > 0 {
		e.temporary(base + 1)
	}
}

// either notes the evaluation of one of two expressions.
func (s *scrubber) either(e *effect, x, y stars.Expr, base int) {
	ex, ey := newEffect(), newEffect()
	s.expr(ex, x, base)
	s.expr(ey, y, base)
	if ex.cover >= 0 && (ey.cover < 0 || ex.cover < ey.cover) {
		e.look(ex.cover)
	} else if ey.cover >= 0 {
		e.look(ey.cover)
	}
	e.soil(max(ex.dirty, ey.dirty))
	e.temps = max(e.temps, ex.temps, ey.temps)
}

// comprehension stands in a lambda of its own, whose frame is short-lived; only
// the calls inside it matter.
func (s *scrubber) comprehension(e *effect, x *stars.Comprehension, base int) {
	for _, c := range x.Clauses {
		switch c := c.(type) {
		case *stars.ForClause:
			s.expr(e, c.X, base+1)
		case *stars.IfClause:
			s.expr(e, c.Cond, base+1)
		}
	}
	s.expr(e, x.Body, base+2)
	e.look(base)
}

// judgements are the helpers whose result is a bool, and those whose result is
// held by their operand.
var judgements = map[string]bool{
	"truth": true, "is": true, "in": true, "eq?": true, "ne?": true, "lt?": true, "le?": true, "gt?": true,
	"ge?": true, "catches": true, "setput": true, "dictput": true, "getattr": true, "attr": true, "None": true,
}

func (s *scrubber) call(e *effect, x *stars.CallExpr, base int) {
	helper := helperName(x.Fn)
	outer := e.temps
	e.temps = 0
	s.expr(e, x.Fn, base)
	sp := base + 1
	for i, arg := range x.Args {
		value := arg
		if b, ok := arg.(*stars.BinaryExpr); ok && b.Op == stars.EQ {
			sp++ // the keyword
			value = b.Y
		}
		if u, ok := arg.(*stars.UnaryExpr); ok && (u.Op == stars.STAR || u.Op == stars.STARSTAR) {
			value = u.X
		}
		s.expr(e, value, sp)
		sp++
		if i == len(x.Args)-1 && callsFunction(helper) && e.temps > sp {
			// The callee would find temporaries above its arguments.
			s.keep(x, value, e.temps+1-sp)
			e.soil(e.temps + 1)
		}
	}
	e.look(sp)
	if helper == "keep" {
		outer, e.temps = min(outer, base+1), base+1 // above it, only what it returns and Nones
	}
	e.temps = max(outer, min(e.temps, sp))
	if judgements[strings.TrimRight(helper, passes+gives)] {
		e.soil(base + 1)
		return
	}
	e.temporary(base + 1)
}

// callsFunction tells whether a call with the given helper, or with none, runs a
// function of the script's choice.
func callsFunction(helper string) bool {
	name := strings.TrimRight(helper, passes+gives)
	return name == "" || name == "call" || name == "method" || name == "invoke"
}

// keep replaces the last argument of a call by keep(argument, None...), with n
// slots above the argument overwritten.
func (s *scrubber) keep(x *stars.CallExpr, value stars.Expr, n int) {
	s.l.helpers.add("None")
	s.l.helpers.add("keep")
	kept := &stars.CallExpr{Fn: &stars.Ident{NamePos: x.Lparen, Name: "@keep"}, Lparen: x.Lparen, Args: []stars.Expr{value}, Rparen: x.Rparen}
	for range min(n, maxArgs-1) {
		kept.Args = append(kept.Args, &stars.Ident{NamePos: x.Lparen, Name: "@None"})
	}
	last := len(x.Args) - 1
	switch arg := x.Args[last].(type) {
	case *stars.BinaryExpr:
		if arg.Op == stars.EQ {
			arg.Y = kept
			return
		}
		x.Args[last] = kept
	case *stars.UnaryExpr:
		if arg.Op == stars.STAR || arg.Op == stars.STARSTAR {
			arg.X = kept
			return
		}
		x.Args[last] = kept
	default:
		x.Args[last] = kept
	}
}
