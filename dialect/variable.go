package dialect

import (
	"fmt"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// slot is what holds a variable's value outside of Starlark's own variables.
// Lowered code reads and writes it with Starlark's own field operations.
type slot struct {
	value starlark.Value // nil where the variable has none
	owned bool           // nothing but the variable refers to the value, or to elements of the list
}

func (s *slot) Type() string          { return "cell" }
func (s *slot) Freeze()               {}
func (s *slot) Truth() starlark.Bool  { return true }
func (s *slot) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'cell'") }
func (s *slot) AttrNames() []string   { return nil }

// SetField sets the variable, to a list that was just made by the field elements.
func (s *slot) SetField(field string, v starlark.Value) error {
	old := s.value
	s.value = v
	if field == elements {
		owned := s.owned
		if s.owned = ownElements(v); owned {
			letGo(old)
		}
		return nil
	}
	s.owned = take(old, v, s.owned)
	return nil
}

// read gives the value, or nil. Read by any field but peek, it may stay where it
// goes; so may a list's elements.
func (s *slot) read(field string) starlark.Value {
	if s.owned {
		if _, list := s.value.(*starlark.List); list || field != peek {
			s.owned = false
			share(s.value)
		}
	}
	return s.value
}

// set gives the variable a value that others may refer to.
func (s *slot) set(v starlark.Value) {
	if s.owned && s.value != v {
		letGo(s.value)
	}
	object.Share(v)
	s.value, s.owned = v, false
}

// drop takes the value away and lets go of it if it was owned.
func (s *slot) drop() {
	if s.owned {
		letGo(s.value)
	}
	s.value, s.owned = nil, false
}

// forget drops the value if it is v.
func (s *slot) forget(v starlark.Value) {
	if s.value == v {
		s.drop()
	}
}

// box holds a local variable that a nested function assigns, or that may own its
// value.
type box struct {
	slot
	name string
}

var (
	_ starlark.HasSetField = (*box)(nil)
	_ holder               = (*box)(nil)
)

func (b *box) String() string { return "<box of " + b.name + ">" }

// done is the field of a box that is read when its function returns: it is None.
const done = "d"

// Attr gives the variable's value.
func (b *box) Attr(field string) (starlark.Value, error) {
	if field == done {
		b.drop()
		return starlark.None, nil
	}
	b.read(field)
	return b.look()
}

func (b *box) look() (starlark.Value, error) {
	if b.value != nil {
		return b.value, nil
	}
	return nil, object.Errorf(object.UnboundLocalError,
		"cannot access local variable '%s' where it is not associated with a value", b.name)
}

func (b *box) clear() error {
	if _, err := b.Attr(peek); err != nil {
		return err
	}
	b.drop()
	return nil
}

// newBox is indexed by a variable's name to get an empty box, which takes a fifth of
// the time of a call.
type newBox struct{}

var _ starlark.Mapping = newBox{}

func (newBox) String() string        { return "box" }
func (newBox) Type() string          { return "box" }
func (newBox) Freeze()               {}
func (newBox) Truth() starlark.Bool  { return true }
func (newBox) Hash() (uint32, error) { return 0, nil }

// Get makes a box.
func (newBox) Get(name starlark.Value) (starlark.Value, bool, error) {
	s, _ := starlark.AsString(name)
	return &box{name: s}, true, nil
}

// variable is a cell or a box.
type variable interface {
	starlark.HasSetField
	clear() error
	forget(v starlark.Value)
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

// classVariable is a name of a class body as a variable.
type classVariable struct {
	*classNames
	name string
}

var _ variable = (*classVariable)(nil)

// SetField binds the name.
func (c *classVariable) SetField(_ string, v starlark.Value) error {
	return c.classNames.SetField(c.name, v)
}

func (c *classVariable) clear() error {
	if !c.names.Delete(c.name) {
		return object.Errorf(object.NameError, "name '%s' is not defined", c.name)
	}
	return nil
}

func (c *classVariable) forget(v starlark.Value) {
	if held, ok := c.names.Get(c.name); ok && held == v {
		c.names.Delete(c.name)
	}
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
