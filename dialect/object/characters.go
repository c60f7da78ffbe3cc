package object

import (
	"unicode/utf8"
	"unsafe"
	"weak"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// A text is UTF-8, and a script sees characters. To find one, or to count them, takes a look
// at all bytes before it; so what was found of a long text is remembered while the script
// takes it apart.

const (
	measuredFrom = 64 // bytes from which remembering is worth it
	measuredFew  = 4  // texts that a script may take apart in turns
	placeEvery   = 64 // characters from one noted place to the next
)

// measured is what is known of a text.
type measured struct {
	s      string // while it is used
	chars  int
	ascii  bool
	places []int32 // where every placeEvery-th character begins; none where all are ASCII

	start uintptr // where the text begins: a hint, as it may be gone
	size  int
	held  weak.Pointer[byte] // where it begins, once it was met twice
}

// measures are the texts that a call takes apart.
type measures struct {
	long [measuredFew]measured
	next int
}

// clear forgets the texts. The first that is met is at 1.
func (m *measures) clear() {
	if m.long[1].size > 0 {
		*m = measures{}
	}
}

// measure counts the characters of a text. What it gives holds until the next call.
func measure(thread *starlark.Thread, s string) (*measured, error) {
	if len(s) < measuredFrom {
		m := measured{s: s}
		return &m, m.count(thread)
	}
	all := &BudgetOf(thread).measures
	start := unsafe.StringData(s)
	for i := range all.long {
		m := &all.long[i]
		if m.size != len(s) || m.start != uintptr(unsafe.Pointer(start)) {
			continue
		}
		if m.held.Value() == start {
			m.s = s
			return m, nil
		}
		*m = measured{s: s, start: m.start, size: m.size, held: weak.Make(start)}
		return m, m.count(thread)
	}
	all.next = (all.next + 1) % measuredFew
	m := &all.long[all.next]
	*m = measured{s: s, start: uintptr(unsafe.Pointer(start)), size: len(s)}
	return m, m.count(thread)
}

// done forgets the text, which may die, and keeps what is known of it.
func (m *measured) done() { m.s = "" }

func (m *measured) count(thread *starlark.Thread) error {
	if m.ascii = text.IsASCII(m.s); m.ascii {
		m.chars = len(m.s)
		return nil
	}
	if err := Grow(thread, int64(len(m.s)/placeEvery)*4); err != nil {
		return err
	}
	for at := 0; at < len(m.s); m.chars++ {
		if m.chars%longText == longText-1 {
			if err := Steps(thread, 1); err != nil {
				return err
			}
		}
		if m.chars%placeEvery == 0 {
			m.places = append(m.places, int32(at))
		}
		if m.s[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, n := utf8.DecodeRuneInString(m.s[at:])
		at += n
	}
	return nil
}

// offset is where character i begins, in bytes. I may be the number of characters.
func (m *measured) offset(i int) int {
	switch {
	case m.ascii:
		return i
	case i >= m.chars:
		return len(m.s)
	}
	at := int(m.places[i/placeEvery])
	for range i % placeEvery {
		if m.s[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, n := utf8.DecodeRuneInString(m.s[at:])
		at += n
	}
	return at
}

// slice is the text of characters start to end.
func (m *measured) slice(start, end int) string {
	if start >= end {
		return ""
	}
	from := m.offset(start)
	if end == start+1 && !m.ascii {
		_, n := utf8.DecodeRuneInString(m.s[from:])
		return m.s[from : from+n]
	}
	return m.s[from:m.offset(end)]
}

// steps is the text of every step-th character from start on.
func (m *measured) steps(start, step, count int) string {
	buf := make([]byte, 0, count)
	if m.ascii {
		for i := range count {
			buf = append(buf, m.s[start+i*step])
		}
		return string(buf)
	}
	runes := []rune(m.slice(min(start, start+(count-1)*step), max(start, start+(count-1)*step)+1))
	at := 0
	if step < 0 {
		at = len(runes) - 1
	}
	for range count {
		buf = utf8.AppendRune(buf, runes[at])
		at += step
	}
	return string(buf)
}

// length is the number of a text's characters.
func length(thread *starlark.Thread, s string) (int, error) {
	if len(s) < measuredFrom {
		return text.Length(s), nil
	}
	m, err := measure(thread, s)
	n := m.chars
	m.done()
	return n, err
}

// character is the number of the character that begins at a byte.
func (m *measured) character(at int) int {
	if m.ascii {
		return at
	}
	low, high := 0, len(m.places)
	for low+1 < high { // the last noted place that is not behind it
		if mid := (low + high) / 2; int(m.places[mid]) <= at {
			low = mid
		} else {
			high = mid
		}
	}
	return low*placeEvery + utf8.RuneCountInString(m.s[m.places[low]:at])
}

// Characters is len(s).
func Characters(thread *starlark.Thread, s string) (int, error) { return length(thread, s) }

// CharacterAt is the number of the character that begins at a byte of a text.
func CharacterAt(thread *starlark.Thread, s string, at int) (int, error) {
	m, err := measure(thread, s)
	n := m.character(at)
	m.done()
	return n, err
}

// OffsetOf is where a character of a text begins, in bytes.
func OffsetOf(thread *starlark.Thread, s string, char int) (int, error) {
	m, err := measure(thread, s)
	at := m.offset(char)
	m.done()
	return at, err
}
