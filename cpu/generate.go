package cpu

import (
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// addGenerators enters the operations that make elements of nothing.
func (t table) addGenerators() {
	for _, d := range dtype.All() {
		t.add(engine.OpFull, 0, d, bySize(d, full[uint8], full[uint16], full[uint32], full[uint64], full[wide]))
	}
	t.add(engine.OpArange, 0, engine.Bool, arangeTruth)
	countUp[uint8](t, engine.Uint8)
	countUp[uint16](t, engine.Uint16)
	countUp[uint32](t, engine.Uint32)
	countUp[uint64](t, engine.Uint64)
	countUp[int8](t, engine.Int8)
	countUp[int16](t, engine.Int16)
	countUp[int32](t, engine.Int32)
	countUp[int64](t, engine.Int64)
	spacedFloats[float32](t, engine.Float32)
	spacedFloats[float64](t, engine.Float64)
	spaced(t, engine.Complex64, func(x float64) complex64 { return complex(float32(x), 0) })
	spaced(t, engine.Complex128, func(x float64) complex128 { return complex(x, 0) })
	spaced(t, engine.Float16, func(x float64) half { return half(dtype.Float16Bits(float32(x))) })
	spaced(t, engine.BFloat16, func(x float64) brain { return brain(dtype.BFloat16Bits(float32(x))) })
}

// bySize picks what is for elements of the dtype's size, of operations that move
// elements without looking at them.
func bySize[K any](d engine.Dtype, one, two, four, eight, sixteen K) K {
	switch d.Size() {
	case 1:
		return one
	case 2:
		return two
	case 4:
		return four
	case 8:
		return eight
	}
	return sixteen
}

func full[T any](w *workers, t *engine.Task) error {
	at := t.Attrs.(*engine.FullAttrs)
	v := typed[T](at.Element[:])[0]
	out := dense[T](&t.Out[0])
	return w.run(t.Ctx, len(out), int(light), func(_ *tiles, lo, hi int) error {
		fill(out[lo:hi], v)
		return nil
	})
}

func countUp[T integer](t table, d engine.Dtype) {
	t.add(engine.OpArange, 0, d, func(w *workers, t *engine.Task) error {
		at := t.Attrs.(engine.ArangeAttrs)
		out := dense[T](&t.Out[0])
		return w.run(t.Ctx, len(out), int(light), func(_ *tiles, lo, hi int) error {
			v := at.IntStart + int64(lo)*at.IntStep
			for i := lo; i < hi; i++ {
				out[i] = T(v)
				v += at.IntStep
			}
			return nil
		})
	})
}

func spacedFloats[T float](t table, d engine.Dtype) {
	t.add(engine.OpArange, 0, d, func(w *workers, t *engine.Task) error {
		at := t.Attrs.(engine.ArangeAttrs)
		out := dense[T](&t.Out[0])
		return w.run(t.Ctx, len(out), int(light), func(_ *tiles, lo, hi int) error {
			for i := range out[lo:hi] {
				out[lo+i] = T(at.Start + float64(lo+i)*at.Step)
			}
			return nil
		})
	})
}

func spaced[T any](t table, d engine.Dtype, round func(float64) T) {
	t.add(engine.OpArange, 0, d, func(w *workers, t *engine.Task) error {
		at := t.Attrs.(engine.ArangeAttrs)
		out := dense[T](&t.Out[0])
		return w.run(t.Ctx, len(out), int(light), func(_ *tiles, lo, hi int) error {
			for i := lo; i < hi; i++ {
				out[i] = round(at.Start + float64(i)*at.Step)
			}
			return nil
		})
	})
}

func arangeTruth(w *workers, t *engine.Task) error {
	at := t.Attrs.(engine.ArangeAttrs)
	out := dense[truth](&t.Out[0])
	return w.run(t.Ctx, len(out), int(light), func(_ *tiles, lo, hi int) error {
		for i := lo; i < hi; i++ {
			out[i] = truthOf(at.Start+float64(i)*at.Step != 0)
		}
		return nil
	})
}
