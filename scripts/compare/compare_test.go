package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestOutputs(t *testing.T) {
	for _, c := range []struct {
		star, python string
		same         bool
	}{
		{"array([1, 2.5], dtype=float32)", "array([1, 2.50001], dtype=float32)", true},
		{"array([1, 2.5], dtype=float32)", "array([1, 2.6], dtype=float32)", false},
		{"1e-3", "0.001", true},
		{"-0.5", "0.5", false},
		{"x -0.5 ]", "x  -0.500001]", true},
		{"3", "4", false},
		{"3", "3.0", true},
		{"10000001", "10000002", false},
		{"nan", "nan", true},
		{"nan", "1.0", false},
		{"(2, 3)", "(2, 3)", true},
		{"a1", "b1", false},
		{"x\ny", "x", false},
		{"x\n", "x", true},
		{"<f at 0x7f00aa00>", "<f at 0x600bb0>", true},
		{"1 2", "12", false},
		{"0.1, tail", "0.1, end", false},
	} {
		if got := differentText(c.star, c.python, tolerance{1e-4, 1e-5, 0}) == ""; got != c.same {
			t.Errorf("%q and %q: same is %v", c.star, c.python, got)
		}
	}
}

// TestSums holds the rounding of sums that cancel to the largest number beside them.
func TestSums(t *testing.T) {
	for tol, same := range map[tolerance]bool{{1e-4, 1e-5, 4e-6}: true, {1e-4, 1e-5, 1e-7}: false} {
		if got := differentText("[0.0005, 348.2]", "[0.0001, 348.2]", tol) == ""; got != same {
			t.Errorf("%+v: same is %v", tol, got)
		}
	}
}

func TestOutcomes(t *testing.T) {
	fails := func(name string) *outcome { return &outcome{Exception: name, Message: "m", Exit: 1} }
	for _, c := range []struct {
		star, python *outcome
		same         bool
	}{
		{&outcome{}, &outcome{}, true},
		{&outcome{}, fails("ValueError"), false},
		{fails("ValueError"), &outcome{Exception: "ValueError", Message: "other words", Exit: 1}, true},
		{fails("ValueError"), fails("TypeError"), false},
		{&outcome{Exit: 3}, &outcome{}, false},
		{&outcome{}, &outcome{Broken: "a crash"}, false},
	} {
		if got := differ(c.star, c.python, tolerance{}) == ""; got != c.same {
			t.Errorf("%v and %v: same is %v", c.star, c.python, got)
		}
	}
}

func TestSplit(t *testing.T) {
	parts := split("a.py", "x = 1\n---\n# differs: because\nimport mlx.core as mx\n---\n\n---\ny = 2\n")
	if len(parts) != 3 {
		t.Fatalf("got %d parts, want 3", len(parts))
	}
	for i, want := range []part{{Line: 1}, {Line: 3, declared: "because", mlx: true}, {Line: 8}} {
		p := parts[i]
		if p.Line != want.Line || p.declared != want.declared || p.mlx != want.mlx {
			t.Errorf("part %d: got line %d, declared %q, mlx %v, want %+v", i, p.Line, p.declared, p.mlx, want)
		}
		first := len(p.source) - len(strings.TrimLeft(p.source, "\n"))
		if first != p.Line-1 {
			t.Errorf("part %d has %d blank lines in front, want %d", i, first, p.Line-1)
		}
	}
	whole := split("b.py", "# differs everywhere: all of it\nx = 1\n---\ny = 2\n")
	if len(whole) != 2 || whole[1].declared != "all of it" || !whole[1].loose {
		t.Errorf("a declaration for a file does not reach its parts: %+v", whole)
	}
}

// TestStar runs parts under mlxstar alone: what they print, how they end, and
// where their imports start from.
func TestStar(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "beside.py"), []byte("value = 7\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for src, want := range map[string]outcome{
		"print(mx.arange(2).tolist())":                  {Stdout: "[0, 1]\n"},
		"from beside import value\nprint(value)":        {Stdout: "7\n"},
		"print(1)\nraise ValueError('no')":              {Stdout: "1\n", Exception: "ValueError", Message: "no (line 2)", Exit: 1},
		"import sys\nsys.exit(3)":                       {Exit: 3},
		"open('made', 'w').write('x')\nprint(__file__)": {Stdout: filepath.Join(dir, "s.py") + "\n"},
		"while True: pass":                              {Broken: "no end within 200ms"},
	} {
		p := split(filepath.Join(dir, "s.py"), src)[0]
		limit := time.Minute
		if want.Broken != "" {
			limit = 200 * time.Millisecond
		}
		got, err := runStar(context.Background(), p, limit)
		if err != nil || *got != want {
			t.Errorf("%q: got %+v, %v, want %+v", src, got, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		t.Error("a part wrote beside its script")
	}
}

// TestWithoutPython skips all parts, says so, and is no failure.
func TestWithoutPython(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "s.py"), []byte("print(1)\n---\nprint(2)\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), []string{"--python", filepath.Join(dir, "no-python"), dir}, &stdout, &stderr); code != exitOK {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	if !strings.Contains(stdout.String(), "skipped 2 parts: no Python") || !strings.Contains(stderr.String(), "s.py") {
		t.Errorf("got %q and %q", stdout.String(), stderr.String())
	}
	stdout.Reset()
	run(context.Background(), []string{"--json", "--quiet", "--python=" + filepath.Join(dir, "no-python"), dir}, &stdout, &stderr)
	var r report
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil || r.Skipped != 2 || len(r.Parts) != 2 {
		t.Errorf("--json: %v, %+v", err, r)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"--rtol", "x", "d"}, {"--nothing", "d"}, {"--rtol"}, {"/no/such/folder"}} {
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), args, &stdout, &stderr); code != exitUsage {
			t.Errorf("%q: exit code %d, want %d", args, code, exitUsage)
		}
	}
}
