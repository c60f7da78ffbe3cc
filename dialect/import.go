package dialect

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// Host is what scripts need of the program around them. It is set on a thread
// with SetHost.
type Host interface {
	// Import gives the module of a dotted name, as import statements name it.
	// Level is the number of leading dots of a relative import, which starts from
	// the package of module from. The value is a module, or anything with
	// attributes. A module that does not exist is a ModuleNotFoundError.
	Import(thread *starlark.Thread, from *Module, name string, level int) (starlark.Value, error)

	// Load gives the module of a path, as Starlark's load names it, relative to
	// the directory of module from.
	Load(thread *starlark.Thread, from *Module, path string) (starlark.Value, error)
}

const hostKey = "dialect.host"

// SetHost sets the host of the scripts that a thread runs.
func SetHost(thread *starlark.Thread, h Host) { thread.SetLocal(hostKey, h) }

func hostOf(thread *starlark.Thread) Host {
	h, _ := thread.Local(hostKey).(Host)
	return h
}

// importModule gives a module, or the error that Python raises for its absence.
func importModule(thread *starlark.Thread, r *run, name string, level int) (starlark.Value, error) {
	h := hostOf(thread)
	if h == nil {
		return nil, ModuleNotFound(name)
	}
	v, err := h.Import(thread, r.module, name, level)
	return v, syntaxException(err)
}

// syntaxErrors are the exceptions for the kinds of syntax errors.
var syntaxErrors = map[string]*object.Type{
	"SyntaxError":      object.SyntaxError,
	"IndentationError": object.IndentationError,
	"TabError":         object.TabError,
	"RecursionError":   object.RecursionError,
}

// syntaxException turns a syntax error of a module that is imported into the
// exception that the importing script may catch.
func syntaxException(err error) error {
	var syn *syntax.Error
	var known *object.Exception
	if !errors.As(err, &syn) || errors.As(err, &known) {
		return err
	}
	where := syn.File[strings.LastIndexAny(syn.File, `/\\`)+1:]
	e := object.NewException(syntaxErrors[syn.Kind], starlark.String(fmt.Sprintf("%s (%s, line %d)", syn.Msg, where, syn.Start.Line))).From(err)
	e.SetAttr("msg", starlark.String(syn.Msg))
	e.SetAttr("filename", starlark.String(syn.File))
	e.SetAttr("lineno", starlark.MakeInt(int(syn.Start.Line)))
	e.SetAttr("offset", starlark.MakeInt(int(syn.Start.Col)))
	e.SetAttr("text", starlark.String(syn.Text))
	return e
}

// ModuleNotFound is the error of importing a module that does not exist.
func ModuleNotFound(name string) error {
	e := object.Errorf(object.ModuleNotFoundError, "No module named '%s'", name)
	if x, ok := e.(*object.Exception); ok {
		x.SetAttr("name", starlark.String(name))
	}
	return e
}

var importHelpers = map[string]operation{
	// import(run, name, "top" or "leaf"): import a.b binds a, import a.b as c binds b.
	"import": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		name, _ := starlark.AsString(args[1])
		mode, _ := starlark.AsString(args[2])
		r := args[0].(*run)
		v, err := importModule(thread, r, name, 0)
		if err != nil || mode == "leaf" {
			return v, err
		}
		if top, _, dotted := strings.Cut(name, "."); dotted {
			return importModule(thread, r, top, 0)
		}
		return v, nil
	},
	// importfrom(run, module, level, name...) is a tuple of the values of the names.
	"importfrom": importFrom,
	"importall":  importAll,
	// load(run, path, name...) is the same for Starlark's load.
	"load": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		path, _ := starlark.AsString(args[1])
		h := hostOf(thread)
		if h == nil {
			return nil, object.Errorf(object.ImportError, "load %s: no files can be loaded here", path)
		}
		m, err := h.Load(thread, args[0].(*run).module, path)
		if err != nil {
			return nil, syntaxException(err)
		}
		var out starlark.Tuple
		for _, n := range args[2:] {
			v, err := object.GetAttr(thread, m, string(n.(starlark.String)))
			if err != nil {
				return nil, object.Errorf(object.ImportError, "load: name %s not found in module %s", string(n.(starlark.String)), path)
			}
			out = append(out, v)
		}
		return out, nil
	},
}

func importFrom(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	r := args[0].(*run)
	name, _ := starlark.AsString(args[1])
	level, _ := starlark.AsInt32(args[2])
	m, err := importModule(thread, r, name, level)
	if err != nil {
		return nil, err
	}
	out := make(starlark.Tuple, 0, len(args)-3)
	for _, n := range args[3:] {
		attr := string(n.(starlark.String))
		v, err := object.GetAttr(thread, m, attr)
		if err != nil {
			if object.IsUncatchable(err) {
				return nil, err
			}
			if v, err = submodule(thread, r, name, level, attr); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// submodule imports a name that is not an attribute of its package.
func submodule(thread *starlark.Thread, r *run, name string, level int, attr string) (starlark.Value, error) {
	full := attr
	if name != "" {
		full = name + "." + attr
	}
	v, err := importModule(thread, r, full, level)
	if err == nil {
		return v, nil
	}
	if e := object.AsException(err); object.IsUncatchable(err) || !e.IsA(object.ModuleNotFoundError) {
		return nil, err
	}
	return nil, object.Errorf(object.ImportError, "cannot import name '%s' from '%s'", attr, strings.Repeat(".", level)+name)
}

func importAll(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	r := args[0].(*run)
	name, _ := starlark.AsString(args[1])
	level, _ := starlark.AsInt32(args[2])
	m, err := importModule(thread, r, name, level)
	if err != nil {
		return nil, err
	}
	names, err := exported(thread, m)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		v, err := object.GetAttr(thread, m, n)
		if err != nil {
			return nil, err
		}
		r.module.Set(n, v)
	}
	return starlark.None, nil
}

// exported gives the names that import * takes: those in __all__, or those
// without a leading underscore.
func exported(thread *starlark.Thread, m starlark.Value) ([]string, error) {
	if all, err := object.GetAttr(thread, m, "__all__"); err == nil {
		elems, err := object.Collect(thread, all)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, e := range elems {
			s, ok := starlark.AsString(e)
			if !ok {
				return nil, object.Errorf(object.TypeError, "item in __all__ must be str, not %s", object.TypeName(e))
			}
			names = append(names, s)
		}
		return names, nil
	}
	var names []string
	if h, ok := m.(starlark.HasAttrs); ok {
		for _, n := range h.AttrNames() {
			if !strings.HasPrefix(n, "_") {
				names = append(names, n)
			}
		}
	}
	return names, nil
}
