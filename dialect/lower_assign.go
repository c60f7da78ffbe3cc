package dialect

import (
	stars "go.starlark.net/syntax"

	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// assignStmt lowers targets = value.
func (l *lowerer) assignStmt(s *syntax.Assign) {
	at := s.Start
	if len(s.Targets) == 1 {
		l.assignTarget(s.Targets[0], s.Value, at)
		return
	}
	held := l.temp("value")
	l.assign(l.ident(held, at), l.expr(s.Value), at)
	for _, t := range s.Targets {
		l.store(t, l.ident(held, at), at)
	}
	l.clear(held, at)
}

// assignTarget lowers target = value, evaluating the value first.
func (l *lowerer) assignTarget(t syntax.Expr, value syntax.Expr, at syntax.Pos) {
	elems := targetElems(t)
	if values, ok := value.(*syntax.TupleExpr); ok && len(elems) == len(values.Elems) && len(elems) > 0 &&
		!hasStar(values.Elems) && l.onlyNames(elems) {
		// a, b = x, y: Starlark's own tuple and unpacking do.
		lhs := l.tuple(at)
		for _, e := range elems {
			n := e.(*syntax.Name)
			lhs.List = append(lhs.List, l.place(n.ID, n.Start))
		}
		l.assign(lhs, l.expr(value), at)
		return
	}
	switch t.(type) {
	case *syntax.Attribute, *syntax.Subscript:
		if !simple(value) && !simple(t) {
			// The value is evaluated before the parts of the target.
			held := l.temp("value")
			l.assign(l.ident(held, at), l.expr(value), at)
			l.store(t, l.ident(held, at), at)
			l.clear(held, at)
			return
		}
	}
	if sum := l.tupleSum(t, value); sum != nil {
		l.store(t, sum, at)
		return
	}
	if l.ownable(t) {
		if list := l.newList(value); list != nil {
			n := t.(*syntax.Name)
			l.assign(l.field(l.container(n.ID, n.Start), elements, n.Start), list, n.Start)
			return
		}
		l.store(t, l.passing(value), at)
		return
	}
	l.store(t, l.expr(value), at)
}

// tupleSum lowers t + (x, ...) for the variable t that takes it: such tuples grow. It
// gives nil for other values.
func (l *lowerer) tupleSum(t, value syntax.Expr) stars.Expr {
	sum, ok := value.(*syntax.Binary)
	if !ok || sum.Op != syntax.Add {
		return nil
	}
	n, ok := t.(*syntax.Name)
	x, same := sum.X.(*syntax.Name)
	y, tuple := sum.Y.(*syntax.TupleExpr)
	if !ok || !same || !tuple || n.ID != x.ID || hasStar(y.Elems) {
		return nil
	}
	return l.call("addtuple", sum.OpPos, l.expr(x), l.expr(y))
}

// simple tells whether evaluating an expression neither has effects nor
// depends on the effects of another.
func simple(x syntax.Expr) bool {
	switch x := x.(type) {
	case nil, *syntax.Name, *syntax.Constant:
		return true
	case *syntax.Attribute:
		return simple(x.X)
	case *syntax.Subscript:
		return simple(x.X) && simple(x.Index)
	case *syntax.Unary:
		return simple(x.X)
	case *syntax.Binary:
		return simple(x.X) && simple(x.Y)
	case *syntax.Slice:
		return (x.Lo == nil || simple(x.Lo)) && (x.Hi == nil || simple(x.Hi)) && (x.Step == nil || simple(x.Step))
	case *syntax.TupleExpr:
		for _, e := range x.Elems {
			if !simple(e) {
				return false
			}
		}
		return true
	}
	return false
}

// targetElems gives the elements of a tuple or list target, or nil.
func targetElems(t syntax.Expr) []syntax.Expr {
	switch t := t.(type) {
	case *syntax.TupleExpr:
		return t.Elems
	case *syntax.ListExpr:
		return t.Elems
	}
	return nil
}

func (l *lowerer) onlyNames(xs []syntax.Expr) bool {
	for _, x := range xs {
		if _, ok := x.(*syntax.Name); !ok {
			return false
		}
	}
	return true
}

// store assigns a lowered value to a target.
func (l *lowerer) store(t syntax.Expr, value stars.Expr, at syntax.Pos) {
	switch t := t.(type) {
	case *syntax.Name:
		l.assign(l.place(t.ID, t.Start), value, t.Start)
	case *syntax.Attribute:
		name := l.scope.mangle(t.Name)
		l.exprStmt(l.call("setattr", t.NamePos, l.expr(t.X), l.str(name, t.NamePos), value))
	case *syntax.Subscript:
		if place := l.listPlace(t); place != nil {
			l.assign(place, value, t.Lbrack)
			return
		}
		if v := l.holder(t.X); v != nil && l.scope.isFunction() {
			l.exprStmt(l.call("setitemof", t.Lbrack, v, l.expr(t.Index), value))
			return
		}
		l.exprStmt(l.call("setitem", t.Lbrack, l.expr(t.X), l.expr(t.Index), value))
	default:
		vars, spec, after := l.targets(t)
		l.assign(vars, l.call("unpack", at, value, spec), at)
		for _, f := range after {
			f()
		}
	}
}

// targets gives the Starlark target that stands for t, the specification of how
// to unpack into it (see unpack), and what to do after assigning to it. If all
// of t's leaves are names, nothing; otherwise variables stand for the leaves,
// and the leaves are assigned in order.
func (l *lowerer) targets(t syntax.Expr) (vars, spec stars.Expr, after []func()) {
	if l.plainTarget(t) {
		vars, spec = l.pattern(t)
		return vars, spec, nil
	}
	vars, spec = l.shape(t, func(leaf syntax.Expr) stars.Expr {
		at := leaf.Range().Start
		held := l.temp("part")
		after = append(after, func() {
			l.store(leaf, l.ident(held, at), at)
			l.clear(held, at)
		})
		return l.ident(held, at)
	})
	return vars, spec, after
}

// plainTarget tells whether every leaf of a target is a name.
func (l *lowerer) plainTarget(t syntax.Expr) bool {
	switch t := t.(type) {
	case *syntax.Name:
		return true
	case *syntax.Starred:
		return l.plainTarget(t.X)
	case *syntax.TupleExpr, *syntax.ListExpr:
		for _, e := range targetElems(t) {
			if !l.plainTarget(e) {
				return false
			}
		}
		return true
	}
	return false
}

// pattern gives the Starlark target for a target whose leaves are names.
func (l *lowerer) pattern(t syntax.Expr) (vars, spec stars.Expr) {
	return l.shape(t, func(leaf syntax.Expr) stars.Expr {
		n, ok := leaf.(*syntax.Name)
		if !ok {
			l.fail(leaf.Range(), "assigning to %s in a comprehension is not supported: write a for loop", "an attribute or an item")
		}
		return l.place(n.ID, n.Start)
	})
}

// shape builds a target and its specification. The specification of a leaf is
// None; of a sequence of names without a star their number; of any other
// sequence the tuple (before, starred, after, specification of each element).
func (l *lowerer) shape(t syntax.Expr, leaf func(syntax.Expr) stars.Expr) (vars, spec stars.Expr) {
	at := t.Range().Start
	if _, ok := t.(*syntax.TupleExpr); !ok {
		if _, ok := t.(*syntax.ListExpr); !ok {
			return leaf(t), l.none(at)
		}
	}
	elems := targetElems(t)
	lhs := l.tuple(at)
	var specs []stars.Expr
	before, star, flat := 0, false, true
	for _, e := range elems {
		if s, ok := e.(*syntax.Starred); ok {
			star, flat = true, false
			e = s.X
		} else if !star {
			before++
		}
		v, s := l.shape(e, leaf)
		lhs.List = append(lhs.List, v)
		specs = append(specs, s)
		flat = flat && targetElems(e) == nil
		if _, isList := e.(*syntax.ListExpr); isList {
			flat = false
		}
		if _, isTuple := e.(*syntax.TupleExpr); isTuple {
			flat = false
		}
	}
	if flat {
		return lhs, l.int(int64(len(elems)), at)
	}
	afterStar := 0
	if star {
		afterStar = len(elems) - before - 1
	}
	head := []stars.Expr{l.int(int64(before), at), l.boolean(star, at), l.int(int64(afterStar), at)}
	return lhs, l.tuple(at, append(head, specs...)...)
}

// iter is the iterable of a loop: its elements come unpacked.
func (l *lowerer) iter(x, spec stars.Expr, async bool, at syntax.Pos) stars.Expr {
	helper := "iter"
	if async {
		helper = "aiter"
	}
	if l.isNoneHelper(spec) {
		return l.call(helper, at, x)
	}
	return l.call(helper, at, x, spec)
}

func (l *lowerer) isNoneHelper(x stars.Expr) bool {
	id, ok := x.(*stars.Ident)
	return ok && id.Name == "@None"
}

// augAssign lowers target op= value.
func (l *lowerer) augAssign(s *syntax.AugAssign) {
	name := "i" + operatorNames[s.Op]
	switch t := s.Target.(type) {
	case *syntax.Name:
		if token, ok := l.native(s.Op, t, s.Value); ok {
			sum := &stars.BinaryExpr{X: l.load(t.ID, t.Start), OpPos: l.pos(s.OpPos), Op: token, Y: l.expr(s.Value)}
			l.assign(l.place(t.ID, t.Start), sum, t.Start)
			return
		}
		l.assign(l.place(t.ID, t.Start), l.call(name, s.OpPos, l.load(t.ID, t.Start), l.expr(s.Value)), t.Start)
	case *syntax.Attribute:
		attr := l.str(l.scope.mangle(t.Name), t.NamePos)
		l.exprStmt(l.call(name+"ref", s.OpPos, l.call("attrref", t.NamePos, l.expr(t.X), attr), l.expr(s.Value)))
	case *syntax.Subscript:
		if x := l.item(t); x != nil && l.rereads(t.Index) {
			l.assign(l.listPlace(t), l.call(name, s.OpPos, x, l.expr(s.Value)), s.OpPos)
			return
		}
		l.exprStmt(l.call(name+"ref", s.OpPos, l.call("itemref", t.Lbrack, l.expr(t.X), l.expr(t.Index)), l.expr(s.Value)))
	}
}

func (l *lowerer) annAssign(s *syntax.AnnAssign) {
	if s.Value != nil {
		l.assignTarget(s.Target, s.Value, s.Start)
	}
	n, ok := s.Target.(*syntax.Name)
	if !ok {
		return
	}
	switch l.scope.kind {
	case classScope:
		l.exprStmt(l.call("annotate", s.Start, l.ident("@ns", s.Start), l.annotation(l.scope.mangle(n.ID), s.Annotation, s.Text)))
	case moduleScope:
		l.exprStmt(l.call("annotate", s.Start, l.cell("__annotations__", s.Start), l.annotation(n.ID, s.Annotation, s.Text)))
	}
}

// delete lowers del.
func (l *lowerer) delete(t syntax.Expr) {
	at := t.Range().Start
	switch t := t.(type) {
	case *syntax.Name:
		l.deleteName(t.ID, at)
	case *syntax.Attribute:
		l.exprStmt(l.call("delattr", t.NamePos, l.expr(t.X), l.str(l.scope.mangle(t.Name), t.NamePos)))
	case *syntax.Subscript:
		l.exprStmt(l.call("delitem", t.Lbrack, l.expr(t.X), l.expr(t.Index)))
	default:
		for _, e := range targetElems(t) {
			l.delete(e)
		}
	}
}

func (l *lowerer) deleteName(name string, at syntax.Pos) {
	mangled := l.scope.mangle(name)
	owner, sym := l.scope.binding(mangled)
	switch {
	case owner == nil || sym.boxed:
		l.exprStmt(l.call("delete", at, l.container(name, at)))
	case owner.kind == classScope:
		l.exprStmt(l.call("deletename", at, l.ident("@ns", at), l.str(mangled, at)))
	default:
		l.exprStmt(l.ident(sym.native, at)) // fails if it is unassigned
		l.clear(sym.native, at)
	}
}
