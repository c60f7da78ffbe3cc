package cpu

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// TestBlocks asks kernels of blocks for the very bits that the loops in Go give, of
// any bits.
func TestBlocks(t *testing.T) {
	k := simd.New()
	if k == nil || len(k.Blocks) == 0 {
		t.Skip("this processor has no kernels of blocks")
	}
	loops := newTable(nil, nil)
	vectors := vectorTable(k, loops)
	r := rand.New(rand.NewPCG(31, 32))
	random := func(n int) []byte {
		x := make([]byte, n)
		for i := range x {
			if x[i] = byte(r.Uint32()); r.IntN(3) == 0 {
				x[i] = 0
			}
		}
		return x
	}
	for at := range k.Blocks {
		row := key{at.Op, at.In, at.Out}
		for _, n := range []int{0, 1, 31, 32, 33, 64, 100, 500} {
			a, b := random(n*at.In.Size()), random(n*at.In.Size())
			copy(b[len(b)/2:], a[len(a)/2:]) // so that some are equal
			if at.Op.Class == engine.Unary {
				b = b[:0] // of an operation on one nothing may be read
			}
			run := func(from table) []byte {
				dst := make([]byte, n*at.Out.Size()+8)
				from[row].step.loop(new(tiles), dst[:n*at.Out.Size()], &[maxOperands][]byte{a, b})
				return dst
			}
			if got, want := run(vectors), run(loops); !bytes.Equal(got, want) {
				t.Errorf("%s of %v to %v, %d elements: got % x, want % x of % x and % x", at.Op.Name, at.In, at.Out, n, got, want, a, b)
				break
			}
		}
	}
}
