package dialect

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// cell holds a variable of the module. A cell without a value falls back to the
// builtin of its name.
type cell struct {
	slot
	builtin starlark.Value
	name    string
	module  *Module
}

var (
	_ starlark.HasSetField = (*cell)(nil)
	_ holder               = (*cell)(nil)
)

func (c *cell) String() string { return "<cell of " + c.name + ">" }

// Attr gives the variable's value.
func (c *cell) Attr(field string) (starlark.Value, error) {
	c.read(field)
	return c.look()
}

// SetField sets the variable. What a dict holds is shared.
func (c *cell) SetField(field string, v starlark.Value) error {
	if c.module.dict == nil {
		return c.slot.SetField(field, v)
	}
	share(v)
	c.module.Set(c.name, v)
	return nil
}

func (c *cell) look() (starlark.Value, error) {
	if c.value != nil {
		return c.value, nil
	}
	if c.module.dict != nil {
		if v := c.module.stored(c.name); v != nil {
			return v, nil
		}
	}
	if c.builtin != nil {
		return c.builtin, nil
	}
	return nil, c.module.undefined(c.name)
}

func (c *cell) clear() error {
	if !c.module.Delete(c.name) {
		return object.Errorf(object.NameError, "name '%s' is not defined", c.name)
	}
	return nil
}

// forget drops the value if it is v.
func (c *cell) forget(v starlark.Value) {
	if c.module.dict == nil {
		c.slot.forget(v)
	} else if c.module.stored(c.name) == v {
		c.module.Delete(c.name)
	}
}
