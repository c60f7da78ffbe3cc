package dialect

import (
	"fmt"
	"strings"

	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// scopeKind tells what a scope belongs to.
type scopeKind uint8

const (
	moduleScope scopeKind = iota
	functionScope
	comprehensionScope
	classScope
)

// scope is a region of names: the module, a function, a comprehension, a class.
type scope struct {
	kind     scopeKind
	parent   *scope
	symbols  map[string]*symbol
	order    []*symbol // as first met
	children map[syntax.Node]*scope
	reads    map[string]bool // names that are mentioned
	once     map[string]bool // those that a function's body mentions once

	generator bool                         // a function that yields or is async: its body runs as a coroutine
	async     bool                         // an async function, or a comprehension that awaits
	yields    bool                         // a function that yields
	steps     *stepping                    // of a generator that need not run as a coroutine
	returns   *syntax.Return               // the first of a function that has a value
	lazy      bool                         // a generator expression
	calls     bool                         // a function that may call itself again
	sums      map[*syntax.Binary]valueType // of a module, once its variables' types are known
	starred   bool                         // a module with names that the source does not tell: import *
	classCell bool                         // a class whose methods use super() or __class__
	className string
}

// symbol is what a scope knows about a name.
type symbol struct {
	name     string
	bound    bool // assigned, deleted, imported or declared as a parameter here
	param    bool
	boxed    bool // held in a cell, as a nested function assigns it
	celled   bool // so before it was looked for owners
	global   bool // declared global
	nonlocal bool
	captured bool        // seen by a function that may outlive the scope's
	walrus   bool        // assigned by :=
	computed bool        // assigned what an operator or a call gives
	looped   bool        // so in a loop, from itself
	usedBy   []string    // names whose attributes are called with it, or for it
	imported bool        // bound by import statements and nothing else
	other    bool        // bound by something else than an import statement
	declared syntax.Span // of the nonlocal statement
	native   string

	flows   []flow // what the statements that bind it give it, where that may be known
	binds   int    // the statements that bind it
	rebinds bool   // bound by a nested function
	kind    valueType
	given   valueType // what a parameter is taken to hold
}

func (s *scope) symbol(name string) *symbol {
	sym := s.symbols[name]
	if sym == nil {
		sym = &symbol{name: name, native: name}
		s.symbols[name] = sym
		s.order = append(s.order, sym)
	}
	return sym
}

// isFunction tells whether names of the scope live in a function's frame.
func (s *scope) isFunction() bool {
	return s.kind == functionScope || s.kind == comprehensionScope
}

// lookup finds the function scope that holds name as seen from s, or nil if
// the name is a global. Classes are seen only from their own body.
func (s *scope) lookup(name string) (*scope, *symbol) {
	for at := s; at != nil; at = at.parent {
		if at.kind == moduleScope {
			break
		}
		sym := at.symbols[name]
		if sym == nil {
			continue
		}
		if sym.global {
			return nil, nil
		}
		if sym.bound && (at.kind != classScope || at == s) {
			return at, sym
		}
	}
	return nil, nil
}

// module is the scope of the file.
func (s *scope) module() *scope {
	for s.parent != nil {
		s = s.parent
	}
	return s
}

// isBuiltin tells whether a name means a builtin, as far as the file tells.
func (s *scope) isBuiltin(name string) bool {
	if owner, _ := s.lookup(name); owner != nil {
		return false
	}
	m := s.module()
	sym := m.symbols[name]
	return !m.starred && (sym == nil || !sym.bound && !sym.global)
}

// class gives the innermost class around a function, or nil.
func (s *scope) class() *scope {
	for at := s; at != nil; at = at.parent {
		if at.kind == classScope {
			return at
		}
	}
	return nil
}

// mangle gives a name that is private to a class its full form.
func (s *scope) mangle(name string) string {
	if !strings.HasPrefix(name, "__") || strings.HasSuffix(name, "__") || strings.Contains(name, ".") {
		return name
	}
	if c := s.class(); c != nil {
		if class := strings.TrimLeft(c.className, "_"); class != "" {
			return "_" + class + name
		}
	}
	return name
}

// analyzer builds the scopes of a file.
type analyzer struct {
	file   string
	src    []byte
	scope  *scope
	bodies int // try and with statements around, within the function
	loops  int // loops around, within the function
}

// analyze builds the scope tree of a file. It panics with a *syntax.Error.
func analyze(file string, src []byte, body []syntax.Stmt) *scope {
	a := &analyzer{file: file, src: src}
	a.scope = newScope(moduleScope, nil)
	a.stmts(body)
	a.resolve(a.scope)
	a.scope.inferTypes()
	a.scope.settle()
	return a.scope
}

func newScope(k scopeKind, parent *scope) *scope {
	return &scope{kind: k, parent: parent, symbols: map[string]*symbol{}, children: map[syntax.Node]*scope{}, reads: map[string]bool{}}
}

func (a *analyzer) fail(span syntax.Span, format string, args ...any) {
	panic(&syntax.Error{
		Kind: "SyntaxError",
		Msg:  fmt.Sprintf(format, args...),
		File: a.file,
		Span: span,
		Text: syntax.SourceLine(a.src, int(span.Start.Line)),
	})
}

// resolve finds what can be known only when every scope is complete: which
// variables nonlocal statements mean, and which are captured.
func (a *analyzer) resolve(s *scope) {
	for _, sym := range s.order {
		if sym.nonlocal {
			at, owner := s.parent.lookup(sym.name)
			if at == nil || !at.isFunction() {
				a.fail(sym.declared, "no binding for nonlocal '%s' found", sym.name)
			}
			owner.boxed, owner.captured, owner.rebinds = true, true, true
		}
	}
	for name := range s.reads {
		if owner, sym := s.lookup(name); owner != nil && !s.within(owner) {
			sym.captured = true
		}
	}
	for _, c := range s.children {
		a.resolve(c)
	}
}

// settle chooses the variables that may own arrays.
func (s *scope) settle() {
	if s.steps != nil {
		s.steps.settle()
	}
	s.adopt()
	for _, c := range s.children {
		c.settle()
	}
}

// within reports whether the code of the scope runs as part of the outer one's: it
// is that scope, or comprehensions in it.
func (s *scope) within(outer *scope) bool {
	for s != outer {
		if s.kind != comprehensionScope || s.lazy {
			return false
		}
		s = s.parent
	}
	return true
}

// inside analyzes with a new scope that belongs to node.
func (a *analyzer) inside(k scopeKind, node syntax.Node, f func(s *scope)) *scope {
	outer, bodies, loops := a.scope, a.bodies, a.loops
	s := newScope(k, outer)
	outer.children[node] = s
	a.scope, a.bodies, a.loops = s, 0, 0
	f(s)
	a.scope, a.bodies, a.loops = outer, bodies, loops
	return s
}

// bind notes that the current scope assigns a name.
func (a *analyzer) bind(name string, span syntax.Span) *symbol {
	if name == "__debug__" {
		a.fail(span, "cannot assign to __debug__")
	}
	sym := a.scope.symbol(a.scope.mangle(name))
	sym.bound = !sym.nonlocal && !sym.global
	sym.other = true
	sym.binds++
	if a.bodies > 0 && a.scope.isFunction() {
		sym.boxed = true
	}
	return sym
}

func (a *analyzer) bindImport(name string, span syntax.Span) {
	sym := a.scope.symbol(a.scope.mangle(name))
	other := sym.other
	a.bind(name, span)
	sym.other = other
	sym.imported = true
}

// walrus notes an assignment expression. Its target belongs to the scope
// around the comprehensions, and lives in a cell, as the expression may end up
// in a nested function.
func (a *analyzer) walrus(x *syntax.Walrus) {
	s := a.scope
	for s.kind == comprehensionScope {
		if sym := s.symbols[x.Target.ID]; sym != nil && sym.bound {
			a.fail(x.Target.Span, "assignment expression cannot rebind comprehension iteration variable '%s'", x.Target.ID)
		}
		s = s.parent
	}
	if s != a.scope && s.kind == classScope {
		a.fail(x.Span, "assignment expression within a comprehension cannot be used in a class body")
	}
	sym := s.symbol(s.mangle(x.Target.ID))
	sym.bound = !sym.nonlocal && !sym.global
	sym.other, sym.walrus = true, true
	sym.boxed = s.isFunction()
}

func (a *analyzer) stmts(body []syntax.Stmt) {
	for _, s := range body {
		a.stmt(s)
	}
}

func (a *analyzer) stmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		a.expr(s.X)
	case *syntax.Assign:
		a.expr(s.Value)
		for _, t := range s.Targets {
			a.target(t)
			a.boundTo(t, s.Value)
		}
		if len(s.Targets) == 1 {
			a.computed(s.Targets[0], s.Value)
		}
	case *syntax.AugAssign:
		a.expr(s.Value)
		a.target(s.Target)
		a.bound(s.Target, flow{value: s.Value, op: s.Op, aug: true})
	case *syntax.AnnAssign:
		a.expr(s.Annotation)
		if s.Value != nil {
			a.expr(s.Value)
			a.target(s.Target)
			a.boundTo(s.Target, s.Value)
		} else if n, ok := s.Target.(*syntax.Name); ok && a.scope.isFunction() {
			a.bind(n.ID, n.Span)
		} else if !ok {
			a.target(s.Target)
		}
	case *syntax.Delete:
		for _, t := range s.Targets {
			a.target(t)
		}
	case *syntax.If:
		a.expr(s.Cond)
		a.stmts(s.Then)
		a.stmts(s.Else)
	case *syntax.While:
		a.expr(s.Cond)
		a.loop(s.Body)
		a.stmts(s.Else)
	case *syntax.For:
		if s.Async {
			a.asynchronous(s.Span, "'async for'")
		}
		a.scope.calls = true
		a.expr(s.Iter)
		a.target(s.Target)
		if a.counts(s.Iter) {
			a.bound(s.Target, flow{count: true})
		}
		a.loop(s.Body)
		a.stmts(s.Else)
	case *syntax.FuncDef:
		a.funcDef(s)
	case *syntax.ClassDef:
		a.classDef(s)
	case *syntax.Return:
		if !a.inFunction() {
			a.fail(s.Span, "'return' outside function")
		}
		if s.Value != nil && a.scope.returns == nil {
			a.scope.returns = s
		}
		a.optional(s.Value)
	case *syntax.Break:
		if a.loops == 0 {
			a.fail(s.Span, "'break' outside loop")
		}
	case *syntax.Continue:
		if a.loops == 0 {
			a.fail(s.Span, "'continue' not properly in loop")
		}
	case *syntax.Assert:
		a.expr(s.Cond)
		a.optional(s.Msg)
	case *syntax.Raise:
		a.optional(s.X)
		a.optional(s.Cause)
	case *syntax.Import:
		for _, n := range s.Names {
			a.bindImport(importedName(n), n.Span)
		}
	case *syntax.ImportFrom:
		a.importFrom(s)
	case *syntax.Load:
		for _, n := range s.Names {
			a.bindImport(importedName(n), n.Span)
		}
	case *syntax.With:
		a.with(s)
	case *syntax.Match:
		a.match(s)
	case *syntax.Try:
		a.try(s)
	case *syntax.Global:
		a.declare(s.Names, s.Span, true)
	case *syntax.Nonlocal:
		a.declare(s.Names, s.Span, false)
	}
}

func (a *analyzer) inFunction() bool { return a.scope.kind == functionScope }

func (a *analyzer) loop(body []syntax.Stmt) {
	a.loops++
	a.stmts(body)
	a.loops--
}

func (a *analyzer) importFrom(s *syntax.ImportFrom) {
	if s.Names == nil && a.scope.kind != moduleScope {
		a.fail(s.Span, "import * only allowed at module level")
	}
	a.scope.starred = a.scope.starred || s.Names == nil
	if s.Module == "__future__" {
		return
	}
	for _, n := range s.Names {
		sym := a.bind(importedName(n), n.Span)
		sym.imported = false
	}
}

// importedName is the name an import binds.
func importedName(n syntax.Alias) string {
	if n.As != "" {
		return n.As
	}
	first, _, _ := strings.Cut(n.Name, ".")
	return first
}

func (a *analyzer) with(s *syntax.With) {
	if s.Async {
		a.asynchronous(s.Span, "'async with'")
	}
	a.scope.calls = true
	for i, item := range s.Items {
		a.expr(item.X)
		if i == 0 {
			a.bodies++
		}
		if item.Target != nil {
			a.target(item.Target)
		}
	}
	a.stmts(s.Body)
	a.bodies--
}

func (a *analyzer) try(s *syntax.Try) {
	a.bodies++
	a.stmts(s.Body)
	for _, h := range s.Handlers {
		a.optional(h.Type)
		if h.Name != "" {
			a.bind(h.Name, h.Span)
		}
		a.stmts(h.Body)
	}
	a.stmts(s.Else)
	a.stmts(s.Finally)
	a.bodies--
}

// match binds what patterns capture. Where a guard follows, the names live in
// boxes: the guard is an expression, and sees them bound.
func (a *analyzer) match(s *syntax.Match) {
	a.scope.calls = true
	a.expr(s.Subject)
	for _, c := range s.Cases {
		a.exprs(c.Exprs())
		for _, name := range syntax.Captures(c.Pattern) {
			if sym := a.bind(name, c.Pattern.Range()); c.Guard != nil && a.scope.isFunction() {
				sym.boxed = true
			}
		}
		a.optional(c.Guard)
		a.stmts(c.Body)
	}
}

func (a *analyzer) declare(names []string, span syntax.Span, global bool) {
	word := "nonlocal"
	if global {
		word = "global"
	}
	if !global && a.scope.kind == moduleScope {
		a.fail(span, "nonlocal declaration not allowed at module level")
	}
	for _, name := range names {
		name = a.scope.mangle(name)
		if sym := a.scope.symbols[name]; sym != nil && a.scope.kind != moduleScope {
			switch {
			case sym.param:
				a.fail(span, "name '%s' is parameter and %s", name, word)
			case sym.bound:
				a.fail(span, "name '%s' is assigned to before %s declaration", name, word)
			case sym.global && !global || sym.nonlocal && global:
				a.fail(span, "name '%s' is nonlocal and global", name)
			}
		}
		sym := a.scope.symbol(name)
		if global {
			sym.global = true
			continue
		}
		sym.nonlocal, sym.declared = true, span
	}
}

func (a *analyzer) funcDef(s *syntax.FuncDef) {
	for _, d := range s.Decorators {
		a.expr(d)
	}
	a.bind(s.Name, s.Span)
	a.optional(s.Returns)
	f := a.function(s, s.Params, func() {
		a.scope.async, a.scope.generator = s.Async, s.Async
		if !s.Async {
			a.scope.steps = steps(s.Body)
		}
		if a.scope.steps != nil {
			a.bodies++
		}
		a.stmts(s.Body)
		if a.scope.steps != nil {
			a.bodies--
			a.scope.steps.aim(a.scope)
		}
		if s.Async && a.scope.yields && a.scope.returns != nil {
			a.fail(a.scope.returns.Span, "'return' with value in async generator")
		}
	})
	if len(s.Decorators) > 0 || strings.HasPrefix(s.Name, "__") {
		f.calls = true
	}
	a.scope.calls = a.scope.calls || len(s.Decorators) > 0
}

// function analyzes a def or a lambda.
func (a *analyzer) function(node syntax.Node, params *syntax.Params, body func()) *scope {
	all := params.All()
	for _, p := range all {
		a.optional(p.Default)
		a.optional(p.Annotation)
	}
	return a.inside(functionScope, node, func(s *scope) {
		for _, p := range all {
			sym := s.symbol(s.mangle(p.Name))
			sym.bound, sym.param = true, true
		}
		for _, p := range params.PosOnly {
			sym := s.symbol(s.mangle(p.Name))
			sym.native = p.Name + "/" // see object.ParametersOf
		}
		body()
	})
}

func (a *analyzer) classDef(s *syntax.ClassDef) {
	for _, d := range s.Decorators {
		a.expr(d)
	}
	for _, arg := range s.Args {
		a.expr(arg.X)
	}
	a.bind(s.Name, s.Span)
	a.scope.calls = true
	a.inside(classScope, s, func(c *scope) {
		c.className = s.Name
		a.stmts(s.Body)
	})
}

func (a *analyzer) target(t syntax.Expr) {
	switch t := t.(type) {
	case *syntax.Name:
		a.bind(t.ID, t.Span)
	case *syntax.TupleExpr:
		for _, x := range t.Elems {
			a.target(x)
		}
	case *syntax.ListExpr:
		for _, x := range t.Elems {
			a.target(x)
		}
	case *syntax.Starred:
		a.target(t.X)
	default:
		a.expr(t)
	}
}

func (a *analyzer) optional(x syntax.Expr) {
	if x != nil {
		a.expr(x)
	}
}

func (a *analyzer) exprs(xs []syntax.Expr) {
	for _, x := range xs {
		a.optional(x)
	}
}

func (a *analyzer) expr(x syntax.Expr) {
	switch x := x.(type) {
	case *syntax.Name:
		a.scope.reads[a.scope.mangle(x.ID)] = true
		if x.ID == "__class__" || x.ID == "super" {
			a.useClass()
		}
	case *syntax.JoinedString:
		a.exprs(x.Parts)
	case *syntax.Formatted:
		a.expr(x.X)
		if x.Spec != nil {
			a.expr(x.Spec)
		}
	case *syntax.TupleExpr:
		a.exprs(x.Elems)
	case *syntax.ListExpr:
		a.exprs(x.Elems)
	case *syntax.SetExpr:
		a.exprs(x.Elems)
	case *syntax.DictExpr:
		a.exprs(x.Keys)
		a.exprs(x.Values)
	case *syntax.Unary:
		a.expr(x.X)
	case *syntax.Binary:
		a.expr(x.X)
		a.expr(x.Y)
	case *syntax.BoolOp:
		a.exprs(x.X)
	case *syntax.Compare:
		a.exprs(x.X)
	case *syntax.Conditional:
		a.expr(x.Cond)
		a.expr(x.Then)
		a.expr(x.Else)
	case *syntax.Lambda:
		a.function(x, x.Params, func() { a.expr(x.Body) })
	case *syntax.Call:
		a.scope.calls = true
		a.expr(x.Fn)
		for _, arg := range x.Args {
			a.expr(arg.X)
		}
		a.passed(x)
	case *syntax.Attribute:
		if arrayNames[x.Name] {
			a.arrayLike(x.X)
		}
		a.expr(x.X)
	case *syntax.Subscript:
		if isSlice(x.Index) {
			a.arrayLike(x.X)
		}
		a.expr(x.X)
		a.expr(x.Index)
	case *syntax.Slice:
		a.optional(x.Lo)
		a.optional(x.Hi)
		a.optional(x.Step)
	case *syntax.Starred:
		a.expr(x.X)
	case *syntax.Comprehension:
		a.comprehension(x)
	case *syntax.Walrus:
		a.walrus(x)
		a.expr(x.Value)
	case *syntax.Await:
		a.expr(x.X)
		a.scope.calls = true
		a.asynchronous(x.Span, "'await'")
	case *syntax.Yield:
		a.yield(x)
	}
}

// useClass notes that super or __class__ is mentioned in a method.
func (a *analyzer) useClass() {
	if a.scope.isFunction() {
		if c := a.scope.class(); c != nil {
			c.classCell = true
		}
	}
}

func (a *analyzer) comprehension(x *syntax.Comprehension) {
	a.scope.calls = true
	a.expr(x.Clauses[0].Iter)
	a.inside(comprehensionScope, x, func(s *scope) {
		s.lazy = x.Kind == syntax.GeneratorComp
		for _, c := range x.Clauses {
			if c.Async {
				a.awaits(x.Span)
			}
			a.target(c.Target)
			if a.counts(c.Iter) {
				a.bound(c.Target, flow{count: true})
			}
		}
		for i, c := range x.Clauses {
			if i > 0 {
				a.expr(c.Iter)
			}
			a.exprs(c.Ifs)
		}
		a.expr(x.Elem)
		a.optional(x.Value)
	})
}

func (a *analyzer) yield(x *syntax.Yield) {
	a.optional(x.X)
	switch {
	case a.scope.kind == comprehensionScope:
		a.fail(x.Span, "'yield' inside list comprehension")
	case a.scope.kind != functionScope:
		a.fail(x.Span, "'yield' outside function")
	}
	if x.From && a.scope.async {
		a.fail(x.Span, "'yield from' inside async function")
	}
	a.scope.generator, a.scope.yields = true, true
	a.scope.calls = true
}

// asynchronous notes what, which awaits, in the current scope. It belongs to the async
// function around; the comprehensions in between await, too.
func (a *analyzer) asynchronous(span syntax.Span, what string) {
	s := a.scope
	for ; s.kind == comprehensionScope; s = s.parent {
		s.async = true
	}
	switch {
	case s.kind != functionScope && what == "'await'":
		a.fail(span, "'await' outside function")
	case s.kind != functionScope || !s.async:
		a.fail(span, "%s outside async function", what)
	}
}

// awaits notes an async clause of the current scope, a comprehension. A generator
// expression may have one anywhere.
func (a *analyzer) awaits(span syntax.Span) {
	s := a.scope
	for ; s.kind == comprehensionScope; s = s.parent {
		s.async = true
		if s.lazy {
			return
		}
	}
	if s.kind != functionScope || !s.async {
		a.fail(span, "asynchronous comprehension outside of an asynchronous function")
	}
}
