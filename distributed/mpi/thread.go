package mpi

import (
	"runtime"
)

// thread is the one that MPI is called by.
type thread struct{ work chan func() }

func newThread() *thread {
	t := &thread{work: make(chan func())}
	go func() {
		runtime.LockOSThread() // it ends with the goroutine: nobody else is to have it
		for f := range t.work {
			f()
		}
	}()
	return t
}

// do has the thread run f, and waits.
func (t *thread) do(f func()) {
	done := make(chan struct{})
	t.work <- func() { defer close(done); f() }
	<-done
}

// end lets the thread go. Do must not be called any more.
func (t *thread) end() { close(t.work) }
