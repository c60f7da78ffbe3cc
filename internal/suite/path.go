// Package suite is what the suites in the folders below it share: scripts under test,
// the devices that they run on, and the way to the repository's files.
package suite

import (
	"os"
	"path/filepath"
	"testing"

	_ "github.com/mlxstar/mlxstar/internal/conformance/flags" // go test ./... gives them to every package
)

// Root gives the directory of the module, in which go.mod lies.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			t.Fatalf("no go.mod in %s or above it", dir)
		}
	}
}

// Path gives the place of a file or folder that is named from the module's root, with
// slashes. An absolute path stays as it is.
func Path(t testing.TB, name string) string {
	t.Helper()
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(Root(t), filepath.FromSlash(name))
}

// Read gives the text of a file that is named from the module's root.
func Read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Glob lists the files that match a pattern from the module's root, of which there
// must be some.
func Glob(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(Path(t, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return paths
}
