package mlxstar

import (
	"bytes"
	"context"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/engine"
)

// Tensor is the elements of an array apart from any runtime: what goes from one runtime to
// another, or to a file. Set and Call make an mx.array of it, Decode makes one of an array.
type Tensor struct {
	Dtype Dtype
	// Shape is the length of each axis; without axes it is a single number.
	Shape []int
	// Data are the elements in row-major order, little-endian; a bool is a byte.
	Data []byte
}

func (rt *Runtime) tensorToScript(t Tensor) (starlark.Value, error) {
	n, err := rt.engine.NewBuilder().Build(func(b *engine.Builder) *engine.Node { return b.FromBytes(t.Data, t.Dtype, t.Shape) })
	if err != nil {
		return nil, err
	}
	return rt.mx.Wrap(rt.engine.NewArray(n)), nil
}

// TensorOf evaluates an array and copies its elements.
func TensorOf(ctx context.Context, a *Array) (Tensor, error) {
	data, err := a.Engine().Dense(ctx, a.Node())
	if err != nil {
		return Tensor{}, evalError(err)
	}
	return Tensor{a.Dtype(), append([]int{}, a.Shape()...), bytes.Clone(data)}, nil
}
