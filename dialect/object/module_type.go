package object

import (
	"slices"

	"go.starlark.net/starlark"
)

// SetModuleConstructor says how types.ModuleType(name, doc) makes a module: modules
// belong to the package that runs scripts. It is called while the program starts.
func SetModuleConstructor(construct func(name string, doc starlark.Value) starlark.Value) {
	ModuleType.construct = constructor("module", "name, doc=None", func(c *call) (starlark.Value, error) {
		name, err := c.strArg(0)
		if err != nil {
			return nil, err
		}
		return construct(name, c.arg(1)), nil
	})
}

func moduleMethods() []methodSpec {
	return []methodSpec{{name: "__init__", sig: "name, doc=None", fn: func(c *call) (starlark.Value, error) {
		name, err := c.strArg(0)
		if i, ok := c.self.(*Instance); ok && err == nil {
			nameModule(&i.attrs, name, c.arg(1))
		}
		return starlark.None, err
	}}}
}

// nameModule gives an instance of a class of modules what every module has.
func nameModule(attrs *Namespace, name string, doc starlark.Value) {
	attrs.Set("__name__", starlark.String(name))
	attrs.Set("__doc__", doc)
	for _, unknown := range []string{"__package__", "__loader__", "__spec__"} {
		attrs.Set(unknown, starlark.None)
	}
}

// allocateModule makes an instance of a script's class of modules.
func allocateModule(thread *starlark.Thread, t *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	i := &Instance{class: t}
	if t.lookupUser("__init__") != nil {
		return i, nil
	}
	init, _ := ModuleType.lookup("__init__")
	bound, err := descrGet(thread, init, i, t)
	if err != nil {
		return nil, err
	}
	_, err = Call(thread, bound, args, kwargs)
	return i, err
}

// moduleNames lists what dir(module) lists: the module's own names.
func moduleNames(x starlark.Value) []string {
	var names []string
	switch x := x.(type) {
	case *Instance:
		names = x.attrs.Names()
	case starlark.HasAttrs:
		names = slices.Clone(x.AttrNames())
	}
	slices.Sort(names)
	return slices.Compact(names)
}
