package engine

// Devices tells how many devices of a type there are, of which a backend may be the first.
func (e *Engine) Devices(t DeviceType) int {
	be := e.Backend(t)
	if be == nil {
		return 0
	}
	if s := CapabilitiesOf(be).Siblings; s != nil {
		return s.Devices()
	}
	return 1
}

// Reach gives the backend of a device, which is opened where it is a further one of its
// type. What names who asks, for the error.
func (e *Engine) Reach(what string, d Device) (Backend, error) { return e.reach(what, d) }

func (e *Engine) reach(what string, d Device) (Backend, error) {
	for _, be := range e.backends {
		if be.Device() == d {
			return be, nil
		}
	}
	first := e.Backend(d.Type)
	if first == nil {
		return nil, Errorf(ValueError, what, "there is no %s device here", d.Type)
	}
	if n := e.Devices(d.Type); d.Index < 0 || d.Index >= n {
		return nil, Errorf(ValueError, what, "there is no %s %d here, but %d of them, from 0 on", d.Type, d.Index, n)
	}
	be, err := CapabilitiesOf(first).Siblings.Open(d.Index)
	if err != nil {
		return nil, Errorf(RuntimeError, what, "%s %d: %v", d.Type, d.Index, err)
	}
	e.backends = append(e.backends, be)
	return be, e.furnish(be)
}

// takes reports whether a kernel for the node reads its i-th input as it lies, and where it
// lies. One that reads elements again and again, as a product does, has them copied from
// the memory of another device of its type, which is further away.
func (n *Node) takes(i int, o *Operand) bool { return n.op.accepts(i, o) && !n.far(i) }

// far reports whether an input is to be brought to the node's device.
func (n *Node) far(i int) bool {
	in := n.inputs[i]
	switch n.op.Class {
	case Contraction, Structured, Sorting:
	default:
		return false
	}
	if in.immediate() {
		return false
	}
	for in.store == nil && in.op != nil && in.op.Class == View {
		in = in.inputs[in.index]
	}
	pool := in.stream.pool
	if in.store != nil {
		pool = in.store.pool
	}
	return pool != n.stream.pool && in.stream.Device.Type == n.stream.Device.Type
}
