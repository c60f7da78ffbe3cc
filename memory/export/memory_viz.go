package export

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"slices"

	"github.com/mlxstar/mlxstar/memory"
)

// MemoryViz writes a snapshot as PyTorch's torch.cuda.memory._snapshot makes them, in
// pickle, for its memory_viz: what is live at the end, a segment an array, and a trace of
// what was allocated and freed. Addresses are numbers of buffers, spread so that they do not
// overlap.
func MemoryViz(w io.Writer, p *memory.Profile, changes memory.Changes) error {
	if changes == nil {
		changes = func(func(memory.Change) bool) error { return nil }
	}
	v := newViz(p)
	events := 0
	if err := changes(func(c memory.Change) bool { v.follow(c); events++; return true }); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	var err error
	(&pickler{out}).dump(dict{
		{"segments", v.segments()},
		{"device_traces", list{stream(func(yield func(any)) { err = trace(p, changes, events-maxEvents, yield) })}},
		{"allocator_settings", dict{{"expandable_segments", false}, {"garbage_collection_threshold", 0.0}, {"max_split_size", int64(-1)}, {"PYTORCH_CUDA_ALLOC_CONF", ""}}},
		{"external_annotations", list{}},
	})
	return errors.Join(err, out.Flush())
}

// placed is a buffer with an address.
type placed struct {
	at    int64
	bytes int64
	row   int
}

// viz gives buffers addresses.
type viz struct {
	p      *memory.Profile
	live   map[uint64]placed
	next   int64
	stacks map[int]list // by row
}

func newViz(p *memory.Profile) *viz {
	return &viz{p: p, live: map[uint64]placed{}, stacks: map[int]list{}}
}

const addressStep = 512 // as the allocator that the page knows aligns

func (v *viz) follow(c memory.Change) {
	switch c.Kind {
	case "allocate":
		v.live[c.ID] = placed{v.address(c.Bytes), c.Bytes, c.Row}
	case "describe":
		if b, ok := v.live[c.ID]; ok {
			b.row = c.Row
			v.live[c.ID] = b
		}
	case "free":
		delete(v.live, c.ID)
	}
}

func (v *viz) address(bytes int64) int64 {
	at := v.next + addressStep
	v.next += (bytes + 2*addressStep - 1) / addressStep * addressStep
	return at
}

// frames are a row's, the innermost first, and first of all what made its arrays.
func (v *viz) frames(row int) list {
	if row < 0 || row >= len(v.p.Rows) {
		return list{}
	}
	if f, ok := v.stacks[row]; ok {
		return f
	}
	r := &v.p.Rows[row]
	f := list{}
	if r.Operation != "" {
		f = append(f, dict{{"name", r.What(1)}, {"filename", "??"}, {"line", 0}})
	}
	for _, x := range r.Stack {
		f = append(f, dict{{"name", cmp.Or(x.Function, "<module>")}, {"filename", x.File}, {"line", x.Line}})
	}
	v.stacks[row] = f
	return f
}

// inOrder lists what is live by address.
func (v *viz) inOrder() []placed {
	all := make([]placed, 0, len(v.live))
	for _, b := range v.live {
		all = append(all, b)
	}
	slices.SortFunc(all, func(x, y placed) int { return cmp.Compare(x.at, y.at) })
	return all
}

func (v *viz) segments() list {
	out := list{}
	for _, b := range v.inOrder() {
		frames := v.frames(b.row)
		out = append(out, dict{
			{"device", 0}, {"address", b.at}, {"total_size", b.bytes}, {"allocated_size", b.bytes}, {"active_size", b.bytes}, {"requested_size", b.bytes},
			{"stream", 0}, {"segment_type", "large"}, {"segment_pool_id", list{0, 0}}, {"is_expandable", false}, {"frames", frames},
			{"blocks", list{dict{{"address", b.at}, {"size", b.bytes}, {"requested_size", b.bytes}, {"state", "active_allocated"}, {"frames", frames}}}},
		})
	}
	return out
}

// trace lists what was allocated and freed, but for the first events: of these it has what
// they left. It goes through all of them again, so that addresses are the same.
func trace(p *memory.Profile, changes memory.Changes, skip int, yield func(any)) error {
	v := newViz(p)
	entry := func(action string, b placed, at float64) {
		yield(dict{
			{"action", action}, {"addr", b.at}, {"size", b.bytes}, {"stream", 0}, {"device", 0}, {"frames", v.frames(b.row)}, {"time_us", int64(at * 1e6)},
		})
	}
	var fresh memory.Change // allocated, and not told of: what it is may follow
	tell := func() {
		if b, ok := v.live[fresh.ID]; ok && fresh.ID != 0 {
			entry("alloc", b, fresh.At)
		}
		fresh = memory.Change{}
	}
	i := 0
	begin := func(at float64) {
		for _, b := range v.inOrder() {
			entry("alloc", b, at)
		}
	}
	err := changes(func(c memory.Change) bool {
		if i == max(skip, 0) {
			begin(c.At)
		}
		i++
		if i <= skip {
			v.follow(c)
			return true
		}
		gone, was := v.live[c.ID]
		if c.Kind != "describe" || c.ID != fresh.ID {
			tell()
		}
		v.follow(c)
		switch {
		case c.Kind == "allocate":
			fresh = c
		case c.Kind == "describe":
			tell()
		case c.Kind == "free" && was:
			entry("free_requested", gone, c.At)
			entry("free_completed", gone, c.At)
		}
		return true
	})
	tell()
	return err
}
