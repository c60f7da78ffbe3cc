package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Offer is a value of another package that offers its elements to mlx.core, as
// numpy's arrays and scalars do. MLXNode gives elements that do not change
// afterwards; it is called within a construction of b.
type Offer interface {
	starlark.Value
	MLXNode(b *engine.Builder) *engine.Node
}

// Lender is an Offer whose elements an array can have without a copy. MLXShared fails
// with a ValueError where they would have to be copied.
type Lender interface {
	Offer
	MLXShared(b *engine.Builder) (*engine.Node, error)
}

// capsule is what __dlpack__ gives: an array on its way to another library.
type capsule struct{ a *Array }

func (k *capsule) String() string        { return `<capsule object "dltensor">` }
func (k *capsule) Type() string          { return "PyCapsule" }
func (k *capsule) Freeze()               {}
func (k *capsule) Truth() starlark.Bool  { return true }
func (k *capsule) Hash() (uint32, error) { return k.a.Hash() }

// InCapsule is the array in what __dlpack__ gave.
func InCapsule(v starlark.Value) (*Array, bool) {
	k, ok := v.(*capsule)
	if !ok {
		return nil, false
	}
	return k.a, true
}

// importCapsule is from_dlpack.
func importCapsule(c *Call) starlark.Value {
	v, copies := c.arg("x"), c.arg("copy")
	var n *engine.Node
	switch x := v.(type) {
	case *Array:
		n = c.b.Identity(x.Node())
	case Lender:
		n = c.borrowed(x, copies)
	case Offer:
		n = c.offered(x, 0)
	default:
		fn, err := object.GetAttr(c.thread, v, "__dlpack__")
		if err != nil {
			c.mistyped("x", v, "array")
		}
		out, err := object.Call(c.thread, fn, nil, nil)
		c.check(err)
		a, ok := InCapsule(out)
		if !ok {
			c.fail(object.TypeError, "from_dlpack: __dlpack__ of '%s' gave '%s', want a capsule", object.TypeName(v), object.TypeName(out))
		}
		n = c.b.Identity(a.Node())
	}
	if copies == starlark.True {
		n = c.b.Contiguous(n)
	}
	return c.out(n)
}

// borrowed is a lender's array in its own memory, or, where that cannot be and copies
// does not forbid it, of its elements.
func (c *Call) borrowed(x Lender, copies starlark.Value) *engine.Node {
	if copies == starlark.True {
		return c.offered(x, 0)
	}
	n, err := x.MLXShared(c.b)
	c.check(err)
	d := inMLX(n.Dtype())
	if n.Dtype() == d {
		return n
	}
	if copies == starlark.False {
		c.fail(object.ValueError, "from_dlpack: %s becomes %s, which takes a copy", n.Dtype(), d)
	}
	return c.offered(x, 0)
}

// plain is the Python number that a value stands for, else the value.
func plain(v starlark.Value) starlark.Value {
	if n, ok := v.(object.HasNumber); ok {
		return n.PyNumber()
	}
	return v
}

// inMLX is the dtype in which MLX takes elements where none is asked for.
func inMLX(d engine.Dtype) engine.Dtype {
	if d == engine.Float64 {
		return engine.Float32
	}
	return d.InMLX()
}

// offered is the array of an Offer. Float64 becomes float32, as MLX has it, where
// no dtype is asked for.
func (c *Call) offered(o Offer, d engine.Dtype) *engine.Node {
	n := o.MLXNode(c.b)
	if !d.Valid() {
		d = inMLX(n.Dtype())
	}
	return c.b.AsType(n, d)
}

// BuilderAt is a builder whose arrays remember the line that a thread is at.
func (m *Module) BuilderAt(thread *starlark.Thread) *engine.Builder { return m.builder(thread) }

// PythonError gives an engine's error its Python type.
func PythonError(err error) error { return pythonError(err) }
