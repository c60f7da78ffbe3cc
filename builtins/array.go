package builtins

import (
	"sort"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Array is mx.array: the script's handle of a lazy array. The elements live as
// long as the handle is reachable.
type Array struct {
	engine.Array
	m     *Module
	owned object.Ownership
}

var (
	_ starlark.HasAttrs  = (*Array)(nil)
	_ object.HasOperator = (*Array)(nil)
	_ object.HasInplace  = (*Array)(nil)
	_ object.HasCompare  = (*Array)(nil)
	_ object.HasUnary    = (*Array)(nil)
	_ object.HasTruth    = (*Array)(nil)
	_ object.HasLength   = (*Array)(nil)
	_ object.HasIter     = (*Array)(nil)
	_ object.HasContains = (*Array)(nil)
	_ object.HasItems    = (*Array)(nil)
	_ object.HasSetItems = (*Array)(nil)
	_ object.HasDelItem  = (*Array)(nil)
	_ object.HasFormat   = (*Array)(nil)
	_ object.HasStr      = (*Array)(nil)
	_ object.HasConvert  = (*Array)(nil)
	_ object.HasType     = (*Array)(nil)
)

// wrap makes a handle of a node.
func (m *Module) wrap(n *engine.Node) *Array {
	a := &Array{m: m}
	m.Engine.Hold(&a.Array, n)
	return a
}

func (a *Array) Type() string         { return "array" }
func (a *Array) Freeze()              {}
func (a *Array) Truth() starlark.Bool { return true } // conditions ask TruthValue

// Hash is the handle's identity, as in MLX: arrays are equal elementwise and
// hash by what they are.
func (a *Array) Hash() (uint32, error) {
	p := uintptr(unsafe.Pointer(a))
	return uint32(p>>4) ^ uint32(p>>36), nil
}

// PyType is mx.array.
func (a *Array) PyType() *object.Type { return a.m.types.array }

// operator is how an operator of arrays is carried out.
type operator struct {
	op        *engine.Op
	name      string // for messages
	reflected bool   // number op array is defined
}

var operators = map[object.Op]operator{
	object.Add:      {engine.OpAdd, "addition", true},
	object.Sub:      {engine.OpSubtract, "subtraction", true},
	object.Mul:      {engine.OpMultiply, "multiplication", true},
	object.Div:      {engine.OpDivide, "division", true},
	object.FloorDiv: {engine.OpFloorDivide, "floor division", true},
	object.Mod:      {engine.OpRemainder, "modulus", true},
	object.Pow:      {engine.OpPower, "power", true},
	object.MatMul:   {nil, "matrix multiplication", false},
	object.LShift:   {engine.OpLeftShift, "left shift", false},
	object.RShift:   {engine.OpRightShift, "right shift", false},
	object.And:      {engine.OpBitAnd, "bitwise and", false},
	object.Or:       {engine.OpBitOr, "bitwise or", false},
	object.Xor:      {engine.OpBitXor, "bitwise xor", false},
	object.Eq:       {engine.OpEqual, "equal", true},
	object.Ne:       {engine.OpNotEqual, "not equal", true},
	object.Lt:       {engine.OpLess, "less than", true},
	object.Le:       {engine.OpLessEqual, "less than or equal", true},
	object.Gt:       {engine.OpGreater, "greater than", true},
	object.Ge:       {engine.OpGreaterEqual, "greater than or equal", true},
}

// Operator is x op y for a and another value.
func (a *Array) Operator(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	n, err := a.apply(thread, op, other, side, "")
	if n == nil || err != nil {
		return nil, err
	}
	return a.m.wrap(n), nil
}

// apply builds x op y. It gives nil where MLX leaves the operation undefined,
// so that Python's own error names both types. How is "inplace " for x op= y.
func (a *Array) apply(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side, how string) (n *engine.Node, err error) {
	o := operators[op]
	c := a.m.borrow(thread)
	err = c.run(func() {
		y := c.asArray(other)
		if _, offered := other.(Offer); offered && op != object.MatMul {
			y = c.b.AsType(y, a.Dtype()) // as MLX takes NumPy's arrays and scalars
		}
		if y == nil && (side == starlark.Right && (!o.reflected || isFormat(op, other)) || op == object.MatMul) {
			return
		}
		if y == nil {
			var err error
			y, err = a.m.scalar(c.b, other, a.Node())
			c.check(err)
		}
		if y == nil {
			y = c.convertible(other)
		}
		if y == nil && other == starlark.None {
			c.fail(object.TypeError, "cannot perform %s%s on an array and None", how, o.name)
		}
		if y == nil {
			c.fail(object.ValueError, "cannot perform %s%s on an array and %s", how, o.name, object.TypeName(other))
		}
		x := a.Node()
		if how != "" && op == object.Div && !x.Dtype().IsInexact() {
			c.fail(object.ValueError, "in-place division cannot turn %s into a floating dtype; write a = a / b", x.Dtype())
		}
		if side == starlark.Right {
			x, y = y, x
		}
		if op == object.MatMul {
			n = c.b.MatMul(x, y)
			return
		}
		n = c.b.Binary(o.op, x, y)
	})
	a.m.giveBack(c)
	if a.m.recording != nil && err == nil {
		left, right := starlark.Value(a), other
		if side == starlark.Right {
			left, right = other, a
		}
		a.m.noteNode("operator", n, starlark.String(operatorName(op)), left, right)
	}
	return n, err
}

// isFormat reports whether left op array is the formatting of a string.
func isFormat(op object.Op, left starlark.Value) bool {
	switch left.(type) {
	case starlark.String, starlark.Bytes:
		return op == object.Mod
	}
	return false
}

// Inplace is a op= other: the handle is pointed at the result, so that every
// name of the array sees it, also where dtype or shape change.
func (a *Array) Inplace(thread *starlark.Thread, op object.Op, other starlark.Value) (starlark.Value, error) {
	n, err := a.apply(thread, op, other, starlark.Left, "inplace ")
	if n == nil || err != nil {
		return nil, err
	}
	a.become(n)
	return a, nil
}

// become points the handle at a node, the outcome of an operation in place.
func (a *Array) become(n *engine.Node) {
	if n != a.Node() {
		a.Rebind(n)
	}
}

// RichCompare compares elementwise. An array is unequal to what is neither an
// array nor a number, but for None, with which it cannot be compared.
func (a *Array) RichCompare(thread *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	if (op == object.Eq || op == object.Ne) && other != starlark.None && !isNumber(other) {
		c := &Call{m: a.m, thread: thread}
		other := other
		foreign := false
		if err := c.run(func() { foreign = c.asArray(other) == nil }); err != nil {
			return nil, err
		}
		if foreign {
			return starlark.Bool(op == object.Ne), nil
		}
	}
	// From the right a comparison comes mirrored: 2 < a asks for a > 2.
	return a.Operator(thread, op, other, starlark.Left)
}

// isNumber reports whether an array meets the value as a scalar.
func isNumber(v starlark.Value) bool {
	switch v.(type) {
	case starlark.Bool, starlark.Int, starlark.Float, object.Complex:
		return true
	}
	return false
}

// unaryOperators are -a and ~a.
var unaryOperators = map[object.Op]*engine.Op{object.Neg: engine.OpNegative, object.Invert: engine.OpInvert}

// UnaryOperator is -a, ~a and +a, which is an array of its own.
func (a *Array) UnaryOperator(thread *starlark.Thread, op object.Op) (starlark.Value, error) {
	if op == object.Pos {
		v := a.m.wrap(a.Node())
		a.m.note("positive", starlark.Tuple{a}, nil, v)
		return v, nil
	}
	o := unaryOperators[op]
	if o == nil {
		return nil, nil
	}
	v, err := a.m.node(thread, func(b *engine.Builder) *engine.Node { return b.Unary(o, a.Node()) })
	if a.m.recording != nil && err == nil {
		name := "neg"
		if op == object.Invert {
			name = "invert"
		}
		a.m.note("unary", starlark.Tuple{starlark.String(name), a}, nil, v)
	}
	return v, err
}

// node runs a construction and wraps its outcome.
func (m *Module) node(thread *starlark.Thread, f func(b *engine.Builder) *engine.Node) (starlark.Value, error) {
	n, err := m.builder(thread).Build(f)
	if err != nil {
		return nil, pythonError(err)
	}
	return m.wrap(n), nil
}

// attribute is what can be read of an array without a call.
type attribute struct {
	name, doc string
	get       func(a *Array) (starlark.Value, error)
}

var attributes = []attribute{
	{"shape", "The length of each axis.", func(a *Array) (starlark.Value, error) { return intTuple(a.Shape()), nil }},
	{"dtype", "The type of the elements.", func(a *Array) (starlark.Value, error) { return Dtype{a.Dtype(), a.m}, nil }},
	{"ndim", "The number of axes.", func(a *Array) (starlark.Value, error) { return starlark.MakeInt(a.Node().Rank()), nil }},
	{"size", "The number of elements.", func(a *Array) (starlark.Value, error) { return starlark.MakeInt(a.Node().Len()), nil }},
	{"itemsize", "The bytes of an element.", func(a *Array) (starlark.Value, error) { return starlark.MakeInt(a.Dtype().Size()), nil }},
	{"nbytes", "The bytes of all elements.", func(a *Array) (starlark.Value, error) { return starlark.MakeInt(a.Node().Bytes()), nil }},
	{"at", "Updates at indices, once for each occurrence of an index: a.at[i].add(v).", func(a *Array) (starlark.Value, error) { return &ArrayAt{a: a.m.wrap(a.Node())}, nil }},
	{"T", "The array with its axes reversed.", func(a *Array) (starlark.Value, error) {
		return a.noted("transpose", func(b *engine.Builder) *engine.Node { return b.Transpose(a.Node(), nil) })
	}},
	{"mT", "The array with its last two axes exchanged.", func(a *Array) (starlark.Value, error) {
		if a.Node().Rank() < 2 {
			return nil, object.Errorf(object.ValueError, "matrix_transpose: got an array with %d axes, want at least 2", a.Node().Rank())
		}
		return a.noted("matrix_transpose", func(b *engine.Builder) *engine.Node { return b.SwapAxes(a.Node(), -1, -2) })
	}},
	{"real", "The real part of each element.", func(a *Array) (starlark.Value, error) { return a.part(engine.OpReal) }},
	{"imag", "The imaginary part of each element, 0 for real ones.", func(a *Array) (starlark.Value, error) { return a.part(engine.OpImag) }},
}

func (a *Array) part(op *engine.Op) (starlark.Value, error) {
	return a.noted(op.Name, func(b *engine.Builder) *engine.Node {
		if a.Dtype().IsComplex() {
			return b.Unary(op, a.Node())
		}
		if op == engine.OpReal {
			return a.Node()
		}
		return b.ZerosLike(a.Node())
	})
}

// noted makes an array of this one, as the function of the name does.
func (a *Array) noted(name string, f func(b *engine.Builder) *engine.Node) (starlark.Value, error) {
	v, err := a.m.node(nil, f)
	if err == nil {
		a.m.note(name, starlark.Tuple{a}, nil, v)
	}
	return v, err
}

// Attr gives an attribute; methods are in the type.
func (a *Array) Attr(name string) (starlark.Value, error) {
	for i := range attributes {
		if attributes[i].name == name {
			return attributes[i].get(a)
		}
	}
	if absent[name] {
		return nil, object.Errorf(object.AttributeError, "'array' object has no attribute '%s': its elements are not shared with Python; tolist() copies them", name)
	}
	return nil, nil
}

// absent are protocols by which Python libraries reach into each other's
// memory; there are none here to reach.
var absent = map[string]bool{"__array_interface__": true, "__array__": true, "__buffer__": true}

// AttrNames lists the attributes.
func (a *Array) AttrNames() []string {
	names := make([]string, len(attributes))
	for i := range attributes {
		names[i] = attributes[i].name
	}
	sort.Strings(names)
	return names
}

// intTuple makes a Python tuple of integers.
func intTuple(ns []int) starlark.Tuple {
	t := make(starlark.Tuple, len(ns))
	for i, n := range ns {
		t[i] = starlark.MakeInt(n)
	}
	return t
}
