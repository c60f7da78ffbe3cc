package stdlib

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// FileSystem is how scripts reach files. Names are absolute, or relative to the
// process's directory where the environment has no directory of its own.
// Errors should be *fs.PathError, or wrap the errors of package io/fs.
type FileSystem interface {
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	Stat(name string) (fs.FileInfo, error)
	Lstat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	Mkdir(name string, perm fs.FileMode) error
	Remove(name string) error
	Rename(from, to string) error
	Symlink(target, name string) error
	Readlink(name string) (string, error)
	Chmod(name string, mode fs.FileMode) error
	Chtimes(name string, access, modification time.Time) error
	// RealPath resolves the symbolic links of a path that exists.
	RealPath(name string) (string, error)
	// TempDir is the directory for temporary files.
	TempDir() string
}

// File is an open file.
type File interface {
	io.ReadWriteSeeker
	io.Closer
	Truncate(size int64) error
}

// HostFiles is the operating system's file system, without restriction.
type HostFiles struct{}

var _ FileSystem = HostFiles{}

// OpenFile opens or creates a file.
func (HostFiles) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Stat describes a file, following symbolic links.
func (HostFiles) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// Lstat describes a file or a symbolic link.
func (HostFiles) Lstat(name string) (fs.FileInfo, error) { return os.Lstat(name) }

// ReadDir lists a directory.
func (HostFiles) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// Mkdir makes a directory.
func (HostFiles) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }

// Remove removes a file or an empty directory.
func (HostFiles) Remove(name string) error { return os.Remove(name) }

// Rename moves a file, replacing what is there.
func (HostFiles) Rename(from, to string) error { return os.Rename(from, to) }

// Symlink makes a symbolic link.
func (HostFiles) Symlink(target, name string) error { return os.Symlink(target, name) }

// Readlink gives a symbolic link's target.
func (HostFiles) Readlink(name string) (string, error) { return os.Readlink(name) }

// Chmod sets a file's permissions.
func (HostFiles) Chmod(name string, mode fs.FileMode) error { return os.Chmod(name, mode) }

// Chtimes sets a file's times.
func (HostFiles) Chtimes(name string, access, modification time.Time) error {
	return os.Chtimes(name, access, modification)
}

// RealPath resolves symbolic links.
func (HostFiles) RealPath(name string) (string, error) { return filepath.EvalSymlinks(name) }

// TempDir is the system's directory for temporary files.
func (HostFiles) TempDir() string { return os.TempDir() }

// deniedFiles refuses everything: the file system of a runtime that has none.
type deniedFiles struct{}

var _ FileSystem = deniedFiles{}

// errDenied is why.
type errDenied struct{}

func (errDenied) Error() string        { return "file access is not allowed in this runtime" }
func (errDenied) Is(target error) bool { return target == fs.ErrPermission }

func denied(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: errDenied{}} }

func (deniedFiles) OpenFile(name string, _ int, _ fs.FileMode) (File, error) {
	return nil, denied("open", name)
}
func (deniedFiles) Stat(name string) (fs.FileInfo, error)      { return nil, denied("stat", name) }
func (deniedFiles) Lstat(name string) (fs.FileInfo, error)     { return nil, denied("lstat", name) }
func (deniedFiles) ReadDir(name string) ([]fs.DirEntry, error) { return nil, denied("readdir", name) }
func (deniedFiles) Mkdir(name string, _ fs.FileMode) error     { return denied("mkdir", name) }
func (deniedFiles) Remove(name string) error                   { return denied("remove", name) }
func (deniedFiles) Rename(from, _ string) error                { return denied("rename", from) }
func (deniedFiles) Symlink(_, name string) error               { return denied("symlink", name) }
func (deniedFiles) Readlink(name string) (string, error)       { return "", denied("readlink", name) }
func (deniedFiles) Chmod(name string, _ fs.FileMode) error     { return denied("chmod", name) }
func (deniedFiles) Chtimes(name string, _, _ time.Time) error  { return denied("chtimes", name) }
func (deniedFiles) RealPath(name string) (string, error)       { return "", denied("realpath", name) }
func (deniedFiles) TempDir() string                            { return "/tmp" }
