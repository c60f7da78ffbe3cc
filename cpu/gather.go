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
	g := &gathering[T]{task: t, places: places, data: data, out: out, from: in.Offset, slice: whole.collapsed(), size: size}
	g.run = len(g.slice.shape) == 0 || len(g.slice.shape) == 1 && g.slice.strides[0] == 1
	n, grain, part := places.count, max(int(light)/4/size, 1), g.part
	if g.isAcross() {
		n, grain, part = (size+acrossBlock-1)/acrossBlock, max(int(light)/4/acrossBlock/max(n, 1), 1), g.across
	}
	return w.run(t.Ctx, n, grain, func(ts *tiles, lo, hi int) error {
		err := part(ts, lo, hi)
		if err != nil && at.Beyond != nil && t.Ctx.Err() == nil {
			return at.Beyond
		}
		return err
	})
}

// gathering is one task of a gather.
type gathering[T any] struct {
	task      *engine.Task
	places    *indexed
	data, out []T
	from      int
	slice     walk
	size      int
	run       bool // slices lie together
}

// part takes the slices at the places lo to hi.
func (g *gathering[T]) part(ts *tiles, lo, hi int) error {
	for lo < hi {
		offsets := tile[int](ts, 0, min(hi-lo, tileLen))
		if err := g.places.offsets(offsets, lo); err != nil {
			return err
		}
		out := g.out[lo*g.size:][:len(offsets)*g.size]
		switch {
		case g.size == 1:
			for i, p := range offsets {
				out[i] = g.data[g.from+p]
			}
		default:
			if err := g.slices(out, offsets); err != nil {
				return err
			}
		}
		lo += len(offsets)
	}
	return nil
}

// slices copies one slice after another.
func (g *gathering[T]) slices(out []T, offsets []int) error {
	slice := g.slice
	for i, p := range offsets {
		slice.offset = g.from + p
		for at := 0; at < g.size; at += checkEvery {
			if at > 0 && g.task.Ctx.Err() != nil {
				return g.task.Ctx.Err()
			}
			dst := out[i*g.size+at:][:min(checkEvery, g.size-at)]
			if g.run {
				copy(dst, g.data[slice.offset+at:])
			} else {
				gatherRows(dst, g.data, &slice, at)
			}
		}
	}
	return nil
}

const (
	acrossStep  = 16 // elements apart from which neighbours share no cache line
	acrossBlock = 16 // elements of slices that are taken of all places before the next
)

// isAcross reports whether the elements of slices lie far apart, while what lies beside
// them may be wanted for other places.
func (g *gathering[T]) isAcross() bool {
	return len(g.slice.shape) == 1 && g.slice.strides[0] >= acrossStep && g.size >= acrossBlock && g.places.count >= acrossBlock
}

// across takes the blocks lo to hi of the slices' elements, of all places.
func (g *gathering[T]) across(ts *tiles, lo, hi int) error {
	step := g.slice.strides[0]
	for ; lo < hi; lo++ {
		at := lo * acrossBlock
		n := min(acrossBlock, g.size-at)
		for i := 0; i < g.places.count; {
			offsets := tile[int](ts, 0, min(g.places.count-i, tileLen))
			if err := g.places.offsets(offsets, i); err != nil {
				return err
			}
			for _, p := range offsets {
				from := g.from + p + at*step
				dst := g.out[i*g.size+at:][:n]
				for k := range dst {
					dst[k] = g.data[from]
					from += step
				}
				i++
			}
			if err := g.task.Ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
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
	index.stride = in.Strides[axis]
	data, out := storage[T](in), dense[T](&t.Out[0])
	shape := t.Out[0].Shape
	base, last := along(in, axis, shape), len(shape)-1
	step := base.strides[last]
	return w.run(t.Ctx, len(out), int(light)/4, func(ts *tiles, lo, hi int) error {
		for lo < hi {
			n := min(hi-lo, shape[last]-lo%shape[last], tileLen)
			offsets := tile[int](ts, 0, n)
			clear(offsets)
			if err := index.add(t.Op.Name, offsets, lo); err != nil {
				return err
			}
			p, dst := base.place(lo), out[lo:][:n]
			for i, o := range offsets {
				dst[i] = data[p+o]
				p += step
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
