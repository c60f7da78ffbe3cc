package object

import (
	"unsafe"

	"go.starlark.net/starlark"
)

// Type is a Python type: a builtin one or a class. Calling it makes an
// instance. It is an immutable part of the package for builtin types, and a
// value of the script for classes.
type Type struct {
	name     string
	qualname string
	module   string
	alias    string // Starlark's name of the type where it differs
	doc      string
	bases    []*Type
	mro      []*Type // the type itself first
	attrs    *Namespace
	meta     *Type // nil means type
	builtin  bool
	foreign  bool // stands for a Go type this package does not know
	final    bool // cannot be subclassed
	slots    map[string]bool
	layout   *Type        // the builtin type whose data an instance carries, or nil
	params   *[]Parameter // of the constructor of a Go type, where it is known
	scripted bool         // a class that belongs to one script
	found    *findings    // what a class remembers of lookups
	model    []string     // the names that its instances get first, in their usual order

	// construct makes a value of a builtin type. Cls is the type that was
	// called, the builtin type or a class derived from it.
	construct func(thread *starlark.Thread, cls *Type, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)
	// getset are the computed attributes of a builtin type's instances.
	getset map[string]func(thread *starlark.Thread, self starlark.Value) (starlark.Value, error)
}

var (
	_ starlark.Callable = (*Type)(nil)
	_ HasType           = (*Type)(nil)
)

// newType declares a builtin type. Its methods are installed by install, as
// they refer back to the types.
func newType(name, alias string, bases ...*Type) *Type {
	t := &Type{name: name, qualname: name, module: "builtins", alias: alias, builtin: true, attrs: NewNamespace(), bases: bases}
	t.mro = []*Type{t}
	if len(bases) > 0 {
		t.mro = append(t.mro, bases[0].mro...)
	}
	return t
}

// Name is the type's __name__.
func (t *Type) Name() string { return t.name }

// QualName is the type's __qualname__.
func (t *Type) QualName() string { return t.qualname }

// Module is the type's __module__.
func (t *Type) Module() string { return t.module }

// Doc is the type's documentation.
func (t *Type) Doc() string { return t.doc }

// Bases returns the direct bases.
func (t *Type) Bases() []*Type { return append([]*Type(nil), t.bases...) }

// MRO returns the method resolution order, the type itself first.
func (t *Type) MRO() []*Type { return append([]*Type(nil), t.mro...) }

// Builtin reports whether the type is built in rather than a class.
func (t *Type) Builtin() bool { return t.builtin }

// Attrs is the type's own namespace.
func (t *Type) Attrs() *Namespace { return t.attrs }

func (t *Type) String() string {
	if t.module == "builtins" || t.module == "" {
		return "<class '" + t.qualname + "'>"
	}
	return "<class '" + t.module + "." + t.qualname + "'>"
}

// Type is the name of the type's own type.
func (t *Type) Type() string          { return t.PyType().name }
func (t *Type) Freeze()               {}
func (t *Type) Truth() starlark.Bool  { return true }
func (t *Type) Hash() (uint32, error) { return t.hash(), nil }

func (t *Type) hash() uint32 {
	if t.foreign {
		h, _ := starlark.String(t.name).Hash()
		return h
	}
	return hashPointer(unsafe.Pointer(t))
}

// PyType is the metaclass.
func (t *Type) PyType() *Type {
	if t.meta != nil {
		return t.meta
	}
	return TypeType
}

// IsSubtype reports whether t is other or derives from it.
func (t *Type) IsSubtype(other *Type) bool {
	if t == other || other == ObjectType {
		return true
	}
	for _, m := range t.mro {
		if m == other || m.foreign && other.foreign && m.name == other.name {
			return true
		}
	}
	return false
}

// Lookup finds name along the method resolution order, without binding it.
func (t *Type) Lookup(name string) (starlark.Value, bool) {
	v, owner := t.lookup(name)
	return v, owner != nil
}

// overrides reports whether a class of the method resolution order defines name
// before a builtin type other than object does.
func (t *Type) overrides(name string) bool {
	for _, m := range t.mro {
		if _, ok := m.attrs.Get(name); ok {
			return !m.builtin
		}
	}
	return false
}

// RichCompare compares a type with a type, or with Starlark's name for it.
func (t *Type) RichCompare(thread *starlark.Thread, op Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	var same bool
	switch o := other.(type) {
	case *Type:
		same = sameType(t, o)
	case starlark.String:
		same = t.starlarkName() == string(o) || t.builtin && t.name == string(o)
	default:
		return nil, nil
	}
	switch op {
	case Eq:
		return starlark.Bool(same), nil
	case Ne:
		return starlark.Bool(!same), nil
	}
	return nil, nil
}

func (t *Type) starlarkName() string {
	if t.alias != "" {
		return t.alias
	}
	return t.name
}

func sameType(x, y *Type) bool {
	return x == y || x.foreign && y.foreign && x.name == y.name
}

// linearize computes the C3 method resolution order of a class with these bases.
func linearize(t *Type, bases []*Type) ([]*Type, error) {
	var seqs [][]*Type
	for _, b := range bases {
		seqs = append(seqs, append([]*Type(nil), b.mro...))
	}
	seqs = append(seqs, append([]*Type(nil), bases...))
	mro := []*Type{t}
	tails := map[*Type]int{} // how many sequences have the type after their first
	for _, s := range seqs {
		for _, m := range s[min(1, len(s)):] {
			tails[m]++
		}
	}
	for from := 0; ; {
		for from < len(seqs) && len(seqs[from]) == 0 {
			from++
		}
		if from == len(seqs) {
			return mro, nil
		}
		var next *Type
		for _, s := range seqs[from:] {
			if len(s) > 0 && tails[s[0]] == 0 {
				next = s[0]
				break
			}
		}
		if next == nil {
			names := ""
			for i, b := range bases {
				if i > 0 {
					names += ", "
				}
				names += b.name
			}
			return nil, Errorf(TypeError, "Cannot create a consistent method resolution\norder (MRO) for bases %s", names)
		}
		mro = append(mro, next)
		for i := from; i < len(seqs); i++ {
			if s := seqs[i]; len(s) > 0 && s[0] == next {
				seqs[i] = s[1:]
				if len(s) > 1 {
					tails[s[1]]--
				}
			}
		}
	}
}

// IsInstance reports whether x is an instance of t or of a type derived from it.
func IsInstance(x starlark.Value, t *Type) bool { return TypeOf(x).IsSubtype(t) }

func hashPointer(p unsafe.Pointer) uint32 {
	u := uint64(uintptr(p)) >> 4 * 0x9E3779B97F4A7C15
	return uint32(u >> 32)
}

// typeName is the Python name of x's type, for messages.
func typeName(x starlark.Value) string {
	if x == nil {
		return "NoneType"
	}
	return TypeOf(x).name
}

// TypeName is the Python name of x's type (str, int, list, ...), for messages.
func TypeName(x starlark.Value) string { return typeName(x) }

func unsupportedAttr(t *Type, name string) error {
	e := Errorf(AttributeError, "type object '%s' has no attribute '%s'", t.name, name).(*Exception)
	return e.WithCandidates(name, func() []string { return typeNames(t) })
}
