package engine

import (
	"cmp"
	"slices"
)

// The processes of a group must run its operations in one order, or what one sends
// another takes for something else. A script that all of them run makes the same
// operations in the same order, but what is best for memory, or what was evaluated
// before, may differ from process to process. So where an evaluation has several,
// their order does not hang on the rest of the graph: they run as they were made. A
// group that may have processes of MLX goes by MLX's order instead, which hangs on how
// far operations are from the roots.

// mlxWidth is how many operations MLX lists of a level before it goes deeper.
const mlxWidth = 20

// inGroupOrder puts the operations in an order in which the collectives among them,
// which are several, run as their group says. Each comes as soon as it can.
func (e *Engine) inGroupOrder(roots, order, collectives []*Node) []*Node {
	for i, n := range order {
		for _, o := range n.outputs() {
			o.at = int32(i)
		}
	}
	if collectives[0].attrs.(CollectiveAttrs).Group.AsBuilt() {
		slices.SortFunc(collectives, func(a, b *Node) int {
			return cmp.Compare(a.attrs.(CollectiveAttrs).number, b.attrs.(CollectiveAttrs).number)
		})
	} else {
		place := e.mlxPlaces(roots, order)
		slices.SortFunc(collectives, func(a, b *Node) int { return cmp.Compare(place[b.at], place[a.at]) })
	}
	out, done := make([]*Node, 0, len(order)), make([]bool, len(order))
	var stack []frame
	for _, root := range collectives {
		stack = append(stack, frame{n: root})
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if done[f.n.at] {
				stack = stack[:len(stack)-1]
				continue
			}
			if f.next == len(f.n.inputs) {
				done[f.n.at] = true
				out = append(out, order[f.n.at])
				stack = stack[:len(stack)-1]
				continue
			}
			in := f.n.inputs[f.next]
			f.next++
			if e.scheduled(in) && !done[in.at] {
				stack = append(stack, frame{n: in})
			}
		}
	}
	for i, n := range order {
		if !done[i] {
			out = append(out, n)
		}
	}
	return out
}

// orderCollective makes a collective wait for the one before it, which may be on another
// stream.
func (ev *evaluation) orderCollective(n *Node) {
	if s := ev.engine.collected; s != nil && s != n.stream {
		if slices.Contains(ev.streams, s) {
			ev.flush(s)
		}
		if s.pending != nil && !s.pending.Done() {
			n.stream.queue.Wait(s.pending)
		}
	}
	ev.engine.collected = n.stream
}

// scheduled reports whether the running evaluation computes the node.
func (e *Engine) scheduled(n *Node) bool { return n.visit == e.visit && n.store == nil }

// mlxPlaces gives each operation its place in MLX's list, which is run from its end:
// breadth first from the roots, an operation being listed after all that read it, and
// deeper at once where a level is wide.
func (e *Engine) mlxPlaces(roots, order []*Node) []int32 {
	readers := make([]int32, len(order))
	each := func(inputs []*Node, f func(in *Node)) {
		for _, in := range inputs {
			if e.scheduled(in) {
				f(in)
			}
		}
	}
	count := func(in *Node) { readers[in.at]++ }
	each(roots, count)
	for _, n := range order {
		each(n.inputs, count)
	}
	type pending struct {
		inputs []*Node
		next   int
	}
	place := make([]int32, len(order))
	tape, deeper := [][]*Node{roots}, []pending(nil)
	for i := 0; i < len(tape) || len(deeper) > 0; {
		var at pending
		if i < len(tape) {
			at = pending{inputs: tape[i]}
			i++
		} else {
			at = deeper[len(deeper)-1]
			deeper = deeper[:len(deeper)-1]
		}
		for ; at.next < len(at.inputs); at.next++ {
			in := at.inputs[at.next]
			if !e.scheduled(in) {
				continue
			}
			if len(tape)-i >= mlxWidth {
				deeper = append(deeper, at)
				break
			}
			if readers[in.at]--; readers[in.at] == 0 {
				place[in.at] = int32(len(tape))
				tape = append(tape, order[in.at].inputs)
			}
		}
	}
	return place
}
