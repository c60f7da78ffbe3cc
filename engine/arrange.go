package engine

import (
	"math/bits"
	"slices"
)

const (
	// An order is worth choosing for graphs of so many operations: for fewer there is
	// little choice, for more it takes too long.
	arrangeLeast = 8
	arrangeMost  = 200_000
	// arrangeFloor is the size in bytes of an evaluation below which any order will do.
	arrangeFloor = 256 << 10
	// arrangeEach is the bytes for each operation below which any will do as well: the graph itself
	// takes as much.
	arrangeEach = 256
	// arrangeShare: so will one for an evaluation that may add less than this part of the
	// active memory.
	arrangeShare = 16
	// gainShare is the part of a peak that doing operations again must spare.
	gainShare = 32
	// keptArrangements bounds what is remembered.
	keptArrangements = 256
)

// arrangement says how an order was found to take least.
type arrangement struct {
	order  ordering // the first, which tells what is done again
	repeat bool
	final  ordering
	plan   *plan // what that came to, once it has been followed
}

type ordering uint8

const (
	asGiven ordering = iota
	eagerly
	needFirst
	orderings
)

// arrange puts the operations in an order that takes little memory, and divides them
// into units. What was best for a graph is remembered for others of its structure. Where
// operations are done again the graph has changed: by whom is given, nil if it has not.
func (e *Engine) arrange(roots, order []*Node, bound int64) ([]unit, *repeater) {
	if e.ordered || len(order) < arrangeLeast || len(order) > arrangeMost || bound < max(arrangeFloor, int64(len(order))*arrangeEach) || bound < e.account.Active()/arrangeShare {
		return e.fuse(order), nil
	}
	a := &arranger{engine: e, roots: roots}
	g := e.outlineOf(order)
	key := g.structure(e)
	if known, ok := e.arrangements[key]; ok {
		if known.plan != nil {
			if order, by, ok := known.plan.replay(e, g); ok {
				e.replays++
				return e.fuse(order), by
			}
		}
		// What is changed by following has numbers of its own then.
		ops := slices.Clone(g.ops)
		order, by := a.follow(g, known)
		if known.plan = planOf(ops, order, by); known.plan != nil {
			e.arrangements[key] = known
		}
		return e.fuse(order), by
	}
	units, best, by := a.choose(g)
	if e.arrangements == nil || len(e.arrangements) >= keptArrangements {
		e.arrangements = map[uint64]arrangement{}
	}
	e.arrangements[key] = best
	return units, by
}

// arranger compares orders of one evaluation.
type arranger struct {
	engine *Engine
	roots  []*Node
}

func (a *arranger) ordered(g *outline, by ordering) []*Node {
	switch by {
	case eagerly:
		return g.eager(a.engine)
	case needFirst:
		return a.engine.outlineOf(g.needFirst(a.engine, a.roots)).eager(a.engine)
	}
	return g.ops
}

// follow arranges as was found best before.
func (a *arranger) follow(g *outline, known arrangement) ([]*Node, *repeater) {
	order := a.ordered(g, known.order)
	if !known.repeat {
		return order, nil
	}
	again, by := a.engine.outlineOf(order).repeat(a.engine)
	if again == nil {
		return order, nil
	}
	return a.ordered(a.engine.outlineOf(again), known.final), by
}

// choose rehearses the orders, the best of them with operations done again, and
// gives the one that takes least.
func (a *arranger) choose(g *outline) ([]unit, arrangement, *repeater) {
	e := a.engine
	order, by, peak := a.least(g)
	best := arrangement{order: by}
	again, r := e.outlineOf(order).repeat(e)
	if again == nil {
		return e.fuse(order), best, nil
	}
	second, final, less := a.least(e.outlineOf(again))
	if less > peak-peak/gainShare {
		r.undo()
		return e.fuse(order), best, nil
	}
	return e.fuse(second), arrangement{order: by, repeat: true, final: final}, r
}

// least is the order that takes least.
func (a *arranger) least(g *outline) (order []*Node, by ordering, peak int64) {
	e := a.engine
	for o := range orderings {
		candidate := a.ordered(g, o)
		if p := e.rehearse(e.fuse(candidate)); order == nil || p < peak {
			order, by, peak = candidate, o, p
		}
		if o+1 < orderings {
			g = e.outlineOf(g.ops) // the numbers were another order's
		}
	}
	return order, by, peak
}

// roughly leaves the first three bits of a size: graphs whose sizes differ by less, such as those of
// a text that grows by a token, are arranged alike.
func roughly(size int) uint64 {
	drop := max(bits.Len(uint(size))-3, 0)
	return uint64(size) >> drop << drop
}

// structure is a hash (FNV-1a) of the operations, what they read, and what outlasts them.
func (g *outline) structure(e *Engine) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	mix := func(x uint64) { h = (h ^ x) * prime }
	for _, n := range g.ops {
		mix(uint64(n.op.number))
		for _, o := range n.outputs() {
			mix(roughly(o.Bytes())<<2 ^ uint64(o.cell)<<32)
		}
		for _, in := range n.inputs {
			if e.reads(n, in) {
				mix(uint64(g.cellOf(e, in)))
			}
		}
	}
	for i := range g.cells {
		x := roughly(int(g.cells[i].bytes)) << 1
		if g.cells[i].pinned {
			x |= 1
		}
		mix(x)
	}
	return h
}
