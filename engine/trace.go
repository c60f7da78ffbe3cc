package engine

// trace is one run of a function under a transform. Nodes that depend on the
// trace's tracers keep their inputs after an evaluation for as long as the
// trace, or one it is nested in, is active, so that a value may be looked at
// inside a function whose gradient is being taken.
type trace struct {
	parent *trace
	done   bool
	lazy   bool // values may not be looked at (compile, vmap)
	what   string
}

// active reports whether the trace or an outer one still needs the graph. A nil
// trace is not active.
func (t *trace) active() bool {
	for ; t != nil; t = t.parent {
		if !t.done {
			return true
		}
	}
	return false
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

// innermost picks the most deeply nested active trace of the inputs.
func innermost(inputs []*Node) *trace {
	var best *trace
	for _, in := range inputs {
		if t := in.trace; t != nil && t.active() && (best == nil || t.depth() > best.depth()) {
			best = t
		}
	}
	return best
}
