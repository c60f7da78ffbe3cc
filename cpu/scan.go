package cpu

import (
	"math"
	"unsafe"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// running is a scan of elements of T, that an accumulator keeps.
type running[T, A any] struct {
	start A // what an exclusive scan begins with
	step  func(acc A, v T) A
	value func(acc A) T
	whole func(acc []A, in, out []T) // an inclusive step of several columns, or nil
	row   func(acc A, in, out []T) A // inclusive steps along a contiguous row, or nil
	rows  func(acc *[scanRows]A, in, out []T, stride, n int)
}

// scan makes the kernel of a running fold. Seen from the axis, the array is a
// stack of matrices whose columns are folded; columns and matrices are
// independent.
//
//go:noinline
func scan[T, A any](c cost, r running[T, A]) kernel {
	return func(w *workers, t *engine.Task) error {
		at := t.Attrs.(engine.ScanAttrs)
		in, out := dense[T](&t.In[0]), dense[T](&t.Out[0])
		if len(out) == 0 {
			return nil
		}
		length, width := 1, 1
		if shape := t.In[0].Shape; len(shape) > 0 {
			length, width = shape[at.Axis], shapes.Elements(shape[at.Axis+1:])
		}
		s := &scanning[T, A]{running: r, task: t, in: in, out: out, length: length, width: width, inclusive: at.Inclusive, reverse: at.Reverse}
		all, grain := len(out)/length, max(int(c)/length, 1)
		if width > 1 { // narrow stretches of lines are slow to read
			grain = max(grain, min((all+w.threads-1)/w.threads, s.columns()))
		}
		return w.run(t.Ctx, all, grain, s.part)
	}
}

type scanning[T, A any] struct {
	running[T, A]
	task               *engine.Task
	in, out            []T
	length, width      int
	inclusive, reverse bool
}

// columns is the number of columns that are worked on side by side.
func (s *scanning[T, A]) columns() int {
	var zero A
	return sideBytes / int(unsafe.Sizeof(zero))
}

// part scans the columns lo to hi, counted over all matrices.
func (s *scanning[T, A]) part(ts *tiles, lo, hi int) error {
	for lo < hi {
		n := min(hi-lo, s.columns(), s.width-lo%s.width)
		acc := side[A](ts, n)
		fill(acc, s.start)
		base, step := lo/s.width*s.width*s.length+lo%s.width, s.width
		if s.reverse {
			base, step = base+(s.length-1)*s.width, -s.width
		}
		if s.width == 1 && s.row != nil && s.inclusive && !s.reverse {
			if s.rows != nil && hi-lo >= scanRows {
				if err := s.together(lo); err != nil {
					return err
				}
				lo += scanRows
				continue
			}
			for at := 0; at < s.length; at += checkEvery {
				if at > 0 && s.task.Ctx.Err() != nil {
					return s.task.Ctx.Err()
				}
				end := min(at+checkEvery, s.length)
				acc[0] = s.row(acc[0], s.in[base+at:base+end], s.out[base+at:base+end])
			}
			lo += n
			continue
		}
		every := max(linesEvery/n, 1)
		for k := range s.length {
			if k%every == every-1 && s.task.Ctx.Err() != nil {
				return s.task.Ctx.Err()
			}
			s.line(acc, s.in[base:][:n], s.out[base:][:n])
			base += step
		}
		lo += n
	}
	return nil
}

// scanRows is the number of rows that are scanned side by side, since a step waits for the
// one before it.
const scanRows = 4

// together scans rows from the lo-th on.
func (s *scanning[T, A]) together(lo int) error {
	acc := [scanRows]A{s.start, s.start, s.start, s.start}
	for at := 0; at < s.length; at += checkEvery {
		if at > 0 && s.task.Ctx.Err() != nil {
			return s.task.Ctx.Err()
		}
		n, from := min(checkEvery, s.length-at), lo*s.length+at
		s.rows(&acc, s.in[from:], s.out[from:], s.length, n)
	}
	return nil
}

// line folds one element of each column in.
func (s *scanning[T, A]) line(acc []A, in, out []T) {
	in, out = in[:len(acc)], out[:len(acc)]
	if s.inclusive {
		if s.whole != nil {
			s.whole(acc, in, out)
			return
		}
		for j := range acc {
			acc[j] = s.step(acc[j], in[j])
			out[j] = s.value(acc[j])
		}
		return
	}
	for j := range acc {
		v := in[j]
		out[j] = s.value(acc[j])
		acc[j] = s.step(acc[j], v)
	}
}

// summing is a running sum of real numbers.
func summing[T, A realNumber]() running[T, A] {
	return running[T, A]{
		step:  func(a A, v T) A { return a + A(v) },
		value: func(a A) T { return T(a) },
		whole: sumLine[T, A],
		row:   sumRow[T, A],
		rows:  sumRows[T, A],
	}
}

// multiplying is a running product of real numbers.
func multiplying[T, A realNumber]() running[T, A] {
	return running[T, A]{
		start: 1,
		step:  func(a A, v T) A { return a * A(v) },
		value: func(a A) T { return T(a) },
		whole: productLine[T, A],
		row:   productRow[T, A],
		rows:  productRows[T, A],
	}
}

// rising and falling are running extremes of real numbers, NaN once one is met.
func rising[T realNumber](start T) running[T, T] {
	return running[T, T]{start: start, step: maximum[T], value: self[T], whole: maxLine[T], row: maxRow[T]}
}

func falling[T realNumber](start T) running[T, T] {
	return running[T, T]{start: start, step: minimum[T], value: self[T], whole: minLine[T], row: minRow[T]}
}

func runs[T, A any](t table, op *engine.Op, d engine.Dtype, c cost, r running[T, A]) {
	t.add(op, d, d, scan(c, r))
}

// addScans enters the running folds.
func (t table) addScans() {
	integerScans[uint8](t, engine.Uint8, 0, math.MaxUint8)
	integerScans[uint16](t, engine.Uint16, 0, math.MaxUint16)
	integerScans[uint32](t, engine.Uint32, 0, math.MaxUint32)
	integerScans[uint64](t, engine.Uint64, 0, math.MaxUint64)
	integerScans[int8](t, engine.Int8, math.MinInt8, math.MaxInt8)
	integerScans[int16](t, engine.Int16, math.MinInt16, math.MaxInt16)
	integerScans[int32](t, engine.Int32, math.MinInt32, math.MaxInt32)
	integerScans[int64](t, engine.Int64, math.MinInt64, math.MaxInt64)
	floatScans(t, engine.Float32, func(v float32) float64 { return float64(v) }, func(a float64) float32 { return float32(a) })
	floatScans(t, engine.Float64, self[float64], self[float64])
	nativeScans[float32](t, engine.Float32)
	nativeScans[float64](t, engine.Float64)
	floatScans(t, engine.Float16, func(v half) float64 { return float64(dtype.Float16Value(uint16(v))) },
		func(a float64) half { return toHalfBits(float32(a)) })
	floatScans(t, engine.BFloat16, func(v brain) float64 { return float64(dtype.BFloat16Value(uint16(v))) },
		func(a float64) brain { return toBrainBits(float32(a)) })
	t.addBoolScans()
	addComplexScans(t, engine.Complex64, complexProduct)
	addComplexScans(t, engine.Complex128, wideProduct)
}

func integerScans[T integer](t table, d engine.Dtype, lowest, highest T) {
	runs(t, engine.OpCumSum, d, light, summing[T, T]())
	runs(t, engine.OpCumProd, d, light, multiplying[T, T]())
	runs(t, engine.OpCumMax, d, light, rising(lowest))
	runs(t, engine.OpCumMin, d, light, falling(highest))
}

// nativeScans are those of floats that need no conversion.
func nativeScans[T float](t table, d engine.Dtype) {
	inf := T(math.Inf(1))
	runs(t, engine.OpCumSum, d, light, summing[T, float64]())
	runs(t, engine.OpCumProd, d, light, multiplying[T, float64]())
	runs(t, engine.OpCumMax, d, light, rising(-inf))
	runs(t, engine.OpCumMin, d, light, falling(inf))
}

// floatScans keep float64, which rounds to the dtype at every element.
func floatScans[T any](t table, d engine.Dtype, widen func(T) float64, narrow func(float64) T) {
	by := func(start float64, f func(a, v float64) float64) running[T, float64] {
		return running[T, float64]{start: start, step: func(a float64, v T) float64 { return f(a, widen(v)) }, value: narrow}
	}
	if d.Size() == 2 {
		runs(t, engine.OpCumSum, d, light, by(0, func(a, v float64) float64 { return a + v }))
		runs(t, engine.OpCumProd, d, light, by(1, func(a, v float64) float64 { return a * v }))
		runs(t, engine.OpCumMax, d, light, by(math.Inf(-1), maximum[float64]))
		runs(t, engine.OpCumMin, d, light, by(math.Inf(1), minimum[float64]))
	}
	runs(t, engine.OpLogCumSumExp, d, heavy, running[T, exponents]{
		start: exponents{top: math.Inf(-1)},
		step:  func(e exponents, v T) exponents { return e.include(widen(v)) },
		value: func(e exponents) T { return narrow(e.log()) },
	})
}

func (t table) addBoolScans() {
	any := func(a, v truth) truth { return truthOf(a|v != 0) }
	all := func(a, v truth) truth { return truthOf(a != 0 && v != 0) }
	runs(t, engine.OpCumMax, engine.Bool, light, running[truth, truth]{start: 0, step: any, value: self[truth]})
	runs(t, engine.OpCumMin, engine.Bool, light, running[truth, truth]{start: 1, step: all, value: self[truth]})
	runs(t, engine.OpCumProd, engine.Bool, light, running[truth, truth]{start: 1, step: all, value: self[truth]})
}

// addComplexScans enters the scans of a complex dtype. Running products round at each
// element, as MLX's do, which shows where parts are infinite.
func addComplexScans[T complexNumber](t table, d engine.Dtype, product func(a, b T) T) {
	inf := math.Inf(1)
	round := func(a complex128) T { return T(a) }
	runs(t, engine.OpCumSum, d, light, running[T, complex128]{start: 0, step: func(a complex128, v T) complex128 { return a + complex128(v) }, value: round})
	runs(t, engine.OpCumProd, d, light, running[T, T]{start: 1, step: fromOne(product), value: self[T]})
	runs(t, engine.OpCumMax, d, light, running[T, T]{start: T(complex(-inf, -inf)), step: maximumComplex[T], value: self[T]})
	runs(t, engine.OpCumMin, d, light, running[T, T]{start: T(complex(inf, inf)), step: minimumComplex[T], value: self[T]})
	runs(t, engine.OpLogCumSumExp, d, heavy, running[T, T]{start: T(complex(-inf, 0)), step: complexLogAddExp[T], value: self[T]})
}

// fromOne is a product whose first factor stays as it is: 1 times an infinite number has
// a NaN.
func fromOne[T complexNumber](product func(a, b T) T) func(a, b T) T {
	return func(a, b T) T {
		if a == 1 {
			return b
		}
		return product(a, b)
	}
}
