package mlxstar

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib"
)

var _ dialect.Host = (*Runtime)(nil)

// Import gives the module of a dotted name: MLX's, the standard library's, or a
// file beside the importing script.
func (rt *Runtime) Import(thread *starlark.Thread, from *dialect.Module, name string, level int) (starlark.Value, error) {
	if level > 0 {
		return rt.importFile(thread, from, name, level)
	}
	if m := rt.imported[name]; m != nil {
		return m, nil
	}
	if m, err := rt.internalModule(thread, name); m != nil || err != nil {
		if err == nil {
			rt.imported[name] = m
		}
		return m, err
	}
	return rt.importFile(thread, from, name, 0)
}

// internalModule makes a module that comes with the runtime, or gives nil.
func (rt *Runtime) internalModule(thread *starlark.Thread, name string) (starlark.Value, error) {
	switch name {
	case "mlx":
		members := starlark.StringDict{}
		for _, sub := range []string{"core", "utils"} {
			m, err := rt.Import(thread, nil, "mlx."+sub, 0)
			if err != nil {
				return nil, err
			}
			members[sub] = m
		}
		return &starlarkstruct.Module{Name: "mlx", Members: members}, nil
	case "mlx.core":
		return rt.mx, nil
	case "mlx.utils":
		return stdlib.Utils(), nil
	case "mlxstar":
		return rt.hostModule(), nil
	}
	if sub, ok := strings.CutPrefix(name, "mlx.core."); ok {
		if m, err := rt.mx.Attr(sub); m != nil && m.Type() == "module" {
			return m, err
		}
		return nil, dialect.ModuleNotFound(name)
	}
	if !rt.std.Has(name) {
		return nil, nil
	}
	m, err := rt.std.Import(thread, name)
	if sub, ok := strings.CutPrefix(name, "mlx."); ok && err == nil && !strings.Contains(sub, ".") {
		return m, rt.joinPackage(thread, sub, m)
	}
	return m, err
}

// joinPackage makes a module an attribute of the package mlx.
func (rt *Runtime) joinPackage(thread *starlark.Thread, name string, m starlark.Value) error {
	v, err := rt.Import(thread, nil, "mlx", 0)
	if err != nil {
		return err
	}
	v.(*starlarkstruct.Module).Members[name] = m
	return nil
}

// importFile runs the script that a name stands for and gives its module. Each
// file runs once.
func (rt *Runtime) importFile(thread *starlark.Thread, from *dialect.Module, name string, level int) (starlark.Value, error) {
	dir := "."
	if from != nil && from.File() != "" {
		dir = filepath.Dir(from.File())
	}
	for ; level > 1; level-- {
		dir = filepath.Dir(dir)
	}
	dirs := []string{dir}
	if level == 0 {
		dirs = append(dirs, rt.searchPath(thread)...)
	}
	for _, dir := range dirs {
		base := filepath.Join(dir, filepath.Join(strings.Split(name, ".")...))
		for _, path := range []string{base + ".py", base + ".star", filepath.Join(base, "__init__.py"), filepath.Join(base, "__init__.star")} {
			if m, err := rt.loadFile(thread, name, path); m != nil || err != nil {
				return m, err
			}
		}
	}
	missing := dialect.ModuleNotFound(name)
	if e, ok := missing.(*object.Exception); ok && level == 0 {
		if advice := stdlib.Advice(name); advice != "" {
			e.Args = starlark.Tuple{starlark.String("No module named '" + name + "': " + advice)}
		}
	}
	return nil, missing
}

// searchPath lists the directories that scripts have put into sys.path. What is
// no string there is passed over, as Python does.
func (rt *Runtime) searchPath(thread *starlark.Thread) []string {
	sys, err := rt.std.Import(thread, "sys")
	if err != nil {
		return nil
	}
	list, err := sys.(starlark.HasAttrs).Attr("path")
	if err != nil {
		return nil
	}
	paths, ok := object.AsList(list)
	if !ok {
		return nil
	}
	var dirs []string
	for i := range paths.Len() {
		if s, ok := paths.Index(i).(starlark.String); ok && s != "" {
			dirs = append(dirs, string(s))
		}
	}
	return dirs
}

// Load gives the module of a path, as Starlark's load names it.
func (rt *Runtime) Load(thread *starlark.Thread, from *dialect.Module, path string) (starlark.Value, error) {
	if !filepath.IsAbs(path) && from != nil && from.File() != "" {
		path = filepath.Join(filepath.Dir(from.File()), path)
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	m, err := rt.loadFile(thread, name, path)
	if m == nil && err == nil {
		return nil, object.Errorf(object.FileNotFoundError, "load: no file %s", path)
	}
	return m, err
}

// loadFile runs a file as a module; it gives nil where there is no such file.
func (rt *Runtime) loadFile(thread *starlark.Thread, name, path string) (starlark.Value, error) {
	key := "file:" + path
	if m := rt.imported[key]; m != nil {
		return m, nil
	}
	src, err := rt.readFile(path)
	if err != nil {
		return nil, nil
	}
	prog, err := dialect.Compile(path, src, dialect.ModeFile)
	if err != nil {
		return nil, err
	}
	m := dialect.NewModule(name, path, rt.globals)
	rt.imported[key] = m
	if _, err := prog.Run(thread, m); err != nil {
		delete(rt.imported, key)
		return nil, err
	}
	return m, nil
}

// readFile reads a file that the runtime's scripts may read.
func (rt *Runtime) readFile(path string) ([]byte, error) {
	if rt.opts.Files == nil {
		return nil, errors.New("no files are allowed")
	}
	f, err := rt.opts.Files.OpenFile(rt.env.Resolve(path), os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
