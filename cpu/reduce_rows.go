package cpu

import (
	"math"

	"github.com/mlxstar/mlxstar/engine"
)

// sum adds with four running totals of the type A, which must be wide enough
// that rounding does not show: float64 for float32, 64 bits for integers.
func sum[T, A realNumber, R any](done func(A) R) fold[T, A, R] {
	return fold[T, A, R]{
		row: func(_ *tiles, acc A, x []T, _ int) A {
			var a, b, c, d A
			for len(x) >= 4 {
				a += A(x[0])
				b += A(x[1])
				c += A(x[2])
				d += A(x[3])
				x = x[4:]
			}
			for _, v := range x {
				a += A(v)
			}
			return acc + ((a + b) + (c + d))
		},
		column: func(_ *tiles, acc []A, x []T, _ int) {
			x = x[:len(acc)]
			for i := range acc {
				acc[i] += A(x[i])
			}
		},
		join: func(a, b A) A { return a + b },
		done: done,
	}
}

func product[T, A realNumber, R any](done func(A) R) fold[T, A, R] {
	return stepwise[T, A, R](1, func(acc A, v T) A { return acc * A(v) }, func(a, b A) A { return a * b }, done)
}

// stepwise is a fold by a function of one element.
func stepwise[T, A, R any](start A, step func(acc A, v T) A, join func(a, b A) A, done func(A) R) fold[T, A, R] {
	return fold[T, A, R]{
		start: start, join: join, done: done,
		row: func(_ *tiles, acc A, x []T, _ int) A {
			for _, v := range x {
				acc = step(acc, v)
			}
			return acc
		},
		column: func(_ *tiles, acc []A, x []T, _ int) {
			x = x[:len(acc)]
			for i := range acc {
				acc[i] = step(acc[i], x[i])
			}
		},
	}
}

// greatest and least keep NaN once they meet it.
func greatest[T realNumber](start T) fold[T, T, T] {
	f := stepwise(start, maximum[T], maximum[T], self[T])
	f.row = func(_ *tiles, acc T, x []T, _ int) T {
		for _, v := range x {
			if v > acc || v != v {
				acc = v
				if v != v {
					return v
				}
			}
		}
		return acc
	}
	return keepsNaN(f)
}

func least[T realNumber](start T) fold[T, T, T] {
	f := stepwise(start, minimum[T], minimum[T], self[T])
	f.row = func(_ *tiles, acc T, x []T, _ int) T {
		for _, v := range x {
			if v < acc || v != v {
				acc = v
				if v != v {
					return v
				}
			}
		}
		return acc
	}
	return keepsNaN(f)
}

// keepsNaN leaves an accumulator that is NaN as it is.
func keepsNaN[T realNumber](f fold[T, T, T]) fold[T, T, T] {
	row := f.row
	f.row = func(t *tiles, acc T, x []T, at int) T {
		if acc != acc {
			return acc
		}
		return row(t, acc, x, at)
	}
	return f
}

func self[T any](v T) T { return v }

func narrowTo[A, R realNumber](v A) R { return R(v) }

// addReductions enters the folds over axes.
func (t table) addReductions() {
	smallInteger[uint8](t, engine.Uint8, engine.Uint32, narrowTo[int64, uint32])
	smallInteger[uint16](t, engine.Uint16, engine.Uint32, narrowTo[int64, uint32])
	smallInteger[uint32](t, engine.Uint32, engine.Uint32, narrowTo[int64, uint32])
	smallInteger[uint64](t, engine.Uint64, engine.Uint64, narrowTo[int64, uint64])
	smallInteger[int8](t, engine.Int8, engine.Int32, narrowTo[int64, int32])
	smallInteger[int16](t, engine.Int16, engine.Int32, narrowTo[int64, int32])
	smallInteger[int32](t, engine.Int32, engine.Int32, narrowTo[int64, int32])
	smallInteger[int64](t, engine.Int64, engine.Int64, self[int64])
	extremes(t, engine.Uint8, uint8(0), math.MaxUint8)
	extremes(t, engine.Uint16, uint16(0), math.MaxUint16)
	extremes(t, engine.Uint32, uint32(0), math.MaxUint32)
	extremes(t, engine.Uint64, uint64(0), math.MaxUint64)
	extremes(t, engine.Int8, int8(math.MinInt8), math.MaxInt8)
	extremes(t, engine.Int16, int16(math.MinInt16), math.MaxInt16)
	extremes(t, engine.Int32, int32(math.MinInt32), math.MaxInt32)
	extremes(t, engine.Int64, int64(math.MinInt64), math.MaxInt64)
	extremes(t, engine.Float64, math.Inf(-1), math.Inf(1))

	inf := float32(math.Inf(1))
	floatFold(t, engine.OpMax, light, greatest(-inf))
	floatFold(t, engine.OpMin, light, least(inf))
	floatFold(t, engine.OpSum, light, sum[float32](narrowTo[float64, float32]))
	floatFold(t, engine.OpProd, light, product[float32](narrowTo[float64, float32]))
	floatFold(t, engine.OpLogSumExp, heavy, logSumExp[float32]())
	const d = engine.Float64
	t.fold(engine.OpSum, d, d, reduce(light, sum[float64](self[float64])))
	t.fold(engine.OpProd, d, d, reduce(light, product[float64](self[float64])))
	t.fold(engine.OpLogSumExp, d, d, reduce(heavy, logSumExp[float64]()))
	t.addBoolReductions()
	addComplexReductions[complex64](t, engine.Complex64)
	addComplexReductions[complex128](t, engine.Complex128)
}

func smallInteger[T integer, R any](t table, from, to engine.Dtype, done func(int64) R) {
	t.fold(engine.OpSum, from, to, reduce(light, sum[T](done)))
	t.fold(engine.OpProd, from, to, reduce(light, product[T](done)))
}

func extremes[T realNumber](t table, d engine.Dtype, lowest, highest T) {
	t.fold(engine.OpMax, d, d, reduce(light, greatest(lowest)))
	t.fold(engine.OpMin, d, d, reduce(light, least(highest)))
}

// floatFold enters a fold over float32 and, through it, the 16-bit floats.
func floatFold[A any](t table, op *engine.Op, c cost, f fold[float32, A, float32]) {
	t.fold(op, engine.Float32, engine.Float32, reduce(c, f))
	t.fold(op, engine.Float16, engine.Float16, reduce(c, widenedFold(halfCodec, rounding(f, toHalfBits))))
	t.fold(op, engine.BFloat16, engine.BFloat16, reduce(c, widenedFold(brainCodec, rounding(f, toBrainBits))))
}

func addComplexReductions[T complexNumber](t table, d engine.Dtype) {
	add := func(acc complex128, v T) complex128 { return acc + complex128(v) }
	times := fromOne(wideProduct)
	round := func(v complex128) T { return T(v) }
	t.fold(engine.OpSum, d, d, reduce(light, stepwise(0, add, func(a, b complex128) complex128 { return a + b }, round)))
	t.fold(engine.OpProd, d, d, reduce(light, stepwise(1, func(acc complex128, v T) complex128 { return times(acc, complex128(v)) }, times, round)))
	inf := math.Inf(1)
	t.fold(engine.OpMax, d, d, reduce(light, stepwise(T(complex(-inf, -inf)), maximumComplex[T], maximumComplex[T], self[T])))
	t.fold(engine.OpMin, d, d, reduce(light, stepwise(T(complex(inf, inf)), minimumComplex[T], minimumComplex[T], self[T])))
	join := complexLogAddExp[T]
	t.fold(engine.OpLogSumExp, d, d, reduce(heavy, stepwise(T(complex(-inf, 0)), join, join, self[T])))
}

// exponents is the state of a running log of a sum of exp: the sum of
// exp(x - top), top being the largest x so far.
type exponents struct{ top, sum float64 }

func (e exponents) include(x float64) exponents {
	switch {
	case x <= e.top:
		if x != e.top || !math.IsInf(x, 0) {
			e.sum += math.Exp(x - e.top)
		} else if x > 0 {
			e.sum++
		}
	case x > e.top:
		e.sum = e.sum*math.Exp(e.top-x) + 1
		e.top = x
	default:
		e.top, e.sum = math.NaN(), math.NaN()
	}
	return e
}

func (e exponents) join(o exponents) exponents {
	switch {
	case o.sum == 0 || e.top != e.top:
		return e
	case e.sum == 0 || o.top != o.top:
		return o
	case e.top < o.top:
		e, o = o, e
	}
	if math.IsInf(e.top, 1) {
		return e
	}
	if e.top == o.top {
		e.sum += o.sum
		return e
	}
	e.sum += o.sum * math.Exp(o.top-e.top)
	return e
}

func (e exponents) log() float64 {
	if e.sum == 0 || math.IsInf(e.top, 1) {
		return e.top
	}
	return e.top + math.Log(e.sum)
}

// logSumExp finds the largest element of a row before it adds up.
func logSumExp[T float]() fold[T, exponents, T] {
	f := stepwise(exponents{top: math.Inf(-1)}, func(e exponents, v T) exponents { return e.include(float64(v)) },
		exponents.join, func(e exponents) T { return T(e.log()) })
	f.row = func(_ *tiles, acc exponents, x []T, _ int) exponents {
		top := math.Inf(-1)
		for _, v := range x {
			top = maximum(top, float64(v))
		}
		if math.IsInf(top, 0) || math.IsNaN(top) {
			if top < 0 {
				return acc
			}
			return acc.join(exponents{top, 1}) // infinite or NaN: so is the result
		}
		part := exponents{top: top}
		for _, v := range x {
			part.sum += math.Exp(float64(v) - top)
		}
		return acc.join(part)
	}
	return f
}
