package engine

// Fusion is a group of elementwise operations that a backend runs as one task:
// for one stretch of elements after the other all steps are computed, so that
// what a step hands to the next stays in caches or registers, and is written to
// memory only where it is read later.
//
// All steps compute arrays of one shape, which is the shape of the task's outputs
// and which its inputs broadcast to. The last step may be an operation that Ends instead, such as a
// Reduction over trailing axes, whose answer is an output of a shape of its own. An input whose storage an output took over
// lies exactly as the output does, and no step after the one that the output is
// the answer of reads it.
type Fusion struct {
	Shape []int
	Steps []Step
	Out   []Arg // what each output of the task is to hold
}

// Step is one operation of a Fusion, of the class Unary, Binary or Ternary, or one
// that Ends.
type Step struct {
	Op    *Op
	Attrs any
	Dtype Dtype // what it answers in
	Args  []Arg
}

// Arg is an operand of a step: the answer of the step of that number or, where
// Input is set, the task's input of that number.
type Arg struct {
	Input bool
	Index int
}

const (
	maxMembers = 64 // of a group
	maxOpen    = 8  // groups that wait for members at once

	// maxDying bounds the arrays as large as its own that a group is the last to read. It holds them
	// all until it runs, where its operations one by one would let go of each: the terms of a
	// long sum, say.
	maxDying = 4

	// minFold is the least number of elements that a reduction in a group folds into
	// one. Shorter ones cost more than they spare.
	minFold = 512
)

// unit is what the evaluator runs at once: the operation of a node, or a group.
type unit struct {
	node  *Node
	group *group
}

// nodes are those that the unit computes, one for each operation.
func (u unit) nodes() []*Node {
	if u.group != nil {
		return u.group.members
	}
	return []*Node{u.node}
}

// group is the nodes of a fusion, inputs before consumers.
type group struct {
	id      int32 // what its members carry in Node.group
	stream  *Stream
	shape   []int
	members []*Node
	steps   int    // members that make something
	dying   int    // arrays of the evaluation that the members read, and nothing else does
	into    *group // the group that took over the members, or nil
	task    *program
	closed  bool
}

// fuser forms the groups of one evaluation. Open groups do not depend on each
// other, and nothing that was put in order behind them depends on them: whoever
// reads an open group joins it or has it closed.
type fuser struct {
	visit  uint64
	units  []unit
	groups []*group // by id, from 1 on
	open   []*group
	in     [3]Dtype
}

// fuse divides the operations into units. Units and operations within them keep
// inputs before consumers.
func (e *Engine) fuse(order []*Node) []unit {
	f := fuser{visit: e.visit, units: make([]unit, 0, len(order))}
	for _, n := range order {
		n.group, n.inner = 0, 0
	}
	for _, n := range order {
		if g := f.home(n); g != nil {
			f.join(g, n)
			if n.op.Ends {
				f.close(g)
			}
			continue
		}
		f.closeReadBy(n, nil)
		f.units = append(f.units, unit{node: n})
	}
	for len(f.open) > 0 {
		f.close(f.open[0])
	}
	return f.units
}

// unfused makes a unit of each operation.
func unfused(order []*Node) []unit {
	units := make([]unit, len(order))
	for i, n := range order {
		units[i].node = n
	}
	return units
}

// of is the open group that the node is a member of, or nil.
func (f *fuser) of(n *Node) *group {
	if n.visit != f.visit || n.store != nil || n.group == 0 || n.immediate() {
		return nil
	}
	g := f.groups[n.group-1]
	for g.into != nil {
		g = g.into
	}
	if g.closed {
		return nil
	}
	return g
}

// home is the group that the node is to join: one that it reads, several of them
// made one, or a new one; nil for a node that no group takes.
func (f *fuser) home(n *Node) (home *group) {
	if n.op.Ends {
		return f.folded(n)
	}
	alias := n.op == OpIdentity || n.op == OpStopGradient
	if !alias && !f.fusable(n) {
		return nil
	}
	for _, in := range n.inputs {
		g := f.of(in)
		if g == nil || g == home || !g.takes(n) || g.dying+f.dying(g, n) > maxDying {
			continue
		}
		if home == nil {
			home = g
		} else if len(home.members)+len(g.members) < maxMembers && home.dying+g.dying+f.dying(home, n) <= maxDying {
			home = f.merge(home, g)
		}
	}
	if home == nil && !alias {
		home = f.start(n)
	}
	return home
}

// folded is the group whose answers the node folds or packs, if the backend can do so as
// they are made.
func (f *fuser) folded(n *Node) *group {
	in := n.inputs[0]
	g := f.of(in)
	if g == nil || g.stream != n.stream || len(g.members) >= maxMembers || !equalInts(g.shape, in.shape) {
		return nil
	}
	if a, ok := n.attrs.(ReduceAttrs); ok {
		lead := len(in.shape) - len(a.Axes)
		if len(a.Axes) == 0 || a.Axes[0] != lead || Elements(in.shape[lead:]) < minFold {
			return nil
		}
	}
	f.in[0] = in.dtype
	if !n.stream.can.Fuser.Fuses(n.op, f.in[:1], n.dtype) {
		return nil
	}
	return g
}

// fusable reports whether the backend runs the node's operation as a step, or
// reads it as a constant.
func (f *fuser) fusable(n *Node) bool {
	fuses := n.stream.can.Fuser
	if fuses == nil || len(n.inputs) > len(f.in) {
		return false
	}
	switch n.op.Class {
	case Unary, Binary, Ternary:
	default:
		return n.op == OpFull && !n.immediate()
	}
	for i, in := range n.inputs {
		f.in[i] = in.dtype
	}
	return fuses.Fuses(n.op, f.in[:len(n.inputs)], n.dtype)
}

// dying counts the arrays of this evaluation that only the node reads, if it joins the group.
func (f *fuser) dying(g *group, n *Node) (count int) {
	for _, in := range n.inputs {
		if in.uses == 1 && in.visit == f.visit && in.store == nil && !in.immediate() && equalInts(in.shape, g.shape) && f.of(in) == nil {
			count++
		}
	}
	return count
}

func (g *group) takes(n *Node) bool {
	return g.stream == n.stream && len(g.members) < maxMembers && equalInts(g.shape, n.shape)
}

// has reports whether the node is a member that has not been computed.
func (g *group) has(n *Node) bool {
	return n.group == g.id && n.store == nil && n.visit == g.members[0].visit && !n.immediate()
}

func (f *fuser) start(n *Node) *group {
	if len(f.open) == maxOpen {
		f.close(f.open[0])
	}
	g := &group{id: int32(len(f.groups) + 1), stream: n.stream, shape: n.shape}
	f.groups = append(f.groups, g)
	f.open = append(f.open, g)
	return g
}

// merge moves the members of h to g.
func (f *fuser) merge(g, h *group) *group {
	g.members = append(g.members, h.members...)
	g.steps += h.steps
	g.dying += h.dying
	h.into, h.members = g, nil
	f.forget(h)
	return g
}

func (f *fuser) forget(g *group) {
	for i, h := range f.open {
		if h == g {
			f.open = append(f.open[:i], f.open[i+1:]...)
			return
		}
	}
}

// join adds the node to the group. Other groups that it reads are to run before.
func (f *fuser) join(g *group, n *Node) {
	f.closeReadBy(n, g)
	for _, in := range n.inputs {
		if f.of(in) == g {
			in.inner++
		}
	}
	g.dying += f.dying(g, n)
	n.group = g.id
	g.members = append(g.members, n)
	if n.op.Class != View {
		g.steps++
	}
}

// closeReadBy closes the groups that the node reads, but for one.
func (f *fuser) closeReadBy(n *Node, but *group) {
	if len(f.open) == 0 {
		return
	}
	for _, in := range n.inputs {
		if g := f.of(in); g != nil && g != but {
			f.close(g)
		}
	}
}

// close puts the group in order. Where it has one operation nothing is fused.
func (f *fuser) close(g *group) {
	f.forget(g)
	g.closed = true
	if g.steps < 2 {
		f.single(g)
		return
	}
	g.number()
	if g.stream.can.Chooser != nil {
		f.choose(g, g.stream.can.Chooser)
		return
	}
	f.units = append(f.units, unit{group: g})
}

// single makes a unit of each member.
func (f *fuser) single(g *group) {
	for _, n := range g.members {
		n.group, n.inner = 0, 0
		f.units = append(f.units, unit{node: n})
	}
}

// number tells the members which they are.
func (g *group) number() {
	for i, n := range g.members {
		n.group, n.slot = g.id, int32(i)
	}
}

// kept reports whether the elements of a member outlast the group: somebody else
// reads them, or may.
func (g *group) kept(n *Node) bool {
	if n.uses > n.inner {
		return true
	}
	n.waiting -= n.inner
	held := n.held()
	n.waiting += n.inner
	return held
}

// program is a group made ready to run.
type program struct {
	Fusion
	in    []*Node // of the task; a member stands for its constant
	reads []int32 // how often the group reads each
	last  []int   // the last step that does
	graph bool    // a transform still needs the members' inputs
	out   []*Node // the members that the task's outputs are
	same  []same
}

// same is a member whose elements are those of an output.
type same struct {
	node *Node
	out  int
}

// prepared is the group's program, made once.
func (g *group) prepared() *program {
	if g.task == nil {
		g.task = g.program()
	}
	return g.task
}

// program lists the steps, the inputs and what is kept.
func (g *group) program() *program {
	p := &program{Fusion: Fusion{Shape: g.shape, Steps: make([]Step, 0, g.steps)}}
	values := make([]Arg, len(g.members))
	args := make([]Arg, 0, 2*g.steps)
	for i, n := range g.members {
		p.graph = p.graph || n.trace.active()
		if n.op == OpFull {
			values[i] = p.input(n, 0)
			continue
		}
		from := len(args)
		for _, in := range n.inputs {
			if g.has(in) {
				args = append(args, values[in.slot])
			} else {
				args = append(args, p.input(in, 1))
			}
		}
		mine := args[from:len(args):len(args)]
		if n.op.Class == View {
			values[i] = mine[0]
			continue
		}
		for _, a := range mine {
			if a.Input {
				p.last[a.Index] = len(p.Steps)
			}
		}
		values[i] = Arg{Index: len(p.Steps)}
		p.Steps = append(p.Steps, Step{Op: n.op, Attrs: n.attrs, Dtype: n.dtype, Args: mine})
	}
	for i, n := range g.members {
		if g.kept(n) {
			p.keep(n, values[i])
		}
	}
	return p
}

func (p *program) input(n *Node, reads int32) Arg {
	for i, in := range p.in {
		if in == n {
			p.reads[i] += reads
			return Arg{Input: true, Index: i}
		}
	}
	p.in, p.reads, p.last = append(p.in, n), append(p.reads, reads), append(p.last, 0)
	return Arg{Input: true, Index: len(p.in) - 1}
}

// keep has a value stored, once however many members have it.
func (p *program) keep(n *Node, value Arg) {
	for i, v := range p.Out {
		if v == value {
			p.same = append(p.same, same{n, i})
			return
		}
	}
	p.Out, p.out = append(p.Out, value), append(p.out, n)
}
