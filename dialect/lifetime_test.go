package dialect

import (
	"fmt"
	"runtime"
	"testing"
	"time"
	"weak"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// thing is a value whose life the tests watch.
type thing struct {
	used [8]int // how often; Go's smallest objects share a block, and so a life
}

func (*thing) String() string        { return "thing" }
func (*thing) Type() string          { return "thing" }
func (*thing) Freeze()               {}
func (*thing) Truth() starlark.Bool  { return true }
func (*thing) Hash() (uint32, error) { return 7, nil }

// Attr gives a method, so that calls of methods are part of the test.
func (t *thing) Attr(name string) (starlark.Value, error) {
	if name == "method" {
		return starlark.NewBuiltin(name, func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			t.used[0]++
			return starlark.None, nil
		}).BindReceiver(t), nil
	}
	return nil, nil
}

func (*thing) AttrNames() []string { return []string{"method"} }

// Operator makes a new thing of two.
func (*thing) Operator(_ *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	return nil, nil
}

// watcher makes things, and counts the live ones after a collection.
type watcher struct {
	made []weak.Pointer[thing]
}

func (w *watcher) live() int {
	runtime.GC()
	n := 0
	for _, p := range w.made {
		if p.Value() != nil {
			n++
		}
	}
	return n
}

func (w *watcher) builtins() starlark.StringDict {
	d := starlark.StringDict{}
	for k, v := range starlark.Universe {
		d[k] = v
	}
	for k, v := range object.Builtins() {
		d[k] = v
	}
	def := func(name string, f func() starlark.Value) {
		d[name] = starlark.NewBuiltin(name, func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return f(), nil
		})
	}
	def("make", func() starlark.Value {
		x := &thing{}
		w.made = append(w.made, weak.Make(x))
		return x
	})
	def("live", func() starlark.Value { return starlark.MakeInt(w.live()) })
	// settle lets the goroutine of a dropped generator end, which takes a
	// collection of its own.
	def("settle", func() starlark.Value {
		for range 10 {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
		return starlark.None
	})
	def("use", func() starlark.Value { return starlark.None })
	return d
}

// lifetimes are scripts that drop a thing in every way there is. Each must find
// none alive when it asks; ask() asks from a function.
var lifetimes = map[string]string{
	"del":                          "a = make()\ndel a\ncheck()",
	"none":                         "a = make()\na = None\ncheck()",
	"rebinding":                    "a = make()\na = make()\na = 1\ncheck()",
	"later argument":               "a = make()\nuse(1, 2, a)\na = None\ncheck()",
	"later argument, del":          "a = make()\nuse(1, 2, 3, a)\ndel a\ncheck()",
	"keyword argument":             "a = make()\nuse(1, x=2, y=a)\ndel a\ncheck()",
	"star argument":                "a = make()\nuse(*[1, a], **{'k': a})\ndel a\ncheck()",
	"nested calls":                 "a = make()\nuse(1, use(2, use(3, 4, a)))\ndel a\ncheck()",
	"temporary":                    "use(1, 2, make())\ncheck()",
	"discarded":                    "make()\ncheck()",
	"method":                       "a = make()\na.method(1, a)\ndel a\ncheck()",
	"loop variable":                "for a in [make(), make()]: pass\ndel a\ncheck()",
	"loop variable and list":       "xs = [make(), make()]\nfor a in xs: pass\ndel a, xs\ncheck()",
	"loop variable, none":          "xs = [make()]\nfor a in xs: use(1, 2, a)\na = xs = None\ncheck()",
	"loop unpacking":               "xs = [(1, make())]\nfor i, a in xs: pass\ndel a, xs\ncheck()",
	"loop left":                    "xs = [make(), make()]\nfor a in xs: break\ndel a, xs\ncheck()",
	"in a loop":                    "for i in range(3):\n    a = make()\n    use(1, 2, 3, a)\n    del a\n    check()",
	"in a loop, first":             "for a in [make]:\n    a = a()\n    a = None\n    check()",
	"while":                        "i = 0\nwhile i < 2:\n    a = make()\n    use(i, i, i, a)\n    a = None\n    i += 1\n    check()",
	"list":                         "xs = [1, make()]\ndel xs\ncheck()",
	"tuple":                        "xs = (1, make())\nxs = None\ncheck()",
	"dict":                         "d = {'k': make(), make(): 1}\nd = None\ncheck()",
	"set":                          "d = {make()}\nd = None\ncheck()",
	"popped":                       "xs = [make()]\nuse(xs.pop())\ncheck()",
	"cleared":                      "xs = [make()]\nxs.clear()\ncheck()",
	"deleted element":              "xs = [1, make()]\ndel xs[1]\ncheck()",
	"replaced element":             "xs = [1, make()]\nxs[1] = 2\ncheck()",
	"replaced item":                "d = {'k': make()}\nd['k'] = 2\ncheck()",
	"deleted item":                 "d = {'k': make()}\ndel d['k']\ncheck()",
	"closure":                      "def outer():\n    a = make()\n    return lambda: a\nf = outer()\nf()\nf = None\ncheck()",
	"closure that assigns":         "def outer():\n    a = make()\n    def g():\n        nonlocal a\n        use(a)\n        a = make()\n    g()\n    return g\nf = outer()\nf()\ndel f\ncheck()",
	"default value":                "def f(a=make()): pass\ndel f\ncheck()",
	"raised":                       "a = make()\ntry:\n    1 + use(1, 2, a) + a\nexcept TypeError: pass\na = None\ncheck()",
	"raised, named":                "a = make()\ntry:\n    a + 1\nexcept TypeError as e: pass\na = None\ncheck()",
	"walrus":                       "if (a := make()): pass\ndel a\ncheck()",
	"and":                          "a = make()\nb = a and 1\nb = a and a\na = b = None\ncheck()",
	"or":                           "a = make()\nb = a or 1\na = b = None\ncheck()",
	"and, discarded":               "a = make()\na and use(a)\na = None\ncheck()",
	"conditional":                  "a = make()\nb = a if a else 1\ndel a, b\ncheck()",
	"condition":                    "a = make()\nif a:\n    del a\n    check()",
	"condition, comparison":        "a = make()\nif a != 1 and a == a:\n    a = None\n    check()",
	"chained comparison":           "a = make()\nx = a == a == a\ndel a\ncheck()",
	"comprehension":                "xs = [make()]\nys = [(1, x) for x in xs if x]\ndel xs, ys\ncheck()",
	"dict comprehension":           "d = {i: make() for i in range(2)}\nd = None\ncheck()",
	"generator expression":         "g = (x for x in [make()])\nfor y in g: pass\ndel g, y\ncheck()",
	"generator":                    "def g():\n    a = make()\n    yield a\n    a = None\n    yield 1\nit = g()\nfor x in it: pass\ncheck()",
	"generator left":               "def g(a):\n    yield a\n    yield 1\nit = g(make())\nfor x in it: break\ndel x, it\nsettle()\ncheck()",
	"with":                         "class C:\n    def __enter__(self): return make()\n    def __exit__(self, *a): pass\nwith C() as a:\n    del a\n    check()",
	"with, left":                   "class C:\n    def __enter__(self): return make()\n    def __exit__(self, *a): pass\nwith C() as a: pass\na = None\ncheck()",
	"attribute":                    "class C: pass\nc = C()\nc.a = make()\nc.a = None\nc.b = make()\ndel c.b\ncheck()",
	"instance":                     "class C:\n    def __init__(self): self.a = make()\nc = C()\nc = None\ncheck()",
	"unpacking":                    "a, (b, *c) = make(), (1, make())\na = b = c = None\ncheck()",
	"swap":                         "a, b = make(), 1\na, b = b, a\nb = None\ncheck()",
	"chained assignment":           "a = b = make()\na = b = None\ncheck()",
	"slice":                        "xs = [make(), 1]\nxs[0:1] = []\ncheck()",
	"augmented":                    "xs = [[make()]]\nxs[0] += [make()]\nxs[0] *= 0\ncheck()",
	"f-string":                     "a = make()\ns = f'{a} {a!r}'\ndel a\ncheck()",
	"print":                        "a = make()\nprint(1, 2, a)\ndel a\ncheck()",
	"returned":                     "def f():\n    a = make()\n    use(1, 2, a)\n    return a\nf()\ncheck()\nx = f()\nx = None\ncheck()",
	"argument of a function":       "def f(x): use(x)\na = make()\nf(a)\na = None\ncheck()",
	"temporary of a call":          "def f(x, *more): check()\nf(1, len([make()]))\nf(use(use(1, make())))",
	"assert":                       "a = make()\nassert a, 'text'\na = None\ncheck()",
	"recursion":                    "def f(n):\n    a = make()\n    if n: f(n - 1)\nf(3)\ncheck()",
	"else of a loop":               "for a in [make()]: pass\nelse:\n    a = None\n    check()",
	"break":                        "while True:\n    a = make()\n    use(1, 2, a)\n    break\na = None\ncheck()",
	"continue":                     "for i in range(2):\n    a = make()\n    use(1, 2, a)\n    a = None\n    if i == 0: continue\n    check()",
	"finally":                      "try:\n    a = make()\nfinally:\n    a = None\n    check()",
	"loop in a function of a loop": "def f(xs):\n    for x in xs:\n        use(1, 2, x)\n    del x\nfor i in range(2):\n    f([make()])\n    check()",
}

// exceptionLifetimes are scripts that raise with a thing at hand, and hold on to the
// exception: nothing of the frames that it left is alive then, and nothing at all once the
// exception is gone.
var exceptionLifetimes = map[string]string{
	"local":               "def f():\n    a = make()\n    raise ValueError\ntry: f()\nexcept ValueError as e: held = e\ncheck()",
	"argument":            "def f(a, *more, **names): raise ValueError\ntry: f(make(), make(), k=make())\nexcept ValueError as e: held = e\ncheck()",
	"deep":                "def f(n):\n    a = make()\n    if n: f(n - 1)\n    raise ValueError\ntry: f(20)\nexcept ValueError as e: held = e\ncheck()",
	"traceback":           "def f():\n    a = make()\n    raise ValueError\ntry: f()\nexcept ValueError as e: held = e.__traceback__\ncheck()",
	"own arguments":       "try: raise ValueError(make())\nexcept ValueError as e: pass\ncheck()",
	"attribute":           "try:\n    e = ValueError()\n    e.a = make()\n    raise e\nexcept ValueError as e: pass\ncheck()",
	"raised again":        "def f():\n    a = make()\n    try: raise ValueError\n    except ValueError: raise\ntry: f()\nexcept ValueError as e: held = e\ncheck()",
	"context":             "def f():\n    a = make()\n    try: raise ValueError\n    except ValueError: raise KeyError\ntry: f()\nexcept KeyError as e: held = e\ncheck()",
	"context's arguments": "try:\n    try: raise ValueError(make())\n    except ValueError: raise KeyError\nexcept KeyError as e: pass\ncheck()",
	"cause":               "def f():\n    a = make()\n    raise KeyError from ValueError()\ntry: f()\nexcept KeyError as e: held = e\ncheck()",
	"cause's arguments":   "try: raise KeyError from ValueError(make())\nexcept KeyError as e: pass\ncheck()",
	"finally":             "def f():\n    a = make()\n    try: raise ValueError\n    finally: b = make()\ntry: f()\nexcept ValueError as e: held = e\ncheck()",
	"with":                "class C:\n    def __enter__(self): return make()\n    def __exit__(self, *a): return False\ndef f():\n    with C() as a: raise ValueError\ntry: f()\nexcept ValueError as e: held = e\ncheck()",
	"with, suppressed":    "class C:\n    def __enter__(self): return make()\n    def __exit__(self, *a): return True\ndef f():\n    with C() as a: raise ValueError(a)\nf()\ncheck()",
	"generator":           "def g():\n    a = make()\n    yield 1\n    raise ValueError\ndef f():\n    for x in g(): pass\ntry: f()\nexcept ValueError as e: held = e\ncheck()",
	"thrown":              "def g():\n    a = make()\n    yield 1\nit = g()\nnext(it)\ntry: it.throw(ValueError())\nexcept ValueError as e: held = e\ncheck()",
	"thrown, caught":      "def g():\n    try: yield 1\n    except ValueError: yield 2\nit = g()\nnext(it)\nit.throw(ValueError(make()))\nit.close()\ncheck()",
	"yield from":          "def g():\n    a = make()\n    yield 1\n    raise ValueError\ndef h():\n    b = make()\n    yield from g()\ntry: list(h())\nexcept ValueError as e: held = e\ncheck()",
	"generator's return":  "def g():\n    yield 1\n    return make()\nit = g()\nnext(it)\ntry: next(it)\nexcept StopIteration as e: pass\ncheck()",
	"name":                "def f():\n    a = make()\n    return mak\ntry: f()\nexcept NameError as e: held = e\ncheck()",
	"unbound":             "def f():\n    a = make()\n    del a\n    return a\ntry: f()\nexcept NameError as e: held = e\ncheck()",
	"missing attribute":   "def f():\n    make().methot\ntry: f()\nexcept AttributeError as e: pass\ncheck()",
	"operator":            "def f():\n    return make() + make()\ntry: f()\nexcept TypeError as e: held = e\ncheck()",
	"native function":     "def f():\n    return len(make())\ntry: f()\nexcept TypeError as e: held = e\ncheck()",
	"wrong arguments":     "def g(): pass\ndef f(): g(make(), x=make())\ntry: f()\nexcept TypeError as e: held = e\ncheck()",
	"key":                 "def f():\n    return {}[make()]\ntry: f()\nexcept KeyError as e: pass\ncheck()",
	"called back":         "def key(x):\n    a = make()\n    raise ValueError\ntry: sorted([make(), make()], key=key)\nexcept ValueError as e: held = e\ncheck()",
	"comprehension":       "def f(): return [1 // 0 for x in [make()]]\ntry: f()\nexcept ZeroDivisionError as e: held = e\ncheck()",
	"lambda":              "try: (lambda a: a.nothing)(make())\nexcept AttributeError: pass\ncheck()",
	"method":              "class C:\n    def __init__(self): self.a = make()\n    def f(self): raise ValueError\ntry: C().f()\nexcept ValueError as e: held = e\ncheck()",
	"loop":                "for i in range(3):\n    try: raise ValueError(make())\n    except ValueError as e: pass\n    check()",
	"else":                "try: a = make()\nexcept ValueError: pass\nelse:\n    a = None\n    check()",
	"recursion":           "def f(a): f(make())\ntry: f(1)\nexcept RecursionError as e: held = e\ncheck()",
	"assertion":           "def f():\n    a = make()\n    assert not a\ntry: f()\nexcept AssertionError as e: held = e\ncheck()",
	"in a handler":        "try: raise ValueError\nexcept ValueError:\n    a = make()\n    a = None\n    check()",
	"two types":           "for t in (ValueError, KeyError):\n    try: raise t(make())\n    except (ValueError, KeyError): pass\n    check()",
	"star arguments":      "def f(*a): raise ValueError\ntry: f(*[make(), make()])\nexcept ValueError as e: held = e\ncheck()",
	"default":             "def f(a=None):\n    def g(b=make()): raise ValueError\n    g()\ntry: f()\nexcept ValueError as e: held = e\ncheck()",
	"closure":             "def f():\n    a = make()\n    def g():\n        a\n        raise ValueError\n    g()\ntry: f()\nexcept ValueError as e: held = e\ncheck()",
}

// TestExceptionLifetimes runs these as TestLifetimes does its own.
func TestExceptionLifetimes(t *testing.T) {
	for name, src := range exceptionLifetimes {
		for _, nested := range []bool{false, true} {
			script := replaceCheck(src)
			if nested {
				script = indented(script) + "main()\n"
			}
			t.Run(fmt.Sprintf("%s/function=%v", name, nested), func(t *testing.T) { runLifetime(t, script) })
		}
	}
}

// indented gives a script as the body of a function.
func indented(src string) string {
	out := "def main():\n    "
	for _, r := range src {
		out += string(r)
		if r == '\n' {
			out += "    "
		}
	}
	return out + "\n"
}

// TestLifetimes runs every script at the top level and inside a function, with
// the question asked in place and from a function that the script calls.
func TestLifetimes(t *testing.T) {
	checks := map[string]string{
		"in place":  "",
		"in a call": "def check():\n    def inner(): assert live() == 0, live()\n    inner()\n",
	}
	for name, src := range lifetimes {
		for how, def := range checks {
			for _, nested := range []bool{false, true} {
				script := src
				if def == "" {
					script = replaceCheck(src)
				}
				if nested {
					script = indented(script) + "main()\n"
				}
				t.Run(fmt.Sprintf("%s/%s/function=%v", name, how, nested), func(t *testing.T) {
					runLifetime(t, def+script)
				})
			}
		}
	}
}

func replaceCheck(src string) string {
	const call = "check()"
	out := ""
	for i := 0; i < len(src); {
		if i+len(call) <= len(src) && src[i:i+len(call)] == call {
			out += "assert live() == 0, live()"
			i += len(call)
			continue
		}
		out += src[i : i+1]
		i++
	}
	return out
}

func runLifetime(t *testing.T, script string) {
	t.Helper()
	w := &watcher{}
	thread := &starlark.Thread{Name: "test", Print: func(*starlark.Thread, string) {}}
	m := NewModule("__main__", "test", w.builtins())
	prog, err := Compile("test", []byte(script), ModeFile)
	if err != nil {
		t.Fatalf("%v\n%s", err, script)
	}
	if _, err := prog.Run(thread, m); err != nil {
		t.Fatalf("%s\n%s", Traceback(err, nil), script)
	}
	if len(w.made) == 0 {
		t.Fatal("nothing was made")
	}
}
