package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// tupleGetter is the property of a named tuple's field.
type tupleGetter struct {
	index int
	doc   string
}

var (
	_ object.DataDescriptor = (*tupleGetter)(nil)
	_ starlark.HasAttrs     = (*tupleGetter)(nil)
)

func (g *tupleGetter) String() string {
	return "<named tuple field " + starlark.MakeInt(g.index).String() + ">"
}
func (g *tupleGetter) Type() string          { return "_tuplegetter" }
func (g *tupleGetter) Freeze()               {}
func (g *tupleGetter) Truth() starlark.Bool  { return true }
func (g *tupleGetter) Hash() (uint32, error) { return uint32(g.index), nil }
func (g *tupleGetter) AttrNames() []string   { return []string{"__doc__"} }

// Attr gives the field's documentation.
func (g *tupleGetter) Attr(name string) (starlark.Value, error) {
	if name == "__doc__" {
		return starlark.String(g.doc), nil
	}
	return nil, nil
}

// DescrGet gives the element.
func (g *tupleGetter) DescrGet(_ *starlark.Thread, instance starlark.Value, _ *object.Type) (starlark.Value, error) {
	if instance == nil {
		return g, nil
	}
	t, ok := object.AsTuple(instance)
	if !ok || g.index >= len(t) {
		return nil, object.Errorf(object.TypeError, "descriptor for index '%d' for tuple subclasses doesn't apply to '%s' object", g.index, object.TypeName(instance))
	}
	return t[g.index], nil
}

// DescrSet refuses: tuples do not change.
func (g *tupleGetter) DescrSet(_ *starlark.Thread, _, value starlark.Value) error {
	if value == nil {
		return object.Errorf(object.AttributeError, "can't delete attribute")
	}
	return object.Errorf(object.AttributeError, "can't set attribute")
}
