package nccl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar/cuda"
	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/distributed"
)

// world is what the groups of a runtime share.
type world struct {
	lib   library
	star  *distributed.Star
	enter func() (leave func())
	turn  chan struct{} // holds a token while NCCL is called

	address string // of process 0

	mu      sync.Mutex
	groups  []*group // with communicators
	pending map[cuda.Pending]interest

	close sync.Once
	done  chan struct{} // closed when the groups are left
	gone  sync.WaitGroup
}

// interest is how many groups have operations in some work: that of all processes, and parts.
type interest struct{ whole, parts int }

const (
	// watchTime is how often it is looked whether something has failed that nobody told.
	watchTime = 250 * time.Millisecond
	// turnTime is how long the end of a lost group waits for a call of NCCL's that may
	// wait for the process that is lost.
	turnTime = time.Second
	// partTime bounds the end of communicators.
	partTime = 5 * time.Second
)

// call runs a call of NCCL that waits for other processes, until those are lost or the
// context ends: then the call is left to itself.
func (w *world) call(ctx context.Context, f func() error) error {
	select {
	case w.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-w.turn }()
		defer w.enter()()
		done <- f()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.star.Lost():
		return w.star.Fault()
	}
}

// watch ends operations that others have let down, until the groups are left.
func (w *world) watch() {
	t := time.NewTicker(watchTime)
	defer t.Stop()
	let := 0
	for {
		select {
		case <-w.done:
			return
		case <-w.star.Lost():
			w.abort()
			return
		case <-t.C:
		}
		if err := w.failure(); err != nil {
			w.star.Lose(err)
			continue
		}
		rank, left := w.star.Left()
		if left && w.waits(true) {
			if let++; time.Duration(let)*watchTime > time.Second {
				w.star.Lose(distributed.LostTo(rank, "it left the group"))
			}
			continue
		}
		let = 0
	}
}

// failure is what NCCL has noticed.
func (w *world) failure() error {
	select {
	case w.turn <- struct{}{}:
	default:
		return nil // a call is running, and tells what is wrong
	}
	defer func() { <-w.turn }()
	for _, g := range w.all() {
		if err := w.lib.AsyncError(g.comm); err != nil {
			return err
		}
	}
	return nil
}

// all are the groups that have communicators.
func (w *world) all() []*group {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.groups)
}

// waits reports whether operations are not over: all, or those of the group of all processes,
// which end no more once one has left. A part may go on without it.
func (w *world) waits(whole bool) bool {
	w.mu.Lock()
	work := make([]cuda.Pending, 0, len(w.pending))
	for p, of := range w.pending {
		if of.whole > 0 || !whole {
			work = append(work, p)
		}
	}
	w.mu.Unlock()
	return slices.ContainsFunc(work, func(p cuda.Pending) bool { return !p.Over() })
}

// take gives the communicators to who ends them.
func (w *world) take() (comms []driver.Comm) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, g := range w.groups {
		comms = append(comms, g.comm)
	}
	w.groups = nil
	return comms
}

// abort ends all operations. A call that waits for who is lost ends by that, too.
func (w *world) abort() {
	t := time.NewTimer(turnTime)
	defer t.Stop()
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-t.C:
	}
	w.end(w.take(), w.lib.Abort) // what fails of it has failed before
}

// end lets communicators go, each by a call on a thread of its own that may not come back.
func (w *world) end(comms []driver.Comm, by func(driver.Comm) error) error {
	results := make(chan error, len(comms))
	for _, c := range comms {
		go func() {
			defer w.enter()()
			results <- by(c)
		}()
	}
	t := time.NewTimer(partTime)
	defer t.Stop()
	var errs []error
	for range comms {
		select {
		case err := <-results:
			errs = append(errs, err)
		case <-t.C:
			return errors.Join(append(errs, fmt.Errorf("NCCL does not let a communicator go within %v", partTime))...)
		}
	}
	return errors.Join(errs...)
}

// settled waits until nothing of the groups is under way.
func (w *world) settled() {
	pause := 50 * time.Microsecond
	for w.star.Fault() == nil && w.waits(false) {
		time.Sleep(pause)
		pause = min(2*pause, 10*time.Millisecond)
	}
}

// leave ends all groups: in order, if none was lost.
func (w *world) leave() (err error) {
	w.close.Do(func() {
		w.settled()
		if w.star.Fault() == nil {
			w.turn <- struct{}{}
			err = w.end(w.take(), w.lib.Destroy)
			<-w.turn
			close(w.done)
		}
		w.gone.Wait()
		err = errors.Join(err, w.star.Close())
	})
	return err
}
