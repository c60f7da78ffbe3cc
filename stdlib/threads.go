package stdlib

import (
	"context"
	"sync"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// threads lets the threads of scripts take turns. One runs at a time, the one that has
// the baton: what it does is seen by the next. A thread lets go of the baton where it
// waits, and after a while where others are ready. Between the calls of the host its own
// thread keeps the baton, so that no script runs then.
type threads struct {
	park  func() (resume func()) // tells the host that nobody runs
	whole func() bool            // whether what runs is not to be cut into by others, or nil

	mu      sync.Mutex
	taken   bool
	ready   []chan struct{} // who waits for the baton, in order
	unpark  func()          // where nobody runs
	since   time.Time       // that the baton was taken
	root    *starlark.Thread
	watched *starlark.Thread // whose steps are looked at
	current *thread          // that has the baton; nil is the call's own
	all     map[*thread]struct{}
	next    int     // the number of the next thread
	stuck   int     // threads that wait without end for what only another does
	own     *waiter // the call's own, if it is one of them

	closing context.Context // ends when the runtime closes
	close   context.CancelFunc
}

// thread is a thread that a script has started.
type thread struct {
	id   int
	own  *object.Companion
	done chan struct{}
}

const threadLocal = builtins.ThreadLocal

// slice is how long a thread runs while others are ready.
const slice = 5 * time.Millisecond

func newThreads(park func() func()) *threads {
	if park == nil {
		park = func() func() { return func() {} }
	}
	t := &threads{park: park, taken: true, all: map[*thread]struct{}{}, next: 2}
	t.closing, t.close = context.WithCancel(context.Background())
	return t
}

// of is the script's thread that a call comes from; nil is the host's call's own.
func (t *threads) of(caller *starlark.Thread) *thread {
	own, _ := caller.Local(threadLocal).(*thread)
	return own
}

// release gives the baton to who has waited longest.
func (t *threads) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.ready) > 0 {
		next := t.ready[0]
		t.ready = t.ready[1:]
		close(next)
		return
	}
	t.taken, t.unpark = false, t.park()
}

// acquire waits for the baton.
func (t *threads) acquire() {
	t.mu.Lock()
	if !t.taken {
		t.taken = true
		t.unpark()
		t.unpark = nil
		t.mu.Unlock()
		return
	}
	turn := make(chan struct{})
	t.ready = append(t.ready, turn)
	t.mu.Unlock()
	<-turn
}

// leave lets others run, until enter.
func (t *threads) leave(caller *starlark.Thread) (enter func() error) {
	own := t.of(caller)
	resume := object.Suspend(caller)
	if own != nil {
		own.own.Leave()
	} else {
		t.root = object.RootOf(caller)
	}
	t.release()
	return func() error {
		t.acquire()
		t.current, t.since = own, time.Now()
		if own != nil {
			if t.closing.Err() != nil {
				return object.Abandoned()
			}
			own.own.Join(t.root)
		}
		resume()
		return nil
	}
}

// outside runs f, which waits for something outside of the scripts, while others run.
func (t *threads) outside(caller *starlark.Thread, f func()) error {
	enter := t.leave(caller)
	f()
	return enter()
}

// bound is the context of what a thread waits for: that of the host's call for its own
// thread, and the runtime's for the others, which outlive a call.
func (t *threads) bound(caller *starlark.Thread, env *Environment) context.Context {
	if t.of(caller) == nil {
		return env.context()
	}
	return t.closing
}

// look hands the baton on if the thread that has it has run for a while and others are
// ready. It is called between two steps of the thread.
func (t *threads) look() {
	t.mu.Lock()
	waiting := len(t.ready) > 0
	t.mu.Unlock()
	if !waiting || time.Since(t.since) < slice || t.whole != nil && t.whole() {
		return
	}
	caller := t.root
	if t.current != nil {
		caller = t.current.own.Thread()
	}
	if err := t.leave(caller)(); err != nil {
		caller.Cancel(err.Error())
	}
}

// start runs body as a thread of its own. It is the host's call's own thread or another
// of the script's that starts it.
func (t *threads) start(caller *starlark.Thread, name string, body func(on *starlark.Thread)) int {
	t.root = object.RootOf(caller)
	if t.watched != t.root {
		t.watched, t.since = t.root, time.Now()
		object.Often(t.root, t.look)
	}
	t.mu.Lock()
	own := &thread{id: t.next, own: object.NewCompanion(name), done: make(chan struct{})}
	own.own.Keep(threadLocal, own)
	dialect.Separate(own.own)
	t.next++
	t.all[own] = struct{}{}
	turn := make(chan struct{})
	t.ready = append(t.ready, turn)
	t.mu.Unlock()
	go func() {
		defer close(own.done)
		<-turn
		defer func() {
			t.mu.Lock()
			delete(t.all, own)
			t.despair()
			t.mu.Unlock()
			own.own.Leave()
			t.release()
		}()
		t.current, t.since = own, time.Now()
		if t.closing.Err() != nil {
			return
		}
		own.own.Join(t.root)
		body(own.own.Thread())
	}()
	return own.id
}

// end ends all threads. No code of theirs runs any more. The host's goroutine, which has
// the baton, calls it.
func (t *threads) end() {
	t.close()
	for {
		t.mu.Lock()
		var one *thread
		for own := range t.all {
			one = own
			break
		}
		t.mu.Unlock()
		if one == nil {
			return
		}
		t.release()
		<-one.done
		t.acquire()
	}
}

// reopen lets threads be started again once all have ended.
func (t *threads) reopen() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stuck, t.own, t.watched = 0, nil, nil
	t.closing, t.close = context.WithCancel(context.Background())
}

// stick notes that a thread begins to wait without end. It tells whether somebody may end
// the wait. Where nobody can any more, it is the call's own thread that is told.
func (t *threads) stick(caller *starlark.Thread, w *waiter) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.of(caller) == nil
	if own && t.stuck >= len(t.all) {
		return false
	}
	t.stuck++
	if own {
		t.own = w
	} else {
		t.despair()
	}
	return true
}

// unstick notes that a thread does not wait without end any more.
func (t *threads) unstick(w *waiter) {
	if !w.forever {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stuck--
	if t.own == w {
		t.own = nil
	}
}

// despair tells the call's own thread if it and all others wait without end. It needs the
// lock.
func (t *threads) despair() {
	if t.own != nil && t.stuck > len(t.all) {
		close(t.own.hopeless)
		t.own = nil
	}
}

// running are the threads that have not ended.
func (t *threads) running() []*starlark.Thread {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]*starlark.Thread, 0, len(t.all))
	for own := range t.all {
		out = append(out, own.own.Thread())
	}
	return out
}
