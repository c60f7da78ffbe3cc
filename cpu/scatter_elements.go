package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// placeLoop meets the elements at places, one after another, with new ones.
type placeLoop[T any] func(to []T, places []int, v []T)

func replaceAt[T any](to []T, places []int, v []T) {
	for i, p := range places {
		to[p] = v[i]
	}
}

func addAt[T numeric](to []T, places []int, v []T) {
	for i, p := range places {
		to[p] += v[i]
	}
}

func multiplyAt[T numeric](to []T, places []int, v []T) {
	for i, p := range places {
		to[p] *= v[i]
	}
}

func maximumAt[T realNumber](to []T, places []int, v []T) {
	for i, p := range places {
		to[p] = maximum(to[p], v[i])
	}
}

func minimumAt[T realNumber](to []T, places []int, v []T) {
	for i, p := range places {
		to[p] = minimum(to[p], v[i])
	}
}

// oneByOne makes such a loop of one over elements that lie together.
func oneByOne[T any](loop binaryLoop[T, T]) placeLoop[T] {
	return func(to []T, places []int, v []T) {
		for i, p := range places {
			loop(to[p:p+1], to[p:p+1], v[i:i+1])
		}
	}
}

const (
	placesMin   = 1 << 14 // updates that are worth another processor
	placesParts = 8       // of the array at most: each part looks at all places
)

// elements updates single elements. Processors share the array: each goes through all
// places in order and updates those of its part.
func (s *scattering[T]) elements(w *workers) error {
	parts := max(min(w.threads, placesParts, s.places.count/placesMin), 1)
	return w.run(s.task.Ctx, parts, 1, func(ts *tiles, lo, hi int) error {
		for i := lo; i < hi; i++ {
			if err := s.stretch(ts, i*len(s.to)/parts, (i+1)*len(s.to)/parts); err != nil {
				return err
			}
		}
		return nil
	})
}

// stretch updates the elements lo to hi of the array.
func (s *scattering[T]) stretch(ts *tiles, lo, hi int) error {
	source := s.source(ts)
	for i := 0; i < s.places.count; {
		if err := s.task.Ctx.Err(); err != nil {
			return err
		}
		n := min(s.places.count-i, span[T](), source.left(i))
		places, v := tile[int](ts, 3, n), source.take(i, n)
		if err := s.places.offsets(places, i); err != nil {
			return err
		}
		i += n
		if lo > 0 || hi < len(s.to) {
			v = within(tile[T](ts, 2, n), places, v, lo, hi)
		}
		s.each(s.to, places[:len(v)], v)
	}
	return nil
}

// within moves the places from lo to hi to the front, and their elements to dst.
func within[T any](dst []T, places []int, v []T, lo, hi int) []T {
	k := 0
	for i, p := range places {
		places[k], dst[k] = p, v[i]
		in := 0
		if uint(p-lo) < uint(hi-lo) {
			in = 1
		}
		k += in
	}
	return dst[:k]
}

// alongScatter is one task of updates along an axis.
type alongScatter[T any] struct {
	task       *engine.Task
	to, data   []T
	index      indices
	base, from walk
	row        int // elements of the last axis
	each       placeLoop[T]
}

// scatterAlong updates, for each index, the element that has the index's own
// place but along the axis.
//
//go:noinline
func scatterAlong[T any](u updates[T]) kernel {
	return func(w *workers, t *engine.Task) error {
		at := t.Attrs.(engine.AlongAttrs)
		to, err := target[T](w, t)
		if err != nil {
			return err
		}
		out, values := &t.Out[0], &t.In[1]
		index, err := newIndices(&t.In[2], at.Axis, out.Shape[at.Axis], 1)
		if err != nil || values.Len() == 0 {
			return err
		}
		index.stride = out.Strides[at.Axis]
		s := &alongScatter[T]{task: t, to: to, data: storage[T](values), index: index, base: along(out, at.Axis, values.Shape), each: u.each[at.Mode]}
		s.from = walk{shape: values.Shape, strides: values.Strides, offset: values.Offset}
		s.base.offset = 0
		s.row = lastOf(values.Shape)
		// Rows before the axis are independent, and so are columns behind it.
		rows, outer := values.Len()/s.row, shapes.Elements(values.Shape[:at.Axis])
		block := rows / max(min(outer, rows), 1)
		if outer == 1 && at.Axis < len(values.Shape)-1 {
			return w.run(t.Ctx, s.row, max(int(light)/4/rows, 16), func(ts *tiles, lo, hi int) error { return s.part(ts, 0, rows, lo, hi) })
		}
		return w.run(t.Ctx, rows/block, max(int(light)/4/(block*s.row), 1), func(ts *tiles, lo, hi int) error {
			return s.part(ts, lo*block, hi*block, 0, s.row)
		})
	}
}

// part applies the updates of the columns lo to hi of some rows.
func (s *alongScatter[T]) part(ts *tiles, row, end, lo, hi int) error {
	last := len(s.from.shape) - 1
	step, apart := s.from.strides[last], s.base.strides[last]
	for since := 0; row < end; row++ {
		for at := lo; at < hi; {
			if since >= checkEvery {
				if err := s.task.Ctx.Err(); err != nil {
					return err
				}
				since = 0
			}
			n, i := min(hi-at, span[T]()), row*s.row+at
			places, v := tile[int](ts, 3, n), tile[T](ts, 0, n)
			p := s.base.place(i)
			for k := range places {
				places[k] = p
				p += apart
			}
			if err := s.index.add(s.task.Op.Name, places, i); err != nil {
				return err
			}
			copyRun(v, s.data, s.from.place(i), step)
			s.each(s.to, places, v)
			at, since = at+n, since+n
		}
	}
	return nil
}
