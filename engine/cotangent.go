package engine

import "weak"

// sums are the cotangents that a reverse pass has gathered so far, by node.
type sums struct {
	of    map[*Node]*cotangent
	times map[*Node]int // how often a part stands for a cotangent, or in one
}

func newSums(nodes int) *sums {
	return &sums{of: make(map[*Node]*cotangent, nodes), times: map[*Node]int{}}
}

// cotangent is a sum: of whole arrays, which are added up as they come, and of parts,
// arrays of zeros but where something was put. The parts of a sum go into one buffer,
// one after the other, instead of being arrays of their own: what a loop over the rows
// of an array leaves to its gradient takes the array's memory once, and time in
// proportion to the rows.
type cotangent struct {
	whole *Node
	parts []*Node
}

// add adds g to the node's cotangent.
func (c *sums) add(b *Builder, n, g *Node) {
	at := c.of[n]
	if at == nil {
		at = new(cotangent)
		c.of[n] = at
	}
	switch {
	case g.isPart():
		at.parts = append(at.parts, g)
		c.times[g]++
	case at.whole != nil:
		at.whole = b.Add(at.whole, g)
	default:
		at.whole = g
	}
}

// share keeps g, which somebody else knows, from being taken apart.
func (c *sums) share(g *Node) {
	if g.isPart() {
		c.times[g]++
	}
}

// sum is the node's cotangent, nil if none arrived. The parts are put into the whole,
// or the first one's zeros, in the order in which they came.
func (c *sums) sum(b *Builder, n *Node) *Node {
	at := c.of[n]
	if at == nil {
		return nil
	}
	for _, g := range at.parts {
		switch {
		case at.whole == nil:
			at.whole = g
		case at.whole.dtype == g.dtype && equalInts(at.whole.shape, g.shape):
			at.whole = b.putInto(at.whole, g)
			if c.times[g] == 1 && g.isPart() {
				b.engine.abandon(g)
			}
		default:
			at.whole = b.Add(at.whole, g)
		}
	}
	at.parts = nil
	return at.whole
}

// take is sum for the rule of the node's operation, which answers for it from then on.
func (c *sums) take(b *Builder, n *Node) *Node {
	g := c.sum(b, n)
	if c.times[g] > 0 {
		c.times[g]--
	}
	delete(c.of, n)
	return g
}

// isPart reports whether the node is zeros with something put there, each element once
// or added up, and nothing reads it.
func (n *Node) isPart() bool {
	if n.waiting > 0 || n.watch.any() || n.store != nil {
		return false
	}
	switch n.op {
	case OpSliceUpdate:
		mode := n.attrs.(UpdateAttrs).Mode
		return (mode == Replace || mode == Sum) && n.inputs[0].isZeros()
	case OpScatter:
		return n.attrs.(ScatterAttrs).Mode == Sum && n.inputs[0].isZeros()
	case OpScatterAlong:
		return n.attrs.(AlongAttrs).Mode == Sum && n.inputs[0].isZeros()
	}
	return false
}

// any reports whether there was ever a handle that has not been forgotten.
func (w *watch) any() bool {
	return w.blind > 0 || len(w.more) > 0 || w.handle != (weak.Pointer[Array]{})
}

// isZeros reports whether the node is a pending constant of zeros.
func (n *Node) isZeros() bool {
	if n.op != OpFull || n.store != nil {
		return false
	}
	for _, v := range n.attrs.(*FullAttrs).Element[:n.dtype.Size()] {
		if v != 0 {
			return false
		}
	}
	return true
}

// putInto adds a part to an array, in its place.
func (b *Builder) putInto(to, part *Node) *Node {
	attrs := part.attrs
	if at, ok := attrs.(UpdateAttrs); ok {
		at.Mode = Sum
		attrs = at
	}
	inputs := append([]*Node{to}, part.inputs[1:]...)
	saved := b.Stream
	b.Stream = part.stream
	n := b.node(part.op, attrs, to.dtype, to.shape, inputs...)
	b.Stream = saved
	return n
}
