package engine

// A plan rehearses an evaluation: it walks the operations in their order with
// the decisions that the evaluator will take (views, copies, storage taken over
// from dying inputs, releases) and keeps only sizes, so that the peak is known
// before anything is allocated.
type plan struct {
	live, peak int64
	places     map[*Node]Placement
	stores     map[*Node]*planned
	resident   map[*storage]*planned
	uses       map[*Node]int32
}

type planned struct {
	bytes   int64
	users   int32
	foreign bool // not to be written
}

// plannedPeak is the most memory, in bytes above what is active now, that
// evaluating the units takes at any moment.
func (e *Engine) plannedPeak(units []unit) int64 {
	p := &plan{
		places: map[*Node]Placement{}, stores: map[*Node]*planned{},
		resident: map[*storage]*planned{}, uses: map[*Node]int32{},
	}
	for _, u := range units {
		if u.group != nil {
			p.group(u.group)
		} else {
			p.step(u.node)
		}
	}
	return p.peak
}

func (p *plan) step(n *Node) {
	outs := n.outputs()
	if n.op.Class == View {
		for _, o := range outs {
			p.view(o)
		}
	} else {
		p.compute(n, outs)
	}
	p.read(n.inputs)
	for _, o := range outs {
		if len(outs) > 1 && o.uses == 0 && p.dies(o) {
			p.let(o)
		}
	}
}

// read counts reads and lets go of what is read for the last time.
func (p *plan) read(inputs []*Node) {
	for _, in := range inputs {
		if in.store == nil && p.stores[in] == nil {
			continue // a constant, or handed on within a group
		}
		p.uses[in] = p.left(in) - 1
		if p.uses[in] == 0 && p.dies(in) {
			p.let(in)
		}
	}
}

// left is how often the node will be read from here on.
func (p *plan) left(n *Node) int32 {
	if left, seen := p.uses[n]; seen {
		return left
	}
	return n.uses
}

// group is the plan of evaluation.group.
func (p *plan) group(g *group) {
	r := g.program()
	given := make([]bool, len(r.in))
	for k, n := range r.out {
		p.places[n] = Placement{Strides: RowMajor(n.shape)}
		if i := g.donor(p, r, k, given); i >= 0 {
			s := p.store(r.in[i])
			s.users++ // the input lets go of it below
			p.stores[n] = s
		} else {
			p.stores[n] = p.grow(n.Bytes())
		}
	}
	if rule := g.stream.workspaceRule(g.lastOp()); rule != nil {
		if size := rule(g.outline(r, p.strides)); size > 0 {
			p.live -= p.grow(size).bytes
		}
	}
	for _, s := range r.same {
		p.places[s.node], p.stores[s.node] = p.places[r.out[s.out]], p.stores[r.out[s.out]]
		p.stores[s.node].users++
	}
	for _, n := range g.members {
		p.read(n.inputs)
	}
}

func (p *plan) free(_ *group, n *Node) (at Placement, ok bool) {
	s := p.store(n)
	return p.placement(n), s.users == 1 && !s.foreign
}

func (p *plan) lastRead(n *Node, reads int32) bool { return p.left(n) == reads && p.dies(n) }

// dies reports whether nothing outside this evaluation holds the node: its
// consumers here are as many as were ever built.
func (p *plan) dies(n *Node) bool {
	built := n.waiting
	n.waiting = 0
	free := !n.held() && built <= n.uses
	n.waiting = built
	return free
}

func (p *plan) grow(bytes int) *planned {
	s := &planned{bytes: charged(bytes), users: 1}
	p.live += s.bytes
	p.peak = max(p.peak, p.live)
	return s
}

// charged is what a buffer counts for: small ones in cache lines, large ones in pages.
func charged(bytes int) int64 {
	unit := 64
	if bytes > 4096 {
		unit = 4096
	}
	return int64((bytes + unit - 1) / unit * unit)
}

func (p *plan) let(n *Node) {
	s := p.store(n)
	s.users--
	if s.users == 0 {
		p.live -= s.bytes
	}
}

func (p *plan) store(n *Node) *planned {
	if s := p.stores[n]; s != nil {
		return s
	}
	s := p.resident[n.store]
	if s == nil {
		s = &planned{bytes: n.store.buffer.Charge(), users: n.store.users, foreign: n.store.buffer.Foreign()}
		p.resident[n.store] = s
	}
	p.stores[n] = s
	return s
}

func (p *plan) strides(n *Node) []int { return p.placement(n).Strides }

func (p *plan) placement(n *Node) Placement {
	if n.store != nil {
		return n.place
	}
	return p.places[n]
}

func (p *plan) view(n *Node) {
	in := n.inputs[n.index]
	if at, ok := n.op.Alias(n, p.placement(in)); ok {
		s := p.store(in)
		s.users++
		p.stores[n], p.places[n] = s, at
		return
	}
	p.stores[n] = p.grow(in.Bytes())
	p.places[n], _ = n.op.Alias(n, Placement{Strides: RowMajor(in.shape)})
}

func (p *plan) compute(n *Node, outs []*Node) {
	var scratch []*planned
	for i, in := range n.inputs {
		o := Operand{Shape: in.shape, Strides: p.placement(in).Strides}
		if !n.op.accepts(i, &o) {
			scratch = append(scratch, p.grow(in.Bytes()))
		}
	}
	for _, o := range outs {
		p.places[o] = Placement{Strides: RowMajor(o.shape)}
		if s := p.donated(n, o); s != nil {
			s.users++ // the input lets go of it below
			p.stores[o] = s
			continue
		}
		p.stores[o] = p.grow(o.Bytes())
	}
	if rule := n.stream.workspaceRule(n.op); rule != nil {
		if size := rule(n.outline(p.strides)); size > 0 {
			scratch = append(scratch, p.grow(size))
		}
	}
	for _, s := range scratch {
		p.live -= s.bytes
	}
}

func (p *plan) donated(n, out *Node) *planned {
	if !n.op.InPlace || n.trace.active() {
		return nil
	}
	for i, in := range n.inputs {
		if i > 0 && n.op.Class == Movement {
			break
		}
		if in.immediate() && p.stores[in] == nil {
			continue
		}
		s, at := p.store(in), p.placement(in)
		if in.dtype.Size() == out.dtype.Size() && s.users == 1 && !s.foreign && at.Offset == 0 && equalInts(in.shape, out.shape) &&
			IsRowMajor(in.shape, at.Strides) && int(p.left(in)) == countOf(n.inputs, in) && p.dies(in) {
			return s
		}
	}
	return nil
}
