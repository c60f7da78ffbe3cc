package cpu

import (
	"context"
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// rowMath is what fused functions of rows of float32 are made of. Dst may be an
// operand.
type rowMath struct {
	sum      func(a []float32) float64
	greatest func(a []float32) float32
	dot      func(a, b []float32) float32
	affine   func(dst, a []float32, scale, shift float32) // scale*a + shift
	exp      func(dst, a []float32)
	mul, add func(dst, a, b []float32)
	forbid   func(scores []float32, allowed []truth) // makes scores of what is not allowed the lowest
}

func portableRows() *rowMath {
	total := sum[float32](self[float64])
	return &rowMath{
		sum: func(a []float32) float64 { return total.row(nil, 0, a, 0) },
		greatest: func(a []float32) float32 {
			return greatest(float32(math.Inf(-1))).row(nil, float32(math.Inf(-1)), a, 0)
		},
		dot: dotLoop[float32],
		affine: func(dst, a []float32, scale, shift float32) {
			for i, v := range a[:len(dst)] {
				dst[i] = fma32(v, scale, shift)
			}
		},
		exp: through(math.Exp),
		mul: mulLoop[float32], add: addLoop[float32],
		forbid: func(scores []float32, allowed []truth) {
			for i, ok := range allowed {
				if ok == 0 {
					scores[i] = lowest
				}
			}
		},
	}
}

func rowsOf(k *simd.Kernels) *rowMath {
	if k == nil {
		return portableRows()
	}
	f := &k.Float32
	var none [flashKeys]uint32
	for i := range none {
		none[i] = math.Float32bits(lowest)
	}
	return &rowMath{
		sum: f.Sum, greatest: f.Greatest, dot: f.Dot, affine: k.Affine, exp: k.Functions.Exp, mul: f.Mul, add: f.Add,
		forbid: func(scores []float32, allowed []truth) {
			for at := 0; at < len(scores); at += len(none) {
				part := wordsOf(scores[at:min(at+len(none), len(scores))])
				k.Choose(part, truthBytes(allowed[at:][:len(part)]), part, none[:len(part)])
			}
		},
	}
}

// normalizing is the kernel of the normalizations over the last axis, for elements
// E that compute in float32: the mean and the mean square are summed in float64, a
// tile at a time, and each element is rounded as often as in simple operations.
type normalizing[E any] struct {
	rows   *rowMath
	widen  func(dst []float32, src []E) // nil where E is float32
	narrow func(dst []E, src []float32)
	center bool
}

func (z *normalizing[E]) run(w *workers, t *engine.Task) error {
	at := t.Attrs.(engine.NormAttrs)
	x, out := dense[E](&t.In[0]), dense[E](&t.Out[0])
	if len(out) == 0 {
		return nil
	}
	var weight, bias []E
	rest := t.In[1:]
	if at.Weight {
		weight, rest = dense[E](&rest[0]), rest[1:]
	}
	if at.Bias {
		bias = dense[E](&rest[0])
	}
	n := lastOf(t.Out[0].Shape)
	return w.run(t.Ctx, len(out)/n, max(int(light)/n, 1), func(ts *tiles, lo, hi int) error {
		for i := lo; i < hi; i++ {
			if err := z.row(t.Ctx, ts, out[i*n:][:n], x[i*n:][:n], weight, bias, at.Eps); err != nil {
				return err
			}
		}
		return nil
	})
}

// numbers gives elements as float32, in the k-th tile unless they are.
func (z *normalizing[E]) numbers(ts *tiles, k int, x []E) []float32 {
	if same, ok := any(x).([]float32); ok {
		return same
	}
	y := tile[float32](ts, k, len(x))
	z.widen(y, x)
	return y
}

func (z *normalizing[E]) row(ctx context.Context, ts *tiles, dst, x, weight, bias []E, eps float64) error {
	n := float64(len(x))
	var mean float32
	var power float64
	y := tile[float32](ts, 0, tileLen)
	if z.center {
		var total float64
		err := tilewise(ctx, len(x), func(lo, hi int) { total += z.rows.sum(z.numbers(ts, 1, x[lo:hi])) })
		if err != nil {
			return err
		}
		mean = float32(total / n)
	}
	err := tilewise(ctx, len(x), func(lo, hi int) {
		v := z.numbers(ts, 1, x[lo:hi])
		if z.center {
			z.rows.affine(y[:len(v)], v, 1, -mean)
			v = y[:len(v)]
		}
		power += float64(z.rows.dot(v, v))
	})
	if err != nil {
		return err
	}
	scale := float32(1 / math.Sqrt(float64(float32(power/n)+float32(eps))))
	return tilewise(ctx, len(x), func(lo, hi int) {
		v, y := z.numbers(ts, 1, x[lo:hi]), y[:hi-lo]
		if z.center {
			z.rows.affine(y, v, 1, -mean)
			v = y
		}
		// The last step writes to dst, which may be what any operand is in.
		to, direct := any(dst[lo:hi]).([]float32)
		if !direct {
			to = y
		}
		switch {
		case weight != nil && bias != nil:
			z.rows.affine(y, v, scale, 0)
			z.rows.mul(y, y, z.numbers(ts, 1, weight[lo:hi]))
			z.rows.add(to, y, z.numbers(ts, 1, bias[lo:hi]))
		case weight != nil:
			z.rows.affine(y, v, scale, 0)
			z.rows.mul(to, y, z.numbers(ts, 1, weight[lo:hi]))
		case bias != nil:
			z.rows.affine(y, v, scale, 0)
			z.rows.add(to, y, z.numbers(ts, 1, bias[lo:hi]))
		default:
			z.rows.affine(to, v, scale, 0)
		}
		if !direct {
			z.narrow(dst[lo:hi], to)
		}
	})
}

// addNorms enters the normalizations.
func (t table) addNorms(k *simd.Kernels) {
	rows := rowsOf(k)
	f16, bf16 := codecs(k)
	for op, center := range map[*engine.Op]bool{engine.OpRMSNorm: false, engine.OpLayerNorm: true} {
		f32 := &normalizing[float32]{rows: rows, center: center}
		t.add(op, engine.Float32, engine.Float32, f32.run)
		h := &normalizing[half]{rows, f16.widen, f16.narrow, center}
		t.add(op, engine.Float16, engine.Float16, h.run)
		b := &normalizing[brain]{rows, bf16.widen, bf16.narrow, center}
		t.add(op, engine.BFloat16, engine.BFloat16, b.run)
	}
}
