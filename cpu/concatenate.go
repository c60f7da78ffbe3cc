package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// joinBlock is the number of elements of rows that are joined before the next, so that a
// cache line is written once for all inputs.
const joinBlock = 4 << 10

// concatenate copies each input to its place in the output: seen from the axis
// outwards, input and output are rows, and the input's rows begin at a fixed
// column of the output's. Where rows are long, inputs are copied one after the other.
func concatenate[T any](w *workers, t *engine.Task) error {
	axis := t.Attrs.(engine.ConcatAttrs).Axis
	out := dense[T](&t.Out[0])
	if len(out) == 0 {
		return nil
	}
	width := shapes.Elements(t.Out[0].Shape[axis:])
	parts := make([]joined[T], 0, len(t.In))
	column := 0
	for i := range t.In {
		if in := &t.In[i]; in.Len() > 0 {
			parts = append(parts, newJoined[T](in, shapes.Elements(in.Shape[axis:]), column))
			column += parts[len(parts)-1].row
		}
	}
	if width > joinBlock {
		for i := range parts {
			p := &parts[i]
			err := w.run(t.Ctx, p.total, copyCost, func(_ *tiles, lo, hi int) error {
				p.place(out, width, lo, hi)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	return w.run(t.Ctx, len(out)/width, max(copyCost/width, 1), func(_ *tiles, lo, hi int) error {
		for block := joinBlock / width; lo < hi; lo += block {
			for i := range parts {
				p := &parts[i]
				p.place(out, width, lo*p.row, min(lo+block, hi)*p.row)
			}
		}
		return nil
	})
}

// joined is an input whose rows have row elements that begin at a column of the output's.
type joined[T any] struct {
	data        []T
	from        walk
	linear      bool
	row, column int
	total       int
}

func newJoined[T any](in *engine.Operand, row, column int) joined[T] {
	whole := walk{shape: in.Shape, strides: in.Strides, offset: in.Offset}
	return joined[T]{storage[T](in), whole.collapsed(), in.IsRowMajor(), row, column, in.Len()}
}

// place copies the input's elements lo to hi to rows of the output that begin width apart.
func (p *joined[T]) place(out []T, width, lo, hi int) {
	to := p.column
	if p.linear && lo%p.row == 0 && hi%p.row == 0 {
		from := p.from.offset + lo
		copyShort(out[lo/p.row*width+to:(hi/p.row-1)*width+to+p.row], p.data, from, p.row, width, p.row)
		return
	}
	for lo < hi {
		n := min(hi-lo, p.row-lo%p.row)
		dst := out[lo/p.row*width+lo%p.row+to:][:n]
		if p.linear {
			copy(dst, p.data[p.from.offset+lo:])
		} else {
			gatherRows(dst, p.data, &p.from, lo)
		}
		lo += n
	}
}
