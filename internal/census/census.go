// Package census counts the bytes of Go's heap that values reach, so that what one of
// several runtimes in a process holds can be told from what the others do.
//
// It reads memory by the types' own layouts and follows pointers, slices, strings, maps
// and interfaces through the types that it is told to follow. It takes no locks: what it
// follows must not change meanwhile. Functions and channels have no layout to read, and
// what only they hold is not counted.
package census

import (
	"math/bits"
	"reflect"
	"unsafe"

	"go.starlark.net/starlark"
)

// Census is one count.
type Census struct {
	// Bytes is what was counted so far.
	Bytes int64

	follow  func(reflect.Type) bool
	stop    func() bool
	layouts map[reflect.Type]*layout
	seen    map[unsafe.Pointer]struct{}
	todo    []pending
	turns   int
	stopped bool
}

// pending is memory that was counted and not looked into.
type pending struct {
	of *layout
	at unsafe.Pointer
	n  int // elements, one after the other
}

// New makes a census that looks into structures of the types that follow accepts. Stop,
// if not nil, is asked from time to time whether to give up.
func New(follow func(reflect.Type) bool, stop func() bool) *Census {
	return &Census{follow: follow, stop: stop, layouts: map[reflect.Type]*layout{}, seen: map[unsafe.Pointer]struct{}{}}
}

// Count adds what the value reaches and was not counted before. It reports whether it got
// to the end.
func (c *Census) Count(v any) bool {
	c.dynamic(v)
	return c.drain()
}

// Frames adds what the Starlark functions that the thread runs have in variables and on
// their operand stacks.
func (c *Census) Frames(thread *starlark.Thread) bool {
	for i := range thread.CallStackDepth() {
		c.dynamic(thread.DebugFrame(i))
	}
	return c.drain()
}

// turnsPerLook is how many objects are counted between two looks at stop.
const turnsPerLook = 4096

func (c *Census) drain() bool {
	for len(c.todo) > 0 && !c.stopped {
		last := len(c.todo) - 1
		p := &c.todo[last]
		of, at := p.of, p.at
		if p.n--; p.n > 0 {
			p.at = unsafe.Add(p.at, of.size)
		} else {
			c.todo = c.todo[:last]
		}
		for i := range of.fields {
			f := &of.fields[i]
			f.read(c, f, unsafe.Add(at, f.offset))
		}
		if of.frame {
			c.operands(of, at)
		}
		if c.turns++; c.turns%turnsPerLook == 0 && c.stop != nil && c.stop() {
			c.stopped = true
		}
	}
	return !c.stopped
}

// first tells whether memory is met for the first time.
func (c *Census) first(at unsafe.Pointer) bool {
	before := len(c.seen)
	c.seen[at] = struct{}{}
	return len(c.seen) != before
}

// add counts an allocation, as the allocator rounds it.
func (c *Census) add(n uintptr) { c.Bytes += int64(rounded(n)) }

// rounded is the size of an allocation of n bytes: classes are an eighth to a quarter
// apart.
func rounded(n uintptr) uintptr {
	switch {
	case n <= 8:
		return 8
	case n <= 128:
		return (n + 15) &^ 15
	case n > 32<<10:
		return (n + 8191) &^ 8191
	}
	step := uintptr(1) << (bits.Len64(uint64(n-1)) - 4)
	return (n + step - 1) &^ (step - 1)
}

// look puts off looking into n values of a layout.
func (c *Census) look(of *layout, at unsafe.Pointer, n int) {
	if n > 0 && (len(of.fields) > 0 || of.frame) {
		c.todo = append(c.todo, pending{of, at, n})
	}
}
