package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Trace is a running transform of a function: between Start and End its tracers
// stand for the function's arguments.
type Trace struct {
	engine *Engine
	t      *trace
}

// StartTrace begins a transform named what. With lazy set the function's values
// may not be looked at.
func (e *Engine) StartTrace(what string, lazy bool) *Trace {
	t := &trace{parent: e.trace, what: what, lazy: lazy}
	if p := t.parent; p.active() {
		t.outer = p
		if p.outer != nil {
			t.outer = p.outer
		}
	}
	e.trace = t
	return &Trace{e, t}
}

// End ends the transform: what it kept of the graph can be released. Traces end
// in the reverse order of their starts.
func (t *Trace) End() {
	t.t.done = true
	t.engine.trace = t.t.parent
	if !t.engine.trace.active() {
		t.engine.abandonTraced()
	}
}

// Tracer stands for x inside the traced function.
func (t *Trace) Tracer(b *Builder, x *Node) *Node {
	n := b.Identity(x)
	n.trace = t.t
	return n
}

// within reports whether the trace is t or was started inside it.
func (x *trace) within(t *trace) bool {
	for ; x != nil; x = x.parent {
		if x == t {
			return true
		}
	}
	return false
}

// VJP gives the cotangents of the tracers from those of the outputs: reverse
// mode differentiation. A tracer that no output depends on gets zeros.
func (t *Trace) VJP(b *Builder, outputs, tracers, cotangents []*Node) []*Node {
	order := t.dependents(b, outputs, tracers)
	grads := newSums(len(order))
	for i, o := range outputs {
		if !slices.Equal(o.shape, cotangents[i].shape) {
			b.failf(ValueError, "vjp", "a cotangent of shape %s for an output of shape %s",
				shapes.Format(cotangents[i].shape), shapes.Format(o.shape))
		}
		grads.share(cotangents[i])
		grads.add(b, o, cotangents[i])
	}
	isTracer := make(map[*Node]bool, len(tracers))
	for _, x := range tracers {
		isTracer[x] = true
	}
	depends := make(map[*Node]bool, len(order))
	for _, n := range order {
		depends[n] = isTracer[n]
		if n.op == OpStopGradient {
			continue
		}
		for _, in := range n.inputs {
			depends[n] = depends[n] || depends[in.outputs()[0]]
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		if !isTracer[n] {
			b.pull(n, grads, depends)
		}
	}
	result := make([]*Node, len(tracers))
	for i, x := range tracers {
		if g := grads.sum(b, x); g != nil {
			result[i] = b.unbroadcast(g, x)
		} else {
			result[i] = b.ZerosLike(x)
		}
	}
	return result
}

// pull sends the cotangents of a node's operation to its inputs. The operation
// is treated at its first output; dependents lists that one alone.
func (b *Builder) pull(n *Node, grads *sums, depends map[*Node]bool) {
	outs := n.outputs()
	ct := make([]*Node, len(outs))
	arrived := false
	for i, o := range outs {
		ct[i] = grads.take(b, o)
		arrived = arrived || ct[i] != nil
	}
	if !arrived || n.op.Gradient == NoGrad {
		return
	}
	if n.op.Gradient != Differentiable || n.op.VJP == nil {
		b.failf(NotImplementedError, n.op.Name, "the gradient of this operation is not defined")
	}
	need := make([]bool, len(n.inputs))
	for i, in := range n.inputs {
		need[i] = depends[in.outputs()[0]]
		if need[i] && n.op.Picks > 0 && i >= n.op.Picks {
			b.failf(ValueError, n.op.Name, "there is no derivative with respect to indices; stop_gradient makes constants of them")
		}
	}
	saved := b.Stream
	b.Stream = n.stream // a gradient runs where its operation does
	for i, g := range n.op.VJP(b, n, ct, need) {
		if g != nil && need[i] {
			grads.add(b, n.pulledTo(i), g)
		}
	}
	b.Stream = saved
}

// dependents lists the operations through which the outputs depend on the
// tracers, inputs before consumers; of several outputs it holds the first.
// Operations without a rule of their own are replaced by their expansion.
func (t *Trace) dependents(b *Builder, outputs, tracers []*Node) []*Node {
	const (
		fresh = iota
		opened
		no
		yes
	)
	state := map[*Node]uint8{}
	for _, x := range tracers {
		state[x] = yes
	}
	order := append([]*Node(nil), tracers...)
	var stack []*Node
	for i := 0; i < len(outputs); {
		root := outputs[i].outputs()[0]
		if state[root] != fresh {
			i++
			continue
		}
		stack = append(stack, root)
		for len(stack) > 0 {
			n := stack[len(stack)-1]
			if state[n] == fresh {
				if n.op == nil || !n.trace.within(t.t) {
					state[n] = no
				} else {
					t.expandForGradient(b, n)
					state[n] = opened
					for _, in := range n.inputs {
						if in = in.outputs()[0]; state[in] == fresh {
							stack = append(stack, in)
						}
					}
					continue
				}
			}
			if state[n] != opened {
				stack = stack[:len(stack)-1]
				continue
			}
			// The outputs of an operation that was expanded are operations of their own since.
			if again := freshAmong(n.inputs, state); len(again) > 0 {
				stack = append(stack, again...)
				continue
			}
			stack = stack[:len(stack)-1]
			state[n] = no
			for _, in := range n.inputs {
				if state[in.outputs()[0]] == yes {
					state[n] = yes
					order = append(order, n)
					break
				}
			}
		}
	}
	return order
}

// freshAmong lists the operations of inputs that have no state yet.
func freshAmong(inputs []*Node, state map[*Node]uint8) (out []*Node) {
	for _, in := range inputs {
		if in = in.outputs()[0]; state[in] == 0 {
			out = append(out, in)
		}
	}
	return out
}

func (t *Trace) expandForGradient(b *Builder, n *Node) {
	if n.op.Gradient == Differentiable && n.op.VJP == nil && n.op.Expand != nil {
		outs := n.outputs()
		for i, by := range n.op.Expand(b, n) {
			if by.trace == nil {
				by.trace = n.trace
			}
			outs[i].replace(by)
		}
	}
}

// Name is what the transform was named.
func (t *Trace) Name() string { return t.t.what }

// Nested reports whether the transform runs inside another one.
func (t *Trace) Nested() bool { return t.t.parent.active() }
