package mlxstar

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/mlxstar/mlxstar/alloc"
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

// inUse is what arrays of the runtime and the process's heap take.
func (rt *Runtime) inUse() int64 {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	return int64(heap[0].Value.Uint64()) + rt.account.Active()
}
