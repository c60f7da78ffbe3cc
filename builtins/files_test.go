package builtins_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// A host without files denies them, with Python's exception.
func TestDeniedFiles(t *testing.T) {
	h := newHost(t, "")
	for _, src := range []string{
		`mx.load("x.npy")`,
		`mx.save("x.npy", mx.ones(1))`,
		`mx.savez("x", mx.ones(1))`,
		`mx.save_safetensors("x", {"a": mx.ones(1)})`,
		`mx.save_gguf("x", {"a": mx.ones(1)})`,
	} {
		if _, err := h.run("denied.py", src); err == nil || !strings.Contains(err.Error(), "PermissionError") {
			t.Errorf("%s: got error %v, want a PermissionError", src, err)
		}
	}
}

// A file that is cut short between load and evaluation is an error of the
// evaluation; the runtime goes on.
func TestTruncatedWhileLazy(t *testing.T) {
	dir := t.TempDir()
	h := newHost(t, dir)
	if _, err := h.run("save.py", `mx.save("a.npy", mx.zeros((1000,)))`); err != nil {
		t.Fatal(err)
	}
	m, err := h.run("load.py", `x = mx.load("a.npy")`)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "a.npy"), 200); err != nil {
		t.Fatal(err)
	}
	x := m.Get("x").String()
	if !strings.Contains(x, "truncated") {
		t.Errorf("got %s, want an error that says the file was truncated", x)
	}
	if _, err := h.run("after.py", `assert mx.ones(2).sum().item() == 2`); err != nil {
		t.Error(err)
	}
}

// Garbage is a Python exception for every format.
func TestGarbageFiles(t *testing.T) {
	dir := t.TempDir()
	h := newHost(t, dir)
	for _, c := range []struct{ name, data, want string }{
		{"a.npy", "", "RuntimeError"},
		{"b.npy", "garbage", "RuntimeError"},
		{"a.npz", "PK\x03\x04broken", "ValueError"},
		{"a.safetensors", "\xff\xff\xff\xff\xff\xff\xff\x7f{}", "RuntimeError"},
		{"a.gguf", "GGUF\x03\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\x7f", "RuntimeError"},
	} {
		if err := os.WriteFile(filepath.Join(dir, c.name), []byte(c.data), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := h.run("load.py", `mx.load("`+c.name+`")`)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %s", c.name, err, c.want)
		}
	}
}

// What cannot be written leaves the old file as it was.
func TestFailedSaveKeepsFile(t *testing.T) {
	dir := t.TempDir()
	h := newHost(t, dir)
	if _, err := h.run("save.py", `mx.save_safetensors("a", {"a": mx.arange(3)})`); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "a.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.run("fail.py", `mx.save_safetensors("a", {"a": mx.array([1.0], mx.float64)})`)
	if err == nil {
		t.Fatalf("saving %s as safetensors gave no error", engine.Float64)
	}
	after, err := os.ReadFile(filepath.Join(dir, "a.safetensors"))
	if err != nil || string(after) != string(before) {
		t.Errorf("the file changed though the save failed: %v", err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	if hidden, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left)+len(hidden) != 1 {
		t.Errorf("files left behind: %v %v", left, hidden)
	}
}
