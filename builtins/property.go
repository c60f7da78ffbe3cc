package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// property stands in a type for an attribute of its values, which answer for it
// themselves (Attr, SetField).
type property struct {
	owner     *object.Type
	name, doc string
}

// propertyRow is a property of a typeRow.
type propertyRow struct{ name, doc string }

var (
	_ object.DataDescriptor = (*property)(nil)
	_ object.HasType        = (*property)(nil)
	_ starlark.HasAttrs     = (*property)(nil)
)

func (p *property) String() string {
	return "<property '" + p.name + "' of '" + p.owner.Module() + "." + p.owner.Name() + "' objects>"
}
func (p *property) Type() string          { return "property" }
func (p *property) Freeze()               {}
func (p *property) Truth() starlark.Bool  { return true }
func (p *property) Hash() (uint32, error) { return starlark.String(p.name).Hash() }
func (p *property) AttrNames() []string   { return []string{"__doc__", "__name__"} }

// PyType is property.
func (p *property) PyType() *object.Type { return object.PropertyType }

// Attr gives __doc__ and __name__.
func (p *property) Attr(name string) (starlark.Value, error) {
	switch name {
	case "__doc__":
		return starlark.String(p.doc), nil
	case "__name__":
		return starlark.String(p.name), nil
	}
	return nil, nil
}

// DescrGet reads the attribute of a value of the type.
func (p *property) DescrGet(_ *starlark.Thread, instance starlark.Value, _ *object.Type) (starlark.Value, error) {
	if v, ok := instance.(starlark.HasAttrs); ok && object.IsInstance(instance, p.owner) {
		return v.Attr(p.name)
	}
	return p, nil
}

// DescrSet sets the attribute where the value lets it.
func (p *property) DescrSet(_ *starlark.Thread, instance, value starlark.Value) error {
	if v, ok := instance.(starlark.HasSetField); ok && value != nil {
		return v.SetField(p.name, value)
	}
	return object.Errorf(object.AttributeError, "property '%s' of '%s' object has no setter", p.name, p.owner.Name())
}
