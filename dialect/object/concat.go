package object

import (
	"strings"
	"unsafe"
	"weak"

	"go.starlark.net/starlark"
)

// A script that builds a text by appending to it (s += line) copies all of it each time,
// if every sum is a text of its own. So a sum that is added to once more gets a buffer with
// room behind it, and what is added later goes there: nobody who has the shorter text sees
// the bytes behind its end. Only the text that ends where the buffer's content ends can be
// appended to in place; any other is copied. Tuples that a variable grows by are like it.

const (
	appendFrom  = 256 // bytes from which copying is worth avoiding
	tupleFrom   = 16  // elements
	appendables = 4   // values that a script may append to in turns
)

// appendable is a value that was the sum of others.
type appendable[T any] struct {
	start uintptr         // where it begins: a hint, as the value may be gone
	used  int             // its length
	buf   weak.Pointer[T] // the buffer, where there is room
	size  int             // of the buffer
}

// appended are the latest sums of a call.
type appended[T any] struct {
	sums [appendables]appendable[T]
	next int
}

// find gives the sum that a value is, or nil.
func (a *appended[T]) find(start *T, length int) *appendable[T] {
	for i := range a.sums {
		if s := &a.sums[i]; s.used == length && s.start == uintptr(unsafe.Pointer(start)) {
			return s
		}
	}
	return nil
}

// note remembers a sum in the place of the oldest.
func (a *appended[T]) note(start *T, length int) {
	a.next = (a.next + 1) % appendables
	a.sums[a.next] = appendable[T]{start: uintptr(unsafe.Pointer(start)), used: length}
}

// clear forgets the sums. The first that is noted is at 1.
func (a *appended[T]) clear() {
	if a.sums[1].used > 0 {
		*a = appended[T]{}
	}
}

// room is the buffer behind a value that can be appended to in place, or nil.
func (s *appendable[T]) room(start *T, length int) []T {
	if length > s.size || s.buf.Value() != start {
		return nil
	}
	return unsafe.Slice(start, s.size)[s.used:]
}

// Concat is x + y for two texts.
func Concat(thread *starlark.Thread, x, y string) (string, error) {
	n := len(x) + len(y)
	if len(x) < appendFrom || y == "" {
		if err := Grow(thread, int64(n)); err != nil {
			return "", err
		}
		return x + y, nil
	}
	texts := &BudgetOf(thread).texts
	start := unsafe.StringData(x)
	sum := texts.find(start, len(x))
	if sum == nil { // most sums are not added to again
		if err := Grow(thread, int64(n)); err != nil {
			return "", err
		}
		s := x + y
		texts.note(unsafe.StringData(s), n)
		return s, nil
	}
	if room := sum.room(start, n); room != nil {
		copy(room, y)
		sum.used = n
		return unsafe.String(start, n), nil
	}
	size := n + n/4
	if err := Grow(thread, int64(size)); err != nil {
		return "", err
	}
	var text strings.Builder
	text.Grow(size)
	text.WriteString(x)
	text.WriteString(y)
	s := text.String()
	start = unsafe.StringData(s)
	*sum = appendable[byte]{start: uintptr(unsafe.Pointer(start)), used: n, buf: weak.Make(start), size: text.Cap()}
	return s, nil
}

// AppendTuple is x + y for a variable that held x and takes the sum. A tuple that lives on
// keeps what was appended to its storage alive: values whose lifetime matters are not
// appended in place.
func AppendTuple(thread *starlark.Thread, x, y starlark.Tuple) (starlark.Value, error) {
	n := len(x) + len(y)
	if len(y) == 0 || len(x) < tupleFrom || !plain(y) {
		return concat(thread, x, y)
	}
	tuples := &BudgetOf(thread).tuples
	start := unsafe.SliceData(x)
	sum := tuples.find(start, len(x))
	if sum != nil {
		if room := sum.room(start, n); room != nil {
			copy(room, y)
			sum.used = n
			return starlark.Tuple(unsafe.Slice(start, n)), nil
		}
	}
	size := n + n/4 + 1
	if err := GrowTimes(thread, size, valueSize); err != nil {
		return nil, err
	}
	all := make(starlark.Tuple, size)
	copy(all, x)
	copy(all[len(x):], y)
	start = unsafe.SliceData(all)
	if sum == nil {
		tuples.note(start, n)
		sum = tuples.find(start, n)
	}
	*sum = appendable[starlark.Value]{start: uintptr(unsafe.Pointer(start)), used: n, buf: weak.Make(start), size: size}
	return all[:n:n], nil
}

// plain reports whether no value of a tuple is one whose lifetime matters.
func plain(t starlark.Tuple) bool {
	for _, v := range t {
		switch v.(type) {
		case starlark.Int, starlark.Float, starlark.String, starlark.Bool, starlark.NoneType, starlark.Bytes:
		default:
			return false
		}
	}
	return true
}
