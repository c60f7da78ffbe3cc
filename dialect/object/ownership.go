package object

import "go.starlark.net/starlark"

// Ownership says how many places may refer to a value whose memory matters. Go
// has no reference counts, so scripts' values are found dead by collections;
// but much of what dies is plain from the program text: the x @ w of tanh(x @ w),
// or the old x where x is bound again. The front end follows such values from
// where they are made to their one use, and tells them when they are done.
type Ownership uint8

const (
	// Shared values may be referred to from anywhere. It is the state that every
	// value starts in and that nothing but a collection ends.
	Shared Ownership = iota
	// Passing values were just made by an operation; only the operation that takes
	// them next refers to them.
	Passing
	// Owned values are referred to by one variable.
	Owned
)

// HasOwnership is a value that can be told that nothing refers to it any more.
type HasOwnership interface {
	starlark.Value
	// Ownership is the value's own state.
	Ownership() *Ownership
	// Discard lets go of what the value holds. The value is not used afterwards.
	Discard()
}

// Transparent is a callable that keeps none of its arguments and gives back none
// of them, so that a passing argument is done when it returns, and its result is
// a value of its own.
type Transparent interface {
	starlark.Callable
	Transparent() bool
}

// Taker is a callable that calls others, and may take a passing result of theirs.
type Taker interface {
	starlark.Callable
	TakesPassing() bool
}

// Taken reports whether what the callable gives that so many frames of the stack are called
// by may be marked as passing: whether a Taker called it, or called a method or an instance
// that did.
func Taken(thread *starlark.Thread, depth int) bool {
	for depth++; depth < thread.CallStackDepth(); depth++ {
		switch c := thread.DebugFrame(depth).Callable().(type) {
		case Taker:
			return c.TakesPassing()
		case *BoundMethod, *Instance:
		default:
			return false
		}
	}
	return false
}

// Pass marks a value that was just made.
func Pass(v starlark.Value) {
	if o, ok := v.(HasOwnership); ok {
		*o.Ownership() = Passing
	}
}

// Share marks a value as one that may be referred to from anywhere.
func Share(v starlark.Value) {
	if o, ok := v.(HasOwnership); ok {
		*o.Ownership() = Shared
	}
}
