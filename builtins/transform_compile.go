package builtins

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// compiled is a function that is traced once for each form of its arguments and
// then built from the trace.
type compiled struct {
	m               *Module
	fn              starlark.Value
	inputs, outputs starlark.Value // trees of captured state, or nil
	traces          map[string]*compiledTrace
}

// compiledTrace is what one trace found.
type compiledTrace struct {
	graph *engine.Graph
	out   starlark.Value // the form of the result
	count int            // the arrays of the result; those of outputs follow
}

func compile(c *Call) starlark.Value {
	// A graph is captured for shapes, so that shapeless is a promise that the
	// function does not need: it is traced again for another shape.
	c.bool("shapeless", false)
	f := &compiled{m: c.m, fn: c.callable("fun"), inputs: c.given("inputs"), outputs: c.given("outputs"), traces: map[string]*compiledTrace{}}
	return &Transformed{name: "compile", fn: f.fn, call: f.call}
}

func (f *compiled) call(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if f.m.uncompiled {
		return object.Call(thread, f.fn, args, kwargs)
	}
	tree, key, err := f.form(args, kwargs)
	if err != nil {
		return nil, err
	}
	given, err := arraysOf(tree, anyLeaf)
	if err != nil {
		return nil, err
	}
	nodes := nodesOf(given)
	if f.capturesRandom(f.inputs) {
		nodes = append(nodes, f.m.Engine.RandomState())
	}
	ct := f.traces[key]
	if ct == nil {
		if ct, err = f.trace(thread, args, kwargs); err != nil {
			return nil, err
		}
		f.traces[key] = ct
	}
	var results []*engine.Node
	c := &Call{m: f.m, thread: thread}
	if err := c.run(func() { results = ct.graph.Replay(c.b, nodes) }); err != nil {
		return nil, err
	}
	if err := f.update(results[ct.count:]); err != nil {
		return nil, err
	}
	out, _, err := f.m.fill(ct.out, results[:ct.count])
	return out, err
}

// form gives the tree of everything that the trace takes as an argument, and a
// key that is the same for calls that one trace serves.
func (f *compiled) form(args starlark.Tuple, kwargs []starlark.Tuple) (tree starlark.Value, key string, err error) {
	all := starlark.Tuple{args}
	var text strings.Builder
	for _, kv := range kwargs {
		all = append(all, kv[1])
		fmt.Fprintf(&text, "%s=", string(kv[0].(starlark.String)))
	}
	if f.inputs != nil && !f.isRandom(f.inputs) {
		all = append(all, withoutRandom(f.inputs))
	}
	err = describe(&text, all, 0)
	return all, text.String(), err
}

// describe writes a tree's structure, the shapes and dtypes of its arrays and
// the values of its other leaves.
func describe(w *strings.Builder, v starlark.Value, depth int) error {
	if depth > treeDepth {
		return tooDeep()
	}
	if a, ok := v.(*Array); ok {
		fmt.Fprintf(w, "<%s%v>", a.Dtype(), a.Shape())
		return nil
	}
	if items, ok := sequence(v); ok {
		fmt.Fprintf(w, "%s(", v.Type())
		for _, item := range items {
			if err := describe(w, item, depth+1); err != nil {
				return err
			}
			w.WriteByte(',')
		}
		w.WriteByte(')')
		return nil
	}
	if d, ok := object.AsDict(v); ok {
		w.WriteByte('{')
		for _, kv := range d.Items() {
			fmt.Fprintf(w, "%s:", kv[0])
			if err := describe(w, kv[1], depth+1); err != nil {
				return err
			}
			w.WriteByte(',')
		}
		w.WriteByte('}')
		return nil
	}
	switch v.(type) {
	case starlark.String, starlark.Int, starlark.Float, starlark.Bool, starlark.NoneType, Dtype, object.Complex:
		fmt.Fprintf(w, "%s %s", v.Type(), v)
	default:
		fmt.Fprintf(w, "%s %p", v.Type(), v) // another object is another constant
	}
	return nil
}

func (f *compiled) isRandom(v starlark.Value) bool {
	_, ok := v.(*RandomState)
	return ok
}

// capturesRandom reports whether a tree of state names the random state.
func (f *compiled) capturesRandom(v starlark.Value) bool {
	found := false
	if v != nil {
		_, _ = mapTree(v, func(leaf starlark.Value) (starlark.Value, error) { // the leaves are only looked at
			found = found || f.isRandom(leaf)
			return leaf, nil
		})
	}
	return found
}

// withoutRandom leaves the random state out of a list of state.
func withoutRandom(v starlark.Value) starlark.Value {
	items, ok := sequence(v)
	if !ok {
		return v
	}
	var rest []starlark.Value
	for _, item := range items {
		if _, ok := item.(*RandomState); !ok {
			rest = append(rest, item)
		}
	}
	return starlark.NewList(rest)
}

// trace runs the function on placeholders.
func (f *compiled) trace(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (*compiledTrace, error) {
	t := f.m.startTracing(thread, "compile", true)
	defer t.end()
	var placeholders []*engine.Node
	t.sub.replace = func(a *Array) *Array {
		p := t.trace.Placeholder(t.c.b, a.Shape(), a.Dtype())
		placeholders = append(placeholders, p)
		return t.tracer(a.Node(), p)
	}
	random := f.m.Engine.RandomState()
	defer func() { f.m.Engine.SetRandomState(random) }()
	var own []*Array // the state's arrays, which stay the same objects
	var before []*engine.Node
	defer func() {
		for i, a := range own {
			a.Rebind(before[i])
		}
	}()
	args, kwargs = append(starlark.Tuple(nil), args...), append([]starlark.Tuple(nil), kwargs...)
	t.err = t.c.run(func() {
		all, err := t.sub.put(args, 0)
		t.c.check(err)
		args = all.(starlark.Tuple)
		for i, kv := range kwargs {
			v, err := t.sub.put(kv[1], 0)
			t.c.check(err)
			kwargs[i] = starlark.Tuple{kv[0], v}
		}
		if f.inputs != nil && !f.isRandom(f.inputs) {
			own, err = arraysOf(withoutRandom(f.inputs), anyLeaf)
			t.c.check(err)
			for _, a := range own {
				before = append(before, a.Node())
				p := t.trace.Placeholder(t.c.b, a.Shape(), a.Dtype())
				placeholders = append(placeholders, p)
				a.Rebind(p)
			}
		}
		if f.capturesRandom(f.inputs) {
			p := t.trace.Placeholder(t.c.b, random.Shape(), random.Dtype())
			placeholders = append(placeholders, p)
			f.m.Engine.SetRandomState(p)
		}
	})
	out := t.apply(f.fn, args, kwargs)
	if t.err != nil {
		return nil, t.err
	}
	return f.capture(t, out, placeholders)
}

// capture makes the template of what a trace gave: the result, then the state
// that the function leaves.
func (f *compiled) capture(t *tracing, out starlark.Value, placeholders []*engine.Node) (*compiledTrace, error) {
	results, err := arraysOf(out, anyLeaf)
	if err != nil {
		return nil, err
	}
	nodes := nodesOf(results)
	if f.outputs != nil && !f.isRandom(f.outputs) {
		left, err := arraysOf(withoutRandom(f.outputs), anyLeaf)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, nodesOf(left)...)
	}
	if f.capturesRandom(f.outputs) {
		nodes = append(nodes, f.m.Engine.RandomState())
	}
	ct := &compiledTrace{count: len(results)}
	if ct.out, err = mapTree(out, placeholder); err != nil {
		return nil, err
	}
	err = t.c.run(func() { ct.graph = t.trace.Capture(t.c.b, nodes, placeholders) })
	return ct, err
}

// update gives the captured state its new values.
func (f *compiled) update(nodes []*engine.Node) error {
	if f.outputs != nil && !f.isRandom(f.outputs) {
		left, err := arraysOf(withoutRandom(f.outputs), anyLeaf)
		if err != nil {
			return err
		}
		for i, a := range left {
			if i >= len(nodes) {
				break
			}
			a.Rebind(nodes[i])
		}
		nodes = nodes[min(len(left), len(nodes)):]
	}
	if f.capturesRandom(f.outputs) && len(nodes) > 0 {
		f.m.Engine.SetRandomState(nodes[0])
	}
	return nil
}
