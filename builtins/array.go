package builtins

import (
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Array is mx.array: the script's handle of a lazy array. The elements live as
// long as the handle is reachable.
type Array struct {
	engine.Array
	m *Module
}

var (
	_ starlark.HasAttrs  = (*Array)(nil)
	_ object.HasOperator = (*Array)(nil)
	_ object.HasInplace  = (*Array)(nil)
	_ object.HasCompare  = (*Array)(nil)
	_ object.HasUnary    = (*Array)(nil)
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

// operators maps the arithmetic operators to operations.
var operators = map[object.Op]*engine.Op{
	object.Add: engine.OpAdd, object.Sub: engine.OpSubtract, object.Mul: engine.OpMultiply,
	object.Div: engine.OpDivide, object.FloorDiv: engine.OpFloorDivide, object.Mod: engine.OpRemainder,
	object.Pow: engine.OpPower, object.LShift: engine.OpLeftShift, object.RShift: engine.OpRightShift,
	object.And: engine.OpBitAnd, object.Or: engine.OpBitOr, object.Xor: engine.OpBitXor,
	object.Eq: engine.OpEqual, object.Ne: engine.OpNotEqual, object.Lt: engine.OpLess,
	object.Le: engine.OpLessEqual, object.Gt: engine.OpGreater, object.Ge: engine.OpGreaterEqual,
}

// Operator is x op y for a and another value.
func (a *Array) Operator(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	n, err := a.apply(thread, op, other, side)
	if n == nil || err != nil {
		return nil, err
	}
	return a.m.wrap(n), nil
}

// apply builds x op y, or gives nil where the other operand is no array or number.
func (a *Array) apply(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side) (n *engine.Node, err error) {
	c := &Call{m: a.m, thread: thread}
	err = c.run(func() {
		y := c.asArray(other)
		if y == nil {
			var err error
			y, err = a.m.scalar(c.b, other, a.Node())
			c.check(err)
		}
		if y == nil {
			return
		}
		x := a.Node()
		if side == starlark.Right {
			x, y = y, x
		}
		if op == object.MatMul {
			n = c.b.MatMul(x, y)
			return
		}
		n = c.b.Binary(operators[op], x, y)
	})
	return n, err
}

// Inplace is a op= other: the handle is pointed at the result, so that every
// name of the array sees it.
func (a *Array) Inplace(thread *starlark.Thread, op object.Op, other starlark.Value) (starlark.Value, error) {
	n, err := a.apply(thread, op, other, starlark.Left)
	if n == nil || err != nil {
		return nil, err
	}
	a.Rebind(n)
	return a, nil
}

// RichCompare compares elementwise.
func (a *Array) RichCompare(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	return a.Operator(thread, op, other, side)
}

// UnaryOperator is -a and ~a; MLX has no unary plus.
func (a *Array) UnaryOperator(thread *starlark.Thread, op object.Op) (starlark.Value, error) {
	ops := map[object.Op]*engine.Op{object.Neg: engine.OpNegative, object.Invert: engine.OpInvert}
	if ops[op] == nil {
		return nil, nil
	}
	c := &Call{m: a.m, thread: thread}
	var out starlark.Value
	err := c.run(func() { out = c.out(c.b.Unary(ops[op], a.Node())) })
	return out, err
}
