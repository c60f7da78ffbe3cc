package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// concatenate copies each input to its place in the output: seen from the axis
// outwards, input and output are rows, and the input's rows begin at a fixed
// column of the output's.
func concatenate[T any](w *workers, t *engine.Task) error {
	axis := t.Attrs.(engine.ConcatAttrs).Axis
	out := dense[T](&t.Out[0])
	shape := t.Out[0].Shape
	width := shapes.Elements(shape[axis:])
	column := 0
	for i := range t.In {
		in := &t.In[i]
		row := shapes.Elements(in.Shape[axis:])
		if err := placeRows(w, t, out[min(column, len(out)):], in, row, width); err != nil {
			return err
		}
		column += row
	}
	return nil
}

// placeRows copies an operand whose rows have row elements to rows that begin
// width apart.
func placeRows[T any](w *workers, t *engine.Task, out []T, in *engine.Operand, row, width int) error {
	data, total := storage[T](in), in.Len()
	whole := walk{shape: in.Shape, strides: in.Strides, offset: in.Offset}
	from := whole.collapsed()
	linear := in.IsRowMajor()
	return w.run(t.Ctx, total, copyCost, func(_ *tiles, lo, hi int) error {
		for lo < hi {
			n := min(hi-lo, row-lo%row)
			dst := out[lo/row*width+lo%row:][:n]
			if linear {
				copy(dst, data[in.Offset+lo:])
			} else {
				gatherRows(dst, data, &from, lo)
			}
			lo += n
		}
		return nil
	})
}
