package engine

// Donation: an output takes over the storage of an input that nobody reads after the
// operation. The evaluator and its rehearsal decide alike, since they ask the same
// functions; what differs is who answers for storage, and that is behind owners.

// owners answers what the choice of storage depends on: for the evaluator as things
// are, for a rehearsal as they will be.
type owners interface {
	// alone reports whether the node's storage may be written by a task of the stream
	// and no other node shares it; then also where the node lies in it, and its size.
	alone(on *Stream, n *Node) (at Placement, bytes int, ok bool)
	// lastRead reports whether nothing reads the node after so many reads.
	lastRead(n *Node, reads int32) bool
}

// donationSlack is how much larger than the output, in bytes, a donated storage may be:
// enough for a slice that leaves out an end, too little to keep what is worth freeing.
const donationSlack = 16 << 10

// fits reports whether an output may lie where an input does: its elements are of the
// same size, dense, and fill the storage.
func fits(out, in *Node, at Placement, bytes int) bool {
	return in.dtype.Size() == out.dtype.Size() && equalInts(in.shape, out.shape) && IsRowMajor(in.shape, at.Strides) &&
		bytes <= out.Bytes()+donationSlack
}

// donor is the number of the input of n that gives its storage to the output, and
// where that lies in it; -1 for none. Given tells which inputs gave theirs already.
func donor(o owners, n, out *Node, given func(i int) bool) (int, Placement) {
	if !n.op.InPlace || n.trace.active() {
		return -1, Placement{}
	}
	for i, in := range n.inputs {
		if i > 0 && n.op.Class == Movement {
			break // an update goes over the array that it updates, never the other way round
		}
		if in.immediate() || in.dtype.Size() != out.dtype.Size() || !equalInts(in.shape, out.shape) || given != nil && given(i) {
			continue
		}
		at, bytes, ok := o.alone(n.stream, in)
		if ok && fits(out, in, at, bytes) && o.lastRead(in, int32(countOf(n.inputs, in))) {
			return i, at
		}
	}
	return -1, Placement{}
}

// donor is the number of an input of the group that dies there and whose storage output
// k takes over, and where it lies; -1 for none. Given tells which were taken before.
func (g *group) donor(o owners, p *program, k int, given []bool) (int, Placement) {
	value := p.Out[k]
	if value.Input || p.graph || p.out[k].op.Ends {
		return -1, Placement{}
	}
	size := p.out[k].dtype.Size()
	for i, n := range p.in {
		if given[i] || p.last[i] > value.Index || n.dtype.Size() != size || !equalInts(n.shape, g.shape) || n.immediate() || g.has(n) {
			continue
		}
		if at, bytes, ok := o.alone(g.stream, n); ok && fits(p.out[k], n, at, bytes) && o.lastRead(n, p.reads[i]) {
			given[i] = true
			return i, at
		}
	}
	return -1, Placement{}
}

func countOf(nodes []*Node, n *Node) (c int) {
	for _, m := range nodes {
		if m == n {
			c++
		}
	}
	return c
}

// alone is the evaluator's answer.
func (ev *evaluation) alone(on *Stream, n *Node) (at Placement, bytes int, ok bool) {
	s := n.store
	if s == nil || s.users != 1 || s.buffer.Foreign() || s.pool != on.pool || n.stream != on && n.ready != nil || s.reader.other(on) {
		return at, 0, false
	}
	return n.place, s.buffer.Size(), true
}

func (ev *evaluation) lastRead(n *Node, reads int32) bool {
	n.waiting -= reads
	free := n.uses == reads && !n.held()
	n.waiting += reads
	return free
}
