package cpu

import (
	"context"
	"sync/atomic"
)

// detachedWork is the multiplications, roughly, from which on a decomposition is
// detached. Fewer take some milliseconds.
const detachedWork = 1 << 21

// detached runs computations that look at nothing while they run, each on a goroutine of
// its own, so that who waits for one can leave. What was left goes on with memory that
// nobody else sees, and its result is thrown away. It keeps its slot until it is done:
// there are never more such computations than the backend has threads.
type detached struct {
	slots chan struct{}
	bytes atomic.Int64 // of Go's heap that the computations hold
}

func newDetached(threads int) *detached {
	return &detached{slots: make(chan struct{}, max(threads, 1))}
}

// do gives what f gives, or the error of the context, or errClosed, where these come
// first. F must touch nothing that the caller uses after an error. Size is what it holds.
func (d *detached) do(ctx context.Context, quit <-chan struct{}, size int64, f func() error) error {
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-quit:
		return errClosed
	}
	d.bytes.Add(size)
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			d.bytes.Add(-size)
			<-d.slots
			done <- err
		}()
		defer recovered(&err)
		err = f()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-quit:
		return errClosed
	}
}
