// Package native makes modules, functions and methods of Python out of Go
// functions. A function is its signature, as Python writes it, and a Go function
// that reads the arguments of one call; tables of such make a module.
package native

import (
	"maps"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Module is a module whose members Go code made. Scripts may rebind them, as
// Python lets them: sys.stdout = ...
type Module struct {
	name string
	doc  string
	// Members are the members, but for those that Fill has yet to make: see All.
	Members starlark.StringDict
	// Fill, if not nil, makes the members when one is first asked for.
	Fill func()
	// Missing, if not nil, gives or refuses a member that is not among them.
	Missing func(thread *starlark.Thread, name string) (starlark.Value, error)
	// Late are the names that Missing gives.
	Late []string
	// Changed, if not nil, is told of members that scripts rebind.
	Changed func(name string, v starlark.Value)
}

var (
	_ starlark.HasSetField = (*Module)(nil)
	_ object.HasType       = (*Module)(nil)
	_ object.HasDelAttr    = (*Module)(nil)
	_ object.HasLateAttr   = (*Module)(nil)
	_ object.HasMember     = (*Module)(nil)
	_ object.HasState      = (*Module)(nil)
)

// NewModule makes a module without members.
func NewModule(name, doc string) *Module {
	return &Module{name: name, doc: doc, Members: starlark.StringDict{}}
}

// All are the members, which are made now if they are not yet.
func (m *Module) All() starlark.StringDict {
	if fill := m.Fill; fill != nil {
		m.Fill = nil
		fill()
	}
	return m.Members
}

// Name is the module's name.
func (m *Module) Name() string { return m.name }

// Doc is the module's documentation.
func (m *Module) Doc() string { return m.doc }

func (m *Module) String() string        { return "<module '" + m.name + "'>" }
func (m *Module) Type() string          { return "module" }
func (m *Module) Freeze()               {}
func (m *Module) Truth() starlark.Bool  { return true }
func (m *Module) Hash() (uint32, error) { return starlark.String(m.name).Hash() }

// PyType is module.
func (m *Module) PyType() *object.Type { return object.ModuleType }

// Member gives a member, but for the module's own names such as __doc__.
func (m *Module) Member(name string) starlark.Value {
	if strings.HasPrefix(name, "__") {
		return nil
	}
	return m.Members[name]
}

// Attr gives a member.
func (m *Module) Attr(name string) (starlark.Value, error) {
	if v := m.All()[name]; v != nil {
		return v, nil
	}
	switch name {
	case "__name__":
		return starlark.String(m.name), nil
	case "__doc__":
		return starlark.String(m.doc), nil
	case "__dict__":
		d := starlark.NewDict(len(m.All()))
		for _, k := range m.All().Keys() {
			if err := d.SetKey(starlark.String(k), m.All()[k]); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
	e := object.Errorf(object.AttributeError, "module '%s' has no attribute '%s'", m.name, name).(*object.Exception)
	return nil, e.WithCandidates(name, m.All().Keys)
}

// LateAttr gives a member that is made when it is first asked for, where the
// module has such.
func (m *Module) LateAttr(thread *starlark.Thread, name string) (starlark.Value, error) {
	if m.Missing == nil || m.All()[name] != nil || strings.HasPrefix(name, "__") {
		return nil, nil
	}
	return m.Missing(thread, name)
}

// AttrNames lists the members.
func (m *Module) AttrNames() []string {
	names := append(m.All().Keys(), "__doc__", "__name__")
	names = append(names, m.Late...)
	slices.Sort(names)
	return slices.Compact(names)
}

// SetField rebinds a member.
func (m *Module) SetField(name string, v starlark.Value) error {
	m.All()[name] = v
	if m.Changed != nil {
		m.Changed(name, v)
	}
	return nil
}

// KeepState keeps what the members are.
func (m *Module) KeepState(k *object.Keeper) {
	was := maps.Clone(m.All())
	k.Undo(func() {
		if m.Changed != nil {
			for name, v := range was {
				if !object.Is(m.All()[name], v) {
					m.Changed(name, v)
				}
			}
		}
		clear(m.Members)
		maps.Copy(m.Members, was)
	})
	for name, v := range was {
		k.FollowNamed(name, v)
	}
}

// DelAttr removes a member.
func (m *Module) DelAttr(_ *starlark.Thread, name string) error {
	if m.All()[name] == nil {
		return object.Errorf(object.AttributeError, "module '%s' has no attribute '%s'", m.name, name)
	}
	delete(m.All(), name)
	return nil
}
