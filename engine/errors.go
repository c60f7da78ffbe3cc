package engine

import "fmt"

// ErrorKind is Python's name for the class of an error, which the front end
// raises it as.
type ErrorKind string

// The kinds of error operations give.
const (
	ValueError          ErrorKind = "ValueError"
	TypeError           ErrorKind = "TypeError"
	IndexError          ErrorKind = "IndexError"
	RuntimeError        ErrorKind = "RuntimeError"
	MemoryError         ErrorKind = "MemoryError"
	NotImplementedError ErrorKind = "NotImplementedError"
	OSError             ErrorKind = "OSError"
	OverflowError       ErrorKind = "OverflowError"
)

// Error is an operation's failure: the operation, what it got and what it
// wanted. Its text is "op: message".
type Error struct {
	Kind ErrorKind
	Op   string
	Msg  string
	Err  error // the cause, or nil
}

func (e *Error) Error() string {
	if e.Op == "" {
		return e.Msg
	}
	return e.Op + ": " + e.Msg
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error.
func Errorf(kind ErrorKind, op, format string, args ...any) *Error {
	return &Error{Kind: kind, Op: op, Msg: fmt.Sprintf(format, args...)}
}
