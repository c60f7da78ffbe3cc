package language_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// importFiles are the modules that the imports of the table find, by path.
var importFiles = map[string]string{
	"pkg/__init__.py":             "y = 2\n",
	"pkg/sub.py":                  "x = 1\nfrom . import other\nfrom .other import z as zz\n",
	"pkg/other.py":                "z = 3\n",
	"pkg/deep/__init__.py":        "from ..sub import x\n__all__ = ['leaf']\n",
	"pkg/deep/leaf.py":            "from ... import nothing\n",
	"pkg/__main__.py":             "import sys\nprint(__name__, __package__, __spec__.name, sys.argv[1:])\n",
	"bad/__init__.py":             "",
	"bad/leaf.py":                 "import nosuchmodule\n",
	"circle_a.py":                 "from circle_b import b\na = 1\n",
	"circle_b.py":                 "from circle_a import a\nb = 1\n",
	"round_a.py":                  "import round_b\na = 1\n",
	"round_b.py":                  "import round_a\ndef late(): return round_a.a\n",
	"lazy.py":                     "def __getattr__(name):\n    if name == 'made': return 7\n    raise AttributeError(name)\n",
	"swaps.py":                    "import sys, types\nm = types.ModuleType('swaps'); m.v = 5\nsys.modules[__name__] = m\n",
	"space/part/inner.py":         "v = 'inner'\n",
	"fails.py":                    "1 // 0\n",
	"queue.py":                    "mine = True\n",
	"dist-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: dist\nVersion: 1.2\n",
}

// imports are scripts and what they print, as CPython does.
var imports = map[string][2]string{
	"parents are bound":      {"import pkg.sub\nprint(pkg.sub.x, pkg.y, pkg.other.z, pkg.sub.zz)", "1 2 3 3"},
	"as follows attributes":  {"import pkg.deep as d, pkg.sub as s\nprint(d.x, s.__package__, d.__package__, d.__path__ == [d.__file__[:-12]])", "1 pkg pkg.deep True"},
	"sys.modules":            {"import sys, pkg.sub\nprint('pkg.sub' in sys.modules, sys.modules['__main__'].__name__)\nsys.modules['made'] = 4\nimport made\nprint(made)", "True __main__\n4"},
	"None in sys.modules":    {"import sys\nsys.modules['gone'] = None\ntry: import gone\nexcept ModuleNotFoundError as e: print(e)", "import of gone halted; None in sys.modules"},
	"the true cause":         {"try: from bad import leaf\nexcept ModuleNotFoundError as e: print(e, e.name)", "No module named 'nosuchmodule' nosuchmodule"},
	"not a package":          {"try: import pkg.sub.x\nexcept ModuleNotFoundError as e: print(e)", "No module named 'pkg.sub.x'; 'pkg.sub' is not a package"},
	"beyond the top":         {"try: import pkg.deep.leaf\nexcept ImportError as e: print(e)", "attempted relative import beyond top-level package"},
	"no parent":              {"try: from . import x\nexcept ImportError as e: print(e)", "attempted relative import with no known parent package"},
	"a circle":               {"try: import circle_a\nexcept ImportError as e: print(str(e).rpartition(' (')[0], 'circle_a' in __import__('sys').modules)", "cannot import name 'a' from partially initialized module 'circle_a' (most likely due to a circular import) False"},
	"a circle that closes":   {"import round_a, round_b\nprint(round_b.late())", "1"},
	"module __getattr__":     {"import lazy\nfrom lazy import made\nprint(made, lazy.made)\ntry: from lazy import other\nexcept ImportError as e: print(type(e).__name__)", "7 7\nImportError"},
	"another in its place":   {"import swaps\nprint(swaps.v)", "5"},
	"namespace packages":     {"import space.part.inner as i, space\nprint(i.v, hasattr(space, '__file__'), len(list(space.__path__)))", "inner False 1"},
	"a failure is forgotten": {"import sys\nfor _ in range(2):\n    try: import fails\n    except ZeroDivisionError: print('fails' in sys.modules)", "False\nFalse"},
	"beside the library":     {"import queue, concurrent.futures\nprint(queue.mine)", "True"},
	"star takes submodules":  {"import pkg.deep\ntry:\n    from pkg.deep import *\nexcept ImportError as e: print(e)", "attempted relative import beyond top-level package"},
	"__import__":             {"m = __import__('pkg.sub')\nprint(m.__name__, __import__('pkg', fromlist=['sub']).sub.x)", "pkg 1"},
	"live globals":           {"import pkg\nglobals()['made'] = 3\nprint(made)\npkg.__dict__['q'] = 1\nprint(pkg.q, vars(pkg) is pkg.__dict__)\nd = {}\nexec('def f(): return k', d)\nd['k'] = 8\nprint(d['f']())", "3\n1 True\n8"},
	"classes of modules":     {"import types\nclass M(types.ModuleType):\n    def __getattr__(self, n): return n * 2\nm = M('mm', 'doc')\nprint(M, m.__name__, m.__doc__, m.ab, isinstance(m, types.ModuleType), types.ModuleType('t').__name__)", "<class '__main__.M'> mm doc abab True t"},
	"importlib": {"import importlib, importlib.util as u, sys\nprint(importlib.import_module('.sub', 'pkg').x, importlib.import_module('math').sqrt(4))\n" +
		"print(u.find_spec('nothere'), u.find_spec('pkg.sub').name, u.find_spec('json').name)\n" +
		"s = u.spec_from_file_location('zz', sys.path[0] + '/pkg/other.py'); m = u.module_from_spec(s); s.loader.exec_module(m); print(m.z, 'zz' in sys.modules)\n" +
		"import pkg; pkg.y = 9; print(importlib.reload(pkg).y)", "1 2.0\nNone pkg.sub json\n3 False\n2"},
	"finders of scripts": {"import sys, importlib.abc, importlib.machinery\nclass F(importlib.abc.MetaPathFinder, importlib.abc.Loader):\n" +
		"    def find_spec(self, name, path, target=None):\n        if name == 'virtual': return importlib.machinery.ModuleSpec(name, self)\n" +
		"    def exec_module(self, module): module.v = 11\nsys.meta_path.insert(0, F())\nimport virtual\nprint(virtual.v, virtual.__spec__.loader is sys.meta_path[0])", "11 True"},
	"metadata":      {"import importlib.metadata as m\nprint(m.version('dist'), m.version('mlx') > '0.3')\ntry: m.version('none')\nexcept m.PackageNotFoundError as e: print(e)", "1.2 True\nNo package metadata was found for none"},
	"resources":     {"import importlib.resources as r\nprint(r.files('pkg').joinpath('other.py').read_text(), end='')", "z = 3"},
	"in a wheel":    {"import wheeled.sub, importlib.resources as r\nprint(wheeled.sub.v, wheeled.__path__[0].endswith('lib.whl/wheeled'), r.read_text('wheeled', 'data.txt'))", "4 True text"},
	"pkgutil":       {"import pkgutil, pkg\nprint([m.name for m in pkgutil.iter_modules(pkg.__path__)])", "['__main__', 'deep', 'other', 'sub']"},
	"nn from parts": {"from mlx.nn.layers.linear import Linear\nprint(Linear)", "<class 'mlx.nn.layers.linear.Linear'>"},
}

// writeImports writes the modules and an archive of some into a folder.
func writeImports(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range importFiles {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(dir, "lib.whl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range map[string]string{"wheeled/__init__.py": "", "wheeled/sub.py": "from . import __name__ as n\nv = 4\n", "wheeled/data.txt": "text"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func importRuntime(t *testing.T, dir string, out *strings.Builder, args ...string) *mlxstar.Runtime {
	t.Helper()
	rt, err := mlxstar.New(mlxstar.Options{Stdout: out, Files: mlxstar.SystemFiles(), Dir: dir, Device: "cpu",
		Args: append([]string{"main.py"}, args...), Path: []string{filepath.Join(dir, "lib.whl")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rt.Close() })
	return rt
}

// TestImports holds the import system to CPython's.
func TestImports(t *testing.T) {
	dir := writeImports(t)
	for name, c := range imports {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := importRuntime(t, dir, &out).ExecSource(t.Context(), filepath.Join(dir, "main.py"), c[0])
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimRight(out.String(), "\n"); got != c[1] {
				t.Errorf("got\n%s\nwant\n%s", got, c[1])
			}
		})
	}
}

// TestExecModule runs a package as a program.
func TestExecModule(t *testing.T) {
	var out strings.Builder
	dir := writeImports(t)
	if err := importRuntime(t, dir, &out, "a", "b").ExecModule(t.Context(), "pkg"); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "__main__ pkg pkg.__main__ ['a', 'b']\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, want := range map[string]string{"nosuch": "No module named nosuch", "bad": "No module named bad.__main__; 'bad' is a package and cannot be directly executed"} {
		if err := importRuntime(t, dir, &out).ExecModule(t.Context(), name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}
