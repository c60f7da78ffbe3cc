package mmap

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func create(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func canMap() bool {
	return runtime.GOOS == "linux" || runtime.GOOS == "darwin" || runtime.GOOS == "windows"
}

func TestRead(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789"), 2000)
	f := open(t, create(t, want))
	if f.Mapped() != canMap() || f.Size() != int64(len(want)) || !bytes.Equal(f.Bytes(), want) {
		t.Errorf("mapped %v, size %d, want %v, %d and the same bytes", f.Mapped(), f.Size(), canMap(), len(want))
	}
	if err := f.Check(); err != nil || f.Replaced() {
		t.Errorf("check: %v, replaced %v", err, f.Replaced())
	}
	for _, c := range []struct {
		off, n, want int
		end          error
	}{{0, 10, 10, nil}, {15, 7, 7, nil}, {19990, 10, 10, nil}, {19990, 11, 10, io.EOF}, {20000, 1, 0, io.EOF}, {30000, 1, 0, io.EOF}} {
		p := make([]byte, c.n)
		n, err := f.ReadAt(p, int64(c.off))
		if n != c.want || err != c.end || !bytes.Equal(p[:n], want[min(c.off, len(want)):][:n]) {
			t.Errorf("%d bytes at %d: got %d, %v, want %d, %v", c.n, c.off, n, err, c.want, c.end)
		}
	}
	if _, err := f.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a negative offset is accepted")
	}
}

func TestClose(t *testing.T) {
	f := open(t, create(t, []byte("abc")))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil || f.Bytes() != nil {
		t.Errorf("closed again: %v, bytes %q", err, f.Bytes())
	}
	if _, err := f.ReadAt(make([]byte, 1), 0); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("read: got %v", err)
	}
	if err := f.Guard(func() { t.Error("work ran") }); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("guard: got %v", err)
	}
}

func TestEmptyAndMissing(t *testing.T) {
	f := open(t, create(t, nil))
	if n, err := f.ReadAt(make([]byte, 1), 0); n != 0 || err != io.EOF || f.Size() != 0 {
		t.Errorf("empty: got %d, %v, size %d", n, err, f.Size())
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: got %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder is opened")
	}
}

// TestTruncated shortens a mapped file and touches every way to read it.
func TestTruncated(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the system does not let a mapped file be shortened")
	}
	const size = 1 << 20
	path := create(t, make([]byte, size))
	f := open(t, path)
	if err := os.Truncate(path, 10); err != nil {
		t.Fatal(err)
	}
	if err := f.Check(); !errors.Is(err, ErrTruncated) {
		t.Errorf("check: got %v", err)
	}
	if n, err := f.ReadAt(make([]byte, 20), 0); n != 10 || !errors.Is(err, ErrTruncated) {
		t.Errorf("read: got %d, %v", n, err)
	}
	if err := f.Guard(func() { t.Error("work ran") }); !errors.Is(err, ErrTruncated) {
		t.Errorf("guard: got %v", err)
	}
}

// TestFault shortens the file while guarded work runs.
func TestFault(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("the system does not let a mapped file be shortened")
	}
	const size = 1 << 20
	path := create(t, make([]byte, size))
	f := open(t, path)
	sum, reached := 0, false
	err := f.Guard(func() {
		if err := os.Truncate(path, 0); err != nil {
			t.Fatal(err)
		}
		for _, b := range f.Bytes() {
			sum += int(b)
		}
		reached = true
	})
	if !errors.Is(err, ErrTruncated) || reached {
		t.Errorf("got %v, reached the end: %v, sum %d", err, reached, sum)
	}
}

func TestGuardPassesOtherPanics(t *testing.T) {
	f := open(t, create(t, []byte("abc")))
	defer func() {
		if got := recover(); got != "mine" {
			t.Errorf("recovered %v", got)
		}
	}()
	_ = f.Guard(func() { panic("mine") })
}

func TestReplaced(t *testing.T) {
	path := create(t, []byte("old"))
	f := open(t, path)
	if err := os.WriteFile(path+".new", []byte("new"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip("the system does not let a mapped file be replaced")
		}
		t.Fatal(err)
	}
	if !f.Replaced() || string(f.Bytes()) != "old" {
		t.Errorf("replaced %v, bytes %q", f.Replaced(), f.Bytes())
	}
	p := make([]byte, 3)
	if _, err := f.ReadAt(p, 0); err != nil || string(p) != "old" {
		t.Errorf("read: got %q, %v", p, err)
	}
	if err := os.Remove(path); err != nil || !f.Replaced() {
		t.Errorf("removed: %v, replaced %v", err, f.Replaced())
	}
}
