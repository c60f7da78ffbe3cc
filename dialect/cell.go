package dialect

import (
	"fmt"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// cell holds a variable of the module. Lowered code reads and writes it with
// Starlark's own field operations, whatever the field's name. A cell without a
// value falls back to the builtin of its name.
type cell struct {
	value   starlark.Value
	owned   bool // nothing but the variable refers to the value
	builtin starlark.Value
	name    string
	module  *Module
}

var _ starlark.HasSetField = (*cell)(nil)

func (c *cell) String() string        { return "<cell of " + c.name + ">" }
func (c *cell) Type() string          { return "cell" }
func (c *cell) Freeze()               {}
func (c *cell) Truth() starlark.Bool  { return true }
func (c *cell) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'cell'") }
func (c *cell) AttrNames() []string   { return nil }

// Attr gives the variable's value. Read by any field but peek, it may stay where
// it goes.
func (c *cell) Attr(field string) (starlark.Value, error) {
	if c.value != nil {
		if c.owned && field != peek {
			c.share()
		}
		return c.value, nil
	}
	if c.builtin != nil {
		return c.builtin, nil
	}
	return nil, c.module.undefined(c.name)
}

// SetField sets the variable.
func (c *cell) SetField(_ string, v starlark.Value) error {
	old := c.value
	c.value = v
	c.owned = take(old, v, c.owned)
	return nil
}

// share gives up the ownership of the value.
func (c *cell) share() {
	c.owned = false
	object.Share(c.value)
}

// get gives the value, or nil, to something that may keep it.
func (c *cell) get() starlark.Value {
	if c.owned {
		c.share()
	}
	return c.value
}

// set gives the variable a value that others may refer to.
func (c *cell) set(v starlark.Value) {
	if c.owned && c.value != v {
		letGo(c.value)
	}
	object.Share(v)
	c.value, c.owned = v, false
}

// drop takes the value away and lets go of it if it was owned.
func (c *cell) drop() {
	if c.owned {
		letGo(c.value)
	}
	c.value, c.owned = nil, false
}

func (c *cell) clear() error {
	if c.value == nil {
		return object.Errorf(object.NameError, "name '%s' is not defined", c.name)
	}
	c.drop()
	return nil
}

// box holds a local variable that a nested function assigns, or that may own its
// value.
type box struct {
	value starlark.Value
	owned bool // nothing but the variable refers to the value
	name  string
}

var _ starlark.HasSetField = (*box)(nil)

func (b *box) String() string        { return "<box of " + b.name + ">" }
func (b *box) Type() string          { return "cell" }
func (b *box) Freeze()               {}
func (b *box) Truth() starlark.Bool  { return true }
func (b *box) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'cell'") }
func (b *box) AttrNames() []string   { return nil }

// Attr gives the variable's value. Read by any field but peek, it may stay where
// it goes.
func (b *box) Attr(field string) (starlark.Value, error) {
	if b.value == nil {
		return nil, object.Errorf(object.UnboundLocalError,
			"cannot access local variable '%s' where it is not associated with a value", b.name)
	}
	if b.owned && field != peek {
		b.owned = false
		object.Share(b.value)
	}
	return b.value, nil
}

// SetField sets the variable.
func (b *box) SetField(_ string, v starlark.Value) error {
	old := b.value
	b.value = v
	b.owned = take(old, v, b.owned)
	return nil
}

func (b *box) clear() error {
	if b.value != nil && b.owned {
		letGo(b.value)
		b.value, b.owned = nil, false
		return nil
	}
	if _, err := b.Attr(""); err != nil {
		return err
	}
	b.value = nil
	return nil
}

// variable is a cell or a box.
type variable interface {
	starlark.HasSetField
	clear() error
}

// unset is indexed to get no value at all. Stored in a Starlark variable, no
// value makes it unassigned again, which no Starlark statement can do: reading
// it fails as before its first assignment, and it keeps nothing alive.
type unset struct{}

var _ starlark.Mapping = unset{}

func (unset) String() string        { return "unset" }
func (unset) Type() string          { return "unset" }
func (unset) Freeze()               {}
func (unset) Truth() starlark.Bool  { return false }
func (unset) Hash() (uint32, error) { return 0, nil }

// Get finds no value for any key, and says it is found.
func (unset) Get(starlark.Value) (starlark.Value, bool, error) { return nil, true, nil }

// classNames is the namespace of a class body, which lowered code assigns by
// Starlark's field operation.
type classNames struct {
	names *object.Namespace
}

var _ starlark.HasSetField = (*classNames)(nil)

func (c *classNames) String() string        { return "<class namespace>" }
func (c *classNames) Type() string          { return "namespace" }
func (c *classNames) Freeze()               {}
func (c *classNames) Truth() starlark.Bool  { return true }
func (c *classNames) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'namespace'") }
func (c *classNames) AttrNames() []string   { return c.names.Names() }

// Attr gives the value of a name.
func (c *classNames) Attr(name string) (starlark.Value, error) {
	if v, ok := c.names.Get(name); ok {
		return v, nil
	}
	return nil, object.Errorf(object.NameError, "name '%s' is not defined", name)
}

// SetField binds a name.
func (c *classNames) SetField(name string, v starlark.Value) error {
	c.names.Set(name, v)
	return nil
}

// choice wraps an operand of and/or while Starlark decides by its truth, where
// Starlark's own judgement would not be Python's.
type choice struct {
	starlark.Value
	truth bool
}

// Truth is Python's truth of the operand.
func (c choice) Truth() starlark.Bool { return starlark.Bool(c.truth) }

// jump is how a body was left other than at its end. Its truth is true, None's is not.
type jump struct {
	kind  string
	value starlark.Value // of a return
}

var _ starlark.HasAttrs = (*jump)(nil)

func (j *jump) String() string        { return "<" + j.kind + ">" }
func (j *jump) Type() string          { return "jump" }
func (j *jump) Freeze()               {}
func (j *jump) Truth() starlark.Bool  { return true }
func (j *jump) Hash() (uint32, error) { return 0, nil }
func (j *jump) AttrNames() []string   { return nil }

// Attr gives the value of a return.
func (j *jump) Attr(string) (starlark.Value, error) { return j.value, nil }

// The jumps without a value. They carry no state.
var (
	breakJump     = &jump{kind: "break"}
	continueJump  = &jump{kind: "continue"}
	unhandledJump = &jump{kind: "unhandled"}
)
