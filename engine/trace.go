package engine

// trace is one run of a function under a transform. Nodes that depend on the
// trace's tracers keep their inputs after an evaluation for as long as the
// trace, or one it is nested in, is active, so that a value may be looked at
// inside a function whose gradient is being taken.
type trace struct {
	parent *trace
	outer  *trace // the outermost that it is nested in, which ends last; nil is itself
	done   bool
	lazy   bool // values may not be looked at (compile, vmap)
	what   string
}

// active reports whether the trace or an outer one still needs the graph. A nil
// trace is not active.
func (t *trace) active() bool {
	switch {
	case t == nil:
		return false
	case t.outer == nil:
		return !t.done
	}
	return !t.outer.done
}

// forbidsValues reports whether the trace or an outer one may not look at values.
func (t *trace) forbidsValues() bool {
	for ; t != nil; t = t.parent {
		if !t.done && t.lazy {
			return true
		}
	}
	return false
}

// depth is the nesting of the trace; a nil trace has depth 0.
func (t *trace) depth() int {
	d := 0
	for ; t != nil; t = t.parent {
		d++
	}
	return d
}

// running is the trace or the nearest outer one that has not ended; nil where
// all have.
func (t *trace) running() *trace {
	for t != nil && t.done {
		t = t.parent
	}
	return t
}

// innermost picks the most deeply nested running trace of the inputs. Running
// traces lie within each other, so that it stands for them all.
func innermost(inputs []*Node) *trace {
	var best *trace
	for _, in := range inputs {
		if t := in.trace.running(); t != nil && (best == nil || t.depth() > best.depth()) {
			best = t
		}
	}
	return best
}
