package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// enumMember is a value of an enumeration: mx.cpu, mx.floating.
type enumMember interface {
	starlark.HasAttrs
	memberName() string
}

// enumSignature is what calling an enumeration takes, as of Python's enum. The
// parameters after value would make another enumeration of its members, which
// Python refuses where there are members already.
const enumSignature = "(value, names=None, *, module=None, qualname=None, type=None, start=1, boundary=None)"

// newEnum gives enumeration's members to their type, and the type what it has of
// Python's EnumType: iteration, length, and lookup by name.
func (m *Module) newEnum(t *object.Type, members []enumMember) {
	meta := object.NewGoMetaclass("enum", "EnumType", "The type of enumerations.")
	m.declareMethods(meta, enumMethods(members))
	t.SetMetaclass(meta)
	for _, v := range members {
		t.Attrs().Set(v.memberName(), v)
	}
	t.Attrs().Set("__members__", membersOf(members))
}

// membersOf maps names to members.
func membersOf(members []enumMember) starlark.Value {
	d := starlark.NewDict(len(members))
	for _, v := range members {
		_ = d.SetKey(starlark.String(v.memberName()), v) // a string key always hashes
	}
	d.Freeze()
	return d
}

func enumMethods(members []enumMember) []function {
	list := func() []starlark.Value {
		out := make([]starlark.Value, len(members))
		for i, v := range members {
			out[i] = v
		}
		return out
	}
	iterate := func(c *Call, vs []starlark.Value) starlark.Value {
		it, err := object.Iterate(c.thread, starlark.Tuple(vs))
		c.check(err)
		return object.NewIterator("generator", it)
	}
	return []function{
		{"__getitem__(cls, name)", "The member of the name.", func(c *Call) starlark.Value {
			for _, v := range members {
				if s, ok := starlark.AsString(c.arg("name")); ok && s == v.memberName() {
					return v
				}
			}
			c.check(object.NewException(object.KeyError, c.arg("name")))
			return nil
		}},
		{"__iter__(cls)", "The members in the order of their values.", func(c *Call) starlark.Value {
			return iterate(c, list())
		}},
		{"__reversed__(cls)", "The members in the reverse order of their values.", func(c *Call) starlark.Value {
			vs := list()
			for i, j := 0, len(vs)-1; i < j; i, j = i+1, j-1 {
				vs[i], vs[j] = vs[j], vs[i]
			}
			return iterate(c, vs)
		}},
		{"__len__(cls)", "The number of members.", func(c *Call) starlark.Value { return starlark.MakeInt(len(members)) }},
		{"__contains__(cls, member)", "Whether a value is a member. One of another type is a TypeError.", func(c *Call) starlark.Value {
			v := c.arg("member")
			if _, ok := v.(enumMember); !ok {
				c.fail(object.TypeError, "unsupported operand type(s) for 'in': '%s' and 'EnumType'", object.TypeName(v))
			}
			return starlark.Bool(object.IsInstance(v, c.bound[0].(*object.Type)))
		}},
		{"__repr__(cls)", "The enumeration as text.", func(c *Call) starlark.Value {
			return starlark.String("<enum '" + c.bound[0].(*object.Type).Name() + "'>")
		}},
	}
}

// enumValue finds the member that an enumeration is called with: itself, or its
// value.
func enumValue(c *Call, name string, members []enumMember) starlark.Value {
	v := c.arg("value")
	if c.given("names") != nil {
		s, _ := starlark.AsString(v)
		c.fail(object.TypeError, "<enum '%s'> cannot extend <enum '%s'>", s, name)
	}
	n, isInt := indexOf(v)
	for i, k := range members {
		if isInt && n == i || object.TypeOf(k) == object.TypeOf(v) && object.Is(k, v) {
			return k
		}
	}
	text, err := object.Repr(c.thread, v)
	c.check(err)
	c.fail(object.ValueError, "%s is not a valid %s", text, name)
	return nil
}
