package memory_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// aliases lists the ways in which a value that a variable or an expression made
// gets a second reference. What the second one refers to must outlive the first:
// each script leaves in kept an array of 4096 twos (or more of them), although x
// was bound again.
var aliases = map[string]string{
	"another name":                  "y = x; x = mx.exp(x); mx.eval(x); kept = y",
	"list":                          "l = [x]; x = mx.exp(x); mx.eval(x); kept = l[0]",
	"appended":                      "l = []; l.append(x); x = mx.exp(x); mx.eval(x); kept = l[0]",
	"tuple":                         "t = (x, 1); x = mx.exp(x); mx.eval(x); kept = t[0]",
	"dict":                          "d = {'a': x}; x = mx.exp(x); mx.eval(x); kept = d['a']",
	"dict item":                     "d = {}; d['a'] = x; x = mx.exp(x); mx.eval(x); kept = d['a']",
	"attribute":                     "o = O(); o.a = x; x = mx.exp(x); mx.eval(x); kept = o.a",
	"kept by a function":            "keep(x); x = mx.exp(x); mx.eval(x); kept = store[0]",
	"temporary kept":                "keep(two() * 1); mx.eval(store[0]); kept = store[0]",
	"nested temporary":              "y = mx.exp(keep(two() * 1)); mx.eval(y); kept = store[0]",
	"returned argument":             "y = same(x); x = mx.exp(x); mx.eval(x); kept = y",
	"returned temporary":            "x = same(x * 1); y = x; x = mx.exp(x); mx.eval(x); kept = y",
	"lambda argument":               "y = (lambda a: a)(x * 1); z = mx.exp(y); mx.eval(z); kept = y",
	"default value":                 "def f(a=x): return a\nx = mx.exp(x); mx.eval(x); kept = f()",
	"closure":                       "def outer():\n    x = two()\n    def get(): return x\n    g = get()\n    for i in range(2):\n        x = mx.exp(x)\n        mx.eval(x)\n    return g\nkept = outer()",
	"global in function":            "y = get_x(); x = mx.exp(x); mx.eval(x); kept = y",
	"swap":                          "y = 1; x, y = y, x; x = mx.array(1.0); mx.eval(x); kept = y",
	"chained":                       "y = z = x * 1; y = mx.exp(y); mx.eval(y); kept = z",
	"conditional":                   "y = x if True else None; x = mx.exp(x); mx.eval(x); kept = y",
	"or":                            "y = None or x; x = mx.exp(x); mx.eval(x); kept = y",
	"walrus":                        "y = (x := x * 1); x = mx.exp(x); mx.eval(x); kept = y",
	"comprehension":                 "l = [x for i in range(2)]; x = mx.exp(x); mx.eval(x); kept = l[1]",
	"generator":                     "def g(): yield x\ny = next(g()); x = mx.exp(x); mx.eval(x); kept = y",
	"bound method":                  "f = x.astype; x = mx.exp(x); mx.eval(x); kept = f(mx.float32)",
	"same dtype":                    "y = x.astype(mx.float32); x = mx.exp(x); mx.eval(x); kept = y",
	"same shape":                    "y = mx.reshape(x, (4096,)); x = mx.exp(x); mx.eval(x); kept = y",
	"view":                          "y = x.reshape(64, 64); x = mx.exp(x); mx.eval(x); kept = y.reshape(4096)",
	"evaluated view":                "y = x.reshape(64, 64); mx.eval(y); x = mx.exp(x); mx.eval(x); kept = y.reshape(4096)",
	"slice":                         "y = x[:2048]; mx.eval(y); x = mx.exp(x); mx.eval(x); kept = mx.concatenate([y, y])",
	"pending consumer":              "y = x * 1; x = mx.exp(x); mx.eval(x); kept = y",
	"stop_gradient":                 "y = mx.stop_gradient(x); x = mx.exp(x); mx.eval(x); kept = y",
	"array of an array":             "y = mx.array(x); x = mx.exp(x); mx.eval(x); kept = y",
	"in place":                      "y = x; x += 0; mx.eval(x); x = mx.exp(x); mx.eval(x); kept = y",
	"operand and sibling":           "def again():\n    global x\n    x = mx.exp(x); mx.eval(x)\n    return 0\ny = x + again(); kept = y",
	"argument and sibling":          "def again():\n    global x\n    x = mx.exp(x); mx.eval(x)\n    return 0\ny = mx.add(x, again()); kept = y",
	"keeping operator":              "y = x * K(); x = mx.exp(x); mx.eval(x); kept = store[0]",
	"keeping reflected":             "y = (x * 1) * K(); mx.eval(store[0]); kept = store[0]",
	"exception":                     "try:\n    raise ValueError(x)\nexcept ValueError as e:\n    y = e.args[0]\nx = mx.exp(x); mx.eval(x); kept = y",
	"history in a loop":             "l = []\nfor i in range(3):\n    x = mx.abs(x)\n    l.append(x)\n    mx.eval(x)\nkept = l[0]",
	"history of a local":            "def f():\n    x = two()\n    l = []\n    for i in range(3):\n        x = mx.abs(x)\n        l.append(x)\n        mx.eval(x)\n    return l\nkept = f()[0]",
	"local returned":                "def f():\n    x = two()\n    y = x\n    for i in range(3):\n        x = mx.exp(x) * 0\n        mx.eval(x)\n    return y\nkept = f()",
	"gradient":                      "g = mx.grad(lambda a: (a * x).sum())(x); x = mx.exp(x); mx.eval(x); kept = g",
	"compiled":                      "f = mx.compile(lambda a: a + (a - a)); y = f(x); x = mx.exp(x); mx.eval(x); kept = y",
	"asynchronous":                  "y = x * 1; mx.async_eval(y); x = mx.exp(x); mx.async_eval(x); kept = y",
	"keyword":                       "keep(a=x); x = mx.exp(x); mx.eval(x); kept = store[0]",
	"star":                          "keep(*[x]); x = mx.exp(x); mx.eval(x); kept = store[0]",
	"partial":                       "from functools import partial\nf = partial(mx.add, x); x = mx.exp(x); mx.eval(x); kept = f(0)",
	"globals":                       "y = globals()['x']; x = mx.exp(x); mx.eval(x); kept = y",
	"deleted":                       "y = x; del x; kept = y",
	"with":                          "with mx.stream(mx.cpu):\n    y = x\n    x = mx.exp(x); mx.eval(x)\nkept = y",
	"unpacked":                      "y, z = x, 1; x = mx.exp(x); mx.eval(x); kept = y",
	"map":                           "l = list(map(lambda a: a, [x])); x = mx.exp(x); mx.eval(x); kept = l[0]",
	"computed elements":             "l = [x * 1 for i in range(2)]; x = mx.exp(x); mx.eval(x); kept = l[1]",
	"elements by name":              "l = [x for i in [1, 2] if i > 1]; y = mx.exp(x); x = y; mx.eval(x); kept = l[0]",
	"lazy elements":                 "g = (x * 1 for i in range(1)); x = mx.abs(x); mx.eval(x); kept = next(g)",
	"two operands":                  "y = x * x; x = mx.exp(x); mx.eval(x); kept = y / 2",
	"own operand":                   "y = x; x = x * 1; mx.eval(x); x = x * 0; mx.eval(x); kept = y",
	"element used":                  "l = [x * 1, x * 1]; y = l[0] + 0; l = None; mx.eval(y); kept = y",
	"element read":                  "l = [x * 1, x * 1]; mx.eval(l); y = l[0]; l = [x * 0]; mx.eval(l); kept = y",
	"element read from the end":     "l = [x * 1, x * 1]; mx.eval(l); y = l[-1]; l = None; kept = y",
	"element kept":                  "l = [x * 1, x * 1]; mx.eval(l); keep(l[0]); l = None; kept = store[0]",
	"element kept by operator":      "l = [x * 1, x * 1]; mx.eval(l); z = l[0] * K(); l = None; kept = store[0]",
	"element of a list kept":        "l = [x * 1, x * 1]; mx.eval(l); z = l[0] * K(); keep(l); l = None; kept = store[1][1]",
	"elements unpacked":             "l = [x * 1, x * 1]; mx.eval(l); y, z = l; l = None; kept = z",
	"elements iterated":             "l = [x * 1, x * 1]; mx.eval(l); \nfor y in l: pass\nl = None; kept = y",
	"elements spread":               "l = [x * 1, x * 1]; mx.eval(l); keep(*l[:1]); l = None; kept = store[0]",
	"elements in a list":            "l = [x * 1, x * 1]; mx.eval(l); m = [*l]; l = None; kept = m[0]",
	"elements mapped":               "l = [x * 1, x * 1]; mx.eval(l); m = list(map(lambda a: a, l)); l = None; kept = m[0]",
	"elements renewed":              "l = [x * 1, x * 1]; mx.eval(l); l = [a * 1 for a in l]; mx.eval(l); kept = l[1]",
	"elements kept in their list":   "l = [x * 1, x * 1]; mx.eval(l); m = [a for a in l]; l = None; kept = m[0]",
	"list named":                    "l = [x * 1, x * 1]; mx.eval(l); m = l; l = [x * 0]; mx.eval(l); kept = m[0]",
	"list kept":                     "l = [x * 1, x * 1]; mx.eval(l); keep(l); l = None; kept = store[0][0]",
	"list appended":                 "l = [x * 1, x * 1]; mx.eval(l); store.append(l); l = None; kept = store[0][0]",
	"list in a tuple":               "l = [x * 1, x * 1]; mx.eval(l); m = (l, 1); l = None; kept = m[0][0]",
	"list in a dict":                "l = [x * 1, x * 1]; mx.eval(l); m = {'l': l}; l = None; kept = m['l'][0]",
	"list added":                    "l = [x * 1, x * 1]; mx.eval(l); m = l + [1]; l = None; kept = m[0]",
	"list repeated":                 "l = [x * 1, x * 1]; mx.eval(l); m = l * 2; l = None; kept = m[1]",
	"list sliced":                   "l = [x * 1, x * 1]; mx.eval(l); m = l[1:]; l = None; kept = m[0]",
	"list slice added":              "l = [x * 1, x * 1]; mx.eval(l); m = l[:] + []; l = None; kept = m[0]",
	"list copied":                   "l = [x * 1, x * 1]; mx.eval(l); m = l.copy(); l = None; kept = m[0]",
	"list popped":                   "l = [x * 1, x * 1]; mx.eval(l); y = l.pop(); l = None; kept = y",
	"list returned":                 "l = [x * 1, x * 1]; mx.eval(l); m = same(l); l = None; kept = m[0]",
	"list extended":                 "l = [x * 1, x * 1]; mx.eval(l); m = l; m.append(x * 1); l = None; mx.eval(m); kept = m[2]",
	"list in a module's list":       "l = [x * 1, x * 1]; mx.eval(l); f = mx.compile(lambda a: a + (l[0] - l[0])); y = f(x); l = None; kept = y",
	"name in a list":                "y = x * 1; mx.eval(y); l = [y, x * 1]; l = None; kept = y",
	"nested list":                   "l = [[x * 1]]; mx.eval(l); m = l[0]; l = None; kept = m[0]",
	"stacked":                       "l = [x * 1, x * 1]; y = mx.stack(l); l = None; mx.eval(y); kept = y[1]",
	"method of its own":             "y = x.__iadd__(0); x = mx.exp(x); mx.eval(x); kept = y",
	"property":                      "y = x.T; x = mx.exp(x); mx.eval(x); kept = y",
	"property used":                 "y = x.T * 1; x = mx.exp(x); mx.eval(x); kept = y",
	"property of the same elements": "y = x.real; x = mx.exp(x); mx.eval(x); kept = y",
	"all of it":                     "y = x[:]; x = mx.exp(x); mx.eval(x); kept = y",
	"all of it used":                "y = x[...] + 0; x = mx.exp(x); mx.eval(x); kept = y",
	"part named":                    "y = x.reshape(64, 64)[:, :64]; x = mx.exp(x); mx.eval(x); kept = y.reshape(4096)",
	"part kept":                     "y = x.reshape(64, 64)[:, :64]; mx.eval(y); keep(y); y = None; kept = store[0].reshape(4096)",
	"part renamed":                  "y = x.reshape(64, 64)[:, :64]; mx.eval(y); z = y; y = x.reshape(64, 64)[:, :3]; mx.eval(y); kept = z.reshape(4096)",
	"updates":                       "u = x.at[0]; x = mx.exp(x); mx.eval(x); kept = u.add(0)",
	"result of a function":          "def f(): return x * 1\ny = f(); x = mx.exp(x); mx.eval(x); kept = y",
	"result kept and given":         "def f(): return keep(x * 1)\ny = mx.exp(f()); mx.eval(y); kept = store[0]",
	"variable kept and given":       "def f():\n    y = x * 1\n    mx.eval(y)\n    store.append(y)\n    return y\nz = mx.exp(f()); mx.eval(z); kept = store[0]",
	"variable given to a list":      "def f():\n    y = x * 1\n    mx.eval(y)\n    y = mx.abs(y)\n    return y\nl = [f(), 1]; z = mx.exp(l[0]); mx.eval(z); kept = l[0]",
	"variable given twice":          "def f():\n    y = x * 1\n    mx.eval(y)\n    return y\ndef g(): return f()\nz = g(); y = z; z = mx.exp(z); mx.eval(z); kept = y",
	"result cached":                 "d = {}\ndef f():\n    if 'a' not in d:\n        d['a'] = x * 1\n    return d['a']\nz = mx.exp(f()); mx.eval(z); z = mx.exp(f()); mx.eval(z); kept = f()",
	"result of a cached call":       "d = {}\ndef f():\n    d['a'] = x * 1\n    return d.get('a')\nz = mx.exp(f()); mx.eval(z); kept = d['a']",
	"attribute given":               "o = O(); o.a = x * 1\ndef f(): return o.a\nz = mx.exp(f()); mx.eval(z); kept = o.a",
	"item given":                    "l = [x * 1]\ndef f(): return l[0]\nz = mx.exp(f()); mx.eval(z); kept = l[0]",
	"view given":                    "def f(): return x.reshape(64, 64).T\nz = mx.exp(f()); mx.eval(z); kept = x",
	"item of an array given":        "def f(): return x[:]\nz = mx.exp(f()); mx.eval(z); kept = f()",
	"method gives":                  "class C:\n    def get(self):\n        self.a = x * 1\n        return self.a\nc = C(); z = mx.exp(c.get()); mx.eval(z); kept = c.a",
	"instance gives":                "class C:\n    def __call__(self):\n        y = x * 1\n        self.a = y\n        return y\nc = C(); z = mx.exp(c()); mx.eval(z); kept = c.a",
	"decorated function gives":      "def deco(f):\n    def g():\n        y = f()\n        store.append(y)\n        return y\n    return g\n@deco\ndef f(): return x * 1\nz = mx.exp(f()); mx.eval(z); kept = store[0]",
	"compiled function's constant":  "f = mx.compile(lambda a: x)\nz = mx.exp(f(two())); mx.eval(z); kept = f(two())",
	"compiled function's argument":  "f = mx.compile(lambda a: a)\nz = mx.exp(f(x)); mx.eval(z); kept = x",
	"compiled function's state":     "s = [x * 1]\ndef step(a):\n    s[0] = s[0] * 1\n    return s[0]\nf = mx.compile(step, inputs=s, outputs=s)\nz = mx.exp(f(x)); mx.eval(z, s); kept = s[0]",
	"generator's return":            "def g():\n    y = x * 1\n    store.append(y)\n    yield y\n    return y\nz = mx.exp(next(g())); mx.eval(z); kept = store[0]",
	"finally sees the result":       "def f():\n    y = x * 1\n    try:\n        return y\n    finally:\n        store.append(y)\nz = mx.exp(f()); mx.eval(z); kept = store[0]",
	"lambda's result kept":          "f = lambda: keep(x * 1)\nz = mx.exp(f()); mx.eval(z); kept = store[0]",
	"conditional result":            "f = lambda c: x if c else x * 1\nz = mx.exp(f(True)); mx.eval(z); kept = x",
	"property of a class":           "class C:\n    @property\n    def a(self): return x\nz = mx.exp(C().a); mx.eval(z); kept = x",
	"parameter kept":                "def f(a):\n    store.append(a)\n    return mx.exp(store[0])\nmx.eval(f(x * 1)); kept = store[0]",
	"parameter kept and given on":   "def g(a): return mx.exp(a)\ndef f(a):\n    store.append(a)\n    return g(store[0])\nmx.eval(f(x * 1)); kept = store[0]",
	"parameter given on by a loop":  "def g(a): return mx.abs(a)\ndef f(a):\n    for i in range(2): y = g(a)\n    return y\nkept = f(x * 1)",
	"parameter in a loop":           "def f(a):\n    for i in range(2):\n        y = mx.abs(a)\n        mx.eval(y)\n    return y\nkept = f(x * 1)",
	"parameter in a condition":      "def f(a):\n    n = 0\n    while mx.all(a).item() and n < 2: n += 1\n    return n\ny = f(x * 1); kept = x * (y // 2)",
	"parameter in a comprehension":  "def f(a): return [mx.abs(a) for i in range(2)]\nkept = f(x * 1)[1]",
	"parameter in a text":           "def f(a): return mx.abs(a), f'{a[0].item()}'\nkept = f(x * 1)[0]",
	"parameter in a closure":        "def f(a): return lambda: mx.abs(a)\ng = f(x * 1); mx.eval(g()); kept = g()",
	"parameter seen by locals":      "def f(a):\n    mx.eval(mx.exp(a))\n    return locals()\nkept = f(x * 1)['a']",
	"parameter with a default":      "def f(a=x): return mx.exp(a)\nmx.eval(f()); kept = x",
	"parameter given twice":         "def f(a, b): return mx.exp(a), b\ny = x * 1; kept = f(y, y)[1]",
	"parameter of a partial":        "from functools import partial\np = partial(lambda a: mx.abs(a), x * 1)\nmx.eval(p()); kept = p()",
	"parameter of a map":            "l = [x * 1]\ny = list(map(lambda a: mx.exp(a), l)); mx.eval(y); kept = l[0]",
	"parameter of a generator":      "def g(a):\n    yield mx.abs(a)\nkept = next(g(x * 1))",
	"parameter of a coroutine":      "import asyncio\nasync def g(a): return mx.abs(a)\nkept = asyncio.run(g(x * 1))",
	"parameter of a failing call":   "def g(a): return mx.reshape(a, (7,))\ndef f(a):\n    store.append(a)\n    try: g(store[0])\n    except ValueError: pass\nf(x * 1); kept = store[0]",
	"parameter given back":          "def g(a): return mx.stop_gradient(a)\ny = g(x * 1); z = mx.exp(y); mx.eval(z); kept = y",
	"parameter of the same dtype":   "def g(a): return mx.abs(a).astype(mx.float32)\ny = g(x * 1); z = mx.exp(y); mx.eval(z); kept = y",
	"parameter of recursion":        "def g(a, n): return mx.abs(a) if n == 0 else g(a, n - 1)\nkept = g(x * 1, 3)",
	"parameter of a method":         "class C:\n    def g(self, a): return mx.exp(a)\n    def f(self, a):\n        self.a = a\n        return self.g(self.a)\nc = C(); mx.eval(c.f(x * 1)); kept = c.a",
	"compared":                      "y = x * 1; z = y > 1; x = mx.exp(x); mx.eval(x, z); kept = y",
	"compared with itself":          "y = (x * 1) == (x * 1); mx.eval(y); kept = x * y",
	"negated":                       "y = -x; x = mx.exp(x); mx.eval(x); kept = -y",
	"negated and kept":              "y = keep(-(-x)); x = mx.exp(x); mx.eval(x); kept = store[0]",
	"tree":                          "from mlx.utils import tree_map\nt = tree_map(lambda a: a, {'a': x}); x = mx.exp(x); mx.eval(x); kept = t['a']",
}

// leavings lists what a function may leave behind of its variable x when it returns,
// and how to get at the array of twos.
var leavings = map[string][2]string{
	"returned":                  {"return x", "f()"},
	"in a tuple":                {"return (1, x)", "f()[1]"},
	"from try":                  {"try:\n    return x\nfinally:\n    store.append(1)", "f()"},
	"from with":                 {"with mx.stream(mx.cpu):\n    return x", "f()"},
	"from a loop in try":        {"for i in range(2):\n    try:\n        return x\n    except ValueError: pass", "f()"},
	"pending":                   {"return x * 1", "f()"},
	"pending call":              {"return mx.abs(x)", "f()"},
	"pending in try":            {"try:\n    return x * 1\nfinally:\n    store.append(1)", "f()"},
	"view":                      {"y = mx.reshape(x, (64, 64))\nmx.eval(y)\nreturn y", "f().reshape(4096)"},
	"part":                      {"y = x.reshape(64, 64)[:, :64]\nmx.eval(y)\nreturn y", "f().reshape(4096)"},
	"part in a tuple":           {"y = x.reshape(64, 64)[:, :64]\nreturn (y, 1)", "f()[0].reshape(4096)"},
	"part of a part":            {"y = x.reshape(64, 64)[:, :64]\nz = y[:64, :]\nmx.eval(z)\nreturn z", "f().reshape(4096)"},
	"closure":                   {"def get(): return x\nreturn get", "f()()"},
	"closure in a closure":      {"def get(): return lambda: x\nreturn get", "f()()()"},
	"lambda":                    {"return lambda: x", "f()()"},
	"lambda in a comprehension": {"return [lambda: x for i in range(1)]", "f()[0]()"},
	"lambda's operand":          {"return lambda: x * 1", "f()()"},
	"class body":                {"class C:\n    a = x\nreturn C", "f().a"},
	"method":                    {"class C:\n    def get(self): return x\nreturn C()", "f().get()"},
	"default":                   {"def g(a=x): return a\nreturn g", "f()()"},
	"generator":                 {"def g(): yield x\nreturn g()", "next(f())"},
	"generator expression":      {"return (x for i in range(1))", "next(f())"},
	"iterated":                  {"return (a for a in [x])", "next(f())"},
	"map":                       {"return map(lambda i: x, [1])", "next(f())"},
	"yielded":                   {"yield x", "next(f())"},
	"yielded and resumed":       {"yield x\ny = mx.exp(x)\nmx.eval(y)", "list(f())[0]"},
	"locals":                    {"return locals()", "f()['x']"},
	"eval":                      {"return eval('x')", "f()"},
	"elements":                  {"return [x for i in range(2)]", "f()[1]"},
	"computed elements":         {"return [x * 1 for i in range(2)]", "f()[1]"},
	"conditional":               {"y = mx.exp(x)\nmx.eval(y)\nreturn x if y.size else y", "f()"},
	"stored":                    {"store.append(x)", "(f(), store[0])[1]"},
	"global":                    {"global g\ng = x", "(f(), g)[1]"},
	"attribute":                 {"o = O()\no.a = x\nreturn o", "f().a"},
	"raised":                    {"raise ValueError(x)", "caught(f)"},
	"kept by a function":        {"keep(x)", "(f(), store[0])[1]"},
	"its own result":            {"x = same(x)\nmx.eval(x)\nreturn x", "f()"},
	"asynchronous":              {"y = x * 1\nmx.async_eval(y)\nreturn y", "f()"},
	"compiled":                  {"return mx.compile(lambda a: a + (x - x))", "f()(two())"},
	"vmapped":                   {"return mx.vmap(lambda a: a + (x - x))(two().reshape(1, 4096))", "f()[0]"},
	"checkpointed":              {"return mx.checkpoint(lambda a: a * 1)(x)", "f()"},
}

func TestWhatAFunctionLeavesStays(t *testing.T) {
	for name, c := range leavings {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			s := suite.NewScript(t, mlxstar.Options{})
			body := ownedVariable + c[0]
			s.Run(ownershipSetup + "def caught(f):\n    try: f()\n    except ValueError as e: return e.args[0]\n" +
				"def f():\n    " + strings.ReplaceAll(body, "\n", "\n    ") + "\nkept = " + c[1] + ownershipCheck)
		})
	}
}

// ownershipSetup is what runs before each of them. The array x is owned.
const ownershipSetup = `import mlx.core as mx
store = []
class O: pass
class K:
    def __rmul__(self, other):
        store.append(other)
        return 1
def two():
    a = mx.full((4096,), 2.0) + 0
    mx.eval(a)
    return a
def keep(a):
    store.append(a)
    return a
def same(a): return a
`

const ownedVariable = `x = two() * 1
mx.eval(x)
x = mx.abs(x)
mx.eval(x)
`

const ownershipCheck = "\nassert kept.shape == (4096,) and mx.all(kept == 2).item(), kept\n"

func TestWhatHasTwoReferencesOutlivesOne(t *testing.T) {
	for name, body := range aliases {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			s := suite.NewScript(t, mlxstar.Options{})
			s.Run(ownershipSetup + "def get_x(): return x\n" + ownedVariable)
			s.Run(body + ownershipCheck)
		})
		if strings.Contains(body, "globals()") {
			continue
		}
		t.Run(strings.ReplaceAll(name, " ", "-")+"-of-a-local", func(t *testing.T) {
			t.Parallel()
			s := suite.NewScript(t, mlxstar.Options{})
			body := ownedVariable + strings.ReplaceAll(body, "global x", "nonlocal x") + "\nreturn kept"
			if strings.Contains(body, "get_x") {
				body = "def get_x(): return x\n" + body
			}
			s.Run(ownershipSetup + "def f():\n    " + strings.ReplaceAll(body, "\n", "\n    ") + "\nkept = f()" + ownershipCheck)
		})
	}
}

// TestParametersLetGo computes with arrays that pass through parameters: each is let go of when
// it was used, and no collection has to find it.
func TestParametersLetGo(t *testing.T) {
	for name, use := range map[string]string{
		"lambda": "done(two())", "def": "plain(two())", "nested": "done(plain2(two()))", "keyword": "plain(a=two())",
		"method": "c.use(two())", "compared": "done(two() > 1)", "negated": "done(-two())", "direct": "mx.eval(two() == 2)",
	} {
		t.Run(name, func(t *testing.T) {
			s := suite.NewScript(t, mlxstar.Options{})
			s.Run(`import mlx.core as mx
a = mx.zeros((1024, 1024)) + 1
mx.eval(a)
def two(): return a + 1
done = lambda x: mx.eval(x)
def plain(a): mx.eval(a)
def plain2(a): return mx.exp(a)
class C:
    def use(self, x): mx.eval(x)
c = C()
def step(): ` + use + "\n" + `step()
`)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			s.Run("for i in range(8): step()")
			runtime.ReadMemStats(&after)
			if n := after.NumForcedGC - before.NumForcedGC; n > 0 {
				t.Errorf("%d collections", n)
			}
		})
	}
}
