package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// unbatched marks an array that is the same for every example.
const unbatched = -1 << 31

// vmap gives a function of batches, of one that takes single examples.
func vmap(c *Call) starlark.Value {
	m, fn := c.m, c.callable("fun")
	inAxes, outAxes := c.axesTree("in_axes"), c.axesTree("out_axes")
	return &Transformed{name: "vmap", fn: fn, thread: c.thread, call: func(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if len(kwargs) > 0 {
			return nil, object.Errorf(object.TypeError, "vmap: the function takes no keyword arguments, got '%s'", string(kwargs[0][0].(starlark.String)))
		}
		v := &vectorized{m: m, thread: thread, inAxes: inAxes, outAxes: outAxes}
		return v.call(fn, args)
	}}
}

// axesTree takes an axis or a tree of axes and None. None alone is no axis.
func (c *Call) axesTree(name string) starlark.Value {
	v := c.arg(name)
	if v == nil {
		return starlark.MakeInt(0)
	}
	if v == starlark.None {
		c.mistyped(name, v, "int or a tree of int and None")
	}
	_, err := mapTree(v, func(leaf starlark.Value) (starlark.Value, error) {
		if _, ok := leaf.(starlark.Int); !ok && leaf != starlark.None {
			return nil, object.Errorf(object.ValueError, "vmap: %s holds %s, want int or None", name, object.TypeName(leaf))
		}
		return leaf, nil
	})
	c.check(err)
	return v
}

// vectorized is one call of a function under vmap.
type vectorized struct {
	m               *Module
	thread          *starlark.Thread
	inAxes, outAxes starlark.Value
	size            int // of the batch, or -1 before it is known
}

func (v *vectorized) call(fn starlark.Value, args starlark.Tuple) (starlark.Value, error) {
	axes, err := v.argumentAxes(args)
	if err != nil {
		return nil, err
	}
	t := v.m.startTracing(v.thread, "vmap", true)
	defer t.end()
	var placeholders, batches []*engine.Node
	next := 0
	t.sub.replace = func(a *Array) *Array {
		axis := axes[next]
		next++
		if axis == unbatched {
			return v.m.wrap(a.Node())
		}
		shape := append([]int(nil), a.Shape()...)
		p := t.trace.Placeholder(t.c.b, append(shape[:axis], shape[axis+1:]...), a.Dtype())
		placeholders = append(placeholders, p)
		batches = append(batches, t.c.b.MoveAxis(a.Node(), axis, 0))
		t.noteInput("transform.batch", p, a.Node(), starlark.MakeInt(axis))
		return t.tracer(a.Node(), p)
	}
	args = append(starlark.Tuple(nil), args...)
	t.err = t.c.run(func() {
		for i := range args {
			t.enter(&args[i])
			t.c.check(t.err)
		}
	})
	out := t.apply(fn, args, nil)
	if t.err != nil {
		return nil, t.err
	}
	return v.results(t, out, placeholders, batches)
}

// argumentAxes finds the batch axis of every array of the arguments.
func (v *vectorized) argumentAxes(args starlark.Tuple) ([]int, error) {
	var tree starlark.Value = args
	if len(args) == 1 {
		tree = args[0]
		// One argument's axes stand alone; a tuple of one is taken for the same.
		if axes, ok := object.AsTuple(v.inAxes); ok && len(axes) == 1 {
			if _, ok := object.AsTuple(tree); !ok {
				v.inAxes = axes[0]
			}
		}
	}
	v.size = -1
	var axes []int
	err := matchAxes("in_axes", tree, v.inAxes, func(leaf starlark.Value, axis starlark.Value) error {
		a, ok := leaf.(*Array)
		if !ok {
			return object.Errorf(object.ValueError, "vmap: the arguments hold %s, want arrays only", object.TypeName(leaf))
		}
		if axis == starlark.None {
			axes = append(axes, unbatched)
			return nil
		}
		at, _ := indexOf(axis)
		if at < 0 {
			at += len(a.Shape())
		}
		if at < 0 || at >= len(a.Shape()) {
			return object.Errorf(object.IndexError, "vmap: axis %s is out of range for an array with %d axes", axis, len(a.Shape()))
		}
		n := a.Shape()[at]
		if v.size >= 0 && n != v.size {
			return object.Errorf(object.ValueError, "vmap: the batches have %d and %d examples", v.size, n)
		}
		v.size, axes = n, append(axes, at)
		return nil
	})
	if err == nil && v.size < 0 {
		err = object.Errorf(object.ValueError, "vmap: in_axes names no batch axis")
	}
	return axes, err
}

// matchAxes gives f every leaf of a tree with its axis. An axis stands for all
// that lies below its place.
func matchAxes(name string, tree, axes starlark.Value, f func(leaf, axis starlark.Value) error) error {
	if _, ok := axes.(starlark.Int); ok || axes == starlark.None {
		_, err := mapTree(tree, func(leaf starlark.Value) (starlark.Value, error) { return leaf, f(leaf, axes) })
		return err
	}
	mismatch := object.Errorf(object.ValueError, "vmap: %s is a %s where there is %s", name, object.TypeName(axes), object.TypeName(tree))
	if d, ok := object.AsDict(tree); ok {
		da, ok := object.AsDict(axes)
		if !ok {
			return mismatch
		}
		for _, kv := range d.Items() {
			axis, found, err := da.Get(kv[0])
			if err != nil {
				return err
			}
			if !found {
				return object.Errorf(object.ValueError, "vmap: %s lacks the key %s", name, kv[0])
			}
			if err := matchAxes(name, kv[1], axis, f); err != nil {
				return err
			}
		}
		return nil
	}
	items, ok := sequence(tree)
	each, okAxes := sequence(axes)
	if !ok || !okAxes {
		return mismatch
	}
	if len(items) != len(each) {
		return object.Errorf(object.ValueError, "vmap: %s has %d entries where there are %d", name, len(each), len(items))
	}
	for i, item := range items {
		if err := matchAxes(name, item, each[i], f); err != nil {
			return err
		}
	}
	return nil
}

// results makes batches of the outputs and puts their axes where out_axes says.
func (v *vectorized) results(t *tracing, out starlark.Value, placeholders, batches []*engine.Node) (starlark.Value, error) {
	var single []*engine.Node
	var axes []starlark.Value
	if each, ok := object.AsTuple(v.outAxes); ok && len(each) == 1 {
		if _, single := out.(*Array); single {
			v.outAxes = each[0] // one output's axis stands alone, too
		}
	}
	err := matchAxes("out_axes", out, v.outAxes, func(leaf, axis starlark.Value) error {
		a, ok := leaf.(*Array)
		if !ok {
			return object.Errorf(object.ValueError, "vmap: the function returned %s, want arrays only", object.TypeName(leaf))
		}
		single, axes = append(single, a.Node()), append(axes, axis)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var nodes []*engine.Node
	err = t.c.run(func() {
		resume := t.suspend()
		defer resume()
		nodes = v.spread(t.c, t.trace.VMap(t.c.b, single, placeholders, batches, v.size), axes)
	})
	if err != nil {
		return nil, err
	}
	t.noteResult("transform.vmap", nodes, t.codes(single), starlark.Tuple(axes))
	return v.m.refill(out, nodes)
}

// spread moves the batch axes of outputs to where they are wanted.
func (v *vectorized) spread(c *Call, nodes []*engine.Node, axes []starlark.Value) []*engine.Node {
	for i, axis := range axes {
		at, ok := indexOf(axis)
		if !ok {
			c.fail(object.ValueError, "vmap: out_axes is None where the output is a batch")
		}
		if rank := nodes[i].Rank(); at < -rank || at >= rank {
			c.fail(object.IndexError, "vmap: the output axis %d is out of range for an array with %d axes", at, rank)
		}
		nodes[i] = c.b.MoveAxis(nodes[i], 0, at)
	}
	return nodes
}
