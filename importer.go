package mlxstar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib"
)

var _ dialect.Host = (*Runtime)(nil)

// Import gives the module that an import statement names: MLX's, the standard library's,
// or one of sys.path.
func (rt *Runtime) Import(thread *starlark.Thread, from *dialect.Module, name string, level int) (starlark.Value, error) {
	return rt.std.ImportFrom(thread, from, name, level)
}

// provide finds the modules that come with the runtime and are not the library's.
func (rt *Runtime) provide(name string) func(*starlark.Thread) (starlark.Value, error) {
	made := func(v starlark.Value) func(*starlark.Thread) (starlark.Value, error) {
		return func(*starlark.Thread) (starlark.Value, error) { return v, nil }
	}
	switch name {
	case "mlx":
		return func(*starlark.Thread) (starlark.Value, error) { return dialect.NewModule("mlx", "", rt.globals), nil }
	case "mlx.core":
		return rt.importCore
	case "mlx.utils":
		return made(stdlib.Utils())
	case "mlxstar":
		return rt.importHost
	}
	return nil
}

// importHost gives mlxstar, of which memory is a module, too.
func (rt *Runtime) importHost(*starlark.Thread) (starlark.Value, error) {
	mod, memory := rt.hostModule(), rt.memoryModule()
	mod.Set("memory", memory)
	rt.std.Register("mlxstar.memory", memory)
	return mod, nil
}

// importCore gives mlx.core, whose parts are modules of sys.modules, too.
func (rt *Runtime) importCore(thread *starlark.Thread) (starlark.Value, error) {
	for _, name := range rt.mx.AttrNames() {
		if m, err := rt.mx.Attr(name); err == nil && m.Type() == "module" {
			rt.std.Register("mlx.core."+name, m)
		}
	}
	return rt.mx, nil
}

// Load gives the module of a path, as Starlark's load names it.
func (rt *Runtime) Load(thread *starlark.Thread, from *dialect.Module, path string) (starlark.Value, error) {
	if !filepath.IsAbs(path) && from != nil && from.File() != "" {
		path = filepath.Join(filepath.Dir(from.File()), path)
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	m, err := rt.loadFile(thread, name, path)
	if m == nil && err == nil {
		return nil, object.Errorf(object.FileNotFoundError, "load: no file %s", path)
	}
	return m, err
}

// loadFile runs a file as a module; it gives nil where there is no such file.
func (rt *Runtime) loadFile(thread *starlark.Thread, name, path string) (starlark.Value, error) {
	key := path
	if m := rt.files[key]; m != nil {
		return m, nil
	}
	src, err := rt.readFile(path)
	if err != nil {
		return nil, nil
	}
	prog, err := dialect.CompileFor(thread, path, src)
	if err != nil {
		return nil, err
	}
	m := dialect.NewModule(name, path, rt.globals)
	rt.files[key] = m
	if _, err := prog.Run(thread, m); err != nil {
		delete(rt.files, key)
		return nil, err
	}
	return m, nil
}

// readFile reads a file that the runtime's scripts may read.
func (rt *Runtime) readFile(path string) ([]byte, error) {
	if rt.opts.Files == nil {
		return nil, errors.New("no files are allowed")
	}
	return rt.readAll(path)
}

// readPiece is what is read of a file between two looks at the limits.
const readPiece = 1 << 20

// readAll reads a file into Go's heap, as far as there is room. Files may be of any length
// that their writer claims.
func (rt *Runtime) readAll(path string) ([]byte, error) {
	f, err := rt.std.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []byte
	for {
		if len(out) == cap(out) {
			more := max(2*cap(out), readPiece)
			if err := rt.room(int64(more), 0); err != nil {
				return nil, err
			}
			out = append(make([]byte, 0, more), out...)
		}
		n, err := f.Read(out[len(out):min(len(out)+readPiece, cap(out))])
		out = out[:len(out)+n]
		if err == io.EOF {
			return out, nil
		}
		if err == nil {
			err = context.Cause(rt.Context())
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: after %d bytes: %w", path, len(out), err)
		}
	}
}
