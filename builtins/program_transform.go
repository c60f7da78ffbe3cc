package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/engine"
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
