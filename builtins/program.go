package builtins

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// A program is what a traced function did, as calls of this module's own
// functions: it can be performed again on arrays of other shapes, and written
// to a file. What it reads from a file goes through the functions' checks, as
// what a script passes does.
type program struct {
	inputs    []*engine.Node // placeholders while it is recorded; their number afterwards
	constants []*engine.Node // arrays that the function reached besides
	held      []*Array       // handles, which keep the constants' elements
	steps     []step
	outputs   []ref
}

// ref names an array of a program: its inputs come first, then the outcomes of
// its steps in order. Constants are negative: -1 is the first. In the tree of a
// step's arguments it stands for the array.
type ref int

var _ starlark.Value = ref(0)

func (r ref) String() string        { return fmt.Sprintf("<array %d>", int(r)) }
func (r ref) Type() string          { return "array" }
func (r ref) Freeze()               {}
func (r ref) Truth() starlark.Bool  { return true }
func (r ref) Hash() (uint32, error) { return uint32(r), nil }

// step is one call of a program: the name of what is called (see performers),
// its arguments with refs for arrays, and the number of arrays it gives.
type step struct {
	op     string
	args   starlark.Tuple
	kwargs []starlark.Tuple
	outs   int
}

// recording notes the steps of a function while it runs under a trace.
type recording struct {
	m      *Module
	p      *program
	known  map[*engine.Node]ref
	count  int   // of inputs and outcomes
	traces int   // transforms begun inside
	open   int   // those of them that have not ended
	ruled  bool  // a function with rules of its own ran under a transform
	err    error // why the function cannot be recorded
}

// record begins to note what happens to the placeholders. The former recording,
// if any, goes on when the function that it returns is called.
func (m *Module) record(placeholders []*engine.Node) (r *recording, end func()) {
	r = &recording{m: m, p: &program{inputs: placeholders}, known: map[*engine.Node]ref{}}
	for _, p := range placeholders {
		r.known[p] = ref(r.count)
		r.count++
	}
	outer := m.recording
	m.recording = r
	return r, func() { m.recording = outer }
}

// finish gives the program whose outcome the nodes are.
func (r *recording) finish(outputs []*engine.Node) (*program, error) {
	for _, n := range outputs {
		r.p.outputs = append(r.p.outputs, r.refTo(n))
	}
	if r.err != nil {
		return nil, r.err
	}
	r.p.prune()
	return r.p, nil
}

// fail notes that the function cannot be recorded, and why.
func (r *recording) fail(format string, args ...any) {
	if r.err == nil {
		r.err = object.Errorf(object.NotImplementedError, format, args...)
	}
}

// refTo is the ref of a node. One that no step gave is a constant, unless it
// depends on an input in a way that was not noted.
func (r *recording) refTo(n *engine.Node) ref {
	if k, ok := r.known[n]; ok {
		return k
	}
	if n.Traced() && r.reaches(n) {
		r.fail("an array of shape %s is computed in a way that cannot be recorded", shapes.Format(n.Shape()))
	}
	r.p.constants, r.p.held = append(r.p.constants, n), append(r.p.held, r.m.wrap(n))
	k := ref(-len(r.p.constants))
	r.known[n] = k
	return k
}

// reaches reports whether a node is computed from an input.
func (r *recording) reaches(n *engine.Node) bool {
	seen := map[*engine.Node]bool{}
	stack := []*engine.Node{n}
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if k, ok := r.known[x]; ok && k >= 0 {
			return true
		}
		if !seen[x] {
			seen[x] = true
			stack = append(stack, x.Inputs()...)
		}
	}
	return false
}

// ignored are the parameters that say where something runs, which is decided
// where a program is performed.
var ignored = map[string]bool{"stream": true, "group": true}

// note records a call, if one of its arrays depends on an input. Out holds what
// it gave.
func (m *Module) note(op string, args starlark.Tuple, kwargs []starlark.Tuple, out starlark.Value) {
	r := m.recording
	if r == nil || r.err != nil {
		return
	}
	results, err := arraysOf(out, anyLeaf)
	if err != nil || len(results) == 0 || r.knows(nodesOf(results)) || !r.depends(args, kwargs) {
		return
	}
	s := step{op: op}
	for _, v := range args {
		s.args = append(s.args, r.code(op, v))
	}
	for _, kv := range kwargs {
		if !ignored[string(kv[0].(starlark.String))] {
			s.kwargs = append(s.kwargs, starlark.Tuple{kv[0], r.code(op, kv[1])})
		}
	}
	r.add(s, nodesOf(results))
}

// add appends a step that gives the nodes.
func (r *recording) add(s step, results []*engine.Node) {
	s.outs = len(results)
	for i, n := range results {
		if _, ok := r.known[n]; !ok {
			r.known[n] = ref(r.count + i)
		}
	}
	r.count += len(results)
	r.p.steps = append(r.p.steps, s)
}

// noteNode is note for an operation that gave one node.
func (m *Module) noteNode(op string, n *engine.Node, args ...starlark.Value) {
	if m.recording != nil && n != nil {
		m.note(op, args, nil, m.wrap(n))
	}
}

// knows reports whether a call gave nothing new: it passed its arguments on, or
// what it called has been noted.
func (r *recording) knows(results []*engine.Node) bool {
	for _, n := range results {
		if _, ok := r.known[n]; !ok {
			return false
		}
	}
	return true
}

// depends reports whether an array of the arguments depends on an input.
func (r *recording) depends(args starlark.Tuple, kwargs []starlark.Tuple) bool {
	found := false
	look := func(v starlark.Value) {
		_, _ = mapTree(v, func(leaf starlark.Value) (starlark.Value, error) { // the leaves are only looked at
			switch a := leaf.(type) {
			case *Array:
				k, ok := r.known[a.Node()]
				found = found || ok && k >= 0 || !ok && a.Node().Traced() && r.reaches(a.Node())
			case *ArrayAt:
				k, ok := r.known[a.a.Node()]
				found = found || ok && k >= 0
				if a.key != nil && r.depends(starlark.Tuple{a.key}, nil) {
					found = true
				}
			}
			return leaf, nil
		})
	}
	for _, v := range args {
		look(v)
	}
	for _, kv := range kwargs {
		look(kv[1])
	}
	return found
}

// code is an argument with refs for its arrays.
func (r *recording) code(op string, v starlark.Value) starlark.Value {
	out, err := mapTree(v, func(leaf starlark.Value) (starlark.Value, error) {
		switch x := leaf.(type) {
		case *Array:
			return r.refTo(x.Node()), nil
		case *ArrayAt:
			return atCode{r.refTo(x.a.Node()), r.code(op, orNone(x.key))}, nil
		case *object.Slice, starlark.NoneType, starlark.Bool, starlark.Int, starlark.Float, starlark.String, starlark.Bytes, object.Complex, Dtype:
			return leaf, nil
		case Stream, ThreadLocalStream, Device, DeviceType, *Group:
			return starlark.None, nil
		}
		if leaf == object.Ellipsis {
			return leaf, nil
		}
		if n := r.offered(leaf); n != nil {
			return r.refTo(n), nil
		}
		return nil, object.Errorf(object.NotImplementedError, "%s: an argument of type %s cannot be recorded", op, object.TypeName(leaf))
	})
	if err != nil {
		if r.err == nil {
			r.err = err
		}
		return starlark.None
	}
	return out
}

// offered is the array of an object with __mlx_array__, or nil.
func (r *recording) offered(v starlark.Value) (n *engine.Node) {
	c := &Call{m: r.m}
	if err := c.run(func() { n = r.m.fromProtocol(c, v) }); err != nil {
		return nil
	}
	return n
}

// atCode is a.at[key] in a step's arguments.
type atCode struct {
	a   ref
	key starlark.Value
}

var _ starlark.Value = atCode{}

func (a atCode) String() string        { return "<updates>" }
func (a atCode) Type() string          { return "ArrayAt" }
func (a atCode) Freeze()               {}
func (a atCode) Truth() starlark.Bool  { return true }
func (a atCode) Hash() (uint32, error) { return uint32(a.a), nil }

// noteDraw notes that the global random state was split.
func (c *Call) noteDraw(old, key *engine.Node) {
	r := c.m.recording
	if r == nil || r.err != nil {
		return
	}
	if k, ok := r.known[old]; ok && k >= 0 {
		r.add(step{op: "random.draw", args: starlark.Tuple{k}}, []*engine.Node{c.m.Engine.RandomState(), key})
		c.drawn = []starlark.Tuple{{starlark.String("key"), c.m.wrap(key)}}
	}
}

// prune drops the steps that no output needs, but for those that begin and end
// transforms, and the constants that are left without a use.
func (p *program) prune() {
	needed := map[ref]bool{}
	for _, o := range p.outputs {
		needed[o] = true
	}
	first := len(p.inputs)
	for _, s := range p.steps {
		first += s.outs
	}
	keep := make([]bool, len(p.steps))
	for i := len(p.steps) - 1; i >= 0; i-- {
		s := &p.steps[i]
		first -= s.outs
		keep[i] = performers[s.op].structure
		for k := range s.outs {
			keep[i] = keep[i] || needed[ref(first+k)]
		}
		if keep[i] {
			s.each(func(k ref) { needed[k] = true })
		}
	}
	p.renumber(keep, needed)
}

// renumber drops steps and constants and gives what is left new numbers.
func (p *program) renumber(keep []bool, needed map[ref]bool) {
	to, old, now := map[ref]ref{}, len(p.inputs), len(p.inputs)
	for i := range p.inputs {
		to[ref(i)] = ref(i)
	}
	for i, s := range p.steps {
		for k := range s.outs {
			to[ref(old+k)] = ref(now + k)
		}
		old += s.outs
		if keep[i] {
			now += s.outs
		}
	}
	var constants []*engine.Node
	for i, n := range p.constants {
		if k := ref(-1 - i); needed[k] {
			constants = append(constants, n)
			to[k] = ref(-len(constants))
		}
	}
	p.constants = constants
	var steps []step
	for i, s := range p.steps {
		if keep[i] {
			steps = append(steps, s.mapped(func(k ref) ref { return to[k] }))
		}
	}
	p.steps = steps
	for i, o := range p.outputs {
		p.outputs[i] = to[o]
	}
}

// each calls f with the refs of a step's arguments.
func (s *step) each(f func(ref)) {
	s.mapped(func(k ref) ref { f(k); return k })
}

// mapped is the step with other refs.
func (s step) mapped(f func(ref) ref) step {
	s.args = slices.Clone(s.args)
	for i, v := range s.args {
		s.args[i] = mapRefs(v, f)
	}
	s.kwargs = slices.Clone(s.kwargs)
	for i, kv := range s.kwargs {
		s.kwargs[i] = starlark.Tuple{kv[0], mapRefs(kv[1], f)}
	}
	return s
}

func mapRefs(v starlark.Value, f func(ref) ref) starlark.Value {
	out, err := mapTree(v, func(leaf starlark.Value) (starlark.Value, error) {
		switch x := leaf.(type) {
		case ref:
			return f(x), nil
		case atCode:
			return atCode{f(x.a), mapRefs(x.key, f)}, nil
		}
		return leaf, nil
	})
	if err != nil {
		return v // deeper than trees may be: it was read or recorded as one that is not
	}
	return out
}
