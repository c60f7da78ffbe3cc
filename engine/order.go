package engine

import (
	"cmp"
	"slices"
)

// The order in which an evaluation runs its operations decides what is alive at once.
// The order of the roots and inputs, depth first, is one; here are others.

// eager is the order in which operations run as soon as they take no more memory than
// they free, together with the others that have yet to read what they would free, and
// otherwise when their turn comes. It keeps the gradient of a weight from waiting, with
// all that it reads, until that of every layer below is done.
func (g *outline) eager(e *Engine) []*Node {
	s := &sequence{
		outline: g, engine: e, out: make([]*Node, 0, len(g.ops)),
		done: make([]bool, len(g.ops)), unmet: make([]int32, len(g.ops)), source: make([]int32, len(g.ops)),
		left: make([]int32, len(g.cells)), sum: make([]int64, len(g.cells)),
		seen: make([]int32, len(g.ops)), times: make([]times, len(g.cells)),
	}
	s.count()
	for i := range g.ops {
		s.run(int32(i))
		for len(s.ready) > 0 {
			c := s.ready[0]
			s.ready = s.ready[1:]
			if s.gather(c) && s.growth() <= 0 {
				for _, j := range s.last {
					s.run(j)
				}
			}
		}
	}
	return s.out
}

const (
	// lastReaders is how many operations are run early at once, at most.
	lastReaders = 4
	// lastReads bounds what is looked at to tell whether they may be.
	lastReads = 1024
)

// sequence is an order in the making.
type sequence struct {
	*outline
	engine *Engine
	out    []*Node
	done   []bool
	unmet  []int32 // operations, not lazy, that each one still waits for
	source []int32 // of a lazy operation the one, not lazy, that its input comes from, or -1
	left   []int32 // reads of each cell to come
	sum    []int64 // of the numbers of those that read it
	ready  []int32 // cells whose last readers are worth a look
	stack  []int32
	last   []int32 // the last readers of a cell
	set    []int32 // those and what is done again for them

	moment int32
	seen   []int32 // the moment at which an operation was last met
	times  []times // how often the set reads a cell
}

// times is a number that counts at a moment.
type times struct{ moment, n int32 }

// count counts what operations wait for and what reads memory. What is done again reads
// what is alive anyway when it is wanted, so that nobody waits for its inputs.
func (s *sequence) count() {
	for i, n := range s.ops {
		s.source[i] = -1
		for _, in := range n.inputs {
			if !s.engine.reads(n, in) {
				continue
			}
			from := int32(-1)
			if in.store == nil {
				if from = in.at; s.lazy[from] {
					from = s.source[from]
				}
			}
			if !s.counts(int32(i)) {
				s.source[i] = from
				continue
			}
			if from >= 0 && !s.lazy[i] {
				s.unmet[i]++
			}
			c := s.cellOf(s.engine, in)
			s.left[c]++
			s.sum[c] += int64(i)
		}
	}
}

// run puts an operation in order, and before it what is lazy and it reads.
func (s *sequence) run(i int32) {
	s.stack = append(s.stack[:0], i)
	for len(s.stack) > 0 {
		i := s.stack[len(s.stack)-1]
		if s.done[i] {
			s.stack = s.stack[:len(s.stack)-1]
			continue
		}
		n, waits := s.ops[i], false
		for _, in := range slices.Backward(n.inputs) {
			if s.engine.reads(n, in) && in.store == nil && !s.done[in.at] {
				s.stack, waits = append(s.stack, in.at), true
			}
		}
		if waits {
			continue
		}
		s.stack = s.stack[:len(s.stack)-1]
		s.done[i] = true
		s.out = append(s.out, n)
		if s.counts(i) {
			s.ended(i, n)
		}
	}
}

// ended notes who may run now that an operation, no view, has, and what has few readers
// left.
func (s *sequence) ended(i int32, n *Node) {
	if !s.lazy[i] {
		s.arrived(i)
	}
	for _, in := range n.inputs {
		if s.engine.reads(n, in) {
			c := s.cellOf(s.engine, in)
			s.left[c]--
			s.sum[c] -= int64(i)
			s.consider(c)
		}
	}
}

// consider has the last readers of a cell looked at.
func (s *sequence) consider(c int32) {
	if s.left[c] == 0 || s.left[c] > 2*lastReaders || s.cells[c].pinned {
		return
	}
	if k := len(s.ready); k == 0 || s.ready[k-1] != c {
		s.ready = append(s.ready, c)
	}
}

// arrived tells those that wait for an operation, also through views, that it ran.
func (s *sequence) arrived(i int32) {
	pending := append(s.stack[len(s.stack):], i)
	for len(pending) > 0 {
		j := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		for _, c := range s.readers(j) {
			if s.lazy[c] {
				if !s.ops[c].again {
					pending = append(pending, c)
				}
				continue
			}
			if s.unmet[c]--; s.unmet[c] == 0 {
				for _, in := range s.ops[c].inputs {
					if s.engine.reads(s.ops[c], in) {
						s.consider(s.cellOf(s.engine, in))
					}
				}
			}
		}
	}
}

// gather lists the last readers of a cell, and in place of those that are done again
// their readers. It reports whether they may all run.
func (s *sequence) gather(c int32) bool {
	s.last = s.last[:0]
	if s.left[c] == 0 {
		return false
	}
	// If one operation does all reads that are left, its number is their mean.
	if j := int32(s.sum[c] / int64(s.left[c])); !s.lazy[j] && s.countReads(j, c) == s.left[c] {
		s.last = append(s.last, j)
		return s.unmet[j] == 0
	}
	maker := s.cells[c].maker
	if maker < 0 {
		return false
	}
	s.moment++
	pending := append(s.stack[:0], maker)
	defer func() { s.stack = pending[:0] }()
	looked := 0
	for len(pending) > 0 {
		i := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		for _, j := range s.readers(i) {
			if looked++; looked > lastReads {
				return false
			}
			if s.seen[j] == s.moment || s.done[j] && s.ops[j].op.Class != View {
				continue
			}
			s.seen[j] = s.moment
			if s.lazy[j] || s.done[j] {
				pending = append(pending, j)
				continue
			}
			if s.last = append(s.last, j); s.unmet[j] > 0 || len(s.last) > lastReaders {
				return false
			}
		}
	}
	return len(s.last) > 0
}

// countReads is how often an operation reads a cell, 0 for one that reads very much.
func (s *sequence) countReads(i, c int32) (times int32) {
	n := s.ops[i]
	if len(n.inputs) > lastReads {
		return 0
	}
	for _, in := range n.inputs {
		if s.engine.reads(n, in) && s.cellOf(s.engine, in) == c {
			times++
		}
	}
	return times
}

// growth is how much more memory is in use after the last readers, and what has to be
// done again for them, than before.
func (s *sequence) growth() (bytes int64) {
	s.moment++
	s.set = append(s.set[:0], s.last...)
	for k := 0; k < len(s.set); k++ {
		n := s.ops[s.set[k]]
		s.seen[s.set[k]] = s.moment
		if len(s.set)+len(n.inputs) > lastReads {
			return 1
		}
		for _, in := range n.inputs {
			if !s.engine.reads(n, in) {
				continue
			}
			c := s.cellOf(s.engine, in)
			if s.times[c].moment != s.moment {
				s.times[c] = times{moment: s.moment}
				if m := s.cells[c].maker; m >= 0 && s.lazy[m] && !s.done[m] && s.seen[m] != s.moment {
					s.seen[m] = s.moment
					s.set = append(s.set, m)
				}
			}
			s.times[c].n++
		}
	}
	for k, j := range s.set {
		n := s.ops[j]
		if n.op.Class != View {
			for _, o := range n.outputs() {
				if k < len(s.last) || s.timesOf(o.cell) < s.left[o.cell] {
					bytes += s.cells[o.cell].bytes
				}
			}
		}
	}
	for _, j := range s.set {
		n := s.ops[j]
		for _, in := range n.inputs {
			if !s.engine.reads(n, in) {
				continue
			}
			c := s.cellOf(s.engine, in)
			if m := s.cells[c].maker; s.cells[c].pinned || m >= 0 && s.seen[m] == s.moment {
				continue
			}
			if s.timesOf(c) == s.left[c] {
				bytes -= s.cells[c].bytes
				s.times[c].n = 0 // once
			}
		}
	}
	return bytes
}

func (s *sequence) timesOf(c int32) int32 {
	if s.times[c].moment != s.moment {
		return 0
	}
	return s.times[c].n
}

// needFirst is the order, depth first, that visits first the input whose operations
// need most memory at once: what it leaves is small beside that, and the others' needs
// come on top of it (R. Sethi and J. D. Ullman, The Generation of Optimal Code for
// Arithmetic Expressions, 1970; here on graphs, so that it is a guess).
func (g *outline) needFirst(e *Engine, roots []*Node) []*Node {
	need := make([]int64, len(g.ops))
	type part struct {
		op   int32
		need int64
		left int64
	}
	var parts []part
	children := func(n *Node) []part {
		parts = parts[:0]
		for _, in := range n.inputs {
			if e.reads(n, in) && in.store == nil {
				parts = append(parts, part{in.at, need[in.at], g.cells[in.cell].bytes})
			}
		}
		slices.SortStableFunc(parts, func(x, y part) int { return cmp.Compare(y.need-y.left, x.need-x.left) })
		return parts
	}
	for i, n := range g.ops {
		var held, most int64
		for _, p := range children(n) {
			most = max(most, held+p.need)
			held += p.left
		}
		for _, o := range n.outputs() {
			if n.op.Class != View {
				held += g.cells[o.cell].bytes
			}
		}
		need[i] = max(most, held)
	}
	out := make([]*Node, 0, len(g.ops))
	done := make([]bool, len(g.ops))
	ranked := slices.Clone(roots)
	ranked = slices.DeleteFunc(ranked, func(r *Node) bool { return r.store != nil || r.visit != e.visit })
	slices.SortStableFunc(ranked, func(x, y *Node) int { return cmp.Compare(need[y.at], need[x.at]) })
	var stack []int32
	for _, r := range ranked {
		stack = append(stack, r.at)
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			if done[i] {
				stack = stack[:len(stack)-1]
				continue
			}
			waits := false
			for _, p := range slices.Backward(children(g.ops[i])) {
				if !done[p.op] {
					stack, waits = append(stack, p.op), true
				}
			}
			if waits {
				continue
			}
			done[i] = true
			out = append(out, g.ops[i])
			stack = stack[:len(stack)-1]
		}
	}
	return out
}
