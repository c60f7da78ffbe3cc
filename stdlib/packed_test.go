package stdlib

import (
	"os"
	"testing"

	"github.com/mlxstar/mlxstar/stdlib/internal/frozen"
	"github.com/mlxstar/mlxstar/stdlib/internal/packed"
)

// TestFrozen finds modules whose frozen programs are not what their text compiles to.
func TestFrozen(t *testing.T) {
	want, err := frozen.Programs(os.DirFS("source"), "mlx.nn", "mlx.optimizers", "functools", "textwrap")
	if err != nil {
		t.Fatal(err)
	}
	stale, gone := programs.Compare(want)
	if len(stale)+len(gone) > 0 {
		t.Fatalf("frozen otherwise than they compile now are %v, and still there is %v: run go generate ./stdlib/...", stale, gone)
	}
}

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
	if len(sources.Names(".")) < 100 {
		t.Fatalf("the library has %d files", len(sources.Names(".")))
	}
}
