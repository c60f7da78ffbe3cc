package cpu

import (
	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// addBlocks enters an operation whose blocks of elements are a kernel's; the few that
// remain are the loop's.
func (v *vectorRows) addBlocks(at simd.Row, kernel simd.Block, loops table) {
	base := loops[key{at.Op, at.In, at.Out}].step
	if base == nil {
		panic("cpu: a kernel in assembly for " + at.Op.Name + " has no loop that defines it")
	}
	from, to, pair := at.In.Size(), at.Out.Size(), at.Op.Class == engine.Binary
	v.loop(at.Op, at.In, at.Out, elementwise{base.cost, func(ts *tiles, dst []byte, in *[maxOperands][]byte) {
		done := kernel(dst, in[0], in[1])
		if done*to >= len(dst) {
			return
		}
		was := *in
		in[0] = in[0][done*from:]
		if pair {
			in[1] = in[1][done*from:]
		}
		base.loop(ts, dst[done*to:], in)
		*in = was
	}})
}
