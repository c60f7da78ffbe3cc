package dialect

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// interact runs chunks as a prompt does, on one thread, and gives the values.
func interact(t *testing.T, m *Module, chunks ...string) []starlark.Value {
	t.Helper()
	thread := &starlark.Thread{}
	var out []starlark.Value
	for _, src := range chunks {
		prog, err := Compile("<stdin>", []byte(src), ModeInteractive)
		if err != nil {
			t.Fatal(err)
		}
		v, err := prog.Run(thread, m)
		if err != nil {
			t.Fatal(Traceback(err, nil))
		}
		out = append(out, v)
	}
	return out
}

func TestChunksShareGlobals(t *testing.T) {
	m := NewModule("__main__", "", object.Builtins())
	got := interact(t, m, "def f(): return x + y\n", "x = 1", "y = 2; f()", "x = 10", "f()", "'text'", "x = None; x")
	want := []string{"None", "None", "3", "None", "12", `"text"`, "None"}
	for i := range want {
		if got[i].String() != want[i] {
			t.Errorf("chunk %d gives %v, want %s", i, got[i], want[i])
		}
	}
	if m.Get("x") != starlark.None || m.Get("nothing") != nil {
		t.Error("the module does not have the chunks' globals")
	}
	m.Set("x", starlark.MakeInt(40))
	if v := interact(t, m, "f()"); v[0].String() != "42" {
		t.Errorf("a global set from Go is not seen: %v", v[0])
	}
	if !m.Delete("x") || m.Delete("x") {
		t.Error("Delete does not tell whether there was a variable")
	}
	if names := strings.Join(m.Names(), " "); names != "__name__ __doc__ y f" {
		t.Errorf("names are %s", names)
	}
}

func TestEval(t *testing.T) {
	prog, err := Compile("<expr>", []byte("x * 2\n"), ModeEval)
	if err != nil {
		t.Fatal(err)
	}
	m := NewModule("__main__", "", nil)
	m.Set("x", starlark.MakeInt(21))
	if v, err := prog.Run(&starlark.Thread{}, m); err != nil || v.String() != "42" {
		t.Errorf("got %v, %v", v, err)
	}
	if _, err := Compile("<expr>", []byte("x = 2"), ModeEval); err == nil {
		t.Error("a statement is taken for an expression")
	}
}

// TestResultDies checks that neither a chunk's result nor the operands of an
// expression that failed live on after the chunk.
func TestResultDies(t *testing.T) {
	w := &watcher{}
	m := NewModule("__main__", "", w.builtins())
	thread := &starlark.Thread{}
	run := func(src string) (starlark.Value, error) {
		prog, err := Compile("<stdin>", []byte(src), ModeInteractive)
		if err != nil {
			t.Fatal(err)
		}
		return prog.Run(thread, m)
	}
	v, err := run("def keep(): pass\nmake()")
	if err != nil {
		t.Fatal(err)
	}
	m.Set("_", v) // as a prompt does
	v = nil
	if w.live() != 1 {
		t.Fatal("the result of the last chunk is dead")
	}
	m.Set("_", starlark.None)
	if n := w.live(); n != 0 {
		t.Errorf("%d results live after _ is rebound", n)
	}
	_, err = run("a = make()\nb = use(1, 2, a) + (3, make())")
	if err == nil {
		t.Fatal("the addition did not fail")
	}
	err = nil
	if v, err := run("a = None\nlive()"); err != nil || v.String() != "0" {
		t.Errorf("%v live after an error, %v", v, err)
	}
}

func TestIncomplete(t *testing.T) {
	for src, want := range map[string]bool{
		"x = 1":                           false,
		"x = (1,":                         true,
		"def f():":                        true,
		"def f():\n    return 1":          true,
		"def f():\n    return 1\n":        true,
		"def f():\n    return 1\n\n":      false,
		"if x:\n    y\nelse:":             true,
		"'''text":                         true,
		"'text":                           false,
		"x = 1 +":                         false,
		"x = \\\n":                        true,
		"for x in y: pass":                true,
		"class C:\n    x = 1\n\n":         false,
		"try:\n    x\n":                   true,
		"def f():\n    if x:\n":           true,
		"def f():\n    try:\n        x\n": true,
		"class C:\n    def f():\n        while x:\n": true,
		"def f():\n    if x:\n    y":                 false,
		"@decorator\n":                               true,
		"":                                           false,
		"]":                                          false,
		"f(\n":                                       true,
		"with a as b:\n    c\n    \n":                false,
		"x = {\n'a': 1,\n":                           true,
		"def f(:":                                    false,
		"x = [1\ny = 2":                              false,
	} {
		if got := Incomplete([]byte(src)); got != want {
			t.Errorf("Incomplete(%q) is %v", src, got)
		}
	}
}

func TestTraceback(t *testing.T) {
	const src = `def a(n):
    try:
        b(n)
    finally:
        pass

def b(n):
    xs = [1 // x for x in [n]]

class C:
    def method(self):
        try:
            a(0)
        except ZeroDivisionError as e:
            raise ValueError('wrapped') from e

C().method()
`
	_, _, err := execute("script.py", src)
	got := Traceback(err, func(string) ([]byte, bool) { return []byte(src), true })
	const want = `Traceback (most recent call last):
  File "script.py", line 13, in method
    a(0)
  File "script.py", line 3, in a
    b(n)
  File "script.py", line 8, in b
    xs = [1 // x for x in [n]]
         ^^^^^^^^^^^^^^^^^^^^^
  File "script.py", line 8, in <listcomp>
    xs = [1 // x for x in [n]]
          ~~^^~~
ZeroDivisionError: integer division or modulo by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "script.py", line 17, in <module>
    C().method()
  File "script.py", line 15, in method
    raise ValueError('wrapped') from e
ValueError: wrapped
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRecursionIsShortened(t *testing.T) {
	_, _, err := execute("r.py", "def f(n): return f(n + 1)\nf(0)\n")
	got := Traceback(err, nil)
	if !strings.Contains(got, "[Previous line repeated 996 more times]") || !strings.HasSuffix(got, "RecursionError: maximum recursion depth exceeded\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestSyntaxErrorReport(t *testing.T) {
	_, err := Compile("s.py", []byte("if x:\n    y = f(a=1, 2)\n"), ModeFile)
	const want = "  File \"s.py\", line 2\n    y = f(a=1, 2)\n               ^\nSyntaxError: positional argument follows keyword argument\n"
	if got := Traceback(err, nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var syn *syntax.Error
	if !errors.As(err, &syn) || syn.Start != (syntax.Pos{Line: 2, Col: 16}) {
		t.Errorf("the error is %#v", err)
	}
}

func TestSite(t *testing.T) {
	builtins := object.Builtins()
	var line int
	builtins["here"] = starlark.NewBuiltin("here", func(thread *starlark.Thread, _ *starlark.Builtin, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		_, line = Site(thread)
		return starlark.None, nil
	})
	prog, err := Compile("s.py", []byte("def f():\n    x = 1\n    return [x,\n        here()]\n\nf()\n"), ModeFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prog.Run(&starlark.Thread{}, NewModule("__main__", "", builtins)); err != nil || line != 4 {
		t.Errorf("the site is line %d, %v", line, err)
	}
	if file, line := Site(&starlark.Thread{}); file != "" || line != 0 {
		t.Errorf("an idle thread is at %s:%d", file, line)
	}
}

// TestUncatchable checks that no except clause and no finally clause goes on
// after a cancellation or at the end of the steps.
func TestUncatchable(t *testing.T) {
	const src = `
out = []
def f():
    try:
        stop()
        while True: pass
    except: out.append('except')
    finally: out.append('finally')
try: f()
except BaseException: out.append('outer')
`
	for name, stop := range map[string]func(*starlark.Thread){
		"steps":  func(thread *starlark.Thread) { thread.SetMaxExecutionSteps(thread.ExecutionSteps() + 1000) },
		"cancel": func(thread *starlark.Thread) { thread.Cancel("enough") },
		"later":  func(thread *starlark.Thread) { time.AfterFunc(5*time.Millisecond, func() { thread.Cancel("enough") }) },
	} {
		t.Run(name, func(t *testing.T) {
			prog, err := Compile("s.py", []byte(src), ModeFile)
			if err != nil {
				t.Fatal(err)
			}
			builtins := object.Builtins()
			builtins["stop"] = starlark.NewBuiltin("stop", func(thread *starlark.Thread, _ *starlark.Builtin, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
				stop(thread)
				return starlark.None, nil
			})
			m := NewModule("__main__", "", builtins)
			_, err = prog.Run(&starlark.Thread{}, m)
			if !object.IsUncatchable(err) {
				t.Errorf("the error is %v", err)
			}
			if out := m.Get("out"); out == nil || out.String() != "[]" {
				t.Errorf("the script went on: %v", out)
			}
		})
	}
}

func TestRecursionLimit(t *testing.T) {
	prog, err := Compile("s.py", []byte("def f(n):\n    return n if n == 0 else f(n - 1)\ndepth = f(40)\ntry: f(60)\nexcept RecursionError: depth = 'limited'\n"), ModeFile)
	if err != nil {
		t.Fatal(err)
	}
	thread := &starlark.Thread{}
	SetRecursionLimit(thread, 50)
	m := NewModule("__main__", "", object.Builtins())
	if _, err := prog.Run(thread, m); err != nil || m.Get("depth") != starlark.String("limited") {
		t.Errorf("depth is %v, %v", m.Get("depth"), err)
	}
}

// FuzzCompile looks for sources that make the compiler panic or hang.
func FuzzCompile(f *testing.F) {
	f.Add("x = [f(*a, **k) for y in z if y]\nclass C(D):\n    def m(self): yield super().m()\n")
	f.Add("try:\n  with a as b, c: return\nexcept E as e: del e\nfinally: x += (y := 1) < 2 < 3\n")
	f.Add("for i in range(3):\n for j in k:\n  for l in m:\n   for n in o:\n    f(g(h(n)))\n    break\n")
	f.Fuzz(func(t *testing.T, src string) {
		_, err := Compile("fuzz", []byte(src), ModeFile)
		var syn *syntax.Error
		if err != nil && !errors.As(err, &syn) {
			t.Errorf("not a syntax error: %v", err)
		}
	})
}

// BenchmarkScrub measures the expression that a scrub is, as Starlark's own
// loop runs it, for several numbers of slots. Zero is the loop alone.
func BenchmarkScrub(b *testing.B) {
	for _, slots := range []int{0, 1, 2, 3, 4, 6} {
		b.Run(fmt.Sprint(slots), func(b *testing.B) {
			body := "pass"
			if slots > 0 {
				body = strings.Repeat("U[", slots-1) + "N" + strings.Repeat("]", slots-1)
			}
			src := fmt.Sprintf("U, N = start\nfor i in range(%d): %s", b.N, body)
			start := starlark.StringDict{"start": starlark.Tuple{unset{}, starlark.None}}
			if _, err := starlark.ExecFileOptions(&options, &starlark.Thread{}, "bench", src, start); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// TestSize compiles and runs sources that are large in one way.
func TestSize(t *testing.T) {
	list := func(n int, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, ",")
	}
	for name, src := range map[string]string{
		"terms":     "a = 1\nassert a" + strings.Repeat(" + a", 20000) + " == 20001\n",
		"elements":  "assert len([" + list(50000, "%d") + "]) == 50000\n",
		"entries":   "assert len({" + list(2000, "%[1]d: %[1]d") + "}) == 2000\n",
		"arguments": "def f(*a, **k): return len(a) + len(k)\nassert f(" + list(300, "%d") + ", " + list(300, "k%d=1") + ") == 600\n",
		"branches":  "x = 149\nif x < 0: pass\n" + strings.ReplaceAll(list(150, "elif x == %d: y = x\n"), ",", "") + "assert y == 149\n",
		"brackets":  "x = " + strings.Repeat("[", 190) + strings.Repeat("]", 190) + "\nassert len(x) == 1\n",
		"loops":     loops(30) + "assert n == 1\n",
	} {
		start := time.Now()
		if _, _, err := execute(name, src); err != nil {
			t.Errorf("%s: %.300s", name, Traceback(err, nil))
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s takes %v", name, took)
		}
	}
}

// loops nests n loops of one round around a count.
func loops(n int) string {
	src := "n = 0\n"
	for i := range n {
		src += fmt.Sprintf("%sfor x%d in [1]:\n", strings.Repeat(" ", i), i)
	}
	return src + strings.Repeat(" ", n) + "n += len([n])\n"
}
