package cpu

// spares keeps scratch that is not in use, as much as a machine's processors
// need at once. A sync.Pool would lose it at every garbage collection, and
// collections are forced here to answer for memory.
type spares[T any] struct{ idle chan *T }

// spareMax is how many pieces of scratch of a kind are kept.
const spareMax = 16

func newSpares[T any]() *spares[T] { return &spares[T]{make(chan *T, spareMax)} }

// get gives scratch of unspecified content.
func (s *spares[T]) get() *T {
	select {
	case v := <-s.idle:
		return v
	default:
		return new(T)
	}
}

func (s *spares[T]) put(v *T) {
	select {
	case s.idle <- v:
	default:
	}
}
