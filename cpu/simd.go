package cpu

import (
	"os"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// vectorKernels are the processor's kernels in assembly, nil where there are none
// or none are wanted.
func vectorKernels(o Options) *simd.Kernels {
	if o.PureGo || os.Getenv("MLXSTAR_NOSIMD") == "1" {
		return nil
	}
	return simd.New()
}

// vectorProducts has numbers multiplied by the processor's micro-kernel.
func vectorProducts[T float](ar *arithmetic[T, T], m simd.Matrix[T]) {
	ar.micro.mr, ar.micro.nr = m.Rows, m.Cols
	ar.micro.run, ar.micro.packRows, ar.micro.interleave = m.Tile, m.PackRows, m.Interleave
}
