package documents_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/internal/suite"
)

// arrows lists which packages of this module each package may import; a
// package's own internal and sub packages come with it. docs/design.md draws the
// same picture.
var arrows = map[string][]string{
	"cmd":      {""},
	"bench":    {"", "alloc"},
	"scripts":  {""},
	"":         {"dialect", "builtins", "stdlib", "engine", "cpu", "metal", "alloc", "formats"},
	"builtins": {"engine", "dialect", "alloc", "formats"},
	"stdlib":   {"dialect", "builtins", "engine", "formats"},
	"dialect":  {},
	"cpu":      {"engine", "alloc"},
	"metal":    {"engine", "alloc"},
	"formats":  {},
	"engine":   {"alloc", "formats"},
	"alloc":    {},
	"internal": {"", "builtins", "dialect", "engine", "alloc", "metal"},
}

// outside lists the modules that each package may import besides the standard library.
var outside = map[string][]string{
	"bench":    {"golang.org/x/sys"},
	"scripts":  {},
	"cmd":      {"github.com/chzyer/readline", "go.starlark.net", "golang.org/x/sys"},
	"":         {"go.starlark.net"},
	"builtins": {"go.starlark.net"},
	"stdlib":   {"go.starlark.net"},
	"dialect":  {"go.starlark.net"},
	"cpu":      {"golang.org/x/sys", "github.com/ebitengine/purego", "gonum.org/v1/gonum"},
	"metal":    {"github.com/ebitengine/purego"},
	"formats":  {},
	"engine":   {},
	"alloc":    {"golang.org/x/sys"},
	"internal": {"go.starlark.net"},
}

const module = "github.com/mlxstar/mlxstar"

func TestImportRules(t *testing.T) {
	list := exec.Command("go", "list", "-json=ImportPath,Imports,Standard", "./...")
	list.Dir = suite.Root(t)
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		seen++
		for _, imp := range p.Imports {
			checkImport(t, p.ImportPath, imp)
		}
	}
	if seen < 8 {
		t.Fatalf("go list named %d packages; the test did not see the module", seen)
	}
}

func checkImport(t *testing.T, from, to string) {
	t.Helper()
	house := top(from)
	if _, known := arrows[house]; !known {
		t.Errorf("%s: no rule for this folder; add it to arrows and to docs/design.md", from)
		return
	}
	switch {
	case to == module || strings.HasPrefix(to, module+"/"):
		if top(to) != house && !contains(arrows[house], top(to)) {
			t.Errorf("%s imports %s: not among the allowed arrows", from, to)
		}
	case strings.Contains(strings.Split(to, "/")[0], "."):
		for _, m := range outside[house] {
			if to == m || strings.HasPrefix(to, m+"/") {
				return
			}
		}
		t.Errorf("%s imports %s: that module is not for this folder", from, to)
	}
}

// top is the first folder of a package within the module, "" for the root.
func top(path string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	return strings.Split(rest, "/")[0]
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
