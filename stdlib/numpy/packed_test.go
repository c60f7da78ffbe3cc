package numpy

import (
	"os"
	"testing"

	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

// TestPacked finds files of the library that are not packed as they are.
func TestPacked(t *testing.T) {
	want, err := packed.Source(os.DirFS("source"))
	if err != nil {
		t.Fatal(err)
	}
	stale, gone := sources.Compare(want)
	if len(stale)+len(gone) > 0 {
		t.Fatalf("packed are not %v, and still %v: run go generate ./stdlib/...", stale, gone)
	}
	if len(sources.Names(".")) < 10 {
		t.Fatalf("the library has %d files", len(sources.Names(".")))
	}
}
