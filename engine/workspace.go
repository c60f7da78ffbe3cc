package engine

// Scratch of kernels, which backends ask for by WorkspacePlanner. A task is outlined,
// without storage, to ask the backend's rule.

// workspaceRule is the rule for the operation's tasks, or nil.
func (s *Stream) workspaceRule(op *Op) WorkspaceRule {
	if s.can.Planner == nil {
		return nil
	}
	return s.can.Planner.Workspace(op)
}

// outline is the task of the node's operation without storage. Strides tells where an
// input will lie, nil where that is not known yet.
func (n *Node) outline(strides func(in *Node) []int) *Task {
	t := &Task{Op: n.op, Attrs: n.attrs}
	for i, in := range n.inputs {
		o := in.blank(strides)
		if o.Strides == nil && n.op.Layout == RowsLayout && i >= n.op.Free || o.Strides != nil && !n.takes(i, &o) {
			o.Strides, o.Offset = RowMajor(o.Shape), 0 // it will be copied
		}
		t.In = append(t.In, o)
	}
	for _, o := range n.outputs() {
		t.Out = append(t.Out, Operand{Dtype: o.dtype, Shape: o.shape, Strides: RowMajor(o.shape)})
	}
	return t
}

// outline is the group's task without storage.
func (g *group) outline(p *program, strides func(in *Node) []int) *Task {
	t := &Task{Op: g.lastOp(), Fusion: &p.Fusion}
	for _, in := range p.in {
		if g.has(in) {
			t.In = append(t.In, Operand{Dtype: in.dtype})
		} else {
			t.In = append(t.In, in.blank(strides))
		}
	}
	for _, n := range p.out {
		t.Out = append(t.Out, Operand{Dtype: n.dtype, Shape: n.shape, Strides: RowMajor(n.shape)})
	}
	return t
}

// blank is an input without storage.
func (n *Node) blank(strides func(in *Node) []int) Operand {
	if n.immediate() {
		return Operand{Dtype: n.dtype}
	}
	return Operand{Dtype: n.dtype, Shape: n.shape, Strides: strides(n)}
}

// known is where an input lies, nil if it has not been computed.
func known(n *Node) []int { return n.place.Strides }

// worstWorkspace bounds the scratch of the node's operation.
func (n *Node) worstWorkspace() int {
	if rule := n.stream.workspaceRule(n.op); rule != nil {
		return rule(n.outline(known))
	}
	return 0
}

// workspace binds the scratch that the task asks for, which ev.held notes.
func (ev *evaluation) workspace(n *Node, t *Task) error {
	rule := n.stream.workspaceRule(t.Op)
	if rule == nil {
		return nil
	}
	size := rule(t)
	if size == 0 {
		return nil
	}
	s, err := ev.allocate(n, size)
	if err != nil {
		return err
	}
	ev.held = append(ev.held, s)
	t.Workspace = Operand{Buffer: s.buffer, Data: s.buffer.Bytes(), Dtype: Uint8, Shape: []int{size}, Strides: []int{1}}
	return nil
}

// dropHeld lets go of a task's scratch.
func (ev *evaluation) dropHeld(on *Stream) {
	for _, s := range ev.held {
		s.drop(ev, on)
	}
	clear(ev.held)
	ev.held = ev.held[:0]
}
