package mlxstar

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// Arrays are refused before they exist, by an exception that a script may catch. What
// else a script holds, its lists, dicts and strings, lies in Go's heap, which tells
// its size and refuses nothing. So a watcher looks at both, and ends a script that is
// above the hard limit as a cancellation does: nothing in the script catches it.

// heapInterval is how often the watcher looks.
const heapInterval = 10 * time.Millisecond

// overLimit is the cause of a context that the watcher ended.
type overLimit struct{ used, limit int64 }

func (o *overLimit) Error() string {
	return fmt.Sprintf("hard memory limit: in use %s, limit %s", alloc.FormatBytes(o.used), alloc.FormatBytes(o.limit))
}

// Unwrap lets errors.Is find ErrMemoryLimit.
func (o *overLimit) Unwrap() error { return ErrMemoryLimit }

// enforceHeapLimit gives a context that ends when the runtime is above its hard limit. The
// caller stops the watcher.
func (rt *Runtime) enforceHeapLimit(ctx context.Context) (context.Context, func()) {
	limit := rt.opts.HardMemoryLimit
	if limit <= 0 {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		ticker := time.NewTicker(heapInterval)
		defer ticker.Stop()
		tolerated := limit
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if rt.inUse() <= tolerated {
				continue
			}
			// Garbage counts until it is collected.
			runtime.GC()
			used := rt.inUse()
			if used > limit {
				cancel(&overLimit{used, limit})
				return
			}
			// Collecting again is worth it once half of what is left has been used.
			tolerated = used + max((limit-used)/2, limit/16)
		}
	}()
	return ctx, func() { close(done); cancel(nil) }
}

// room fails if the bytes that native code is about to allocate in the heap would pass
// the hard limit, or without one what the machine has. A call that is above its hard limit
// already has been given all it may have: that ends it, here as where the watcher sees it.
func (rt *Runtime) room(bytes int64) error {
	limit := rt.opts.HardMemoryLimit
	if limit <= 0 {
		limit = max(alloc.DefaultLimit(), minRoom)
	}
	used := rt.inUse()
	if used+bytes <= limit {
		return nil
	}
	if used >= bytes/4 { // else it is not for garbage
		runtime.GC()
		used = rt.inUse()
	}
	if used+bytes <= limit {
		return nil
	}
	if c := rt.current.Load(); c != nil && rt.opts.HardMemoryLimit > 0 && used > limit {
		over := &overLimit{used, limit}
		c.end(over)
		c.thread.Cancel(over.Error())
	}
	return object.Errorf(object.MemoryError, "allocate %s: in use %s, limit %s", alloc.FormatBytes(bytes), alloc.FormatBytes(used), alloc.FormatBytes(limit))
}

// minRoom is what a machine is taken to have at least.
const minRoom = 1 << 28

// inUse is what arrays of the runtime and the process's heap take.
func (rt *Runtime) inUse() int64 {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	return int64(heap[0].Value.Uint64()) + rt.account.Active()
}
