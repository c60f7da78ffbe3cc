package engine

// An outline is what the choice of an order needs to know of a graph that is to be
// evaluated: operations and the memory they read and make, by number. Operations are
// numbered in an order in which inputs come first, memory as it is met.
//
// It is simpler than the truth. A view always shares the memory of its input here,
// nothing is fused and nothing is written in place; the orders that it leads to are
// compared by rehearsals, which know all that.
type outline struct {
	ops   []*Node // the first output of each operation
	cells []cell
	lazy  []bool  // operations that are done when somebody wants them: views, and those done again
	reads []int32 // read[i] is where the operations that read i begin, in readers
	by    []int32 // the readers of all operations, one after the other
}

// cell is memory: of an output, or of an array that was there before.
type cell struct {
	bytes  int64
	maker  int32 // the operation that fills it, or -1
	left   int32 // reads, but for those by views
	pinned bool  // somebody holds it after the evaluation
}

// outlineOf numbers the operations of an order that was just scheduled, and what
// they read.
func (e *Engine) outlineOf(order []*Node) *outline {
	g := &outline{ops: order, lazy: make([]bool, len(order)), reads: make([]int32, len(order)+2)}
	e.outlines++
	edges := 0
	for i, n := range order {
		for _, o := range n.outputs() {
			o.at, o.cell = int32(i), g.output(e, o, int32(i))
		}
		g.lazy[i] = n.again || n.op.Class == View && len(n.inputs) == 1
		for _, in := range n.inputs {
			if e.reads(n, in) && in.store == nil {
				g.reads[in.at+2]++
				edges++
			}
		}
	}
	for i := 2; i < len(g.reads); i++ {
		g.reads[i] += g.reads[i-1]
	}
	g.by = make([]int32, edges)
	for i, n := range order {
		for _, in := range n.inputs {
			if !e.reads(n, in) {
				continue
			}
			c := &g.cells[g.cellOf(e, in)]
			if g.counts(int32(i)) {
				c.left++
			}
			if in.store == nil {
				g.by[g.reads[in.at+1]] = int32(i)
				g.reads[in.at+1]++
			}
		}
	}
	return g
}

// reads reports whether the operation of n reads in from memory: constants it reads
// from the graph.
func (e *Engine) reads(n, in *Node) bool {
	return in.visit == e.visit && (n.op.Class == View || !in.immediate())
}

// output is the cell of an output: a view's is its input's.
func (g *outline) output(e *Engine, n *Node, i int32) int32 {
	if n.op.Class == View && e.reads(n, n.inputs[n.index]) {
		c := g.cellOf(e, n.inputs[n.index])
		g.cells[c].pinned = g.cells[c].pinned || n.outlasts()
		return c
	}
	g.cells = append(g.cells, cell{bytes: n.stream.pool.Charge(n.Bytes()), pinned: n.outlasts(), maker: i})
	return int32(len(g.cells) - 1)
}

// cellOf is the cell of an input.
func (g *outline) cellOf(e *Engine, n *Node) int32 {
	s := n.store
	if s == nil {
		return n.cell
	}
	if s.outline != e.outlines {
		s.outline, s.cell = e.outlines, int32(len(g.cells))
		g.cells = append(g.cells, cell{bytes: s.buffer.Charge(), pinned: s.buffer.Foreign(), maker: -1})
	}
	if !g.cells[s.cell].pinned && n.outlasts() {
		g.cells[s.cell].pinned = true
	}
	return s.cell
}

// outlasts reports whether somebody holds the node beyond the reads that this
// evaluation does.
func (n *Node) outlasts() bool {
	built := n.waiting
	n.waiting = 0
	held := built > n.known || n.held()
	n.waiting = built
	return held
}

// readers are the operations that read an output of the i-th, in their order.
func (g *outline) readers(i int32) []int32 { return g.by[g.reads[i]:g.reads[i+1]] }

// counts reports whether the reads of an operation count: those of a view are its
// readers'.
func (g *outline) counts(i int32) bool { return !g.lazy[i] || g.ops[i].again }
