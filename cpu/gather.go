package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// gather copies, for each place that the index arrays name, a slice of the
// first input.
func gather[T any](w *workers, t *engine.Task) error {
	at := t.Attrs.(engine.GatherAttrs)
	in := &t.In[0]
	places, err := newIndexed(t, t.In[1:], at.Axes, in.Shape, in.Strides, at.Sizes)
	if err != nil {
		return err
	}
	data, out := storage[T](in), dense[T](&t.Out[0])
	size := shapes.Elements(at.Sizes)
	if size == 0 {
		return nil
	}
	whole := walk{shape: at.Sizes, strides: in.Strides}
	slice := whole.collapsed()
	run := len(slice.shape) == 0 || len(slice.shape) == 1 && slice.strides[0] == 1
	return w.run(t.Ctx, places.count, max(int(light)/4/size, 1), func(_ *tiles, lo, hi int) error {
		slice := slice
		for i := lo; i < hi; i++ {
			p, err := places.offset(i)
			if err != nil && at.Beyond != nil {
				return at.Beyond
			}
			if err != nil {
				return err
			}
			p += in.Offset
			if size == 1 {
				out[i] = data[p]
				continue
			}
			slice.offset = p
			for at := 0; at < size; at += checkEvery {
				if at > 0 && t.Ctx.Err() != nil {
					return t.Ctx.Err()
				}
				dst := out[i*size+at:][:min(checkEvery, size-at)]
				if run {
					copy(dst, data[p+at:])
				} else {
					gatherRows(dst, data, &slice, at)
				}
			}
		}
		return nil
	})
}

// takeAlong copies, for each index, the element of the first input that has the
// index's own place but along the axis.
func takeAlong[T any](w *workers, t *engine.Task) error {
	axis := t.Attrs.(engine.AlongAttrs).Axis
	in := &t.In[0]
	index, err := newIndices(&t.In[1], axis, in.Shape[axis], 1)
	if err != nil {
		return err
	}
	data, out := storage[T](in), dense[T](&t.Out[0])
	shape := t.Out[0].Shape
	base, last := along(in, axis, shape), len(shape)-1
	step, stride := base.strides[last], in.Strides[axis]
	return w.run(t.Ctx, len(out), int(light)/4, func(_ *tiles, lo, hi int) error {
		for lo < hi {
			n := min(hi-lo, shape[last]-lo%shape[last])
			p := base.place(lo)
			for i := range n {
				v, err := index.get(t.Op.Name, lo+i)
				if err != nil {
					return err
				}
				out[lo+i] = data[p+i*step+v*stride]
			}
			lo += n
		}
		return nil
	})
}

// along walks an operand in the order of a shape that differs from its own
// along the axis, on which it stands still.
func along(o *engine.Operand, axis int, shape []int) walk {
	w := walk{shape: shape, strides: append([]int(nil), o.Strides...), offset: o.Offset}
	w.strides[axis] = 0
	return w
}

// addGathers enters the operations that take elements at indices.
func (t table) addGathers() {
	for _, d := range dtype.All() {
		t.add(engine.OpConcatenate, d, d, bySize(d, concatenate[uint8], concatenate[uint16], concatenate[uint32], concatenate[uint64], concatenate[wide]))
		t.add(engine.OpGather, d, d, bySize(d, gather[uint8], gather[uint16], gather[uint32], gather[uint64], gather[wide]))
		t.add(engine.OpTakeAlong, d, d, bySize(d, takeAlong[uint8], takeAlong[uint16], takeAlong[uint32], takeAlong[uint64], takeAlong[wide]))
	}
}
