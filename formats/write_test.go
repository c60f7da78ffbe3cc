package formats

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func writeString(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// only checks that a folder holds one file, with the given contents.
func only(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v, want one file", entries, err)
	}
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.bin")
	if err := WriteFile(path, writeString("one")); err != nil {
		t.Fatal(err)
	}
	only(t, path, "one")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(path, writeString("two")); err != nil {
		t.Fatal(err)
	}
	only(t, path, "two")
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("permissions: got %v, %v, want 0640", info.Mode(), err)
	}
}

// TestWriteFileFails keeps the old file, whether the writer fails at once,
// after more than the buffer holds, or by a panic that the caller recovers.
func TestWriteFileFails(t *testing.T) {
	broken := errors.New("disk full")
	path := filepath.Join(t.TempDir(), "a.bin")
	if err := WriteFile(path, writeString("old")); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 3, writeBuffer, 3*writeBuffer + 1} {
		err := WriteFile(path, func(w io.Writer) error {
			if _, err := io.WriteString(w, strings.Repeat("x", n)); err != nil {
				t.Error(err)
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: got %v", n, err)
		}
		only(t, path, "old")
	}
	func() {
		defer func() { _ = recover() }()
		_ = WriteFile(path, func(io.Writer) error { panic("mine") })
	}()
	only(t, path, "old")
}

func TestWriteFileNames(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "none", "a.bin")
	if err := WriteFile(missing, writeString("x")); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("no such folder: got %v", err)
	}
	if err := WriteFile(dir, writeString("x")); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a folder: got %v", err)
	}
	long := filepath.Join(dir, strings.Repeat("n", 240))
	if err := WriteFile(long, writeString("x")); err != nil {
		t.Errorf("a long name: %v", err)
	}
	if err := WriteFile(os.DevNull, writeString("x")); err != nil {
		t.Errorf("a device: %v", err)
	}
}

func TestWriteFileSymlink(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.bin")
	if err := WriteFile(path, writeString("old")); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	if err := WriteFile(link, writeString("new")); err != nil {
		t.Fatal(err)
	}
	only(t, path, "new")
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
}
