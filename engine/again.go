package engine

import (
	"cmp"
	"slices"
)

// What the backward pass reads of the forward pass is held for a long time, and much of
// it is cheap to compute from what is held as well: x * 0.5 beside x, a cast beside its
// source. Such operations are done again when their late readers come, and what they
// gave is let go of in between. The same operation on the same elements gives the same
// bits.

const (
	// againBytes is the least size worth it.
	againBytes = 16 << 10
	// againGap is how many operations must lie between the reads.
	againGap = 48
	// againDepth is how many operations in a row are done again for one reader.
	againDepth = 4
)

// light lists the operations that take no longer than reading and writing elements.
var light = map[*Op]bool{}

func init() {
	for _, op := range []*Op{
		OpAdd, OpSubtract, OpMultiply, OpDivide, OpNegative, OpAbs, OpSquare, OpMaximum, OpMinimum, OpSelect, OpAsType, OpSign,
		OpEqual, OpNotEqual, OpLess, OpLessEqual, OpGreater, OpGreaterEqual, OpLogicalNot, OpLogicalAnd, OpLogicalOr,
	} {
		light[op] = true
	}
}

// repeater decides what is done again, in one order.
type repeater struct {
	*outline
	engine  *Engine
	first   []int32 // where each operation is first read, views by what reads them
	last    []int32 // and last
	until   []int32 // until when each cell is held
	copies  [][]copied
	before  [][]*Node // what is done again just before each operation
	moved   []redirected
	log     []change // all that was changed, in order
	counted int
	spans   []span // of the readers of one operation
}

// change is one that a repeater makes: an operation done again or, where there is a reader,
// what that reads instead of it.
type change struct{ of, by, reader *Node }

// span is where reads through one reader begin and end.
type span struct{ begin, end int32 }

// copied is an operation done again, at a place of the order, and where its result is
// read last.
type copied struct {
	n        *Node
	at, last int32
}

// repeat gives an order in which light operations are done again where that lets go of
// memory, or nil where there is none. It changes what late readers read, until undone.
func (g *outline) repeat(e *Engine) (order []*Node, by *repeater) {
	r := &repeater{outline: g, engine: e, copies: make([][]copied, len(g.ops)), before: make([][]*Node, len(g.ops))}
	r.place()
	for i := range g.ops {
		r.consider(int32(i))
	}
	if r.counted == 0 {
		return nil, nil
	}
	order = make([]*Node, 0, len(g.ops)+r.counted)
	for i, n := range g.ops {
		order = append(append(order, r.before[i]...), n)
	}
	return order, r
}

// place finds where things are read.
func (r *repeater) place() {
	r.first, r.last = make([]int32, len(r.ops)), make([]int32, len(r.ops))
	r.until = make([]int32, len(r.cells))
	for i := len(r.ops) - 1; i >= 0; i-- {
		r.first[i], r.last[i] = int32(len(r.ops)), int32(i)
		for _, c := range r.readers(int32(i)) {
			from, to := c, c
			if r.lazy[c] {
				from, to = r.first[c], r.last[c]
			}
			r.first[i], r.last[i] = min(r.first[i], from), max(r.last[i], to)
		}
	}
	for i, n := range r.ops {
		if r.lazy[i] {
			continue
		}
		for _, in := range n.inputs {
			if r.engine.reads(n, in) {
				r.until[r.cellOf(r.engine, in)] = int32(i)
			}
		}
	}
	for c := range r.cells {
		if r.cells[c].pinned {
			r.until[c] = int32(len(r.ops))
		}
	}
}

// eligible reports whether an operation may be done again.
func (r *repeater) eligible(n *Node) bool {
	return light[n.op] && n.family == nil && !n.again && !n.trace.active() && n.Bytes() >= againBytes && n.stream.can.Fuser != nil
}

// consider looks for a long time in which nobody reads what an operation gives.
func (r *repeater) consider(i int32) {
	n := r.ops[i]
	if !r.eligible(n) || r.cells[n.cell].pinned {
		return
	}
	// Views and their readers may lie far apart: the gap is looked for among the ends.
	r.spans = r.spans[:0]
	for _, c := range r.readers(i) {
		r.spans = append(r.spans, span{r.begin(c), r.end(c)})
	}
	slices.SortFunc(r.spans, func(x, y span) int { return cmp.Compare(x.begin, y.begin) })
	early := i
	for _, s := range r.spans {
		if int(s.begin) == len(r.ops) {
			return // a view that nobody reads
		}
		if s.begin-early >= againGap {
			r.split(n, early, s.begin)
			return
		}
		early = max(early, s.end)
	}
}

func (r *repeater) begin(c int32) int32 {
	if r.lazy[c] {
		return r.first[c]
	}
	return c
}

func (r *repeater) end(c int32) int32 {
	if r.lazy[c] {
		return r.last[c]
	}
	return c
}

// split has those that read the node from a place on read it done again there.
func (r *repeater) split(n *Node, early, late int32) {
	at, last := late, late
	for _, c := range r.readers(n.at) {
		if r.begin(c) >= late {
			at, last = min(at, c), max(last, r.end(c))
		}
	}
	by := r.again(n, at, late, last, 0)
	if by == nil {
		return
	}
	for _, c := range r.readers(n.at) {
		if r.begin(c) < late {
			continue
		}
		r.redirect(r.ops[c], n, by)
	}
	r.until[n.cell] = early
}

// again is the node done again before operation at, for reads from late to last; nil
// where what it reads is not held that long.
func (r *repeater) again(n *Node, at, late, last int32, depth int) *Node {
	for k, c := range r.copies[n.at] {
		if c.at <= at && c.last >= late-againGap {
			r.copies[n.at][k].last = max(c.last, last)
			return c.n
		}
	}
	if depth == againDepth {
		return nil
	}
	inputs := make([]*Node, len(n.inputs))
	for k, in := range n.inputs {
		inputs[k] = in
		if !r.engine.reads(n, in) || r.until[r.cellOf(r.engine, in)] >= late {
			continue
		}
		if in.store != nil || in.at >= at || !r.eligible(in) {
			return nil
		}
		if inputs[k] = r.again(in, at, late, late, depth+1); inputs[k] == nil {
			return nil
		}
	}
	by := r.copyOf(n, inputs)
	r.before[at] = append(r.before[at], by)
	r.copies[n.at] = append(r.copies[n.at], copied{by, at, last})
	return by
}

// copyOf makes a node that does an operation again.
func (r *repeater) copyOf(n *Node, inputs []*Node) *Node {
	by := &Node{
		shape: n.shape, dtype: n.dtype, epoch: n.epoch, op: n.op, attrs: n.attrs, inputs: inputs, stream: n.stream, site: n.site,
		visit: r.engine.visit, number: r.engine.seen, trace: n.trace, born: n.born, again: true,
	}
	r.engine.seen++
	for _, in := range inputs {
		in.waiting++
		in.known++
		if r.engine.reads(by, in) {
			in.uses++
		}
	}
	r.log = append(r.log, change{of: n, by: by})
	r.counted++
	return by
}

// redirect has a reader of n read by instead.
func (r *repeater) redirect(reader, n, by *Node) {
	outs := reader.outputs()
	was := reader.inputs
	now := slices.Clone(was) // other nodes may have been built of the same slice
	for k, in := range now {
		if in == n {
			now[k] = by
			n.moveRead(by, int32(len(outs)))
		}
	}
	for _, o := range outs {
		o.inputs = now
	}
	r.moved = append(r.moved, redirected{reader, was})
	r.log = append(r.log, change{of: n, by: by, reader: reader})
}

// moveRead counts one read of an operation with so many outputs at another node.
func (n *Node) moveRead(by *Node, outs int32) {
	n.waiting -= outs
	n.known -= outs
	n.uses--
	by.waiting += outs
	by.known += outs
	by.uses++
}

// redirected remembers what a reader read before.
type redirected struct {
	reader *Node
	was    []*Node
}

// undo has every reader read what it did before.
func (r *repeater) undo() {
	for _, m := range slices.Backward(r.moved) {
		outs := m.reader.outputs()
		for k, in := range m.reader.inputs {
			if in != m.was[k] {
				in.moveRead(m.was[k], int32(len(outs)))
			}
		}
		for _, o := range outs {
			o.inputs = m.was
		}
	}
	for _, nodes := range r.before {
		for _, by := range nodes {
			for _, in := range by.inputs {
				in.waiting--
				in.known--
				if r.engine.reads(by, in) {
					in.uses--
				}
			}
		}
	}
}
