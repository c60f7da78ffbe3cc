package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// addCopies enters the operations that only move elements, by their size.
func (t table) addCopies() {
	for _, d := range dtype.All() {
		t.add(engine.OpCopy, d, d, bySize(d, contiguous[uint8], contiguous[uint16], contiguous[uint32], contiguous[uint64], contiguous[wide]))
		t.loop(engine.OpSelect, d, d, bySize(d, pick[uint8], pick[uint16], pick[uint32], pick[uint64], pick[wide])())
	}
}

// copyCost is the number of elements of a chunk of a copy.
const copyCost = 64 << 10

// contiguous copies an operand of any strides to a row-major one.
func contiguous[T any](w *workers, t *engine.Task) error {
	return copyTo(w, t, dense[T](&t.Out[0]), &t.In[0], nil)
}

// transposer exchanges rows and columns of blocks: element d of row i, of eight rows
// of deep elements that begin step apart, goes to dst[d*apart+i]. Deep is a multiple
// of eight.
type transposer[T any] func(dst, src []T, deep, step, apart int)

// contiguousBy is contiguous with blocks transposed by a kernel.
//
//go:noinline
func contiguousBy[T any](by transposer[T]) kernel {
	return func(w *workers, t *engine.Task) error { return copyTo(w, t, dense[T](&t.Out[0]), &t.In[0], by) }
}

func copyTo[T any](w *workers, t *engine.Task, out []T, in *engine.Operand, by transposer[T]) error {
	if in.IsRowMajor() {
		from := dense[T](in)
		return w.run(t.Ctx, len(out), copyCost, func(_ *tiles, lo, hi int) error {
			copy(out[lo:hi], from[lo:hi])
			return nil
		})
	}
	data := storage[T](in)
	whole := walk{shape: in.Shape, strides: in.Strides, offset: in.Offset}
	rows := whole.collapsed()
	if tr, ok := rows.transpose(); ok && len(out) > 0 {
		if tt, ok := byLines(&tr, out, data, by); ok && (by == nil || sizeOf[T]() < 4) {
			count := len(out) / (tr.deep * tr.wide) * tt.rows
			return w.run(t.Ctx, count, max(copyCost/(tt.side*tr.wide), 1), func(ts *tiles, lo, hi int) error {
				for i := lo; i < hi; i++ {
					tt.block(ts, i)
				}
				return nil
			})
		}
		count := len(out) / (tr.deep * tr.wide) * tr.blocks
		return w.run(t.Ctx, count, max(copyCost/(blockDeep*tr.wide), 1), func(_ *tiles, lo, hi int) error {
			for i := lo; i < hi; i++ {
				blockRow(&tr, out, data, i, by)
			}
			return nil
		})
	}
	return w.run(t.Ctx, len(out), copyCost, func(_ *tiles, lo, hi int) error {
		gatherRows(out[lo:hi], data, &rows, lo)
		return nil
	})
}
