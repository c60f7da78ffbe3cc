package dialect

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"go.starlark.net/lib/json"
	starlarkmath "go.starlark.net/lib/math"
	"go.starlark.net/lib/time"
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// deviationsFile lists the lines of go.starlark.net's own tests that rest on
// something that is otherwise in the dialect, each with the reason.
const deviationsFile = "testdata/starlark_deviations.txt"

// TestStarlark runs go.starlark.net's own test scripts, each top-level
// statement as a chunk of its own, so that one that fails does not hide the
// others. Where they expect an error, one must come from the same line; its
// text is Python's here.
func TestStarlark(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "go.starlark.net").Output()
	if err != nil {
		t.Fatalf("cannot find go.starlark.net: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "starlark", "testdata")
	files, err := filepath.Glob(filepath.Join(dir, "*.star"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts in %s", dir)
	}
	known := readDeviations(t)
	got := map[string]string{}
	lines := 0
	for _, file := range files {
		name := filepath.Base(file)
		if name == "proto.star" || name == "benchmark.star" {
			continue // one needs protocol buffers, the other asserts nothing
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := &starlarkRun{name: name, failed: map[int]string{}}
		lines += r.file(string(src))
		for line, msg := range r.failed {
			got[fmt.Sprintf("%s:%d", name, line)] = msg
		}
	}
	var keys []string
	for k := range got {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		if known[k] == "" {
			t.Errorf("%s\t%s", k, got[k])
		}
	}
	for k := range known {
		if got[k] == "" {
			t.Errorf("%s: listed as a deviation, but passes", k)
		}
	}
	t.Logf("%d statements run, %d lines deviate", lines, len(got))
}

func readDeviations(t *testing.T) map[string]string {
	t.Helper()
	known := map[string]string{}
	f, err := os.Open(deviationsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		place, reason, ok := strings.Cut(line, " ")
		if !ok || strings.TrimSpace(reason) == "" {
			t.Errorf("%s: %q has no reason", deviationsFile, line)
		}
		known[place] = strings.TrimSpace(reason)
	}
	return known
}

// starlarkRun runs one file of Starlark's tests.
type starlarkRun struct {
	name   string
	failed map[int]string
	line   int // of the statement being run
}

var wantError = regexp.MustCompile("### *([\"`])")

// file runs the chunks of a file, and gives the number of statements.
func (r *starlarkRun) file(src string) int {
	n, line := 0, 1
	for _, chunk := range strings.Split(src, "\n---\n") {
		n += r.chunk(strings.Repeat("\n", line-1) + chunk)
		line += strings.Count(chunk, "\n") + 2
	}
	return n
}

func (r *starlarkRun) chunk(src string) int {
	wanted := map[int]bool{}
	lines := strings.Split(src, "\n")
	for i, text := range lines {
		if wantError.MatchString(text) {
			wanted[i+1] = true
		}
	}
	defer func() {
		for line := range wanted {
			r.failed[line] = "an error was expected"
		}
	}()
	file, err := syntax.Parse(r.name, []byte(src))
	if err != nil {
		r.error(err, wanted)
		return 1
	}
	thread := &starlark.Thread{Name: r.name}
	SetHost(thread, starlarkHost{r})
	m := NewModule("__main__", r.name, r.builtins())
	for i, s := range file.Body {
		first, last := int(s.Range().Start.Line), len(lines)
		if d := decoratorsOf(s); len(d) > 0 {
			first = int(d[0].Range().Start.Line)
		}
		if i+1 < len(file.Body) {
			last = max(first, int(file.Body[i+1].Range().Start.Line)-1)
		}
		r.line = first
		piece := strings.Repeat("\n", first-1) + strings.Join(lines[first-1:last], "\n")
		prog, err := Compile(r.name, []byte(piece), ModeFile)
		thread.Uncancel()
		thread.SetMaxExecutionSteps(thread.ExecutionSteps() + 2_000_000)
		if err == nil {
			_, err = prog.Run(thread, m)
		}
		if err != nil {
			r.error(err, wanted)
		}
	}
	return len(file.Body)
}

// error notes an error at the line it belongs to.
func (r *starlarkRun) error(err error, wanted map[int]bool) {
	line := r.line
	if syn, ok := err.(*syntax.Error); ok {
		line = int(syn.Start.Line)
	} else if e := object.AsException(err); e != nil {
		for _, f := range e.Traceback {
			if f.File == r.name {
				line = f.Line
			}
		}
	}
	if wanted[line] {
		delete(wanted, line)
		return
	}
	r.failed[line] = err.Error()
}

func (r *starlarkRun) builtins() starlark.StringDict {
	d := starlark.StringDict{
		"fibonacci": fibonacci{},
		"hasfields": starlark.NewBuiltin("hasfields", func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return &fields{attrs: starlark.StringDict{}}, nil
		}),
	}
	for k, v := range object.Builtins() {
		d[k] = v
	}
	return d
}

// assertion is a function of the assert module.
func (r *starlarkRun) assertion(name string, f func(thread *starlark.Thread, args starlark.Tuple) (string, error)) starlark.Value {
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		msg, err := f(thread, args)
		if err != nil {
			return nil, err
		}
		if msg != "" {
			_, line := Site(thread)
			r.failed[line] = msg
		}
		return starlark.None, nil
	})
}

func (r *starlarkRun) assert() *Module {
	m := NewModule("assert", "", nil)
	truth := func(thread *starlark.Thread, v starlark.Value, err error) (bool, error) {
		if err != nil {
			return false, err
		}
		return object.Truth(thread, v)
	}
	compare := func(name string, op object.Op, sign string) {
		m.Set(name, r.assertion(name, func(thread *starlark.Thread, args starlark.Tuple) (string, error) {
			v, err := object.Compare(thread, op, args[0], args[1])
			ok, err := truth(thread, v, err)
			if ok || err != nil || op == object.Eq && closeFloats(args[0], args[1]) {
				return "", err
			}
			return fmt.Sprintf("not %v %s %v", args[0], sign, args[1]), nil
		}))
	}
	compare("eq", object.Eq, "==")
	compare("ne", object.Ne, "!=")
	compare("lt", object.Lt, "<")
	m.Set("true", r.assertion("true", func(thread *starlark.Thread, args starlark.Tuple) (string, error) {
		ok, err := object.Truth(thread, args[0])
		if ok || err != nil {
			return "", err
		}
		return "assertion failed", nil
	}))
	m.Set("contains", r.assertion("contains", func(thread *starlark.Thread, args starlark.Tuple) (string, error) {
		ok, err := object.Contains(thread, args[0], args[1])
		if ok || err != nil {
			return "", err
		}
		return fmt.Sprintf("%v does not contain %v", args[0], args[1]), nil
	}))
	m.Set("fails", r.assertion("fails", func(thread *starlark.Thread, args starlark.Tuple) (string, error) {
		if _, err := starlark.Call(thread, args[0], nil, nil); err == nil {
			return fmt.Sprintf("succeeded, where Starlark says %v", args[1]), nil
		}
		return "", nil
	}))
	m.Set("fail", r.assertion("fail", func(_ *starlark.Thread, args starlark.Tuple) (string, error) {
		return fmt.Sprint(args), nil
	}))
	return m
}

func closeFloats(x, y starlark.Value) bool {
	a, ok := starlark.AsFloat(x)
	b, also := starlark.AsFloat(y)
	return ok && also && (math.Abs(a-b) <= 1e-15*math.Abs(a) || a != a && b != b)
}

// starlarkHost gives the modules that Starlark's tests load.
type starlarkHost struct{ r *starlarkRun }

func (h starlarkHost) Import(_ *starlark.Thread, _ *Module, name string, _ int) (starlark.Value, error) {
	return nil, ModuleNotFound(name)
}

func (h starlarkHost) Load(_ *starlark.Thread, _ *Module, path string) (starlark.Value, error) {
	m := NewModule(path, "", nil)
	switch path {
	case "assert.star":
		m.Set("assert", h.r.assert())
		m.Set("freeze", starlark.NewBuiltin("freeze", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			args[0].Freeze()
			return args[0], nil
		}))
	case "json.star":
		m.Set("json", json.Module)
	case "math.star":
		m.Set("math", starlarkmath.Module)
	case "time.star":
		m.Set("time", time.Module)
	default:
		return nil, ModuleNotFound(path)
	}
	return m, nil
}

// fibonacci is an endless iterable.
type fibonacci struct{}

func (fibonacci) Freeze()                    {}
func (fibonacci) String() string             { return "fib" }
func (fibonacci) Type() string               { return "fib" }
func (fibonacci) Truth() starlark.Bool       { return true }
func (fibonacci) Hash() (uint32, error)      { return 0, fmt.Errorf("fib is unhashable") }
func (fibonacci) Iterate() starlark.Iterator { return &fibonacciIterator{0, 1} }

type fibonacciIterator struct{ x, y int }

func (it *fibonacciIterator) Next(p *starlark.Value) bool {
	*p = starlark.MakeInt(it.x)
	it.x, it.y = it.y, it.x+it.y
	return true
}

func (it *fibonacciIterator) Done() {}

// fields is a value whose fields can be set.
type fields struct {
	attrs  starlark.StringDict
	frozen bool
}

func (*fields) String() string        { return "hasfields" }
func (*fields) Type() string          { return "hasfields" }
func (*fields) Truth() starlark.Bool  { return true }
func (*fields) Hash() (uint32, error) { return 42, nil }
func (f *fields) AttrNames() []string { return f.attrs.Keys() }

func (f *fields) Freeze() {
	f.frozen = true
	f.attrs.Freeze()
}

func (f *fields) Attr(name string) (starlark.Value, error) { return f.attrs[name], nil }

func (f *fields) SetField(name string, v starlark.Value) error {
	switch {
	case f.frozen:
		return fmt.Errorf("cannot set field on a frozen hasfields")
	case strings.HasPrefix(name, "no"):
		return starlark.NoSuchAttrError(fmt.Sprintf("no .%s field", name))
	}
	f.attrs[name] = v
	return nil
}
