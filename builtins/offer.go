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

// plain is the Python number that a value stands for, else the value.
func plain(v starlark.Value) starlark.Value {
	if n, ok := v.(object.HasNumber); ok {
		return n.PyNumber()
	}
	return v
}

// offered is the array of an Offer. Float64 becomes float32, as MLX has it, where
// no dtype is asked for.
func (c *Call) offered(o Offer, d engine.Dtype) *engine.Node {
	n := o.MLXNode(c.b)
	switch {
	case d.Valid():
	case n.Dtype() == engine.Float64:
		d = engine.Float32
	default:
		d = n.Dtype()
	}
	return c.b.AsType(n, d)
}

// BuilderAt is a builder whose arrays remember the line that a thread is at.
func (m *Module) BuilderAt(thread *starlark.Thread) *engine.Builder { return m.builder(thread) }

// PythonError gives an engine's error its Python type.
func PythonError(err error) error { return pythonError(err) }
