package engine

import (
	"math"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// PadMode says what fills the space around an array.
type PadMode uint8

// The modes. Reflect mirrors the array about its first and last elements,
// Symmetric about its ends.
const (
	PadConstant PadMode = iota
	PadEdge
	PadReflect
	PadSymmetric
)

var padModeNames = []string{PadConstant: "constant", PadEdge: "edge", PadReflect: "reflect", PadSymmetric: "symmetric"}

// PadModeByName finds a mode by its MLX name.
func PadModeByName(name string) (PadMode, bool) {
	for m, s := range padModeNames {
		if s == name {
			return PadMode(m), true
		}
	}
	return 0, false
}

// Pad adds low elements before and high ones after each axis. The value, which
// may be an array that broadcasts to the result, serves PadConstant alone.
func (b *Builder) Pad(x *Node, low, high []int, mode PadMode, value *Node) *Node {
	shape, start, step := make([]int, len(x.shape)), make([]int, len(x.shape)), make([]int, len(x.shape))
	grows := false
	for i, n := range x.shape {
		if low[i] < 0 || high[i] < 0 {
			b.failf(ValueError, "pad", "widths (%d, %d) of axis %d are negative", low[i], high[i], i)
		}
		if low[i] > math.MaxInt32-n || high[i] > math.MaxInt32-n-low[i] {
			b.failf(ValueError, "pad", "axis %d of %d elements with widths (%d, %d) has more than %d", i, n, low[i], high[i], math.MaxInt32)
		}
		shape[i], start[i], step[i] = low[i]+n+high[i], low[i], 1
		grows = grows || low[i]+high[i] > 0
	}
	if !grows {
		return x
	}
	for i, n := range x.shape {
		if n == 0 && low[i]+high[i] > 0 && (mode == PadReflect || mode == PadSymmetric) {
			b.failf(ValueError, "pad", "axis %d of shape %s has nothing to mirror", i, shapes.Format(x.shape))
		}
	}
	if mode == PadConstant || x.Len() == 0 {
		around := b.Broadcast(b.AsType(value, x.dtype), shape)
		return b.SliceUpdate(around, x, start, step, Replace)
	}
	for i := range x.shape {
		if low[i]+high[i] > 0 {
			x = b.Take(x, b.padIndices(x.shape[i], low[i], high[i], mode), i)
		}
	}
	return x
}

// padIndices lists, for each place of a padded axis, the place it is copied from.
func (b *Builder) padIndices(n, low, high int, mode PadMode) *Node {
	at := func(v int) *Node { return b.FullInt([]int{}, int64(v), Int32) }
	place := b.Arange(float64(-low), 1, low+n+high, Int32)
	last := at(n - 1)
	if mode == PadEdge || n == 1 {
		return b.Binary(OpMinimum, b.Binary(OpMaximum, place, at(0)), last)
	}
	if mode == PadReflect {
		// A period of 2(n-1) runs there and back without the ends repeated.
		turn := b.Binary(OpRemainder, place, at(2*(n-1)))
		return b.Binary(OpMinimum, turn, b.Sub(at(2*(n-1)), turn))
	}
	turn := b.Binary(OpRemainder, place, at(2*n))
	return b.Binary(OpMinimum, turn, b.Sub(at(2*n-1), turn))
}
