package engine

import "github.com/mlxstar/mlxstar/alloc"

// Observer is told of memory: of the events of the engine's pools, and of evaluations. Its
// methods are called on the goroutine that evaluates.
type Observer interface {
	alloc.Observer
	// EvalBegun is called before an evaluation of so many operations.
	EvalBegun(operations int)
	// EvalEnded is called once its operations were run, or encoded.
	EvalEnded()
	// StepEnded is called when the script has asked for an evaluation by name, as loops do
	// at the end of a step.
	StepEnded()
}

// Observe has o told of what happens from now on, or nobody if it is nil. While somebody
// is, arrays of any size remember their line.
func (e *Engine) Observe(o Observer) {
	if o == nil {
		e.observer.Store(nil)
	} else {
		e.observer.Store(&o)
	}
	for _, p := range e.Pools() {
		if o == nil {
			p.Observe(nil)
		} else {
			p.Observe(o)
		}
	}
}

// EndStep tells the observer that a script's evaluation is done.
func (e *Engine) EndStep() {
	if o := e.observer.Load(); o != nil {
		(*o).StepEnded()
	}
}

// Observed reports whether somebody is told of memory.
func (e *Engine) Observed() bool { return e.observed() }

func (e *Engine) observed() bool { return e.observer.Load() != nil }

// describe tells the observer what array a storage holds.
func (ev *evaluation) describe(n *Node, s *storage) {
	if n.op != nil {
		ev.engine.describe(n, s, n.op.Name)
	}
}

func (e *Engine) describe(n *Node, s *storage, operation string) {
	if e.observed() {
		l := alloc.Label{Operation: operation, Dtype: n.dtype.String(), Shape: n.shape}
		if n.stream != nil {
			l.Device, l.Stream = n.stream.Device.Type.String(), n.stream.Index
		}
		s.buffer.Describe(n.site, l)
	}
}

// Buffer is what holds the elements of an evaluated node, nil if it has none.
func (n *Node) Buffer() *alloc.Buffer {
	if n.store == nil {
		return nil
	}
	return n.store.buffer
}

// Holdings yields the buffers that the engine itself keeps, with what they are for.
func (e *Engine) Holdings(yield func(name string, b *alloc.Buffer)) {
	if e.random != nil && e.random.store != nil {
		yield("state of mx.random", e.random.store.buffer)
	}
	for _, n := range e.constants {
		if n.store != nil {
			yield("constants", n.store.buffer)
		}
	}
	for _, r := range e.retired {
		for _, s := range r.stores {
			yield("tasks in flight", s.buffer)
		}
	}
}
