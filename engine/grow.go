package engine

import "math/bits"

// A loop that evaluates some of its state and forgets the rest builds a graph that
// grows with every step: each new node of the rest has a pending input that was
// built before the last evaluation, and that one too. A node's age counts, along
// its pending inputs, the steps from one evaluation to a later one. A graph that is
// built at once is of age 0 however long it is, and what is accumulated over k steps
// and then evaluated is never older than k.
//
// Ages are noted as nodes are built, and what a node was built from may have been
// evaluated since; so an age that reaches the limit is counted again.

// GrowthLimit is the age at which a Builder calls Grown.
const GrowthLimit = 500

// outlive takes over the age of an input that is pending.
func (b *Builder) outlive(n, in *Node) {
	if n.take(in) && milestone(n.age) && b.Grown != nil {
		b.engine.countAge(in)
		n.age = 0
		for _, in := range n.inputs {
			n.take(in)
		}
		if !milestone(n.age) {
			return
		}
		if err := b.Grown(); err != nil {
			b.Fail(err)
		}
	}
}

// milestone reports whether an age is the limit, or the limit doubled any number of
// times: counting again costs a walk through the graph.
func milestone(age uint32) bool {
	times := age / GrowthLimit
	return age%GrowthLimit == 0 && bits.OnesCount32(times) == 1
}

// take raises n's age to what an input gives it, and reports whether the input has
// outlived an evaluation.
func (n *Node) take(in *Node) bool {
	if in.store != nil {
		return false
	}
	age, crossed := in.age, in.epoch != n.epoch
	if crossed {
		age++
	}
	if age <= n.age {
		return false
	}
	n.age = age
	return crossed
}

// countAge counts the ages of a pending node and of what it waits for anew.
func (e *Engine) countAge(root *Node) {
	e.visit++
	type frame struct {
		n    *Node
		next int
	}
	root.visit, root.age = e.visit, 0
	stack := []frame{{n: root}}
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		if f.next == len(f.n.inputs) {
			for _, in := range f.n.inputs {
				f.n.take(in)
			}
			stack = stack[:len(stack)-1]
			continue
		}
		in := f.n.inputs[f.next]
		f.next++
		if in.store == nil && in.visit != e.visit {
			in.visit, in.age = e.visit, 0
			stack = append(stack, frame{n: in})
		}
	}
}
