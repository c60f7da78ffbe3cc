package dialect

import (
	"slices"

	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// This file chooses the local variables that may own arrays (see ownership.go). Such a
// variable lives in a box, which costs a call of the function some time: not every
// variable is worth that, but one that holds arrays is.

// computed notes a local variable that is assigned the result of an operator or a
// call, or a list of such. One that a loop computes from itself is an owner whatever it holds:
// x = x + b.
func (a *analyzer) computed(target, value syntax.Expr) {
	n, ok := target.(*syntax.Name)
	if !ok || !a.inFunction() {
		return
	}
	sym := a.scope.symbol(a.scope.mangle(n.ID))
	if sym.global || sym.nonlocal {
		return
	}
	switch v := value.(type) {
	case *syntax.Call:
		if name := moduleOf(v); name != "" {
			sym.usedBy = append(sym.usedBy, name)
		}
	case *syntax.Binary:
		if operatorNames[v.Op] == "matmul" {
			sym.boxed = true
		}
	case *syntax.Attribute:
		if v.Name != "T" && v.Name != "mT" {
			return
		}
	case *syntax.Subscript:
		switch {
		case isPart(v.Index):
			sym.boxed = true
		case !isSlice(v.Index):
			return
		}
	case *syntax.Comprehension:
		if v.Kind != syntax.ListComp || !mayMakeArray(v.Elem) {
			return
		}
	case *syntax.ListExpr:
		if len(v.Elems) == 0 || !mayMakeArray(v.Elems[0]) {
			return
		}
	default:
		return
	}
	sym.computed = true
	sym.looped = sym.looped || a.loops > 0 && mentions(value, n.ID)
}

// isPart reports whether an index is one of several axes of which some are sliced: only arrays
// have those.
func isPart(index syntax.Expr) bool {
	t, ok := index.(*syntax.TupleExpr)
	return ok && slices.ContainsFunc(t.Elems, func(x syntax.Expr) bool { _, ok := x.(*syntax.Slice); return ok })
}

// mayMakeArray reports whether an expression is an operator, or a call of what may be a
// function of a module that has arrays.
func mayMakeArray(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Binary:
		return true
	case *syntax.Call:
		name := moduleOf(x)
		return name != "" && !arrayless[name]
	}
	return false
}

// passed notes variables that are given to what may be a function of a module, such
// as mx.eval(x).
func (a *analyzer) passed(x *syntax.Call) {
	name := moduleOf(x)
	if name == "" || !a.inFunction() {
		return
	}
	for _, arg := range x.Args {
		if n, ok := arg.X.(*syntax.Name); ok {
			sym := a.scope.symbol(a.scope.mangle(n.ID))
			sym.usedBy = append(sym.usedBy, name)
		}
	}
}

// arrayLike notes a variable of which something is asked that arrays have.
func (a *analyzer) arrayLike(x syntax.Expr) {
	if n, ok := x.(*syntax.Name); ok && a.inFunction() {
		sym := a.scope.symbol(a.scope.mangle(n.ID))
		sym.usedBy = append(sym.usedBy, "") // no name is its own
	}
}

// moduleOf is the name before the first dot of a call of name.function, or of a function of
// a part of the module, or "".
func moduleOf(x *syntax.Call) string {
	f, ok := x.Fn.(*syntax.Attribute)
	for ok {
		switch of := f.X.(type) {
		case *syntax.Name:
			return of.ID
		case *syntax.Attribute:
			f = of
		default:
			return ""
		}
	}
	return ""
}

// mentions reports whether a name stands in the operands or arguments of an
// expression of calls and operators.
func mentions(x syntax.Expr, name string) bool {
	switch x := x.(type) {
	case *syntax.Name:
		return x.ID == name
	case *syntax.Binary:
		return mentions(x.X, name) || mentions(x.Y, name)
	case *syntax.Unary:
		return mentions(x.X, name)
	case *syntax.Call:
		for _, a := range x.Args {
			if mentions(a.X, name) {
				return true
			}
		}
	}
	return false
}

// arrayless are modules whose functions neither take nor give arrays.
var arrayless = map[string]bool{
	"math": true, "time": true, "os": true, "sys": true, "json": true, "random": true, "re": true, "datetime": true,
}

// adopt makes owners of the computed variables that have to do with functions of
// modules, which are globals, and of those that a loop computes from themselves. A variable
// that is known to hold numbers or texts is none.
func (s *scope) adopt() {
	for _, sym := range s.order {
		sym.celled = sym.boxed
		if sym.computed = sym.computed && !isScalar(sym.kind); !sym.computed || sym.boxed {
			continue
		}
		sym.boxed = sym.looped
		for _, name := range sym.usedBy {
			if owner, _ := s.lookup(name); owner == nil && !arrayless[name] {
				sym.boxed = true
				break
			}
		}
	}
}

// owners are the variables of a function that are done when it returns: nothing else
// sees them then.
func (s *scope) owners() (owners []*symbol) {
	if s.kind != functionScope || s.generator {
		return nil
	}
	for _, sym := range s.order {
		if sym.bound && sym.boxed && sym.computed && !sym.captured {
			owners = append(owners, sym)
		}
	}
	return owners
}
