package cpu

import "sync/atomic"

// spares keeps scratch that is not in use, as much as a machine's processors
// need at once. A sync.Pool would lose it at every garbage collection, and
// collections are forced here to answer for memory.
type spares[T any] struct {
	hot  atomic.Pointer[T] // the one that was put back last
	idle chan *T
}

// spareMax is how many pieces of scratch of a kind are kept.
const spareMax = 16

func newSpares[T any]() *spares[T] { return &spares[T]{idle: make(chan *T, spareMax)} }

// get gives scratch of unspecified content.
func (s *spares[T]) get() *T {
	if v := s.hot.Swap(nil); v != nil {
		return v
	}
	select {
	case v := <-s.idle:
		return v
	default:
		return new(T)
	}
}

func (s *spares[T]) put(v *T) {
	if s.hot.CompareAndSwap(nil, v) {
		return
	}
	select {
	case s.idle <- v:
	default:
	}
}
