package memory

import (
	"slices"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
)

// Recorder sums up what it is told. Its methods may be called from several goroutines
// at once.
type Recorder struct {
	sites *alloc.SiteTable
	now   func() time.Duration // since the recorder began

	mu       sync.Mutex
	live     map[uint64]liveBuffer
	rows     []row
	rowOf    map[uint64]int32 // by rowKey.packed
	labels   []label
	labelOf  map[label]int32
	lines    []*history // by site
	caches   []poolCache
	active   int64
	count    int64
	peak     int64
	peakAt   time.Duration
	peakStep int
	peakBy   uint64 // the buffer whose allocation made the peak
	high     int64  // number of the present peak
	follows  []*HighWater
	ring     ring
	timeline timeline
	steps    []Step // the latest, in their order
	step     Step   // in progress
	explicit bool   // steps are counted by marks or progress, not evaluations
	hits     int64  // buffers from the cache
	misses   int64
	evals    int64
	ops      int64
}

var _ engine.Observer = (*Recorder)(nil)

// liveBuffer is a live buffer: its bytes, and the row that counts them.
type liveBuffer struct {
	bytes int64
	row   int32
	born  int32 // the step that it was allocated in
}

type rowKey struct {
	site  alloc.Site
	label int32
}

// packed is the key as one number, which a map finds faster.
func (k rowKey) packed() uint64 { return uint64(k.site)<<32 | uint64(uint32(k.label)) }

// row sums up the arrays of one label that one line made.
type row struct {
	key   rowKey
	now   Sum // live
	total Sum // allocated since the recorder began
	high  Sum // live at the peak numbered number, where that is the present one
	at    int64
}

// Sum is a number of arrays and their bytes.
type Sum struct {
	Bytes  int64 `json:"bytes"`
	Arrays int64 `json:"arrays"`
}

func (s *Sum) add(bytes, arrays int64) { s.Bytes += bytes; s.Arrays += arrays }

// label is an alloc.Label that can be a key. Of shapes of more than eight axes the first
// are multiplied.
type label struct {
	operation, dtype, device string

	stream int32
	rank   int8
	shape  [8]int
}

// The most labels and rows that are kept apart. What is beyond them counts without its
// label, or its line.
const (
	maxLabels = 1 << 16
	maxRows   = 1 << 17
	maxSteps  = 4096
)

// NewRecorder makes a recorder of lines that are interned in sites. Its ring takes at most
// ringBytes bytes; 0 is 16 MiB.
func NewRecorder(sites *alloc.SiteTable, ringBytes int) *Recorder {
	r := &Recorder{
		sites: sites,
		live:  map[uint64]liveBuffer{}, rowOf: map[uint64]int32{}, labelOf: map[label]int32{},
	}
	start := time.Now()
	r.now = func() time.Duration { return time.Since(start) }
	r.ring.init(ringBytes)
	r.timeline.init()
	r.labels = []label{{}}
	r.labelOf[label{}] = 0
	return r
}

// poolCache is what a pool last said of its cache.
type poolCache struct {
	pool  *alloc.Pool
	cache int64
}

func (r *Recorder) cacheOf(p *alloc.Pool, now int64) (sum int64) {
	known := false
	for i := range r.caches {
		if c := &r.caches[i]; c.pool == p {
			c.cache, known = now, true
		}
		sum += r.caches[i].cache
	}
	if !known {
		r.caches = append(r.caches, poolCache{p, now})
		sum += now
	}
	return sum
}

// Observe takes an event of a pool.
func (r *Recorder) Observe(e alloc.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.now()
	cache := r.cacheOf(e.Pool, e.Cache)
	place := int32(-1)
	switch e.Kind {
	case alloc.Allocated:
		i := r.row(rowKey{site: e.Site})
		place = i
		if e.Reused {
			r.hits++
		} else {
			r.misses++
		}
		r.live[e.ID] = liveBuffer{e.Bytes, i, int32(r.step.Number)}
		r.count++
		r.change(i, e.Bytes, 1)
		r.rows[i].total.add(e.Bytes, 1)
		if r.raise(at) {
			r.peakBy = e.ID
		}
	case alloc.Freed:
		b, ok := r.live[e.ID]
		if !ok {
			return // from before
		}
		delete(r.live, e.ID)
		place, e.Bytes = b.row, b.bytes
		r.count--
		r.change(b.row, -b.bytes, -1)
	case alloc.Described:
		b, ok := r.live[e.ID]
		if !ok {
			return
		}
		i := r.row(rowKey{e.Site, r.label(e.Label)})
		place = i
		if i == b.row {
			break
		}
		r.move(e.ID, b, i)
		b.row, b.born = i, int32(r.step.Number)
		r.live[e.ID] = b
	}
	r.step.Cache = cache
	r.timeline.add(at, r.active, cache)
	r.ring.add(Event{At: at, Kind: e.Kind, Reused: e.Reused, Row: place, ID: e.ID, Bytes: e.Bytes, Active: r.active, Cache: cache})
}

// move counts a live buffer in another row from now on. One that was just allocated was
// there at the peak if it made that.
func (r *Recorder) move(id uint64, b liveBuffer, to int32) {
	last := r.ring.last()
	fresh := last.Kind == alloc.Allocated && last.ID == id
	r.change(b.row, -b.bytes, -1)
	r.change(to, b.bytes, 1)
	if !fresh {
		return
	}
	from, w := &r.rows[b.row], &r.rows[to]
	from.total.add(-b.bytes, -1)
	w.total.add(b.bytes, 1)
	if r.peakBy == id {
		from.high.add(-b.bytes, -1)
		w.high.add(b.bytes, 1)
	}
}

// IsInput reports whether a live buffer holds elements that came from outside: from
// numbers of a script, or a file.
func (r *Recorder) IsInput(b *alloc.Buffer) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.live[b.ID()]
	if !ok {
		return false
	}
	switch r.labels[r.rows[l.row].key.label].operation {
	case "array", "load":
		return true
	}
	return false
}

// change adds to what a row has live. What it had at the peak is kept before the first
// change after it.
func (r *Recorder) change(i int32, bytes, arrays int64) {
	w := &r.rows[i]
	if w.at != r.high {
		w.high, w.at = w.now, r.high
	}
	w.now.add(bytes, arrays)
	r.active += bytes
	r.line(w.key.site).now += bytes
}

func (r *Recorder) line(s alloc.Site) *history {
	for int(s) >= len(r.lines) {
		r.lines = append(r.lines, nil)
	}
	if r.lines[s] == nil {
		r.lines[s] = new(history)
	}
	return r.lines[s]
}

// raise makes what is live the peak if it is more than that, and reports whether it is.
func (r *Recorder) raise(at time.Duration) bool {
	r.step.Peak = max(r.step.Peak, r.active)
	for _, h := range r.follows {
		h.peak = max(h.peak, r.active)
	}
	if r.active <= r.peak {
		return false
	}
	r.peak, r.peakAt, r.peakStep, r.peakBy = r.active, at, r.step.Number, 0
	r.high++ // what rows had at the last peak no longer counts
	return true
}

// HighWater is the most that was active since Follow.
type HighWater struct{ peak int64 }

// Follow begins to watch for the most that is active.
func (r *Recorder) Follow() *HighWater {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := &HighWater{r.active}
	r.follows = append(r.follows, h)
	return h
}

// Unfollow ends that and gives the bytes.
func (r *Recorder) Unfollow(h *HighWater) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.follows = slices.DeleteFunc(r.follows, func(x *HighWater) bool { return x == h })
	return h.peak
}

// ResetPeak forgets the peak: it then is what is live.
func (r *Recorder) ResetPeak() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.peak = 0
	r.raise(r.now())
}

func (r *Recorder) row(k rowKey) int32 {
	if i, ok := r.rowOf[k.packed()]; ok {
		return i
	}
	if len(r.rows) >= maxRows && k != (rowKey{}) {
		return r.row(rowKey{})
	}
	i := int32(len(r.rows))
	r.rows = append(r.rows, row{key: k})
	r.rowOf[k.packed()] = i
	return i
}

func (r *Recorder) label(l *alloc.Label) int32 {
	k := label{operation: l.Operation, dtype: l.Dtype, device: l.Device, stream: int32(l.Stream), rank: int8(min(len(l.Shape), 8))}
	shape := l.Shape
	for i := range k.shape {
		k.shape[i] = 1
	}
	extra := max(len(shape)-8, 0)
	for i, n := range shape {
		if i <= extra {
			k.shape[0] *= n
		} else {
			k.shape[i-extra] = n
		}
	}
	if i, ok := r.labelOf[k]; ok {
		return i
	}
	if len(r.labels) >= maxLabels {
		return 0
	}
	i := int32(len(r.labels))
	r.labels = append(r.labels, k)
	r.labelOf[k] = i
	return i
}

// EvalBegun notes an evaluation.
func (r *Recorder) EvalBegun(operations int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.evals++
	r.ops += int64(operations)
	r.note(EvalBegun, int64(operations))
}

// EvalEnded notes its end.
func (r *Recorder) EvalEnded() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(EvalEnded, 0)
}

// note adds an event that is none of a buffer's.
func (r *Recorder) note(kind alloc.EventKind, n int64) {
	r.ring.add(Event{At: r.now(), Kind: kind, Row: -1, Bytes: n, Active: r.active, Cache: r.step.Cache})
}

// The kinds of events that are not a pool's.
const (
	EvalBegun = alloc.Collected + 1 + iota
	EvalEnded
	StepEnded
)

// KindName is how profiles name a kind of event.
func KindName(k alloc.EventKind) string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// Stream has a sink told of every event from now on, or nobody if it is nil. What is
// live is told of first, as if it had just been allocated.
func (r *Recorder) Stream(s Sink) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ring.sink = s
	if s == nil {
		return
	}
	active := int64(0)
	for id, b := range r.live {
		active += b.bytes
		s.Take(Event{At: r.now(), Kind: alloc.Allocated, Row: b.row, ID: id, Bytes: b.bytes, Active: active, Cache: r.step.Cache})
	}
}

// RowsFrom gives the rows that came up since the n-th, without their sums. Rows keep
// their numbers.
func (r *Recorder) RowsFrom(n int) (rows []Row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := n; i < len(r.rows); i++ {
		w := r.export(&row{key: r.rows[i].key, at: r.high})
		rows = append(rows, w)
	}
	return rows
}

// StepEnded counts the end of an mx.eval as that of a step, until the script says
// where its own steps end.
func (r *Recorder) StepEnded() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.explicit {
		r.endStep("")
	}
}

// Step is the number of the step in progress, and of the one with the peak.
func (r *Recorder) Step() (now, peak int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.step.Number, r.peakStep
}

// Mark ends a step and names it.
func (r *Recorder) Mark(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.explicit { // those before were but evaluations
		r.explicit, r.steps, r.step.Number = true, nil, 0
		for _, h := range r.lines {
			if h != nil {
				h.steps, h.next = 0, 0
			}
		}
	}
	r.endStep(name)
}

func (r *Recorder) endStep(name string) {
	s := &r.step
	s.Name, s.At, s.Active = name, r.now().Seconds(), r.active
	r.note(StepEnded, int64(s.Number))
	if len(r.steps) == maxSteps {
		copy(r.steps, r.steps[1:])
		r.steps = r.steps[:maxSteps-1]
	}
	r.steps = append(r.steps, *s)
	for _, h := range r.lines {
		if h != nil {
			h.end()
		}
	}
	r.step = Step{Number: s.Number + 1, Peak: r.active, Cache: s.Cache}
}
