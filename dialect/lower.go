package dialect

import (
	"strconv"

	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// The lowering turns the dialect's tree into go.starlark.net's. What Starlark's
// bytecode lacks becomes a call of a helper, a value whose name starts with
// "@", which no source can spell:
//
//   - globals live in cells of the Module, so that functions of an earlier chunk
//     see later rebindings; a chunk binds the cells and helpers it uses to
//     Starlark globals of its own, which are read by index;
//   - a local variable is a Starlark local, or holds a box if a nested function
//     assigns it; deleting one stores Starlark's own "unassigned" (see unset);
//   - the bodies of try and with statements become nested functions, whose
//     result says how they were left (see jump);
//   - a generator's body becomes a nested function that runs as a coroutine.

// lowerer lowers one file.
type lowerer struct {
	file string
	src  []byte
	path *string // the file name in positions
	text bool    // annotations are not evaluated (from __future__ import annotations)

	scope *scope
	fn    *function
	out   []stars.Stmt

	helpers table // helper names used, in order
	globals table // global names used, in order
	temps   int
}

// table numbers names in the order in which they are met.
type table struct {
	names []string
	index map[string]bool
}

func (t *table) add(name string) {
	if t.index == nil {
		t.index = map[string]bool{}
	}
	if !t.index[name] {
		t.index[name] = true
		t.names = append(t.names, name)
	}
}

// function is the Starlark function being built: one of the source, or the
// body of a try or with statement that became one.
type function struct {
	outer *function // around a body
	body  bool
	step  bool   // a body that returns what its generator yields
	name  string // as tracebacks show it
	loops []*loop
	jumps jumps // how the body may be left other than at its end

	hoisted []stars.Stmt // what comes before the outermost loop that is being built

	stores []signature.Place // where Starlark sets items of lists
}

// loop is a loop being built.
type loop struct {
	broken string // the variable that says it was left by break, for its else
}

// jumps is the set of ways in which a body is left.
type jumps struct{ returns, breaks, continues bool }

func (l *lowerer) fail(span syntax.Span, format string, args ...any) {
	(&analyzer{file: l.file, src: l.src}).fail(span, format, args...)
}

func (l *lowerer) pos(p syntax.Pos) stars.Position {
	return stars.MakePosition(l.path, p.Line, p.Col)
}

func (l *lowerer) emit(s stars.Stmt) { l.out = append(l.out, s) }

// collect gives the statements that f emits.
func (l *lowerer) collect(f func()) []stars.Stmt {
	outer := l.out
	l.out = nil
	f()
	body := l.out
	l.out = outer
	return body
}

// temp gives a fresh variable name.
func (l *lowerer) temp(hint string) string {
	l.temps++
	return "@" + hint + "." + strconv.Itoa(l.temps)
}

// ident is a use of a Starlark variable.
func (l *lowerer) ident(name string, at syntax.Pos) *stars.Ident {
	return &stars.Ident{Name: name, NamePos: l.pos(at)}
}

// helper is a use of a helper.
func (l *lowerer) helper(name string, at syntax.Pos) stars.Expr {
	l.helpers.add(name)
	return l.ident("@"+name, at)
}

// call is a call of a helper, with the position that an error shows.
func (l *lowerer) call(name string, at syntax.Pos, args ...stars.Expr) *stars.CallExpr {
	return &stars.CallExpr{Fn: l.helper(name, at), Lparen: l.pos(at), Args: args, Rparen: l.pos(at)}
}

func (l *lowerer) none(at syntax.Pos) stars.Expr { return l.helper("None", at) }

func (l *lowerer) boolean(v bool, at syntax.Pos) stars.Expr {
	if v {
		return l.helper("True", at)
	}
	return l.helper("False", at)
}

func (l *lowerer) str(s string, at syntax.Pos) stars.Expr {
	return &stars.Literal{Token: stars.STRING, TokenPos: l.pos(at), Value: s}
}

func (l *lowerer) int(n int64, at syntax.Pos) stars.Expr {
	return &stars.Literal{Token: stars.INT, TokenPos: l.pos(at), Value: n}
}

func (l *lowerer) tuple(at syntax.Pos, elems ...stars.Expr) *stars.TupleExpr {
	return &stars.TupleExpr{Lparen: l.pos(at), List: elems, Rparen: l.pos(at)}
}

func (l *lowerer) exprStmt(x stars.Expr) { l.emit(&stars.ExprStmt{X: x}) }

func (l *lowerer) assign(lhs, rhs stars.Expr, at syntax.Pos) {
	l.emit(&stars.AssignStmt{OpPos: l.pos(at), Op: stars.EQ, LHS: lhs, RHS: rhs})
}

// clear makes a Starlark variable unassigned, so that nothing lingers in it.
func (l *lowerer) clear(name string, at syntax.Pos) {
	l.assign(l.ident(name, at), l.unset(at), at)
}

// unset is an expression without a value: what is assigned to delete a variable.
func (l *lowerer) unset(at syntax.Pos) stars.Expr {
	return &stars.IndexExpr{X: l.helper("unset", at), Lbrack: l.pos(at), Y: l.none(at), Rbrack: l.pos(at)}
}

// field is x.name, as read and assigned by Starlark itself: the content of a
// cell, or a name of a class body.
func (l *lowerer) field(x stars.Expr, name string, at syntax.Pos) stars.Expr {
	return &stars.DotExpr{X: x, Dot: l.pos(at), NamePos: l.pos(at), Name: l.ident(name, at)}
}

// cell is the cell of a global.
func (l *lowerer) cell(name string, at syntax.Pos) stars.Expr {
	l.globals.add(name)
	return l.ident("@@"+name, at)
}

// content is the field of a cell that holds its value.
const content = "v"

// load reads a variable.
func (l *lowerer) load(name string, at syntax.Pos) stars.Expr {
	name = l.scope.mangle(name)
	owner, sym := l.scope.lookup(name)
	switch {
	case owner == nil && name == "__class__":
		if c := l.scope.class(); c != nil && l.scope.isFunction() {
			return l.field(l.ident("@own.class", at), content, at)
		}
		fallthrough
	case owner == nil:
		return l.field(l.cell(name, at), content, at)
	case owner.kind == classScope:
		return l.call("classname", at, l.ident("@ns", at), l.str(name, at), l.cell(name, at))
	case sym.boxed:
		return l.field(l.ident(sym.native, at), content, at)
	}
	return l.ident(sym.native, at)
}

// place is where a variable is assigned.
func (l *lowerer) place(name string, at syntax.Pos) stars.Expr {
	name = l.scope.mangle(name)
	owner, sym := l.scope.binding(name)
	switch {
	case owner == nil:
		return l.field(l.cell(name, at), content, at)
	case owner.kind == classScope:
		return l.field(l.ident("@ns", at), name, at)
	case sym.boxed:
		return l.field(l.ident(sym.native, at), content, at)
	}
	return l.ident(sym.native, at)
}

// binding is the scope in which an assignment of name takes effect, or nil for the module.
func (s *scope) binding(name string) (*scope, *symbol) {
	at := s
	for at.kind == comprehensionScope {
		if sym := at.symbols[name]; sym != nil && sym.bound {
			return at, sym
		}
		at = at.parent
	}
	sym := at.symbols[name]
	switch {
	case at.kind == moduleScope || sym == nil || sym.global:
		return nil, nil
	case sym.nonlocal:
		return at.parent.lookup(name)
	}
	return at, sym
}

// container is the variable itself, where it lives in a cell, a box or a class
// body; it must not be a plain Starlark local.
func (l *lowerer) container(name string, at syntax.Pos) stars.Expr {
	name = l.scope.mangle(name)
	owner, sym := l.scope.binding(name)
	if owner == nil {
		return l.cell(name, at)
	}
	if owner.kind == classScope {
		return l.call("name", at, l.ident("@ns", at), l.str(name, at))
	}
	return l.ident(sym.native, at)
}

// block lowers statements into a body, which is never empty.
func (l *lowerer) block(body []syntax.Stmt, at syntax.Pos) []stars.Stmt {
	return l.nonempty(l.collect(func() { l.stmts(body) }), at)
}

func (l *lowerer) nonempty(body []stars.Stmt, at syntax.Pos) []stars.Stmt {
	if len(body) == 0 {
		body = []stars.Stmt{&stars.BranchStmt{Token: stars.PASS, TokenPos: l.pos(at)}}
	}
	return body
}

func (l *lowerer) stmts(body []syntax.Stmt) {
	for _, s := range body {
		l.stmt(s)
	}
}

// prologue binds the helpers and cells that the file uses to Starlark globals.
func (l *lowerer) prologue(at syntax.Pos) []stars.Stmt {
	return l.collect(func() {
		l.unpackNames("@", l.helpers.names, helpersName, at)
		l.unpackNames("@@", l.globals.names, globalsName, at)
	})
}

// The predeclared names of a lowered file: two tuples, and the run.
const (
	helpersName = "@helpers"
	globalsName = "@globals"
	runName     = object.RunName
)

// unpackWidth bounds the operand stack that a prologue takes.
const unpackWidth = 8

func (l *lowerer) unpackNames(prefix string, names []string, from string, at syntax.Pos) {
	for i := 0; i < len(names); i += unpackWidth {
		part := names[i:min(i+unpackWidth, len(names))]
		lhs := l.tuple(at)
		for _, name := range part {
			lhs.List = append(lhs.List, l.ident(prefix+name, at))
		}
		l.assign(lhs, l.ident(from+strconv.Itoa(i/unpackWidth), at), at)
	}
}
