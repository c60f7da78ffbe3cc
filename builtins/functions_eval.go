package builtins

import (
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"go.starlark.net/starlark"
)

// evalFunctions compute what was put off.
var evalFunctions = []function{
	{"eval(*args) -> None",
		"Computes arrays, and those in nested lists, tuples, dicts and modules, and waits for them. Other values are skipped.",
		func(c *Call) starlark.Value {
			c.check(c.m.Engine.Eval(c.m.host.Context(), c.tree(c.rest)...))
			c.m.Engine.EndStep()
			return starlark.None
		}},
	{"async_eval(*args) -> None",
		"Starts to compute arrays, and those in nested lists, tuples, dicts and modules, without waiting for them.",
		func(c *Call) starlark.Value {
			if c.m.tracing != nil {
				c.fail(object.ValueError, "async_eval: not allowed inside a function that is being transformed (%s)", c.m.tracing.trace.Name())
			}
			c.check(c.m.Engine.AsyncEval(c.m.host.Context(), c.tree(c.rest)...))
			c.m.Engine.EndStep()
			return starlark.None
		}},
}

// tree lists the arrays in nested containers. A container that contains itself
// is walked once.
func (c *Call) tree(vs starlark.Tuple) []*engine.Node {
	var out []*engine.Node
	var seen map[starlark.Value]bool
	var walk func(v starlark.Value)
	walk = func(v starlark.Value) {
		switch v := v.(type) {
		case *Array:
			out = append(out, v.Node())
			return
		case starlark.Tuple:
			for _, item := range v {
				walk(item)
			}
			return
		case *starlark.List, *starlark.Dict, *object.Instance:
			if seen[v] {
				return
			}
			if seen == nil {
				seen = map[starlark.Value]bool{}
			}
			seen[v] = true
		default:
			return
		}
		if d, ok := object.AsDict(v); ok {
			for _, kv := range d.Items() {
				walk(kv[1])
			}
		} else if items, ok := rowsOf(v); ok {
			for i := range items.len() {
				walk(items.at(i))
			}
		}
	}
	for _, v := range vs {
		walk(v)
	}
	return out
}
