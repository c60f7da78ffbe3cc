package memory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/alloc"
)

// Advice is a change that would take less memory, and by how many bytes.
type Advice struct {
	Kind  string `json:"kind"`  // leak, eval, del, checkpoint, dtype or cache
	Bytes int64  `json:"bytes"` // less at the peak; of a leak, less with each step
	Where string `json:"where,omitempty"`
	Text  string `json:"text"`
}

// Changes are the events of a run, the earliest first.
type Changes func(yield func(c Change) bool) error

// leastShare is the part of the peak, one in so many, below which advice is not worth it.
const leastShare = 50

// Advise tells what would take less, what saves most first. Changes may be nil, or have
// gaps: what they do not show is not advised on.
func (p *Profile) Advise(changes Changes) ([]Advice, error) {
	var all []Advice
	all = append(all, p.leaks()...)
	all = append(all, p.pendingGraphs()...)
	if a, ok := p.smallerDtype(); ok {
		all = append(all, a)
	}
	if changes != nil {
		at, err := p.around(changes)
		if err != nil {
			return nil, err
		}
		all = append(all, at.heldOver(p)...)
		if a, ok := at.checkpoint(p); ok {
			all = append(all, a)
		}
	}
	if p.Cache > p.Active && p.Cache > 32<<20 {
		all = append(all, Advice{Kind: "cache", Bytes: p.Cache, Text: fmt.Sprintf(
			"mx.clear_cache() would give %s back to the system, and mx.set_cache_limit keep it from piling up", alloc.FormatBytes(p.Cache))})
	}
	all = slices.DeleteFunc(all, func(a Advice) bool { return a.Kind != "leak" && a.Bytes < p.Peak/leastShare })
	slices.SortStableFunc(all, func(x, y Advice) int { return cmp.Compare(y.Bytes, x.Bytes) })
	return all, nil
}

// leaks are lines that hold more with every step.
func (p *Profile) leaks() (all []Advice) {
	for _, l := range p.ByLine() {
		if !l.Growing || l.Where == "" {
			continue
		}
		text := ": mx.eval in each step what is computed of it, or drop it"
		for _, o := range p.Owners {
			if o.Where == l.Where && o.Bytes < l.Live.Bytes {
				text = ", such as " + o.Path + ": keep numbers (.item()) in place of arrays, or drop the old ones"
				break
			}
		}
		all = append(all, Advice{Kind: "leak", Bytes: l.Growth, Where: l.Where, Text: fmt.Sprintf(
			"%s holds %s more with each step, %s in the end%s", l.Where, alloc.FormatBytes(l.Growth), alloc.FormatBytes(l.Live.Bytes), text)})
	}
	return all
}

// pendingGraphs are graphs that keep arrays alive that nothing else does.
func (p *Profile) pendingGraphs() (all []Advice) {
	for _, o := range p.Owners {
		if o.Pending == 0 || o.Bytes == 0 {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(o.Path, "pending graph of "), ", ")
		all = append(all, Advice{Kind: "eval", Bytes: o.Bytes, Where: o.Where, Text: fmt.Sprintf(
			"mx.eval(%s) would let go of %s that its graph of %d operations keeps", name, alloc.FormatBytes(o.Bytes), o.Pending)})
	}
	return all
}

// smallerDtype is what half as many bytes an element would save of float32 at the peak.
func (p *Profile) smallerDtype() (Advice, bool) {
	var bytes int64
	for i := range p.Rows {
		if p.Rows[i].Dtype == "float32" {
			bytes += p.Rows[i].AtPeak.Bytes
		}
	}
	return Advice{Kind: "dtype", Bytes: bytes / 2, Text: fmt.Sprintf(
		"bfloat16 or float16 in place of float32 would save half of %s at the peak", alloc.FormatBytes(bytes))}, bytes > 0
}

// instant is what was there at the peak, and what became of it until its step ended.
type instant struct {
	found bool
	there map[uint64]*resident
	kinds map[uint64]string // of owners, by buffers that were live in the end
}

// resident is a buffer that was there at the peak.
type resident struct {
	bytes int64
	row   int
	older bool // it is of a step before
	step  int  // in which it was made, of those that the events tell of
	freed bool // before the step ended
}

// around follows the events to the end of the peak's step.
func (p *Profile) around(changes Changes) (*instant, error) {
	at := &instant{there: map[uint64]*resident{}, kinds: map[uint64]string{}}
	for _, o := range p.Owners {
		if o.Buffer != 0 {
			at.kinds[o.Buffer] = o.Kind
		}
	}
	live := at.there
	step := 0
	const instantly = 1e-5 // files have microseconds
	err := changes(func(c Change) bool {
		switch c.Kind {
		case "allocate":
			if !at.found {
				live[c.ID] = &resident{bytes: c.Bytes, row: c.Row, step: step}
			}
		case "describe":
			if b := live[c.ID]; b != nil && !at.found {
				b.row, b.older, b.step = c.Row, false, step
			} else if b != nil {
				b.freed = true // another array has its place
			}
		case "free":
			if at.found {
				if b := live[c.ID]; b != nil {
					b.freed = true
				}
			} else {
				delete(live, c.ID)
			}
		case "step":
			if at.found {
				return false
			}
			step++
			for _, b := range live {
				b.older = true
			}
		}
		if c.Active == p.Peak && c.At >= p.PeakAt-instantly {
			at.found = true
		}
		return true
	})
	return at, err
}

// isKept reports whether a buffer is one of those that a model or an optimizer needs.
func (at *instant) isKept(id uint64) bool {
	switch at.kinds[id] {
	case Parameters, OptimizerState, Caches, Data:
		return true
	}
	return false
}

// heldOver are arrays of earlier steps that were there at the peak, and were let go of
// within its step. Those of one step a del before it would have let go of; those of many
// were waiting in a graph for an evaluation.
func (at *instant) heldOver(p *Profile) (all []Advice) {
	if !at.found {
		return nil
	}
	sums, steps := map[string]Sum{}, map[string]map[int]bool{}
	for id, b := range at.there {
		if b.older && b.freed && !at.isKept(id) && b.row >= 0 && b.row < len(p.Rows) && p.Rows[b.row].Operation != "" {
			where := p.Rows[b.row].place()
			s := sums[where]
			s.add(b.bytes, 1)
			sums[where] = s
			if steps[where] == nil {
				steps[where] = map[int]bool{}
			}
			steps[where][b.step] = true
		}
	}
	for where, s := range sums {
		if n := int64(len(steps[where])); n > 2 {
			all = append(all, Advice{Kind: "eval", Bytes: s.Bytes - s.Bytes/n, Where: where, Text: fmt.Sprintf(
				"what %s made in %d steps, %s, was kept until the peak's step: an mx.eval in each step of what is computed of it would save %s",
				orUnknown(where), n, arrays(s.Arrays), alloc.FormatBytes(s.Bytes-s.Bytes/n))})
			continue
		}
		all = append(all, Advice{Kind: "del", Bytes: s.Bytes, Where: where, Text: fmt.Sprintf(
			"what %s made in the step before the peak's, %s, was still there and then let go of: a del at that step's end would save %s",
			orUnknown(where), arrays(s.Arrays), alloc.FormatBytes(s.Bytes))})
	}
	slices.SortFunc(all, func(x, y Advice) int { return strings.Compare(x.Where, y.Where) })
	return all
}

// place is the innermost line of a row that is none of the modules that come with the
// runtime, such as mlx.nn.
func (w *Row) place() string {
	for _, f := range w.Stack {
		if !strings.HasPrefix(f.File, "<") {
			return f.String()
		}
	}
	return w.Where()
}

// callee is what one line of a script calls, by how it appears in the stacks of rows.
type callee struct {
	from     string // the line that calls
	function string
}

// kept are the arrays at the peak that calls of one function made.
type kept struct {
	rows  map[int]Sum
	depth int // of the function: 0 if it is the one that made the arrays itself
}

// checkpoint is what computing again, in the backward pass, what a function computed would
// save: of the arrays that its calls made in the peak's step and that were let go of within
// it, those of one call would be left, and of the others what they hand on.
func (at *instant) checkpoint(p *Profile) (best Advice, ok bool) {
	if !at.found {
		return best, false
	}
	functions := map[callee]*kept{}
	for id, b := range at.there {
		if b.older || !b.freed || at.isKept(id) || b.row < 0 || b.row >= len(p.Rows) {
			continue
		}
		stack := p.Rows[b.row].Stack
		seen := map[callee]bool{}
		for i := 0; i+1 < len(stack); i++ {
			c := callee{stack[i+1].String(), stack[i].Function}
			if seen[c] || strings.HasPrefix(stack[i+1].File, "<") {
				continue
			}
			seen[c] = true
			k := functions[c]
			if k == nil {
				k = &kept{rows: map[int]Sum{}, depth: i}
				functions[c] = k
			}
			s := k.rows[b.row]
			s.add(b.bytes, 1)
			k.rows[b.row], k.depth = s, min(k.depth, i)
		}
	}
	depth := 0
	for c, k := range functions {
		saved, of := k.saved()
		better := saved > best.Bytes || saved == best.Bytes && ok && (k.depth < depth || k.depth == depth && c.from < best.Where)
		if saved <= 0 || !better {
			continue
		}
		ok, depth = true, k.depth
		best = Advice{Kind: "checkpoint", Bytes: saved, Where: c.from, Text: fmt.Sprintf(
			"to compute again in the backward pass what %s calls (%s), by nn.utils.checkpoint or mx.checkpoint, would save about %s of the %s that the calls keep",
			c.from, c.function, alloc.FormatBytes(saved), alloc.FormatBytes(of))}
	}
	return best, ok
}

// saved tells what would be saved, and of how much. There are as many calls as arrays in
// the row with the most bytes; what only some of them keep is left out.
func (k *kept) saved() (saved, of int64) {
	var most Sum
	for _, s := range k.rows {
		if s.Bytes > most.Bytes || s.Bytes == most.Bytes && s.Arrays < most.Arrays {
			most = s
		}
	}
	calls := most.Arrays
	if calls < 2 {
		return 0, 0
	}
	smallest := most.Bytes / calls
	for _, s := range k.rows {
		if s.Arrays < calls-1 {
			continue
		}
		of += s.Bytes
		smallest = min(smallest, s.Bytes/s.Arrays) // what is handed on from call to call
	}
	return of - of/calls - (calls-1)*smallest, of
}
