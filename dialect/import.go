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
	// Import gives the module of a dotted name, as import statements name it, once
	// the packages that it is in are imported. Level is the number of leading dots
	// of a relative import, which starts from the package of module from. The value
	// is a module, or anything with attributes. A module that does not exist is a
	// ModuleNotFoundError.
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
		top, _, dotted := strings.Cut(name, ".")
		if err != nil || !dotted {
			return v, err
		}
		if v, err = importModule(thread, r, top, 0); err != nil || mode != "leaf" {
			return v, err
		}
		return leaf(thread, r, v, name)
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

// leaf follows a dotted name from its first part by attributes, as import a.b as c
// does. An attribute that is not bound yet is the module of that name.
func leaf(thread *starlark.Thread, r *run, v starlark.Value, name string) (starlark.Value, error) {
	done, rest, _ := strings.Cut(name, ".")
	for rest != "" {
		var part string
		part, rest, _ = strings.Cut(rest, ".")
		done += "." + part
		next, err := object.GetAttr(thread, v, part)
		if isAttributeError(err) {
			next, err = importModule(thread, r, done, 0)
		}
		if err != nil {
			return nil, err
		}
		v = next
	}
	return v, nil
}

func isAttributeError(err error) bool {
	return err != nil && !object.IsUncatchable(err) && object.AsException(err).IsA(object.AttributeError)
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
		v, err := memberOf(thread, r, m, string(n.(starlark.String)))
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// memberOf gives what from m import name binds: an attribute, or a module of the
// package m.
func memberOf(thread *starlark.Thread, r *run, m starlark.Value, name string) (starlark.Value, error) {
	v, err := object.GetAttr(thread, m, name)
	if !isAttributeError(err) {
		return v, err
	}
	if v, err = submodule(thread, r, m, name); v != nil || err != nil {
		return v, err
	}
	return nil, cannotImport(thread, m, name)
}

// submodule imports a module of the package m; it gives nil where there is none of the
// name, or m is no package.
func submodule(thread *starlark.Thread, r *run, m starlark.Value, name string) (starlark.Value, error) {
	if _, err := object.GetAttr(thread, m, "__path__"); err != nil {
		return nil, nil
	}
	full := textOf(thread, m, "__name__") + "." + name
	sub, err := importModule(thread, r, full, 0)
	switch {
	case err == nil:
		if v, err := object.GetAttr(thread, m, name); err == nil {
			return v, nil
		}
		return sub, nil
	case object.IsUncatchable(err):
		return nil, err
	}
	e := object.AsException(err)
	if !e.IsA(object.ModuleNotFoundError) || textOf(thread, e, "name") != full {
		return nil, err
	}
	return nil, nil
}

// cannotImport is the error of a name that a module does not have.
func cannotImport(thread *starlark.Thread, m starlark.Value, name string) error {
	module, file := textOf(thread, m, "__name__"), textOf(thread, m, "__file__")
	where := file
	if file == "" {
		where = "unknown location"
	}
	format := "cannot import name '%s' from '%s' (%s)"
	if own, ok := m.(*Module); ok && own.Initializing {
		format = "cannot import name '%s' from partially initialized module '%s' (most likely due to a circular import) (%s)"
	}
	e := object.Errorf(object.ImportError, format, name, module, where)
	if x, ok := e.(*object.Exception); ok {
		x.SetAttr("name", starlark.String(module))
		if file != "" {
			x.SetAttr("path", starlark.String(file))
		}
	}
	return e
}

// textOf reads an attribute that is a string; what is none is empty.
func textOf(thread *starlark.Thread, x starlark.Value, name string) string {
	v, err := object.GetAttr(thread, x, name)
	if err != nil {
		return ""
	}
	s, _ := object.AsString(v)
	return s
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
		if isAttributeError(err) {
			missing := err
			if v, err = submodule(thread, r, m, n); v == nil && err == nil {
				err = missing
			}
		}
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
