package object

import "go.starlark.net/starlark"

// singleton is a value of which there is one.
type singleton struct {
	name string
	typ  func() *Type
}

// Ellipsis is Python's `...`; NotImplemented is what an operator method
// returns to decline.
var (
	Ellipsis       starlark.Value = &singleton{"Ellipsis", func() *Type { return EllipsisType }}
	NotImplemented starlark.Value = &singleton{"NotImplemented", func() *Type { return NotImplementedType }}
)

func (s *singleton) String() string        { return s.name }
func (s *singleton) Type() string          { return s.typ().name }
func (s *singleton) Freeze()               {}
func (s *singleton) Truth() starlark.Bool  { return true }
func (s *singleton) Hash() (uint32, error) { return starlark.String(s.name).Hash() }

// PyType is the singleton's type.
func (s *singleton) PyType() *Type { return s.typ() }

// unionType is int | str, as annotations and isinstance use it.
type unionType struct{ types starlark.Tuple }

func (u *unionType) String() string        { return reprOrType(u) }
func (u *unionType) Type() string          { return "types.UnionType" }
func (u *unionType) Freeze()               {}
func (u *unionType) Truth() starlark.Bool  { return true }
func (u *unionType) Hash() (uint32, error) { return u.types.Hash() }

// typeUnion is x | y for types and None.
func typeUnion(x, y starlark.Value) (starlark.Value, bool) {
	var types starlark.Tuple
	some := false
	for _, v := range []starlark.Value{x, y} {
		switch t := v.(type) {
		case *Type, *genericAlias:
			some = true
			types = append(types, t)
		case *unionType:
			some = true
			types = append(types, t.types...)
		case starlark.NoneType:
			types = append(types, t)
		default:
			return nil, false
		}
	}
	if !some {
		return nil, false
	}
	var unique starlark.Tuple
	for _, t := range types {
		seen := false
		for _, u := range unique {
			same, err := compareBool(newThread("union"), Eq, t, u)
			seen = seen || Is(t, u) || err == nil && same
		}
		if !seen {
			unique = append(unique, t)
		}
	}
	if len(unique) == 1 {
		return unique[0], true
	}
	return &unionType{unique}, true
}
