package dialect

import (
	"fmt"

	"go.starlark.net/starlark"
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// Calls with arguments that pass, or that a variable may own.

// passingCall lowers a call with plain arguments to the helper that looks after
// passing ones, or gives nil for other calls.
func (l *lowerer) passingCall(x *syntax.Call, suffix string) stars.Expr {
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
	if plain+2 > maxArgs || len(values)-plain > maxArgs {
		return nil
	}
	helper := "call"
	args := l.method(x, values)
	if args != nil {
		helper = "method"
	} else {
		args = []stars.Expr{l.expr(x.Fn)}
	}
	for i, a := range x.Args {
		v := l.argument(a.X, values[i+1:])
		if l.accepts(a.X, x) {
			v = l.call("accept", a.Start, v)
		}
		if a.Kind == syntax.Keyword {
			v = &stars.BinaryExpr{X: l.ident(a.Name, a.Start), OpPos: l.pos(a.Start), Op: stars.EQ, Y: v}
		}
		args = append(args, v)
	}
	return &stars.CallExpr{Fn: l.helper(helper+suffix, x.Start), Lparen: l.pos(x.Lparen), Args: args, Rparen: l.pos(x.Stop)}
}

// methodCall lowers a call of a method to one helper, which finds the method and calls it,
// or gives nil for other calls. The method is looked up after the arguments were evaluated,
// which must not show.
func (l *lowerer) methodCall(x *syntax.Call) stars.Expr {
	f, ok := x.Fn.(*syntax.Attribute)
	if !ok || len(x.Args)+2 > maxArgs {
		return nil
	}
	for _, a := range x.Args {
		if a.Kind != syntax.Positional && a.Kind != syntax.Keyword || !still(a.X) && !isScalar(l.scope.typeOf(a.X)) {
			return nil
		}
	}
	args := []stars.Expr{l.expr(f.X), l.str(l.scope.mangle(f.Name), f.NamePos)}
	for _, a := range x.Args {
		if a.Kind == syntax.Keyword {
			args = append(args, l.keyword(a))
		} else {
			args = append(args, l.expr(a.X))
		}
	}
	return &stars.CallExpr{Fn: l.helper("invoke", f.NamePos), Lparen: l.pos(x.Lparen), Args: args, Rparen: l.pos(x.Stop)}
}

// invoker is the helper that calls methods: its arguments are what the method is of, its
// name, and what it is given.
type invoker struct{ helper }

// CallInternal finds the method and calls it.
func (*invoker) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return object.CallMethod(thread, string(args[1].(starlark.String)), args, kwargs)
}

// method gives the receiver and the method's name of a call of a variable's method or
// of a passing value's, or nil for other calls. The method is looked up after the
// arguments were evaluated, which must not show.
func (l *lowerer) method(x *syntax.Call, values []syntax.Expr) []stars.Expr {
	f, ok := x.Fn.(*syntax.Attribute)
	if !ok {
		return nil
	}
	for _, v := range values {
		if !still(v) {
			return nil
		}
	}
	self := l.holder(f.X)
	if self == nil && (l.root(f.X) || arrayNames[f.Name] && l.made(f.X)) {
		self = l.operand(f.X)
	}
	if self == nil {
		return nil
	}
	return []stars.Expr{self, l.str(l.scope.mangle(f.Name), f.NamePos)}
}

// root reports whether an expression is an operator, or methods, attributes and items of
// one or of a variable that may own its value.
func (l *lowerer) root(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Name:
		return l.holder(x) != nil
	case *syntax.Binary:
		return true
	case *syntax.Attribute:
		return l.root(x.X)
	case *syntax.Subscript:
		return l.root(x.X)
	case *syntax.Call:
		f, ok := x.Fn.(*syntax.Attribute)
		return ok && l.root(f.X)
	}
	return false
}

// still reports whether evaluating an expression does nothing that may fail, but for a
// variable without a value.
func still(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Name, *syntax.Constant:
		return true
	case *syntax.Unary:
		_, ok := x.X.(*syntax.Constant)
		return ok
	case *syntax.Attribute:
		_, ok := x.X.(*syntax.Name)
		return ok // of modules, such as mx.float32
	case *syntax.TupleExpr:
		for _, e := range x.Elems {
			if !still(e) {
				return false
			}
		}
		return true
	}
	return false
}

// argument lowers an argument. A variable that may own its value is given itself,
// unless what is evaluated later might bind it again.
func (l *lowerer) argument(x syntax.Expr, later []syntax.Expr) stars.Expr {
	if n, ok := x.(*syntax.Name); ok {
		if v := l.variable(n); v != nil && l.stays(n, later) {
			return v
		}
	}
	return l.operand(x, later...)
}

// mayPass reports whether a call has an argument that may be passing, or that is the
// value of a variable that may own it: then it is worth the helper. In functions
// globals are mostly functions and settings, but for what is given to a module's.
func (l *lowerer) mayPass(x *syntax.Call) bool {
	for _, a := range x.Args {
		switch v := a.X.(type) {
		case *syntax.Binary, *syntax.Call, *syntax.Compare, *syntax.Unary:
			if !isScalar(l.scope.typeOf(v)) {
				return true
			}
		case *syntax.Attribute, *syntax.Subscript:
			if l.made(v) {
				return true
			}
		case *syntax.Name:
			if l.holder(v) != nil || moduleOf(x) != "" && l.variable(v) != nil || l.accepts(v, x) {
				return true
			}
		}
	}
	f, ok := x.Fn.(*syntax.Attribute)
	return ok && (l.scope.isFunction() && l.root(f.X) || arrayNames[f.Name] && l.made(f.X))
}

// caller is the helper of calls: its arguments are the function and what it is given. For
// a method they are what it is of, the method's name, and what it is given.
type caller struct {
	name   string
	method bool
	result following
}

var _ object.Taker = (*caller)(nil)

// TakesPassing is true where the result passes, or may.
func (c *caller) TakesPassing() bool { return c.result != anywhere }

func (c *caller) String() string        { return "<helper " + c.name + ">" }
func (c *caller) Type() string          { return "builtin_function_or_method" }
func (c *caller) Freeze()               {}
func (c *caller) Truth() starlark.Bool  { return true }
func (c *caller) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'helper'") }

// Name starts with "@", by which tracebacks know a helper.
func (c *caller) Name() string { return "@" + c.name }

// CallInternal calls the function, or the method. Its passing arguments are discarded if it is
// one that keeps nothing; to any other they are values like all. What that gives passes if it
// is a function that says so.
func (c *caller) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	fn, self, args, err := c.callee(thread, args)
	if err != nil {
		return nil, err
	}
	if !keepsNothing(fn) {
		offers := offered(thread, fn, args, kwargs)
		if err := each(args, kwargs, readAll); err != nil {
			return nil, err
		}
		v, err := starlark.Call(thread, fn, args, kwargs)
		if offers > 0 {
			withdraw(thread, args, kwargs)
		}
		if o, ok := v.(object.HasOwnership); ok && *o.Ownership() == object.Passing {
			c.result.pass(thread, v)
		}
		return v, err
	}
	lists := ownedLists(args, kwargs)
	if err := each(args, kwargs, lookAt); err != nil {
		return nil, err
	}
	v, err := starlark.Call(thread, fn, args, kwargs)
	if err != nil {
		return nil, err
	}
	kept := isResult(self, v)
	if c.method {
		spent(self, v)
	}
	for _, a := range args {
		kept = kept || isResult(a, v)
		spent(a, v)
	}
	for _, kv := range kwargs {
		kept = kept || isResult(kv[1], v)
		spent(kv[1], v)
	}
	switch {
	case kept:
		object.Share(v)
	case c.result != anywhere:
		c.result.pass(thread, v)
	}
	if _, array := v.(object.HasOwnership); !array && v != starlark.None {
		for _, h := range lists { // the result may refer to the list
			if _, err := h.Attr(content); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// callee gives the function to call and its arguments, and for a method the value that
// it is of, if that is followed.
func (c *caller) callee(thread *starlark.Thread, args starlark.Tuple) (fn, self starlark.Value, rest starlark.Tuple, err error) {
	if !c.method {
		if b, ok := args[0].(*object.BoundMethod); ok {
			self = b.Self
		}
		return args[0], self, args[1:], nil
	}
	if self, err = lookAt(args[0]); err != nil {
		return nil, nil, nil, err
	}
	if fn, err = object.GetAttr(thread, self, string(args[1].(starlark.String))); err != nil {
		return nil, nil, nil, err
	}
	if _, ok := self.(object.HasOwnership); ok && keepsNothing(fn) {
		return fn, self, args[2:], nil
	}
	_, err = readAll(args[0])
	return fn, nil, args[2:], err
}

// keepsNothing reports whether a function neither keeps nor returns its arguments.
func keepsNothing(fn starlark.Value) bool {
	if b, ok := fn.(*object.BoundMethod); ok {
		fn = b.Func
	}
	t, ok := fn.(object.Transparent)
	return ok && t.Transparent()
}

// each replaces the arguments of a call.
func each(args starlark.Tuple, kwargs []starlark.Tuple, f func(starlark.Value) (starlark.Value, error)) (err error) {
	for i := range args {
		if args[i], err = f(args[i]); err != nil {
			return err
		}
	}
	for _, kv := range kwargs {
		if kv[1], err = f(kv[1]); err != nil {
			return err
		}
	}
	return nil
}

// ownedLists are the arguments that are variables with lists.
func ownedLists(args starlark.Tuple, kwargs []starlark.Tuple) (lists []holder) {
	add := func(x starlark.Value) {
		if h, ok := x.(holder); ok {
			if v, _ := h.look(); v != nil {
				if _, list := v.(*starlark.List); list {
					lists = append(lists, h)
				}
			}
		}
	}
	for _, a := range args {
		add(a)
	}
	for _, kv := range kwargs {
		add(kv[1])
	}
	return lists
}
