// Package mmap maps files into memory for reading.
//
// A mapping costs no memory of the process until its bytes are touched, and
// what is touched belongs to the system's file cache. A file that another
// process shortens later is a hazard: touching a mapped page behind the new
// end is a fault that kills the process. File.ReadAt never touches the
// mapping and reports an end of file instead; code that works on Bytes
// directly does so inside File.Guard, which turns the fault into ErrTruncated.
// A file that is replaced by a rename, as formats.WriteFile does, is no
// hazard: the mapping keeps the old contents.
package mmap

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"unsafe"
)

// ErrTruncated is the error of a file that has become shorter than it was when it was mapped.
var ErrTruncated = errors.New("file was truncated after it was opened")

// File is a file that is open for reading and, where the system can, mapped.
// Its methods may be called at the same time.
type File struct {
	path   string
	stat   func(path string) (os.FileInfo, error)
	file   *os.File
	size   int64
	mapped bool
	// data is nil after Close. A view of the bytes must not outlive it.
	data  atomic.Pointer[[]byte]
	unmap runtime.Cleanup // of a mapping whose File is dropped without Close
}

var _ io.ReaderAt = (*File)(nil)

// Open opens and maps a file. Where it cannot be mapped (a pipe, a device, a
// file system without mappings, an address space that is full) it is read as a
// whole; Mapped tells. The mapping lives until Close, or until the File is no
// longer reachable.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return Map(file, path, os.Stat)
}

// Map maps a file that is open for reading, which it owns from then on. Path is its
// name, and stat says what the name leads to.
func Map(file *os.File, path string, stat func(path string) (os.FileInfo, error)) (*File, error) {
	f := &File{path: path, file: file, stat: stat}
	if err := f.load(); err != nil {
		file.Close()
		return nil, err
	}
	return f, nil
}

func (f *File) load() error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return &os.PathError{Op: "read", Path: f.path, Err: errors.New("is a directory")}
	}
	var data []byte
	if info.Mode().IsRegular() && info.Size() > 0 && info.Size() == int64(int(info.Size())) {
		if data, err = mapFile(f.file, int(info.Size())); err == nil {
			f.mapped = true
			f.store(data)
			f.unmap = runtime.AddCleanup(f, func(data []byte) { _ = unmap(data) }, data)
			return nil
		}
	}
	if data, err = io.ReadAll(f.file); err != nil {
		return err
	}
	f.store(data)
	return nil
}

func (f *File) store(data []byte) {
	f.size = int64(len(data))
	f.data.Store(&data)
}

// Path returns the path that was opened.
func (f *File) Path() string { return f.path }

// Size returns the number of bytes the file had when it was opened.
func (f *File) Size() int64 { return f.size }

// Mapped reports whether the file is mapped; if not, Bytes is a copy in memory.
func (f *File) Mapped() bool { return f.mapped }

// Bytes returns the file's contents, nil after Close. The slice must not be
// written to, and is valid only while f is open and reachable.
func (f *File) Bytes() []byte {
	if data := f.data.Load(); data != nil {
		return *data
	}
	return nil
}

// ReadAt implements io.ReaderAt. It reads the file as it is now, not the
// mapping: of a file that was shortened it gives what is left, and ErrTruncated.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	data := f.data.Load()
	switch {
	case data == nil:
		return 0, f.errorOf("read", os.ErrClosed)
	case off < 0:
		return 0, f.errorOf("read", fmt.Errorf("offset is %d, want at least 0", off))
	case off >= f.size:
		return 0, io.EOF
	}
	want, end := p, error(nil)
	if int64(len(p)) > f.size-off {
		want, end = p[:f.size-off], io.EOF
	}
	if !f.mapped {
		return copy(want, (*data)[off:]), end
	}
	n, err := f.file.ReadAt(want, off)
	if n == len(want) {
		return n, end
	}
	if err == io.EOF {
		err = f.errorOf("read", ErrTruncated)
	}
	return n, err
}

// Check returns ErrTruncated if the file is now shorter than it was when it
// was opened. Work on Bytes that must not fault needs Guard nevertheless, as
// the file may be shortened at any moment.
func (f *File) Check() error {
	if f.data.Load() == nil {
		return f.errorOf("read", os.ErrClosed)
	}
	if !f.mapped {
		return nil
	}
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < f.size {
		return f.errorOf("read", ErrTruncated)
	}
	return nil
}

// Replaced reports whether the path now leads to another file, or to none.
func (f *File) Replaced() bool {
	now, err := f.stat(f.path)
	if err != nil {
		return true
	}
	mine, err := f.file.Stat()
	return err != nil || !os.SameFile(mine, now)
}

// Guard checks the file, runs work, and returns ErrTruncated if work met a
// fault in the mapping, which happens on the calling goroutine only. Other
// panics pass. What work has written by then is incomplete.
func (f *File) Guard(work func()) (err error) {
	if err := f.Check(); err != nil {
		return err
	}
	data := f.Bytes()
	old := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(old)
		runtime.KeepAlive(f)
		cause := recover()
		if cause == nil {
			return
		}
		if !f.mapped || !inside(cause, data) {
			panic(cause)
		}
		err = f.errorOf("read", ErrTruncated)
	}()
	work()
	return nil
}

// inside reports whether a panic is a memory fault at an address of data.
func inside(cause any, data []byte) bool {
	fault, ok := cause.(interface{ Addr() uintptr })
	if !ok || len(data) == 0 {
		return false
	}
	at, begin := fault.Addr(), uintptr(unsafe.Pointer(&data[0]))
	return at >= begin && at-begin < uintptr(len(data))
}

// Close closes the file and ends the mapping. Bytes that were handed out must
// not be touched any more. Closing again does nothing.
func (f *File) Close() error {
	data := f.data.Swap(nil)
	if data == nil {
		return nil
	}
	err := f.file.Close()
	if f.mapped {
		f.unmap.Stop()
		err = errors.Join(err, unmap(*data))
	}
	return err
}

func (f *File) errorOf(operation string, err error) error {
	return &os.PathError{Op: operation, Path: f.path, Err: err}
}
