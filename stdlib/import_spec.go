package stdlib

import (
	"path/filepath"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// moduleSpec is importlib.machinery.ModuleSpec: what is known of a module before it is
// loaded. Scripts may change its fields.
type moduleSpec struct {
	fields starlark.StringDict
	found  *found // nil for one that a script made
}

var (
	_ starlark.HasSetField = (*moduleSpec)(nil)
	_ object.HasType       = (*moduleSpec)(nil)
)

// specFields are the fields in the order in which the representation shows them.
var specFields = []string{"name", "loader", "origin", "submodule_search_locations", "loader_state", "cached", "has_location"}

func (s *moduleSpec) String() string {
	parts := []string{"name=" + s.fields["name"].String(), "loader=" + s.fields["loader"].String()}
	for _, f := range specFields[2:4] {
		if v := s.fields[f]; v != starlark.None {
			parts = append(parts, f+"="+v.String())
		}
	}
	return "ModuleSpec(" + strings.ReplaceAll(strings.Join(parts, ", "), `"`, "'") + ")"
}
func (s *moduleSpec) Type() string          { return "ModuleSpec" }
func (s *moduleSpec) Freeze()               {}
func (s *moduleSpec) Truth() starlark.Bool  { return true }
func (s *moduleSpec) Hash() (uint32, error) { return s.fields["name"].Hash() }

// PyType is ModuleSpec.
func (s *moduleSpec) PyType() *object.Type { return moduleSpecType }

// Attr gives a field; parent is the package that relative imports start from.
func (s *moduleSpec) Attr(name string) (starlark.Value, error) {
	if v := s.fields[name]; v != nil {
		return v, nil
	}
	if name == "parent" {
		n, _ := object.AsString(s.fields["name"])
		if s.fields["submodule_search_locations"] == starlark.None {
			n = parentOf(n)
		}
		return starlark.String(n), nil
	}
	return nil, nil
}

// AttrNames lists the fields.
func (s *moduleSpec) AttrNames() []string { return append(slices.Clone(specFields), "parent") }

// SetField sets a field.
func (s *moduleSpec) SetField(name string, v starlark.Value) error {
	s.fields[name] = v
	return nil
}

func newSpec(name string, loader starlark.Value) *moduleSpec {
	s := &moduleSpec{fields: starlark.StringDict{}}
	for _, f := range specFields {
		s.fields[f] = starlark.None
	}
	s.fields["name"], s.fields["loader"], s.fields["has_location"] = starlark.String(name), loader, starlark.False
	return s
}

// moduleSpecType is ModuleSpec(name, loader, *, origin, loader_state, is_package).
var moduleSpecType = object.NewGoType("_frozen_importlib", "ModuleSpec", "The specification for a module, used for loading.",
	native.Constructor("ModuleSpec(name, loader, *, origin=None, loader_state=None, is_package=None)", func(c *call) (starlark.Value, error) {
		s := newSpec(c.Str(0), c.Arg(1))
		s.fields["origin"], s.fields["loader_state"] = c.ValueOr(2, starlark.None), c.ValueOr(3, starlark.None)
		if c.BoolOr(4, false) {
			s.fields["submodule_search_locations"] = starlark.NewList(nil)
		}
		return s, nil
	}))

// toSpec is the specification of a module that was found.
func (f *found) toSpec() *moduleSpec {
	if s, ok := f.spec.(*moduleSpec); ok {
		return s
	}
	types := f.library.loaderTypes()
	var l starlark.Value
	origin := starlark.Value(starlark.None)
	switch {
	case f.zipped:
		l, origin = &loader{f, types.archive}, starlark.String(f.file)
	case f.file != "":
		l, origin = &loader{f, types.source}, starlark.String(f.file)
	case f.make != nil:
		l, origin = types.builtin, starlark.String("built-in")
	case f.namespace:
		l = &loader{f, types.namespace}
	default:
		l, origin = types.frozen, starlark.String("frozen")
	}
	s := newSpec(f.name, l)
	s.fields["origin"], s.fields["has_location"], s.found = origin, starlark.Bool(f.file != ""), f
	if f.path != nil {
		s.fields["submodule_search_locations"] = f.path
	}
	f.spec = s
	return s
}

// loader is what loads a module: of a file, an archive or a namespace.
type loader struct {
	found *found
	typ   *object.Type
}

var (
	_ starlark.HasAttrs = (*loader)(nil)
	_ object.HasType    = (*loader)(nil)
)

func (l *loader) String() string {
	return "<" + l.typ.Module() + "." + l.typ.Name() + " object for '" + l.found.file + "'>"
}
func (l *loader) Type() string          { return l.typ.Name() }
func (l *loader) Freeze()               {}
func (l *loader) Truth() starlark.Bool  { return true }
func (l *loader) Hash() (uint32, error) { return starlark.String(l.found.file).Hash() }

// PyType is the loader's type.
func (l *loader) PyType() *object.Type { return l.typ }

// Attr gives the module's name and its file.
func (l *loader) Attr(name string) (starlark.Value, error) {
	switch name {
	case "name":
		return starlark.String(l.found.name), nil
	case "path":
		return starlark.String(l.found.file), nil
	}
	return nil, nil
}

// AttrNames lists what Attr gives.
func (l *loader) AttrNames() []string { return []string{"name", "path"} }

// loaderTypes are the types of the loaders of one library. The loaders of what is the
// library's own are the types themselves, as in Python.
type loaderTypes struct{ source, archive, namespace, builtin, frozen *object.Type }

func (m *Modules) loaderTypes() *loaderTypes {
	if m.loaders == nil {
		m.loaders = &loaderTypes{
			source: object.NewGoType("importlib.machinery", "SourceFileLoader", "Loads a module from a file of source text.",
				native.Constructor("SourceFileLoader(fullname, path)", func(c *call) (starlark.Value, error) {
					f := m.fileModule(c.Str(0), c.Path(1))
					return &loader{f, m.loaders.source}, nil
				})),
			archive:   object.NewGoType("zipimport", "zipimporter", "Loads modules from an archive.", nil),
			namespace: object.NewGoType("importlib.machinery", "NamespaceLoader", "The loader of packages without a source.", nil),
			builtin:   object.NewGoType("importlib.machinery", "BuiltinImporter", "The loader of modules in Go.", nil),
			frozen:    object.NewGoType("importlib.machinery", "FrozenImporter", "The loader of the library's modules in the script language.", nil),
		}
		for _, t := range []*object.Type{m.loaders.source, m.loaders.archive, m.loaders.namespace} {
			defineMethods(t, loaderMethods)
		}
	}
	return m.loaders
}

var loaderMethods []method[*loader]

func init() {
	loaderMethods = []method[*loader]{
		{"create_module(spec)", "Return None: modules are made as usual.", func(*loader, *call) (starlark.Value, error) { return nil, nil }},
		{"exec_module(module)", "Run the source in the module.", func(l *loader, c *call) (starlark.Value, error) {
			return nil, l.found.library.importing(c).exec(l.found, c.Arg(0))
		}},
		{"load_module(fullname=None)", "Import the module.", func(l *loader, c *call) (starlark.Value, error) {
			return l.found.library.importing(c).load(l.found)
		}},
		{"is_package(fullname=None)", "Whether the module is a package.", func(l *loader, _ *call) (starlark.Value, error) {
			return starlark.Bool(l.found.path != nil), nil
		}},
		{"get_filename(fullname=None)", "The path of the source.", func(l *loader, _ *call) (starlark.Value, error) {
			return starlark.String(l.found.file), nil
		}},
		{"get_source(fullname=None)", "The text of the source.", func(l *loader, _ *call) (starlark.Value, error) {
			if l.found.source == nil {
				return starlark.String(""), nil
			}
			src, err := l.found.source()
			return starlark.String(src), err
		}},
		{"get_data(path)", "The bytes of a file.", func(l *loader, c *call) (starlark.Value, error) {
			path := c.Path(0)
			if c.Err != nil {
				return nil, c.Err
			}
			b, err := l.found.library.Data(path)
			return starlark.Bytes(b), err
		}},
	}
}

// importing is the importer of a call.
func (m *Modules) importing(c *call) *importer { return &importer{m, c.Thread, false} }

// fileModule is a module whose source is a file, which may be a package's.
func (m *Modules) fileModule(name, file string) *found {
	path := m.env.Resolve(file)
	f := &found{library: m, name: name, file: path, source: func() ([]byte, error) { return m.Data(path) }}
	if base := filepath.Base(path); base == "__init__.py" || base == "__init__.star" {
		f.path = starlark.NewList([]starlark.Value{starlark.String(filepath.Dir(path))})
	}
	return f
}

// exec runs a module's source in a module that exists.
func (i *importer) exec(f *found, v starlark.Value) error {
	if f.source == nil {
		return nil
	}
	switch mod := v.(type) {
	case *dialect.Module:
		return i.run(f, mod)
	case *object.Instance:
		return i.run(f, dialect.ModuleOver(mod.Attrs().Dict(), i.builtins))
	}
	return object.Errorf(object.TypeError, "exec_module: got %s, want a module", object.TypeName(v))
}

// makeImp is what importlib needs of the interpreter.
func makeImp(m *Modules) *native.Module {
	mod := native.NewModule("_imp", "The import system.")
	mod.Members["ModuleSpec"] = moduleSpecType
	mod.Members["provided"] = providedDict()
	t := m.loaderTypes()
	for _, typ := range []*object.Type{t.source, t.archive, t.namespace, t.builtin, t.frozen} {
		mod.Members[typ.Name()] = typ
	}
	define(mod, []function{
		{"import_module(name, package)", "Import a module by its full name, or relative to a package.", func(c *call) (starlark.Value, error) {
			name := c.Str(0)
			if c.Err != nil {
				return nil, c.Err
			}
			if rest := strings.TrimLeft(name, "."); rest != name {
				pkg, ok := object.AsString(c.Arg(1))
				if !ok || pkg == "" {
					return nil, object.Errorf(object.TypeError, "the 'package' argument is required to perform a relative import for '%s'", name)
				}
				var err error
				if name, err = absolute(pkg, rest, len(name)-len(rest)); err != nil {
					return nil, err
				}
			}
			return m.importing(c).module(name)
		}},
		{"find_spec(name, path)", "Return the specification of a module, or None.", func(c *call) (starlark.Value, error) {
			path := c.Arg(1)
			if path == starlark.None {
				path = nil
			}
			name := c.Str(0)
			if c.Err != nil {
				return nil, c.Err
			}
			f, err := m.importing(c).find(name, path)
			switch {
			case f == nil || err != nil:
				return starlark.None, err
			case f.spec != nil:
				return f.spec, nil
			}
			return f.toSpec(), nil
		}},
		{"file_spec(name, location)", "Return the specification of a module whose source is a file.", func(c *call) (starlark.Value, error) {
			f := m.fileModule(c.Str(0), c.Path(1))
			if c.Err != nil {
				return nil, c.Err
			}
			return f.toSpec(), nil
		}},
		{"module_from_spec(spec)", "Make a module of a specification, without running it.", func(c *call) (starlark.Value, error) {
			return m.importing(c).fromSpec(c.Arg(0))
		}},
		{"load(spec)", "Make a module of a specification and run it.", func(c *call) (starlark.Value, error) {
			if s, ok := c.Arg(0).(*moduleSpec); ok && s.found != nil {
				return m.importing(c).load(s.found)
			}
			return m.importing(c).loadSpec(c.Arg(0))
		}},
		{"exec(spec, module)", "Run the source of a specification in a module that exists.", func(c *call) (starlark.Value, error) {
			if s, ok := c.Arg(0).(*moduleSpec); ok && s.found != nil {
				return nil, m.importing(c).exec(s.found, c.Arg(1))
			}
			return nil, object.Errorf(object.ImportError, "reload: the module's loader is none of this runtime's")
		}},
	})
	return mod
}

// importBuiltin is __import__.
func (m *Modules) importBuiltin(c *call) (starlark.Value, error) {
	name, level := c.Str(0), c.IntOr(4, 0)
	if c.Err != nil {
		return nil, c.Err
	}
	i := m.importing(c)
	full := name
	if level > 0 {
		pkg := ""
		if globals, ok := object.AsDict(orNone(c.Arg(1))); ok {
			pkg = packageOf(c.Thread, dialect.ModuleOver(globals, nil))
		}
		var err error
		if full, err = absolute(pkg, name, level); err != nil {
			return nil, err
		}
	}
	mod, err := i.module(full)
	if err != nil {
		return nil, err
	}
	wanted, err := object.Collect(c.Thread, c.ValueOr(3, starlark.Tuple{}))
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		top, _, _ := strings.Cut(name, ".")
		return i.module(full[:len(full)-len(name)+len(top)])
	}
	if _, err := object.GetAttr(c.Thread, mod, "__path__"); err != nil {
		return mod, nil
	}
	for _, w := range wanted {
		s, ok := object.AsString(w)
		if !ok || s == "*" {
			continue
		}
		if _, err := object.GetAttr(c.Thread, mod, s); err == nil {
			continue
		}
		if _, err := i.module(full + "." + s); err != nil && (object.IsUncatchable(err) || !object.AsException(err).IsA(object.ModuleNotFoundError)) {
			return nil, err
		}
	}
	return mod, nil
}
