package engine

import "github.com/mlxstar/mlxstar/alloc"

// A rehearsal walks an evaluation's units in their order with the decisions that the
// evaluator will take (views, copies, storage taken over from dying inputs, releases)
// and keeps only sizes, so that the peak is known before anything is allocated. Orders
// are compared by it, and evaluations admitted.
type rehearsal struct {
	live, peak int64
	nodes      []rehearsed // by Node.number
	spare      []planned   // to be given out
	ints       []int       // to be given out as strides
	number     uint64
	visit      uint64
	grown      int                       // allocations so far
	most       int                       // the one at which the peak was reached
	watch      func(n *Node, s *planned) // is told what is allocated, or nil
	passed     func(n *Node, s *planned) // is told of a node that takes storage over, or nil
}

// rehearsed is what a rehearsal knows of a node.
type rehearsed struct {
	store *planned
	place Placement
	reads int32 // so far
	gone  bool
}

// planned is storage in a rehearsal.
type planned struct {
	bytes   int64 // charged
	size    int   // asked for
	users   int32
	foreign bool // not to be written
	pool    *alloc.Pool
	reader  reader
}

// rehearse gives the most memory, in bytes above what is active now, that the units
// take at any moment.
func (e *Engine) rehearse(units []unit) int64 {
	r := e.newRehearsal()
	for _, u := range units {
		r.run(u)
	}
	return r.peak
}

func (e *Engine) newRehearsal() *rehearsal {
	e.rehearsals++
	return &rehearsal{nodes: make([]rehearsed, e.seen), number: e.rehearsals, visit: e.visit}
}

func (r *rehearsal) run(u unit) {
	if u.group != nil {
		r.group(u.group)
	} else {
		r.step(u.node)
	}
}

func (r *rehearsal) step(n *Node) {
	outs := n.outputs()
	if n.op.Class == View {
		for _, o := range outs {
			r.view(o)
		}
	} else {
		r.compute(n, outs)
	}
	r.read(n.stream, n.inputs)
	for _, o := range outs {
		if len(outs) > 1 && o.uses == 0 && !o.outlasts() {
			r.let(o)
		}
	}
}

// of is what is known of a node.
func (r *rehearsal) of(n *Node) *rehearsed { return &r.nodes[n.number] }

// read counts reads and lets go of what is read for the last time.
func (r *rehearsal) read(on *Stream, inputs []*Node) {
	for _, in := range inputs {
		if in.visit != r.visit || in.immediate() && r.of(in).store == nil {
			continue // a constant
		}
		x := r.of(in)
		if r.stored(in) {
			r.store(in).reader.note(on)
		}
		if x.reads++; x.reads == in.uses && r.stored(in) && !in.outlasts() {
			r.let(in)
		}
	}
}

// stored reports whether the node has storage: a member of a group may have none.
func (r *rehearsal) stored(n *Node) bool { return n.store != nil || r.of(n).store != nil }

// group is the rehearsal of evaluation.group.
func (r *rehearsal) group(g *group) {
	p := g.prepared()
	given := make([]bool, len(p.in))
	for k, n := range p.out {
		x := r.of(n)
		if i, at := g.donor(r, p, k, given); i >= 0 {
			r.take(n, p.in[i], at)
		} else {
			x.store, x.place = r.grow(n, n.Bytes()), Placement{Strides: r.rowMajor(n.shape)}
		}
	}
	if rule := g.stream.workspaceRule(g.lastOp()); rule != nil {
		if size := rule(g.outline(p, r.strides)); size > 0 {
			r.drop(r.grow(g.members[len(g.members)-1], size))
		}
	}
	for _, s := range p.same {
		*r.of(s.node) = rehearsed{store: r.of(p.out[s.out]).store, place: r.of(p.out[s.out]).place}
		r.of(s.node).store.users++
	}
	for _, n := range g.members {
		r.read(n.stream, n.inputs)
	}
	for _, n := range p.out {
		r.unwanted(n)
	}
	for _, s := range p.same {
		r.unwanted(s.node)
	}
}

// take gives a node an input's storage.
func (r *rehearsal) take(n, in *Node, at Placement) {
	x := r.of(n)
	x.store, x.place = r.store(in), at
	x.store.users++ // the input lets go of it when it is read
	if r.passed != nil {
		r.passed(n, x.store)
	}
}

// unwanted lets go of an output that was stored for nothing.
func (r *rehearsal) unwanted(n *Node) {
	if r.of(n).reads == n.uses && !n.outlasts() {
		r.let(n)
	}
}

// alone is the rehearsal's answer.
func (r *rehearsal) alone(on *Stream, n *Node) (at Placement, bytes int, ok bool) {
	if !r.stored(n) {
		return at, 0, false
	}
	s := r.store(n)
	if s.users != 1 || s.foreign || s.pool != on.pool || n.stream != on && (n.store == nil || n.ready != nil) || s.reader.other(on) {
		return at, 0, false
	}
	return r.placement(n), s.size, true
}

func (r *rehearsal) lastRead(n *Node, reads int32) bool {
	return r.of(n).reads+reads == n.uses && !n.outlasts()
}

func (r *rehearsal) grow(n *Node, bytes int) *planned {
	if len(r.spare) == 0 {
		r.spare = make([]planned, 256)
	}
	s := &r.spare[0]
	r.spare = r.spare[1:]
	*s = planned{bytes: n.stream.pool.Charge(bytes), size: bytes, users: 1, pool: n.stream.pool}
	r.live += s.bytes
	r.grown++
	if r.live > r.peak {
		r.peak, r.most = r.live, r.grown
	}
	if r.watch != nil {
		r.watch(n, s)
	}
	return s
}

func (r *rehearsal) let(n *Node) {
	x, s := r.of(n), r.store(n)
	if x.gone {
		return
	}
	x.gone = true
	r.drop(s)
}

// drop lets one user of storage go.
func (r *rehearsal) drop(s *planned) {
	s.users--
	if s.users == 0 && !s.reader.several { // else it is let go of after the evaluation
		r.live -= s.bytes
	}
}

// store is where a node lies.
func (r *rehearsal) store(n *Node) *planned {
	x := r.of(n)
	if x.store != nil {
		return x.store
	}
	s := n.store
	if s.rehearsal != r.number {
		s.rehearsal = r.number
		s.planned = &planned{bytes: s.buffer.Charge(), size: s.buffer.Size(), users: s.users, foreign: s.buffer.Foreign(), pool: s.pool, reader: s.reader}
	}
	x.store = s.planned
	return x.store
}

func (r *rehearsal) strides(n *Node) []int { return r.placement(n).Strides }

func (r *rehearsal) placement(n *Node) Placement {
	if n.store != nil {
		return n.place
	}
	return r.of(n).place
}

func (r *rehearsal) view(n *Node) {
	in, x := n.inputs[n.index], r.of(n)
	if at, ok := n.op.Alias(n, r.placement(in)); ok {
		x.store, x.place = r.store(in), at
		x.store.users++
		return
	}
	x.store = r.grow(n, in.Bytes())
	x.place, _ = n.op.Alias(n, Placement{Strides: r.rowMajor(in.shape)})
}

func (r *rehearsal) compute(n *Node, outs []*Node) {
	var scratch []*planned
	for i, in := range n.inputs {
		if in.visit != r.visit || in.immediate() {
			continue // a constant
		}
		o := Operand{Shape: in.shape, Strides: r.placement(in).Strides}
		if !n.takes(i, &o) {
			scratch = append(scratch, r.grow(n, in.Bytes()))
		}
	}
	for _, o := range outs {
		x := r.of(o)
		if i, at := donor(r, n, o, nil); i >= 0 {
			r.take(o, n.inputs[i], at)
			continue
		}
		x.store, x.place = r.grow(n, o.Bytes()), Placement{Strides: r.rowMajor(o.shape)}
	}
	if rule := n.stream.workspaceRule(n.op); rule != nil {
		if size := rule(n.outline(r.strides)); size > 0 {
			scratch = append(scratch, r.grow(n, size))
		}
	}
	for _, s := range scratch {
		r.drop(s)
	}
}

// rowMajor gives strides as RowMajor does.
func (r *rehearsal) rowMajor(shape []int) []int {
	if len(r.ints) < len(shape) {
		r.ints = make([]int, 1024+len(shape))
	}
	strides := r.ints[:len(shape):len(shape)]
	r.ints = r.ints[len(shape):]
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = step
		step *= shape[i]
	}
	return strides
}
