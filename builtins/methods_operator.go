package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// binaryMethods are the operators of arrays as methods, __add__ and its like.
// Reflected ones have the array on the right; those in place rebind it.
var binaryMethods = []struct {
	name               string
	op                 object.Op
	reflected, inPlace bool
}{
	{"add", object.Add, true, true}, {"sub", object.Sub, true, true}, {"mul", object.Mul, true, true},
	{"truediv", object.Div, true, true}, {"div", object.Div, true, false}, {"floordiv", object.FloorDiv, true, true},
	{"mod", object.Mod, true, true}, {"pow", object.Pow, true, true}, {"matmul", object.MatMul, false, true},
	{"lshift", object.LShift, false, true}, {"rshift", object.RShift, false, true},
	{"and", object.And, false, true}, {"or", object.Or, false, true}, {"xor", object.Xor, false, true},
	{"eq", object.Eq, false, false}, {"ne", object.Ne, false, false}, {"lt", object.Lt, false, false},
	{"le", object.Le, false, false}, {"gt", object.Gt, false, false}, {"ge", object.Ge, false, false},
}

// binaryMethodRows are the rows of binaryMethods in all their forms.
func binaryMethodRows() []function {
	var rows []function
	add := func(prefix, name, doc string, body func(a *Array, c *Call, other starlark.Value) (starlark.Value, error)) {
		rows = append(rows, function{"__" + prefix + name + "__(self, other) -> array", doc, func(c *Call) starlark.Value {
			v, err := body(c.bound[0].(*Array), c, c.arg("other"))
			c.check(err)
			if v == nil {
				return object.NotImplemented
			}
			return v
		}})
	}
	for _, m := range binaryMethods {
		what := operators[m.op].name
		add("", m.name, "Element-wise "+what+", with the array on the left.", func(a *Array, c *Call, other starlark.Value) (starlark.Value, error) {
			return a.RichCompare(c.thread, m.op, other, starlark.Left)
		})
		if m.reflected {
			add("r", m.name, "Element-wise "+what+", with the array on the right.", func(a *Array, c *Call, other starlark.Value) (starlark.Value, error) {
				return a.Operator(c.thread, m.op, other, starlark.Right)
			})
		}
		if m.inPlace {
			add("i", m.name, "Element-wise "+what+", after which the array is the result.", func(a *Array, c *Call, other starlark.Value) (starlark.Value, error) {
				return a.Inplace(c.thread, m.op, other)
			})
		}
	}
	return rows
}

// protocolMethods are the other behaviours of arrays as methods.
var protocolMethods = []function{
	{"__neg__(self) -> array", "The negative of each element.", func(c *Call) starlark.Value {
		return c.value(c.bound[0].(*Array).UnaryOperator(c.thread, object.Neg))
	}},
	{"__invert__(self) -> array", "Each element with its bits inverted.", func(c *Call) starlark.Value {
		return c.value(c.bound[0].(*Array).UnaryOperator(c.thread, object.Invert))
	}},
	{"__abs__(self) -> array", "The absolute value of each element.", convertBody("abs")},
	{"__int__(self) -> int", "The only element as an int.", convertBody("int")},
	{"__index__(self) -> int", "The integer of a 0-d array, to serve as an index of Python's sequences.", convertBody("index")},
	{"__pos__(self) -> array", "The array itself.", func(c *Call) starlark.Value {
		return c.value(c.bound[0].(*Array).UnaryOperator(c.thread, object.Pos))
	}},
	{"__float__(self) -> float", "The only element as a float.", convertBody("float")},
	{"__complex__(self) -> complex", "The only element as a complex number.", convertBody("complex")},
	{"__bool__(self) -> bool", "Whether the only element is not zero.", func(c *Call) starlark.Value {
		truth, err := c.bound[0].(*Array).TruthValue(c.thread)
		c.check(err)
		return starlark.Bool(truth)
	}},
	{"__len__(self) -> int", "The length of the first axis.", func(c *Call) starlark.Value {
		n, err := c.bound[0].(*Array).Length(c.thread)
		c.check(err)
		return starlark.MakeInt(n)
	}},
	{"__iter__(self) -> ArrayIterator", "An iterator over the first axis.", func(c *Call) starlark.Value {
		return c.value(object.IterOf(c.thread, c.bound[0]))
	}},
	{"__getitem__(self, arg, /) -> array", "The elements that an index selects.", func(c *Call) starlark.Value {
		return c.value(c.bound[0].(*Array).GetItem(c.thread, c.arg("arg")))
	}},
	{"__setitem__(self, arg0, arg1, /) -> None", "Puts a value at the elements that an index selects.", func(c *Call) starlark.Value {
		c.check(c.bound[0].(*Array).SetItem(c.thread, c.arg("arg0"), c.arg("arg1")))
		return starlark.None
	}},
	{"__repr__(self) -> str", "The array as text.", reprBody},
	{"__str__(self) -> str", "The array as text.", reprBody},
	{"__format__(self, arg, /) -> str", "A 0-d array's number as a format specification has it.", func(c *Call) starlark.Value {
		s, err := c.bound[0].(*Array).Format(c.thread, c.str("arg", ""))
		c.check(err)
		return starlark.String(s)
	}},
}

func convertBody(what string) func(c *Call) starlark.Value {
	return func(c *Call) starlark.Value { return c.value(c.bound[0].(*Array).Convert(c.thread, what)) }
}

func reprBody(c *Call) starlark.Value {
	s, err := c.bound[0].(*Array).Repr(c.thread)
	c.check(err)
	return starlark.String(s)
}
