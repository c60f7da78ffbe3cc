package dialect

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// interrupted makes the KeyboardInterrupt of a thread that was interrupted. It gives
// any other error back.
func interrupted(thread *starlark.Thread, err error) error {
	if err == nil || !object.TakeInterrupt(thread, err) {
		return err
	}
	e := object.NewException(object.KeyboardInterrupt)
	e.Traceback = visible(stackOf(err))
	return e
}

// Interrupted is the KeyboardInterrupt that err stands for if no statement of the
// script has caught the interrupt of its thread, else err.
func Interrupted(thread *starlark.Thread, err error) error { return interrupted(thread, err) }

// Frames gives the frames of the script at which an error arose, the outermost first.
func Frames(err error) []object.Frame {
	if object.IsUncatchable(err) {
		return visible(stackOf(err))
	}
	_, trace := exceptionOf(err)
	return trace
}

// FormatFrames prints frames as the head of a traceback: Traceback's, without the
// exception. Source gives the content of a file; it may be nil.
func FormatFrames(frames []object.Frame, source func(file string) ([]byte, bool)) string {
	var b strings.Builder
	p := printer{out: &b, source: source, files: map[string]*listing{}}
	p.frames(frames)
	return b.String()
}

// Nest makes a thread the continuation of one whose script waits for it: they share
// what hosts set, and the bound on nested calls.
func Nest(thread, above *starlark.Thread) {
	object.Inherit(thread, above)
	thread.SetLocal(stateKey, &state{routine: routine{base: stateOf(above).base + above.CallStackDepth()}})
}

// Renew makes the thread of a call that has ended ready for another call of the same host, as
// if it were new. It reports whether it did: a thread on which a script has set more than every
// call does is left as it is.
func Renew(thread *starlark.Thread) bool {
	if !object.Renew(thread, hostKey, stateKey) {
		return false
	}
	if st, ok := thread.Local(stateKey).(*state); ok {
		*st = state{}
	}
	return true
}

// Separate gives a thread that runs in turn with a call's own a state of its own: what it
// handles and yields.
func Separate(c *object.Companion) { c.Keep(stateKey, &state{}) }
