package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// addMasked enters the kernel that replaces the elements where a mask holds. It
// moves bytes, so that it is the same for every dtype.
func (t table) addMasked() {
	for _, d := range dtype.All() {
		t.add(engine.OpMaskedScatter, d, d, maskedScatter)
	}
}

func maskedScatter(_ *workers, t *engine.Task) error {
	to, x := elementBytes(&t.Out[0]), elementBytes(&t.In[0])
	mask, values := elementBytes(&t.In[1]), elementBytes(&t.In[2])
	if len(to) > 0 && &to[0] != &x[0] {
		if err := stretchwise(t.Ctx, len(to), func(lo, hi int) { copy(to[lo:hi], x[lo:hi]) }); err != nil {
			return err
		}
	}
	size, next := t.Out[0].Dtype.Size(), 0
	for i, holds := range mask {
		if i%(1<<20) == 1<<20-1 && t.Ctx.Err() != nil {
			return t.Ctx.Err()
		}
		if holds == 0 {
			continue
		}
		if next == len(values) {
			return engine.FewValues(next / size)
		}
		copy(to[i*size:][:size], values[next:])
		next += size
	}
	return nil
}

// elementBytes are the elements of a row-major operand.
func elementBytes(o *engine.Operand) []byte {
	size := o.Dtype.Size()
	return o.Data[o.Offset*size:][:o.Len()*size]
}
