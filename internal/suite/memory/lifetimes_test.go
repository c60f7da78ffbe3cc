package memory_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// lingering lists the ways a dead array can stay reachable in an interpreter.
// Each script makes an array a of a million floats, uses it, and lets go of it;
// then active memory must be what it was before.
var lingering = map[string]string{
	"del":                  "a = new()\ndel a",
	"rebinding to None":    "a = new()\na = None",
	"rebinding":            "a = new()\na = 3",
	"unnamed":              "new()",
	"later argument":       "def use(x, y, z): pass\na = new()\nuse(1, 2, a)\na = None",
	"builtin argument":     "a = new()\nprint(1, 2, a.shape)\ndel a",
	"keyword argument":     "def use(x=1, y=2): pass\na = new()\nuse(y=a)\na = None",
	"star argument":        "def use(*args, **kw): pass\na = new()\nuse(1, *[2, a], **{'k': a})\na = None",
	"deep call":            "def use(*args): return len(args)\na = new()\nx = use(1, use(2, use(3, a, a), a), a)\ndel a",
	"loop variable":        "for a in [new(), new()]:\n    pass\ndel a",
	"loop over a list":     "xs = [new(), new()]\nfor a in xs:\n    pass\na = None\ndel xs",
	"loop with enumerate":  "xs = [new(), new()]\nfor i, a in enumerate(xs):\n    pass\ndel a, xs",
	"loop with zip":        "xs = [new()]\nfor a, b in zip(xs, xs):\n    pass\ndel a, b, xs",
	"broken loop":          "xs = [new(), new()]\nfor a in xs:\n    break\ndel a, xs",
	"comprehension":        "xs = [x for x in [new(), new()]]\ndel xs",
	"list element":         "xs = [1, new()]\nxs = None",
	"list element removed": "xs = [1, new()]\nxs.pop()",
	"list cleared":         "xs = [new()]\nxs.clear()",
	"list element set":     "xs = [new()]\nxs[0] = None",
	"tuple element":        "t = (1, (2, new()))\ndel t",
	"dict element":         "d = {'a': new()}\ndel d['a']",
	"dict died":            "d = {'a': new()}\nd = {}",
	"dict popped":          "d = {'a': new()}\nd.pop('a')",
	"closure":              "def outer():\n    a = new()\n    def inner(): return a\n    return inner\nf = outer()\nf()\ndel f",
	"lambda":               "a = new()\nf = lambda: a\ndel a\nf = None",
	"default argument":     "def f(x=new()): return 1\nf()\ndel f",
	"operand that raised":  "try:\n    a = new() @ mx.ones((3, 3))\nexcept ValueError:\n    pass",
	"exception":            "try:\n    a = new()\n    raise ValueError(a)\nexcept ValueError as e:\n    pass\ndel a",
	"conditional":          "a = new()\nb = a if 1 < 2 else None\ndel a, b",
	"and or":               "a = new()\nb = (a is None) or a\ndel a, b",
	"walrus":               "if (a := new()) is not None:\n    pass\na = None",
	"unpacking":            "a, (b, *c) = new(), (1, new(), new())\ndel a, b, c",
	"swap":                 "a, b = new(), 1\na, b = b, a\ndel a, b",
	"augmented":            "a = new()\na += 1\nmx.eval(a)\ndel a",
	"item assignment":      "a = new()\na[3] = 7\nmx.eval(a)\ndel a",
	"local":                "def f():\n    a = new()\n    b = a + 1\n    mx.eval(b)\nf()",
	"local deleted":        "def f():\n    a = new()\n    del a\n    return mx.get_active_memory()\nassert f() == before, f() - before",
	"local rebound":        "def use(x, y, z): pass\ndef f():\n    a = new()\n    use(1, 2, a)\n    a = None\n    return mx.get_active_memory()\nassert f() == before, f() - before",
	"asked deeper":         "def use(x, y, z): pass\ndef ask(): return mx.get_active_memory()\ndef f():\n    a = new()\n    use(1, 2, a)\n    del a\n    return ask()\nassert f() == before, f() - before",
	"with":                 "a = new()\nwith mx.stream(mx.cpu):\n    b = a + 1\n    mx.eval(b)\ndel a, b",
	"attribute":            "class C: pass\nc = C()\nc.a = new()\ndel c.a",
	"instance":             "class C: pass\nc = C()\nc.a = new()\nc = None",
	"method argument":      "class C:\n    def m(self, x, y): pass\nc = C()\na = new()\nc.m(1, a)\ndel a, c",
	"f-string":             "a = new()\ns = f'{a.shape} {a[0].item()}'\ndel a",
	"sorted key":           "a = new()\nxs = sorted([2, 1], key=lambda i: (i, a.size))\ndel a",
	"global in function":   "def f():\n    global a\n    a = new()\nf()\ndel a",
	"generator":            "def g():\n    yield new()\n    yield new()\nfor a in g(): pass\ndel a",
	"gradient":             "g = mx.grad(lambda x: (x * x).sum())(new())\nmx.eval(g)\ndel g",
	"chained comparison":   "a = new()\nb = 0 < a.size < 10\ndel a",
	"subscript chain":      "a = [[new()]]\nb = a[0][0].shape[0]\ndel a",
	"returned and dropped": "def f(): return new(), 1\nx = f()[1]",
	"map":                  "xs = list(map(lambda x: x.size, [new(), new()]))",
	"in a while loop":      "i = 0\nwhile i < 3:\n    a = new()\n    i += 1\ndel a",
}

func TestNoArrayLingers(t *testing.T) { runLingering(t, mlxstar.Options{}) }

func TestNoArrayLingersGPU(t *testing.T) { runLingering(t, suite.GPU(t)) }

func runLingering(t *testing.T, on mlxstar.Options) {
	for name, body := range lingering {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			s := suite.NewScript(t, on)
			s.Run(`import mlx.core as mx
def new():
    a = mx.zeros(1_000_000) + 1
    mx.eval(a)
    return a
before = mx.get_active_memory()
`)
			s.Run(body + "\nafter = mx.get_active_memory()\n")
			if got := s.Int("after - before"); got != 0 {
				t.Errorf("%d bytes linger, asked at once", got)
			}
			if got := s.Int("mx.get_active_memory() - before"); got != 0 {
				t.Errorf("%d bytes linger, asked later", got)
			}
		})
	}
}

func TestPromptValueLetsGo(t *testing.T) {
	s := suite.NewScript(t, mlxstar.Options{})
	ask := func(src string) {
		t.Helper()
		if _, err := s.RT.Interact(t.Context(), "<stdin>", src); err != nil {
			t.Fatal(err)
		}
	}
	ask("import mlx.core as mx")
	before := s.RT.Memory().Active
	ask("mx.zeros(1_000_000) + 1")
	if got := s.RT.Memory().Active - before; got < 4_000_000 {
		t.Fatalf("the value at the prompt takes %d bytes, want 4000000", got)
	}
	ask("1 + 1")
	if got := s.RT.Memory().Active - before; got != 0 {
		t.Errorf("%d bytes linger after _ was reassigned", got)
	}
	if err := s.RT.Exec(t.Context(), "x.py", "a = mx.zeros(1_000_000) + 1\nmx.eval(a)\n1 / 0"); err == nil {
		t.Fatal("1 / 0 did not fail")
	}
	if err := s.RT.Exec(t.Context(), "x.py", "a = None"); err != nil {
		t.Fatal(err)
	}
	if got := s.RT.Memory().Active - before; got != 0 {
		t.Errorf("%d bytes linger after an error", got)
	}
}
