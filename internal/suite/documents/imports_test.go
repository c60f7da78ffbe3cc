package documents_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/internal/suite"
)

const module = "github.com/mlxstar/mlxstar"

// arrows are what the packages below a folder import besides each other: folders of this
// module, and other modules. The root's own name is "".
type arrows map[string][]string

// drawn reads the arrows of docs/design.md: its picture of the packages, and its table of
// dependencies.
func drawn(t *testing.T) arrows {
	t.Helper()
	page := suite.Read(t, "docs/design.md")
	section := func(title string) string {
		_, rest, ok := strings.Cut(page, "\n## "+title+"\n")
		if !ok {
			t.Fatalf("docs/design.md has no section %q", title)
		}
		text, _, _ := strings.Cut(rest, "\n## ")
		return text
	}
	folder := func(name string) string {
		if name == "mlxstar" || name == "mlxstar (root)" {
			return ""
		}
		return name
	}
	all := arrows{}
	for line := range strings.Lines(section("Packages, and who may import whom")) {
		from, rest, ok := strings.Cut(strings.TrimPrefix(line, "    "), "->")
		if !ok || !strings.HasPrefix(line, "    ") {
			continue
		}
		list, _, _ := strings.Cut(strings.TrimSpace(rest), "  ") // what follows says what it is
		from = folder(strings.TrimSpace(from))
		all[from] = []string{}
		for _, to := range strings.Split(list, ", ") {
			if to != "standard library" {
				all[from] = append(all[from], folder(to))
			}
		}
	}
	for line := range strings.Lines(section("Dependencies")) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.Contains(cells[1], ".") {
			continue
		}
		for _, from := range strings.Split(strings.TrimSpace(cells[2]), ", ") {
			from = folder(from)
			if _, ok := all[from]; !ok && from != "go.mod" {
				t.Errorf("docs/design.md: %s is imported by %q, which the packages do not have", cells[1], from)
			}
			all[from] = append(all[from], strings.TrimSpace(cells[1]))
		}
	}
	return all
}

// house is the folder of the picture that a package lies in: the longest that fits.
func (a arrows) house(path string) (name string, ok bool) {
	rest := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	for folder := range a {
		if (rest == folder || folder != "" && strings.HasPrefix(rest, folder+"/")) && (!ok || len(folder) > len(name)) {
			name, ok = folder, true
		}
	}
	return name, ok
}

// meets gives the arrow that an import goes along, and whether there is one.
func (a arrows) meets(from, to string) (arrow string, ok bool) {
	own := to == module || strings.HasPrefix(to, module+"/")
	for _, arrow := range a[from] {
		if own {
			if house, found := a.house(to); found && (house == arrow || arrow != "" && strings.HasPrefix(house, arrow+"/")) {
				return arrow, true
			}
		} else if to == arrow || strings.HasPrefix(to, arrow+"/") {
			return arrow, true
		}
	}
	return "", false
}

// imports lists what each package imports on a system.
func imports(t *testing.T, system string) map[string][]string {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	list.Dir, list.Env = suite.Root(t), append(os.Environ(), "GOOS="+system)
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string][]string{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p.Imports
	}
	if len(all) < 8 {
		t.Fatalf("go list named %d packages; the test did not see the module", len(all))
	}
	return all
}

// TestImportRules holds the imports of all packages, on every system, to docs/design.md,
// which draws no arrow that nothing goes along.
func TestImportRules(t *testing.T) {
	rules, used := drawn(t), map[[2]string]bool{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		for path, list := range imports(t, system) {
			from, ok := rules.house(path)
			if !ok {
				t.Errorf("%s is in no folder that docs/design.md draws", path)
				continue
			}
			for _, to := range list {
				own := to == module || strings.HasPrefix(to, module+"/")
				if house, found := rules.house(to); own && found && house == from {
					continue
				}
				if !own && !strings.Contains(strings.Split(to, "/")[0], ".") {
					continue // of the standard library
				}
				arrow, ok := rules.meets(from, to)
				if !ok {
					t.Errorf("%s imports %s on %s: docs/design.md draws no such arrow", path, to, system)
				}
				used[[2]string{from, arrow}] = true
			}
		}
	}
	delete(rules, "go.mod") // tools, which nothing imports
	for _, from := range slices.Sorted(maps.Keys(rules)) {
		for _, to := range rules[from] {
			if !used[[2]string{from, to}] {
				t.Errorf("docs/design.md lets %q import %q, and nothing does", from, to)
			}
		}
	}
}
