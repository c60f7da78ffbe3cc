package mlxstar

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// Arrays are refused before they exist, by an exception that a script may catch. What
// else a script holds, its lists, dicts and strings, lies in Go's heap, which tells
// its size and refuses nothing. So a watcher looks at both, and ends a script that is
// above the hard limit as a cancellation does: nothing in the script catches it.
//
// Go tells the size of the process's heap and not who holds what. While a runtime is the
// only one, all that the heap has grown by since it was made is its own. Where there are
// several, what one holds is counted (heap_share.go) when the heap's size says that it
// may be above its limit.

// heapInterval is how often the watcher looks.
const heapInterval = 10 * time.Millisecond

// overLimit is the cause of a context that the watcher ended.
type overLimit struct{ used, limit int64 }

func (o *overLimit) Error() string {
	return fmt.Sprintf("hard memory limit: in use %s, limit %s", alloc.FormatBytes(o.used), alloc.FormatBytes(o.limit))
}

// Unwrap lets errors.Is find ErrMemoryLimit.
func (o *overLimit) Unwrap() error { return ErrMemoryLimit }

// watchHeap has the watcher look while a call is in progress, which ends when the runtime is
// above its hard limit. The caller stops it.
func (rt *Runtime) watchHeap() (stop func() bool) {
	rt.share.begun.Store(false)
	rt.share.tolerated.Store(rt.opts.HardMemoryLimit)
	rt.share.timer.Reset(heapInterval)
	return rt.share.timer.Stop
}

// lookAtHeap is the watcher's look, on a goroutine of its own. It may come late: what it looks
// at is the runtime's, and whatever call is in progress then has to answer for it.
func (rt *Runtime) lookAtHeap() {
	s, limit := &rt.share, rt.opts.HardMemoryLimit
	if rt.current.Load() == nil || !s.looking.TryLock() {
		return // the call is over, or the look that is under way comes again
	}
	defer s.looking.Unlock()
	if !alone() {
		if rt.mayHold() > limit {
			s.due.Store(true) // the script's goroutine counts
		}
	} else if rt.inUse() > s.tolerated.Load() {
		used, over := rt.collect(limit)
		if over {
			for c := rt.current.Load(); c != nil; c = c.outer() {
				c.end(&overLimit{used, limit})
			}
			return
		}
		// Collecting again is worth it once half of what is left has been used.
		s.tolerated.Store(used + max((limit-used)/2, limit/16))
	}
	if rt.current.Load() != nil {
		s.timer.Reset(heapInterval)
	}
}

// patience ends when the call in progress must: it waits for no collection then.
func (rt *Runtime) patience() <-chan struct{} {
	if c := rt.current.Load(); c != nil {
		return c.Base().Done()
	}
	return nil
}

// collect takes the garbage out of what is in use, which counts until it is collected, and
// tells whether the rest is above the limit. The script waits at its next look: a
// collection takes long enough for another half of the limit.
func (rt *Runtime) collect(limit int64) (used int64, over bool) {
	rt.share.collecting <- struct{}{}
	defer func() { <-rt.share.collecting }()
	runtime.GC()
	used = rt.inUse()
	return used, used > limit && alone()
}

// room fails if the bytes that native code is about to allocate in the heap would pass
// the hard limit, or without one what the machine has. A call that is above its hard limit
// already, or for which not even a little more fits, has been given all it may have: that
// ends it, here as where the watcher sees it.
// Since is what was charged besides since room was last asked.
func (rt *Runtime) room(bytes, since int64) error {
	limit := rt.opts.HardMemoryLimit
	if limit <= 0 {
		limit = max(alloc.DefaultLimit(), minRoom)
	}
	used := int64(0)
	if rt.opts.HardMemoryLimit > 0 && !alone() {
		var fits bool
		if used, fits = rt.sharedRoom(bytes, since, limit); fits {
			return nil
		}
	} else {
		used = rt.inUse()
		if used+bytes <= limit {
			return nil
		}
		if used >= bytes/4 { // else it is not for garbage
			rt.collectGarbage()
			used = rt.inUse()
		}
		if used+bytes <= limit {
			return nil
		}
	}
	spent := used > limit || bytes < limit/littleOf
	if c := rt.current.Load(); c != nil && rt.opts.HardMemoryLimit > 0 && spent {
		c.exceed(used, limit)
	}
	return object.Errorf(object.MemoryError, "allocate %s: in use %s, limit %s", alloc.FormatBytes(bytes), alloc.FormatBytes(used), alloc.FormatBytes(limit))
}

// boundArrays ends a call whose arrays alone are above the hard limit. It is asked before
// they grow: a script that holds on to many can be faster than the watcher.
func (rt *Runtime) boundArrays(c *call) {
	limit := rt.opts.HardMemoryLimit
	if limit <= 0 || rt.account.Active() <= limit {
		return
	}
	rt.account.Collect(alloc.ForLimit)
	if used := rt.account.Active(); used > limit {
		c.exceed(used, limit)
	}
}

// exceed ends a call that is above the hard limit.
func (c *call) exceed(used, limit int64) {
	c.end(&overLimit{used, limit})
}

// littleOf is the part of a limit that is little.
const littleOf = 16

// minRoom is what a machine is taken to have at least.
const minRoom = 1 << 28

// pollSteps is how many steps a script runs between two looks at whether it is to be
// counted.
const pollSteps = 4096

// pollEvery lets the call's thread look after each pollSteps, besides the limit on its steps.
func (rt *Runtime) pollEvery(c *call) {
	if rt.opts.HardMemoryLimit <= 0 {
		if rt.stepLimit > 0 {
			c.thread.SetMaxExecutionSteps(rt.stepLimit)
		}
		return
	}
	rt.arm(c.thread)
	if c.poll == nil {
		c.poll = rt.poll
	}
	c.thread.OnMaxSteps = c.poll
}

// arm lets the thread run until its next look.
func (rt *Runtime) arm(thread *starlark.Thread) {
	next := thread.Steps + pollSteps
	if rt.stepLimit > 0 {
		next = min(next, rt.stepLimit)
	}
	thread.SetMaxExecutionSteps(next)
}

// poll is the look of a call's thread.
func (rt *Runtime) poll(thread *starlark.Thread) {
	if rt.stepLimit > 0 && thread.Steps >= rt.stepLimit {
		thread.Cancel("too many steps")
		return
	}
	rt.arm(thread)
	rt.wait()
	if rt.share.due.Swap(false) {
		rt.recount()
	}
}

// inUse is what arrays of the runtime take, and of the process's heap what it has grown
// by, or all of it without a hard limit.
func (rt *Runtime) inUse() int64 {
	heap, _ := processHeap()
	rt.share.begin(heap)
	return max(heap-rt.share.base.Load(), 0) + rt.arraysInUse()
}

// arraysInUse is what arrays take.
func (rt *Runtime) arraysInUse() int64 { return rt.account.Active() }

// processHeap is the size of the process's heap, and what was ever allocated in it.
func processHeap() (size, allocated int64) {
	s := [2]metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s[:])
	return int64(s[0].Value.Uint64()), int64(s[1].Value.Uint64())
}

// openRuntimes is the number of runtimes in the process that are not closed. The heap is
// the process's, and so is who shares it.
var openRuntimes atomic.Int64

// alone tells whether what the heap grows by is one runtime's.
func alone() bool { return openRuntimes.Load() <= 1 }
