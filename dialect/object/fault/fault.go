// Package fault has the errors of the packages below the object model, which cannot
// make exceptions: each names the Python type that it is raised as.
package fault

import "fmt"

// Kind is the name of a builtin exception type.
type Kind string

// The kinds that numbers, texts and calls raise.
const (
	MemoryError   Kind = "MemoryError"
	OverflowError Kind = "OverflowError"
	TypeError     Kind = "TypeError"
	ValueError    Kind = "ValueError"
)

// Error is a Python exception of a builtin type with a message.
type Error struct {
	Kind    Kind
	Message string
}

// Errorf makes an error of a kind with a formatted message.
func Errorf(kind Kind, format string, args ...any) error {
	return &Error{kind, fmt.Sprintf(format, args...)}
}

// Error is the last line of a traceback.
func (e *Error) Error() string { return string(e.Kind) + ": " + e.Message }

// PythonError tells what exception the error is.
func (e *Error) PythonError() (kind, message string) { return string(e.Kind), e.Message }
