package stdlib

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// Provider finds the modules that the host has made itself; nil is none of the name.
// They stand above those of the library and of sys.path.
type Provider func(name string) func(thread *starlark.Thread) (starlark.Value, error)

// Provide has modules found by the host.
func (m *Modules) Provide(p Provider) { m.provider = p }

// Register adds a module that the host made to sys.modules.
func (m *Modules) Register(name string, v starlark.Value) { m.register(name, v) }

// Loaded yields what sys.modules lists.
func (m *Modules) Loaded(yield func(name string, v starlark.Value) bool) {
	for _, kv := range m.loaded.Items() {
		if name, ok := object.AsString(kv[0]); ok && !yield(name, kv[1]) {
			return
		}
	}
}

// register makes a module that is loaded known.
func (m *Modules) register(name string, v starlark.Value) {
	_ = m.loaded.SetKey(starlark.String(name), v) // a string key always hashes, and nothing freezes the dict
}

// SetScriptFolder puts the folder of the script that runs at the head of sys.path, in the
// place of that of the last one.
func (m *Modules) SetScriptFolder(dir string) {
	list, ok := m.sys.All()["path"].(*starlark.List)
	if !ok {
		return
	}
	if list.Len() > 0 && list.Index(0) == starlark.String(m.folder) {
		_ = list.SetIndex(0, starlark.String(dir)) // nothing freezes the list
	} else {
		m.sys.All()["path"] = starlark.NewList(append([]starlark.Value{starlark.String(dir)}, elems(list)...))
	}
	m.folder = dir
}

func elems(list *starlark.List) []starlark.Value {
	out := make([]starlark.Value, list.Len())
	for i := range out {
		out[i] = list.Index(i)
	}
	return out
}

func (m *Modules) registered(name string) starlark.Value {
	v, found, err := m.loaded.Get(starlark.String(name))
	if !found || err != nil {
		return nil
	}
	return v
}

// Import gives a module of the library by its dotted name, whatever scripts have put
// on sys.path. A name that is not one of the library's is a ModuleNotFoundError.
func (m *Modules) Import(thread *starlark.Thread, name string) (starlark.Value, error) {
	return (&importer{m, thread, true}).module(name)
}

// ImportFrom gives the module that an import statement of module from names; level is
// the number of dots of a relative import.
func (m *Modules) ImportFrom(thread *starlark.Thread, from *dialect.Module, name string, level int) (starlark.Value, error) {
	if level > 0 {
		var err error
		if name, err = absolute(packageOf(thread, from), name, level); err != nil {
			return nil, err
		}
	}
	own := from != nil && from.File() == "" && m.loaders != nil && from.Get("__loader__") == m.loaders.frozen
	return (&importer{m, thread, own}).module(name)
}

// RunMain runs a module as the program: as __main__, with sys.argv[0] its file. A
// package's is its module __main__. The folder is the first of sys.path.
func (m *Modules) RunMain(thread *starlark.Thread, main *dialect.Module, name, folder string) error {
	m.SetScriptFolder(folder)
	i := &importer{m, thread, false}
	f, err := i.findBelow(name)
	if f != nil && f.path != nil {
		name += ".__main__"
		if f, err = i.findBelow(name); f == nil && err == nil {
			return notFound(name, "No module named "+name+"; '"+parentOf(name)+"' is a package and cannot be directly executed")
		}
	}
	if err != nil {
		return err
	}
	if f == nil {
		return notFound(name, "No module named "+name)
	}
	if f.source == nil {
		return object.Errorf(object.ImportError, "No code object available for %s", name)
	}
	file := f.file
	if file == "" {
		file = dialect.Frozen + name + ">"
	} else {
		main.SetFile(file)
	}
	if argv, ok := m.sys.All()["argv"].(*starlark.List); ok && argv.Len() > 0 {
		_ = argv.SetIndex(0, starlark.String(file)) // nothing freezes the list
	}
	if err := i.describe(main, f); err != nil {
		return err
	}
	prog, err := f.compile(i)
	if err != nil {
		return err
	}
	_, err = prog.Run(thread, main)
	return err
}

// findBelow finds a module once the packages that it is in are imported.
func (i *importer) findBelow(name string) (*found, error) {
	parent := parentOf(name)
	if parent == "" {
		return i.find(name, nil)
	}
	pkg, err := i.module(parent)
	if err != nil {
		return nil, err
	}
	path, err := object.GetAttr(i.thread, pkg, "__path__")
	if err != nil {
		return nil, notFound(name, "No module named '"+name+"'; '"+parent+"' is not a package")
	}
	return i.find(name, path)
}

// packageOf is the package that a module's relative imports start from.
func packageOf(thread *starlark.Thread, from *dialect.Module) string {
	if from == nil {
		return ""
	}
	if s, ok := object.AsString(orNone(from.Get("__package__"))); ok {
		return s
	}
	if spec := orNone(from.Get("__spec__")); spec != starlark.None {
		if parent, err := object.GetAttr(thread, spec, "parent"); err == nil {
			if s, ok := object.AsString(parent); ok {
				return s
			}
		}
	}
	if from.Get("__path__") != nil {
		return from.Name()
	}
	return parentOf(from.Name())
}

// parentOf is a dotted name without its last part.
func parentOf(name string) string { return name[:max(strings.LastIndexByte(name, '.'), 0)] }

// absolute is the full name of what a relative import names.
func absolute(pkg, name string, level int) (string, error) {
	if pkg == "" {
		return "", object.Errorf(object.ImportError, "attempted relative import with no known parent package")
	}
	for ; level > 1; level-- {
		if pkg = parentOf(pkg); pkg == "" {
			return "", object.Errorf(object.ImportError, "attempted relative import beyond top-level package")
		}
	}
	if name == "" {
		return pkg, nil
	}
	return pkg + "." + name, nil
}

// importer imports for one statement.
type importer struct {
	*Modules
	thread *starlark.Thread
	own    bool // the library's modules, before what scripts have of the same names
}

// module gives a module and its parents, which are loaded where they are not.
func (i *importer) module(name string) (starlark.Value, error) {
	if v := i.shadowed[name]; v != nil && i.own {
		return v, nil
	}
	if v := i.registered(name); v != nil && !(i.own && i.foreign(name, v)) {
		if v == starlark.None {
			return nil, notFound(name, "import of "+name+" halted; None in sys.modules")
		}
		return v, nil
	}
	b, err := object.Deeper(i.thread)
	if err != nil {
		return nil, err
	}
	defer b.Shallower()
	parent := parentOf(name)
	if parent == "" {
		f, err := i.find(name, nil)
		if err != nil {
			return nil, err
		}
		if f == nil {
			return nil, i.missing(name)
		}
		return i.load(f)
	}
	pkg, err := i.module(parent)
	if err != nil {
		return nil, err
	}
	if v := i.registered(name); v != nil && !i.own { // the parent imported it
		return v, nil
	}
	path, err := object.GetAttr(i.thread, pkg, "__path__")
	if err != nil {
		return nil, notFound(name, "No module named '"+name+"'; '"+parent+"' is not a package")
	}
	f, err := i.find(name, path)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, i.missing(name)
	}
	v, err := i.load(f)
	if err != nil {
		return nil, err
	}
	return v, object.SetAttr(i.thread, pkg, name[len(parent)+1:], v)
}

// foreign tells whether a loaded module of one of the library's names is not the
// library's.
func (i *importer) foreign(name string, v starlark.Value) bool {
	mod, ok := v.(*dialect.Module)
	return ok && mod.File() != "" && i.Has(name)
}

// notFound is a ModuleNotFoundError with a text of its own.
func notFound(name, text string) error {
	e := object.NewException(object.ModuleNotFoundError, starlark.String(text))
	return e.SetAttr("name", starlark.String(name))
}

// missing is the error of a module that is nowhere: with why and what serves instead,
// where the library knows.
func (i *importer) missing(name string) error {
	text := "No module named '" + name + "'"
	if advice := Advice(name); advice != "" {
		text += ": " + advice
	} else if file := i.nativeFile(name); file != "" {
		text += ": " + file + " holds native code, which this runtime does not load"
	}
	return notFound(name, text)
}

// load runs or makes a module that was found.
func (i *importer) load(f *found) (starlark.Value, error) {
	if i.env.Importing == nil {
		return i.loadFound(f)
	}
	end := i.env.Importing(f.name)
	v, err := i.loadFound(f)
	if end != nil {
		end(err)
	}
	return v, err
}

func (i *importer) loadFound(f *found) (starlark.Value, error) {
	if f.spec != nil && f.source == nil && f.make == nil && !f.namespace {
		return i.loadSpec(f.spec)
	}
	if f.make != nil {
		v, err := f.make(i.thread)
		if err != nil {
			return nil, err
		}
		i.keep(f, v)
		return v, i.describe(v, f)
	}
	mod := dialect.NewModule(f.name, f.file, i.builtins)
	if err := i.describe(mod, f); err != nil {
		return nil, err
	}
	i.keep(f, mod)
	if f.namespace {
		return mod, nil
	}
	if err := i.run(f, mod); err != nil {
		i.drop(f)
		return nil, err
	}
	if v := i.registered(f.name); v != nil && !i.shadows(f) { // it may have put another in its place
		return v, nil
	}
	return mod, nil
}

// shadows tells whether a module of the library is loaded beside one of scripts.
func (i *importer) shadows(f *found) bool { return i.shadowed[f.name] != nil }

func (i *importer) keep(f *found, v starlark.Value) {
	if i.own && f.file == "" && i.registered(f.name) != nil {
		if i.shadowed == nil {
			i.shadowed = map[string]starlark.Value{}
		}
		i.shadowed[f.name] = v
		return
	}
	i.register(f.name, v)
}

func (i *importer) drop(f *found) {
	if i.shadows(f) {
		delete(i.shadowed, f.name)
		return
	}
	_, _, _ = i.loaded.Delete(starlark.String(f.name)) // a string key hashes
}

// run runs the source of a module in its namespace.
func (i *importer) run(f *found, mod *dialect.Module) error {
	prog, err := f.compile(i)
	if err != nil {
		return err
	}
	mod.UseBuiltins(i.builtins)
	mod.Initializing = true
	_, err = prog.Run(i.thread, mod)
	mod.Initializing = false
	return err
}

// describe gives a module the names by which it knows where it comes from.
func (i *importer) describe(v starlark.Value, f *found) error {
	pkg := f.name
	if f.path == nil {
		pkg = parentOf(f.name)
	}
	set := func(name string, to starlark.Value) error { return object.SetAttr(i.thread, v, name, to) }
	if _, err := object.GetAttr(i.thread, v, "__name__"); err != nil {
		if err := set("__name__", starlark.String(f.name)); err != nil {
			return err
		}
	}
	if f.path != nil {
		if err := set("__path__", f.path); err != nil {
			return err
		}
	}
	spec := f.toSpec()
	for _, part := range []struct {
		name string
		to   starlark.Value
	}{{"__package__", starlark.String(pkg)}, {"__loader__", spec.fields["loader"]}, {"__spec__", spec}} {
		if err := set(part.name, part.to); err != nil {
			return err
		}
	}
	return nil
}

// loadSpec makes and runs a module by a loader that a script has written.
func (i *importer) loadSpec(spec starlark.Value) (starlark.Value, error) {
	mod, err := i.fromSpec(spec)
	if err != nil {
		return nil, err
	}
	name, err := object.GetAttr(i.thread, spec, "name")
	if err != nil {
		return nil, err
	}
	key, _ := object.AsString(name)
	i.register(key, mod)
	loader, err := object.GetAttr(i.thread, spec, "loader")
	if err == nil && loader != starlark.None {
		var exec starlark.Value
		if exec, err = object.GetAttr(i.thread, loader, "exec_module"); err == nil {
			_, err = object.Call(i.thread, exec, starlark.Tuple{mod}, nil)
		}
	}
	if err != nil {
		_, _, _ = i.loaded.Delete(name)
		return nil, err
	}
	if v := i.registered(key); v != nil {
		return v, nil
	}
	return mod, nil
}

// fromSpec makes a module of a spec, without running it.
func (i *importer) fromSpec(spec starlark.Value) (starlark.Value, error) {
	part := func(name string) starlark.Value {
		v, err := object.GetAttr(i.thread, spec, name)
		if err != nil {
			return starlark.None
		}
		return v
	}
	name, ok := object.AsString(part("name"))
	if !ok {
		return nil, object.Errorf(object.TypeError, "module_from_spec: the spec's name is of type %s, want str", object.TypeName(part("name")))
	}
	if s, ok := spec.(*moduleSpec); ok && s.found != nil && s.found.make != nil {
		return s.found.make(i.thread)
	}
	loader := part("loader")
	var mod starlark.Value
	if create, err := object.GetAttr(i.thread, loader, "create_module"); err == nil {
		if mod, err = object.Call(i.thread, create, starlark.Tuple{spec}, nil); err != nil {
			return nil, err
		}
	}
	if mod == nil || mod == starlark.None {
		file := ""
		if part("has_location") == starlark.True {
			file, _ = object.AsString(part("origin"))
		}
		mod = dialect.NewModule(name, file, i.builtins)
	}
	pkg := part("parent")
	set := map[string]starlark.Value{"__spec__": spec, "__loader__": loader, "__package__": pkg}
	if path := part("submodule_search_locations"); path != starlark.None {
		set["__path__"] = path
	}
	for _, attr := range []string{"__spec__", "__loader__", "__package__", "__path__"} {
		if v := set[attr]; v != nil {
			if err := object.SetAttr(i.thread, mod, attr, v); err != nil {
				return nil, err
			}
		}
	}
	return mod, nil
}
