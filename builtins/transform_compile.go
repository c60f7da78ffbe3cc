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
	programs        map[string]*compiledProgram // of a shapeless function, else nil
}

// compiledProgram is what a shapeless function did when it ran, for arrays of
// the same dtypes and numbers of axes.
type compiledProgram struct {
	program *program // nil where it cannot be recorded: each shape runs the function
	form    compiledTrace
}

// compiledTrace is what one trace found.
type compiledTrace struct {
	graph *engine.Graph
	out   starlark.Value // the form of the result
	count int            // the arrays of the result; those of outputs follow
}

func compile(c *Call) starlark.Value {
	f := &compiled{m: c.m, fn: c.callable("fun"), inputs: c.given("inputs"), outputs: c.given("outputs"), traces: map[string]*compiledTrace{}}
	if c.bool("shapeless", false) {
		f.programs = map[string]*compiledProgram{}
	}
	return &Transformed{name: "compile", fn: f.fn, thread: c.thread, call: f.call}
}

func (f *compiled) call(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if f.m.uncompiled || f.m.recording != nil { // a recording notes what is called inside
		return object.Call(thread, f.fn, args, kwargs)
	}
	key, err := f.key(args, kwargs, false)
	if err != nil {
		return nil, err
	}
	tree := starlark.Tuple{args}
	for _, kv := range kwargs {
		tree = append(tree, kv[1])
	}
	given, err := arraysOf(tree, anyLeaf)
	if err != nil {
		return nil, err
	}
	state, err := slotsOf(orNone(f.inputs))
	if err != nil {
		return nil, err
	}
	nodes := nodesOf(given)
	for _, s := range state {
		nodes = append(nodes, s.array.Node())
	}
	if capturesRandom(f.inputs) {
		nodes = append(nodes, f.m.Engine.RandomState())
	}
	ct := f.traces[key]
	if ct == nil {
		if ct, err = f.graph(thread, args, kwargs, state, nodes); err != nil {
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
	if _, alone := ct.out.(hole); alone && err == nil && object.Taken(thread, 0) {
		object.Pass(out)
	}
	return out, err
}

// graph makes the template for arguments of shapes that there were none of yet.
// A shapeless function that ran for others performs again what it did then.
func (f *compiled) graph(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple, state []slot, nodes []*engine.Node) (*compiledTrace, error) {
	if f.programs == nil {
		ct, _, err := f.trace(thread, args, kwargs, state)
		return ct, err
	}
	key, err := f.key(args, kwargs, true)
	if err != nil {
		return nil, err
	}
	if known := f.programs[key]; known != nil && known.program != nil {
		return f.again(thread, known, nodes)
	}
	ct, p, err := f.trace(thread, args, kwargs, state)
	if err == nil {
		f.programs[key] = &compiledProgram{p, compiledTrace{out: ct.out, count: ct.count}}
	}
	return ct, err
}

// again captures what the program gives for placeholders of the nodes' shapes.
func (f *compiled) again(thread *starlark.Thread, known *compiledProgram, nodes []*engine.Node) (*compiledTrace, error) {
	t := f.m.startTracing(thread, "compile", true)
	defer t.end()
	placeholders := make([]*engine.Node, len(nodes))
	for i, n := range nodes {
		placeholders[i] = t.trace.Placeholder(t.c.b, n.Shape(), n.Dtype())
	}
	results, err := known.program.perform(f.m, thread, placeholders)
	if err != nil {
		return nil, err
	}
	ct := known.form
	err = t.c.run(func() { ct.graph = t.trace.Capture(t.c.b, results, placeholders) })
	return &ct, err
}

// key is the same for calls that one trace serves; without shapes, for those
// that one program of a shapeless function serves.
func (f *compiled) key(args starlark.Tuple, kwargs []starlark.Tuple, shapeless bool) (string, error) {
	text := description{shapeless: shapeless}
	if err := describe(&text, args, refuseOther, 0); err != nil {
		return "", err
	}
	for _, kv := range kwargs {
		fmt.Fprintf(&text, ";%s=", string(kv[0].(starlark.String)))
		if err := describe(&text, kv[1], refuseOther, 0); err != nil {
			return "", err
		}
	}
	if f.inputs != nil {
		text.WriteString(";")
		if err := describe(&text, f.inputs, anyLeaf, 0); err != nil {
			return "", err
		}
	}
	return text.String(), nil
}

// description is the text of a key.
type description struct {
	strings.Builder
	shapeless bool // arrays have a number of axes, not a shape
	seen      int  // lists, tuples and dicts
}

// describe writes a tree's structure, the shapes and dtypes of its arrays and
// the values of its constants. What is neither is given to other: an argument
// must be one of the two, but captured state, such as a module's, may hold
// functions among its arrays.
func describe(w *description, v starlark.Value, other func(leaf starlark.Value) error, depth int) error {
	if depth > treeDepth {
		return tooDeep()
	}
	if a, ok := v.(*Array); ok {
		if w.shapeless {
			fmt.Fprintf(w, "<%s %d>", a.Dtype(), len(a.Shape()))
		} else {
			fmt.Fprintf(w, "<%s%v>", a.Dtype(), a.Shape())
		}
		return nil
	}
	if w.seen > treeSize {
		return tooLarge()
	}
	if items, ok := sequence(v); ok {
		w.seen++
		fmt.Fprintf(w, "%s(", v.Type())
		for _, item := range items {
			if err := describe(w, item, other, depth+1); err != nil {
				return err
			}
			w.WriteByte(',')
		}
		w.WriteByte(')')
		return nil
	}
	if d, ok := object.AsDict(v); ok {
		w.seen++
		w.WriteByte('{')
		for _, kv := range d.Items() {
			fmt.Fprintf(w, "%s:", kv[0])
			if err := describe(w, kv[1], other, depth+1); err != nil {
				return err
			}
			w.WriteByte(',')
		}
		w.WriteByte('}')
		return nil
	}
	switch v.(type) {
	case starlark.String, starlark.Int, starlark.Float, starlark.Bool, starlark.NoneType, Dtype, object.Complex, *RandomState:
		fmt.Fprintf(w, "%s %s", v.Type(), v)
		return nil
	}
	return other(v)
}

// refuseOther refuses an argument that one trace cannot stand for.
func refuseOther(leaf starlark.Value) error {
	return object.Errorf(object.ValueError, "compile: the arguments hold %s, want arrays and constants (int, float, bool, str, None) alone", object.TypeName(leaf))
}

// capturesRandom reports whether a tree of state names the random state.
func capturesRandom(v starlark.Value) bool {
	found := false
	_, _ = mapTree(orNone(v), func(leaf starlark.Value) (starlark.Value, error) { // the leaves are only looked at
		_, ok := leaf.(*RandomState)
		found = found || ok
		return leaf, nil
	})
	return found
}

// trace runs the function on placeholders, in the arguments and in the places of
// the state. Of a shapeless function it gives the program as well, if there can
// be one.
func (f *compiled) trace(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple, state []slot) (ct *compiledTrace, p *program, err error) {
	t := f.m.startTracing(thread, "compile", true)
	defer t.end()
	random := f.m.Engine.RandomState()
	defer func() {
		f.m.Engine.SetRandomState(random)
		for _, s := range state {
			if e := s.set(s.array); err == nil {
				err = e
			}
		}
	}()
	var placeholders []*engine.Node
	t.sub.replace = func(a *Array) *Array {
		p := t.trace.Placeholder(t.c.b, a.Shape(), a.Dtype())
		placeholders = append(placeholders, p)
		return t.tracer(a.Node(), p)
	}
	args, kwargs = append(starlark.Tuple(nil), args...), append([]starlark.Tuple(nil), kwargs...)
	t.err = t.c.run(func() {
		for i := range args {
			v, err := t.sub.put(args[i], 0)
			t.c.check(err)
			args[i] = v
		}
		for i, kv := range kwargs {
			v, err := t.sub.put(kv[1], 0)
			t.c.check(err)
			kwargs[i] = starlark.Tuple{kv[0], v}
		}
		for _, s := range state {
			t.c.check(s.set(t.sub.replace(s.array)))
		}
		if capturesRandom(f.inputs) {
			p := t.trace.Placeholder(t.c.b, random.Shape(), random.Dtype())
			placeholders = append(placeholders, p)
			f.m.Engine.SetRandomState(p)
		}
	})
	var rec *recording
	if f.programs != nil {
		var end func()
		rec, end = f.m.record(placeholders)
		defer end()
	}
	out := t.apply(f.fn, args, kwargs)
	if t.err != nil {
		return nil, nil, t.err
	}
	ct, nodes, err := f.capture(t, out, placeholders)
	if err == nil && rec != nil {
		p, _ = rec.finish(nodes) // without a program each shape runs the function
	}
	return ct, p, err
}

// capture makes the template of what a trace gave: the result, then the state
// that the function leaves.
func (f *compiled) capture(t *tracing, out starlark.Value, placeholders []*engine.Node) (*compiledTrace, []*engine.Node, error) {
	results, err := arraysOf(out, anyLeaf)
	if err != nil {
		return nil, nil, err
	}
	left, err := slotsOf(orNone(f.outputs))
	if err != nil {
		return nil, nil, err
	}
	nodes := nodesOf(results)
	for _, s := range left {
		nodes = append(nodes, s.array.Node())
	}
	if capturesRandom(f.outputs) {
		nodes = append(nodes, f.m.Engine.RandomState())
	}
	if !t.trace.Nested() && engine.Reaches(nodes, t.own) {
		return nil, nil, object.Errorf(object.ValueError, "compile: the function reads an array that is an argument of this call, too, and is not captured as one of inputs")
	}
	ct := &compiledTrace{count: len(results)}
	if ct.out, err = mapTree(out, placeholder); err != nil {
		return nil, nil, err
	}
	err = t.c.run(func() { ct.graph = t.trace.Capture(t.c.b, nodes, placeholders) })
	return ct, nodes, err
}

// update puts what the function left into the places of the state.
func (f *compiled) update(nodes []*engine.Node) error {
	left, err := slotsOf(orNone(f.outputs))
	if err != nil {
		return err
	}
	for i, s := range left {
		if i >= len(nodes) {
			return object.Errorf(object.ValueError, "compile: outputs has %d arrays, but the function left %d", len(left), len(nodes))
		}
		if err := s.set(f.m.wrap(nodes[i])); err != nil {
			return err
		}
	}
	if capturesRandom(f.outputs) && len(nodes) > len(left) {
		f.m.Engine.SetRandomState(nodes[len(left)])
	}
	return nil
}
