package mlxstar

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/mmap"
	"github.com/mlxstar/mlxstar/stdlib"
)

// Files opens what mx.load and mx.save name: through the runtime's file system,
// or not at all.
func (rt *Runtime) Files() builtins.Files {
	if rt.opts.Files == nil {
		return nil
	}
	return arrayFiles{rt}
}

type arrayFiles struct{ rt *Runtime }

// Open maps the machine's own files and those of a folder; those of another file
// system are read.
func (f arrayFiles) Open(path string) (builtins.Source, error) {
	if err := f.rt.std.Flush(); err != nil {
		return nil, err
	}
	given := path
	files, path := f.place(path)
	if _, own := files.(stdlib.HostFiles); own && mappable(path) {
		file, err := mmap.Open(path)
		if err != nil {
			return nil, err // not a nil *mmap.File in an interface
		}
		return file, nil
	}
	if folder := folderOf(files); folder != nil {
		name := rooted(path)
		file, err := folder.open(name, os.O_RDONLY, 0)
		if err != nil {
			return nil, err
		}
		mapped, err := mmap.Map(file, name, folder.root.Stat)
		if err != nil {
			return nil, err
		}
		return mapped, nil
	}
	src, err := f.rt.readAll(given)
	if err != nil {
		return nil, err
	}
	return inMemory{bytes.NewReader(src)}, nil
}

// mappable tells whether a file of the machine can be mapped, or is not there. Others may
// have no end.
func mappable(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular() || info.IsDir()
}

// Write replaces a file as a whole: the machine's own by a rename, so that who has
// mapped the old one keeps it.
func (f arrayFiles) Write(path string, write func(w io.Writer) error) error {
	files, path := f.place(path)
	if _, own := files.(stdlib.HostFiles); own {
		return formats.WriteFile(path, write)
	}
	if folder, ok := files.(*Folder); ok {
		return folder.replace(rooted(path), write)
	}
	file, err := files.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

// SystemPath is the name of a file of the machine's own. A device that writes a
// file by itself reaches no other.
func (f arrayFiles) SystemPath(path string) (string, error) {
	files, path := f.place(path)
	if _, own := files.(stdlib.HostFiles); !own {
		return "", &fs.PathError{Op: "write", Path: path, Err: fs.ErrPermission}
	}
	return path, nil
}

// place gives the file system that has a script's path, and its name in there.
func (f arrayFiles) place(path string) (FileSystem, string) {
	files, path := f.rt.opts.Files, f.rt.env.Resolve(path)
	for {
		m, ok := files.(*mounts)
		if !ok {
			return files, path
		}
		at := m.at(path)
		if at.files == nil || m.fixed(path) {
			return m, path // which refuses it
		}
		files, path = at.files, at.name
	}
}

// scriptFile reads a script that the host names.
func (rt *Runtime) scriptFile(path string) ([]byte, error) {
	if rt.onSystem() {
		return os.ReadFile(path)
	}
	return rt.readFile(path)
}

// scriptPath gives __file__ of a script that the host names.
func (rt *Runtime) scriptPath(path string) (string, error) {
	if rt.onSystem() {
		return filepath.Abs(path)
	}
	return rt.env.Resolve(path), nil
}

// onSystem reports whether the host's paths are the machine's.
func (rt *Runtime) onSystem() bool {
	_, own := rt.opts.Files.(stdlib.HostFiles)
	return own || rt.opts.Files == nil
}

// inMemory is a file that was read whole.
type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

// Replaced is false: what was read stays what it is.
func (inMemory) Replaced() bool { return false }
