package memory

import (
	"time"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
)

// Step is one step of a loop: from the end of the last one to a mark, a step of a
// progress bar, or an mx.eval.
type Step struct {
	Number int     `json:"number"`
	Name   string  `json:"name"`   // of the mark
	At     float64 `json:"at"`     // its end, in seconds since the recorder began
	Active int64   `json:"active"` // at its end
	Peak   int64   `json:"peak"`   // the most within it
	Cache  int64   `json:"cache"`  // at its end
}

// keptSteps is how many steps a line's history goes back.
const keptSteps = 16

// history is what a line had live now and at the ends of the latest steps.
type history struct {
	now   int64
	past  [keptSteps]int64 // a ring
	next  int
	steps int
}

func (h *history) end() {
	h.past[h.next] = h.now
	h.next = (h.next + 1) % keptSteps
	h.steps++
}

// values lists the bytes at the ends of the latest steps, the earliest first.
func (h *history) values() []int64 {
	n := min(h.steps, keptSteps)
	out := make([]int64, 0, n)
	for i := range n {
		out = append(out, h.past[(h.next+keptSteps-n+i)%keptSteps])
	}
	return out
}

// growth is by how many bytes a step what was live at the ends of the latest steps grew,
// and whether it grew with each of them.
func growth(values []int64) (perStep int64, always bool) {
	if len(values) < 2 {
		return 0, false
	}
	always = len(values) >= minGrowing
	for i := 1; i < len(values); i++ {
		if values[i] <= values[i-1] {
			always = false
		}
	}
	return (values[len(values)-1] - values[0]) / int64(len(values)-1), always
}

// minGrowing is how many ends of steps it takes to say that something grows.
const minGrowing = 4

// Event is one thing that happened.
type Event struct {
	At     time.Duration // since the recorder began
	Kind   alloc.EventKind
	Reused bool
	Row    int32 // that counts the buffer, numbered as [Recorder.RowsFrom] does; -1 for none
	ID     uint64
	Bytes  int64 // of the buffer; of an evaluation, its operations; of a step, its number
	Active int64 // after it
	Cache  int64
}

// Sink takes all of a recorder's events, as they come.
type Sink interface {
	// Take is given one event after the other, and must be quick: the recorder, and who
	// asks for memory, waits.
	Take(e Event)
}

// ring holds the latest events, in blocks, since a slice that grows would be copied again
// and again while somebody waits.
type ring struct {
	blocks [][]Event // of blockEvents each
	kept   int       // events in them
	limit  int
	next   int // where the next goes once the ring is full
	total  int64
	latest Event
	sink   Sink
}

const (
	defaultRing = 16 << 20
	blockEvents = 1 << 10
)

func (r *ring) init(bytes int) {
	if bytes <= 0 {
		bytes = defaultRing
	}
	r.limit = max(bytes/int(unsafe.Sizeof(Event{})), 16)
}

func (r *ring) add(e Event) {
	r.total++
	r.latest = e
	if r.sink != nil {
		r.sink.Take(e)
	}
	if r.kept == r.limit {
		*r.at(0) = e
		r.next = (r.next + 1) % r.limit
		return
	}
	if r.kept == len(r.blocks)*blockEvents {
		r.blocks = append(r.blocks, make([]Event, min(blockEvents, r.limit-r.kept)))
	}
	r.kept++
	*r.at(r.kept - 1) = e
}

func (r *ring) last() Event { return r.latest }

// at is the i-th of the events that are kept, the earliest being 0.
func (r *ring) at(i int) *Event {
	i = (r.next + i) % r.kept
	return &r.blocks[i/blockEvents][i%blockEvents]
}

// all yields the events, the earliest first.
func (r *ring) all(yield func(e *Event) bool) {
	for i := range r.kept {
		if !yield(r.at(i)) {
			return
		}
	}
}

// Point is what was live during a stretch of time.
type Point struct {
	At    float64 `json:"at"`    // its begin, in seconds since the recorder began
	Low   int64   `json:"low"`   // the least that was active
	High  int64   `json:"high"`  // the most
	Last  int64   `json:"last"`  // at its end
	Cache int64   `json:"cache"` // at its end
}

// timeline divides the time since the recorder began into equal stretches, whose length
// doubles whenever they are too many.
type timeline struct {
	width  time.Duration
	points []Point // of stretches in which something changed
	index  []int64 // their numbers
}

const (
	maxPoints  = 2048
	firstWidth = time.Millisecond
)

func (t *timeline) init() { t.width = firstWidth }

func (t *timeline) add(at time.Duration, active, cache int64) {
	n := int64(at / t.width)
	for n >= maxPoints {
		t.halve()
		n = int64(at / t.width)
	}
	if k := len(t.index) - 1; k >= 0 && t.index[k] >= n {
		p := &t.points[k]
		p.Low, p.High = min(p.Low, active), max(p.High, active)
		p.Last, p.Cache = active, cache
		return
	}
	p := Point{At: (time.Duration(n) * t.width).Seconds(), Low: active, High: active, Last: active, Cache: cache}
	if k := len(t.points) - 1; k >= 0 { // it begins with what there was
		p.Low, p.High = min(p.Low, t.points[k].Last), max(p.High, t.points[k].Last)
	}
	t.points, t.index = append(t.points, p), append(t.index, n)
}

// halve joins stretches in pairs.
func (t *timeline) halve() {
	t.width *= 2
	k := 0
	for i, p := range t.points {
		n := t.index[i] / 2
		if k > 0 && t.index[k-1] == n {
			q := &t.points[k-1]
			q.Low, q.High = min(q.Low, p.Low), max(q.High, p.High)
			q.Last, q.Cache = p.Last, p.Cache
			continue
		}
		p.At = (time.Duration(n) * t.width).Seconds()
		t.points[k], t.index[k] = p, n
		k++
	}
	t.points, t.index = t.points[:k], t.index[:k]
}
