package metal

import (
	"bytes"
	"slices"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/metal/internal/mtl"
)

// recording keeps the dispatches of an encoder, under the names of its calls, until they
// are put in order: level by level, where a level is what needs nothing of its own
// or of later ones. A barrier stands between levels. There are as few as the longest
// chain of dispatches has links that need each other, and what is independent
// overlaps, in whatever order it came.
type recording struct {
	dispatches []dispatch
	arguments  []argument
	data       []byte // of arguments that are bytes
	places     map[place]use
	numbers    uint32 // of stretches of writes apart, and of carvings

	next  dispatch // is being set up
	bound [maxBuffers]argument
	set   uint32 // which of them are, a bit each
}

// dispatch is one run of a kernel.
type dispatch struct {
	pipeline    mtl.Pipeline
	level       int32
	from, to    int32 // its arguments
	exact       bool  // the grid is of threads, not of threadgroups
	shared      [maxShared]int32
	grid, group mtl.Size
}

// maxShared is how many threadgroup arguments a kernel has at most.
const maxShared = 4

// argument is a buffer from an offset on, or bytes of the recording's data.
type argument struct {
	buffer mtl.Buffer // 0 for bytes
	offset int
	size   int32 // of bytes
	index  int32
}

// place is the identity of storage: an array's buffer, all of it or a part that does
// not overlap the others of a carving, or scratch memory.
type place struct {
	buffer  *alloc.Buffer
	scratch mtl.Buffer
	carving uint32 // from 1 on; 0 is all of it
	part    int32  // anyPart stands for what used parts
}

const anyPart = -1

func (p place) whole() place { p.carving, p.part = 0, 0; return p }
func (p place) any() place   { p.carving, p.part = 0, anyPart; return p }

// use is the last level that wrote a place, and the last that read it.
type use struct {
	levels
	since  uint32 // a stretch of writes apart, or a carving
	before levels // the last before it
}

type levels struct{ wrote, read int32 }

// level is that of the last use which a further one must follow.
func (l levels) level(writes bool) int32 {
	if writes {
		return max(l.wrote, l.read)
	}
	return l.wrote
}

// but is level, leaving out the uses since something, if they are the last.
func (u use) but(since uint32, writes bool) int32 {
	if since != 0 && u.since == since {
		return u.before.level(writes)
	}
	return u.level(writes)
}

func (u *use) note(level int32, writes bool, since uint32) {
	if u.since != since {
		u.since, u.before = since, u.levels
	}
	if writes {
		u.wrote = max(u.wrote, level)
	} else {
		u.read = max(u.read, level)
	}
}

func newRecording() *recording { return &recording{places: map[place]use{}} }

// number gives a stretch of writes apart, or a carving, its number.
func (r *recording) number() uint32 {
	r.numbers++
	return r.numbers
}

// SetPipeline chooses a kernel, and forgets the arguments of the last.
func (r *recording) SetPipeline(k mtl.Pipeline) {
	r.next, r.set = dispatch{pipeline: k}, 0
}

// SetBuffer binds a buffer from an offset in bytes.
func (r *recording) SetBuffer(b mtl.Buffer, offset, index int) {
	r.bind(argument{buffer: b, offset: offset, index: int32(index)})
}

// SetBytes binds a copy of at most 4 KiB.
func (r *recording) SetBytes(data unsafe.Pointer, length, index int) {
	r.bind(argument{offset: len(r.data), size: int32(length), index: int32(index)})
	r.data = append(r.data, unsafe.Slice((*byte)(data), length)...)
}

func (r *recording) bind(a argument) {
	r.bound[a.index] = a
	r.set |= 1 << a.index
}

// SetThreadgroupMemory gives a threadgroup argument its size in bytes.
func (r *recording) SetThreadgroupMemory(length, index int) {
	r.next.shared[index] = int32(length)
}

// Dispatch runs threadgroups.
func (r *recording) Dispatch(groups, threads mtl.Size) {
	r.add(groups, threads, false)
}

// DispatchThreads runs a grid of threads, whose last groups may be smaller.
func (r *recording) DispatchThreads(grid, group mtl.Size) {
	r.add(grid, group, true)
}

func (r *recording) add(grid, group mtl.Size, exact bool) {
	d := r.next
	d.grid, d.group, d.exact = grid, group, exact
	d.from = int32(len(r.arguments))
	for i, a := range r.bound {
		if r.set>>i&1 != 0 {
			r.arguments = append(r.arguments, a)
		}
	}
	d.to = int32(len(r.arguments))
	r.dispatches = append(r.dispatches, d)
}

// order finds the level of the next dispatch: after those that wrote what it reads
// or writes, and after those that read what it writes. Writes of one stretch, if that
// is not 0, lie apart from each other.
func (r *recording) order(reads, writes []place, stretch uint32) {
	level := int32(0)
	for _, at := range reads {
		level = max(level, r.after(at, false, 0))
	}
	for _, at := range writes {
		level = max(level, r.after(at, true, stretch))
	}
	level++
	for _, at := range reads {
		r.note(at, level, false, 0)
	}
	for _, at := range writes {
		r.note(at, level, true, stretch)
	}
	r.next.level = level
}

// after is the last level whose use of a place must be over.
func (r *recording) after(at place, writes bool, stretch uint32) int32 {
	own, parts := r.places[at].but(stretch, writes), r.places[at.any()]
	if at.carving == 0 {
		return max(own, parts.level(writes))
	}
	return max(own, r.places[at.whole()].level(writes), parts.but(at.carving, writes))
}

func (r *recording) note(at place, level int32, writes bool, stretch uint32) {
	u := r.places[at]
	if writes {
		u.note(level, true, stretch)
	} else {
		u.note(level, false, u.since)
	}
	r.places[at] = u
	if at.carving != 0 {
		u := r.places[at.any()]
		u.note(level, writes, at.carving)
		r.places[at.any()] = u
	}
}

// encode hands the dispatches over, and makes the recording empty.
func (r *recording) encode(api *mtl.API, e mtl.ComputeEncoder) {
	order := make([]*dispatch, len(r.dispatches))
	for i := range order {
		order[i] = &r.dispatches[i]
	}
	slices.SortStableFunc(order, func(a, b *dispatch) int { return int(a.level - b.level) })
	var (
		bound  [maxBuffers]argument // by the encoder, so that nothing is said twice
		known  uint32
		shared [maxShared]int32
		last   dispatch
	)
	for i, d := range order {
		if i > 0 && d.level != last.level {
			api.Barrier(e)
		}
		if d.pipeline != last.pipeline {
			api.SetPipeline(e, d.pipeline)
		}
		for _, a := range r.arguments[d.from:d.to] {
			if known>>a.index&1 == 0 || !r.same(bound[a.index], a) {
				r.send(api, e, a)
				bound[a.index], known = a, known|1<<a.index
			}
		}
		for index, size := range d.shared {
			if size != 0 && size != shared[index] {
				api.SetThreadgroupMemory(e, int(size), index)
				shared[index] = size
			}
		}
		if d.exact {
			api.DispatchThreads(e, d.grid, d.group)
		} else {
			api.Dispatch(e, d.grid, d.group)
		}
		last = *d
	}
	clear(r.places)
	r.dispatches, r.arguments, r.data = r.dispatches[:0], r.arguments[:0], r.data[:0]
}

func (r *recording) send(api *mtl.API, e mtl.ComputeEncoder, a argument) {
	if a.buffer != 0 {
		api.SetBuffer(e, a.buffer, a.offset, int(a.index))
		return
	}
	data := r.data[a.offset:][:a.size]
	api.SetBytes(e, unsafe.Pointer(unsafe.SliceData(data)), len(data), int(a.index))
}

func (r *recording) same(a, b argument) bool {
	if a.buffer != b.buffer || a.buffer != 0 {
		return a == b
	}
	return bytes.Equal(r.data[a.offset:][:a.size], r.data[b.offset:][:b.size])
}
