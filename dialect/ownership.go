package dialect

import (
	"slices"

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
// value may stay behind, and discards it when it is bound again. So does a variable
// that took a list that was just made of passing values: it owns these.
//
// What a function returns passes too, if it was just made or a variable of the function
// owned it, and if what called the function takes passing values: else anything might
// become of it.
//
// An operator takes the value of a variable by the field peek. Calls, attributes and
// items are given the variable itself, a holder, and look at its value or read it.

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
		if call := l.passingCall(x, passes); call != nil {
			return call
		}
	case *syntax.Conditional:
		return l.chosen(x, func(y syntax.Expr) stars.Expr { return l.passing(y) })
	default:
		if part := l.part(x, passes); part != nil {
			return part
		}
		if made := l.operation(x, passes); made != nil {
			return made
		}
	}
	return l.expr(x)
}

// operation lowers a comparison or an operator of one operand whose result is followed, or
// gives nil for other expressions.
func (l *lowerer) operation(x syntax.Expr, suffix string) stars.Expr {
	switch x := x.(type) {
	case *syntax.Compare:
		if len(x.Ops) > 1 || x.Ops[0] >= syntax.Is || l.scope.typeOf(x) == boolType {
			return nil
		}
		return l.call(compareNames[x.Ops[0]]+suffix, x.OpPos[0], l.operand(x.X[0], x.X[1]), l.operand(x.X[1]))
	case *syntax.Unary:
		if x.Op == syntax.Not || foldUnary(x) != nil || isScalar(l.scope.typeOf(x)) {
			return nil
		}
		return l.call(unaryNames[x.Op]+suffix, x.Start, l.operand(x.X))
	}
	return nil
}

// part lowers an attribute or an item, which of an array are arrays of their own, or gives
// nil for other expressions.
func (l *lowerer) part(x syntax.Expr, suffix string) stars.Expr {
	switch x := x.(type) {
	case *syntax.Attribute:
		name := l.str(l.scope.mangle(x.Name), x.NamePos)
		if v := l.holder(x.X); v != nil && l.scope.isFunction() {
			return l.call("attr"+suffix, x.NamePos, v, name)
		}
		if arrayNames[x.Name] && l.made(x.X) {
			return l.call("ofattr"+suffix, x.NamePos, l.passing(x.X), name)
		}
		return l.call("getattr"+suffix, x.NamePos, l.expr(x.X), name)
	case *syntax.Subscript:
		if item := l.item(x); item != nil {
			return item
		}
		if l.made(x.X) && still(x.Index) || l.made(x.X) && isSlice(x.Index) {
			return l.call("ofitem"+suffix, x.Lbrack, l.passing(x.X), l.expr(x.Index))
		}
		return l.call("getitem"+suffix, x.Lbrack, l.expr(x.X), l.expr(x.Index))
	}
	return nil
}

// passes marks the helpers whose result passes.
const passes = "*"

// gives marks the helpers whose result is what a function returns.
const gives = "^"

// following says where the result of an operator or a call goes.
type following uint8

const (
	anywhere following = iota
	onward             // it passes
	out                // it passes if the caller of the function takes what passes
)

// followings are the kinds of helpers, by what marks their names.
var followings = map[string]following{"": anywhere, passes: onward, gives: out}

// pass marks a result that was just made. It is the helper's whose frame is the last, and
// if it goes out, it does so from the function before.
func (f following) pass(thread *starlark.Thread, v starlark.Value) {
	if f == onward || f == out && object.Taken(thread, 1) {
		object.Pass(v)
		return
	}
	object.Share(v)
}

// chosen lowers a conditional expression, whose branches branch lowers.
func (l *lowerer) chosen(x *syntax.Conditional, branch func(syntax.Expr) stars.Expr) stars.Expr {
	at := x.Start
	return &stars.CondExpr{If: l.pos(at), Cond: l.cond(x.Cond), True: branch(x.Then), ElsePos: l.pos(at), False: branch(x.Else)}
}

// given lowers what a function returns.
func (l *lowerer) given(x syntax.Expr) stars.Expr {
	switch x := x.(type) {
	case *syntax.Conditional:
		return l.chosen(x, l.given)
	case *syntax.Binary:
		if fold(x) == nil {
			return l.binary(x, operatorNames[x.Op]+gives)
		}
	case *syntax.Call:
		if isScalar(l.scope.typeOf(x)) {
			break
		}
		if call := l.passingCall(x, gives); call != nil {
			return call
		}
	case *syntax.Name:
		owner, sym := l.scope.lookup(l.scope.mangle(x.ID))
		if owner == l.scope && slices.Contains(l.scope.owners(), sym) {
			return l.call("give", x.Start, l.ident(sym.native, x.Start))
		}
	default:
		if part := l.part(x, gives); part != nil {
			return part
		}
		if made := l.operation(x, gives); made != nil {
			return made
		}
	}
	return l.expr(x)
}

// elements is the field of a cell that is assigned a list of passing values, which
// nothing else refers to.
const elements = "l"

// newList lowers a display or comprehension of a list whose elements pass, or gives nil
// for other expressions.
func (l *lowerer) newList(x syntax.Expr) stars.Expr {
	switch x := x.(type) {
	case *syntax.ListExpr:
		if hasStar(x.Elems) {
			return nil
		}
		list := &stars.ListExpr{Lbrack: l.pos(x.Start), Rbrack: l.pos(x.Start)}
		for _, e := range x.Elems {
			list.List = append(list.List, l.newElement(e))
		}
		return list
	case *syntax.Comprehension:
		if x.Kind == syntax.ListComp {
			return l.comprehension(x, l.newElement)
		}
	}
	return nil
}

func (l *lowerer) newElement(x syntax.Expr) stars.Expr {
	if mayMakeArray(x) {
		return l.passing(x)
	}
	return l.expr(x)
}

func (l *lowerer) binary(x *syntax.Binary, helper string) stars.Expr {
	if token, ok := l.native(x.Op, x.X, x.Y); ok {
		return &stars.BinaryExpr{X: l.expr(x.X), OpPos: l.pos(x.OpPos), Op: token, Y: l.expr(x.Y)}
	}
	return l.call(helper, x.OpPos, l.operand(x.X, x.Y), l.operand(x.Y))
}

// operand lowers an operand or argument. A variable is read for this use alone,
// unless what is evaluated later might bind it again and so end its value too early.
func (l *lowerer) operand(x syntax.Expr, later ...syntax.Expr) stars.Expr {
	switch x := x.(type) {
	case *syntax.Name:
		if v := l.variable(x); v != nil && l.stays(x, later) {
			return l.field(v, peek, x.Start)
		}
	case *syntax.Attribute:
		if v := l.holder(x.X); v != nil {
			return l.call("attr"+passes, x.NamePos, v, l.str(l.scope.mangle(x.Name), x.NamePos))
		}
	case *syntax.Subscript:
		if v := l.holder(x.X); v != nil && l.stays(x.X.(*syntax.Name), append(later, x.Index)) {
			return l.call("item"+passes, x.Lbrack, v, l.expr(x.Index))
		}
	}
	return l.passing(x)
}

// stays reports whether a variable is not bound again while the expressions are
// evaluated. A local variable that no function captures can be so by := alone.
func (l *lowerer) stays(n *syntax.Name, later []syntax.Expr) bool {
	owner, sym := l.scope.lookup(l.scope.mangle(n.ID))
	private := owner != nil && !sym.captured && !sym.walrus
	for _, y := range later {
		if !private && !quiet(y) {
			return false
		}
	}
	return true
}

// holder is the variable that an expression is, if it is one that may own its value: a
// local variable in a box, or at the top level a global.
func (l *lowerer) holder(x syntax.Expr) stars.Expr {
	n, ok := x.(*syntax.Name)
	if !ok {
		return nil
	}
	if owner, _ := l.scope.lookup(l.scope.mangle(n.ID)); owner == nil && l.scope.kind != moduleScope {
		return nil
	}
	return l.variable(n)
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

// ownable reports whether a target is a variable that lives in a cell or a box.
func (l *lowerer) ownable(t syntax.Expr) bool {
	n, ok := t.(*syntax.Name)
	if !ok {
		return false
	}
	owner, sym := l.scope.binding(l.scope.mangle(n.ID))
	return owner == nil || owner.isFunction() && sym.boxed
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

// owning computes x op y and looks after passing operands.
func owning(thread *starlark.Thread, op object.Op, x, y starlark.Value, result following) (starlark.Value, error) {
	return looking(thread, object.Binary, op, x, y, result)
}

// looking applies an operator or a comparison and looks after passing operands. Operands of
// a class may keep the other one; an operator of numbers and arrays keeps nothing.
func looking(thread *starlark.Thread, apply func(*starlark.Thread, object.Op, starlark.Value, starlark.Value) (starlark.Value, error), op object.Op, x, y starlark.Value, result following) (starlark.Value, error) {
	_, ox := x.(object.HasOwnership)
	_, oy := y.(object.HasOwnership)
	plain := (ox || isNumber(x)) && (oy || isNumber(y))
	if !plain {
		object.Share(x)
		object.Share(y)
	}
	v, err := apply(thread, op, x, y)
	if err != nil || !plain {
		return v, err
	}
	if v != x && v != y && result != anywhere {
		result.pass(thread, v)
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
	owns = own(v)
	if owned && old != v {
		letGo(old)
	}
	return owns || owned && old == v
}

// own has a variable own a value that was passing.
func own(v starlark.Value) bool {
	o, ok := v.(object.HasOwnership)
	if !ok || *o.Ownership() != object.Passing {
		return false
	}
	*o.Ownership() = object.Owned
	return true
}

// ownElements has a variable own the elements of a new list that were passing.
func ownElements(v starlark.Value) (owns bool) {
	list := v.(*starlark.List)
	for i := range list.Len() {
		owns = own(list.Index(i)) || owns
	}
	return owns
}

// share marks a value that a variable owned, or the elements of a list that it owned,
// as values that may be referred to from anywhere.
func share(v starlark.Value) {
	if list, ok := v.(*starlark.List); ok {
		for i := range list.Len() {
			object.Share(list.Index(i))
		}
		return
	}
	object.Share(v)
}

// letGo discards the value of a variable that owned it, or the elements of its list.
func letGo(v starlark.Value) {
	if list, ok := v.(*starlark.List); ok {
		for i := range list.Len() {
			letGoOne(list.Index(i))
		}
		return
	}
	letGoOne(v)
}

func letGoOne(v starlark.Value) {
	if o, ok := v.(object.HasOwnership); ok && *o.Ownership() == object.Owned {
		o.Discard()
	}
}

// holder is a variable that may own its value.
type holder interface {
	starlark.HasAttrs
	// look gives the value for the moment.
	look() (starlark.Value, error)
}

// lookAt gives the value of a holder, and of any other value itself.
func lookAt(x starlark.Value) (starlark.Value, error) {
	if h, ok := x.(holder); ok {
		return h.look()
	}
	return x, nil
}

// readAll gives the value of a holder, and of any other value itself, to stay where it
// goes.
func readAll(x starlark.Value) (starlark.Value, error) {
	if h, ok := x.(holder); ok {
		return h.Attr(content)
	}
	object.Share(x)
	return x, nil
}

// partHelpers read attributes and items, and those of holders. Those of an array are values
// of their own, but for methods.
var partHelpers = newPartHelpers()

func newPartHelpers() map[string]operation {
	attribute := func(thread *starlark.Thread, x, name starlark.Value) (starlark.Value, error) {
		return object.GetAttr(thread, x, string(name.(starlark.String)))
	}
	t := map[string]operation{}
	for mark, result := range followings {
		t["attr"+mark] = partHelper(attribute, result)
		t["item"+mark] = partHelper(object.GetItem, result)
		t["getattr"+mark] = valuePartHelper(attribute, result)
		t["getitem"+mark] = valuePartHelper(object.GetItem, result)
		t["ofattr"+mark] = madePartHelper(attribute, result)
		t["ofitem"+mark] = madePartHelper(object.GetItem, result)
	}
	return t
}

type partReader = func(thread *starlark.Thread, x, key starlark.Value) (starlark.Value, error)

// valuePartHelper reads a part of a value.
func valuePartHelper(get partReader, result following) operation {
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		v, err := get(thread, args[0], args[1])
		if result == anywhere || err != nil {
			return v, err
		}
		if _, ok := args[0].(object.HasOwnership); ok && isOwn(args[0], v) {
			result.pass(thread, v)
		}
		return v, nil
	}
}

// madePartHelper reads a part of a value that may pass, which goes if the part is a value of
// its own.
func madePartHelper(get partReader, result following) operation {
	part := valuePartHelper(get, result)
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		v, err := part(thread, args)
		if _, ok := args[0].(object.HasOwnership); !ok || err != nil {
			return v, err
		}
		if isOwn(args[0], v) {
			spent(args[0], v)
		} else {
			object.Share(args[0])
		}
		return v, nil
	}
}

// isOwn reports whether a part of an array is a value of its own.
func isOwn(whole, v starlark.Value) bool {
	_, method := v.(starlark.Callable)
	return !method && !isResult(whole, v)
}

// partHelper reads a part of what a holder holds.
func partHelper(get partReader, result following) operation {
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		h, key := args[0].(holder), args[1]
		whole, err := h.look()
		if err != nil {
			return nil, err
		}
		if _, ok := whole.(*starlark.List); ok {
			if _, one := key.(starlark.Int); one {
				return get(thread, whole, key) // an element, for one operation
			}
		}
		v, err := get(thread, whole, key)
		if _, ok := whole.(object.HasOwnership); !ok || err != nil {
			if _, err := h.Attr(content); err != nil {
				return nil, err
			}
			return v, err
		}
		if !isOwn(whole, v) {
			_, err = h.Attr(content)
			return v, err
		}
		if result != anywhere {
			result.pass(thread, v)
		}
		return v, nil
	}
}
