package alloc

import (
	"fmt"
	"strings"
)

// Holder is what one line of a script holds.
type Holder struct {
	Site  Site
	Where string // file:line, "" when the line is unknown
	Bytes int64
	Count int
	// Shapes are those of its arrays, each once, as far as who catches the error knows them.
	Shapes [][]int
}

// LimitError reports that a memory limit does not allow a request. Nothing has
// been allocated or changed.
type LimitError struct {
	Op        string // what was being done, such as "eval"; may be empty
	Account   string // the account whose limit it is
	Requested int64  // bytes asked for
	Active    int64  // bytes in use in that account, promised ones included
	Limit     int64
	Holders   []Holder // the lines that hold the most, largest first
}

// maxHolders is how many lines a LimitError names.
const maxHolders = 3

func (e *LimitError) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op)
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "memory limit: needed %s, in use %s, limit %s",
		FormatBytes(e.Requested), FormatBytes(e.Active), FormatBytes(e.Limit))
	for i, h := range e.Holders {
		if i == 0 {
			b.WriteString("; most is held by ")
		} else {
			b.WriteString(", ")
		}
		where := h.Where
		if where == "" {
			where = "an unknown line"
		}
		noun := "arrays"
		if h.Count == 1 {
			noun = "array"
		}
		fmt.Fprintf(&b, "%s (%s in %d %s)", where, FormatBytes(h.Bytes), h.Count, noun)
	}
	return b.String()
}

// SystemError reports that the source of memory refused a request, although no
// limit stood against it. Nothing has changed.
type SystemError struct {
	Op        string // may be empty
	Requested int64
	Active    int64
	Err       error // what the source said
}

func (e *SystemError) Error() string {
	prefix := ""
	if e.Op != "" {
		prefix = e.Op + ": "
	}
	return fmt.Sprintf("%sout of memory: the system refused %s, in use %s: %v",
		prefix, FormatBytes(e.Requested), FormatBytes(e.Active), e.Err)
}

// Unwrap returns what the source said.
func (e *SystemError) Unwrap() error { return e.Err }
