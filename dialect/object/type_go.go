package object

import (
	"slices"

	"go.starlark.net/starlark"
)

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

// NewGoMetaclass declares the type of types that Go code declares: its methods
// serve the types that SetMetaclass gives it.
func NewGoMetaclass(module, name, doc string) *Type {
	t := NewGoType(module, name, doc, nil)
	t.bases, t.mro = []*Type{TypeType}, append([]*Type{t}, TypeType.mro...)
	t.builtin = false // its methods count, as those of a script's metaclass do
	return t
}

// SetMetaclass makes meta the type of t.
func (t *Type) SetMetaclass(meta *Type) { t.meta = meta }

// NewGoSubtype is NewGoType below other types: the first base's line comes
// first, as isinstance and attribute lookup see it. Bases may be builtin types,
// whose methods must then be given anew, since the instances are not theirs.
func NewGoSubtype(module, name, doc string, construct Constructor, bases ...*Type) *Type {
	t := NewGoType(module, name, doc, construct)
	t.mro, t.bases = []*Type{t}, bases
	for _, b := range bases {
		for _, m := range b.mro {
			if m != ObjectType && !slices.Contains(t.mro, m) {
				t.mro = append(t.mro, m)
			}
		}
	}
	t.mro = append(t.mro, ObjectType)
	return t
}
