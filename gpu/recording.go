package gpu

import (
	"slices"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
)

// Recording keeps the dispatches of a pass, until they are put in order: level by
// level, where a level is what needs nothing of its own or of later ones. A driver
// sees to it that levels do not overlap. There are as few as the longest chain of
// dispatches has links that need each other, and what is independent overlaps, in
// whatever order it came.
type Recording struct {
	dispatches []Dispatch
	arguments  []Argument
	data       []byte // of arguments that are bytes
	places     map[place]use
	numbers    uint32 // of stretches of writes apart, and of carvings

	next    Dispatch // is being set up
	bound   [MaxBuffers]Argument
	set     uint32 // which of them are, a bit each
	ordered []*Dispatch
	label   string // of what is recorded, where somebody wants it
}

// Dispatch is one run of a kernel.
type Dispatch struct {
	Pipeline    Pipeline
	Level       int32
	Exact       bool             // the grid is of threads, not of threadgroups
	Shared      [MaxShared]int32 // bytes of the threadgroup arguments, 0 for none
	Grid, Group Size

	// Product and Transform are what a library computes, instead of a kernel, and Exchange
	// what a group does.
	Product   *Product
	Transform *Transform
	Exchange  *Exchange
	// Label names the operations, for a driver that times.
	Label string

	from, to int32 // its arguments
}

// MaxShared is how many threadgroup arguments a kernel has at most.
const MaxShared = 4

// Argument is a buffer from an offset on, or, where Buffer is 0, bytes of the
// recording.
type Argument struct {
	Buffer Buffer
	Offset int
	Size   int32 // of bytes
	Index  int32
}

// place is the identity of storage: an array's buffer, all of it or a part that does
// not overlap the others of a carving, or scratch memory.
type place struct {
	buffer  *alloc.Buffer
	scratch Buffer
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

func newRecording() *Recording { return &Recording{places: map[place]use{}} }

// number gives a stretch of writes apart, or a carving, its number.
func (r *Recording) number() uint32 {
	r.numbers++
	return r.numbers
}

// SetPipeline chooses a kernel, and forgets the arguments of the last.
func (r *Recording) SetPipeline(k Pipeline) {
	r.next, r.set = Dispatch{Pipeline: k}, 0
}

// SetBuffer binds a buffer from an offset in bytes.
func (r *Recording) SetBuffer(b Buffer, offset, index int) {
	r.bind(Argument{Buffer: b, Offset: offset, Index: int32(index)})
}

// SetBytes binds a copy of at most 4 KiB.
func (r *Recording) SetBytes(data unsafe.Pointer, length, index int) {
	r.bind(Argument{Offset: len(r.data), Size: int32(length), Index: int32(index)})
	r.data = append(r.data, unsafe.Slice((*byte)(data), length)...)
}

func (r *Recording) bind(a Argument) {
	r.bound[a.Index] = a
	r.set |= 1 << a.Index
}

// SetThreadgroupMemory gives a threadgroup argument its size in bytes.
func (r *Recording) SetThreadgroupMemory(length, index int) {
	r.next.Shared[index] = int32(length)
}

// Multiply lets the driver's library compute a product.
func (r *Recording) Multiply(p *Product) {
	r.next.Product = p
	r.add(Size{}, Size{}, false)
}

// Join takes part in an operation of a group.
func (r *Recording) Join(x *Exchange) {
	r.next.Exchange = x
	r.add(Size{}, Size{}, false)
}

// Transform lets the driver's library compute Fourier transforms.
func (r *Recording) Transform(t *Transform) {
	r.next.Transform = t
	r.add(Size{}, Size{}, false)
}

// Dispatch runs threadgroups.
func (r *Recording) Dispatch(groups, threads Size) {
	r.add(groups, threads, false)
}

// DispatchThreads runs a grid of threads, whose last groups may be smaller.
func (r *Recording) DispatchThreads(grid, group Size) {
	r.add(grid, group, true)
}

func (r *Recording) add(grid, group Size, exact bool) {
	d := r.next
	d.Grid, d.Group, d.Exact, d.Label = grid, group, exact, r.label
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
func (r *Recording) order(reads, writes []place, stretch uint32) {
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
	r.next.Level = level
}

// after is the last level whose use of a place must be over.
func (r *Recording) after(at place, writes bool, stretch uint32) int32 {
	own, parts := r.places[at].but(stretch, writes), r.places[at.any()]
	if at.carving == 0 {
		return max(own, parts.level(writes))
	}
	return max(own, r.places[at.whole()].level(writes), parts.but(at.carving, writes))
}

func (r *Recording) note(at place, level int32, writes bool, stretch uint32) {
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

// Ordered are the dispatches in the order of their levels.
func (r *Recording) Ordered() []*Dispatch {
	order := r.ordered[:0]
	for i := range r.dispatches {
		order = append(order, &r.dispatches[i])
	}
	r.ordered = order
	byLevel := func(a, b *Dispatch) int { return int(a.Level - b.Level) }
	if !slices.IsSortedFunc(order, byLevel) {
		slices.SortStableFunc(order, byLevel)
	}
	return order
}

// holdsMessages reports whether there are messages, of which a driver takes those of a
// level together.
func (r *Recording) holdsMessages() bool {
	return slices.ContainsFunc(r.dispatches, func(d Dispatch) bool { return d.Exchange != nil && d.Exchange.Message() })
}

// Arguments are what a dispatch was given, in the order of their indices.
func (r *Recording) Arguments(d *Dispatch) []Argument { return r.arguments[d.from:d.to] }

// Bytes are those of an argument that is no buffer.
func (r *Recording) Bytes(a Argument) []byte { return r.data[a.Offset:][:a.Size] }

// reset makes the recording empty.
func (r *Recording) reset() {
	clear(r.places)
	clear(r.dispatches)
	r.dispatches, r.arguments, r.data = r.dispatches[:0], r.arguments[:0], r.data[:0]
}
