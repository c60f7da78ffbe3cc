package dialect

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Importer is a Host that finds modules by name: first those written in Go,
// then files of the script's directory, NAME.py, NAME.star or NAME/__init__.py.
// A module runs once; importing it again gives the same module, also while it
// runs. An Importer serves one script at a time.
type Importer struct {
	// Builtins are the builtin names of the modules that are files.
	Builtins starlark.StringDict

	// Native gives a module written in Go, or nil if there is none of the name.
	// The name may have dots. It is asked once for each name.
	Native func(thread *starlark.Thread, name string) (starlark.Value, error)

	// Path are the directories in which files are looked for. Nil means the
	// directory of the importing module.
	Path []string

	// ReadFile reads a source file; nil means os.ReadFile. The error of a file
	// that does not exist must be fs.ErrNotExist.
	ReadFile func(name string) ([]byte, error)

	modules map[string]starlark.Value // by name, those in Go
	files   map[string]*Module        // by path
}

var _ Host = (*Importer)(nil)

// Import gives the module of a name.
func (im *Importer) Import(thread *starlark.Thread, from *Module, name string, level int) (starlark.Value, error) {
	if level > 0 {
		return im.relative(thread, from, name, level)
	}
	if v, err := im.native(thread, name); v != nil || err != nil {
		return v, err
	}
	dirs := im.Path
	if dirs == nil {
		dirs = []string{directory(from)}
	}
	for _, dir := range dirs {
		if m, err := im.find(thread, dir, name); m != nil || err != nil {
			return m, err
		}
	}
	return nil, ModuleNotFound(name)
}

func (im *Importer) native(thread *starlark.Thread, name string) (starlark.Value, error) {
	if v, ok := im.modules[name]; ok {
		return v, nil
	}
	if im.Native == nil {
		return nil, nil
	}
	v, err := im.Native(thread, name)
	if v == nil || err != nil {
		return nil, err
	}
	if im.modules == nil {
		im.modules = map[string]starlark.Value{}
	}
	im.modules[name] = v
	return v, nil
}

// directory is where a module's neighbours are.
func directory(m *Module) string {
	if m == nil || m.file == "" {
		return "."
	}
	return filepath.Dir(m.file)
}

// relative imports from the directory level-1 above that of a module. Without
// a name it gives the package itself.
func (im *Importer) relative(thread *starlark.Thread, from *Module, name string, level int) (starlark.Value, error) {
	dir := directory(from)
	for range level - 1 {
		dir = filepath.Dir(filepath.Clean(dir))
	}
	if name == "" {
		if m, err := im.file(thread, filepath.Join(dir, "__init__.py"), filepath.Base(dir)); m != nil || err != nil {
			return m, err
		}
		return NewModule(filepath.Base(dir), "", im.Builtins), nil // its submodules are what is wanted
	}
	if m, err := im.find(thread, dir, name); m != nil || err != nil {
		return m, err
	}
	return nil, ModuleNotFound(strings.Repeat(".", level) + name)
}

// find looks for a dotted name below a directory. It gives nil if there is
// none. A submodule becomes an attribute of its package.
func (im *Importer) find(thread *starlark.Thread, dir, name string) (starlark.Value, error) {
	var parent, found *Module
	parts := strings.Split(name, ".")
	for i, part := range parts {
		full := strings.Join(parts[:i+1], ".")
		at := filepath.Join(dir, filepath.FromSlash(path.Join(parts[:i+1]...)))
		found = nil
		for _, file := range []string{at + ".py", at + ".star", filepath.Join(at, "__init__.py")} {
			m, err := im.file(thread, file, full)
			if err != nil {
				return nil, err
			}
			if m != nil {
				found = m
				break
			}
		}
		if found == nil {
			if i+1 < len(parts) && parent == nil {
				continue // a directory without __init__.py
			}
			return nil, nil
		}
		if parent != nil {
			parent.Set(part, found)
		}
		parent = found
	}
	return found, nil
}

// file gives the module of a source file, or nil if there is no such file.
func (im *Importer) file(thread *starlark.Thread, file, name string) (*Module, error) {
	key := filepath.Clean(file)
	if m := im.files[key]; m != nil {
		return m, nil
	}
	read := im.ReadFile
	if read == nil {
		read = os.ReadFile
	}
	src, err := read(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		if info, statErr := os.Stat(file); im.ReadFile == nil && statErr == nil && info.IsDir() {
			return nil, nil
		}
		return nil, object.Errorf(object.ImportError, "import %s: %v", name, err)
	}
	prog, err := Compile(file, src, ModeFile)
	if err != nil {
		return nil, err
	}
	m := NewModule(name, file, im.Builtins)
	if im.files == nil {
		im.files = map[string]*Module{}
	}
	im.files[key] = m
	if _, err := prog.Run(thread, m); err != nil {
		delete(im.files, key)
		return nil, err
	}
	return m, nil
}

// Load gives the module of a file, relative to the directory of module from.
func (im *Importer) Load(thread *starlark.Thread, from *Module, name string) (starlark.Value, error) {
	file := filepath.FromSlash(name)
	if !filepath.IsAbs(file) {
		file = filepath.Join(directory(from), file)
	}
	base := filepath.Base(file)
	m, err := im.file(thread, file, strings.TrimSuffix(base, filepath.Ext(base)))
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, object.Errorf(object.ImportError, "load %s: no such file", name)
	}
	return m, nil
}
