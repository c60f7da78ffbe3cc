package cpu

import (
	"math"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// Folds and running folds that are made of several kernels.

// logSumExp takes the exponentials of a row tile by tile.
func (v *vectorRows) logSumExp() fold[float32, exponents, float32] {
	f := logSumExp[float32]()
	f.row = func(t *tiles, acc exponents, x []float32, _ int) exponents {
		if len(x) == 0 {
			return acc
		}
		part := exponents{top: float64(v.kernels.Float32.Greatest(x))}
		if math.IsInf(part.top, -1) {
			return acc
		}
		if math.IsInf(part.top, 1) || math.IsNaN(part.top) {
			part.sum = 1 // so is the result
			return acc.join(part)
		}
		for len(x) > 0 {
			y := tile[float32](t, 2, min(len(x), tileLen))
			part.sum += v.exponentials(y, x[:len(y)], float32(part.top))
			x = x[len(y):]
		}
		return acc.join(part)
	}
	f.lines = v.exponentialLines
	return f
}

// exponentialLines takes lines of columns in: their greatest elements first, which the sums
// so far are brought down to, then the exponentials of one line after another.
func (v *vectorRows) exponentialLines(t *tiles, acc []exponents, x []float32, rows, stride, _ int) {
	k := v.kernels
	for len(acc) > 0 {
		n := min(len(acc), tileLen)
		top, e, sums := tile[float32](t, 2, n), tile[float32](t, 3, n), tile[float64](t, 4, n)
		fill(top, float32(math.Inf(-1)))
		k.Float32.Columns.Greatest(top, x, rows, stride)
		for j, a := range acc[:n] {
			if a.top > float64(top[j]) {
				top[j] = float32(a.top)
			}
			if math.IsInf(float64(top[j]), -1) {
				top[j] = -math.MaxFloat32 // exponentials of what is below are 0, not NaN
			}
		}
		clear(sums)
		for r := range rows {
			k.Float32.Sub(e, x[r*stride:], top)
			k.Functions.Exp(e, e)
			k.Float32.Columns.Sum(sums, e, 1, n)
		}
		for j := range n {
			switch at := float64(top[j]); {
			case math.IsInf(at, 1) || math.IsNaN(at):
				acc[j] = acc[j].join(exponents{at, 1}) // so is the result
			case sums[j] > 0:
				acc[j] = acc[j].join(exponents{at, sums[j]})
			}
		}
		acc, x = acc[n:], x[min(n, len(x)):]
	}
}

// addScans enters the running folds whose lines of columns are in assembly.
func (v *vectorRows) addScans() {
	f, d, narrow := &v.kernels.Float32, &v.kernels.Float64, v.kernels.Single.Narrow
	sums, products := summing[float32, float64](), multiplying[float32, float64]()
	sums.whole, products.whole = narrowedLine(f.Columns.Sum, narrow), narrowedLine(f.Columns.Product, narrow)
	doubleSums, doubleProducts := summing[float64, float64](), multiplying[float64, float64]()
	doubleSums.whole, doubleProducts.whole = copiedLine(d.Add), copiedLine(d.Mul)
	runs(v.table, engine.OpCumSum, engine.Float32, light, sums)
	runs(v.table, engine.OpCumProd, engine.Float32, light, products)
	runs(v.table, engine.OpCumSum, engine.Float64, light, doubleSums)
	runs(v.table, engine.OpCumProd, engine.Float64, light, doubleProducts)
	vectorExtremes(v.table, engine.Float32, f)
	vectorExtremes(v.table, engine.Float64, d)
}

func vectorExtremes[T float](t table, d engine.Dtype, k *simd.Numbers[T]) {
	inf := T(math.Inf(1))
	up, down := rising(-inf), falling(inf)
	up.whole, down.whole = copiedLine(k.Max), copiedLine(k.Min)
	runs(t, engine.OpCumMax, d, light, up)
	runs(t, engine.OpCumMin, d, light, down)
}

// copiedLine takes a line in by a kernel of two operands.
func copiedLine[T any](step simd.Binary[T]) func(acc, in, out []T) {
	return func(acc, in, out []T) {
		step(acc, acc, in)
		copy(out, acc)
	}
}

// narrowedLine takes a line in by a fold of columns.
func narrowedLine(step simd.ColumnFold[float64, float32], narrow func(dst []float32, src []float64)) func(acc []float64, in, out []float32) {
	return func(acc []float64, in, out []float32) {
		step(acc, in, 1, len(acc))
		narrow(out, acc)
	}
}
