package formats

import (
	"errors"
	"fmt"
	"io"
)

// Kind says what is wrong, for callers that answer differently.
type Kind uint8

const (
	_ Kind = iota
	// Unrecognized bytes do not begin as the format does, or its version is not known here.
	Unrecognized
	// Malformed bytes contradict the format, themselves or the file's size.
	Malformed
	// Truncated files end before what their header promises.
	Truncated
	// Unsupported is well-formed (a dtype) but not read or written here.
	Unsupported
	// IO is a failure of the file itself.
	IO
)

var kindNames = [...]string{Unrecognized: "unrecognized", Malformed: "malformed", Truncated: "truncated", Unsupported: "unsupported", IO: "input/output"}

// String names the kind.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return "invalid"
}

// Error is what every reader and writer here fails with.
type Error struct {
	Format  string // "safetensors", "npy", "npz", "gguf"
	Kind    Kind
	Offset  int64  // byte of the file that is wrong, -1 if no one byte is
	Message string // the operation, what was got, what was wanted
	Err     error  // the cause, if another error is
}

// Errorf makes an *Error.
func Errorf(format string, kind Kind, offset int64, message string, args ...any) *Error {
	return &Error{Format: format, Kind: kind, Offset: offset, Message: fmt.Sprintf(message, args...)}
}

// Error implements error.
func (e *Error) Error() string {
	s := e.Format + ": " + e.Message
	if e.Offset >= 0 {
		s += fmt.Sprintf(" (at byte %d)", e.Offset)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ReadError turns an error of a reader into an *Error: an end of file is
// Truncated, anything else IO. An *Error stays as it is.
func ReadError(format string, offset int64, operation string, err error) error {
	var typed *Error
	if errors.As(err, &typed) {
		return typed
	}
	kind := IO
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		kind, err = Truncated, io.ErrUnexpectedEOF
	}
	return &Error{Format: format, Kind: kind, Offset: offset, Message: operation, Err: err}
}
