package formats

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// writeBuffer gathers headers and small tensors; large ones pass it by.
const writeBuffer = 1 << 16

// WriteFile writes a file as a whole or not at all. What write produces goes to
// a temporary file in the folder of path, which is flushed to the disk and then
// renamed to path, so that at any moment, also after a crash, path holds the
// old contents or the new. If write fails, or the disk does, the old file is
// untouched and the temporary one is gone; one that a killed process left is gone after
// the next save in the folder. An existing file keeps its
// permissions, and a symbolic link stays one. What is not a regular file (a
// pipe, a device) is written directly. Whoever has the old file open or mapped
// keeps the old contents; on Windows a mapped file cannot be replaced, and the
// error says so.
func WriteFile(path string, write func(io.Writer) error) error {
	target := path
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		target = resolved
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("is a directory")}
	case err == nil && !info.Mode().IsRegular():
		return writeThrough(target, write)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	dir := directory(filepath.Dir(target) + string(filepath.Separator))
	RemoveOrphans(dir, dir.names())
	f, release, err := createTemp(target)
	if err != nil {
		return err
	}
	defer release()
	done := false
	defer func() { // also when write panics
		if !done {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := fill(f, info, write); err != nil {
		return renamed(err, f.Name(), target)
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return err
	}
	done = true
	syncFolder(filepath.Dir(target))
	return nil
}

// createTemp makes a new file beside target with the permissions that a file
// created there would have; os.CreateTemp would make it private.
func createTemp(target string) (f *os.File, release func(), err error) {
	dir, base := filepath.Split(target)
	for try := 0; ; try++ {
		var suffix [6]byte
		if _, err := rand.Read(suffix[:]); err != nil {
			return nil, nil, err
		}
		name := filepath.Join(dir, fmt.Sprintf(".%s.%s.tmp", shorten(base), hex.EncodeToString(suffix[:])))
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			if errors.Is(err, fs.ErrExist) && try < 100 {
				continue
			}
			return nil, nil, renamed(err, name, target)
		}
		release, _ := Hold(f)
		info, err := f.Stat()
		if err == nil && (linked(info) || try == 100) {
			return f, release, nil
		}
		release() // another save took it for an orphan before it was held
		f.Close()
		if err != nil {
			return nil, nil, renamed(err, name, target)
		}
	}
}

// shorten keeps the temporary name within what file systems allow where the
// name itself is near the limit.
func shorten(base string) string {
	const longest = 200
	if len(base) > longest {
		return strings.ToValidUTF8(base[:longest], "")
	}
	return base
}

// renamed makes an error of the temporary file speak of the one that was asked for.
func renamed(err error, temp, target string) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) && pathErr.Path == temp {
		return &fs.PathError{Op: "write", Path: target, Err: pathErr.Err}
	}
	return err
}

// fill writes, flushes and closes f. The file is closed in every case.
func fill(f *os.File, old fs.FileInfo, write func(io.Writer) error) error {
	err := buffered(f, write)
	if err == nil && old != nil {
		err = f.Chmod(old.Mode().Perm())
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func writeThrough(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = buffered(f, write)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func buffered(f *os.File, write func(io.Writer) error) error {
	w := bufio.NewWriterSize(f, writeBuffer)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}

// syncFolder makes the rename itself durable. Not every system can sync a
// folder, and the file is whole either way, so a failure is no error.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
