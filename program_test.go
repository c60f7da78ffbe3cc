package mlxstar_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// A program runs in many runtimes at once, each with its own variables.
func TestProgramIsShared(t *testing.T) {
	p, err := mlxstar.Compile("job.py", `
class Counter:
    def __init__(self): self.n = 0
    def add(self, by):
        self.n += by
        return self.n
counter = Counter()
def add(by=1): return counter.add(by)
`)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		rt := suite.NewRuntime(t, mlxstar.Options{})
		all.Go(func() {
			ctx := context.Background()
			if err := rt.Run(ctx, p); err != nil {
				t.Error(err)
				return
			}
			for range 50 {
				if _, err := rt.Call(ctx, "add", i); err != nil {
					t.Error(err)
				}
			}
			if v, err := rt.Call(ctx, "add", 0); err != nil || v != int64(50*i) {
				t.Errorf("runtime %d counted %v, %v", i, v, err)
			}
		})
	}
	all.Wait()
}

// Embedded modules are compiled once, and their variables are each runtime's own.
func TestLibraryIsShared(t *testing.T) {
	ctx := context.Background()
	for i := range 3 {
		rt := suite.NewRuntime(t, mlxstar.Options{})
		v, err := rt.Eval(ctx, "a.py", "import mlx.core as mx\nimport mlx.nn as nn\nseen = getattr(nn, 'seen', None)\nnn.seen = 1\n(seen, nn.Linear(2, 3)(mx.ones((1, 2))).shape)")
		if err != nil {
			t.Fatal(err)
		}
		if got := v.([]any); got[0] != nil {
			t.Errorf("runtime %d sees what another set: %v", i, got)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	_, err := mlxstar.Compile("bad.py", "x = 1\ndef f(:\n    pass\n")
	var e *mlxstar.Error
	if !errors.As(err, &e) || e.Type != "SyntaxError" || e.File != "bad.py" || e.Line != 2 || e.Column != 7 {
		t.Fatalf("got %#v", err)
	}
}

func TestErrorFrames(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{})
	err := rt.Exec(context.Background(), "deep.py", "def inner(x):\n    return 1 / x\ndef outer():\n    return inner(0)\nouter()\n")
	var e *mlxstar.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := []mlxstar.Frame{{"deep.py", 5, 6, "<module>"}, {"deep.py", 4, 17, "outer"}, {"deep.py", 2, 14, "inner"}}
	if len(e.Frames) != len(want) {
		t.Fatalf("got %+v", e.Frames)
	}
	for i, f := range e.Frames {
		if f.File != want[i].File || f.Line != want[i].Line || f.Function != want[i].Function || f.Column == 0 {
			t.Errorf("frame %d: got %+v, want %+v", i, f, want[i])
		}
	}
	if err := rt.Exec(context.Background(), "more.py", "def total(*k): return sum(1 // x for x in k)\ndef call(): return total(0)\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := rt.Call(context.Background(), "call"); !errors.As(err, &e) || len(e.Frames) != 3 || e.Frames[0].Function != "call" || e.Frames[1].Function != "total" {
		t.Errorf("through a generator: %+v", e.Frames)
	}
	errors.As(err, &e)
	if e.Line != 2 || e.Column != e.Frames[2].Column {
		t.Errorf("the error is at %d:%d", e.Line, e.Column)
	}
}

func TestProgramCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	src := "import math\ndef area(r): return math.pi * r ** 2\n"
	stored := func() string {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("the folder has %v, %v, want one file", files, err)
		}
		return files[0]
	}
	run := func(c *mlxstar.ProgramCache, name, src string) {
		t.Helper()
		p, err := c.Compile(name, src)
		if err != nil {
			t.Fatal(err)
		}
		rt := suite.NewRuntime(t, mlxstar.Options{})
		if err := rt.Run(context.Background(), p); err != nil {
			t.Fatal(err)
		}
		if v, err := rt.Call(context.Background(), "area", 1); err != nil || v != 3.141592653589793 {
			t.Fatalf("area is %v, %v", v, err)
		}
	}
	first := &mlxstar.ProgramCache{Dir: dir}
	run(first, "a.py", src)
	a, _ := first.Compile("a.py", src)
	if b, _ := first.Compile("a.py", src); a != b {
		t.Error("the second time it was compiled again")
	}
	path := stored()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	run(&mlxstar.ProgramCache{Dir: dir}, "a.py", src) // from the file
	// Damage is noticed, and mended.
	before[len(before)/2] ^= 1
	if err := os.WriteFile(path, before, 0o600); err != nil {
		t.Fatal(err)
	}
	run(&mlxstar.ProgramCache{Dir: dir}, "a.py", src)
	if after, err := os.ReadFile(path); err != nil || string(after) == string(before) {
		t.Errorf("the damaged file stayed, %v", err)
	}
	if _, err := first.Compile("a.py", src+"x = = 1\n"); err == nil {
		t.Error("another source of the same name was taken for the first")
	}
}
