package stdlib

import (
	"context"
	"errors"
	"os"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
	"github.com/mlxstar/mlxstar/stdlib/numpy"
)

// numpyHost gives numpy what it needs of the library around it.
type numpyHost struct{ *Modules }

var _ numpy.Host = numpyHost{}

// Context is the context of what runs now.
func (h numpyHost) Context() context.Context { return h.env.context() }

// Entropy is n random bytes of the environment.
func (h numpyHost) Entropy(n int) ([]byte, error) { return h.entropy(n) }

// ReadAll reads all of a file: a path, or a file object from where it stands.
func (h numpyHost) ReadAll(thread *starlark.Thread, file starlark.Value) ([]byte, error) {
	if s, ok := file.(*Stream); ok {
		return readAll(thread, keepOpen{s})
	}
	if path, err := native.FSPath(thread, file); err == nil {
		f, err := h.openFile(path, os.O_RDONLY)
		if err != nil {
			return nil, err
		}
		data, err := readAll(thread, f)
		return data, errors.Join(err, f.Close())
	}
	read, err := object.GetAttr(thread, file, "read")
	if err != nil {
		return nil, err
	}
	v, err := object.Call(thread, read, nil, nil)
	if err != nil {
		return nil, err
	}
	data, ok := native.AsBytes(v)
	if !ok {
		return nil, object.Errorf(object.TypeError, "a file opened in binary mode is required, read() gave %s", object.TypeName(v))
	}
	return data, nil
}

// WriteAll writes bytes to a path or to a file object.
func (h numpyHost) WriteAll(thread *starlark.Thread, file starlark.Value, data []byte) error {
	if path, err := native.FSPath(thread, file); err == nil {
		f, err := h.openFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return errors.Join(err, f.Close())
	}
	write, err := object.GetAttr(thread, file, "write")
	if err != nil {
		return err
	}
	_, err = object.Call(thread, write, starlark.Tuple{starlark.Bytes(data)}, nil)
	return err
}
