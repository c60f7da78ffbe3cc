package view

import (
	"cmp"
	"slices"

	"github.com/mlxstar/mlxstar/memory"
)

const (
	stripEvents = 20000 // at most, around the peak
	stripArrays = 400   // drawn one by one: the largest; others are one band
)

// strip is what was live over the events of the peak's step: arrays on top of each other,
// those that were there first below. A place on its axis is the number of an event.
type strip struct {
	Begin float64   `json:"begin"` // in seconds
	At    []float64 `json:"at"`    // of each event
	Peak  int       `json:"peak"`  // the event of the peak
	Total []int64   `json:"total"` // active after each event
	// Arrays are those that are drawn one by one.
	Arrays []drawn `json:"arrays"`
}

// drawn is an array with where its lower edge is: from a place on, so many bytes up.
type drawn struct {
	Row    int     `json:"row"`
	Bytes  int64   `json:"bytes"`
	Edge   []edge  `json:"edge"`
	End    int     `json:"end"` // the event that freed it, or the strip's end
	Older  bool    `json:"older"`
	Buffer uint64  `json:"buffer"`
	Born   float64 `json:"born"`
}

// edge is a place and a height.
type edge [2]int64

// alive is a buffer that is live while events are followed.
type alive struct {
	row   int
	bytes int64
	born  float64
	seq   int // the order in which they came
}

// window is the stretch of events that a strip shows.
type window struct {
	before map[uint64]alive // live at its begin
	events []memory.Change
	peak   int // among events, -1 if it is not there
}

// find follows the events to the step of the peak and keeps those. Where they are too
// many, it keeps those around the peak. Where the events do not have the peak, it keeps
// the latest.
func find(p *memory.Profile, changes memory.Changes) (*window, error) {
	w := &window{before: map[uint64]alive{}, peak: -1}
	seq := 0
	apply := func(c memory.Change) {
		seq++
		switch c.Kind {
		case "allocate":
			w.before[c.ID] = alive{c.Row, c.Bytes, c.At, seq}
		case "describe":
			if b, ok := w.before[c.ID]; ok {
				w.before[c.ID] = alive{c.Row, b.bytes, c.At, b.seq}
			}
		case "free":
			delete(w.before, c.ID)
		}
	}
	drop := func(n int) {
		for _, c := range w.events[:n] {
			apply(c)
		}
		w.events = slices.Delete(w.events, 0, n)
		w.peak -= n
	}
	const instantly = 1e-5
	err := changes(func(c memory.Change) bool {
		w.events = append(w.events, c)
		if w.peak < 0 && c.Active == p.Peak && c.At >= p.PeakAt-instantly {
			w.peak = len(w.events) - 1
			if n := w.peak - stripEvents/2; n > 0 {
				drop(n)
			}
		}
		switch {
		case w.peak >= 0:
			return c.Kind != "step" && len(w.events) < stripEvents
		case c.Kind == "step":
			drop(len(w.events))
			w.peak = -1
		case len(w.events) == 2*stripEvents:
			drop(stripEvents)
			w.peak = -1
		}
		return true
	})
	if n := len(w.events) - stripEvents; n > 0 {
		drop(n)
	}
	w.peak = max(w.peak, -1)
	return w, err
}

func newStrip(p *memory.Profile, changes memory.Changes) (*strip, error) {
	w, err := find(p, changes)
	if err != nil {
		return nil, err
	}
	if len(w.events) == 0 && len(w.before) == 0 {
		return nil, nil
	}
	s := &strip{Peak: w.peak, Arrays: []drawn{}}
	b := builder{s: s, large: w.largest(), open: map[uint64]int{}}
	for _, id := range w.inOrder() {
		if x := w.before[id]; b.large[key{id, 0}] {
			b.begin(id, 0, x.row, x.bytes, x.born, true)
		}
	}
	if len(w.events) > 0 {
		s.Begin = w.events[0].At
	}
	for i, c := range w.events {
		s.At, s.Total = append(s.At, c.At), append(s.Total, c.Active)
		b.take(i, c)
	}
	for id := range b.open {
		b.end(id, len(w.events))
	}
	return s, nil
}

// inOrder lists what is live at the window's begin, the earliest first.
func (w *window) inOrder() []uint64 {
	ids := make([]uint64, 0, len(w.before))
	for id := range w.before {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y uint64) int {
		return cmp.Or(cmp.Compare(w.before[x].seq, w.before[y].seq), cmp.Compare(x, y))
	})
	return ids
}

// key tells apart the arrays that one buffer held one after the other: by the event from
// which on it did.
type key struct {
	id   uint64
	from int
}

// largest are the arrays to be drawn one by one.
func (w *window) largest() map[key]bool {
	type sized struct {
		key
		bytes int64
	}
	var all []sized
	size := map[uint64]int64{}
	for id, b := range w.before {
		all = append(all, sized{key{id, 0}, b.bytes})
		size[id] = b.bytes
	}
	for i, c := range w.events {
		switch c.Kind {
		case "allocate":
			all = append(all, sized{key{c.ID, i + 1}, c.Bytes})
			size[c.ID] = c.Bytes
		case "describe":
			if n, ok := size[c.ID]; ok && !(i > 0 && w.events[i-1].Kind == "allocate" && w.events[i-1].ID == c.ID) {
				all = append(all, sized{key{c.ID, i + 1}, n})
			}
		}
	}
	slices.SortFunc(all, func(x, y sized) int {
		return cmp.Or(cmp.Compare(y.bytes, x.bytes), cmp.Compare(x.from, y.from), cmp.Compare(x.id, y.id))
	})
	large := map[key]bool{}
	for _, x := range all[:min(len(all), stripArrays)] {
		large[x.key] = true
	}
	return large
}

// builder piles up arrays.
type builder struct {
	s     *strip
	large map[key]bool
	open  map[uint64]int // drawn now, by buffer, among s.Arrays
	pile  []uint64       // the lowest first
	top   int64
	fresh uint64 // what the event before allocated
}

func (b *builder) take(i int, c memory.Change) {
	fresh := b.fresh
	b.fresh = 0
	switch c.Kind {
	case "allocate":
		b.fresh = c.ID
		if b.large[key{c.ID, i + 1}] {
			b.begin(c.ID, i, c.Row, c.Bytes, c.At, false)
		}
	case "describe":
		k, ok := b.open[c.ID]
		if fresh == c.ID { // it says what was allocated just now
			if ok {
				b.s.Arrays[k].Row = c.Row
			}
			return
		}
		if !ok {
			return
		}
		if !b.large[key{c.ID, i + 1}] { // cannot be: it is as large as what it replaces
			b.end(c.ID, i)
			return
		}
		// Another array, at the same height.
		a := &b.s.Arrays[k]
		a.End = i
		y := a.Edge[len(a.Edge)-1][1]
		b.s.Arrays = append(b.s.Arrays, drawn{Row: c.Row, Bytes: a.Bytes, Edge: []edge{{int64(i), y}}, Buffer: c.ID, Born: c.At})
		b.open[c.ID] = len(b.s.Arrays) - 1
	case "free":
		b.end(c.ID, i)
	}
}

func (b *builder) begin(id uint64, at, row int, bytes int64, born float64, older bool) {
	b.open[id] = len(b.s.Arrays)
	b.pile = append(b.pile, id)
	b.s.Arrays = append(b.s.Arrays, drawn{Row: row, Bytes: bytes, Edge: []edge{{int64(at), b.top}}, Older: older, Buffer: id, Born: born})
	b.top += bytes
}

// end takes an array out of the pile: what lies above it comes down.
func (b *builder) end(id uint64, at int) {
	k, ok := b.open[id]
	if !ok {
		return
	}
	delete(b.open, id)
	b.s.Arrays[k].End = at
	i := slices.Index(b.pile, id)
	b.pile = slices.Delete(b.pile, i, i+1)
	n := b.s.Arrays[k].Bytes
	b.top -= n
	if at == len(b.s.At) && at > 0 && len(b.s.Total) == at {
		return // the strip's end: nothing moves any more
	}
	for _, above := range b.pile[i:] {
		a := &b.s.Arrays[b.open[above]]
		y := a.Edge[len(a.Edge)-1][1]
		a.Edge = append(a.Edge, edge{int64(at), y - n})
	}
}
