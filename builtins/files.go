package builtins

import (
	"errors"
	"io"
	"io/fs"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Files is how load and save reach files that scripts name. An embedding host
// decides what they may reach.
type Files interface {
	// Open opens a file whose bytes are read when they are needed. The source
	// lives until it is closed or no longer reachable.
	Open(path string) (Source, error)
	// Write writes a file as a whole or not at all.
	Write(path string, write func(w io.Writer) error) error
}

// SystemPaths is a Files whose names are those of files that the system itself
// can write.
type SystemPaths interface {
	// SystemPath is the system's name for a file.
	SystemPath(path string) (string, error)
}

// Source is an open file.
type Source interface {
	io.ReaderAt
	io.Closer
	// Size is the file's size when it was opened, in bytes.
	Size() int64
	// Replaced reports whether the path now leads to another file, or to none.
	Replaced() bool
}

// errNoFiles is the answer where the host allows no files.
var errNoFiles = &fs.PathError{Op: "open", Path: "file", Err: fs.ErrPermission}

// deniedFiles denies every access.
type deniedFiles struct{}

func (deniedFiles) Open(string) (Source, error)                 { return nil, errNoFiles }
func (deniedFiles) Write(string, func(w io.Writer) error) error { return errNoFiles }

func (c *Call) files() Files {
	if f := c.m.host.Files(); f != nil {
		return f
	}
	return deniedFiles{}
}

// systemPath is the system's name for a file, which a device writes by itself.
func (c *Call) systemPath(path string) string {
	s, ok := c.m.host.Files().(SystemPaths)
	err := error(errNoFiles)
	if ok {
		path, err = s.SystemPath(path)
	}
	c.fileFailed(err, object.RuntimeError)
	return path
}

// path is a file's name: a str, or what __fspath__ of a Path gives. Ok is false
// for anything else.
func (c *Call) path(v starlark.Value) (name string, ok bool) {
	if s, ok := object.AsString(v); ok {
		return s, true
	}
	f := c.attr(v, "__fspath__")
	if f == nil {
		return "", false
	}
	p, err := object.Call(c.thread, f, nil, nil)
	c.check(err)
	return object.AsString(p)
}

// attr is an attribute of a value, or nil where there is none.
func (c *Call) attr(v starlark.Value, name string) starlark.Value {
	a, err := object.GetAttr(c.thread, v, name)
	if err != nil {
		return nil
	}
	return a
}

// fileFailed abandons the call for an error of a file. The exception has the
// type that MLX raises for the format, but where the host denies the access.
func (c *Call) fileFailed(err error, t *object.Type) {
	if err == nil {
		return
	}
	var raised *object.Exception
	if errors.As(err, &raised) {
		c.b.Fail(err)
	}
	if errors.Is(err, fs.ErrPermission) {
		t = object.PermissionError
	}
	c.fail(t, "%s: %s", c.sig.Name, err)
}

// fileReader reads a Python file object.
type fileReader struct {
	c    *Call
	read starlark.Value
	rest string
}

// Read asks the object for as many bytes as fit.
func (r *fileReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if r.rest == "" {
		v, err := object.Call(r.c.thread, r.read, starlark.Tuple{starlark.MakeInt(len(p))}, nil)
		if err != nil {
			return 0, err
		}
		b, ok := v.(starlark.Bytes)
		if !ok {
			return 0, object.Errorf(object.ValueError, "%s: input must be a file-like object opened in binary mode, or string; its read gave %s", r.c.sig.Name, object.TypeName(v))
		}
		if b == "" {
			return 0, io.EOF
		}
		if err := object.Grow(r.c.thread, 2*int64(len(b))); err != nil { // for what it is read into
			return 0, err
		}
		r.rest = string(b)
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// fileWriter writes a Python file object.
type fileWriter struct {
	c     *Call
	write starlark.Value
}

func (w *fileWriter) Write(p []byte) (int, error) {
	_, err := object.Call(w.c.thread, w.write, starlark.Tuple{starlark.Bytes(p)}, nil)
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// extension is what follows the last dot of a file's name, or "".
func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 && !strings.ContainsAny(name[i:], `/\`) {
		return name[i+1:]
	}
	return ""
}
