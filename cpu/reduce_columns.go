package cpu

import (
	"context"

	"github.com/mlxstar/mlxstar/engine"
)

// Where what is kept lies side by side and what is folded does not, rows are folded
// into one, a stretch of columns at a time. Stretches are about as wide as a page of
// memory, so that a page is read at one go, and their accumulators stay in the
// first-level cache.

const (
	sideBytes   = 8 << 10  // accumulators that are worked on side by side
	columnParts = 64       // pieces of work that are enough for all processors
	linesBlock  = 8 << 10  // elements that are folded with one call of a kernel
	columnPart  = 64 << 10 // elements of a part of the rows at least

	linesEvery = 1 << 18 // elements after which a part asks whether it is still wanted
)

// columnGrid is the cutting of a reduction by columns. It depends on shapes and the
// type of the accumulators alone.
type columnGrid struct {
	row, width, across int // results that lie side by side, of a stretch, and stretches of a row
	stretches          int
	parts, part        int // of the rows, and rows of each
}

func newColumnGrid(r *reduction, size int) columnGrid {
	g := columnGrid{row: r.kept.shape[len(r.kept.shape)-1]}
	g.width = min(g.row, sideBytes/size/r.side*r.side)
	g.across = (g.row + g.width - 1) / g.width
	g.stretches = r.results / g.row * g.across
	g.parts = max(min(columnParts/g.stretches, r.length/max(columnPart/g.width, 1)), 1)
	g.part = max((r.length+g.parts-1)/g.parts, 1)
	g.parts = max((r.length+g.part-1)/g.part, 1)
	return g
}

// columnWorkspace is room for the accumulators of parts, of so many bytes each.
func columnWorkspace(t *engine.Task, size int) int {
	in := &t.In[0]
	if t.Fusion != nil || in.Len() < 2*columnPart || t.Out[0].Len() == 0 {
		return 0
	}
	if in.Strides == nil {
		return columnParts * sideBytes
	}
	r := newReduction(in, foldedAxes(t.Attrs))
	if !r.byColumn {
		return 0
	}
	g := newColumnGrid(r, size)
	if g.parts == 1 {
		return 0
	}
	return g.parts * r.results * size
}

// stretch gives the first result of a stretch and how many there are.
func (g *columnGrid) stretch(i int) (first, n int) {
	at := i % g.across * g.width
	return i/g.across*g.row + at, min(g.width, g.row-at)
}

// byColumn computes a reduction by columns. Of several parts the accumulators are
// kept, and joined in order.
func (f *fold[T, A, R]) byColumn(w *workers, t *engine.Task, r *reduction, data []T, out []R, c cost) error {
	if len(out) == 0 {
		return nil
	}
	g := newColumnGrid(r, sizeOf[A]())
	var kept []A
	if g.parts > 1 {
		kept = typed[A](t.Workspace.Data)[:g.parts*r.results]
	}
	grain := max(int(c)/(g.part*g.width+1), 1)
	err := w.run(t.Ctx, g.stretches*g.parts, grain, func(ts *tiles, lo, hi int) error {
		var at counter
		at.begin(&r.kept, len(r.kept.shape)-1, lo/g.parts/g.across)
		for i := lo; i < hi; i++ {
			first, n := g.stretch(i / g.parts)
			part := i % g.parts
			acc := side[A](ts, n)
			if kept != nil {
				acc = kept[part*r.results+first:][:n]
			}
			fill(acc, f.start)
			base := at.place + first%g.row
			if err := f.rows(t.Ctx, ts, acc, &r.folded, data, base, part*g.part, min((part+1)*g.part, r.length)); err != nil {
				return err
			}
			if kept == nil {
				f.finish(ts, out[first/r.side:], acc, r.side)
			}
			if (i+1)%(g.parts*g.across) == 0 {
				at.next()
			}
		}
		return nil
	})
	if err != nil || kept == nil {
		return err
	}
	all := kept[:r.results]
	for part := 1; part < g.parts; part++ {
		for i, a := range kept[part*r.results:][:r.results] {
			all[i] = f.join(all[i], a)
		}
	}
	ts := w.tiles.get()
	defer w.tiles.put(ts)
	f.finish(ts, out, all, r.side)
	return nil
}

// finish writes the results of accumulators, of which a result has side.
func (f *fold[T, A, R]) finish(ts *tiles, out []R, acc []A, side int) {
	if f.all != nil && side == 1 {
		f.all(ts, out[:len(acc)], acc)
		return
	}
	for i := range len(acc) / side {
		a := acc[i*side]
		for _, b := range acc[i*side+1:][:side-1] {
			a = f.join(a, b)
		}
		out[i] = f.done(a)
	}
}

// rows takes the rows lo to hi of what is folded of some columns, the first of which lies
// at base.
func (f *fold[T, A, R]) rows(ctx context.Context, ts *tiles, acc []A, folded *walk, data []T, base, lo, hi int) error {
	if lo == hi {
		return nil
	}
	run, step, outer := 1, 0, 0 // rows that lie evenly, and how far apart
	if k := len(folded.shape) - 1; k >= 0 {
		run, step, outer = folded.shape[k], folded.strides[k], k
	}
	block, every := max(linesBlock/len(acc), 1), max(linesEvery/len(acc), 1)
	if step < 0 {
		block = 1
	}
	var at counter
	at.begin(folded, outer, lo/run)
	in := lo % run
	for since := 0; lo < hi; {
		if since >= every {
			if err := ctx.Err(); err != nil {
				return err
			}
			since = 0
		}
		n := min(block, hi-lo, run-in)
		f.takeLines(ts, acc, data[base+at.place+in*step:], n, step, lo)
		lo, since, in = lo+n, since+n, in+n
		if in == run {
			in = 0
			at.next()
		}
	}
	return nil
}

// takeLines takes rows that begin stride apart into accumulators.
func (f *fold[T, A, R]) takeLines(t *tiles, acc []A, x []T, rows, stride, at int) {
	if f.lines != nil {
		f.lines(t, acc, x, rows, stride, at)
		return
	}
	for i := range rows {
		f.column(t, acc, x[i*stride:][:len(acc)], at+i)
	}
}

// What is widened at once: some rows of some columns, no more than a tile.
const (
	widenRows    = 8
	widenColumns = tileLen / widenRows
)

// widenedFold makes a fold over 16-bit floats of one over float32.
func widenedFold[H half | brain, A, R any](kc codec[H], f fold[float32, A, R]) fold[H, A, R] {
	return fold[H, A, R]{
		start: f.start, join: f.join, done: f.done, all: f.all,
		row: func(t *tiles, acc A, x []H, at int) A {
			for len(x) > 0 {
				n := min(len(x), tileLen)
				y := tile[float32](t, 1, n)
				kc.widen(y, x[:n])
				acc = f.row(t, acc, y, at)
				x, at = x[n:], at+n
			}
			return acc
		},
		column: func(t *tiles, acc []A, x []H, at int) {
			y := tile[float32](t, 1, len(x))
			kc.widen(y, x)
			f.column(t, acc, y, at)
		},
		lines: func(t *tiles, acc []A, x []H, rows, stride, at int) {
			for len(acc) > 0 {
				n := min(len(acc), widenColumns)
				y := tile[float32](t, 1, widenRows*n)
				for r := 0; r < rows; r += widenRows {
					k := min(widenRows, rows-r)
					for i := range k {
						kc.widen(y[i*n:][:n], x[(r+i)*stride:])
					}
					f.takeLines(t, acc[:n], y, k, n, at+r)
				}
				acc, x = acc[n:], x[min(n, len(x)):]
			}
		},
	}
}
