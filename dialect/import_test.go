package dialect

import (
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// sources is a Host whose modules are texts, by name; a relative name has its dots.
type sources struct {
	texts   map[string]string
	modules map[string]*Module
}

func (s *sources) Import(thread *starlark.Thread, _ *Module, name string, level int) (starlark.Value, error) {
	return s.Load(thread, nil, strings.Repeat(".", level)+name)
}

func (s *sources) Load(thread *starlark.Thread, _ *Module, name string) (starlark.Value, error) {
	if m := s.modules[name]; m != nil {
		return m, nil
	}
	text, ok := s.texts[name]
	if !ok {
		return nil, ModuleNotFound(name)
	}
	prog, err := Compile(name, []byte(text), ModeFile)
	if err != nil {
		return nil, err
	}
	m := NewModule(name, name, object.Builtins())
	s.modules[name] = m
	if name == "pkg" {
		m.Set("__path__", starlark.NewList(nil))
	}
	_, err = prog.Run(thread, m)
	return m, err
}

// TestImport checks what each form of import binds, and its errors.
func TestImport(t *testing.T) {
	texts := map[string]string{
		"pkg":      "import pkg.sub\nname = 'pkg'\n",
		"pkg.sub":  "x = 1\n_hidden = 2\ndef grow():\n    global x\n    x += 1\n",
		"listed":   "__all__ = ['_a']\n_a = 1\nb = 2\n",
		".near":    "y = 'near'\n",
		"bad":      "x = = 1\n",
		"fails":    "def f(): return 1 // 0\nf()\n",
		"lib.star": "def double(x): return 2 * x\n",
	}
	for name, src := range map[string]string{
		"as":           "import pkg.sub as s\nassert s.x == 1\ns.grow()\nassert s.x == 2 and s.grow is not None",
		"top":          "import pkg.sub\nassert pkg.name == 'pkg'",
		"from":         "from pkg.sub import x, grow as g\ng()\nimport pkg.sub as s\nassert x == 1 and s.x == 2",
		"assigned":     "import pkg.sub as s\ns.x = 10\nfrom pkg.sub import x\nassert x == 10",
		"star":         "from pkg.sub import *\nassert x == 1\ntry: _hidden\nexcept NameError: pass\nelse: assert False",
		"all":          "from listed import *\nassert _a == 1\ntry: b\nexcept NameError: pass\nelse: assert False",
		"relative":     "from .near import y\nassert y == 'near'",
		"submodule":    "from pkg import sub\nassert sub.x == 1",
		"in function":  "def f():\n    from pkg.sub import x\n    import pkg.sub as s\n    return x, s.x\nassert f() == (1, 1)",
		"load":         "load('lib.star', 'double', twice='double')\nassert double(2) == twice(2) == 4",
		"load missing": "try: load('lib.star', 'nothing')\nexcept ImportError as e: assert 'nothing' in str(e)\nelse: assert False",
		"missing":      "try: import nothing\nexcept ModuleNotFoundError as e: assert str(e) == \"No module named 'nothing'\" and e.name == 'nothing'\nelse: assert False",
		"missing name": "try: from pkg import nothing\nexcept ImportError as e: assert \"cannot import name 'nothing'\" in str(e)\nelse: assert False",
		"syntax":       "try: import bad\nexcept SyntaxError as e: assert str(e) == 'invalid syntax (bad, line 1)' and e.lineno == 1\nelse: assert False",
		"failing":      "try: import fails\nexcept ZeroDivisionError: pass\nelse: assert False",
	} {
		t.Run(name, func(t *testing.T) {
			prog, err := Compile("main", []byte(src), ModeFile)
			if err != nil {
				t.Fatal(err)
			}
			thread := &starlark.Thread{}
			SetHost(thread, &sources{texts: texts, modules: map[string]*Module{}})
			if _, err := prog.Run(thread, NewModule("__main__", "main", object.Builtins())); err != nil {
				t.Error(Traceback(err, nil))
			}
		})
	}
}

// TestImportTraceback checks that the frames of the imported module follow
// those of the importing script.
func TestImportTraceback(t *testing.T) {
	prog, err := Compile("main", []byte("import fails\n"), ModeFile)
	if err != nil {
		t.Fatal(err)
	}
	thread := &starlark.Thread{}
	SetHost(thread, &sources{texts: map[string]string{"fails": "def f(): return 1 // 0\nf()\n"}, modules: map[string]*Module{}})
	_, err = prog.Run(thread, NewModule("__main__", "main", object.Builtins()))
	const want = `Traceback (most recent call last):
  File "main", line 1, in <module>
  File "fails", line 2, in <module>
  File "fails", line 1, in f
ZeroDivisionError: integer division or modulo by zero
`
	if got := Traceback(err, nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
