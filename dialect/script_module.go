package dialect

import (
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Module is the global variables of a script: a namespace that outlives the
// chunks run in it. A function defined by one chunk sees what later ones
// rebind. It is the value that importing the script gives.
type Module struct {
	name     string
	file     string
	cells    map[string]*cell
	order    []*cell // as first bound or mentioned
	builtins starlark.StringDict
}

var (
	_ starlark.HasSetField = (*Module)(nil)
	_ object.HasType       = (*Module)(nil)
	_ object.HasDelAttr    = (*Module)(nil)
)

// NewModule makes a module without variables other than __name__, __file__ (if
// file is not empty), __doc__ and __builtins__'s content, which is found where
// the module has no variable of the name. The builtins are not modified.
func NewModule(name, file string, builtins starlark.StringDict) *Module {
	m := &Module{name: name, file: file, cells: map[string]*cell{}, builtins: builtins}
	m.Set("__name__", starlark.String(name))
	m.Set("__doc__", starlark.None)
	if file != "" {
		m.Set("__file__", starlark.String(file))
	}
	return m
}

// Name is the module's name, "__main__" for a script.
func (m *Module) Name() string { return m.name }

// File is the path of the module's source, or empty.
func (m *Module) File() string { return m.file }

func (m *Module) cell(name string) *cell {
	c := m.cells[name]
	if c == nil {
		c = &cell{name: name, module: m, builtin: m.builtins[name]}
		m.cells[name] = c
		m.order = append(m.order, c)
	}
	return c
}

// Get gives a global variable, or nil.
func (m *Module) Get(name string) starlark.Value {
	if c := m.cells[name]; c != nil {
		return c.read(content)
	}
	return nil
}

// Set sets a global variable.
func (m *Module) Set(name string, v starlark.Value) { m.cell(name).set(v) }

// Delete removes a global variable, and tells whether it was there.
func (m *Module) Delete(name string) bool {
	c := m.cells[name]
	if c == nil || c.value == nil {
		return false
	}
	c.drop()
	return true
}

// Names gives the names of the global variables, in the order in which they
// were first met.
func (m *Module) Names() []string {
	var names []string
	for _, c := range m.order {
		if c.value != nil {
			names = append(names, c.name)
		}
	}
	return names
}

// undefined is the error of reading a global that has no value.
func (m *Module) undefined(name string) error {
	e := object.NewException(object.NameError, starlark.String("name '"+name+"' is not defined"))
	e.SetAttr("name", starlark.String(name))
	return e.WithCandidates(name, func() []string {
		names := m.Names()
		for b := range m.builtins {
			names = append(names, b)
		}
		if len(name) > 1 {
			return names
		}
		// Two different letters are nothing alike.
		return slices.DeleteFunc(names, func(n string) bool { return len(n) == 1 && !strings.EqualFold(n, name) })
	})
}

func (m *Module) String() string {
	if m.file == "" {
		return "<module '" + m.name + "'>"
	}
	return "<module '" + m.name + "' from '" + m.file + "'>"
}

// Type is "module".
func (m *Module) Type() string          { return "module" }
func (m *Module) Freeze()               {}
func (m *Module) Truth() starlark.Bool  { return true }
func (m *Module) Hash() (uint32, error) { return starlark.String(m.name).Hash() }

// PyType is module.
func (m *Module) PyType() *object.Type { return object.ModuleType }

// Attr gives a global variable.
func (m *Module) Attr(name string) (starlark.Value, error) {
	if v := m.Get(name); v != nil {
		return v, nil
	}
	if name == "__dict__" {
		return m.dict()
	}
	return nil, object.Errorf(object.AttributeError, "module '%s' has no attribute '%s'", m.name, name)
}

// AttrNames gives the names of the global variables.
func (m *Module) AttrNames() []string { return m.Names() }

// SetField sets a global variable.
func (m *Module) SetField(name string, v starlark.Value) error {
	m.Set(name, v)
	return nil
}

// DelAttr removes a global variable.
func (m *Module) DelAttr(_ *starlark.Thread, name string) error {
	if !m.Delete(name) {
		return object.Errorf(object.AttributeError, "module '%s' has no attribute '%s'", m.name, name)
	}
	return nil
}

// dict is a snapshot of the global variables.
func (m *Module) dict() (starlark.Value, error) {
	d := starlark.NewDict(len(m.order))
	for _, c := range m.order {
		if c.value != nil {
			if err := d.SetKey(starlark.String(c.name), c.read(content)); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}
