package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Transforms inside a function that is recorded are steps of their own: one
// begins the transform, one makes each argument of the transformed function,
// one gives the outcome, and one ends it. What happens in between is recorded
// as it is elsewhere; what the transform itself builds is not.

func (t *tracing) noteBegin(what string, lazy bool) {
	r := t.m.recording
	if r == nil {
		return
	}
	t.rec, t.id = r, r.traces
	r.traces++
	r.open++
	r.add(step{op: "transform.begin", args: starlark.Tuple{starlark.String(what), starlark.Bool(lazy)}}, nil)
}

func (t *tracing) noteEnd() {
	if t.rec != nil {
		t.rec.open--
		t.rec.add(step{op: "transform.end", args: starlark.Tuple{starlark.MakeInt(t.id)}}, nil)
	}
}

// noteInput notes an argument of the transformed function, made of one of the
// caller's arrays.
func (t *tracing) noteInput(op string, argument, own *engine.Node, more ...starlark.Value) {
	if t.rec != nil {
		args := append(starlark.Tuple{starlark.MakeInt(t.id), t.rec.refTo(own)}, more...)
		t.rec.add(step{op: op, args: args}, []*engine.Node{argument})
	}
}

// codes are refs of the nodes, or nothing where nothing is recorded.
func (t *tracing) codes(nodes []*engine.Node) starlark.Value {
	var out starlark.Tuple
	if t.rec != nil {
		for _, n := range nodes {
			out = append(out, t.rec.refTo(n))
		}
	}
	return out
}

// noteResult notes what the transform gave.
func (t *tracing) noteResult(op string, results []*engine.Node, args ...starlark.Value) {
	if t.rec == nil {
		return
	}
	if t.rec.ruled {
		t.rec.fail("a custom_function under a transform cannot be recorded: its rules are functions of the script")
	}
	t.rec.add(step{op: op, args: append(starlark.Tuple{starlark.MakeInt(t.id)}, args...)}, results)
}

// suspend stops the recording until the function that it returns is called,
// which may be called again.
func (t *tracing) suspend() (resume func()) {
	r := t.m.recording
	t.m.recording = nil
	return func() { t.m.recording = r }
}

// pull gives the cotangents of the tracers from those of the outputs, or from
// ones. It is called inside a construction.
func (t *tracing) pull(outs, cotangents []*engine.Node) []*engine.Node {
	given := starlark.Value(starlark.None)
	if cotangents != nil {
		given = t.codes(cotangents)
	} else {
		for _, o := range outs {
			cotangents = append(cotangents, t.c.b.OnesLike(o))
		}
	}
	resume := t.suspend()
	defer resume()
	grads := t.trace.VJP(t.c.b, outs, t.tracers, cotangents)
	resume()
	t.noteResult("transform.vjp", grads, t.codes(outs), t.codes(t.tracers), given)
	return grads
}

// notePassed notes that a function with rules passed its outputs on.
func (m *Module) notePassed(outputs, nodes []*engine.Node) {
	if m.recording == nil {
		return
	}
	args := make(starlark.Tuple, len(outputs))
	out := make([]starlark.Value, len(nodes))
	for i, n := range outputs {
		args[i], out[i] = m.wrap(n), m.wrap(nodes[i])
	}
	m.note("custom_function", args, nil, starlark.Tuple(out))
}

// performBegin is (name, lazy): a transform, whose number is that of those begun
// before.
func performBegin(run *performance, args starlark.Tuple) (starlark.Value, error) {
	if len(args) != 2 {
		return nil, run.malformed("transform.begin")
	}
	name, ok := starlark.AsString(args[0])
	lazy, isBool := args[1].(starlark.Bool)
	if !ok || !isBool || len(run.traces) >= treeDepth {
		return nil, run.malformed("transform.begin")
	}
	run.traces = append(run.traces, &replayed{trace: run.m.Engine.StartTrace(name, bool(lazy)), lazy: bool(lazy), size: -1})
	return starlark.None, nil
}

// trace is the running transform whose number is the first argument.
func (run *performance) trace(args starlark.Tuple) *replayed {
	if len(args) > 0 {
		if n, ok := indexOf(args[0]); ok && n >= 0 && n < len(run.traces) && !run.traces[n].ended {
			return run.traces[n]
		}
	}
	return nil
}

// performEnd is (number) of the innermost running transform.
func performEnd(run *performance, args starlark.Tuple) (starlark.Value, error) {
	t := run.trace(args)
	for i := len(run.traces) - 1; t != nil && i >= 0 && run.traces[i] != t; i-- {
		if !run.traces[i].ended {
			t = nil
		}
	}
	if t == nil {
		return nil, run.malformed("transform.end")
	}
	t.ended = true
	t.trace.End()
	return starlark.None, nil
}

// endAll ends what a program that failed has left running.
func (run *performance) endAll() {
	for i := len(run.traces) - 1; i >= 0; i-- {
		if t := run.traces[i]; !t.ended {
			t.ended = true
			t.trace.End()
		}
	}
}

// performTracer is (number, x): x as an argument of the transformed function.
func performTracer(run *performance, args starlark.Tuple) (starlark.Value, error) {
	t, x := run.trace(args), arrayAt(args, 1)
	if t == nil || x == nil || len(args) != 2 {
		return nil, run.malformed("transform.tracer")
	}
	return run.built(func(c *Call) *engine.Node { return t.trace.Tracer(c.b, x.Node()) })
}

// performBatch is (number, x, axis): an example of the batch x along the axis.
func performBatch(run *performance, args starlark.Tuple) (starlark.Value, error) {
	t, x := run.trace(args), arrayAt(args, 1)
	if t == nil || x == nil || len(args) != 3 || !t.lazy {
		return nil, run.malformed("transform.batch")
	}
	axis, ok := indexOf(args[2])
	shape := x.Shape()
	if !ok || axis < 0 || axis >= len(shape) || t.size >= 0 && shape[axis] != t.size {
		return nil, object.Errorf(object.ValueError, "vmap: axis %s of an array of shape %s is no batch of %d", args[2], shapes.Format(shape), t.size)
	}
	t.size = shape[axis]
	return run.built(func(c *Call) *engine.Node {
		single := append(append([]int{}, shape[:axis]...), shape[axis+1:]...)
		p := t.trace.Placeholder(c.b, single, x.Dtype())
		t.placeholders = append(t.placeholders, p)
		t.batches = append(t.batches, c.b.MoveAxis(x.Node(), axis, 0))
		return p
	})
}

// nodesAt is an argument that must be a sequence of arrays.
func nodesAt(args starlark.Tuple, i int) ([]*engine.Node, bool) {
	if i >= len(args) {
		return nil, false
	}
	items, ok := sequence(args[i])
	out := make([]*engine.Node, len(items))
	for k, item := range items {
		a, isArray := item.(*Array)
		if !isArray {
			return nil, false
		}
		out[k] = a.Node()
	}
	return out, ok
}

// performVJP is (number, outputs, tracers, cotangents or None for ones).
func performVJP(run *performance, args starlark.Tuple) (starlark.Value, error) {
	t := run.trace(args)
	outs, ok := nodesAt(args, 1)
	tracers, okTracers := nodesAt(args, 2)
	if t == nil || !ok || !okTracers || len(args) != 4 {
		return nil, run.malformed("transform.vjp")
	}
	cts, given := nodesAt(args, 3)
	if given && len(cts) != len(outs) || !given && args[3] != starlark.None {
		return nil, run.malformed("transform.vjp")
	}
	var grads starlark.Value
	c := &Call{m: run.m, thread: run.thread}
	err := c.run(func() {
		if !given {
			for _, o := range outs {
				cts = append(cts, c.b.OnesLike(o))
			}
		}
		grads = c.outs(t.trace.VJP(c.b, outs, tracers, cts), false)
	})
	return grads, err
}

// performJVP is (number, outputs, tracers, tangents).
func performJVP(run *performance, args starlark.Tuple) (starlark.Value, error) {
	t := run.trace(args)
	outs, ok := nodesAt(args, 1)
	tracers, okTracers := nodesAt(args, 2)
	tangents, okTangents := nodesAt(args, 3)
	if t == nil || !ok || !okTracers || !okTangents || len(args) != 4 || len(tracers) != len(tangents) {
		return nil, run.malformed("transform.jvp")
	}
	var out starlark.Value
	c := &Call{m: run.m, thread: run.thread}
	err := c.run(func() {
		for i, x := range tracers {
			if shapes.Format(x.Shape()) != shapes.Format(tangents[i].Shape()) {
				c.fail(object.ValueError, "jvp: a tangent of shape %s for a primal of shape %s", shapes.Format(tangents[i].Shape()), shapes.Format(x.Shape()))
			}
		}
		out = c.outs(t.trace.JVP(c.b, outs, tracers, tangents), false)
	})
	return out, err
}

// performVMap is (number, outputs, axes): the outputs as batches, with the axis
// of each where it is wanted, or None for one that is no batch.
func performVMap(run *performance, args starlark.Tuple) (starlark.Value, error) {
	t := run.trace(args)
	outs, ok := nodesAt(args, 1)
	if t == nil || !ok || len(args) != 3 || t.size < 0 {
		return nil, run.malformed("transform.vmap")
	}
	axes, ok := sequence(args[2])
	if !ok || len(axes) != len(outs) {
		return nil, run.malformed("transform.vmap")
	}
	var out starlark.Value
	c := &Call{m: run.m, thread: run.thread}
	err := c.run(func() {
		v := &vectorized{m: run.m, thread: run.thread, size: t.size}
		out = c.outs(v.spread(c, t.trace.VMap(c.b, outs, t.placeholders, t.batches, t.size), axes), false)
	})
	return out, err
}
