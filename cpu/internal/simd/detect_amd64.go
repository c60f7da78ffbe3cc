package simd

import "golang.org/x/sys/cpu"

// New gives the kernels for this processor, or nil.
func New() *Kernels {
	if x := &cpu.X86; !x.HasAVX2 || !x.HasFMA {
		return nil
	}
	return &Kernels{
		Float32: Matrix[float32]{Rows: 6, Cols: 16, Tile: tile32, PackRows: packRows32, Interleave: interleave32},
		Float64: Matrix[float64]{Rows: 6, Cols: 8, Tile: tile64, PackRows: packRows64, Interleave: interleaveLoop[float64]},
	}
}
