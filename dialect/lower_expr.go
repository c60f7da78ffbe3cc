package dialect

import (
	"math/big"

	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// operatorNames are the helpers of the arithmetic operators; "i" before the
// name is the augmented form.
var operatorNames = [...]string{
	syntax.Add:      "add",
	syntax.Sub:      "sub",
	syntax.Mul:      "mul",
	syntax.MatMul:   "matmul",
	syntax.Div:      "div",
	syntax.FloorDiv: "floordiv",
	syntax.Mod:      "mod",
	syntax.Pow:      "pow",
	syntax.LShift:   "lshift",
	syntax.RShift:   "rshift",
	syntax.BitAnd:   "and",
	syntax.BitOr:    "or",
	syntax.BitXor:   "xor",
}

// compareNames are the helpers of the comparisons; "?" after the name is the
// form that gives the truth of the result.
var compareNames = [...]string{
	syntax.Eq: "eq",
	syntax.Ne: "ne",
	syntax.Lt: "lt",
	syntax.Le: "le",
	syntax.Gt: "gt",
	syntax.Ge: "ge",
}

var unaryNames = [...]string{
	syntax.Neg:    "neg",
	syntax.Plus:   "pos",
	syntax.Invert: "invert",
}

func (l *lowerer) exprs(xs []syntax.Expr) []stars.Expr {
	out := make([]stars.Expr, len(xs))
	for i, x := range xs {
		out[i] = l.expr(x)
	}
	return out
}

// expr lowers an expression for its value.
func (l *lowerer) expr(x syntax.Expr) stars.Expr {
	at := x.Range().Start
	switch x := x.(type) {
	case *syntax.Name:
		return l.load(x.ID, at)
	case *syntax.Constant:
		return l.constant(x)
	case *syntax.JoinedString:
		return l.joined(x)
	case *syntax.TupleExpr:
		if hasStar(x.Elems) {
			return l.call("totuple", at, l.starred(x.Elems, at))
		}
		return l.tuple(at, l.exprs(x.Elems)...)
	case *syntax.ListExpr:
		if hasStar(x.Elems) {
			return l.starred(x.Elems, at)
		}
		return &stars.ListExpr{Lbrack: l.pos(at), List: l.exprs(x.Elems), Rbrack: l.pos(at)}
	case *syntax.SetExpr:
		if hasStar(x.Elems) {
			return l.call("set", at, l.starred(x.Elems, at))
		}
		return l.call("set", at, l.tuple(at, l.exprs(x.Elems)...))
	case *syntax.DictExpr:
		return l.dict(x)
	case *syntax.Unary:
		return l.unary(x)
	case *syntax.Binary:
		if c := fold(x); c != nil {
			return l.constant(c)
		}
		return l.binary(x, operatorNames[x.Op])
	case *syntax.BoolOp:
		return l.boolOp(x)
	case *syntax.Compare:
		return l.compare(x, false)
	case *syntax.Conditional:
		return l.chosen(x, l.expr)
	case *syntax.Lambda:
		return l.lambda(x)
	case *syntax.Call:
		return l.callExpr(x)
	case *syntax.Attribute:
		return l.part(x, "")
	case *syntax.Subscript:
		return l.part(x, "")
	case *syntax.Slice:
		return l.call("slice", at, l.bound(x.Lo, at), l.bound(x.Hi, at), l.bound(x.Step, at))
	case *syntax.Comprehension:
		return l.comprehension(x, l.expr)
	case *syntax.Walrus:
		return l.call("store", at, l.container(x.Target.ID, at), l.expr(x.Value))
	case *syntax.Await:
		return l.call("await", at, l.expr(x.X))
	case *syntax.Yield:
		return l.yield(x)
	case *syntax.Starred:
		l.fail(x.Span, "can't use starred expression here")
	}
	l.fail(x.Range(), "unsupported expression")
	return nil
}

// part lowers a part of a slice, which may be left out.
func (l *lowerer) bound(x syntax.Expr, at syntax.Pos) stars.Expr {
	if x == nil {
		return l.none(at)
	}
	return l.expr(x)
}

func (l *lowerer) constant(c *syntax.Constant) stars.Expr {
	at := c.Start
	lit := func(tok stars.Token) stars.Expr {
		return &stars.Literal{Token: tok, TokenPos: l.pos(at), Value: c.Value}
	}
	switch c.Kind {
	case syntax.NoneConst:
		return l.none(at)
	case syntax.BoolConst:
		return l.boolean(c.Value.(bool), at)
	case syntax.EllipsisConst:
		return l.helper("Ellipsis", at)
	case syntax.IntConst:
		return lit(stars.INT)
	case syntax.FloatConst:
		return lit(stars.FLOAT)
	case syntax.ImagConst:
		return l.call("imag", at, lit(stars.FLOAT))
	case syntax.BytesConst:
		return lit(stars.BYTES)
	}
	return lit(stars.STRING)
}

// joined lowers an f-string.
func (l *lowerer) joined(x *syntax.JoinedString) stars.Expr {
	if len(x.Parts) == 0 {
		return l.str("", x.Start)
	}
	parts := make([]stars.Expr, len(x.Parts))
	for i, p := range x.Parts {
		parts[i] = l.formatted(p)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return l.spread("join", x.Start, parts)
}

// maxArgs is the number of arguments a Starlark call can take.
const maxArgs = 255

// spread is a call of a helper with any number of arguments.
func (l *lowerer) spread(name string, at syntax.Pos, args []stars.Expr) stars.Expr {
	if len(args) <= maxArgs {
		return l.call(name, at, args...)
	}
	return l.call(name, at, &stars.UnaryExpr{OpPos: l.pos(at), Op: stars.STAR, X: l.tuple(at, args...)})
}

func (l *lowerer) formatted(p syntax.Expr) stars.Expr {
	f, ok := p.(*syntax.Formatted)
	if !ok {
		return l.expr(p)
	}
	x := l.expr(f.X)
	at := f.X.Range().Start
	switch f.Conv {
	case 'r':
		x = l.call("repr", at, x)
	case 's':
		x = l.call("str", at, x)
	case 'a':
		x = l.call("ascii", at, x)
	}
	if f.Spec == nil || len(f.Spec.Parts) == 0 {
		return l.call("format", at, x)
	}
	return l.call("format", at, x, l.expr(f.Spec))
}

func hasStar(xs []syntax.Expr) bool {
	for _, x := range xs {
		if _, ok := x.(*syntax.Starred); ok {
			return true
		}
	}
	return false
}

// starred is the list of a display some of whose elements are starred: pieces
// that are concatenated. A starred piece goes alone, the others as tuples.
func (l *lowerer) starred(xs []syntax.Expr, at syntax.Pos) stars.Expr {
	var pieces, run []stars.Expr
	flush := func() {
		if len(run) > 0 {
			pieces = append(pieces, l.tuple(at, run...))
			run = nil
		}
	}
	for _, x := range xs {
		if s, ok := x.(*syntax.Starred); ok {
			flush()
			pieces = append(pieces, l.call("star", s.Start, l.expr(s.X)))
			continue
		}
		run = append(run, l.expr(x))
	}
	flush()
	return l.spread("concat", at, pieces)
}

// dict lowers a display to pieces: tuples of alternating keys and values, and mappings.
func (l *lowerer) dict(x *syntax.DictExpr) stars.Expr {
	var pieces, run []stars.Expr
	flush := func() {
		if len(run) > 0 {
			pieces = append(pieces, l.tuple(x.Start, run...))
			run = nil
		}
	}
	for i, k := range x.Keys {
		if k == nil {
			flush()
			pieces = append(pieces, l.call("mapping", x.Values[i].Range().Start, l.expr(x.Values[i])))
			continue
		}
		run = append(run, l.expr(k), l.expr(x.Values[i]))
	}
	flush()
	return l.spread("dict", x.Start, pieces)
}

func (l *lowerer) unary(x *syntax.Unary) stars.Expr {
	if x.Op == syntax.Not {
		return &stars.UnaryExpr{OpPos: l.pos(x.Start), Op: stars.NOT, X: l.cond(x.X)}
	}
	if c := foldUnary(x); c != nil {
		return l.constant(c)
	}
	if t := l.scope.typeOf(x.X); x.Op == syntax.Neg && (t == intType || t == floatType) {
		return &stars.UnaryExpr{OpPos: l.pos(x.Start), Op: stars.MINUS, X: l.expr(x.X)}
	}
	return l.call(unaryNames[x.Op], x.Start, l.expr(x.X))
}

// isBool tells whether the value of an expression is surely a bool.
func isBool(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Constant:
		return x.Kind == syntax.BoolConst
	case *syntax.Unary:
		return x.Op == syntax.Not
	case *syntax.BoolOp:
		for _, e := range x.X {
			if !isBool(e) {
				return false
			}
		}
		return true
	case *syntax.Compare:
		for _, op := range x.Ops {
			if op < syntax.Is {
				return false
			}
		}
		return true
	}
	return false
}

// cond lowers an expression for its truth: to one whose Starlark truth is it.
func (l *lowerer) cond(x syntax.Expr) stars.Expr {
	switch x := x.(type) {
	case *syntax.BoolOp:
		return l.chain(x, l.cond, l.cond)
	case *syntax.Compare:
		return l.compare(x, true)
	case *syntax.Conditional:
		at := l.pos(x.Start)
		return &stars.CondExpr{If: at, Cond: l.cond(x.Cond), True: l.cond(x.Then), ElsePos: at, False: l.cond(x.Else)}
	case *syntax.Constant:
		switch x.Kind {
		case syntax.NoneConst, syntax.BoolConst, syntax.IntConst, syntax.FloatConst, syntax.StringConst:
			return l.constant(x)
		}
	}
	if isBool(x) || l.truthIsNative(x) {
		return l.expr(x)
	}
	return l.call("truth", x.Range().Start, l.expr(x))
}

// boolOp lowers and/or for its value. An operand whose truth Starlark would
// not judge as Python does is wrapped while it decides (see choice).
func (l *lowerer) boolOp(x *syntax.BoolOp) stars.Expr {
	if isBool(x) {
		return l.cond(x)
	}
	wrapped := false
	decide := func(e syntax.Expr) stars.Expr {
		if isBool(e) || l.truthIsNative(e) {
			return l.expr(e)
		}
		wrapped = true
		return l.call("choice", e.Range().Start, l.expr(e))
	}
	if chain := l.chain(x, decide, l.expr); wrapped {
		return l.call("chosen", x.Start, chain)
	} else {
		return chain
	}
}

// chain joins the operands of and/or: each but the last decides.
func (l *lowerer) chain(x *syntax.BoolOp, decide, last func(syntax.Expr) stars.Expr) stars.Expr {
	op := stars.AND
	if x.Or {
		op = stars.OR
	}
	n := len(x.X) - 1
	out := decide(x.X[0])
	for i, e := range x.X[1:] {
		y := last
		if i+1 < n {
			y = decide
		}
		out = &stars.BinaryExpr{X: out, OpPos: l.pos(e.Range().Start), Op: op, Y: y(e)}
	}
	return out
}

// compare lowers a comparison for its value or, if truth, for its truth.
func (l *lowerer) compare(x *syntax.Compare, truth bool) stars.Expr {
	if len(x.Ops) == 1 {
		return l.comparison(x.Ops[0], x.OpPos[0], l.expr(x.X[0]), l.expr(x.X[1]), truth, x.X[0], x.X[1])
	}
	// Each inner operand is evaluated once: a lambda holds what is met twice.
	var step func(i int, left string) stars.Expr
	step = func(i int, left string) stars.Expr {
		at := x.OpPos[i]
		if i == len(x.Ops)-1 {
			return l.comparison(x.Ops[i], at, l.ident(left, at), l.expr(x.X[i+1]), truth, nil, x.X[i+1])
		}
		right := l.temp("cmp")
		first := l.comparison(x.Ops[i], at, l.ident(left, at), l.ident(right, at), truth, nil, nil)
		if !truth && x.Ops[i] < syntax.Is {
			first = l.call("choice", at, first)
		}
		and := &stars.BinaryExpr{X: first, OpPos: l.pos(at), Op: stars.AND, Y: step(i+1, right)}
		return l.let([]string{right}, []stars.Expr{l.expr(x.X[i+1])}, and, at)
	}
	at := x.OpPos[0]
	var out stars.Expr
	if c, ok := x.X[0].(*syntax.Constant); ok && len(x.Ops) == 2 && l.isLocal(x.X[1]) {
		// 0 <= i < n: nothing needs holding.
		first := l.comparison(x.Ops[0], at, l.constant(c), l.expr(x.X[1]), truth, c, x.X[1])
		if !truth && x.Ops[0] < syntax.Is {
			first = l.call("choice", at, first)
		}
		second := l.comparison(x.Ops[1], x.OpPos[1], l.expr(x.X[1]), l.expr(x.X[2]), truth, x.X[1], x.X[2])
		out = &stars.BinaryExpr{X: first, OpPos: l.pos(at), Op: stars.AND, Y: second}
	} else {
		left := l.temp("cmp")
		out = l.let([]string{left}, []stars.Expr{l.expr(x.X[0])}, step(0, left), at)
	}
	if truth {
		return out
	}
	return l.call("chosen", x.Start, out)
}

// isLocal tells whether an expression is a plain local variable, which can be
// read twice.
func (l *lowerer) isLocal(x syntax.Expr) bool {
	n, ok := x.(*syntax.Name)
	if !ok {
		return false
	}
	owner, sym := l.scope.lookup(l.scope.mangle(n.ID))
	return owner != nil && owner.kind != classScope && !sym.boxed
}

// let evaluates body with variables bound: a lambda called at once.
func (l *lowerer) let(names []string, values []stars.Expr, body stars.Expr, at syntax.Pos) stars.Expr {
	fn := &stars.LambdaExpr{Lambda: l.pos(at), Body: body}
	for _, name := range names {
		fn.Params = append(fn.Params, l.ident(name, at))
	}
	return &stars.CallExpr{Fn: fn, Lparen: l.pos(at), Args: values, Rparen: l.pos(at)}
}

// comparison lowers one comparison of lowered operands. X and y are the
// operands' own trees where they are at hand.
func (l *lowerer) comparison(op syntax.CompareOp, at syntax.Pos, lx, ly stars.Expr, truth bool, x, y syntax.Expr) stars.Expr {
	not := func(e stars.Expr) stars.Expr {
		return &stars.UnaryExpr{OpPos: l.pos(at), Op: stars.NOT, X: e}
	}
	switch op {
	case syntax.Is, syntax.IsNot:
		var same stars.Expr
		if isNone(x) || isNone(y) {
			// Nothing but None equals None in Starlark.
			same = &stars.BinaryExpr{X: lx, OpPos: l.pos(at), Op: stars.EQL, Y: ly}
		} else {
			same = l.call("is", at, lx, ly)
		}
		if op == syntax.IsNot {
			return not(same)
		}
		return same
	case syntax.In:
		return l.call("in", at, lx, ly)
	case syntax.NotIn:
		return not(l.call("in", at, lx, ly))
	}
	if token, ok := l.nativeComparison(op, x, y); ok {
		return &stars.BinaryExpr{X: lx, OpPos: l.pos(at), Op: token, Y: ly}
	}
	name := compareNames[op]
	if truth {
		name += "?"
	}
	return l.call(name, at, lx, ly)
}

func isNone(x syntax.Expr) bool {
	c, ok := x.(*syntax.Constant)
	return ok && c.Kind == syntax.NoneConst
}

// attribute lowers x.name. A module's attribute is read by Starlark itself.
// fold computes an operation on integer literals whose result is small.
func fold(x *syntax.Binary) *syntax.Constant { return foldBinary(x, foldDepth) }

// foldDepth bounds how deep literals are looked for: a sum of many terms, which
// nests to the left, must not be walked for each of them.
const foldDepth = 6

func foldBinary(x *syntax.Binary, depth int) *syntax.Constant {
	b, ok := foldInt(x.Y, depth-1)
	if !ok {
		return nil
	}
	a, ok := foldInt(x.X, depth-1)
	if !ok {
		return nil
	}
	var z *big.Int
	p, q := big.NewInt(a), big.NewInt(b)
	switch x.Op {
	case syntax.Add:
		z = new(big.Int).Add(p, q)
	case syntax.Sub:
		z = new(big.Int).Sub(p, q)
	case syntax.Mul:
		z = new(big.Int).Mul(p, q)
	case syntax.Pow:
		if b < 0 || b > 64 {
			return nil
		}
		z = new(big.Int).Exp(p, q, nil)
	case syntax.LShift:
		if b < 0 || b > 64 {
			return nil
		}
		z = new(big.Int).Lsh(p, uint(b))
	default:
		return nil
	}
	if !z.IsInt64() {
		return nil
	}
	return &syntax.Constant{Span: x.Span, Kind: syntax.IntConst, Value: z.Int64()}
}

func foldInt(x syntax.Expr, depth int) (int64, bool) {
	if depth == 0 {
		return 0, false
	}
	switch e := x.(type) {
	case *syntax.Constant:
		n, ok := e.Value.(int64)
		return n, ok && e.Kind == syntax.IntConst
	case *syntax.Binary:
		if c := foldBinary(e, depth); c != nil {
			return c.Value.(int64), true
		}
	case *syntax.Unary:
		if c := foldUnary(e); c != nil {
			n, ok := c.Value.(int64)
			return n, ok
		}
	}
	return 0, false
}

// foldUnary negates a number literal. A float zero stays an operation, as
// Starlark's constants do not tell -0.0 from 0.0.
func foldUnary(x *syntax.Unary) *syntax.Constant {
	c, ok := x.X.(*syntax.Constant)
	if !ok || x.Op != syntax.Neg {
		return nil
	}
	out := &syntax.Constant{Span: x.Span, Kind: c.Kind}
	switch v := c.Value.(type) {
	case int64:
		out.Value = -v
	case *big.Int:
		out.Value = new(big.Int).Neg(v)
	case float64:
		if c.Kind != syntax.FloatConst || v == 0 {
			return nil
		}
		out.Value = -v
	default:
		return nil
	}
	return out
}
