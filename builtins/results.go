package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/engine"
)

// out makes a node the call's result.
func (c *Call) out(n *engine.Node) starlark.Value { return c.m.wrap(n) }

// outs makes nodes a list or, with tuple set, a tuple.
func (c *Call) outs(ns []*engine.Node, tuple bool) starlark.Value {
	vs := make([]starlark.Value, len(ns))
	for i, n := range ns {
		vs[i] = c.out(n)
	}
	if tuple {
		return starlark.Tuple(vs)
	}
	return starlark.NewList(vs)
}

// value abandons the call if err is not nil.
func (c *Call) value(v starlark.Value, err error) starlark.Value {
	c.check(err)
	return v
}
