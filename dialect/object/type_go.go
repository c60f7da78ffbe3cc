package object

import "go.starlark.net/starlark"

// Constructor makes a value of a type when the type is called.
type Constructor func(thread *starlark.Thread, cls *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)

// NewGoType declares a type whose instances are Go values of another package,
// such as an array. The values name it through HasType. A nil constructor makes
// a type that cannot be called. The type cannot be subclassed.
func NewGoType(module, name, doc string, construct Constructor) *Type {
	t := newType(name, "")
	t.module, t.doc, t.final = module, doc, true
	t.mro = append(t.mro, ObjectType)
	t.bases = []*Type{ObjectType}
	if construct == nil {
		construct = func(_ *starlark.Thread, cls *Type, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return nil, Errorf(TypeError, "cannot create '%s' instances", cls.name)
		}
	}
	t.construct = construct
	return t
}
