package engine

import (
	"cmp"
	"slices"

	"github.com/mlxstar/mlxstar/alloc"
)

// Plan tells what an evaluation would take, and what would be alive at its peak.
type Plan struct {
	Peak       int64 // bytes above what is active now
	Operations int
	Tasks      int // that they would run as
	Holders    []Holder
}

// Holder is arrays that are alive at the peak of an evaluation, of one operation, shape
// and line of the script, for one reason.
type Holder struct {
	Bytes     int64
	Arrays    int
	Operation string
	Shape     []int
	Dtype     Dtype
	Site      alloc.Site
	Why       Why
}

// Why says why an array is alive at a peak.
type Why uint8

// The reasons.
const (
	ReadLater Why = iota // an operation of the evaluation has still to read it
	Held                 // a variable, or an operation that was built and not evaluated
	Traced               // a transform is running that may ask for it
	Scratch              // an operation's workspace, or an input made dense for it
	InUse                // by the operation that runs at the peak
)

var reasons = [...]string{"read later", "held", "traced", "scratch", "in use"}

// String is the reason in words.
func (w Why) String() string { return reasons[w] }

// Plan rehearses an evaluation of the nodes, without running it, after a collection that
// tells what is held from what only seems so. The holders are what
// the evaluation itself would have made by its peak, the largest first.
func (e *Engine) Plan(nodes ...*Node) (*Plan, error) {
	order, err := e.schedule(nodes)
	if err != nil {
		return nil, err
	}
	p := &Plan{Operations: len(order)}
	if len(order) == 0 {
		return p, nil
	}
	bound, hoped := weigh(nodes, order)
	e.settleDoubts(e.account.CollectFor(alloc.ForAnswer, hoped))
	units, again := e.arrange(nodes, order, bound)
	if again != nil {
		defer again.undo()
	}
	p.Tasks = len(units)
	first := e.newRehearsal()
	for _, u := range units {
		first.run(u)
	}
	p.Peak = first.peak
	p.Holders = e.holders(units, first.most)
	return p, nil
}

// holders rehearses the units once more and looks around at the n-th allocation.
func (e *Engine) holders(units []unit, n int) []Holder {
	type made struct {
		by *Node
		s  *planned
	}
	var all []made
	index := map[*planned]int{} // in all
	var found []Holder
	r := e.newRehearsal()
	look := func(now unit) {
		lines := map[string]int{} // in found
		for _, m := range all {
			if m.s.users == 0 {
				continue
			}
			h := Holder{Bytes: m.s.bytes, Arrays: 1, Operation: m.by.op.Name, Shape: m.by.shape, Dtype: m.by.dtype, Site: m.by.site, Why: r.why(m.by, m.s, now)}
			key := h.Operation + FormatShape(h.Shape) + h.Dtype.String() + e.sites.Where(h.Site) + h.Why.String()
			if i, ok := lines[key]; ok {
				found[i].Bytes += h.Bytes
				found[i].Arrays++
			} else {
				lines[key] = len(found)
				found = append(found, h)
			}
		}
	}
	r.passed = func(to *Node, s *planned) {
		if i, ok := index[s]; ok {
			all[i].by = to
		}
	}
	for _, u := range units {
		r.watch = func(by *Node, s *planned) {
			index[s] = len(all)
			if all = append(all, made{by, s}); r.grown == n {
				look(u)
			}
		}
		if r.run(u); r.grown >= n {
			break
		}
	}
	slices.SortStableFunc(found, func(x, y Holder) int { return cmp.Compare(y.Bytes, x.Bytes) })
	return found
}

// why tells why storage that was made for a node is there while a unit runs.
func (r *rehearsal) why(n *Node, s *planned, now unit) Why {
	x := r.of(n)
	switch {
	case x.gone || x.store != s && x.store != nil:
		return ReadLater // by way of a view
	case x.store == nil && slices.Contains(now.nodes(), n):
		return InUse
	case x.store == nil:
		return Scratch
	case x.reads < n.uses:
		return ReadLater
	case n.trace.active():
		return Traced
	}
	return Held
}
