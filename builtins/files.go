package builtins

import "io"

// Files is how load and save reach files that scripts name. An embedding host
// decides what they may reach; it implements the rule, and errors of the
// operating system stay as they are, so that scripts see Python's types.
type Files interface {
	// Open opens a file whose bytes stay where they are until they are read.
	// The source lives until it is closed or no longer reachable.
	Open(path string) (Source, error)
	// Write writes a file as a whole or not at all.
	Write(path string, write func(w io.Writer) error) error
}

// Source is an open file.
type Source interface {
	io.ReaderAt
	io.Closer
	// Size is the file's size when it was opened, in bytes.
	Size() int64
}

var fileFunctions = []function{}
