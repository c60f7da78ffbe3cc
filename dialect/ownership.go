package dialect

import (
	"fmt"

	"go.starlark.net/starlark"
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// This file follows values whose memory matters (object.HasOwnership) from where
// they are made to their one use. An operator or a call whose result goes
// straight to another operator, a call or a variable in a cell or box is lowered to
// a helper that marks the result as passing; the taker discards what passes. A
// variable that took a passing value owns it until the variable is read where the
// value may stay behind, and discards it when it is bound again.

// peek is the field of a cell by which a value is read for one operation that
// does not keep it.
const peek = "p"

// passing lowers an expression whose value is used once, by what stands around it.
func (l *lowerer) passing(x syntax.Expr) stars.Expr {
	switch x := x.(type) {
	case *syntax.Binary:
		if fold(x) == nil {
			return l.binary(x, operatorNames[x.Op]+passes)
		}
	case *syntax.Call:
		if call := l.passingCall(x, "call"+passes); call != nil {
			return call
		}
	}
	return l.expr(x)
}

// passes marks the helpers whose result passes.
const passes = "*"

func (l *lowerer) binary(x *syntax.Binary, helper string) stars.Expr {
	return l.call(helper, x.OpPos, l.operand(x.X, x.Y), l.operand(x.Y))
}

// operand lowers an operand or argument. A variable is read for this use alone,
// unless what is evaluated later might bind it again and so end its value too early.
func (l *lowerer) operand(x syntax.Expr, later ...syntax.Expr) stars.Expr {
	n, ok := x.(*syntax.Name)
	if !ok {
		return l.passing(x)
	}
	for _, y := range later {
		if !quiet(y) {
			return l.expr(x)
		}
	}
	if v := l.variable(n); v != nil {
		return l.field(v, peek, n.Start)
	}
	return l.expr(x)
}

// variable is the cell or box of a name that may own its value, or nil: a global's, or
// a local variable's of the function that runs.
func (l *lowerer) variable(n *syntax.Name) stars.Expr {
	name := l.scope.mangle(n.ID)
	switch owner, sym := l.scope.lookup(name); {
	case owner == nil && name != "__class__":
		return l.cell(name, n.Start)
	case owner != nil && owner.isFunction() && sym.boxed && l.scope.within(owner):
		return l.ident(sym.native, n.Start)
	}
	return nil
}

// returned emits a return from the function that is being built. A function's variables
// that are done let go of what they own once the result, nil for None, is there.
func (l *lowerer) returned(result stars.Expr, at syntax.Pos) {
	if l.fn.body {
		l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: result})
		return
	}
	owners := l.scope.owners()
	if len(owners) > 0 && result != nil {
		held := l.temp("result")
		l.assign(l.ident(held, at), result, at)
		result = l.ident(held, at)
	}
	for _, sym := range owners {
		l.exprStmt(l.field(l.ident(sym.native, at), done, at))
	}
	l.emit(&stars.ReturnStmt{Return: l.pos(at), Result: result})
}

// quiet reports whether evaluating an expression calls nothing.
func quiet(x syntax.Expr) bool {
	switch x := x.(type) {
	case nil, *syntax.Name, *syntax.Constant:
		return true
	case *syntax.Binary:
		return quiet(x.X) && quiet(x.Y)
	case *syntax.Unary:
		return quiet(x.X)
	}
	return false
}

// passingCall lowers a call with plain arguments to the helper that looks after
// passing ones, or gives nil for other calls.
func (l *lowerer) passingCall(x *syntax.Call, helper string) stars.Expr {
	if l.implicit(x) != nil {
		return nil
	}
	values := make([]syntax.Expr, len(x.Args))
	plain := 0
	for i, a := range x.Args {
		if a.Kind != syntax.Positional && a.Kind != syntax.Keyword {
			return nil
		}
		if a.Kind == syntax.Positional {
			plain++
		}
		values[i] = a.X
	}
	if plain+1 > maxArgs || len(values)-plain > maxArgs {
		return nil
	}
	args := []stars.Expr{l.expr(x.Fn)}
	for i, a := range x.Args {
		v := l.operand(a.X, values[i+1:]...)
		if a.Kind == syntax.Keyword {
			v = &stars.BinaryExpr{X: l.ident(a.Name, a.Start), OpPos: l.pos(a.Start), Op: stars.EQ, Y: v}
		}
		args = append(args, v)
	}
	return &stars.CallExpr{Fn: l.helper(helper, x.Start), Lparen: l.pos(x.Lparen), Args: args, Rparen: l.pos(x.Stop)}
}

// mayPass reports whether a call has an argument that may be passing, or that is the
// value of a variable that may own it: then it is worth the helper. In functions
// globals are mostly functions and settings, but for what is given to a module's.
func (l *lowerer) mayPass(x *syntax.Call) bool {
	for _, a := range x.Args {
		switch v := a.X.(type) {
		case *syntax.Binary, *syntax.Call:
			return true
		case *syntax.Name:
			owner, sym := l.scope.lookup(l.scope.mangle(v.ID))
			if owner == nil && (l.scope.kind == moduleScope || moduleOf(x) != "") || owner != nil && owner.isFunction() && sym.boxed && l.scope.within(owner) {
				return true
			}
		}
	}
	return false
}

// ownable reports whether a target is a variable that lives in a cell or a box.
func (l *lowerer) ownable(t syntax.Expr) bool {
	n, ok := t.(*syntax.Name)
	if !ok {
		return false
	}
	owner, sym := l.scope.binding(l.scope.mangle(n.ID))
	return owner == nil || owner.isFunction() && sym.boxed
}

// caller is the helper of calls: the function, then its arguments.
type caller struct {
	name   string
	passes bool // the result passes
}

var _ starlark.Callable = (*caller)(nil)

func (c *caller) String() string        { return "<helper " + c.name + ">" }
func (c *caller) Type() string          { return "builtin_function_or_method" }
func (c *caller) Freeze()               {}
func (c *caller) Truth() starlark.Bool  { return true }
func (c *caller) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'helper'") }

// Name starts with "@", by which tracebacks know a helper.
func (c *caller) Name() string { return "@" + c.name }

// CallInternal calls the function. Its passing arguments are discarded if it is
// one that keeps nothing; to any other they are values like all.
func (c *caller) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	fn, args := args[0], args[1:]
	t, ok := fn.(object.Transparent)
	if !ok || !t.Transparent() {
		for _, a := range args {
			object.Share(a)
		}
		for _, kv := range kwargs {
			object.Share(kv[1])
		}
		return starlark.Call(thread, fn, args, kwargs)
	}
	v, err := starlark.Call(thread, fn, args, kwargs)
	if err != nil {
		return nil, err
	}
	kept := false
	for _, a := range args {
		kept = kept || isResult(a, v)
		spent(a, v)
	}
	for _, kv := range kwargs {
		kept = kept || isResult(kv[1], v)
		spent(kv[1], v)
	}
	if c.passes && !kept {
		pass(v)
	}
	return v, nil
}

// isResult reports whether an operand whose lifetime is followed is the result.
// Others are not compared: a tuple cannot be.
func isResult(operand, result starlark.Value) bool {
	_, ok := operand.(object.HasOwnership)
	return ok && operand == result
}

// spent discards an operand that was passing, unless it is the result.
func spent(operand, result starlark.Value) {
	if o, ok := operand.(object.HasOwnership); ok && *o.Ownership() == object.Passing && operand != result {
		o.Discard()
	}
}

// pass marks a result that was just made.
func pass(v starlark.Value) {
	if o, ok := v.(object.HasOwnership); ok {
		*o.Ownership() = object.Passing
	}
}

// owning computes x op y and looks after passing operands. Operands of a class
// may keep the other one; an operator of numbers and arrays keeps nothing.
func owning(thread *starlark.Thread, op object.Op, x, y starlark.Value, passes bool) (starlark.Value, error) {
	_, ox := x.(object.HasOwnership)
	_, oy := y.(object.HasOwnership)
	plain := (ox || isNumber(x)) && (oy || isNumber(y))
	if !plain {
		object.Share(x)
		object.Share(y)
	}
	v, err := object.Binary(thread, op, x, y)
	if err != nil || !plain {
		return v, err
	}
	if v != x && v != y && passes {
		pass(v)
	}
	spent(x, v)
	if x != y {
		spent(y, v)
	}
	return v, nil
}

func isNumber(v starlark.Value) bool {
	switch v.(type) {
	case starlark.Int, starlark.Float, starlark.Bool, object.Complex:
		return true
	}
	return false
}

// take gives a variable a value. If the value was passing the variable owns it
// from now on; a value it owned before is done.
func take(old, v starlark.Value, owned bool) (owns bool) {
	if o, ok := v.(object.HasOwnership); ok && *o.Ownership() == object.Passing {
		*o.Ownership() = object.Owned
		owns = true
	}
	if owned && old != v {
		letGo(old)
	}
	return owns || owned && old == v
}

// letGo discards the value of a variable that owned it.
func letGo(v starlark.Value) {
	if o, ok := v.(object.HasOwnership); ok && *o.Ownership() == object.Owned {
		o.Discard()
	}
}
