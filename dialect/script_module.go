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
//
// A script that asks for the namespace as a dict (globals(), m.__dict__) gets one
// that is the variables' storage from then on.
type Module struct {
	name     string
	file     string
	cells    map[string]*cell
	order    []*cell // as first bound or mentioned
	builtins starlark.StringDict
	dict     *starlark.Dict // non-nil once a script holds the dict

	// Initializing tells that the module's source has not run to its end.
	Initializing bool
}

var (
	_ starlark.HasSetField = (*Module)(nil)
	_ object.HasType       = (*Module)(nil)
	_ object.HasDelAttr    = (*Module)(nil)
	_ object.HasLateAttr   = (*Module)(nil)
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

func init() {
	object.SetModuleConstructor(func(name string, doc starlark.Value) starlark.Value {
		m := NewModule(name, "", nil)
		m.Set("__doc__", doc)
		for _, unknown := range []string{"__package__", "__loader__", "__spec__"} {
			m.Set(unknown, starlark.None)
		}
		return m
	})
}

// ModuleOver makes a module whose variables are those of a dict. Its name is the
// dict's __name__.
func ModuleOver(d *starlark.Dict, builtins starlark.StringDict) *Module {
	m := &Module{cells: map[string]*cell{}, builtins: builtins, dict: d}
	m.name = "builtins"
	if name, ok := object.AsString(m.orNone("__name__")); ok {
		m.name = name
	}
	m.file, _ = object.AsString(m.orNone("__file__"))
	return m
}

func (m *Module) orNone(name string) starlark.Value {
	if v := m.Get(name); v != nil {
		return v
	}
	return starlark.None
}

// UseBuiltins gives a module that was made without builtins those that its code
// sees.
func (m *Module) UseBuiltins(builtins starlark.StringDict) {
	if m.builtins != nil {
		return
	}
	m.builtins = builtins
	for _, c := range m.cells {
		c.builtin = builtins[c.name]
	}
}

// Rebind makes another value of a builtin visible to the module's code.
func (m *Module) Rebind(name string, v starlark.Value) {
	if c := m.cells[name]; c != nil {
		c.builtin = v
	}
}

// Name is the module's name, "__main__" for a script.
func (m *Module) Name() string { return m.name }

// File is the path of the module's source, or empty.
func (m *Module) File() string { return m.file }

func (m *Module) cell(name string) *cell {
	c := m.cells[name]
	if c == nil {
		c = &cell{name: name, module: m, builtin: m.builtins[name]}
		if name == "__name__" {
			c.builtin = starlark.String("builtins") // in a namespace that has none
		}
		m.cells[name] = c
		m.order = append(m.order, c)
	}
	return c
}

// Get gives a global variable, or nil.
func (m *Module) Get(name string) starlark.Value {
	if m.dict != nil {
		return m.stored(name)
	}
	if c := m.cells[name]; c != nil {
		return c.read(content)
	}
	return nil
}

// stored gives a variable of the dict, or nil.
func (m *Module) stored(name string) starlark.Value {
	v, found, err := m.dict.Get(starlark.String(name))
	if !found || err != nil {
		return nil
	}
	return v
}

// Set sets a global variable.
func (m *Module) Set(name string, v starlark.Value) {
	if m.dict != nil {
		object.Share(v)
		_ = m.dict.SetKey(starlark.String(name), v) // a string key hashes, and nothing locks the dict
		return
	}
	m.cell(name).set(v)
}

// Delete removes a global variable, and tells whether it was there.
func (m *Module) Delete(name string) bool {
	if m.dict != nil {
		_, found, err := m.dict.Delete(starlark.String(name))
		return found && err == nil
	}
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
	if m.dict != nil {
		for _, k := range m.dict.Keys() {
			if s, ok := object.AsString(k); ok {
				names = append(names, s)
			}
		}
		return names
	}
	for _, c := range m.order {
		if c.value != nil {
			names = append(names, c.name)
		}
	}
	return names
}

// Dict gives the global variables as a dict that is their storage from now on.
func (m *Module) Dict() *starlark.Dict {
	if m.dict != nil {
		return m.dict
	}
	d := starlark.NewDict(len(m.order))
	for _, c := range m.order {
		if c.value != nil {
			_ = d.SetKey(starlark.String(c.name), c.read(content)) // a string key hashes
			c.value = nil
		}
	}
	m.dict = d
	return d
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

// Member gives a global variable, but for those with names such as __dict__.
func (m *Module) Member(name string) starlark.Value {
	if strings.HasPrefix(name, "__") {
		return nil
	}
	return m.Get(name)
}

// Attr gives a global variable.
func (m *Module) Attr(name string) (starlark.Value, error) {
	if v := m.Get(name); v != nil {
		return v, nil
	}
	if name == "__dict__" {
		return m.Dict(), nil
	}
	if m.Initializing {
		return nil, object.Errorf(object.AttributeError, "partially initialized module '%s' has no attribute '%s' (most likely due to a circular import)", m.name, name)
	}
	return nil, object.Errorf(object.AttributeError, "module '%s' has no attribute '%s'", m.name, name)
}

// LateAttr gives what the module's own function __getattr__ makes of a name that
// is no variable.
func (m *Module) LateAttr(thread *starlark.Thread, name string) (starlark.Value, error) {
	if m.Get(name) != nil || name == "__dict__" {
		return nil, nil
	}
	get := m.Get("__getattr__")
	if get == nil {
		return nil, nil
	}
	return object.Call(thread, get, starlark.Tuple{starlark.String(name)}, nil)
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
