package memory

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/alloc"
)

// Version is the version of the format of profiles. Readers refuse what is newer.
const Version = 1

// Profile is what a recorder knows at one instant. The bytes of its rows add up to
// Active, their bytes at the peak to Peak.
type Profile struct {
	Version int     `json:"version"`
	PID     int     `json:"pid,omitempty"`
	Command string  `json:"command,omitempty"`
	Seconds float64 `json:"seconds"` // since the recorder began

	Active   int64   `json:"active"`
	Buffers  int64   `json:"buffers"`
	Cache    int64   `json:"cache"`
	Step     int     `json:"step"` // in progress
	Peak     int64   `json:"peak"`
	PeakAt   float64 `json:"peak_at"` // in seconds since the recorder began
	PeakStep int     `json:"peak_step"`

	CacheHits   int64 `json:"cache_hits"`   // buffers that were served from the cache
	CacheMisses int64 `json:"cache_misses"` // buffers that needed new memory

	Evaluations int64 `json:"evaluations"`
	Operations  int64 `json:"operations"`
	Events      int64 `json:"events"` // seen, kept or not

	Rows     []Row     `json:"rows"`
	Lines    []History `json:"lines"`
	Steps    []Step    `json:"steps"`
	Timeline []Point   `json:"timeline"`
	Owners   []Owner   `json:"owners,omitempty"`
	Trace    []Change  `json:"trace,omitempty"` // the latest events, where they were asked for
}

// Row is the arrays of one operation, dtype and shape that one line made.
type Row struct {
	Stack     []Frame `json:"stack"` // the line, and its callers; empty if it is unknown
	Operation string  `json:"operation,omitempty"`
	Dtype     string  `json:"dtype,omitempty"`
	Shape     []int   `json:"shape,omitempty"`
	Device    string  `json:"device,omitempty"`
	Stream    int     `json:"stream,omitempty"` // of the device's
	Live      Sum     `json:"live"`
	AtPeak    Sum     `json:"at_peak"`
	Allocated Sum     `json:"allocated"` // since the recorder began
	Since     int     `json:"since"`     // the step in which the oldest of the live ones was made
}

// Frame is a place in a script.
type Frame struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Function string `json:"function,omitempty"`
}

func (f Frame) String() string { return fmt.Sprintf("%s:%d", f.File, f.Line) }

// History is what one line, whatever called it, had live at the ends of the latest steps.
type History struct {
	Where   string  `json:"where"` // file:line, "" if it is unknown
	Past    []int64 `json:"past"`  // the earliest first
	Growth  int64   `json:"growth_per_step"`
	Growing bool    `json:"growing"` // with each of those steps
}

// Owner is what keeps arrays alive: a variable, a part of a model, an optimizer's state.
type Owner struct {
	Path  string `json:"path"` // model.layers[3].weight
	Kind  string `json:"kind"`
	Bytes int64  `json:"bytes"`
	Dtype string `json:"dtype,omitempty"`
	Shape []int  `json:"shape,omitempty"`
	// Pending is how many operations were built for the array and not evaluated.
	Pending int `json:"pending,omitempty"`
	// Where is the line that made the array, and Buffer the number that events know its
	// memory by, while they are recorded.
	Where  string `json:"where,omitempty"`
	Buffer uint64 `json:"buffer,omitempty"`
}

// Change is one event.
type Change struct {
	At     float64 `json:"at"`
	Kind   string  `json:"kind"`
	ID     uint64  `json:"id,omitempty"`
	Bytes  int64   `json:"bytes,omitempty"`
	Row    int     `json:"row"` // of Rows; -1 for none
	Active int64   `json:"active"`
	Cache  int64   `json:"cache"`
}

// Change is the event as profiles have it.
func (e *Event) Change() Change {
	return Change{At: e.At.Seconds(), Kind: KindName(e.Kind), ID: e.ID, Bytes: e.Bytes, Row: int(e.Row), Active: e.Active, Cache: e.Cache}
}

var kindNames = [...]string{"", "allocate", "free", "describe", "trim", "collect", "eval", "evaluated", "step"}

// Profile sums up what is known. With trace it has the events of the ring, too.
func (r *Recorder) Profile(trace bool) *Profile {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &Profile{
		Version: Version, Seconds: r.now().Seconds(),
		Step: r.step.Number, CacheHits: r.hits, CacheMisses: r.misses,
		Active: r.active, Buffers: r.count, Cache: r.step.Cache, Peak: r.peak, PeakAt: r.peakAt.Seconds(), PeakStep: r.peakStep,
		Evaluations: r.evals, Operations: r.ops, Events: r.ring.total,
		Steps: slices.Clone(r.steps), Timeline: slices.Clone(r.timeline.points),
	}
	oldest := r.since()
	for i := range r.rows {
		p.Rows = append(p.Rows, r.export(&r.rows[i]))
		p.Rows[i].Since = oldest[int32(i)]
	}
	p.Lines = r.histories()
	if trace {
		for e := range r.ring.all {
			p.Trace = append(p.Trace, e.Change())
		}
	}
	return p
}

func (r *Recorder) export(w *row) Row {
	l := r.labels[w.key.label]
	out := Row{Operation: l.operation, Dtype: l.dtype, Device: l.device, Stream: int(l.stream), Live: w.now, AtPeak: w.high, Allocated: w.total, Stack: []Frame{}}
	if w.at != r.high {
		out.AtPeak = w.now // it has not changed since
	}
	if l.operation != "" {
		out.Shape = append([]int{}, l.shape[:l.rank]...)
	}
	for _, f := range r.sites.Stack(w.key.site) {
		out.Stack = append(out.Stack, Frame{f.File, f.Line, f.Function})
	}
	return out
}

// histories joins the histories of sites by their lines.
func (r *Recorder) histories() []History {
	sums := map[string][]int64{} // the latest first
	for site, h := range r.lines {
		if h == nil {
			continue
		}
		where := r.sites.Where(alloc.Site(site))
		past := h.values()
		slices.Reverse(past)
		sum := sums[where]
		for i, n := range past {
			if i == len(sum) {
				sum = append(sum, 0)
			}
			sum[i] += n
		}
		sums[where] = sum
	}
	out := []History{}
	for where, past := range sums {
		slices.Reverse(past)
		h := History{Where: where, Past: past}
		h.Growth, h.Growing = growth(past)
		out = append(out, h)
	}
	slices.SortFunc(out, func(x, y History) int { return strings.Compare(x.Where, y.Where) })
	return out
}

// Where is the row's line as file:line, "" if it is unknown.
func (w *Row) Where() string {
	if len(w.Stack) == 0 {
		return ""
	}
	return w.Stack[0].String()
}

// Line is what one line of a script made, whatever called it.
type Line struct {
	Where     string `json:"where"` // file:line, "" if it is unknown
	Live      Sum    `json:"live"`
	AtPeak    Sum    `json:"at_peak"`
	Allocated Sum    `json:"allocated"`
	Growth    int64  `json:"growth_per_step"`
	Growing   bool   `json:"growing"`
	Since     int    `json:"since"`             // the step in which the oldest of the live arrays was made
	Largest   *Row   `json:"largest,omitempty"` // what is live most, or was at the peak
}

// ByLine sums the rows up by lines, those that hold most first.
func (p *Profile) ByLine() []Line {
	index := map[string]int{}
	lines := []Line{}
	for i := range p.Rows {
		w := &p.Rows[i]
		k, ok := index[w.Where()]
		if !ok {
			k = len(lines)
			index[w.Where()] = k
			lines = append(lines, Line{Where: w.Where()})
		}
		l := &lines[k]
		if w.Live.Arrays > 0 && (l.Live.Arrays == 0 || w.Since < l.Since) {
			l.Since = w.Since
		}
		l.Live.add(w.Live.Bytes, w.Live.Arrays)
		l.AtPeak.add(w.AtPeak.Bytes, w.AtPeak.Arrays)
		l.Allocated.add(w.Allocated.Bytes, w.Allocated.Arrays)
		if l.Largest == nil || max(w.Live.Bytes, w.AtPeak.Bytes) > max(l.Largest.Live.Bytes, l.Largest.AtPeak.Bytes) {
			l.Largest = w
		}
	}
	for _, h := range p.Lines {
		if k, ok := index[h.Where]; ok {
			lines[k].Growth, lines[k].Growing = h.Growth, h.Growing
		}
	}
	slices.SortStableFunc(lines, func(x, y Line) int {
		return cmp.Or(cmp.Compare(y.Live.Bytes, x.Live.Bytes), cmp.Compare(y.AtPeak.Bytes, x.AtPeak.Bytes), strings.Compare(x.Where, y.Where))
	})
	return lines
}

// Write writes the profile as JSON.
func (p *Profile) Write(w io.Writer) error { return json.NewEncoder(w).Encode(p) }

// Read reads what Write wrote.
func Read(r io.Reader) (*Profile, error) {
	p := new(Profile)
	if err := json.NewDecoder(r).Decode(p); err != nil {
		return nil, fmt.Errorf("reading a memory profile: %w", err)
	}
	if p.Version < 1 || p.Version > Version {
		return nil, fmt.Errorf("reading a memory profile: its version is %d, this program reads %d", p.Version, Version)
	}
	return p, nil
}
