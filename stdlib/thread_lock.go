package stdlib

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// lock is _thread.lock: what one thread has at a time. Whoever releases it gives it to
// the thread that has waited longest.
type lock struct {
	m       *Modules
	held    bool
	waiters []*waiter
}

// waiter is a thread that waits for a lock.
type waiter struct {
	given    chan struct{} // closed when it has the lock
	hopeless chan struct{} // closed when nobody is left to release it
	forever  bool
}

var (
	_ object.HasType = (*lock)(nil)

	lockType = object.NewGoType("_thread", "lock", "A lock object is a synchronization primitive.", nil)
)

func init() {
	acquire := func(l *lock, c *call) (starlark.Value, error) { return l.acquire(c) }
	release := func(l *lock, c *call) (starlark.Value, error) {
		if !l.release() {
			return nil, object.Errorf(object.RuntimeError, "release unlocked lock")
		}
		return nil, nil
	}
	locked := func(l *lock, _ *call) (starlark.Value, error) { return starlark.Bool(l.held), nil }
	defineMethods(lockType, []method[*lock]{
		{"acquire(blocking=True, timeout=-1)", "Lock the lock, waiting for it if necessary. Return whether it was locked.", acquire},
		{"acquire_lock(blocking=True, timeout=-1)", "Lock the lock.", acquire},
		{"release()", "Release the lock, and let another thread have it that waits.", release},
		{"release_lock()", "Release the lock.", release},
		{"locked()", "Return whether the lock is held.", locked},
		{"locked_lock()", "Return whether the lock is held.", locked},
		{"__enter__()", "Lock the lock.", func(l *lock, c *call) (starlark.Value, error) {
			got, err := l.take(c.Thread, -1)
			return starlark.Bool(got), err
		}},
		{"__exit__(*args)", "Release the lock.", release},
	})
}

func (l *lock) String() string {
	state := "unlocked"
	if l.held {
		state = "locked"
	}
	return fmt.Sprintf("<%s _thread.lock object at %#x>", state, uintptr(unsafe.Pointer(l)))
}
func (l *lock) Type() string          { return "lock" }
func (l *lock) Freeze()               {}
func (l *lock) Truth() starlark.Bool  { return true }
func (l *lock) Hash() (uint32, error) { return uint32(uintptr(unsafe.Pointer(l)) >> 4), nil }

// PyType is _thread.lock.
func (l *lock) PyType() *object.Type { return lockType }

// take waits for the lock, for as long as timeout, without end where that is less than 0.
func (l *lock) take(caller *starlark.Thread, timeout time.Duration) (bool, error) {
	if !l.held {
		l.held = true
		return true, nil
	}
	if timeout == 0 {
		return false, nil
	}
	t := l.m.threads
	w := &waiter{make(chan struct{}), make(chan struct{}), timeout < 0}
	if w.forever && !t.stick(caller, w) {
		return false, errHopeless()
	}
	l.waiters = append(l.waiters, w)
	ctx := t.bound(caller, l.m.env)
	enter := t.leave(caller)
	if w.forever {
		select {
		case <-w.given:
		case <-w.hopeless:
		case <-ctx.Done():
		}
	} else {
		l.m.waitFor(ctx, w.given, timeout)
	}
	err := enter()
	select {
	case <-w.given: // maybe while it waited for its turn
		if err != nil {
			l.release()
		}
		return err == nil, err
	default:
	}
	l.waiters = slices.DeleteFunc(l.waiters, func(other *waiter) bool { return other == w })
	l.m.threads.unstick(w)
	select {
	case <-w.hopeless:
		if err == nil {
			err = errHopeless()
		}
	default:
	}
	if err == nil {
		err = ctx.Err()
	}
	return false, err
}

// waitFor waits until given is closed, the time is over by the host's clock, or ctx ends.
func (m *Modules) waitFor(ctx context.Context, given <-chan struct{}, d time.Duration) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	slept := make(chan struct{})
	go func() {
		defer close(slept)
		_ = m.env.clock().Sleep(ctx, d) // it ends early where nobody waits any more
	}()
	select {
	case <-given:
	case <-slept:
	}
}

// release gives the lock to the next thread. It tells whether it was held.
func (l *lock) release() bool {
	if !l.held {
		return false
	}
	if len(l.waiters) == 0 {
		l.held = false
		return true
	}
	next := l.waiters[0]
	l.waiters = l.waiters[1:]
	l.m.threads.unstick(next)
	close(next.given)
	return true
}

func errHopeless() error {
	return object.Errorf(object.RuntimeError, "acquire: the lock is held, and every other thread waits: nobody would release it")
}

func (l *lock) acquire(c *call) (starlark.Value, error) {
	blocking, seconds := c.BoolOr(0, true), c.FloatOr(1, -1)
	switch {
	case c.Err != nil:
		return nil, c.Err
	case !blocking && seconds != -1:
		return nil, object.Errorf(object.ValueError, "can't specify a timeout for a non-blocking call")
	case seconds < 0 && seconds != -1:
		return nil, object.Errorf(object.ValueError, "timeout value must be a non-negative number")
	case seconds > maxTimeout || seconds != seconds:
		return nil, object.Errorf(object.OverflowError, "timeout value is too large")
	}
	timeout := time.Duration(-1)
	switch {
	case !blocking:
		timeout = 0
	case seconds >= 0:
		timeout = time.Duration(seconds * 1e9)
	}
	got, err := l.take(c.Thread, timeout)
	return starlark.Bool(got), err
}

// maxTimeout is the longest that a thread can wait for, in seconds.
const maxTimeout = 9223372036

// makeThread is _thread: threads and locks, from which threading is made.
func makeThread(m *Modules) *native.Module {
	mod := native.NewModule("_thread", "This module provides primitive operations to write multi-threaded programs.")
	define(mod, []function{
		{"start_new_thread(function, args, kwargs=None, /)", "Start a new thread and return its identifier.", m.startThread},
		{"allocate_lock()", "Return a new lock.", func(*call) (starlark.Value, error) { return &lock{m: m}, nil }},
		{"get_ident()", "Return the number of the thread that runs.", func(c *call) (starlark.Value, error) { return starlark.MakeInt(m.threadID(c.Thread)), nil }},
		{"_count()", "Return the number of threads that scripts have started and that run.", func(*call) (starlark.Value, error) {
			return starlark.MakeInt(len(m.threads.running())), nil
		}},
		{"_switch()", "Let the other threads run that are ready.", func(c *call) (starlark.Value, error) {
			return nil, m.threads.outside(c.Thread, func() {})
		}},
	})
	mod.Members["error"] = object.RuntimeError
	mod.Members["LockType"] = lockType
	mod.Members["TIMEOUT_MAX"] = starlark.Float(maxTimeout)
	return mod
}

func (m *Modules) threadID(caller *starlark.Thread) int {
	if own := m.threads.of(caller); own != nil {
		return own.id
	}
	return 1
}

// startThread starts a thread. An exception that leaves it is told of on standard error;
// threading's threads let none through.
func (m *Modules) startThread(c *call) (starlark.Value, error) {
	fn, args := c.Arg(0), starlark.Tuple(c.Items(1))
	var kwargs []starlark.Tuple
	if c.Given(2) {
		d, ok := object.Unwrap(c.Arg(2)).(*starlark.Dict)
		if !ok {
			c.Fail(object.TypeError, "optional 3rd arg must be a dictionary")
			return nil, c.Err
		}
		kwargs = d.Items()
	}
	if c.Err != nil {
		return nil, c.Err
	}
	if len(m.threads.running()) >= maxThreads {
		return nil, object.Errorf(object.RuntimeError, "can't start new thread")
	}
	id := m.threads.start(c.Thread, "thread", func(on *starlark.Thread) {
		_, err := m.callGuarded(on, fn, args, kwargs)
		if err == nil || object.IsUncatchable(err) || object.AsException(err).IsA(object.SystemExit) {
			return
		}
		if m.env.Stderr != nil { // a stream that cannot be written to has nowhere to say so
			_, _ = io.WriteString(m.env.Stderr, dialect.Traceback(err, m.env.Source))
		}
	})
	return starlark.MakeInt(id), nil
}

// callGuarded calls a thread's function. A panic is an error: it has no call of the host to
// be reported by.
func (m *Modules) callGuarded(on *starlark.Thread, fn starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (v starlark.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = object.Errorf(object.SystemError, "internal error: %v", r)
		}
	}()
	return object.Call(on, fn, args, kwargs)
}

// maxThreads bounds how many threads run at once: each has a stack of its own.
const maxThreads = 1000
