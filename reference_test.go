package mlxstar_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// script is a runtime under test.
type script struct {
	t   *testing.T
	rt  *mlxstar.Runtime
	out *bytes.Buffer
	dir string
}

func newScript(t *testing.T, o mlxstar.Options) *script {
	t.Helper()
	s := &script{t: t, out: new(bytes.Buffer), dir: t.TempDir()}
	o.Stdout, o.Stderr, o.Dir, o.Files = s.out, s.out, s.dir, mlxstar.SystemFiles()
	rt, err := mlxstar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	})
	s.rt = rt
	return s
}

func (s *script) run(src string) {
	s.t.Helper()
	if err := s.rt.Exec(context.Background(), "test.py", src); err != nil {
		s.t.Fatalf("%v\n%s", err, traceback(err))
	}
}

func (s *script) int(expr string) int64 {
	s.t.Helper()
	v, err := s.rt.Eval(context.Background(), "test.py", expr)
	if err != nil {
		s.t.Fatalf("%s: %v", expr, err)
	}
	n, ok := v.(int64)
	if !ok {
		s.t.Fatalf("%s is %T, want an int", expr, v)
	}
	return n
}

func traceback(err error) string {
	if e, ok := err.(*mlxstar.Error); ok {
		return e.Traceback
	}
	return ""
}

// blocks are the fenced code blocks of the memory reference in a language.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("docs/memory-reference.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, part := range strings.Split(string(text), "```"+language+"\n")[1:] {
		body, _, ok := strings.Cut(part, "```")
		if !ok {
			t.Fatal("unclosed block in the memory reference")
		}
		out = append(out, body)
	}
	return out
}

// block finds the one block of the reference that contains a text, so that no
// block is forgotten: TestReferenceHasNoOtherBlocks counts them.
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

// TestReference runs the blocks of the memory reference and holds them to what it
// says of them, on each device.
func TestReference(t *testing.T) { runReference(t, mlxstar.Options{}) }

func TestReferenceGPU(t *testing.T) { runReference(t, mlxstar.GPUOptions(t)) }

func runReference(t *testing.T, on mlxstar.Options) {
	for name, run := range map[string]func(t *testing.T, on mlxstar.Options){
		"MemoryAPIs":             referenceMemoryAPIs,
		"Helper":                 referenceHelper,
		"MemoryIsCachedNotFreed": referenceMemoryIsCachedNotFreed,
		"Accumulation":           referenceAccumulation,
		"LazyLoading":            referenceLazyLoading,
		"InlineDebugging":        referenceInlineDebugging,
	} {
		t.Run(name, func(t *testing.T) { run(t, on) })
	}
}

func TestReferenceHasNoOtherBlocks(t *testing.T) {
	if n := len(blocks(t, "python")); n != 6 {
		t.Errorf("the memory reference has %d Python blocks, and 6 are tested", n)
	}
	if n := len(blocks(t, "bash")); n != 1 {
		t.Errorf("the memory reference has %d shell blocks, and 1 is tested", n)
	}
}

func referenceMemoryAPIs(t *testing.T, on mlxstar.Options) {
	s := newScript(t, on)
	s.run("import mlx.core as mx\nbytes = 8_000_000_000\nx = mx.ones(1000) + 1\nmx.eval(x)")
	s.run(block(t, "mx.set_memory_limit(bytes)"))
	if got := s.int("mx.get_memory_limit()"); got != 8_000_000_000 {
		t.Errorf("the limit is %d, want 8000000000", got)
	}
	if got := s.int("mx.get_peak_memory()"); got != 0 {
		t.Errorf("the peak after its reset is %d, want 0", got)
	}
}

func referenceHelper(t *testing.T, on mlxstar.Options) {
	s := newScript(t, on)
	s.run("import mlx.core as mx")
	s.run(block(t, "def memory_stats"))
	s.run("memory_stats()")
	if got, want := s.out.String(), "Active: 0.00GB, Peak: 0.00GB, Cache: 0.00GB\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

func referenceMemoryIsCachedNotFreed(t *testing.T, on mlxstar.Options) {
	s := newScript(t, on)
	s.run("import mlx.core as mx")
	source := block(t, "del a")
	create, rest, ok := strings.Cut(source, "del a")
	if !ok {
		t.Fatal("the block has no del")
	}
	del, clear, ok := strings.Cut("del a"+rest, "mx.clear_cache()")
	if !ok {
		t.Fatal("the block has no clear_cache")
	}
	s.run(create)
	size, before := s.int("a.nbytes"), s.int("mx.get_active_memory()")
	s.run("cached = mx.get_cache_memory()")
	s.run(del)
	if got := before - s.int("mx.get_active_memory()"); got < size || got > size+16<<10 {
		t.Errorf("active memory fell by %d after del, want %d", got, size)
	}
	if got := s.int("mx.get_cache_memory() - cached"); got < size || got > size+16<<10 {
		t.Errorf("the cache grew by %d after del, want %d", got, size)
	}
	s.run("import mlxstar\nfull = mlxstar.resident_memory()\ncached = mx.get_cache_memory()")
	s.run("mx.clear_cache()" + clear)
	if got := s.int("mx.get_cache_memory()"); got != 0 {
		t.Errorf("the cache holds %d after clear_cache, want 0", got)
	}
	if on.GPU != nil {
		return // the memory is the GPU's
	}
	if fell, want := s.int("full - mlxstar.resident_memory()"), s.int("cached")*9/10; fell < want {
		t.Errorf("the resident set fell by %d after clear_cache, want at least %d", fell, want)
	}
}

func referenceAccumulation(t *testing.T, on mlxstar.Options) {
	wrong, correct, ok := strings.Cut(block(t, "# WRONG"), "# CORRECT")
	if !ok {
		t.Fatal("the block has no two halves")
	}
	pending := func(source string, batches int64) int {
		s := newScript(t, on)
		if err := s.rt.Set("count", batches); err != nil {
			t.Fatal(err)
		}
		s.run(`import mlx.core as mx
from mlx.utils import tree_map
model = {"w": mx.ones((4, 4)), "b": mx.zeros(4)}
batches = [mx.random.normal((8, 4)) for _ in range(count)]
loss_and_grad_fn = mx.value_and_grad(lambda model, x: mx.mean((x @ model["w"] + model["b"]) ** 2))
accumulated = tree_map(mx.zeros_like, model)
mx.eval(model, batches, accumulated)
`)
		s.run(source)
		v, ok := s.rt.Get("accumulated")
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

func referenceLazyLoading(t *testing.T, on mlxstar.Options) {
	lazy, eager, ok := strings.Cut(block(t, "# LAZY"), "# NOT LAZY")
	if !ok {
		t.Fatal("the block has no two halves")
	}
	s := newScript(t, on)
	s.run(`import mlx.core as mx
mx.save_safetensors("model.safetensors", {"a": mx.ones((1000, 1000)), "b": mx.zeros((500, 500))})
before = mx.get_active_memory()`)
	s.run(lazy)
	if got := s.int("mx.get_active_memory() - before"); got != 0 {
		t.Errorf("loading from a path took %d bytes, want 0", got)
	}
	s.run("mx.eval(weights['b'])")
	if got := s.int("mx.get_active_memory() - before"); got < 1_000_000 || got > 1_016_384 {
		t.Errorf("evaluating one array took %d bytes, want its 1000000", got)
	}
	s.run("del weights\nbefore = mx.get_active_memory()")
	s.run("# NOT LAZY" + eager)
	if got := s.int("mx.get_active_memory() - before"); got < 5_000_000 || got > 5_032_768 {
		t.Errorf("loading from a file object took %d bytes, want 5000000 at once", got)
	}
}

func referenceInlineDebugging(t *testing.T, on mlxstar.Options) {
	s := newScript(t, on)
	s.run(`import mlx.core as mx
class Model:
    def __init__(self):
        self.w = mx.zeros((10, 10))
    def parameters(self):
        return {"w": self.w}
model = Model()
dataloader = [mx.ones((10, 10)) for _ in range(3)]
def train_step(batch):
    model.w = model.w + batch
    return mx.mean(model.w)
`)
	s.run(block(t, "def debug_memory"))
	want := "[start] Active: 0.00GB, Peak: 0.00GB, Cache: 0.00GB\n[step 0] Active: 0.00GB, Peak: 0.00GB, Cache: 0.00GB\n"
	if got := s.out.String(); got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}
