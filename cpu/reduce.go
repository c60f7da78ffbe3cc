package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// fold describes a reduction of elements of T to an R by way of an accumulator.
type fold[T, A, R any] struct {
	start A
	// row takes contiguous elements in; at is the place of the first among
	// those that are folded into one.
	row func(t *tiles, acc A, x []T, at int) A
	// column takes one element into each of several accumulators; all have the
	// place at.
	column func(t *tiles, acc []A, x []T, at int)
	// lines takes rows of elements, which begin stride apart, into several
	// accumulators, as column would one row after another from place at on. It may
	// be nil.
	lines func(t *tiles, acc []A, x []T, rows, stride, at int)
	// join puts the accumulators of two parts together, the earlier part first.
	join func(a, b A) A
	done func(acc A) R
	// all is done of several accumulators. It may be nil.
	all func(t *tiles, dst []R, acc []A)
}

// The cutting of reductions. It depends on shapes alone, so that results do not
// depend on the number of threads.
const (
	foldBlock  = 16 << 10 // elements of a part that is worth a processor
	foldParts  = 64       // parts that one reduction is cut into at most
	foldSpread = 64       // with so many results, each is made in one part
	runMin     = 16       // rows shorter than this are gathered several at a time
	foldRun    = tileLen  // elements that are folded at once, counted from the part's first
	sideMost   = 256      // accumulators of a result side by side
)

// reduction is a fold's geometry: where results begin and what each folds.
type reduction struct {
	kept, folded walk
	results      int
	length       int // elements folded into one
	parts        int
	part         int // elements of a part
	byColumn     bool
	side         int // accumulators of a result that lie side by side
}

func newReduction(in *engine.Operand, axes []int) *reduction {
	var kept, folded walk
	r := &reduction{results: 1, length: 1, side: 1}
	k := 0
	for i, n := range in.Shape {
		to := &kept
		if k < len(axes) && axes[k] == i {
			to = &folded
			r.length *= n
			k++
		} else {
			r.results *= n
		}
		to.shape = append(to.shape, n)
		to.strides = append(to.strides, in.Strides[i])
	}
	r.kept, r.folded = kept.collapsed(), folded.collapsed()
	r.kept.offset = in.Offset
	r.byColumn = r.kept.last() == 1 && r.folded.last() != 1 || r.sideBySide()
	if !r.byColumn {
		r.cut()
	}
	return r
}

// sideBySide has short rows of what is folded, which lie one after another for one result
// after another, taken in by columns, whose accumulators are joined in the end.
func (r *reduction) sideBySide() bool {
	last := len(r.folded.shape) - 1
	if last < 1 || r.folded.strides[last] != 1 || len(r.kept.shape) == 0 {
		return false
	}
	n := r.folded.shape[last]
	if n < 2 || n > sideMost || r.kept.last() != n {
		return false
	}
	r.side, r.results, r.length = n, r.results*n, r.length/n
	at := len(r.kept.shape) - 1
	r.kept.shape[at] *= n
	r.kept.strides[at] = 1
	r.folded.shape, r.folded.strides = r.folded.shape[:last], r.folded.strides[:last]
	return true
}

// cut decides on the parts.
func (r *reduction) cut() {
	r.parts, r.part = 1, r.length
	if r.results < foldSpread && r.length > foldBlock {
		r.parts = min(r.length/foldBlock, foldParts)
		r.part = (r.length + r.parts - 1) / r.parts
		r.parts = (r.length + r.part - 1) / r.part
	}
}

func (w *walk) collapsed() walk {
	shape, strides := shapes.Collapse(w.shape, w.strides)
	return walk{shape: shape, strides: strides[0], offset: w.offset}
}

// last is the stride of the last axis, 0 without one.
func (w *walk) last() int {
	if len(w.strides) == 0 {
		return 0
	}
	return w.strides[len(w.strides)-1]
}

// folding is a reduction of stored elements, and of those that a pass makes.
type folding struct {
	kernel    kernel
	workspace func(w *workers, t *engine.Task) int
	end       passEnd
}

// reduce makes a reduction, along the axes that the task's attributes give, of a
// fold.
//
//go:noinline
func reduce[T, A, R any](c cost, f fold[T, A, R]) folding {
	stored := func(w *workers, t *engine.Task) error {
		in := &t.In[0]
		r := newReduction(in, foldedAxes(t.Attrs))
		out, data := dense[R](&t.Out[0]), storage[T](in)
		if r.byColumn {
			return f.byColumn(w, t, r, data, out, c)
		}
		if r.parts == 1 {
			grain := max(int(c)/max(r.length, 1), 1)
			return w.run(t.Ctx, len(out), grain, func(ts *tiles, lo, hi int) error {
				return f.results(t, ts, r, data, out, lo, hi)
			})
		}
		return f.parts(w, t, r, out, func(ts *tiles, i, lo, hi int) (A, error) { return f.one(t, ts, r, data, i, lo, hi) })
	}
	made := func(p *pass, w *workers, t *engine.Task, value int32, o *engine.Operand) error {
		out := dense[R](o)
		if len(out) == 0 {
			return nil
		}
		r := &reduction{results: len(out), length: p.n / len(out)}
		r.cut()
		one := func(ts *tiles, i, lo, hi int) (A, error) {
			acc := f.start
			err := p.chunk(t.Ctx, ts, i*r.length+lo, i*r.length+hi, func(at, n int) {
				x, at := typed[T](p.value(ts, value))[:n], at-i*r.length
				for len(x) > 0 {
					k := min(len(x), foldRun)
					acc = f.row(ts, acc, x[:k], at)
					x, at = x[k:], at+k
				}
			})
			return acc, err
		}
		if r.parts > 1 {
			return f.parts(w, t, r, out, one)
		}
		return w.run(t.Ctx, len(out), max(p.grain(w)/r.length, 1), func(ts *tiles, lo, hi int) error {
			for i := lo; i < hi; i++ {
				acc, err := one(ts, i, 0, r.length)
				if err != nil {
					return err
				}
				out[i] = f.done(acc)
			}
			return nil
		})
	}
	return folding{stored, func(_ *workers, t *engine.Task) int { return columnWorkspace(t, sizeOf[A]()) }, made}
}

// parts computes results of several parts each.
func (f *fold[T, A, R]) parts(w *workers, t *engine.Task, r *reduction, out []R, one func(ts *tiles, i, lo, hi int) (A, error)) error {
	acc := make([]A, r.results*r.parts)
	err := w.run(t.Ctx, len(acc), 1, func(ts *tiles, lo, hi int) (err error) {
		for i := lo; i < hi && err == nil; i++ {
			from := i % r.parts * r.part
			acc[i], err = one(ts, i/r.parts, from, min(from+r.part, r.length))
		}
		return err
	})
	for i := range out {
		a := acc[i*r.parts]
		for _, b := range acc[i*r.parts+1:][:r.parts-1] {
			a = f.join(a, b)
		}
		out[i] = f.done(a)
	}
	return err
}

func foldedAxes(attrs any) []int {
	if at, ok := attrs.(engine.ArgReduceAttrs); ok {
		return []int{at.Axis}
	}
	return attrs.(engine.ReduceAttrs).Axes
}

// checkEvery is the number of elements after which a chunk that cannot be cut
// further asks whether it is still wanted.
const checkEvery = 1 << 20

// results computes the results lo to hi, each in one part.
func (f *fold[T, A, R]) results(t *engine.Task, ts *tiles, r *reduction, data []T, out []R, lo, hi int) error {
	for i := lo; i < hi; i++ {
		acc, err := f.one(t, ts, r, data, i, 0, r.length)
		if err != nil {
			return err
		}
		out[i] = f.done(acc)
	}
	return nil
}

// one folds the elements lo to hi of result i.
func (f *fold[T, A, R]) one(t *engine.Task, ts *tiles, r *reduction, data []T, i, lo, hi int) (A, error) {
	acc := f.start
	for at := lo; at < hi; at += checkEvery {
		if at > lo {
			if err := t.Ctx.Err(); err != nil {
				return acc, err
			}
		}
		acc = f.more(ts, acc, r, data, i, at, min(at+checkEvery, hi))
	}
	return acc, nil
}

func (f *fold[T, A, R]) more(ts *tiles, acc A, r *reduction, data []T, i, lo, hi int) A {
	w := r.folded
	w.offset = r.kept.place(i)
	k := len(w.shape) - 1
	if k >= 0 && w.strides[k] == 1 && w.shape[k] >= runMin {
		row := w.shape[k]
		for first := lo; lo < hi; {
			x := data[w.place(lo):][:min(hi-lo, row-lo%row)]
			for len(x) > 0 {
				n := min(len(x), foldRun-(lo-first)%foldRun)
				acc = f.row(ts, acc, x[:n], lo)
				x, lo = x[n:], lo+n
			}
		}
		return acc
	}
	for lo < hi {
		n := min(hi-lo, span[T]())
		x := tile[T](ts, 0, n)
		gatherRows(x, data, &w, lo)
		acc = f.row(ts, acc, x, lo)
		lo += n
	}
	return acc
}

// rounding makes a fold answer in another type.
func rounding[T, A, R, S any](f fold[T, A, R], to func(R) S) fold[T, A, S] {
	return fold[T, A, S]{start: f.start, row: f.row, column: f.column, lines: f.lines, join: f.join, done: func(a A) S { return to(f.done(a)) }}
}

// roundingAll is rounding where several results are rounded at once.
func roundingAll[T, A, R, S any](f fold[T, A, R], to func(R) S, narrow func(dst []S, src []R)) fold[T, A, S] {
	g := rounding(f, to)
	if f.all != nil {
		g.all = func(t *tiles, dst []S, acc []A) {
			for len(dst) > 0 {
				x := tile[R](t, 1, min(len(dst), span[R]()))
				f.all(t, x, acc[:len(x)])
				narrow(dst[:len(x)], x)
				dst, acc = dst[len(x):], acc[len(x):]
			}
		}
	}
	return g
}

func toHalfBits(x float32) half { return half(dtype.Float16Bits(x)) }

func toBrainBits(x float32) brain { return brain(dtype.BFloat16Bits(x)) }
