package engine

import "slices"

// plan is an arrangement of one structure of graphs, by numbers: those of the operations as
// they were scheduled, and after them those that are done again.
type plan struct {
	ops     int
	changes []changed
	order   []int32
}

// changed is a change, by numbers: an operation done again, with what its inputs are where
// they are done again too, or, where there is a reader, what that reads instead.
type changed struct {
	of, by, reader int32
	inputs         []int32 // or -1
}

// plannedMost bounds the operations of graphs whose plans are kept.
const plannedMost = 1 << 13

// planOf writes down how operations were put in order, nil where that takes too much.
func planOf(ops, order []*Node, by *repeater) *plan {
	if len(ops) > plannedMost {
		return nil
	}
	p := &plan{ops: len(ops), order: make([]int32, len(order))}
	number := make(map[*Node]int32, len(order))
	for i, n := range ops {
		number[n] = int32(i)
	}
	if by != nil {
		for _, c := range by.log {
			if c.reader != nil {
				p.changes = append(p.changes, changed{of: number[c.of], by: number[c.by], reader: number[c.reader]})
				continue
			}
			x := changed{of: number[c.of], by: int32(len(number)), reader: -1, inputs: make([]int32, len(c.by.inputs))}
			for k, in := range c.by.inputs {
				x.inputs[k] = -1
				if i, ok := number[in]; ok && in.again {
					x.inputs[k] = i
				}
			}
			number[c.by] = x.by
			p.changes = append(p.changes, x)
		}
	}
	for i, n := range order {
		at, ok := number[n]
		if !ok {
			return nil
		}
		p.order[i] = at
	}
	return p
}

// replay arranges the operations of another graph of the structure. It changes nothing where
// that graph cannot be arranged so.
func (p *plan) replay(e *Engine, g *outline) (order []*Node, by *repeater, ok bool) {
	if len(g.ops) != p.ops {
		return nil, nil, false
	}
	r := &repeater{engine: e}
	for i := range p.changes {
		if c := &p.changes[i]; c.reader < 0 && (int(c.of) >= p.ops || !r.eligible(g.ops[c.of]) || len(c.inputs) != len(g.ops[c.of].inputs)) {
			return nil, nil, false
		}
	}
	all := append(make([]*Node, 0, len(p.order)), g.ops...)
	for i := range p.changes {
		c := &p.changes[i]
		n := all[c.of]
		if c.reader >= 0 {
			if !slices.Contains(all[c.reader].inputs, n) {
				r.undo()
				return nil, nil, false
			}
			r.redirect(all[c.reader], n, all[c.by])
			continue
		}
		inputs := make([]*Node, len(n.inputs))
		for k, in := range n.inputs {
			if inputs[k] = in; c.inputs[k] >= 0 {
				inputs[k] = all[c.inputs[k]]
			}
		}
		again := r.copyOf(n, inputs)
		again.at = int32(len(all))
		all = append(all, again)
		r.before = append(r.before, []*Node{again})
	}
	order = make([]*Node, len(p.order))
	for i, at := range p.order {
		order[i] = all[at]
	}
	if !e.inOrder(order, len(all)) {
		r.undo()
		return nil, nil, false
	}
	if r.counted == 0 {
		r = nil
	}
	return order, r, true
}

// inOrder reports whether all of so many operations are there, each after what it reads.
func (e *Engine) inOrder(order []*Node, count int) bool {
	if len(order) != count {
		return false
	}
	done := make([]bool, count)
	for _, n := range order {
		for _, in := range n.inputs {
			if e.reads(n, in) && in.store == nil && !done[in.at] {
				return false
			}
		}
		if done[n.at] {
			return false
		}
		done[n.at] = true
	}
	return true
}
