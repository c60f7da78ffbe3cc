package syntax

import (
	"fmt"
	"strings"
)

// Error is a syntax error. Kind is Python's name for it: SyntaxError,
// IndentationError or TabError.
type Error struct {
	Kind string
	Msg  string
	File string
	Span
	Text string // the source line, without its newline

	// Incomplete tells that the source ended where more was expected, so that
	// further lines may make it a program.
	Incomplete bool
}

// Error gives the place and the message on one line.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", e.File, e.Start.Line, e.Start.Col, e.Kind, e.Msg)
}

// Report gives the error as Python prints it: file, source line and a caret
// at the column, then the message.
func (e *Error) Report() string {
	var b strings.Builder
	fmt.Fprintf(&b, "  File %q, line %d\n", e.File, e.Start.Line)
	if text := strings.TrimRight(e.Text, " \t\r\n\f"); strings.TrimSpace(text) != "" {
		runes := []rune(text)
		indent := 0
		for indent < len(runes) && (runes[indent] == ' ' || runes[indent] == '\t' || runes[indent] == '\f') {
			indent++
		}
		fmt.Fprintf(&b, "    %s\n", string(runes[indent:]))
		at := max(int(e.Start.Col)-1-indent, 0)
		width := 1
		if e.Stop.Line == e.Start.Line && e.Stop.Col > e.Start.Col {
			width = int(e.Stop.Col - e.Start.Col)
		} else if e.Stop.Line > e.Start.Line {
			width = len(runes) - indent - at
		}
		width = max(1, min(width, len(runes)-indent-at))
		fmt.Fprintf(&b, "    %s%s\n", strings.Repeat(" ", at), strings.Repeat("^", width))
	}
	fmt.Fprintf(&b, "%s: %s", e.Kind, e.Msg)
	return b.String()
}

// SourceLine gives line n (from 1) of src without its newline.
func SourceLine(src []byte, n int) string {
	for line := 1; ; line++ {
		end := len(src)
		next := len(src)
		for i, c := range src {
			if c == '\n' || c == '\r' {
				end, next = i, i+1
				if c == '\r' && next < len(src) && src[next] == '\n' {
					next++
				}
				break
			}
		}
		if line == n {
			return string(src[:end])
		}
		if next >= len(src) {
			return ""
		}
		src = src[next:]
	}
}
