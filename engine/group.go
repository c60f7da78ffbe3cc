package engine

// Evaluation of groups. The choices here are those of rehearsal.group, by way
// of program and donor.

// group computes a group's members as one task.
func (ev *evaluation) group(g *group) error {
	for _, n := range g.members {
		if err := ev.order(n); err != nil {
			return err
		}
	}
	p := g.prepared()
	t := &Task{Ctx: ev.ctx, Op: g.lastOp(), Fusion: &p.Fusion, In: make([]Operand, len(p.in)), Out: make([]Operand, len(p.out))}
	for i, in := range p.in {
		if g.has(in) {
			t.In[i] = constant(in)
		} else {
			t.In[i] = in.operand()
		}
	}
	given := make([]bool, len(p.in))
	stores := make([]*storage, len(p.out))
	for k, n := range p.out {
		at := Placement{Strides: RowMajor(n.shape)}
		if i, there := g.donor(ev, p, k, given); i >= 0 {
			stores[k], at = p.in[i].store, there
			ev.describe(n, stores[k])
		} else {
			var err error
			if stores[k], err = ev.allocate(n, n.Bytes()); err != nil {
				ev.dropNew(p.in, g.stream, stores[:k])
				return err
			}
		}
		b := stores[k].buffer
		t.Out[k] = Operand{Buffer: b, Data: b.Bytes(), Dtype: n.dtype, Shape: n.shape, Strides: at.Strides, Offset: at.Offset}
	}
	err := ev.workspace(g.members[len(g.members)-1], t)
	var done bool
	if err == nil {
		ev.engine.tasks++
		done, err = g.stream.queue.Encode(t, ev.inline)
	}
	ev.dropHeld(g.stream)
	if err != nil {
		ev.dropNew(p.in, g.stream, stores)
		return err
	}
	for k, n := range p.out {
		n.store, n.place = stores[k], Placement{Offset: t.Out[k].Offset, Strides: t.Out[k].Strides}
	}
	for _, s := range p.same {
		s.node.store, s.node.place = stores[s.out], p.out[s.out].place
		stores[s.out].users++
	}
	if !done {
		ev.noteStream(g.stream)
		for _, in := range p.in {
			if in.store != nil {
				in.store.reader.note(g.stream)
			}
		}
		for _, n := range g.members {
			if n.store != nil {
				ev.queued = append(ev.queued, n)
			}
		}
	}
	ev.releaseGroup(g, p, given)
	return nil
}

// lastOp is the operation of the last step.
func (g *group) lastOp() *Op {
	for i := len(g.members) - 1; ; i-- {
		if op := g.members[i].op; op.Class != View && op != OpFull {
			return op
		}
	}
}

// constant is the operand of a node that repeats one element.
func constant(n *Node) Operand {
	return Operand{Dtype: n.dtype, Data: n.attrs.(*FullAttrs).Element[:n.dtype.Size()]}
}

// releaseGroup ends the members' hold on what they read, and drops what nothing
// else will read.
func (ev *evaluation) releaseGroup(g *group, p *program, given []bool) {
	for _, n := range g.members {
		for _, in := range n.inputs {
			in.uses--
		}
		if !n.trace.active() {
			n.detach()
		}
	}
	for i, in := range p.in {
		if given[i] {
			if in.store.epoch != ev.engine.epoch && in.collected() {
				ev.freed += in.store.buffer.Charge()
			}
			in.store = nil // the output owns it now
		} else {
			ev.letGo(in, g.stream)
		}
	}
	for _, n := range p.out {
		ev.letGo(n, g.stream)
	}
	for _, s := range p.same {
		ev.letGo(s.node, g.stream)
	}
}

// letGo drops the elements of a node that nothing reads any more.
func (ev *evaluation) letGo(n *Node, on *Stream) {
	if n.store == nil || n.uses > 0 || n.held() {
		return
	}
	ev.repaid(n)
	s := n.store
	n.store = nil
	s.drop(ev, on)
}
