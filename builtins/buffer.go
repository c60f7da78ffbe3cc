package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// bufferFormats are the letters of Python's struct for the elements of a dtype.
// The last two are those by which MLX shows what struct has no letter for.
var bufferFormats = map[engine.Dtype]string{
	engine.Bool: "?", engine.Int8: "b", engine.Int16: "h", engine.Int32: "i", engine.Int64: "q",
	engine.Uint8: "B", engine.Uint16: "H", engine.Uint32: "I", engine.Uint64: "Q",
	engine.Float16: "e", engine.Float32: "f", engine.Float64: "d",
	engine.BFloat16: "bfloat16", engine.Complex64: "Zf",
}

var _ object.HasBuffer = (*Array)(nil)

// Buffer evaluates the array and shows its memory, which can be written to, as in MLX:
// arrays that share it see that. A 0-d array may be a constant and cannot.
func (a *Array) Buffer(*starlark.Thread) (*object.Buffer, error) {
	o, err := a.m.Engine.Data(a.m.host.Context(), a.Node())
	if err != nil {
		return nil, pythonError(err)
	}
	size := a.Dtype().Size()
	b := &object.Buffer{Data: o.Data, Format: bufferFormats[a.Dtype()], ItemSize: size,
		Shape: a.Shape(), Strides: make([]int, len(o.Strides)), Offset: o.Offset * size, ReadOnly: o.Buffer == nil || len(o.Shape) == 0, Keep: a}
	for i, s := range o.Strides {
		b.Strides[i] = s * size
	}
	return b, nil
}

// fromBuffer makes an array of the elements that a buffer shows.
func (c *Call) fromBuffer(h object.HasBuffer) *engine.Node {
	b, err := h.Buffer(c.thread)
	c.check(err)
	for d, format := range bufferFormats {
		if format == b.Format || format == "q" && b.Format == "l" || format == "Q" && b.Format == "L" {
			return c.b.FromBytes(b.Bytes(), d, append([]int{}, b.Shape...))
		}
	}
	c.fail(object.ValueError, "array: a buffer of format '%s' holds no elements of a dtype", b.Format)
	return nil
}
