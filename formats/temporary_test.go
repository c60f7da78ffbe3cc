package formats

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestOrphansAreRemoved leaves the temporary file of a save that was killed, which the next
// one removes, and that of a save that goes on, which it does not.
func TestOrphansAreRemoved(t *testing.T) {
	dir := t.TempDir()
	put := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{".a.npy.0123456789ab.tmp", ".b.0123456789ab.tmp", "c.tmp", ".d.tmp", ".e.0123.tmp", ".f.0123456789xy.tmp"} {
		put(name)
	}
	if err := os.Mkdir(filepath.Join(dir, ".g.0123456789ab.tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	during := func() []string {
		names := directory(dir + string(filepath.Separator)).names()
		slices.Sort(names)
		return names
	}
	kept := []string{".d.tmp", ".e.0123.tmp", ".f.0123456789xy.tmp", ".g.0123456789ab.tmp", "c.tmp"}
	err := WriteFile(filepath.Join(dir, "outer"), func(w io.Writer) error {
		if n := len(during()); n != len(kept)+1 {
			t.Errorf("in a save there are %v", during())
		}
		// Another save finishes while this one writes.
		return WriteFile(filepath.Join(dir, "inner"), func(w io.Writer) error { return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	want := append(slices.Clone(kept), "inner", "outer")
	slices.Sort(want)
	if got := during(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
