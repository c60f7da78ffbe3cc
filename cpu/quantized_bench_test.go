package cpu

import (
	"fmt"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// BenchmarkQuantized multiplies a few rows by a matrix of codes, which are what is
// counted as bytes. One row is bound by what decodes: 24 codes a nanosecond.
func BenchmarkQuantized(b *testing.B) {
	for _, c := range []struct {
		rows, bits int
		transpose  bool
	}{{1, 4, true}, {1, 3, true}, {1, 8, true}, {4, 4, true}, {16, 4, true}, {32, 4, true}, {64, 4, true}, {256, 4, true}, {1, 4, false}, {4, 4, false}, {16, 4, false}, {32, 4, false}} {
		b.Run(fmt.Sprintf("%d rows %d bits %t", c.rows, c.bits, c.transpose), func(b *testing.B) {
			const n = 2048
			q := engine.Quantization{Mode: "affine", GroupSize: 64, Bits: c.bits}
			benchmark(b, 2*float64(c.rows)*n*n, func(b *engine.Builder) []*engine.Node {
				return append(b.Quantize(normal(n, n)(b)[0], q), normal(c.rows, n)(b)[0])
			}, func(b *engine.Builder, in []*engine.Node) *engine.Node {
				return b.QuantizedMatMul(in[3], in[0], in[1], in[2], c.transpose, q)
			})
		})
	}
}
