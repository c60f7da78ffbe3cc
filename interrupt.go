package mlxstar

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// ErrInterrupted is behind the error of a script that Interrupt, or its context's end
// under Options.Interruptible, ended by a KeyboardInterrupt that it did not catch.
var ErrInterrupted = errors.New("interrupted")

// ErrClosed is the error of calls of a closed runtime, and of the call that Close ended.
var ErrClosed = errors.New("the runtime is closed")

// call is an Exec, Eval or Call in progress. It can be stopped in two ways. The end is
// final: nothing in the script catches it. An interrupt becomes a KeyboardInterrupt at
// the innermost try or with statement of the script, and the call goes on from there.
type call struct {
	thread *starlark.Thread
	budget *object.Budget
	host   context.Context // the caller's
	above  *call           // the call whose script waits for this one

	traced context.Context // what a Tracer gave for the innermost work; nobody looks at its end

	base   context.Context // ends when the call must
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	ctx     context.Context // bounds evaluations: ends with base, and at an interrupt; nil until it is asked for
	stop    context.CancelCauseFunc
	pending error // of an interrupt that the script has not met yet

	cleanups [2]func() bool // or nil
}

var _ object.Interrupter = (*call)(nil)

// newCall starts watching the context. With a grace period its end interrupts the
// script first, and ends it after the period.
func newCall(ctx context.Context, budget *object.Budget, thread *starlark.Thread, above *call, grace time.Duration) *call {
	c := &call{thread: thread, budget: budget, host: ctx, above: above, traced: ctx}
	if grace > 0 {
		c.base, c.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	} else {
		c.base, c.cancel = context.WithCancelCause(ctx)
	}
	switch {
	case ctx.Done() == nil: // it never ends
	case grace > 0:
		c.cleanups[0] = context.AfterFunc(ctx, func() {
			c.interrupt(context.Cause(ctx))
			timer := time.AfterFunc(grace, func() { c.end(context.Cause(ctx)) })
			context.AfterFunc(c.base, func() { timer.Stop() })
		})
	default:
		c.cleanups[0] = context.AfterFunc(ctx, func() { c.end(context.Cause(ctx)) })
	}
	if above != nil {
		c.cleanups[1] = context.AfterFunc(above.base, func() { c.end(context.Cause(above.base)) })
	}
	return c
}

// end has the call stop.
func (c *call) end(cause error) {
	c.cancel(cause)
	c.budget.Cancel(context.Cause(c.base).Error())
}

// finish gives back what the call holds.
func (c *call) finish() {
	for _, stop := range c.cleanups {
		if stop != nil {
			stop()
		}
	}
	c.cancel(nil)
	c.budget.End()
}

// Context bounds evaluations.
func (c *call) Context() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		c.ctx, c.stop = context.WithCancelCause(c.base)
		if c.pending != nil {
			c.stop(c.pending)
		}
	}
	return c.ctx
}

// interrupt stops what the script does. All of it happens under the lock, so that
// nothing of it is late when the script takes the interrupt.
func (c *call) interrupt(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending != nil || c.base.Err() != nil {
		return
	}
	c.pending = cause
	c.budget.Interrupt(cause.Error())
	if c.stop != nil {
		c.stop(cause)
	}
}

// TakeInterrupt hands the interrupt over to the script.
func (c *call) TakeInterrupt() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending == nil || c.base.Err() != nil {
		return false
	}
	c.pending, c.ctx, c.stop = nil, nil, nil
	c.thread.Uncancel()
	// The end may have come between the look at it and the uncancelling.
	if c.base.Err() != nil {
		c.budget.Cancel(context.Cause(c.base).Error())
	}
	return true
}

// Interrupt raises a KeyboardInterrupt in the script that runs, wherever it is, as
// Ctrl-C does in Python: the script may catch it, and its finally clauses run. It
// reports whether a script runs. It may be called from any goroutine.
func (rt *Runtime) Interrupt() bool {
	c := rt.current.Load()
	if c == nil {
		return false
	}
	c.interrupt(ErrInterrupted)
	return true
}
