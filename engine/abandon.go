package engine

// A pending node that nothing refers to any more will not be evaluated, and what it
// reads need not wait for it: the value of a loss of which only the gradient is wanted,
// a branch that came to nothing. Whoever lets go of the last handle abandons it, and with it what only it
// reads.
//
// Go code may refer to a node without a handle for as long as it builds on it. So an
// abandoned node stays as it is but for the counts of its inputs, and becomes a
// consumer again if somebody reads it after all.

// abandon takes pending nodes that nothing refers to out of the counts of what they
// read: n, and those that only it reads. Nodes of a running transform are left for its end.
func (e *Engine) abandon(n *Node) {
	pending := append(e.scratch.dead[:0], n)
	for len(pending) > 0 {
		n := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if n.abandoned || n.op == nil || n.store != nil || n.waiting > 0 || n.visit == e.visit && e.visit > 0 {
			continue // what an evaluation is about to compute, too
		}
		if n.trace.active() {
			e.dead = append(e.dead, n)
			continue
		}
		if n.held() {
			continue
		}
		n.abandoned = true
		for _, in := range n.inputs {
			if in.waiting--; in.waiting == 0 {
				pending = append(pending, in)
			}
		}
	}
	if cap(pending) <= keptScratch {
		clear(pending[:cap(pending)])
		e.scratch.dead = pending
	}
}

// abandonTraced abandons what nothing referred to while a transform ran.
func (e *Engine) abandonTraced() {
	dead := e.dead
	e.dead = nil
	for _, n := range dead {
		e.abandon(n)
	}
}

// revive has a node that was abandoned be a consumer of its inputs again.
func (n *Node) revive() {
	if !n.abandoned {
		return
	}
	pending := []*Node{n}
	for len(pending) > 0 {
		n := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		if !n.abandoned {
			continue
		}
		n.abandoned = false
		for _, in := range n.inputs {
			in.waiting++
			if in.abandoned {
				pending = append(pending, in)
			}
		}
	}
}

// Doubt says that a handle is likely to be dead, so that the next evaluation finds out,
// where a collection comes before it, and does not keep what only it would need.
func (e *Engine) Doubt(a *Array) {
	n := a.node
	if n.store != nil {
		return
	}
	e.doubted = append(e.doubted, n)
}

// settleDoubts abandons what was doubted and found dead by a collection that has just been,
// and forgets the rest.
func (e *Engine) settleDoubts(collected bool) {
	if collected {
		for _, n := range e.doubted {
			e.abandon(n)
		}
	}
	clear(e.doubted)
	e.doubted = e.doubted[:0]
}
