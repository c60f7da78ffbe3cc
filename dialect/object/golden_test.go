package object_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// TestGolden runs the scripts of testdata and compares what they print with
// what CPython 3.11 printed for the same script. To add a case, add a line to a
// script and write its output anew: python3 x.py > x.txt.
func TestGolden(t *testing.T) {
	scripts, err := filepath.Glob("testdata/scripts/*.py")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts in testdata: %v", err)
	}
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".py"), func(t *testing.T) {
			want, err := os.ReadFile(strings.TrimSuffix(path, ".py") + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			got, err := runScript(t, path)
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			compareLines(t, got, string(want))
		})
	}
}

func runScript(t *testing.T, path string) (string, error) {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	thread := &starlark.Thread{Name: path}
	thread.SetLocal(object.OutputLocal, &out)
	prog, err := dialect.Compile(path, src, dialect.ModeFile)
	if err != nil {
		return "", err
	}
	_, err = prog.Run(thread, dialect.NewModule("__main__", path, object.Builtins()))
	return out.String(), err
}

func compareLines(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	shown := 0
	for i := 0; i < max(len(g), len(w)) && shown < 10; i++ {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("line %d: got %s, want %s", i+1, a, b)
			shown++
		}
	}
}

// TestGeneratorTraceback checks that the frames of a generator follow those of
// who resumed it.
func TestGeneratorTraceback(t *testing.T) {
	const src = `def inner():
    yield 1
    raise ValueError('boom')
def outer():
    yield from inner()
def use():
    for x in outer():
        pass
use()
`
	prog, err := dialect.Compile("tb.py", []byte(src), dialect.ModeFile)
	if err != nil {
		t.Fatal(err)
	}
	_, err = prog.Run(&starlark.Thread{}, dialect.NewModule("__main__", "tb.py", object.Builtins()))
	if err == nil {
		t.Fatal("no error")
	}
	var got []string
	for _, f := range object.AsException(err).Traceback {
		got = append(got, fmt.Sprintf("%s:%d", f.Function, f.Line))
	}
	if want := "<module>:9 use:7 outer:5 inner:3"; strings.Join(got, " ") != want {
		t.Errorf("frames %v, want %s", got, want)
	}
}
