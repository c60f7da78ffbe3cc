package mlxstar

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
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
	grace  time.Duration   // between the end of host and that of the call

	traced context.Context // what a Tracer gave for the innermost work; nobody looks at its end

	mu       sync.Mutex
	cause    error           // of the end, once it came
	finished bool            // nothing reaches the script any more
	base     context.Context // ends when the call must; nil until it is asked for
	cancel   context.CancelCauseFunc
	ctx      context.Context // bounds evaluations: ends with base, and at an interrupt; nil until it is asked for
	stop     context.CancelCauseFunc
	pending  error // of an interrupt that the script has not met yet

	cleanups [2]func() bool                // or nil
	poll     func(thread *starlark.Thread) // see pollEvery
}

var _ object.Interrupter = (*call)(nil)

// newCall makes what a call runs on. Above is the script that waits for it, if one does.
func (rt *Runtime) newCall(above *visit) *call {
	thread := &starlark.Thread{Name: "main", Print: rt.print}
	if above != nil {
		dialect.Nest(thread, above.thread)
	}
	c := &call{thread: thread, budget: object.NewBudget(thread, rt.rooms)}
	c.budget.Bound(rt.asides)
	c.budget.ShareDigits(&rt.digits)
	dialect.SetHost(thread, rt)
	object.SetGenerators(thread, &rt.generators)
	object.SetInterrupter(thread, c)
	return c
}

// takeCall gives a call what the last one ran on, if that left it. The caller has the turn.
func (rt *Runtime) takeCall(above *visit) *call {
	c := rt.spare
	if c == nil || above != nil {
		return rt.newCall(above)
	}
	rt.spare = nil
	return c
}

// leaveCall keeps what a call ran on for the next one: most calls of a host are short, and
// this is what they take. It keeps nothing that is still to be told of the call's end, or
// where the script has set more than every call has.
func (rt *Runtime) leaveCall(c *call) {
	for _, stop := range c.cleanups {
		if stop != nil && !stop() {
			return
		}
	}
	if c.grace > 0 || c.above != nil || !dialect.Renew(c.thread) {
		return
	}
	c.cleanups = [2]func() bool{}
	rt.spare = c
}

// watch begins the call: it ends with the context, or with the call above. With a grace
// period the context's end interrupts the script first, and ends it after the period.
func (c *call) watch(ctx context.Context, above *call, grace time.Duration) {
	c.mu.Lock()
	c.host, c.traced, c.above, c.grace = ctx, ctx, above, grace
	c.cause, c.finished = nil, false
	c.mu.Unlock()
	switch {
	case ctx.Done() == nil: // it never ends
	case grace > 0:
		c.cleanups[0] = context.AfterFunc(ctx, func() {
			c.interrupt(context.Cause(ctx))
			timer := time.AfterFunc(grace, func() { c.end(context.Cause(ctx)) })
			context.AfterFunc(c.Base(), func() { timer.Stop() })
		})
	default:
		c.cleanups[0] = context.AfterFunc(ctx, func() { c.end(context.Cause(ctx)) })
	}
	if above != nil {
		base := above.Base()
		c.cleanups[1] = context.AfterFunc(base, func() { c.end(context.Cause(base)) })
	}
}

// outer is the call whose script waits for this one, or nil.
func (c *call) outer() *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.above
}

// end has the call stop.
func (c *call) end(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.finished {
		return
	}
	if c.cause == nil {
		c.cause = cause
	}
	if c.cancel != nil {
		c.cancel(c.cause)
	}
	c.budget.Cancel(c.cause.Error())
}

// ended is the cause of the call's end, or nil.
func (c *call) ended() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.endedLocked()
}

// endedLocked needs the lock. Who watches the context may be later than its end.
func (c *call) endedLocked() error {
	if c.cause == nil && c.grace == 0 && !c.finished && c.host.Err() != nil {
		c.cause = context.Cause(c.host)
	}
	return c.cause
}

// finish gives back what the call holds.
func (c *call) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finished = true
	if c.cancel != nil {
		c.cancel(nil)
	}
	c.host, c.traced = nil, nil
	c.base, c.cancel, c.ctx, c.stop, c.pending = nil, nil, nil, nil, nil
	c.budget.End()
}

// Base ends when the call must.
func (c *call) Base() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.baseLocked()
}

func (c *call) baseLocked() context.Context {
	if c.base != nil {
		return c.base
	}
	host := c.host
	switch {
	case c.finished:
		return finishedCall
	case c.grace > 0:
		host = context.WithoutCancel(host)
	}
	c.base, c.cancel = context.WithCancelCause(host)
	if c.cause != nil {
		c.cancel(c.cause)
	}
	return c.base
}

// finishedCall bounds what comes after a call.
var finishedCall = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// Context bounds evaluations.
func (c *call) Context() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		base := c.baseLocked()
		if c.finished {
			return base
		}
		c.ctx, c.stop = context.WithCancelCause(base)
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
	if c.finished || c.pending != nil || c.endedLocked() != nil {
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
	if c.finished || c.pending == nil || c.endedLocked() != nil {
		return false
	}
	c.pending, c.ctx, c.stop = nil, nil, nil
	c.thread.Uncancel()
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
