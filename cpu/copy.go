package cpu

import "github.com/mlxstar/mlxstar/engine"

// addCopies enters the operations that only move elements, by their size.
func (t table) addCopies() {
	for _, d := range engine.Dtypes() {
		t.add(engine.OpCopy, d, d, bySize(d, contiguous[uint8], contiguous[uint16], contiguous[uint32], contiguous[uint64]))
		t.add(engine.OpSelect, d, d, bySize(d, pick[uint8], pick[uint16], pick[uint32], pick[uint64]))
	}
}

// copyCost is the number of elements of a chunk of a copy.
const copyCost = 64 << 10

// contiguous copies an operand of any strides to a row-major one.
func contiguous[T any](w *workers, t *engine.Task) error {
	return copyTo(w, t, dense[T](&t.Out[0]), &t.In[0])
}

func copyTo[T any](w *workers, t *engine.Task, out []T, in *engine.Operand) error {
	if in.IsRowMajor() {
		from := dense[T](in)
		return w.run(t.Ctx, len(out), copyCost, func(_ *tiles, lo, hi int) error {
			copy(out[lo:hi], from[lo:hi])
			return nil
		})
	}
	data := storage[T](in)
	shape, strides := engine.Collapse(in.Shape, in.Strides)
	wk := walk{shape: shape, strides: strides[0], offset: in.Offset}
	return w.run(t.Ctx, len(out), copyCost, func(_ *tiles, lo, hi int) error {
		gatherRows(out[lo:hi], data, &wk, lo)
		return nil
	})
}
