package documents_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// printed are what the scripts of testdata print, in their last lines.
var printed = map[string]string{
	"steady_loop.star": "steady\n",
	"memory_reference.star": "Active: 0.00GB, Peak: 0.00GB, Cache: 0.00GB\n" +
		"[start] Active: 0.00GB, Peak: 0.00GB, Cache: 0.00GB\n[step 0] Active: 0.00GB, Peak: 0.00GB, Cache: 0.00GB\n",
	"tour.star": `0 [1, 4, 9, 16] Point(x=1.5, y=0.0) {"a": [1, null]}
ValueError: matmul: inner dimensions differ: (2,3) @ (4,5)
(3, 3) mlx.core.float32 [0.257, 0.327, 0.416]
[[0.0, 11.0, 2.0, 3.0], [-1.0, 5.0, -1.0, 7.0], [-1.0, 19.0, -1.0, 11.0]] 4.0
12.0 [6.0, 12.0, 18.0]
[False, True, True, False] True 4
4194304 0 0
`,
}

// onProcessor are the scripts that the simulated GPU would take minutes for.
var onProcessor = []string{"steady_loop.star"}

// TestScripts runs the scripts of testdata as the command does. They check themselves.
func TestScripts(t *testing.T) { runScripts(t, mlxstar.Options{}, nil) }

func TestScriptsGPU(t *testing.T) { runScripts(t, suite.GPU(t), onProcessor) }

func runScripts(t *testing.T, on mlxstar.Options, but []string) {
	paths := suite.Glob(t, "testdata/*.star")
	if len(paths) != len(printed) {
		t.Errorf("%d scripts, and what %d print", len(paths), len(printed))
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if slices.Contains(but, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			o := on
			o.Stdout, o.Files, o.Dir, o.Args = &out, mlxstar.SystemFiles(), t.TempDir(), []string{path}
			if err := suite.NewRuntime(t, o).ExecFile(t.Context(), path); err != nil {
				t.Fatalf("%v\n%s", err, suite.Traceback(err))
			}
			if !strings.HasSuffix(out.String(), printed[name]) {
				t.Errorf("printed\n%s\nwant at the end\n%s", out.String(), printed[name])
			}
		})
	}
}

// blocks are the fenced code blocks of the memory reference in a language.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	text := suite.Read(t, "docs/memory-reference.md")
	var out []string
	for _, part := range strings.Split(text, "```"+language+"\n")[1:] {
		body, _, ok := strings.Cut(part, "```")
		if !ok {
			t.Fatal("unclosed block in the memory reference")
		}
		out = append(out, body)
	}
	return out
}

// block finds the block of the reference that contains a text.
func block(t *testing.T, with string) string {
	t.Helper()
	for _, b := range blocks(t, "python") {
		if strings.Contains(b, with) {
			return b
		}
	}
	t.Fatalf("no block of the memory reference contains %q", with)
	return ""
}

// TestReferenceBlocks finds every Python block of the memory reference in the script that
// runs them: the same lines, with none between but those that check.
func TestReferenceBlocks(t *testing.T) {
	lines := func(text string) (list []string) {
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(line, " \n"); line != "" && !strings.HasSuffix(line, "# checked") {
				list = append(list, line)
			}
		}
		return list
	}
	script := "\n" + strings.Join(lines(suite.Read(t, "testdata/memory_reference.star")), "\n") + "\n"
	found := blocks(t, "python")
	if len(found) != 6 {
		t.Errorf("the memory reference has %d Python blocks, want 6", len(found))
	}
	for _, b := range found {
		if !strings.Contains(script, "\n"+strings.Join(lines(b), "\n")+"\n") {
			t.Errorf("testdata/memory_reference.star does not run\n%s", b)
		}
	}
	if n := len(blocks(t, "bash")); n != 1 {
		t.Errorf("the memory reference has %d shell blocks, and the command's tests run 1", n)
	}
}

// TestReferenceAccumulation counts the operations that pend, which a script cannot.
func TestReferenceAccumulation(t *testing.T) { accumulate(t, mlxstar.Options{}) }

func TestReferenceAccumulationGPU(t *testing.T) { accumulate(t, suite.GPU(t)) }

func accumulate(t *testing.T, on mlxstar.Options) {
	wrong, correct, ok := strings.Cut(block(t, "# WRONG"), "# CORRECT")
	if !ok {
		t.Fatal("the block has no two halves")
	}
	pending := func(source string, batches int64) int {
		s := suite.NewScript(t, on)
		if err := s.RT.Set("count", batches); err != nil {
			t.Fatal(err)
		}
		s.Run(`import mlx.core as mx
from mlx.utils import tree_map
model = {"w": mx.ones((4, 4)), "b": mx.zeros(4)}
batches = [mx.random.normal((8, 4)) for _ in range(count)]
loss_and_grad_fn = mx.value_and_grad(lambda model, x: mx.mean((x @ model["w"] + model["b"]) ** 2))
accumulated = tree_map(mx.zeros_like, model)
mx.eval(model, batches, accumulated)
`)
		s.Run(source)
		v, ok := s.RT.Get("accumulated")
		if !ok {
			t.Fatal("accumulated is gone")
		}
		total := 0
		for _, a := range v.(map[string]any) {
			a := a.(*mlxstar.Array)
			total += a.Engine().Pending(a.Node())
		}
		return total
	}
	few, many := pending(wrong, 4), pending(wrong, 8)
	if few == 0 || many < 2*few-8 {
		t.Errorf("without eval %d operations pend after 4 batches and %d after 8: the graph does not grow", few, many)
	}
	if got := pending("# CORRECT"+correct, 8); got != 0 {
		t.Errorf("with eval %d operations pend, want 0", got)
	}
}
