package mlxstar

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/stdlib"
)

// The file systems of this file have one root, "/", and no way out of it: names are
// cleaned from the root on before anything looks at them, so that ".." at the root is
// the root.

// rooted gives a script's name as io/fs writes it: without the root, "." for itself.
func rooted(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, "\\", "/")), "/")
	if name == "" {
		return "."
	}
	return name
}

func forbidden(op, name string) error {
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrPermission}
}

// Folder is a folder of the machine as the whole file system of scripts: "/" is the
// folder. What lies outside it is out of reach, by whatever name, and by symbolic links
// too, also such as change meanwhile. Scripts make no links.
type Folder struct{ root *os.Root }

var (
	_ FileSystem = (*Folder)(nil)
	_ fs.FS      = (*Folder)(nil)
)

// Dir opens a folder for Options.Files. Close it when no runtime uses it any more.
// ReadOnly(folder) is the same without writing.
func Dir(path string) (*Folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Folder{root}, nil
}

// Close closes the folder. Files that are open stay so.
func (f *Folder) Close() error { return f.root.Close() }

// Open opens a file for reading, as io/fs wants it.
func (f *Folder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	file, err := f.open(filepath.FromSlash(name), os.O_RDONLY, 0)
	if err != nil {
		return nil, err // not a nil *os.File in an interface
	}
	return file, nil
}

// OpenFile opens or creates a file. Pipes and devices are refused.
func (f *Folder) OpenFile(name string, flag int, perm fs.FileMode) (stdlib.File, error) {
	file, err := f.open(rooted(name), flag, perm)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// open opens a file, and nothing that makes its reader wait or never ends.
func (f *Folder) open(name string, flag int, perm fs.FileMode) (*os.File, error) {
	file, err := f.root.OpenFile(name, flag|withoutWaiting, perm.Perm())
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("neither a file nor a directory")}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Stat describes a file, following symbolic links within the folder.
func (f *Folder) Stat(name string) (fs.FileInfo, error) { return f.root.Stat(rooted(name)) }

// Lstat describes a file or a symbolic link.
func (f *Folder) Lstat(name string) (fs.FileInfo, error) { return f.root.Lstat(rooted(name)) }

// ReadDir lists a directory.
func (f *Folder) ReadDir(name string) ([]fs.DirEntry, error) {
	return fs.ReadDir(f.root.FS(), rooted(name))
}

// Mkdir makes a directory.
func (f *Folder) Mkdir(name string, perm fs.FileMode) error {
	return f.root.Mkdir(rooted(name), perm.Perm())
}

// Remove removes a file or an empty directory, and not the folder itself.
func (f *Folder) Remove(name string) error { return f.root.Remove(rooted(name)) }

// Rename moves a file, replacing what is there.
func (f *Folder) Rename(from, to string) error { return f.root.Rename(rooted(from), rooted(to)) }

// Symlink is refused: a link could lead others, who follow it, out of the folder.
func (f *Folder) Symlink(_, name string) error { return forbidden("symlink", name) }

// Readlink gives the target of a link that is there.
func (f *Folder) Readlink(name string) (string, error) { return f.root.Readlink(rooted(name)) }

// Chmod sets a file's permissions.
func (f *Folder) Chmod(name string, mode fs.FileMode) error {
	err := f.root.Chmod(rooted(name), mode.Perm())
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	// A process may have given up to do so by name.
	if info, statErr := f.Stat(name); statErr != nil || !info.Mode().IsRegular() && !info.IsDir() {
		return err // opening a pipe would wait
	}
	file, openErr := f.root.Open(rooted(name))
	if openErr != nil {
		return err
	}
	return errors.Join(file.Chmod(mode.Perm()), file.Close())
}

// Chtimes sets a file's times.
func (f *Folder) Chtimes(name string, access, modification time.Time) error {
	return f.root.Chtimes(rooted(name), access, modification)
}

// RealPath gives the cleaned path of what exists. Links are not resolved.
func (f *Folder) RealPath(name string) (string, error) { return realPath(f, name) }

// TempDir is /tmp where the folder has one, else the folder.
func (f *Folder) TempDir() string {
	if info, err := f.root.Stat("tmp"); err == nil && info.IsDir() {
		return "/tmp"
	}
	return "/"
}

// replace writes a file as a whole or not at all, by way of a temporary file beside it.
func (f *Folder) replace(name string, write func(w io.Writer) error) (err error) {
	suffix := make([]byte, 6)
	if _, err := rand.Read(suffix); err != nil {
		return err
	}
	dir, base := path.Split(name)
	f.removeOrphans(dir)
	temp := fmt.Sprintf("%s.%.100s.%x.tmp", dir, base, suffix)
	file, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return &fs.PathError{Op: "write", Path: name, Err: errors.Unwrap(err)}
	}
	release, _ := formats.Hold(file)
	defer release()
	done := false
	defer func() { // also when write panics
		if !done {
			err = errors.Join(err, file.Close(), f.root.Remove(temp))
		}
	}()
	buffered := bufio.NewWriter(file)
	if err := write(buffered); err != nil {
		return err
	}
	if err := errors.Join(buffered.Flush(), file.Sync()); err != nil {
		return err
	}
	if info, err := f.root.Lstat(name); err == nil && info.Mode().IsRegular() {
		if err := file.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	done = true
	if err := file.Close(); err != nil {
		return errors.Join(err, f.root.Remove(temp))
	}
	if err := f.root.Rename(temp, name); err != nil {
		return errors.Join(err, f.root.Remove(temp))
	}
	return nil
}

// removeOrphans removes what saves that were killed left in a directory.
func (f *Folder) removeOrphans(dir string) {
	entries, err := f.ReadDir(dir)
	if err != nil {
		return
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	formats.RemoveOrphans(within{f.root, dir}, names)
}

// within is a directory of a folder.
type within struct {
	root *os.Root
	dir  string
}

func (w within) Open(name string) (*os.File, error) {
	if info, err := w.root.Lstat(w.dir + name); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(fs.ErrInvalid, err) // opening a pipe would wait
	}
	return w.root.Open(w.dir + name)
}
func (w within) Remove(name string) error { return w.root.Remove(w.dir + name) }

func realPath(files FileSystem, name string) (string, error) {
	if _, err := files.Stat(name); err != nil {
		return "", err
	}
	return path.Clean("/" + rooted(name)), nil
}

// ReadOnly lets scripts read what fsys holds, below "/", and change nothing. A file
// system of os.DirFS, and a part of one by fs.Sub, is opened as Dir opens its folder,
// since its links would lead out. One of the caller's own must see to that itself.
func ReadOnly(fsys fs.FS) FileSystem {
	if fsys == nil {
		return readOnly{failing{fs.ErrInvalid}}
	}
	path, ok := pathOf(reflect.ValueOf(fsys))
	if !ok {
		return readOnly{fsys}
	}
	folder, err := Dir(path)
	if err != nil {
		return readOnly{failing{err}}
	}
	return readOnly{folder}
}

var (
	dirFS    = reflect.TypeOf(os.DirFS("."))
	sub, _   = fs.Sub(failing{}, "part")
	partOfFS = reflect.TypeOf(sub)
)

// pathOf is the folder of the machine that a file system opens names in, links included:
// os.DirFS's, or a part of it. Package io/fs does not tell what a part is of but by its
// fields.
func pathOf(fsys reflect.Value) (path string, ok bool) {
	switch fsys.Type() {
	case dirFS:
		return fsys.String(), true
	case partOfFS:
		whole, part := fsys.Elem().FieldByName("fsys"), fsys.Elem().FieldByName("dir")
		if whole.IsValid() && part.IsValid() {
			path, ok = pathOf(whole.Elem())
			return filepath.Join(path, filepath.FromSlash(part.String())), ok
		}
	}
	return "", false
}

// failing is the file system that could not be opened.
type failing struct{ err error }

func (f failing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: f.err}
}

type readOnly struct{ fs fs.FS }

var _ FileSystem = readOnly{}

// readOnlyFile is an open file of an io/fs.FS. One that cannot seek was read whole.
type readOnlyFile struct {
	io.ReadSeeker
	io.Closer
}

func (readOnlyFile) Write([]byte) (int, error) { return 0, fs.ErrPermission }
func (readOnlyFile) Truncate(int64) error      { return fs.ErrPermission }

// OpenFile opens a file for reading.
func (r readOnly) OpenFile(name string, flag int, _ fs.FileMode) (stdlib.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE|os.O_TRUNC|os.O_APPEND) != 0 {
		return nil, forbidden("open", name)
	}
	f, err := r.fs.Open(rooted(name))
	if err != nil {
		return nil, err
	}
	if s, ok := f.(io.ReadSeeker); ok {
		return readOnlyFile{s, f}, nil
	}
	data, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return readOnlyFile{bytes.NewReader(data), io.NopCloser(nil)}, nil
}

func (r readOnly) Stat(name string) (fs.FileInfo, error)  { return fs.Stat(r.fs, rooted(name)) }
func (r readOnly) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(r.fs, rooted(name)) }
func (r readOnly) ReadDir(name string) ([]fs.DirEntry, error) {
	return fs.ReadDir(r.fs, rooted(name))
}
func (r readOnly) Mkdir(name string, _ fs.FileMode) error    { return forbidden("mkdir", name) }
func (r readOnly) Remove(name string) error                  { return forbidden("remove", name) }
func (r readOnly) Rename(from, _ string) error               { return forbidden("rename", from) }
func (r readOnly) Symlink(_, name string) error              { return forbidden("symlink", name) }
func (r readOnly) Readlink(name string) (string, error)      { return fs.ReadLink(r.fs, rooted(name)) }
func (r readOnly) Chmod(name string, _ fs.FileMode) error    { return forbidden("chmod", name) }
func (r readOnly) Chtimes(name string, _, _ time.Time) error { return forbidden("chtimes", name) }
func (r readOnly) RealPath(name string) (string, error)      { return realPath(r, name) }
func (r readOnly) TempDir() string                           { return "/tmp" }

// folderOf gives the folder of the machine behind a file system, or nil.
func folderOf(files FileSystem) *Folder {
	switch f := files.(type) {
	case *Folder:
		return f
	case readOnly:
		folder, _ := f.fs.(*Folder)
		return folder
	}
	return nil
}
