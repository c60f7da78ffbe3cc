package mlxstar_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestComplete completes what stands at the end of a text.
func TestComplete(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"weights.npz", "words/list.txt", "mymodule.py", "mypackage/__init__.py", "mypackage/part.py"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rt := suite.NewRuntime(t, mlxstar.Options{Files: mlxstar.SystemFiles(), Dir: dir})
	suite.Exec(t, rt, `
import mlx.core as mx
import mlx.nn as nn
table = {"alpha": 1, "almost": 2, 3: 4}
def scale(value, *, factor=1, _hidden=2): pass
class Point:
    def __init__(self, xcoord): self.xcoord = xcoord
    def norm(self): pass
`)
	cases := []struct {
		text  string
		want  string // words that must be there
		not   string // and that must not
		typed int
	}{
		{"tab", "table", "tuple", 3},
		{"mx.ar", "arange array argmax", "zeros", 2},
		{"x = mx.linalg.n", "norm", "", 1},
		{"whi", "while", "", 3},
		{"import mlxst", "mlxstar", "", 5},
		{"import mlx.", "core nn optimizers utils", "mlx", 0},
		{"import os, js", "json", "", 2},
		{"import my", "mymodule mypackage", "words", 2},
		{"import mypackage.p", "part", "", 1},
		{"from mlx.nn import Lin", "Linear", "Conv2d", 3},
		{"from json import dumps, lo", "load loads", "dumps", 2},
		{"from mypackage import p", "", "part", 1},
		{`table["al`, "alpha almost", "all", 2},
		{`table['alp`, "alpha", "almost", 3},
		{`open("w`, "weights.npz words/", "while with", 1},
		{`mx.load("words/l`, "list.txt", "len", 1},
		{"scale(1, f", "factor= float for", "_hidden=", 1},
		{"scale((1, 2), fac", "factor=", "", 3},
		{"nn.Linear(in", "input_dims= int", "", 2},
		{"nn.Linear(1, 2).", "parameters update", "", 0},
		{"Point(1).no", "norm", "", 2},
		{`"a".up`, "upper", "", 2},
		{"[1].ap", "append", "", 2},
		{"for i in range(3):\n    mx.ex", "exp expm1", "", 2},
		{"x = 1 # mx.e", "", "exp", 0},
	}
	for _, c := range cases {
		words, typed := rt.Complete(c.text)
		for _, w := range strings.Fields(c.want) {
			if !slices.Contains(words, w) {
				t.Errorf("%q: %s is not among %.200v", c.text, w, words)
			}
		}
		for _, w := range strings.Fields(c.not) {
			if slices.Contains(words, w) {
				t.Errorf("%q: %s is among %.200v", c.text, w, words)
			}
		}
		if len(words) > 0 && typed != c.typed {
			t.Errorf("%q: %d bytes are there, want %d", c.text, typed, c.typed)
		}
	}
}
