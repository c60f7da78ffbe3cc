package simd

import (
	"math/rand/v2"
	"testing"
)

// benchLen fits the first-level cache with two operands and a destination, so that
// the benchmarks show the kernels and not the memory.
const benchLen = 2048

// The bytes counted are those read and written. The floor of a light kernel is one
// store, or two loads, of 32 bytes a cycle; of a division or a root it is the
// unit's throughput, of a function its instructions at two to four a cycle. Reached
// on one core of an AMD EPYC 9004 at about 3.6 GHz, best of ten runs, in GB/s and
// nanoseconds an element:
//
//	add mul axpy        309   0.04   the floor
//	max                 258   0.05   a comparison and a blend more
//	neg affine dot      203   0.04   the floor
//	div                 102   0.12   the divider's throughput
//	sqrt                 43   0.19   the same
//	rsqrt                28   0.28   root and divider
//	exp                  21   0.38
//	sigmoid              16   0.51
//	tanh log          13-14   0.60
//	sin cos erf       10-12   0.65 to 0.78
//	erfinv                5   1.58   its logarithm is in float64
//	sum                  58   0.07   two conversions for eight elements
//	greatest            104   0.04
//	16-bit floats     59-84   0.07 to 0.10
//	float64 to float32  160   0.07
//
// On two cores all but erf, erfinv, sin and cos take less time than memory that
// moves 26 GB/s takes for the operands.
func BenchmarkKernels(b *testing.B) {
	k := native(b)
	r := rand.New(rand.NewPCG(21, 22))
	x, y, z := numbers[float32](r, benchLen), numbers[float32](r, benchLen), make([]float32, benchLen)
	d, bits := numbers[float64](r, benchLen), make([]uint16, benchLen)
	run := func(name string, bytes int, f func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(bytes * benchLen))
			for b.Loop() {
				f()
			}
		})
	}
	run("add", 12, func() { k.Float32.Add(z, x, y) })
	run("mul", 12, func() { k.Float32.Mul(z, x, y) })
	run("div", 12, func() { k.Float32.Div(z, x, y) })
	run("max", 12, func() { k.Float32.Max(z, x, y) })
	run("neg", 8, func() { k.Float32.Neg(z, x) })
	run("sqrt", 8, func() { k.Float32.Sqrt(z, x) })
	run("affine", 8, func() { k.Affine(z, x, 2, 1) })
	for _, f := range functions {
		kernel := f.kernel(&k.Functions)
		run(f.name, 8, func() { kernel(z, x) })
	}
	run("sum", 4, func() { k.Float32.Sum(x) })
	run("greatest", 4, func() { k.Float32.Greatest(x) })
	run("dot", 8, func() { k.Float32.Dot(x, y) })
	run("axpy", 12, func() { k.Float32.Axpy(z, 0, x) })
	run("sum of columns", 6, func() { k.Float32.Columns.Sum(d[:benchLen/8], x, 8, benchLen/8) })
	run("widen float16", 6, func() { k.Half.Widen(z, bits) })
	run("narrow to float16", 6, func() { k.Half.Narrow(bits, x) })
	run("widen bfloat16", 6, func() { k.Brain.Widen(z, bits) })
	run("narrow to bfloat16", 6, func() { k.Brain.Narrow(bits, x) })
	run("widen float32", 12, func() { k.Single.Widen(d, x) })
	run("narrow to float32", 12, func() { k.Single.Narrow(z, d) })
}
