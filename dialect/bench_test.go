package dialect

import (
	"fmt"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// benchmarkScript runs a script that loops n times, where n is b.N.
func benchmarkScript(b *testing.B, format string) {
	prog, err := Compile("bench", fmt.Appendf(nil, format, b.N), ModeFile)
	if err != nil {
		b.Fatal(err)
	}
	m := NewModule("__main__", "bench", object.Builtins())
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := prog.Run(&starlark.Thread{}, m); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkScripts(b *testing.B) {
	scripts := map[string]string{
		"loop":          "for i in range(%d): pass",
		"loop compare":  "for i in range(%d):\n    if i < 5: pass",
		"function loop": "def f(n):\n    for i in range(n):\n        if i < 5: pass\nf(%d)",
		"while":         "i = 0\nwhile i < %d: i += 1",
		"call":          "def f(x): return x\nfor i in range(%d): f(i)",
		"float":         "x = 0.0\nfor i in range(%d): x = x * 0.5 + 1.0",
		"method":        "xs = []\nfor i in range(%d): xs.append(i)",
		"item":          "xs = [1, 2, 3]\nfor i in range(%d): xs[1]",
		"attribute":     "class C: pass\nc = C()\nc.x = 1\nfor i in range(%d): c.x",
		"set attribute": "class C: pass\nc = C()\nfor i in range(%d): c.x = i",
		"class method":  "class C:\n    def f(self, x): return x\nc = C()\nfor i in range(%d): c.f(i)",
		"call instance": "class C:\n    def __call__(self, x): return x\nc = C()\nfor i in range(%d): c(i)",
		"super":         "class B:\n    def f(self): pass\nclass C(B):\n    def f(self): super().f()\nc = C()\nfor i in range(%d): c.f()",
		"property":      "class C:\n    @property\n    def p(self): return 1\nc = C()\nfor i in range(%d): c.p",
		"keywords":      "def f(a, b=1, *, c=2): return a\nfor i in range(%d): f(i, b=2, c=3)",
		"dict":          "d = {'a': 1}\nfor i in range(%d): d['a']",
		"set dict":      "d = {}\nfor i in range(%d): d['a'] = i",
		"comprehension": "[i for i in range(%d)]",
		"generator":     "def g(n):\n    for i in range(n): yield i\nfor i in g(%d): pass",
		"try":           "for i in range(%d):\n    try: pass\n    except ValueError: pass",
		"match":         "for i in range(%d):\n    match i:\n        case 0: pass\n        case [a, b]: pass\n        case _: pass",
		"instance":      "class C:\n    def __init__(self, x): self.x = x\nfor i in range(%d): C(i)",
		"f-string":      "for i in range(%d): f'{i}'",
		"scrubbed":      "xs = [1, 2, 3]\ndef f(*a): pass\nfor i in range(%d):\n    f(i, xs, i)\n    f()",
	}
	for name, src := range scripts {
		b.Run(name, func(b *testing.B) { benchmarkScript(b, src) })
	}
}
