package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const growing = `import mlx.core as mx
kept = []
def step(i):
    return mx.zeros((256, 1024)) + i
for i in range(6):
    kept.append(step(i))
    mx.eval(kept)
`

// runHere runs the command and gives its exit code and what it printed.
func runHere(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	dir := t.TempDir()
	file := func(name string) *os.File {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	in, out, errs := file("in"), file("out"), file("err")
	code = run(args, in, out, errs)
	read := func(f *os.File) string {
		b, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	return code, read(out), read(errs)
}

// A recorded run is reported, names what grows, is compared and exported; go tool pprof
// reads it and finds the bytes.
func TestMem(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	dir := t.TempDir()
	script, mem, other := filepath.Join(dir, "grow.py"), filepath.Join(dir, "a.mem"), filepath.Join(dir, "b.mem")
	for path, src := range map[string]string{script: growing, filepath.Join(dir, "less.py"): strings.ReplaceAll(growing, "range(6)", "range(4)")} {
		if err := os.WriteFile(path, []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"mem", "record", "-o", mem, "--device", "cpu", script}, {"mem", "record", "-o", other, "--device", "cpu", filepath.Join(dir, "less.py")}} {
		if code, _, errs := runHere(t, args...); code != 0 {
			t.Fatalf("%v: exit code %d, %s", args, code, errs)
		}
	}
	line := script + ":4"
	for _, c := range []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"report", mem}, 0, []string{
			"6 evaluations", "6 steps", "peak 6 MiB after", "     6 MiB  100.0%  " + line + "  6 arrays of add, float32 (256, 1024)",
			"called from " + script + ":6 in <module>", "6 arrays, 1 MiB more with each step", "     1 MiB   16.7%  kept[0]  activations",
		}},
		{[]string{"leaks", mem}, 1, []string{line + " grows by 1 MiB a step, and holds 6 MiB in 6 arrays\n"}},
		{[]string{"diff", other, mem, "--max-growth", "1MiB"}, 1, []string{"peak 6 MiB, was 4 MiB (+2 MiB)\n", "        +6 MiB  " + line}},
		{[]string{"diff", other, mem, "--max-growth=2MiB"}, 0, nil},
		{[]string{"export", mem, "--format", "folded"}, 0, []string{"<module> (" + script + ":6);step (" + line + ");add 6291456\n"}},
		{[]string{"export", mem, "--format", "xml"}, 2, nil},
		{[]string{"report", script}, 2, nil},
		{[]string{"frobnicate"}, 2, nil},
	} {
		code, out, errs := runHere(t, append([]string{"mem"}, c.args...)...)
		if code != c.code {
			t.Errorf("%v: exit code %d, want %d: %s", c.args, code, c.code, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v: no %q in\n%s", c.args, want, out)
			}
		}
	}
	t.Run("pprof", func(t *testing.T) {
		path := filepath.Join(dir, "heap.pb.gz")
		if code, _, errs := runHere(t, "mem", "export", mem, "--format", "pprof", "-o", path); code != 0 {
			t.Fatal(errs)
		}
		var out bytes.Buffer
		cmd := exec.Command("go", "tool", "pprof", "-top", "-sample_index=peak_space", path)
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		if !strings.Contains(out.String(), "6MB   100%   100%        6MB   100%  step") {
			t.Errorf("pprof prints\n%s", out.String())
		}
	})
	t.Run("speedscope", func(t *testing.T) {
		_, out, _ := runHere(t, "mem", "export", mem, "--format", "speedscope")
		var file struct {
			Shared   struct{ Frames []struct{ Name string } }
			Profiles []struct {
				Type, Unit string
				EndValue   int64
				Samples    [][]int
				Weights    []int64
			}
		}
		if err := json.Unmarshal([]byte(out), &file); err != nil {
			t.Fatal(err)
		}
		p := file.Profiles[0]
		if p.Type != "sampled" || p.Unit != "bytes" || p.EndValue != 6<<20 || len(p.Samples) != len(p.Weights) {
			t.Errorf("%+v", p)
		}
		for _, sample := range p.Samples {
			for _, f := range sample {
				if f >= len(file.Shared.Frames) {
					t.Errorf("frame %d of %d", f, len(file.Shared.Frames))
				}
			}
		}
	})
}

// What a limit refuses is written with what holds memory then, also where the script
// catches the error.
func TestMemOnOOM(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	dir := t.TempDir()
	script, file := filepath.Join(dir, "big.py"), filepath.Join(dir, "oom.json")
	if err := os.WriteFile(script, []byte(`import mlx.core as mx
def layer():
    return mx.zeros((1024, 1024)) + 1
kept = [layer() for i in range(6)]
mx.eval(kept)
try:
    mx.eval(mx.zeros((4096, 1024)) + 1)
except MemoryError as e:
    print(e.holders[0]["shapes"], e.holders[0]["where"].split(":")[-1])
`), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, errs := runHere(t, "--device", "cpu", "--memory-limit", "32MiB", "--mem-on-oom", file, script)
	if code != 0 || out != "[(1024, 1024)] 3\n" {
		t.Fatalf("exit code %d, %q, %s", code, out, errs)
	}
	code, out, errs = runHere(t, "mem", "report", file)
	for _, want := range []string{"at the end 24 MiB", script + ":3  6 arrays", "called from " + script + ":4 in", "kept[0]"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, no %q in\n%s%s", code, want, out, errs)
		}
	}
	if code, _, errs := runHere(t, "--mem-on-oom", filepath.Join(dir, "none", "x"), "--memory-limit", "32MiB", script); code != 0 || !strings.Contains(errs, "--mem-on-oom: open") {
		t.Errorf("exit code %d, %s", code, errs)
	}
	if code, _, errs := runHere(t, "--isolate", "--mem-on-oom", file, script); code != 2 || !strings.Contains(errs, "not with --isolate") {
		t.Errorf("exit code %d, %s", code, errs)
	}
}
