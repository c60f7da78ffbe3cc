package cpu

import (
	"context"
	"math"

	"github.com/mlxstar/mlxstar/engine"
)

// softmaxRow writes exp(x - max) over its sum. It adds up in float64, for every
// dtype and whether the task asks for a precise sum or not. Dst may be x.
func softmaxRow[T float](ctx context.Context, dst, x []T) error {
	top := T(math.Inf(-1))
	for _, v := range x {
		top = maximum(top, v)
	}
	var sum float64
	for at := 0; at < len(x); at += copyCost {
		if at > 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		end := min(at+copyCost, len(x))
		for i := at; i < end; i++ {
			e := math.Exp(float64(x[i] - top))
			sum += e
			dst[i] = T(e)
		}
	}
	scale := 1 / sum
	for i := range dst {
		dst[i] = T(float64(dst[i]) * scale)
	}
	return nil
}

// softmax is the kernel for native floats.
func softmax[T float](w *workers, t *engine.Task) error {
	in, out := dense[T](&t.In[0]), dense[T](&t.Out[0])
	if len(out) == 0 {
		return nil
	}
	n := t.Out[0].Shape[len(t.Out[0].Shape)-1]
	return w.run(t.Ctx, len(out)/n, max(int(heavy)/n, 1), func(_ *tiles, lo, hi int) error {
		for i := lo; i < hi; i++ {
			if err := softmaxRow(t.Ctx, out[i*n:][:n], in[i*n:][:n]); err != nil {
				return err
			}
		}
		return nil
	})
}

// softmaxHalf goes over a row three times, widening tiles as it goes, so that no
// row of float32 is needed.
func softmaxHalf[H half | brain](k codec[H]) kernel {
	return func(w *workers, t *engine.Task) error {
		in, out := dense[H](&t.In[0]), dense[H](&t.Out[0])
		if len(out) == 0 {
			return nil
		}
		n := t.Out[0].Shape[len(t.Out[0].Shape)-1]
		return w.run(t.Ctx, len(out)/n, max(int(heavy)/n, 1), func(ts *tiles, lo, hi int) error {
			for i := lo; i < hi; i++ {
				if err := k.softmaxRow(t.Ctx, ts, out[i*n:][:n], in[i*n:][:n]); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (k *codec[H]) softmaxRow(ctx context.Context, ts *tiles, dst, x []H) error {
	each := func(f func(at int, v []float32)) error {
		for at := 0; at < len(x); at += tileLen {
			if at%copyCost == 0 && at > 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			v := tile[float32](ts, 0, min(tileLen, len(x)-at))
			k.widen(v, x[at:][:len(v)])
			f(at, v)
		}
		return nil
	}
	top, sum := float32(math.Inf(-1)), 0.0
	exp := func(v float32) float64 { return math.Exp(float64(v - top)) }
	err := each(func(_ int, v []float32) {
		for _, a := range v {
			top = maximum(top, a)
		}
	})
	if err == nil {
		err = each(func(_ int, v []float32) {
			for _, a := range v {
				sum += exp(a)
			}
		})
	}
	if err != nil {
		return err
	}
	return each(func(at int, v []float32) {
		for i, a := range v {
			v[i] = float32(exp(a) / sum)
		}
		k.narrow(dst[at:][:len(v)], v)
	})
}

// softmaxComplex divides by the sum of the exponentials as they are, shifted by
// the largest real part.
func softmaxComplex[T complexNumber](w *workers, t *engine.Task) error {
	in, out := dense[T](&t.In[0]), dense[T](&t.Out[0])
	if len(out) == 0 {
		return nil
	}
	n := t.Out[0].Shape[len(t.Out[0].Shape)-1]
	return w.run(t.Ctx, len(out)/n, max(int(heavy)/n, 1), func(_ *tiles, lo, hi int) error {
		for i := lo; i < hi; i++ {
			if err := softmaxComplexRow(t.Ctx, out[i*n:][:n], in[i*n:][:n]); err != nil {
				return err
			}
		}
		return nil
	})
}

func softmaxComplexRow[T complexNumber](ctx context.Context, dst, x []T) error {
	top := math.Inf(-1)
	for _, v := range x {
		top = maximum(top, real(complex128(v)))
	}
	var sum complex128
	for i, v := range x {
		if i%copyCost == copyCost-1 && ctx.Err() != nil {
			return ctx.Err()
		}
		s, c := math.Sincos(imag(complex128(v)))
		r := math.Exp(real(complex128(v)) - top)
		e := complex(r*c, r*s)
		sum += e
		dst[i] = T(e)
	}
	for i := range dst {
		dst[i] = T(complex128(dst[i]) / sum)
	}
	return nil
}

// addSoftmax enters the softmax over the last axis.
func (t table) addSoftmax() {
	op := engine.OpSoftmax
	t.add(op, engine.Float32, engine.Float32, softmax[float32])
	t.add(op, engine.Float64, engine.Float64, softmax[float64])
	t.add(op, engine.Float16, engine.Float16, softmaxHalf(halfCodec))
	t.add(op, engine.BFloat16, engine.BFloat16, softmaxHalf(brainCodec))
	t.add(op, engine.Complex64, engine.Complex64, softmaxComplex[complex64])
	t.add(op, engine.Complex128, engine.Complex128, softmaxComplex[complex128])
}
