package object

import "go.starlark.net/starlark"

// Companion is a thread that runs in turn with a call's own thread, as Python's threads
// do: it shares the call's locals, output, cancellation and limits.
type Companion struct {
	co   *coroutine
	keep map[string]any // its own locals
}

// NewCompanion makes a thread that has joined no call yet.
func NewCompanion(name string) *Companion {
	co := &coroutine{thread: &starlark.Thread{Name: name}}
	co.thread.OnMaxSteps = co.check
	return &Companion{co, map[string]any{interrupterLocal: nil}}
}

// Keep gives the thread a local that is its own, and not the call's.
func (c *Companion) Keep(key string, value any) { c.keep[key] = value }

// Thread is the thread.
func (c *Companion) Thread() *starlark.Thread { return c.co.thread }

// Join makes the thread one with the call that root runs, until it leaves. An interrupt
// is for the call's own thread, as in Python.
func (c *Companion) Join(root *starlark.Thread) {
	b := BudgetOf(root)
	b.beside.Store(true)
	b.switchTo(c.co.thread)
	c.co.adopt(root, b)
	for key, value := range c.keep {
		c.co.thread.SetLocal(key, value)
	}
}

// Leave counts what the thread has done as steps of the call.
func (c *Companion) Leave() {
	if root := c.co.resumer; root != nil {
		root.Steps = max(root.Steps, c.co.thread.Steps)
		b := BudgetOf(root)
		b.beside.Store(false)
		b.switchBack(root, nil)
	}
}

// RootOf is the thread of the call that the thread works for: its own or that of one
// which waits for it.
func RootOf(thread *starlark.Thread) *starlark.Thread { return BudgetOf(thread).root }

// Suspend puts by what the thread's budget notes of the work that is under way, while another
// thread of the call runs. The caller calls resume when it goes on.
func Suspend(thread *starlark.Thread) (resume func()) {
	b := BudgetOf(thread)
	depth, comparing, equal := b.depth, b.comparing, b.equal
	b.depth, b.comparing, b.equal = 0, 0, nil
	return func() {
		b := BudgetOf(thread) // of the call that goes on
		b.depth, b.comparing, b.equal = depth, comparing, equal
		b.switchBack(thread, thread)
	}
}

// Abandoned is the end of a thread whose runtime is closed: no script catches it.
func Abandoned() error { return errAbandoned }

// Often has look called after some thousand steps of a call's own thread, and of those that
// share it.
func Often(root *starlark.Thread, look func()) {
	before, limit := root.OnMaxSteps, stepLimit(root)
	arm := func() {
		next := root.Steps + checkSteps
		if limit != 0 {
			next = min(next, limit)
		}
		root.SetMaxExecutionSteps(next)
	}
	root.OnMaxSteps = func(thread *starlark.Thread) {
		if limit != 0 && root.Steps >= limit {
			if before == nil {
				thread.Cancel("too many steps")
				return
			}
			before(thread)
			if _, ended := cancelled(thread); ended {
				return
			}
			limit = stepLimit(root)
		}
		look()
		arm()
	}
	arm()
}
