package mlxstar

import (
	"bytes"
	"context"
	"runtime"
	"strconv"
	"sync"

	"go.starlark.net/starlark"
)

// turn lets the calls into a runtime follow one another. A Go function that a script
// calls may call back into the runtime: on the goroutine it was called on it has the
// turn already, as the script waits for it.
type turn struct {
	slot  chan struct{} // holds an element while the turn is taken
	quiet sync.Mutex    // locked while the runtime's values may change: while the turn is taken, but for parking

	mu     sync.Mutex
	visits []visit // of Go functions that the script is in, innermost last
}

// visit is a Go function that a script waits for.
type visit struct {
	goroutine uint64
	thread    *starlark.Thread
}

func newTurn() *turn { return &turn{slot: make(chan struct{}, 1)} }

// take waits for the turn until ctx ends. Above is the script that waits for the
// caller, if one does. The caller calls release.
func (t *turn) take(ctx context.Context) (above *visit, release func(), err error) {
	if t.tryTake() {
		return nil, t.release, nil
	}
	if v := t.visitor(); v != nil {
		return v, func() {}, nil
	}
	select {
	case t.slot <- struct{}{}:
		t.quiet.Lock()
		return nil, t.release, nil
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
}

// tryTake takes the turn if it is free.
func (t *turn) tryTake() bool {
	select {
	case t.slot <- struct{}{}:
		t.quiet.Lock()
		return true
	default:
		return false
	}
}

func (t *turn) release() {
	t.quiet.Unlock()
	<-t.slot
}

// park tells that what has the turn waits for something outside of the runtime, until
// resume is called: others may look at the runtime's values meanwhile.
func (t *turn) park() (resume func()) {
	t.quiet.Unlock()
	return t.quiet.Lock
}

// look reports whether the runtime's values may be looked at, by other goroutines than
// the one that has the turn. They stay as they are until looked is called.
func (t *turn) look() bool { return t.quiet.TryLock() }

func (t *turn) looked() { t.quiet.Unlock() }

// visitor gives the innermost visit if it is on the calling goroutine.
func (t *turn) visitor() *visit {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.visits)
	if n == 0 || t.visits[n-1].goroutine != goroutine() {
		return nil
	}
	return &t.visits[n-1]
}

// visit notes that the thread's script is in a Go function until leave is called.
func (t *turn) visit(thread *starlark.Thread) (leave func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.visits = append(t.visits, visit{goroutine(), thread})
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		n := len(t.visits) - 1
		t.visits[n] = visit{}
		t.visits = t.visits[:n]
	}
}

// depth is the number of Go functions that the script is in.
func (t *turn) depth() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.visits)
}

// goroutine is the number of the calling goroutine, which Go tells only at the head
// of its stack trace: "goroutine 18 [running]:".
func goroutine() uint64 {
	var buf [64]byte
	head := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(head, []byte(" "))
	n, err := strconv.ParseUint(string(digits), 10, 64)
	if err != nil {
		return 0 // no goroutine has it, so that a call waits rather than intrudes
	}
	return n
}
