package dialect

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// An argument that passes goes to a function of the script's as a value like all: the
// function may do anything with it. But one that names its parameter once, as what it gives
// to a function of a module, as in lambda x: mx.eval(x), does nothing else with it. So the
// caller offers the argument to the frame of the function, where it is accepted: then it
// passes on.

// offer is an argument that the frame of a call may accept. No other frame can, whatever the
// function does with its argument.
type offer struct {
	thread *starlark.Thread
	depth  int // of the call's frame
	v      starlark.Value
}

// offered offers the passing arguments of a call that is to be made next, and gives how many
// they are.
func offered(thread *starlark.Thread, fn starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (n int) {
	depth := thread.CallStackDepth() + 1
	if b, ok := fn.(*object.BoundMethod); ok {
		fn, depth = b.Func, depth+1
	}
	if _, script := fn.(*starlark.Function); !script {
		return 0
	}
	give := func(v starlark.Value) {
		if o, ok := v.(object.HasOwnership); ok && *o.Ownership() == object.Passing {
			st := stateOf(thread)
			st.offers = append(st.offers, offer{thread, depth, v})
			object.Share(v)
			n++
		}
	}
	for _, v := range args {
		give(v)
	}
	for _, kv := range kwargs {
		give(kv[1])
	}
	return n
}

// withdraw ends the offers of the call that was made last. What was accepted and not used up
// is a value like all.
func withdraw(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) {
	st, depth := stateOf(thread), thread.CallStackDepth()
	st.offers = slices.DeleteFunc(st.offers, func(o offer) bool { return o.thread == thread && o.depth > depth })
	for _, v := range args {
		object.Share(v)
	}
	for _, kv := range kwargs {
		object.Share(kv[1])
	}
}

// accept has an argument pass that was offered to the frame that asks.
func accept(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	v := args[0]
	if _, ok := v.(object.HasOwnership); !ok {
		return v, nil
	}
	st, depth := stateOf(thread), thread.CallStackDepth()-1
	for i := range st.offers {
		if o := &st.offers[i]; o.thread == thread && o.depth == depth && o.v == v {
			o.v = nil
			object.Pass(v)
			break
		}
	}
	return v, nil
}

// reflective are functions that may see a variable that they are not told of.
var reflective = map[string]bool{"locals": true, "vars": true, "dir": true, "eval": true, "exec": true, "globals": true, "breakpoint": true}

// onceNamed are the names that stand once in the body of a function, all that is inside it
// included, and in no loop.
func onceNamed(body []syntax.Stmt) map[string]bool {
	once := map[string]bool{}
	reflects := false
	repeated := func(s syntax.Stmt) {
		syntax.Walk(&syntax.File{Body: []syntax.Stmt{s}}, func(n syntax.Node) bool {
			if n, ok := n.(*syntax.Name); ok {
				once[n.ID] = false
			}
			return true
		})
	}
	syntax.Walk(&syntax.File{Body: body}, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Name:
			_, again := once[n.ID]
			once[n.ID] = !again
			reflects = reflects || reflective[n.ID]
		case *syntax.While:
			repeated(n)
		case *syntax.For:
			repeated(n)
		case *syntax.Comprehension:
			repeated(&syntax.ExprStmt{Span: n.Span, X: n})
		}
		return true
	})
	if reflects {
		return nil
	}
	return once
}

// accepts reports whether an argument is a parameter of the function that is built, which
// does nothing else with it, and gives it once to what may be a function of a module.
func (l *lowerer) accepts(x syntax.Expr, call *syntax.Call) bool {
	n, ok := x.(*syntax.Name)
	if !ok || l.scope.kind != functionScope || l.scope.generator || !l.scope.once[n.ID] || len(l.fn.loops) > 0 || l.fn.body {
		return false
	}
	if name := moduleOf(call); name == "" || arrayless[name] {
		return false
	}
	sym := l.scope.symbols[l.scope.mangle(n.ID)]
	return sym != nil && sym.param && sym.binds == 0 && !sym.boxed && !sym.captured && !sym.walrus && !sym.rebinds
}
