package alloc

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// runs serves blocks of a few pages from larger mappings. Linux bounds the number
// of mappings of a process, to 65530 by default, and each hole between live blocks
// would cost one; a process that reaches the bound cannot even grow its Go heap.
// What is freed here goes back to the system without a hole.
type runs struct {
	mu     sync.Mutex
	chunks map[uintptr]*chunk // by address
	open   [][]*chunk         // those with room, by the pages of a slot
}

// chunk is a mapping cut into slots of equal size.
type chunk struct {
	base unsafe.Pointer
	slot int      // bytes
	free []uint16 // slots not in use
	used int
	at   int // place among the open chunks, -1 if there is no room
}

const (
	chunkSize = 2 << 20
	maxRun    = 256 << 10
)

// alloc returns a slot of size bytes, whole pages, or nil if it does not serve
// such blocks or has no memory.
func (r *runs) alloc(size, page int) unsafe.Pointer {
	if size > maxRun {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.chunks == nil {
		r.chunks = make(map[uintptr]*chunk)
		r.open = make([][]*chunk, maxRun/page+1)
	}
	class := size / page
	if len(r.open[class]) == 0 && !r.grow(class, size) {
		return nil
	}
	c := r.open[class][len(r.open[class])-1]
	slot := c.free[len(c.free)-1]
	c.free = c.free[:len(c.free)-1]
	c.used++
	if len(c.free) == 0 {
		r.close(c, class)
	}
	return unsafe.Add(c.base, int(slot)*size)
}

// grow maps a chunk for slots of a size.
func (r *runs) grow(class, size int) bool {
	p, err := mapPages(chunkSize)
	if err != nil {
		return false
	}
	if uintptr(p)%chunkSize != 0 {
		if p = realign(p, chunkSize); uintptr(p)%chunkSize != 0 {
			unmap(p, chunkSize)
			return false
		}
	}
	// Where large pages are the default, touching one slot would fill the whole chunk.
	_ = unix.Madvise(unsafe.Slice((*byte)(p), chunkSize), unix.MADV_NOHUGEPAGE)
	c := &chunk{base: p, slot: size, at: -1}
	for i := chunkSize/size - 1; i >= 0; i-- {
		c.free = append(c.free, uint16(i))
	}
	r.chunks[uintptr(p)] = c
	c.at = len(r.open[class])
	r.open[class] = append(r.open[class], c)
	return true
}

// close takes a chunk off the list of those with room.
func (r *runs) close(c *chunk, class int) {
	list := r.open[class]
	last := list[len(list)-1]
	list[c.at], last.at = last, c.at
	list[len(list)-1] = nil
	r.open[class] = list[:len(list)-1]
	c.at = -1
}

// freed takes a slot back and returns its memory to the system. It reports false
// if p is no slot.
func (r *runs) freed(p unsafe.Pointer, page int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.chunks[uintptr(p)&^(chunkSize-1)]
	if c == nil {
		return false
	}
	class := c.slot / page
	c.used--
	if c.used == 0 {
		if c.at >= 0 {
			r.close(c, class)
		}
		delete(r.chunks, uintptr(c.base))
		unmap(c.base, chunkSize)
		return true
	}
	discard(p, c.slot)
	c.free = append(c.free, uint16((uintptr(p)-uintptr(c.base))/uintptr(c.slot)))
	if c.at < 0 {
		c.at = len(r.open[class])
		r.open[class] = append(r.open[class], c)
	}
	return true
}

// shrink returns the memory of a slot's end to the system. It reports false if p is
// no slot.
func (r *runs) shrink(p unsafe.Pointer, from, to int) bool {
	r.mu.Lock()
	c := r.chunks[uintptr(p)&^(chunkSize-1)]
	r.mu.Unlock()
	if c == nil {
		return false
	}
	discard(unsafe.Add(p, to), from-to)
	return true
}

// discard gives the memory of pages back and keeps their addresses. It fails only
// for addresses that are not mapped.
func discard(p unsafe.Pointer, size int) {
	_ = unix.Madvise(unsafe.Slice((*byte)(p), size), unix.MADV_DONTNEED)
}
