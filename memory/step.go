package memory

import (
	"cmp"
	"slices"

	"github.com/mlxstar/mlxstar/alloc"
)

// Strip is what was live over the operations of the latest step that has ended.
type Strip struct {
	Step   int     `json:"step"`
	Begin  float64 `json:"begin"` // in seconds since the recorder began
	End    float64 `json:"end"`
	Peak   int64   `json:"peak"` // within it
	PeakAt float64 `json:"peak_at"`
	Events int     `json:"events"`
	// High is the most that was active in each of as many stretches of as many events.
	High []int64 `json:"high"`
	// Alive is what was there at its peak, by row, the largest first, with AtPeak alone.
	Alive []Row `json:"alive"`
}

// LastStep looks at the latest step that has ended, in so many stretches and with so many
// rows; nil where the events that are kept hold none.
func (r *Recorder) LastStep(stretches, rows int) *Strip {
	r.mu.Lock()
	defer r.mu.Unlock()
	from, to, ok := r.ring.lastStep()
	if !ok || stretches < 1 {
		return nil
	}
	first, last := r.ring.at(from), r.ring.at(to)
	s := &Strip{Step: int(last.Bytes), Begin: first.At.Seconds(), End: last.At.Seconds(), Events: to - from}
	peak := from
	for i := from; i <= to; i++ {
		if r.ring.at(i).Active > r.ring.at(peak).Active {
			peak = i
		}
	}
	s.Peak, s.PeakAt = r.ring.at(peak).Active, r.ring.at(peak).At.Seconds()
	n := min(stretches, to-from+1)
	s.High = make([]int64, n)
	for i := from; i <= to; i++ {
		k := (i - from) * n / (to - from + 1)
		s.High[k] = max(s.High[k], r.ring.at(i).Active)
	}
	s.Alive = r.aliveAt(peak, rows)
	return s
}

// lastStep finds the latest step's end, and the end of the one before or the first event.
func (r *ring) lastStep() (from, to int, ok bool) {
	to = -1
	for i := r.kept - 1; i >= 0; i-- {
		if r.at(i).Kind != StepEnded {
			continue
		}
		if to >= 0 {
			return i, to, true
		}
		to = i
	}
	return 0, to, to >= 0
}

// unresolved is the row of a buffer of which a later event said that it holds another array.
const unresolved = -2

// aliveAt sums up by row what was live after an event: what is live now, with what has
// happened since undone.
func (r *Recorder) aliveAt(event, most int) []Row {
	type held struct {
		row   int32
		bytes int64
	}
	live := make(map[uint64]held, len(r.live))
	for id, b := range r.live {
		live[id] = held{b.row, b.bytes}
	}
	open := 0
	for i := r.ring.kept - 1; i > event; i-- {
		e := r.ring.at(i)
		switch b, ok := live[e.ID]; {
		case e.Kind == alloc.Allocated && ok:
			if b.row == unresolved {
				open--
			}
			delete(live, e.ID)
		case e.Kind == alloc.Freed:
			live[e.ID] = held{e.Row, e.Bytes}
		case e.Kind == alloc.Described && ok:
			if b.row != unresolved {
				open++
			}
			live[e.ID] = held{unresolved, b.bytes}
		}
	}
	for i := event; i >= 0 && open > 0; i-- {
		e := r.ring.at(i)
		if b, ok := live[e.ID]; ok && b.row == unresolved && (e.Kind == alloc.Allocated || e.Kind == alloc.Described) {
			live[e.ID] = held{e.Row, b.bytes}
			open--
		}
	}
	sums := map[int32]Sum{}
	for _, b := range live {
		s := sums[b.row]
		s.add(b.bytes, 1)
		sums[b.row] = s
	}
	out := make([]Row, 0, len(sums))
	for i, s := range sums {
		w := Row{Stack: []Frame{}}
		if i >= 0 {
			w = r.export(&row{key: r.rows[i].key, at: r.high})
		}
		w.AtPeak = s
		out = append(out, w)
	}
	slices.SortFunc(out, func(x, y Row) int {
		return cmp.Or(cmp.Compare(y.AtPeak.Bytes, x.AtPeak.Bytes), cmp.Compare(x.Where(), y.Where()), cmp.Compare(x.Operation, y.Operation), slices.Compare(x.Shape, y.Shape))
	})
	return out[:min(len(out), most)]
}

// since tells, by row, in which step the oldest of its live arrays was made.
func (r *Recorder) since() map[int32]int {
	oldest := map[int32]int{}
	for _, b := range r.live {
		if step, ok := oldest[b.row]; !ok || int(b.born) < step {
			oldest[b.row] = int(b.born)
		}
	}
	return oldest
}
