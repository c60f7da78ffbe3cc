package engine

import (
	"reflect"
	"slices"
)

// OpPlaceholder stands for an argument that a traced function will be given.
var OpPlaceholder = define(Op{Name: "tracer", Class: Generator, Gradient: NoGrad,
	Expand: func(b *Builder, n *Node) []*Node {
		b.failf(ValueError, "eval", "an array outlived the traced function that it was an argument of, and has no value")
		return nil
	},
	Doc: "An argument of a function that is being traced; it has a shape and a dtype, but no value."})

// Placeholder makes an argument of a shape and dtype for the traced function.
func (t *Trace) Placeholder(b *Builder, shape []int, d Dtype) *Node {
	n := b.node(OpPlaceholder, nil, d, shape)
	n.trace = t.t
	return n
}

// rewriting maps the nodes of a traced graph to those that take their place.
type rewriting map[*Node]*Node

func (r rewriting) of(n *Node) *Node {
	if by := r[n]; by != nil {
		return by
	}
	return n
}

// copyOf makes n's operation again with other inputs of the same shapes.
func (b *Builder) copyOf(n *Node, inputs []*Node) []*Node {
	outs := n.outputs()
	if len(outs) == 1 {
		return []*Node{b.node(n.op, n.attrs, n.dtype, n.shape, inputs...)}
	}
	dtypes, shapes := make([]Dtype, len(outs)), make([][]int, len(outs))
	for i, o := range outs {
		dtypes[i], shapes[i] = o.dtype, o.shape
	}
	return b.nodes(n.op, n.attrs, dtypes, shapes, inputs...)
}

// Graph is what a traced function computes, as a template.
type Graph struct {
	params  []*Node
	outputs []*Node
	order   []*Node
	twins   rewriting // operations that repeat an earlier one, and that one
}

// Capture makes a template of the outputs' dependence on placeholders.
func (t *Trace) Capture(b *Builder, outputs, placeholders []*Node) *Graph {
	g := &Graph{params: placeholders, outputs: outputs}
	c := capture{t: t.t, inside: map[*Node]bool{}}
	dependents := t.dependents(b, outputs, placeholders)
	for _, n := range dependents {
		c.inside[n] = true
	}
	for _, n := range dependents {
		c.addTemporaries(n.inputs)
		c.order = append(c.order, n)
	}
	c.addTemporaries(outputs)
	g.order = c.order
	g.twins = twinsOf(g.order)
	for _, n := range g.order {
		for _, in := range n.inputs {
			if !c.inside[in.outputs()[0]] {
				in.watch.blind++ // the template holds it, as a handle would
			}
		}
	}
	for _, o := range outputs {
		o.watch.blind++
	}
	return g
}

// capture orders the operations of a template.
type capture struct {
	t      *trace
	inside map[*Node]bool
	order  []*Node
}

// addTemporaries adds those of the nodes that no placeholder leads to and that the
// traced function made itself. Small ones are left to be computed once, and then
// belong to the template; large ones are temporaries of every call, so that a
// template takes no memory of an activation's size.
func (c *capture) addTemporaries(nodes []*Node) {
	for _, n := range nodes {
		n = n.outputs()[0]
		if c.inside[n] || n.op == nil || n.store != nil || n.op == OpPlaceholder || !n.born.within(c.t) || n.Bytes() < watchBytes {
			continue
		}
		c.inside[n] = true
		c.addTemporaries(n.inputs)
		c.order = append(c.order, n)
	}
}

// twinsOf finds the operations that do what an earlier one does to the same arrays.
func twinsOf(order []*Node) rewriting {
	type form struct {
		op     *Op
		dtype  Dtype
		inputs [3]*Node
	}
	seen, twins := map[form][]*Node{}, rewriting{}
	for _, n := range order {
		if n.op == OpPlaceholder || n.op.Collective || len(n.inputs) == 0 || len(n.inputs) > 3 || n.family != nil {
			continue
		}
		key := form{op: n.op, dtype: n.dtype}
		for i, in := range n.inputs {
			key.inputs[i] = twins.of(in)
		}
		for _, other := range seen[key] {
			if len(other.inputs) == len(n.inputs) && slices.Equal(other.shape, n.shape) && other.stream == n.stream && reflect.DeepEqual(other.attrs, n.attrs) {
				twins[n] = other
				break
			}
		}
		if twins[n] == nil {
			seen[key] = append(seen[key], n)
		}
	}
	return twins
}

// Replay builds the graph with arguments of the placeholders' shapes and dtypes.
func (g *Graph) Replay(b *Builder, args []*Node) []*Node {
	r := rewriting{}
	for i, p := range g.params {
		r[p] = args[i]
	}
	saved := b.Stream
	for _, n := range g.order {
		if r[n] != nil {
			continue
		}
		if twin := g.twins[n]; twin != nil {
			r[n] = r.of(twin)
			continue
		}
		inputs := make([]*Node, len(n.inputs))
		for i, in := range n.inputs {
			inputs[i] = r.of(in)
		}
		b.Stream = n.stream
		for i, by := range b.copyOf(n, inputs) {
			r[n.outputs()[i]] = by
		}
	}
	b.Stream = saved
	out := make([]*Node, len(g.outputs))
	for i, o := range g.outputs {
		out[i] = r.of(o)
	}
	return out
}

// Reaches reports whether the outputs were computed from one of the nodes, as far as
// the graph still shows.
func Reaches(outputs, nodes []*Node) bool {
	wanted := make(map[*Node]bool, len(nodes))
	for _, n := range nodes {
		wanted[n] = true
	}
	seen := map[*Node]bool{}
	for stack := append([]*Node(nil), outputs...); len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if wanted[n] {
			return true
		}
		if !seen[n] {
			seen[n] = true
			stack = append(stack, n.inputs...)
		}
	}
	return false
}
