package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// updates holds, by mode, the loop that an update meets the present value with, dst and a
// being the present values and b the new ones, and that for single elements.
type updates[T any] struct {
	loops [engine.Min + 1]binaryLoop[T, T]
	each  [engine.Min + 1]placeLoop[T]
}

func replaceLoop[T any](dst, _, b []T) { copy(dst, b) }

// target copies the first input to the output, unless they share storage.
func target[T any](w *workers, t *engine.Task) ([]T, error) {
	in, out := &t.In[0], &t.Out[0]
	to := dense[T](out)
	if len(to) > 0 && len(in.Data) > 0 && &in.Data[0] == &out.Data[0] && in.Offset == out.Offset && in.IsRowMajor() {
		return to, nil
	}
	return to, copyTo(w, t, to, in, nil)
}

// scatter updates a slice of the array at each place that the index arrays
// name, one after the other, so that the outcome of repeated places is defined.
//
//go:noinline
func scatter[T any](u updates[T]) kernel {
	return func(w *workers, t *engine.Task) error {
		at := t.Attrs.(engine.ScatterAttrs)
		to, err := target[T](w, t)
		if err != nil {
			return err
		}
		shape, strides := t.Out[0].Shape, t.Out[0].Strides
		sizes := t.In[1].Shape[len(t.In[1].Shape)-len(shape):]
		places, err := newIndexed(t, t.In[2:], at.Axes, shape, strides, sizes)
		if err != nil {
			return err
		}
		whole := walk{shape: sizes, strides: strides}
		s := &scattering[T]{task: t, to: to, places: places, slice: whole.collapsed(), loop: u.loops[at.Mode], each: u.each[at.Mode], size: shapes.Elements(sizes)}
		if s.size == 0 || places.count == 0 {
			return nil
		}
		if s.size == 1 {
			return s.elements(w)
		}
		// Processors share the elements of the slices: each takes all places in
		// order, but only its own part of every slice.
		return w.run(t.Ctx, s.size, max(s.size/64, tileLen), s.part)
	}
}

type scattering[T any] struct {
	task   *engine.Task
	to     []T
	places *indexed
	slice  walk
	loop   binaryLoop[T, T]
	each   placeLoop[T]
	size   int
}

// source reads the new elements.
func (s *scattering[T]) source(ts *tiles) source[T] {
	var from [1]walk
	in := s.task.In[1:2]
	flat := engine.Operand{Shape: in[0].Shape, Strides: shapes.RowMajor(in[0].Shape)}
	walks(&flat, in, from[:])
	return newSource[T](&from[0], &in[0], ts, 0)
}

// part applies the elements lo to hi of every slice.
func (s *scattering[T]) part(ts *tiles, lo, hi int) error {
	source := s.source(ts)
	slice := s.slice
	row, step := 1, 1
	if k := len(slice.shape); k > 0 {
		row, step = slice.shape[k-1], slice.strides[k-1]
	}
	offsets := tile[int](ts, 3, min(s.places.count, tileLen))
	for i := range s.places.count {
		if i%tileLen == 0 {
			if err := s.task.Ctx.Err(); err != nil {
				return err
			}
			if err := s.places.offsets(offsets[:min(tileLen, s.places.count-i)], i); err != nil {
				return err
			}
		}
		slice.offset = offsets[i%tileLen]
		for at := lo; at < hi; {
			n := min(hi-at, row-at%row, span[T](), source.left(i*s.size+at))
			v := source.take(i*s.size+at, n)
			s.update(ts, slice.place(at), step, v)
			at += n
		}
	}
	return nil
}

// update meets the elements from place on, step apart, with new ones.
func (s *scattering[T]) update(ts *tiles, place, step int, v []T) {
	updateRun(ts, s.to, place, step, v, s.loop)
}

// updateRun applies a loop to elements that lie step apart.
func updateRun[T any](ts *tiles, to []T, place, step int, v []T, loop binaryLoop[T, T]) {
	if step == 1 || len(v) == 1 {
		dst := to[place:][:len(v)]
		loop(dst, dst, v)
		return
	}
	now := tile[T](ts, 2, len(v))
	copyRun(now, to, place, step)
	loop(now, now, v)
	for i := range now {
		to[place+i*step] = now[i]
	}
}

// sliceUpdate updates a regular selection of the array.
//
//go:noinline
func sliceUpdate[T any](u updates[T]) kernel {
	return func(w *workers, t *engine.Task) error {
		at := t.Attrs.(engine.UpdateAttrs)
		to, err := target[T](w, t)
		if err != nil {
			return err
		}
		out, in := &t.Out[0], &t.In[1]
		place := walk{shape: in.Shape, strides: make([]int, len(in.Shape))}
		for i := range in.Shape {
			place.strides[i] = out.Strides[i] * at.Step[i]
			place.offset += out.Strides[i] * at.Start[i]
		}
		sel := place.collapsed()
		row, step := 1, 1
		if k := len(sel.shape); k > 0 {
			row, step = sel.shape[k-1], sel.strides[k-1]
		}
		var from [1]walk
		flat := engine.Operand{Shape: in.Shape, Strides: shapes.RowMajor(in.Shape)}
		walks(&flat, t.In[1:2], from[:])
		loop := u.loops[at.Mode]
		return w.run(t.Ctx, in.Len(), int(light), func(ts *tiles, lo, hi int) error {
			source := newSource[T](&from[0], in, ts, 0)
			for lo < hi {
				n := min(hi-lo, row-lo%row, span[T](), source.left(lo))
				updateRun(ts, to, sel.place(lo), step, source.take(lo, n), loop)
				lo += n
			}
			return nil
		})
	}
}

// addScatters enters the operations that update elements at indices.
func (t table) addScatters() {
	any := each2(func(a, b truth) truth { return truthOf(a|b != 0) })
	all := each2(func(a, b truth) truth { return truthOf(a != 0 && b != 0) })
	updateRows(t, engine.Bool, loopsOf(any, all, any, all))
	realUpdates[uint8](t, engine.Uint8)
	realUpdates[uint16](t, engine.Uint16)
	realUpdates[uint32](t, engine.Uint32)
	realUpdates[uint64](t, engine.Uint64)
	realUpdates[int8](t, engine.Int8)
	realUpdates[int16](t, engine.Int16)
	realUpdates[int32](t, engine.Int32)
	realUpdates[int64](t, engine.Int64)
	realUpdates[float32](t, engine.Float32)
	realUpdates[float64](t, engine.Float64)
	complexUpdates[complex64](t, engine.Complex64)
	complexUpdates[complex128](t, engine.Complex128)
	halfUpdates(t, engine.Float16, func(v half) float32 { return dtype.Float16Value(uint16(v)) }, toHalfBits)
	halfUpdates(t, engine.BFloat16, func(v brain) float32 { return dtype.BFloat16Value(uint16(v)) }, toBrainBits)
}

// loopsOf makes updates of loops over elements that lie together.
func loopsOf[T any](sum, prod, max, min binaryLoop[T, T]) updates[T] {
	u := updates[T]{loops: [engine.Min + 1]binaryLoop[T, T]{engine.Sum: sum, engine.Prod: prod, engine.Max: max, engine.Min: min}}
	for mode, loop := range u.loops {
		if loop != nil {
			u.each[mode] = oneByOne(loop)
		}
	}
	return u
}

func realUpdates[T realNumber](t table, d engine.Dtype) {
	u := loopsOf(addLoop[T], mulLoop[T], maxLoop[T], minLoop[T])
	u.each = [engine.Min + 1]placeLoop[T]{engine.Sum: addAt[T], engine.Prod: multiplyAt[T], engine.Max: maximumAt[T], engine.Min: minimumAt[T]}
	updateRows(t, d, u)
}

func complexUpdates[T complexNumber](t table, d engine.Dtype) {
	u := loopsOf(addLoop[T], mulLoop[T], each2(maximumComplex[T]), each2(minimumComplex[T]))
	u.each[engine.Sum] = addAt[T]
	updateRows(t, d, u)
}

func halfUpdates[H half | brain](t table, d engine.Dtype, widen func(H) float32, narrow func(float32) H) {
	by := func(f func(a, b float32) float32) binaryLoop[H, H] {
		return each2(func(a, b H) H { return narrow(f(widen(a), widen(b))) })
	}
	updateRows(t, d, loopsOf(
		by(func(a, b float32) float32 { return a + b }), by(func(a, b float32) float32 { return a * b }),
		by(maximum[float32]), by(minimum[float32])))
}

func updateRows[T any](t table, d engine.Dtype, u updates[T]) {
	u.loops[engine.Replace], u.each[engine.Replace] = replaceLoop[T], replaceAt[T]
	t.add(engine.OpScatter, d, d, scatter(u))
	t.add(engine.OpScatterAlong, d, d, scatterAlong(u))
	t.add(engine.OpSliceUpdate, d, d, sliceUpdate(u))
}
