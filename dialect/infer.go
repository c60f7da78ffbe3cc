package dialect

import (
	"math"

	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// This file finds local variables that are of one type wherever they have a value: what a
// loop counts, a sum of numbers, a list that was made in the function. Where operands are
// of known types, and Starlark's own operation does what Python's does, it takes the place
// of a helper's call, which costs four times as much.
//
// A variable is known only if every statement that binds it is one whose value's type is
// known. What a call gives is not, but for the elements of range, which the loop checks.

// valueType is what is known of a value.
type valueType uint8

const (
	unsettled valueType = iota // nothing has bound it yet
	intType
	floatType
	boolType
	strType
	listType
	unknownType
)

// join is what is known of a value that is one of two.
func (t valueType) join(u valueType) valueType {
	switch {
	case t == u || u == unsettled:
		return t
	case t == unsettled:
		return u
	}
	return unknownType
}

// flow is a value that a variable is bound to: that of an expression, of an operator that
// is applied to the variable, or of the elements of range.
type flow struct {
	scope *scope
	value syntax.Expr
	op    syntax.BinaryOp // of an augmented assignment
	aug   bool
	count bool // an element of range
}

// bound notes that a statement binds target to a value whose type may be known.
func (a *analyzer) bound(target syntax.Expr, f flow) {
	n, ok := target.(*syntax.Name)
	if !ok || !a.scope.isFunction() {
		return
	}
	sym := a.scope.symbol(a.scope.mangle(n.ID))
	f.scope = a.scope
	sym.flows = append(sym.flows, f)
}

// boundTo notes an assignment's value, of several targets those of each.
func (a *analyzer) boundTo(target, value syntax.Expr) {
	elems := targetElems(target)
	values, ok := value.(*syntax.TupleExpr)
	if elems == nil {
		a.bound(target, flow{value: value})
		return
	}
	if !ok || len(values.Elems) != len(elems) || hasStar(values.Elems) || hasStar(elems) {
		return
	}
	for i, t := range elems {
		if targetElems(t) == nil {
			a.bound(t, flow{value: values.Elems[i]})
		}
	}
}

// counts reports whether a loop is over what range gives.
func (a *analyzer) counts(iter syntax.Expr) bool {
	c, ok := iter.(*syntax.Call)
	if !ok {
		return false
	}
	n, ok := c.Fn.(*syntax.Name)
	return ok && n.ID == "range"
}

// inferTypes gives the variables of a scope and of those inside it their types, once all scopes
// are complete. Types grow until nothing changes.
func (s *scope) inferTypes() {
	var all []*symbol
	var gather func(s *scope)
	gather = func(s *scope) {
		if s.isFunction() {
			for _, sym := range s.order {
				if given := sym.given != unsettled; (given || len(sym.flows) > 0 && !sym.param) && len(sym.flows) == sym.binds && !sym.walrus && !sym.rebinds && !sym.global && !sym.nonlocal {
					all = append(all, sym)
				} else {
					sym.kind = unknownType
				}
			}
		}
		for _, c := range s.children {
			gather(c)
		}
	}
	gather(s)
	s.module().sums = nil // types of sums grow with those of variables
	for changed := true; changed; {
		changed = false
		for _, sym := range all {
			t := sym.kind.join(sym.given)
			for _, f := range sym.flows {
				t = t.join(f.typeOf(sym))
			}
			if t != sym.kind {
				sym.kind, changed = t, true
			}
		}
	}
	s.module().sums = map[*syntax.Binary]valueType{}
}

func (f *flow) typeOf(sym *symbol) valueType {
	switch {
	case f.count:
		if f.scope.isBuiltin("range") {
			return intType
		}
		return unknownType
	case f.aug:
		return f.scope.binaryType(f.op, sym.kind, f.scope.typeOf(f.value))
	}
	return f.scope.typeOf(f.value)
}

// typeOf is what is known of an expression's value.
func (s *scope) typeOf(x syntax.Expr) valueType {
	switch x := x.(type) {
	case *syntax.Constant:
		switch x.Kind {
		case syntax.IntConst:
			return intType
		case syntax.FloatConst:
			return floatType
		case syntax.BoolConst:
			return boolType
		case syntax.StringConst:
			return strType
		}
	case *syntax.Name:
		if owner, sym := s.lookup(s.mangle(x.ID)); owner != nil && owner.isFunction() {
			return sym.kind
		}
	case *syntax.Unary:
		t := s.typeOf(x.X)
		switch {
		case x.Op == syntax.Not:
			return boolType
		case t == unsettled, t == intType, t == floatType && x.Op != syntax.Invert:
			return t
		}
	case *syntax.Binary:
		known := s.module().sums
		if t, ok := known[x]; ok {
			return t
		}
		t := s.binaryType(x.Op, s.typeOf(x.X), s.typeOf(x.Y))
		if known != nil {
			known[x] = t
		}
		return t
	case *syntax.Conditional:
		return s.typeOf(x.Then).join(s.typeOf(x.Else))
	case *syntax.Compare:
		for i, op := range x.Ops {
			if op < syntax.Is && !(isScalar(s.typeOf(x.X[i])) && isScalar(s.typeOf(x.X[i+1]))) {
				return unknownType
			}
		}
		return boolType
	case *syntax.ListExpr:
		return listType
	case *syntax.Comprehension:
		if x.Kind == syntax.ListComp {
			return listType
		}
	}
	return unknownType
}

func isScalar(t valueType) bool {
	return t == intType || t == floatType || t == boolType || t == strType
}

// binaryType is the type of x op y.
func (s *scope) binaryType(op syntax.BinaryOp, x, y valueType) valueType {
	switch {
	case x == unsettled || y == unsettled:
		return unsettled
	case x == listType && y == intType && op == syntax.Mul:
		return listType
	case x == strType && y == strType && op == syntax.Add:
		return strType
	case x == intType && y == intType:
		switch op {
		case syntax.Add, syntax.Sub, syntax.Mul, syntax.FloorDiv, syntax.Mod, syntax.BitAnd, syntax.BitOr, syntax.BitXor:
			return intType
		case syntax.Div:
			return floatType
		}
	case (x == intType || x == floatType) && (y == intType || y == floatType):
		switch op {
		case syntax.Add, syntax.Sub, syntax.Mul, syntax.Div, syntax.FloorDiv, syntax.Mod:
			return floatType
		}
	}
	return unknownType
}

// nativeTokens are the operators whose results, for ints or for floats, are Python's in
// Starlark.
var nativeTokens = map[syntax.BinaryOp]stars.Token{
	syntax.Add: stars.PLUS, syntax.Sub: stars.MINUS, syntax.Mul: stars.STAR, syntax.Div: stars.SLASH,
	syntax.FloorDiv: stars.SLASHSLASH, syntax.Mod: stars.PERCENT,
	syntax.BitAnd: stars.AMP, syntax.BitOr: stars.PIPE, syntax.BitXor: stars.CIRCUMFLEX,
}

// native gives Starlark's operator for x op y, if it does.
func (l *lowerer) native(op syntax.BinaryOp, x, y syntax.Expr) (stars.Token, bool) {
	token, ok := nativeTokens[op]
	if !ok {
		return 0, false
	}
	tx, ty := l.scope.typeOf(x), l.scope.typeOf(y)
	switch {
	case tx == intType && ty == intType:
		switch op {
		case syntax.Mul: // a product of two long ints takes long, and is metered
			return token, l.isShort(x) || l.isShort(y)
		case syntax.FloorDiv, syntax.Mod: // as well; and a division by zero has its own message
			n, known := foldInt(y, foldDepth)
			return token, known && n != 0
		case syntax.Div:
			return 0, false
		}
		return token, true
	case tx == floatType && ty == floatType, tx == floatType && l.isShort(y), l.isShort(x) && ty == floatType:
		switch op {
		case syntax.Add, syntax.Sub, syntax.Mul:
			return token, true
		case syntax.Div:
			c, known := y.(*syntax.Constant)
			return token, known && c.Value != int64(0) && c.Value != float64(0)
		}
	}
	return 0, false
}

// isShort reports whether an expression is an int that is small: a literal.
func (l *lowerer) isShort(x syntax.Expr) bool {
	n, ok := foldInt(x, foldDepth)
	return ok && n > math.MinInt32 && n < math.MaxInt32
}

var nativeComparisons = map[syntax.CompareOp]stars.Token{
	syntax.Eq: stars.EQL, syntax.Ne: stars.NEQ, syntax.Lt: stars.LT, syntax.Le: stars.LE, syntax.Gt: stars.GT, syntax.Ge: stars.GE,
}

// nativeComparison gives Starlark's comparison, if it does what Python's does. Starlark
// puts NaN after all other numbers, and has it equal itself: a comparison of floats is
// Python's where one is a literal and the other may be less.
func (l *lowerer) nativeComparison(op syntax.CompareOp, x, y syntax.Expr) (stars.Token, bool) {
	token, ok := nativeComparisons[op]
	if !ok || x == nil || y == nil {
		return 0, false
	}
	tx, ty := l.scope.typeOf(x), l.scope.typeOf(y)
	switch {
	case tx == intType && ty == intType, tx == strType && ty == strType:
		return token, true
	case tx == floatType && ty == floatType:
		if isLiteral(y) {
			return token, op != syntax.Gt && op != syntax.Ge
		}
		return token, isLiteral(x) && op != syntax.Lt && op != syntax.Le
	}
	return 0, false
}

func isLiteral(x syntax.Expr) bool {
	if u, ok := x.(*syntax.Unary); ok {
		x = u.X
	}
	_, ok := x.(*syntax.Constant)
	return ok
}

// truthIsNative reports whether Starlark judges an expression's truth as Python does.
func (l *lowerer) truthIsNative(x syntax.Expr) bool {
	t := l.scope.typeOf(x)
	return t != unsettled && t != unknownType
}

// isList reports whether an expression is a local variable that holds a list of the
// function's own making, and lives in no box: Starlark reads and sets its items.
func (l *lowerer) isList(x syntax.Expr) bool {
	n, ok := x.(*syntax.Name)
	if !ok {
		return false
	}
	owner, sym := l.scope.lookup(l.scope.mangle(n.ID))
	return owner != nil && owner.isFunction() && !sym.boxed && sym.kind == listType
}

// countOnly has a loop check that what it iterates over gives ints, if its variable is known
// to hold those.
func (l *lowerer) countOnly(iter stars.Expr, target syntax.Expr, s *scope) {
	n, ok := target.(*syntax.Name)
	if !ok {
		return
	}
	sym := s.symbols[s.mangle(n.ID)]
	if call, ok := iter.(*stars.CallExpr); ok && len(call.Args) == 1 && s.isFunction() && sym != nil && sym.kind == intType {
		call.Fn = l.helper("count", syntax.Pos{Line: call.Lparen.Line, Col: call.Lparen.Col})
	}
}

// rereads reports whether an expression can be evaluated twice: nothing binds it meanwhile.
func (l *lowerer) rereads(x syntax.Expr) bool {
	_, constant := x.(*syntax.Constant)
	return constant || l.isLocal(x)
}

// listPlace is x[i] as Starlark assigns it, or nil where that does not do. Starlark's error
// of an index that is out of range does not tell of an assignment: the function's name does
// (see signature.Stores).
func (l *lowerer) listPlace(x *syntax.Subscript) stars.Expr {
	place := l.item(x)
	if place != nil {
		l.fn.stores = append(l.fn.stores, signature.Place{Line: x.Lbrack.Line, Col: x.Lbrack.Col})
	}
	return place
}

// item lowers x[i] to Starlark's own operation, or gives nil where that does not do.
func (l *lowerer) item(x *syntax.Subscript) stars.Expr {
	if !l.isList(x.X) || l.scope.typeOf(x.Index) != intType {
		return nil
	}
	return &stars.IndexExpr{X: l.expr(x.X), Lbrack: l.pos(x.Lbrack), Y: l.expr(x.Index), Rbrack: l.pos(x.Stop)}
}
