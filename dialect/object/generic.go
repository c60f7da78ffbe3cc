package object

import (
	"strings"

	"go.starlark.net/starlark"
)

// genericAlias is list[int], as annotations use it. It makes what its origin makes.
type genericAlias struct {
	origin *Type
	args   starlark.Tuple
}

var (
	_ starlark.Callable = (*genericAlias)(nil)
	_ starlark.HasAttrs = (*genericAlias)(nil)
	_ HasCompare        = (*genericAlias)(nil)
	_ HasType           = (*genericAlias)(nil)
)

func newGenericAlias(origin *Type, key starlark.Value) *genericAlias {
	args, ok := key.(starlark.Tuple)
	if !ok {
		args = starlark.Tuple{key}
	}
	return &genericAlias{origin, args}
}

func (g *genericAlias) String() string { return reprOrType(g) }

// alias writes a parameterized type.
func (p *printer) alias(g *genericAlias) error {
	if err := p.shown(g.origin); err != nil {
		return err
	}
	p.buf.WriteByte('[')
	if len(g.args) == 0 {
		p.buf.WriteString("()")
	}
	err := p.types(g.args, ", ")
	p.buf.WriteByte(']')
	return err
}

// types writes types with a separator between them.
func (p *printer) types(ts starlark.Tuple, separator string) error {
	b, err := Deeper(p.thread)
	if err != nil {
		return err
	}
	defer b.Shallower()
	if err := p.charge(); err != nil {
		return err
	}
	for i, t := range ts {
		if i > 0 {
			p.buf.WriteString(separator)
		}
		if err := p.shown(t); err != nil {
			return err
		}
	}
	return nil
}

// shown writes a type as annotations show it.
func (p *printer) shown(x starlark.Value) error {
	switch x := x.(type) {
	case *Type:
		if x.module != "builtins" && x.module != "" {
			p.buf.WriteString(x.module + ".")
		}
		p.buf.WriteString(x.qualname)
		return nil
	case *starlark.List:
		p.buf.WriteByte('[')
		err := p.types(*elements(x), ", ")
		p.buf.WriteByte(']')
		return err
	}
	if x == Ellipsis {
		p.buf.WriteString("...")
		return nil
	}
	return p.write(x)
}

func (g *genericAlias) Type() string         { return GenericAliasType.name }
func (g *genericAlias) Freeze()              {}
func (g *genericAlias) Truth() starlark.Bool { return true }
func (g *genericAlias) Name() string         { return g.origin.name }

// PyType is types.GenericAlias.
func (g *genericAlias) PyType() *Type { return GenericAliasType }

// Hash agrees with equality.
func (g *genericAlias) Hash() (uint32, error) {
	h, err := g.args.Hash()
	if err != nil {
		return 0, err
	}
	o, err := g.origin.Hash()
	return h*31 + o, err
}

// CallInternal calls the origin.
func (g *genericAlias) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return Call(thread, g.origin, args, kwargs)
}

// RichCompare compares origins and arguments.
func (g *genericAlias) RichCompare(thread *starlark.Thread, op Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	o, ok := other.(*genericAlias)
	if !ok || op != Eq && op != Ne {
		return nil, nil
	}
	same, err := compareBool(thread, Eq, g.args, o.args)
	return starlark.Bool((same && g.origin == o.origin) == (op == Eq)), err
}

// AttrNames are the attributes of the alias itself.
func (g *genericAlias) AttrNames() []string {
	return []string{"__args__", "__mro_entries__", "__origin__", "__parameters__"}
}

// Attr gives the parts of the alias; all else is the origin's.
func (g *genericAlias) Attr(name string) (starlark.Value, error) {
	switch name {
	case "__origin__":
		return g.origin, nil
	case "__args__":
		return g.args, nil
	case "__parameters__":
		return starlark.Tuple{}, nil
	case "__mro_entries__":
		return starlark.NewBuiltin(name, func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return starlark.Tuple{g.origin}, nil
		}), nil
	}
	if strings.HasPrefix(name, "__") {
		return nil, nil
	}
	return GetAttr(newThread("attribute"), g.origin, name)
}
