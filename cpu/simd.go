package cpu

import (
	"context"
	"math"
	"os"
	"unsafe"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// vectorKernels are the processor's kernels in assembly, nil where there are none
// or none are wanted.
func vectorKernels(o Options) *simd.Kernels {
	if !wantsAssembly(o) {
		return nil
	}
	return simd.New()
}

// wantsAssembly reports whether anything but loops in Go may compute.
func wantsAssembly(o Options) bool { return !o.PureGo && os.Getenv("MLXSTAR_NOSIMD") != "1" }

// vectorProducts has numbers multiplied by the processor's kernels.
func vectorProducts[T float](ar *arithmetic[T, T], k *simd.Numbers[T]) {
	m := &k.Matrix
	ar.micro.mr, ar.micro.nr = m.Rows, m.Cols
	ar.micro.run, ar.micro.packRows, ar.micro.interleave = m.Tile, m.PackRows, m.Interleave
	ar.micro.add = func(dst, src []T) { k.Add(dst, dst, src) }
	ar.dot, ar.axpy, ar.few, ar.times = k.Dot, k.Axpy, k.Few, k.Scale
	ar.scale = func(dst []T, alpha float64, c []T, beta float64) {
		if alpha == 1 && beta == 1 {
			k.Add(dst, dst, c)
			return
		}
		k.Scale(dst, T(alpha))
		k.Axpy(dst, T(beta), c)
	}
}

// codecs are the conversions of 16-bit floats, in assembly if k is not nil.
func codecs(k *simd.Kernels) (codec[half], codec[brain]) {
	if k == nil {
		return halfCodec, brainCodec
	}
	return vectorCodec[half](&k.Half), vectorCodec[brain](&k.Brain)
}

func vectorCodec[H half | brain](k *simd.Codec[uint16, float32]) codec[H] {
	return codec[H]{
		widen:  func(dst []float32, src []H) { k.Widen(dst, bitsOf(src)) },
		narrow: func(dst []H, src []float32) { k.Narrow(bitsOf(dst), src) },
	}
}

// storedFew are the kernels for matrices of 16-bit floats.
func storedFew[H half | brain](k *simd.Few[float32, uint16]) simd.Few[float32, H] {
	if k.Dots == nil {
		return simd.Few[float32, H]{}
	}
	bits := func(a simd.Lines[H]) simd.Lines[uint16] {
		return simd.Lines[uint16]{Data: bitsOf(a.Data), Stride: a.Stride}
	}
	return simd.Few[float32, H]{
		Dots: func(c, x simd.Lines[float32], a simd.Lines[H], count, rows, n int) {
			k.Dots(c, x, bits(a), count, rows, n)
		},
		Rows: func(c, x simd.Lines[float32], a simd.Lines[H], count, depth, n int) {
			k.Rows(c, x, bits(a), count, depth, n)
		},
	}
}

// bitsOf is 16-bit floats as what they are made of.
func bitsOf[H half | brain](h []H) []uint16 {
	return unsafe.Slice((*uint16)(unsafe.Pointer(unsafe.SliceData(h))), len(h))
}

// vectorRows are the rows of a table whose loops are in assembly.
type vectorRows struct {
	table
	kernels *simd.Kernels
	half    codec[half]
	brain   codec[brain]
}

// vectorTable holds the kernels that are in assembly. Loops are those that take the
// elements that kernels leave.
func vectorTable(k *simd.Kernels, loops table) table {
	v := vectorRows{table: make(table), kernels: k}
	v.half, v.brain = codecs(k)
	v.addArithmetic()
	v.addFunctions()
	v.addConversions()
	v.addReductions()
	v.addArgReductions()
	v.addScans()
	v.addCopies()
	v.addSoftmax()
	v.addRandom()
	for at, kernel := range k.Blocks {
		v.addBlocks(at, kernel, loops)
	}
	return v.table
}

// vectorize has kernels in assembly take the place of loops.
func (t table) vectorize(k *simd.Kernels) {
	if k == nil {
		return
	}
	for at, row := range vectorTable(k, t) {
		if t[at].kernel == nil {
			panic("cpu: a kernel in assembly for " + at.op.Name + " has no loop that defines it")
		}
		t[at] = row
	}
}

func (v *vectorRows) addArithmetic() {
	f, d := &v.kernels.Float32, &v.kernels.Float64
	v.binary(engine.OpAdd, f.Add, d.Add)
	v.binary(engine.OpSubtract, f.Sub, d.Sub)
	v.binary(engine.OpMultiply, f.Mul, d.Mul)
	v.binary(engine.OpDivide, f.Div, d.Div)
	v.binary(engine.OpMaximum, f.Max, d.Max)
	v.binary(engine.OpMinimum, f.Min, d.Min)
	for op, loop := range map[*engine.Op][2]any{
		engine.OpNegative: {f.Neg, d.Neg}, engine.OpAbs: {f.Abs, d.Abs},
		engine.OpSquare: {f.Square, d.Square}, engine.OpSqrt: {f.Sqrt, d.Sqrt},
		engine.OpFloor: {f.Floor, d.Floor}, engine.OpCeil: {f.Ceil, d.Ceil},
		engine.OpTrunc: {f.Trunc, d.Trunc}, engine.OpRint: {f.Rint, d.Rint},
	} {
		v.unary(op, loop[0].(simd.Unary[float32]))
		v.loop(op, engine.Float64, engine.Float64, unary(light, unaryLoop[float64, float64](loop[1].(simd.Unary[float64]))))
	}
}

func (v *vectorRows) addFunctions() {
	f := &v.kernels.Functions
	for op, loop := range map[*engine.Op]simd.Unary[float32]{
		engine.OpExp: f.Exp, engine.OpLog: f.Log, engine.OpTanh: f.Tanh, engine.OpSigmoid: f.Sigmoid,
		engine.OpErf: f.Erf, engine.OpErfinv: f.Erfinv, engine.OpSin: f.Sin, engine.OpCos: f.Cos, engine.OpRsqrt: f.Rsqrt,
		engine.OpLog2: f.Log2, engine.OpLog10: f.Log10, engine.OpLog1p: f.Log1p, engine.OpExpm1: f.Expm1,
		engine.OpTan: f.Tan, engine.OpArcsin: f.Arcsin, engine.OpArccos: f.Arccos, engine.OpArctan: f.Arctan,
		engine.OpSinh: f.Sinh, engine.OpCosh: f.Cosh,
		engine.OpArcsinh: f.Arcsinh, engine.OpArccosh: f.Arccosh, engine.OpArctanh: f.Arctanh,
	} {
		v.unary(op, loop)
	}
	if modulus := v.kernels.Modulus; modulus != nil {
		v.loop(engine.OpAbs, engine.Complex64, engine.Float32, unary(light, func(dst []float32, a []complex64) {
			done := modulus(dst, partsOf[float32](a[:len(dst)]))
			modulusLoop(dst[done:], a[done:])
		}))
	}
	v.binary32(engine.OpArctan2, f.Arctan2)
	v.binary32(engine.OpPower, f.Power)
	v.binary32(engine.OpLogAddExp, f.LogAddExp)
}

// unary enters a function of float32 and, through it, of the 16-bit floats.
func (v *vectorRows) unary(op *engine.Op, f32 simd.Unary[float32]) {
	loop := unaryLoop[float32, float32](f32)
	v.loop(op, engine.Float32, engine.Float32, unary(light, loop))
	v.loop(op, engine.Float16, engine.Float16, widenedUnary(light, v.half, loop))
	v.loop(op, engine.BFloat16, engine.BFloat16, widenedUnary(light, v.brain, loop))
}

func (v *vectorRows) binary(op *engine.Op, f32 simd.Binary[float32], f64 simd.Binary[float64]) {
	v.loop(op, engine.Float64, engine.Float64, binary(light, binaryLoop[float64, float64](f64)))
	v.binary32(op, f32)
}

// binary32 enters a function of two float32 and, through it, of the 16-bit floats.
func (v *vectorRows) binary32(op *engine.Op, f32 simd.Binary[float32]) {
	loop := binaryLoop[float32, float32](f32)
	v.loop(op, engine.Float32, engine.Float32, binary(light, loop))
	v.loop(op, engine.Float16, engine.Float16, widenedBinary(light, v.half, loop))
	v.loop(op, engine.BFloat16, engine.BFloat16, widenedBinary(light, v.brain, loop))
}

func (v *vectorRows) addConversions() {
	converts(v.table, engine.Float16, engine.Float32, v.half.widen)
	converts(v.table, engine.BFloat16, engine.Float32, v.brain.widen)
	converts(v.table, engine.Float32, engine.Float16, v.half.narrow)
	converts(v.table, engine.Float32, engine.BFloat16, v.brain.narrow)
	converts(v.table, engine.Float32, engine.Float64, v.kernels.Single.Widen)
	converts(v.table, engine.Float64, engine.Float32, v.kernels.Single.Narrow)
	cross(v.table, engine.Float16, engine.BFloat16, v.half, v.brain)
	cross(v.table, engine.BFloat16, engine.Float16, v.brain, v.half)
}

// addReductions enters the folds whose rows are in assembly. The parts that they
// are cut into stay the same.
func (v *vectorRows) addReductions() {
	k := v.kernels
	total := sum[float32](narrowTo[float64, float32])
	total.row = func(_ *tiles, acc float64, x []float32, _ int) float64 { return acc + k.Float32.Sum(x) }
	total.lines, total.all = linesBy(k.Float32.Columns.Sum), allBy(k.Single.Narrow)
	foldRows(v, engine.OpSum, total)
	times := product[float32](narrowTo[float64, float32])
	times.lines, times.all = linesBy(k.Float32.Columns.Product), allBy(k.Single.Narrow)
	foldRows(v, engine.OpProd, times)
	inf := float32(math.Inf(1))
	foldRows(v, engine.OpMax, extremeFold(greatest(-inf), k.Float32.Greatest, k.Float32.Columns.Greatest))
	foldRows(v, engine.OpMin, extremeFold(least(inf), k.Float32.Least, k.Float32.Columns.Least))
	foldRows(v, engine.OpLogSumExp, v.logSumExp())

	const d = engine.Float64
	double := sum[float64](self[float64])
	double.row = func(_ *tiles, acc float64, x []float64, _ int) float64 { return acc + k.Float64.Sum(x) }
	double.lines, double.all = linesBy(k.Float64.Columns.Sum), allBy(identity[float64])
	v.fold(engine.OpSum, d, d, reduce(light, double))
	doubleTimes := product[float64](self[float64])
	doubleTimes.lines, doubleTimes.all = linesBy(k.Float64.Columns.Product), allBy(identity[float64])
	v.fold(engine.OpProd, d, d, reduce(light, doubleTimes))
	v.fold(engine.OpMax, d, d, reduce(light, extremeFold(greatest(math.Inf(-1)), k.Float64.Greatest, k.Float64.Columns.Greatest)))
	v.fold(engine.OpMin, d, d, reduce(light, extremeFold(least(math.Inf(1)), k.Float64.Least, k.Float64.Columns.Least)))
}

func linesBy[T, A any](f simd.ColumnFold[A, T]) func(t *tiles, acc []A, x []T, rows, stride, at int) {
	return func(_ *tiles, acc []A, x []T, rows, stride, _ int) { f(acc, x, rows, stride) }
}

func allBy[A, R any](f func(dst []R, acc []A)) func(t *tiles, dst []R, acc []A) {
	return func(_ *tiles, dst []R, acc []A) { f(dst, acc) }
}

// extremeFold finds the extreme of a row by a kernel and joins it to what was
// found before.
func extremeFold[T float](f fold[T, T, T], row func([]T) T, lines simd.ColumnFold[T, T]) fold[T, T, T] {
	f.row = func(_ *tiles, acc T, x []T, _ int) T {
		if len(x) == 0 {
			return acc
		}
		return f.join(acc, row(x))
	}
	f.lines, f.all = linesBy(lines), allBy(identity[T])
	return f
}

// addArgReductions enters the reductions to a place.
func (v *vectorRows) addArgReductions() {
	f, d := &v.kernels.Float32, &v.kernels.Float64
	most, least := argOf(greater[float32], f.Greatest), argOf(less[float32], f.Least)
	for op, by := range map[*engine.Op]fold[float32, candidate[float32], uint32]{engine.OpArgMax: most, engine.OpArgMin: least} {
		v.fold(op, engine.Float32, engine.Uint32, reduce(light, by))
		v.fold(op, engine.Float16, engine.Uint32, reduce(light, widenedFold(v.half, by)))
		v.fold(op, engine.BFloat16, engine.Uint32, reduce(light, widenedFold(v.brain, by)))
	}
	v.fold(engine.OpArgMax, engine.Float64, engine.Uint32, reduce(light, argOf(greater[float64], d.Greatest)))
	v.fold(engine.OpArgMin, engine.Float64, engine.Uint32, reduce(light, argOf(less[float64], d.Least)))
}

// addCopies enters the copies of elements that kernels transpose.
func (v *vectorRows) addCopies() {
	for _, d := range dtype.All() {
		switch k := v.kernels; {
		case d.Size() == 1 && k.TransposeBytes != nil:
			v.add(engine.OpCopy, d, d, contiguousBy(transposer[uint8](k.TransposeBytes)))
		case d.Size() == 2 && k.TransposePairs != nil:
			v.add(engine.OpCopy, d, d, contiguousBy(transposer[uint16](k.TransposePairs)))
		case d.Size() == 4:
			v.add(engine.OpCopy, d, d, contiguousBy(transposer[uint32](k.Transpose)))
			v.loop(engine.OpSelect, d, d, pickBy(v.choose))
		}
	}
}

func (v *vectorRows) choose(dst []uint32, c []truth, a, b []uint32) {
	v.kernels.Choose(dst, truthBytes(c), a, b)
}

// foldRows enters a fold over float32 and, through it, the 16-bit floats.
func foldRows[A any](v *vectorRows, op *engine.Op, f fold[float32, A, float32]) {
	v.fold(op, engine.Float32, engine.Float32, reduce(light, f))
	v.fold(op, engine.Float16, engine.Float16, reduce(light, widenedFold(v.half, roundingAll(f, toHalfBits, v.half.narrow))))
	v.fold(op, engine.BFloat16, engine.BFloat16, reduce(light, widenedFold(v.brain, roundingAll(f, toBrainBits, v.brain.narrow))))
}

// exponentials computes exp(x-top) and its sum.
func (v *vectorRows) exponentials(dst, x []float32, top float32) float64 {
	v.kernels.Affine(dst, x, 1, -top)
	v.kernels.Functions.Exp(dst, dst)
	return v.kernels.Float32.Sum(dst)
}

// rowwise enters a kernel that is given the rows of the last axis one by one.
func rowwise[T any](row func(ctx context.Context, ts *tiles, dst, x []T) error) kernel {
	return func(w *workers, t *engine.Task) error {
		in, out := dense[T](&t.In[0]), dense[T](&t.Out[0])
		if len(out) == 0 {
			return nil
		}
		n := t.Out[0].Shape[len(t.Out[0].Shape)-1]
		return w.run(t.Ctx, len(out)/n, max(int(light)/n, 1), func(ts *tiles, lo, hi int) error {
			for i := lo; i < hi; i++ {
				if err := row(t.Ctx, ts, out[i*n:][:n], in[i*n:][:n]); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// addSoftmax enters the softmax over the last axis.
func (v *vectorRows) addSoftmax() {
	op := engine.OpSoftmax
	v.add(op, engine.Float32, engine.Float32, rowwise(v.softmaxRow))
	v.add(op, engine.Float16, engine.Float16, rowwise(softmaxWidened(v, v.half)))
	v.add(op, engine.BFloat16, engine.BFloat16, rowwise(softmaxWidened(v, v.brain)))
}

// tilewise calls f with the bounds of one tile's stretch of n elements after
// another.
func tilewise(ctx context.Context, n int, f func(lo, hi int)) error {
	for at := 0; at < n; at += tileLen {
		if at > 0 && at%copyCost == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		f(at, min(at+tileLen, n))
	}
	return nil
}

// softmaxRow writes exp(x - max) over its sum, which is added up in float64. Dst
// may be x.
func (v *vectorRows) softmaxRow(ctx context.Context, _ *tiles, dst, x []float32) error {
	top, sum := v.kernels.Float32.Greatest(x), 0.0
	if err := tilewise(ctx, len(x), func(lo, hi int) { sum += v.exponentials(dst[lo:hi], x[lo:hi], top) }); err != nil {
		return err
	}
	v.kernels.Affine(dst, dst, float32(1/sum), 0)
	return nil
}

// softmaxWidened goes over a row three times, widening tiles as it goes, so that
// no row of float32 is needed.
func softmaxWidened[H half | brain](v *vectorRows, k codec[H]) func(ctx context.Context, ts *tiles, dst, x []H) error {
	return func(ctx context.Context, ts *tiles, dst, x []H) error {
		each := func(f func(lo, hi int, y []float32)) error {
			return tilewise(ctx, len(x), func(lo, hi int) {
				y := tile[float32](ts, 0, hi-lo)
				k.widen(y, x[lo:hi])
				f(lo, hi, y)
			})
		}
		top, sum := float32(math.Inf(-1)), 0.0
		err := each(func(_, _ int, y []float32) { top = maximum(top, v.kernels.Float32.Greatest(y)) })
		if err == nil {
			err = each(func(_, _ int, y []float32) { sum += v.exponentials(y, y, top) })
		}
		if err != nil {
			return err
		}
		return each(func(lo, hi int, y []float32) {
			v.exponentials(y, y, top)
			v.kernels.Affine(y, y, float32(1/sum), 0)
			k.narrow(dst[lo:hi], y)
		})
	}
}

func (v *vectorRows) addRandom() {
	for _, d := range []engine.Dtype{engine.Uint8, engine.Uint16, engine.Uint32} {
		v.add(engine.OpRandomBits, engine.Uint32, d, randomKernel{v.kernels}.bits)
	}
}
