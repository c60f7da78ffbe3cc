package object

import (
	"slices"
	"sync"

	"go.starlark.net/starlark"
)

// Generators are the generators of one runtime whose bodies have not ended. A body
// is a goroutine's stack, a root of the collector: it keeps alive what it refers to,
// often the generator itself by way of the module's variables, and so would stay for
// ever.
type Generators struct {
	mu        sync.Mutex
	head      *coroutine
	forgotten []string // names of coroutines that were let go of before they began
}

const generatorsLocal = "mlxstar.generators"

// SetGenerators makes the generators of a thread members of gs.
func SetGenerators(thread *starlark.Thread, gs *Generators) { thread.SetLocal(generatorsLocal, gs) }

// link adds a coroutine that thread makes.
func (co *coroutine) link(thread *starlark.Thread) {
	gs, ok := thread.Local(generatorsLocal).(*Generators)
	if !ok {
		return
	}
	gs.mu.Lock()
	defer gs.mu.Unlock()
	co.members, co.after = gs, gs.head
	if co.after != nil {
		co.after.before = co
	}
	gs.head = co
}

// unlink removes a coroutine and tells whether it was there, and so is the caller's to
// stop.
func (co *coroutine) unlink() bool {
	gs := co.members
	if gs == nil {
		return true
	}
	gs.mu.Lock()
	defer gs.mu.Unlock()
	return gs.remove(co)
}

// remove needs the lock.
func (gs *Generators) remove(co *coroutine) bool {
	if gs.head != co && co.before == nil {
		return false
	}
	if co.before != nil {
		co.before.after = co.after
	} else {
		gs.head = co.after
	}
	if co.after != nil {
		co.after.before = co.before
	}
	co.before, co.after = nil, nil
	return true
}

// SuspendedGenerators are the asynchronous generators of the thread's runtime that wait at a
// yield. Whoever asks ends them: nothing else does any more.
func SuspendedGenerators(thread *starlark.Thread) []starlark.Value {
	gs, ok := thread.Local(generatorsLocal).(*Generators)
	if !ok {
		return nil
	}
	gs.mu.Lock()
	defer gs.mu.Unlock()
	var all []starlark.Value
	for co := gs.head; co != nil; {
		after := co.after
		if co.kind == asyncGenerator && co.started && !co.running && !co.finished {
			gs.remove(co)
			co.cleanup.Stop()
			g := &AsyncGenerator{name: co.thread.Name, co: co}
			watch(g, co)
			all = append(all, g)
		}
		co = after
	}
	slices.Reverse(all) // as they were made
	return all
}

// maxForgotten bounds the names that are kept.
const maxForgotten = 100

// forget notes that a coroutine was let go of.
func (gs *Generators) forget(co *coroutine) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if len(gs.forgotten) < maxForgotten {
		gs.forgotten = append(gs.forgotten, co.thread.Name)
	}
}

// ForgottenCoroutines names the coroutines of the thread's runtime that nobody has awaited,
// those that can still be among them, and forgets them.
func ForgottenCoroutines(thread *starlark.Thread) []string {
	gs, ok := thread.Local(generatorsLocal).(*Generators)
	if !ok {
		return nil
	}
	gs.mu.Lock()
	defer gs.mu.Unlock()
	names := gs.forgotten
	gs.forgotten = nil
	var left []string
	for co := gs.head; co != nil; co = co.after {
		if co.kind == awaitable && !co.started && !co.told {
			co.told = true
			left = append(left, co.thread.Name)
		}
	}
	slices.Reverse(left)
	return append(names, left...)
}

// Threads are the threads of the bodies.
func (gs *Generators) Threads() []*starlark.Thread {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	var all []*starlark.Thread
	for co := gs.head; co != nil; co = co.after {
		all = append(all, co.thread)
	}
	return all
}

// Close ends all bodies. No code of theirs runs any more, not that of finally
// clauses either. No script may run meanwhile.
func (gs *Generators) Close() {
	for {
		gs.mu.Lock()
		co := gs.head
		if co != nil {
			gs.remove(co)
		}
		gs.mu.Unlock()
		if co == nil {
			return
		}
		co.cleanup.Stop()
		co.abandon()
	}
}

// abandon unwinds the body. A panic of it has nowhere to go.
func (co *coroutine) abandon() {
	defer func() { _ = recover() }()
	co.abandoned = true
	if co.stop != nil {
		co.stop()
	}
}
