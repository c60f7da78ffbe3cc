package object

import "go.starlark.net/starlark"

// An Interrupter tells whether a stopped thread was only interrupted, which a script
// may catch, and not ended.
type Interrupter interface {
	// TakeInterrupt reports whether there was an interrupt, and makes the thread and
	// its context usable again.
	TakeInterrupt() bool
}

const interrupterLocal = "mlxstar.interrupter"

// SetInterrupter sets what interrupts a thread and the generators it resumes.
func SetInterrupter(thread *starlark.Thread, i Interrupter) { thread.SetLocal(interrupterLocal, i) }

// TakeInterrupt reports whether an uncatchable error is that of an interrupt. The
// interrupt is over then: the thread and those that resumed it go on.
func TakeInterrupt(thread *starlark.Thread, err error) bool {
	i, ok := thread.Local(interrupterLocal).(Interrupter)
	if !ok || !IsUncatchable(err) || !i.TakeInterrupt() {
		return false
	}
	for t := thread; t != nil; {
		t.Uncancel()
		co, ok := t.Local(generatorLocal).(*coroutine)
		if !ok {
			break
		}
		t = co.resumer
	}
	// What ends the call may have come meanwhile.
	if reason, ok := cancelled(BudgetOf(thread).root); ok {
		thread.Cancel(reason)
	}
	return true
}

// Inherit gives a thread the locals of the thread that waits for it, but for the
// generator that one may be the body of.
func Inherit(thread, above *starlark.Thread) {
	for k, v := range threadLocals(above) {
		if k != generatorLocal {
			thread.SetLocal(k, v)
		}
	}
}

// catchable is an error that a script may catch whatever it wraps.
type catchable struct{ error }

func (c catchable) Unwrap() error   { return c.error }
func (catchable) Uncatchable() bool { return false }

// Catchable wraps an error so that scripts may catch it, also where it wraps the end of
// a context that is not the script's.
func Catchable(err error) error { return catchable{err} }
