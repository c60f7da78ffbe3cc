package mlxstar

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/mlxstar/mlxstar/stdlib"
)

// Mounts gives scripts several file systems as one: each below the path that is its key,
// "/" among them if the rest of the tree is to be something. Of two whose paths hold a
// name, the longer has it, and what the shorter has there is hidden. Each sees names from
// its own root, so that no link of one leads into another. Paths that lead to mounts are
// directories; those and the mounts themselves stay where they are. Nothing is renamed
// from one to another.
//
//	files, err := mlxstar.Mounts(map[string]mlxstar.FileSystem{
//		"/app": mlxstar.ReadOnly(program), // an embed.FS
//		"/in":  mlxstar.ReadOnly(inputs),
//		"/out": outputs, // a *Folder
//	})
func Mounts(at map[string]FileSystem) (FileSystem, error) {
	m := &mounts{files: map[string]FileSystem{}, lead: map[string][]string{}}
	for name, files := range at {
		if files == nil {
			return nil, fmt.Errorf("mounts: no file system at %q", name)
		}
		if name != path.Clean("/"+name) || strings.Contains(name, "\\") {
			return nil, fmt.Errorf("mounts: got the path %q, want one such as /data/in", name)
		}
		name = rooted(name)
		m.files[name] = files
		for name != "." {
			dir, base := path.Split(name)
			name = rooted(dir)
			if !slices.Contains(m.lead[name], base) {
				m.lead[name] = append(m.lead[name], base)
			}
		}
	}
	return m, nil
}

// mounts keeps file systems by the path that each is at, written as rooted does.
type mounts struct {
	files map[string]FileSystem
	lead  map[string][]string // the names in a directory that are mounts, or lead to them
}

var _ FileSystem = (*mounts)(nil)

// place is where a name is: in one of the file systems, or in none.
type place struct {
	mount string // the path of the file system
	files FileSystem
	name  string // in there
}

// at gives the place of a name. Its file system is nil where none has the name.
func (m *mounts) at(name string) place {
	name = rooted(name)
	for mount := name; ; mount = rooted(path.Dir(mount)) {
		if files := m.files[mount]; files != nil {
			return place{mount, files, path.Clean("/" + strings.TrimPrefix(name, strings.TrimPrefix(mount, ".")))}
		}
		if mount == "." {
			return place{}
		}
	}
}

// fixed tells whether a name is that of a mount, or leads to one.
func (m *mounts) fixed(name string) bool {
	name = rooted(name)
	return m.files[name] != nil || m.lead[name] != nil
}

// leads tells whether a name only leads to a mount, so that it is a directory also where
// no file system has it.
func (m *mounts) leads(name string) bool {
	name = rooted(name)
	return m.files[name] == nil && (m.lead[name] != nil || name == ".")
}

// change gives the place of a name that is to change.
func (m *mounts) change(op, name string) (place, error) {
	if m.fixed(name) {
		return place{}, &fs.PathError{Op: op, Path: name, Err: syscall.EBUSY}
	}
	at := m.at(name)
	if at.files == nil {
		return place{}, forbidden(op, name)
	}
	return at, nil
}

const writes = os.O_WRONLY | os.O_RDWR | os.O_CREATE | os.O_TRUNC | os.O_APPEND

// OpenFile opens or creates a file.
func (m *mounts) OpenFile(name string, flag int, perm fs.FileMode) (stdlib.File, error) {
	if m.fixed(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	}
	at := m.at(name)
	switch {
	case at.files != nil:
		return at.files.OpenFile(at.name, flag, perm)
	case flag&writes != 0:
		return nil, forbidden("open", name)
	}
	return nil, missing("open", name)
}

func missing(op, name string) error {
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// Stat describes a file.
func (m *mounts) Stat(name string) (fs.FileInfo, error) {
	return m.stat("stat", name, FileSystem.Stat)
}

// Lstat describes a file or a symbolic link.
func (m *mounts) Lstat(name string) (fs.FileInfo, error) {
	if m.fixed(name) {
		return m.Stat(name)
	}
	return m.stat("lstat", name, FileSystem.Lstat)
}

func (m *mounts) stat(op, name string, stat func(files FileSystem, name string) (fs.FileInfo, error)) (fs.FileInfo, error) {
	at := m.at(name)
	info, err := fs.FileInfo(nil), missing(op, name)
	if at.files != nil {
		info, err = stat(at.files, at.name)
	}
	if m.leads(name) && (err != nil || !info.IsDir()) {
		return directory(path.Base(path.Clean("/" + name))), nil
	}
	return info, err
}

// ReadDir lists a directory, the mounts in it, too.
func (m *mounts) ReadDir(name string) ([]fs.DirEntry, error) {
	found := map[string]fs.DirEntry{}
	at := m.at(name)
	listed, err := []fs.DirEntry(nil), missing("readdir", name)
	if at.files != nil {
		listed, err = at.files.ReadDir(at.name)
	}
	if err != nil && !m.leads(name) {
		return nil, err
	}
	for _, e := range listed {
		found[e.Name()] = e
	}
	for _, base := range m.lead[rooted(name)] {
		found[base] = fs.FileInfoToDirEntry(directory(base))
	}
	var entries []fs.DirEntry
	for _, base := range slices.Sorted(maps.Keys(found)) {
		entries = append(entries, found[base])
	}
	return entries, nil
}

// Mkdir makes a directory.
func (m *mounts) Mkdir(name string, perm fs.FileMode) error {
	if m.fixed(name) {
		return &fs.PathError{Op: "mkdir", Path: name, Err: fs.ErrExist}
	}
	at, err := m.change("mkdir", name)
	if err != nil {
		return err
	}
	return at.files.Mkdir(at.name, perm)
}

// Remove removes a file or an empty directory.
func (m *mounts) Remove(name string) error {
	at, err := m.change("remove", name)
	if err != nil {
		return err
	}
	return at.files.Remove(at.name)
}

// Rename moves a file within one of the file systems.
func (m *mounts) Rename(from, to string) error {
	source, err := m.change("rename", from)
	target, targetErr := m.change("rename", to)
	switch {
	case err != nil || targetErr != nil:
		return errors.Join(err, targetErr)
	case source.mount != target.mount:
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: syscall.EXDEV}
	}
	return source.files.Rename(source.name, target.name)
}

// Symlink makes a link if the file system that has the name does. The target is one of
// that file system.
func (m *mounts) Symlink(target, name string) error {
	at, err := m.change("symlink", name)
	if err != nil {
		return err
	}
	return at.files.Symlink(target, at.name)
}

// Readlink gives a symbolic link's target.
func (m *mounts) Readlink(name string) (string, error) {
	at := m.at(name)
	if at.files == nil || m.fixed(name) {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	return at.files.Readlink(at.name)
}

// Chmod sets a file's permissions.
func (m *mounts) Chmod(name string, mode fs.FileMode) error {
	at, err := m.change("chmod", name)
	if err != nil {
		return err
	}
	return at.files.Chmod(at.name, mode)
}

// Chtimes sets a file's times.
func (m *mounts) Chtimes(name string, access, modification time.Time) error {
	at, err := m.change("chtimes", name)
	if err != nil {
		return err
	}
	return at.files.Chtimes(at.name, access, modification)
}

// RealPath gives the cleaned path of what exists. Links are not resolved.
func (m *mounts) RealPath(name string) (string, error) { return realPath(m, name) }

// TempDir is /tmp where there is one, else what the file system at "/" has.
func (m *mounts) TempDir() string {
	if info, err := m.Stat("/tmp"); err == nil && info.IsDir() {
		return "/tmp"
	}
	if files := m.files["."]; files != nil {
		return files.TempDir()
	}
	return "/tmp"
}

// directory describes a directory that leads to a mount, by its name.
type directory string

var _ fs.FileInfo = directory("")

func (d directory) Name() string     { return string(d) }
func (directory) Size() int64        { return 0 }
func (directory) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (directory) ModTime() time.Time { return time.Time{} }
func (directory) IsDir() bool        { return true }
func (directory) Sys() any           { return nil }
