package documents_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/internal/suite"
	"github.com/mlxstar/mlxstar/stdlib"
)

var quotedName = regexp.MustCompile("`([^`]+)`")

// namesIn lists what a text has between backquotes.
func namesIn(text string) (names []string) {
	for _, m := range quotedName.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// TestModulesPage holds docs/modules.md to the modules there are and to the
// names of numpy.
func TestModulesPage(t *testing.T) {
	page := suite.Read(t, "docs/modules.md")
	var listed []string
	for line := range strings.Lines(page) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			listed = append(listed, namesIn(cells[1])...)
		}
	}
	s := suite.NewScript(t, mlxstar.Options{})
	have := stdlib.New(&stdlib.Environment{}, object.Builtins()).Names()
	for _, name := range have {
		if !slices.Contains(listed, name) {
			t.Errorf("docs/modules.md does not list %s", name)
		}
	}
	for _, name := range listed {
		s.Run("import " + name)
	}
	for _, module := range []string{"numpy", "numpy.random", "numpy.linalg", "numpy.fft"} {
		_, rest, ok := strings.Cut(page, "\n`"+module+"`:\n")
		if !ok {
			t.Errorf("docs/modules.md has no list of %s", module)
			continue
		}
		text, _, _ := strings.Cut(rest, ".\n")
		s.Out.Reset()
		s.Run("import " + module + " as m\nprint(' '.join(n for n in dir(m) if not n.startswith('_')))\n" +
			"for n in dir(m):\n    if not n.startswith('_'):\n        getattr(m, n)\n")
		if got, want := namesIn(text), strings.Fields(s.Out.String()); !slices.Equal(got, want) {
			t.Errorf("docs/modules.md lists of %s\n%v\nbut there are\n%v", module, got, want)
		}
	}
}

// TestAbsentModules shows that a module that is not there is named, with advice
// where there is some.
func TestAbsentModules(t *testing.T) {
	s := suite.NewScript(t, mlxstar.Options{})
	s.Run("for src in ('torch', 'sklearn.svm', 'nosuch'):\n" +
		"    try:\n" +
		"        if src == 'torch':\n            import torch\n" +
		"        elif src == 'nosuch':\n            import nosuch\n" +
		"        else:\n            import sklearn.svm\n" +
		"    except ModuleNotFoundError as e:\n        print(e, '|', e.name)\n")
	want := "No module named 'torch': the arrays here are those of mlx.core and numpy | torch\n" +
		"No module named 'sklearn': the arrays here are those of mlx.core and numpy | sklearn\n" +
		"No module named 'nosuch' | nosuch\n"
	if got := s.Out.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestNumpyFilesAreDenied shows that numpy reaches files through the runtime.
func TestNumpyFilesAreDenied(t *testing.T) {
	var out strings.Builder
	rt, err := mlxstar.New(mlxstar.Options{Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	err = rt.Exec(t.Context(), "denied.py", "import numpy as np\n"+
		"for f in (lambda: np.load('x.npy'), lambda: np.save('x', np.ones(2)), lambda: np.savez('x', np.ones(2)), lambda: np.fromfile('x'),\n"+
		"          lambda: np.ones(2).tofile('x'), lambda: np.loadtxt('x'), lambda: np.savetxt('x', np.ones(2)), lambda: np.genfromtxt('x')):\n"+
		"    try:\n        f()\n        print('reached')\n    except PermissionError:\n        pass\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "" {
		t.Errorf("files were reached: %s", got)
	}
}
