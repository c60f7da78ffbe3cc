package stdlib

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// found is a module that was found and not loaded: a source, or who makes it.
type found struct {
	library   *Modules
	name      string
	file      string // __file__; empty for the library's own
	path      *starlark.List
	namespace bool // a package without a source
	zipped    bool
	source    func() ([]byte, error)
	make      func(thread *starlark.Thread) (starlark.Value, error)
	spec      starlark.Value // of a finder that a script has written
}

// compile compiles the source. What a script may have written is compiled within its
// budget.
func (f *found) compile(i *importer) (*dialect.Program, error) {
	if f.file == "" {
		return compiled.compile(f.name, f.source)
	}
	src, err := f.source()
	if err != nil {
		return nil, err
	}
	return dialect.CompileFor(i.thread, f.file, src)
}

// paramount are the packages that nothing on sys.path takes the place of: those that
// are this runtime's own in Go.
var paramount = map[string]bool{
	"mlx": true, "mlxstar": true, "numpy": true, "sys": true, "builtins": true, "time": true, "math": true, "itertools": true,
	"gc": true, "importlib": true, "__main__": true,
}

// provided are the packages that are not Python's own and come with the runtime. One
// beside the script takes their place, as it does there; one that is installed does not.
var provided = map[string]bool{
	"tqdm": true, "typing_extensions": true, "transformers": true, "tokenizers": true, "safetensors": true, "huggingface_hub": true, "requests": true,
	"regex": true, "yaml": true, "PIL": true, "matplotlib": true, "sentencepiece": true, "scipy": true, "tiktoken": true,
}

// find looks for a module: on a package's path, or at the top where that is nil.
func (i *importer) find(name string, path starlark.Value) (*found, error) {
	if f, err := i.askFinders(name, path); f != nil || err != nil {
		return f, err
	}
	if path != nil {
		entries, err := i.entries(path)
		if err != nil {
			return nil, err
		}
		return i.search(name, entries)
	}
	f, err := i.ownModule(name)
	if err != nil || f != nil && (i.own || paramount[name] || strings.HasPrefix(name, "_") && name != "__future__") {
		return f, err
	}
	entries, err := i.entries(i.sys.All()["path"])
	if err != nil {
		return nil, err
	}
	if f != nil && provided[name] && len(entries) > 1 {
		entries = entries[:1]
	}
	other, err := i.search(name, entries)
	if err != nil {
		return nil, err
	}
	if f != nil && (other == nil || other.namespace) {
		return f, nil
	}
	return other, nil
}

// entries reads a path: what is no string in it is passed over, as Python does.
func (i *importer) entries(path starlark.Value) ([]string, error) {
	if path == nil || path == starlark.None {
		return nil, nil
	}
	var out []string
	values, err := object.Collect(i.thread, path)
	for _, v := range values {
		if s, ok := object.AsString(v); ok {
			out = append(out, s)
		}
	}
	return out, err
}

// askFinders asks what scripts have put on sys.meta_path.
func (i *importer) askFinders(name string, path starlark.Value) (*found, error) {
	finders, ok := object.AsList(orNone(i.sys.All()["meta_path"]))
	if !ok || finders.Len() == 0 {
		return nil, nil
	}
	all, err := object.Collect(i.thread, finders)
	if err != nil {
		return nil, err
	}
	for _, finder := range all {
		find, err := object.GetAttr(i.thread, finder, "find_spec")
		if err != nil {
			continue
		}
		spec, err := object.Call(i.thread, find, starlark.Tuple{starlark.String(name), orNone(path), starlark.None}, nil)
		if err != nil {
			return nil, err
		}
		if s, ok := spec.(*moduleSpec); ok && s.found != nil {
			return s.found, nil
		}
		if spec != starlark.None {
			return &found{library: i.Modules, name: name, spec: spec}, nil
		}
	}
	return nil, nil
}

// ownModule finds a module of the host or of the library.
func (i *importer) ownModule(name string) (*found, error) {
	f := &found{library: i.Modules, name: name}
	if i.hasPackage(name) {
		f.path = starlark.NewList([]starlark.Value{starlark.String(dialect.Frozen + name + ">")})
	}
	if i.provider != nil {
		if f.make = i.provider(name); f.make != nil {
			return f, nil
		}
	}
	if name == "os.path" {
		f.make = func(thread *starlark.Thread) (starlark.Value, error) {
			if _, err := i.Modules.Import(thread, "os"); err != nil {
				return nil, err
			}
			return i.registered(name), nil
		}
		return f, nil
	}
	if maker := makers[name]; maker != nil {
		if err := i.before(i.thread, name); err != nil {
			return nil, err
		}
		f.make = func(*starlark.Thread) (starlark.Value, error) { return maker(i.Modules), nil }
		return f, nil
	}
	if hasFile(name) {
		f.source = func() ([]byte, error) {
			src, _ := source(name) // which was packed by the test's word
			return src, nil
		}
		return f, nil
	}
	return nil, nil
}

// parents are the modules that have others below them by their file's or their maker's
// name, and not by a folder.
var parents = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{"numpy": true, "numpy.lib": true}
	for name := range makers {
		out[parentOf(name)] = true
	}
	for _, file := range sources.Names(".") {
		if !strings.Contains(file, "/") {
			out[parentOf(strings.TrimSuffix(file, ".py"))] = true
		}
	}
	delete(out, "")
	return out
})

// hasPackage tells whether the library has modules below a name.
func (m *Modules) hasPackage(name string) bool {
	if name == "mlx" || name == "mlxstar" || parents()[name] {
		return true
	}
	return sources.HasFolder(strings.ReplaceAll(name, ".", "/"))
}

// search looks for a module in folders and archives, and in the library where a
// package of it names itself.
func (i *importer) search(name string, entries []string) (*found, error) {
	tail := name[strings.LastIndexByte(name, '.')+1:]
	var portions []starlark.Value
	for _, entry := range entries {
		if strings.HasPrefix(entry, dialect.Frozen) {
			if f, err := i.ownModule(name); f != nil || err != nil {
				return f, err
			}
			continue
		}
		at := i.location(entry)
		if at == nil {
			continue
		}
		f, portion := at.find(name, tail)
		if f != nil {
			return f, nil
		}
		if portion != "" {
			portions = append(portions, starlark.String(portion))
		}
	}
	if portions == nil {
		return nil, nil
	}
	return &found{library: i.Modules, name: name, namespace: true, path: starlark.NewList(portions)}, nil
}

// location is a folder or an archive that modules are looked for in.
type location struct {
	library *Modules
	path    string
	read    func(path string) ([]byte, error)
	exists  func(path string) (isDir, ok bool)
	list    func() []string
	zipped  bool
}

// sourceSuffixes are the endings of the names of modules.
var sourceSuffixes = []string{".py", ".star"}

// find looks for a module in one place; portion is a folder of its name that has no
// source of its own.
func (p *location) find(name, tail string) (f *found, portion string) {
	dir := filepath.Join(p.path, tail)
	isDir, ok := p.exists(dir)
	at := func(file string, path *starlark.List) *found {
		if isDir, ok := p.exists(file); !ok || isDir {
			return nil
		}
		return &found{library: p.library, name: name, file: file, path: path, zipped: p.zipped, source: func() ([]byte, error) { return p.read(file) }}
	}
	if isDir && ok {
		for _, suffix := range sourceSuffixes {
			if f := at(filepath.Join(dir, "__init__"+suffix), starlark.NewList([]starlark.Value{starlark.String(dir)})); f != nil {
				return f, ""
			}
		}
	}
	for _, suffix := range sourceSuffixes {
		if f := at(dir+suffix, nil); f != nil {
			return f, ""
		}
	}
	if isDir && ok {
		return nil, dir
	}
	return nil, ""
}

// location gives what a path stands for, or nil where there is nothing.
func (m *Modules) location(entry string) *location {
	if m.env.Files == nil {
		return nil
	}
	path := filepath.Clean(m.env.Resolve(entry))
	if entry == "" {
		path = m.env.Dir
	}
	info, err := m.env.Files.Stat(path)
	if path != "" && (err != nil || !info.IsDir()) {
		return m.archivePlace(path)
	}
	return &location{library: m, path: path, read: m.Data, exists: func(path string) (bool, bool) {
		info, err := m.env.Files.Stat(path)
		if err != nil {
			return false, false
		}
		return info.IsDir(), true
	}, list: func() []string {
		files, err := m.env.Files.ReadDir(path)
		if err != nil {
			return nil
		}
		names := make([]string, len(files))
		for i, f := range files {
			names[i] = f.Name()
		}
		return names
	}}
}

// Data reads a file that a module was found in or beside: one of the file system, or of
// an archive on the path.
func (m *Modules) Data(path string) ([]byte, error) {
	if m.env.Files == nil {
		return nil, denied("open", path)
	}
	if a, inner := m.archiveOf(path); a != nil {
		return a.read(inner)
	}
	if m.isPipe(path) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("a pipe is no source")}
	}
	f, err := m.files().OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxMember+1))
	if err == nil && len(data) > maxMember {
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("the file is longer than 64 MiB")}
	}
	return data, err
}

// nativeFile names the file of native code that would have been a module, if there is
// one where it was looked for.
func (i *importer) nativeFile(name string) string {
	path := i.sys.All()["path"]
	if parent := i.registered(parentOf(name)); parent != nil {
		if v, err := object.GetAttr(i.thread, parent, "__path__"); err == nil {
			path = v
		}
	}
	entries, err := i.entries(path)
	if err != nil {
		return ""
	}
	tail := name[strings.LastIndexByte(name, '.')+1:]
	for _, entry := range entries {
		at := i.location(entry)
		if at == nil {
			continue
		}
		for _, file := range at.list() {
			rest, ok := strings.CutPrefix(file, tail+".")
			if ok && (strings.HasSuffix(rest, "so") || strings.HasSuffix(rest, "pyd") || strings.HasSuffix(rest, "dylib")) {
				return filepath.Join(at.path, file)
			}
		}
	}
	return ""
}
