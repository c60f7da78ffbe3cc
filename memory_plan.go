package mlxstar

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// plan is mlxstar.plan(*arrays, top=10): what evaluating the arrays would take, without
// running it. Arguments may be trees of arrays. It gives a dict:
//
//	peak        bytes above what is active now
//	operations  how many would run
//	tasks       as how many tasks, fused
//	holders     what is alive at the peak, the largest first: dicts of bytes, arrays
//	            (how many), operation, shape, dtype, where (file:line) and why
func (rt *Runtime) plan(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	top := 10
	if err := starlark.UnpackArgs(b.Name(), nil, kwargs, "top?", &top); err != nil {
		return nil, err
	}
	nodes, err := builtins.Nodes(args)
	if err != nil {
		return nil, object.Errorf(object.TypeError, "plan: %s", err)
	}
	p, err := rt.engine.Plan(nodes...)
	if err != nil {
		return nil, err
	}
	holders := make([]starlark.Value, 0, len(p.Holders))
	for _, h := range p.Holders[:min(max(top, 0), len(p.Holders))] {
		holders = append(holders, rt.holder(h))
	}
	return dict(
		"peak", starlark.MakeInt64(p.Peak), "operations", starlark.MakeInt(p.Operations),
		"tasks", starlark.MakeInt(p.Tasks), "holders", starlark.NewList(holders),
	), nil
}

func (rt *Runtime) holder(h engine.Holder) starlark.Value {
	shape := make(starlark.Tuple, len(h.Shape))
	for i, n := range h.Shape {
		shape[i] = starlark.MakeInt(n)
	}
	return dict(
		"bytes", starlark.MakeInt64(h.Bytes), "arrays", starlark.MakeInt(h.Arrays), "operation", starlark.String(h.Operation),
		"shape", shape, "dtype", starlark.String(h.Dtype.String()),
		"where", starlark.String(rt.engine.Sites().Where(h.Site)), "why", starlark.String(h.Why.String()),
	)
}

// dict makes a dict of keys, strings, and values in turn.
func dict(items ...any) *starlark.Dict {
	d := starlark.NewDict(len(items) / 2)
	for i := 0; i < len(items); i += 2 {
		_ = d.SetKey(starlark.String(items[i].(string)), items[i+1].(starlark.Value)) // a new dict takes strings
	}
	return d
}
