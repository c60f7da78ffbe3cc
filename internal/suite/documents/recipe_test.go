package documents_test

import (
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/internal/suite"
)

var walkRecipe = flag.Bool("recipe", false, "walk CONTRIBUTING's recipe for an operation in a copy of the tree")

// A place is one that CONTRIBUTING names for a new operation, with what an operation
// versine(x) = 1 - cos(x) adds there, after the line that holds the mark, and the test
// that names the operation where the place was forgotten. Without a test nothing is
// forgotten there: the other places do not compile.
type place struct {
	file        string
	mark, added string
	named       []string // the arguments of go test
}

var versinePlaces = []place{
	{"engine/ops_elementwise.go", `OpSigmoid    = unaryOp(`,
		`OpVersine = unaryOp("versine", realFloat, Differentiable, "Element-wise 1 - cos(x).")`, nil},
	{"engine/gradients_elementwise.go", `OpSigmoid: func(b *Builder`,
		`OpVersine: func(b *Builder, x, _ *Node) *Node { return b.Unary(OpSin, x) },`,
		[]string{"./engine", "-run", "TestEveryOperationIsComplete"}},
	{"cpu/functions.go", `engine.OpSigmoid: sigmoid,`,
		`engine.OpVersine: func(x float64) float64 { return 1 - math.Cos(x) },`,
		[]string{"./cpu", "-run", "TestUnary"}},
	{"cpu/reference_test.go", `engine.OpSigmoid:`,
		`engine.OpVersine: {nil, func(v float64) float64 { return 1 - math.Cos(v) }, nil, 1},`,
		[]string{"./cpu", "-run", "TestUnary"}},
	{"gpu/elementwise.go", `engine.OpSigmoid:`, `engine.OpVersine: {floats: "1.0f - precise::cos(x)"},`,
		[]string{"./gpu", "-run", "TestEveryOperation"}},
	{"builtins/functions_elementwise.go", `{"sigmoid", engine.OpSigmoid}`, `{"versine", engine.OpVersine},`,
		[]string{"./builtins", "-run", "TestScripts$"}},
	{"builtins/testdata/functions.py", `# Creation.`, `assert mx.versine(mx.array([0.0])).tolist() == [0.0]`,
		[]string{"./internal/suite/operations", "-run", "TestEveryOperationIsTested"}},
	{"testdata/gradients/elementwise.py", `SHAPES = `, `check("versine", lambda x: mx.versine(x), operand("any", (2, 3)))`,
		[]string{"./internal/suite/gradients", "-run", "TestGradients$"}},
	{"docs/operations.md", "", "", []string{"./internal/suite/operations", "-run", "TestOperations$"}},
}

// TestRecipe walks CONTRIBUTING's recipe for a new operation in a copy of the tree: with
// all places the tests pass, and with one left out the test of that place names the operation.
func TestRecipe(t *testing.T) {
	if !*walkRecipe {
		t.Skip("compiles the tree anew: -recipe walks it")
	}
	contributing, err := os.ReadFile(suite.Path(t, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, recipe, _ := strings.Cut(string(contributing), "## How to add an operation")
	recipe, _, _ = strings.Cut(recipe, "\n## ")
	tree := copyTree(t)
	for _, p := range versinePlaces {
		if !strings.Contains(recipe, "`"+p.file+"`") {
			t.Errorf("CONTRIBUTING's recipe does not name %s", p.file)
		}
		p.add(t, tree)
	}
	goTest := func(args ...string) (string, error) {
		cmd := exec.Command("go", append([]string{"test"}, args...)...)
		cmd.Dir = tree
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	forgotten := func(p place) {
		t.Helper()
		switch out, err := goTest(p.named...); {
		case err == nil:
			t.Errorf("without %s, go test %s passes", p.file, strings.Join(p.named, " "))
		case !strings.Contains(out, "versine"):
			t.Errorf("without %s, go test %s does not name the operation:\n%s", p.file, strings.Join(p.named, " "), out)
		}
	}
	page := versinePlaces[len(versinePlaces)-1]
	forgotten(page)
	if out, err := goTest("./internal/suite/operations", "-run", "TestOperations$", "-update-operations"); err != nil {
		t.Fatalf("writing %s: %v\n%s", page.file, err, out)
	}
	for _, p := range versinePlaces {
		if p.named == nil {
			continue
		}
		if out, err := goTest(p.named...); err != nil {
			t.Fatalf("with all places, go test %s: %v\n%s", strings.Join(p.named, " "), err, out)
		}
	}
	for _, p := range versinePlaces {
		if p.named == nil || p.added == "" {
			continue
		}
		undo := p.leaveOut(t, tree)
		forgotten(p)
		undo()
	}
}

// add writes what the operation adds to the place.
func (p place) add(t *testing.T, tree string) {
	t.Helper()
	if p.added == "" {
		return
	}
	path := filepath.Join(tree, p.file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(text), p.mark)
	if !found {
		t.Fatalf("%s does not have %q", p.file, p.mark)
	}
	start := strings.LastIndexByte(before, '\n') + 1
	if filepath.Ext(p.file) == ".py" { // what a script adds stands behind its imports
		line, rest, _ := strings.Cut(after, "\n")
		start, before, after = len(before+p.mark+line)+1, before+p.mark+line+"\n"+rest, ""
		p.mark = ""
	}
	whole := before + p.mark + after
	if err := os.WriteFile(path, []byte(whole[:start]+p.added+"\n"+whole[start:]), 0o644); err != nil {
		t.Fatal(err)
	}
}

// leaveOut takes the operation out of the place. What it gives puts it back.
func (p place) leaveOut(t *testing.T, tree string) (undo func()) {
	t.Helper()
	path := filepath.Join(tree, p.file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(string(text), p.added+"\n", "", 1))
	return func() { write(string(text)) }
}

// copyTree copies the repository but for its history.
func copyTree(t *testing.T) string {
	t.Helper()
	from, to := suite.Path(t, "."), t.TempDir()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if within != "." && within[0] == '.' {
				return fs.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, within), 0o755)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, within), data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}
