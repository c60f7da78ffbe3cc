package gpu

import (
	"fmt"
	"strings"
)

// TensorCores is a Driver that says whether its GPU multiplies matrices as
// kernels/cores.metal has it.
type TensorCores interface{ TensorCores() bool }

// GroupCores is a Driver that says whether its GPU's tensor cores work for four simdgroups
// at once, as kernels/groups.metal has it, and threadgroups have the memory for it.
type GroupCores interface{ GroupCores() bool }

// coresTile is what a threadgroup makes of a product by tensor cores: its simdgroups have
// 16 mr by 16 nr elements each, and wm of them lie one below the other.
type coresTile struct{ mr, nr, wm int }

// The tiles, from few rows to many.
var (
	tile16  = coresTile{1, 1, 1} // 16 by 64
	tile32  = coresTile{1, 2, 2} // 32 by 64
	tile64  = coresTile{2, 2, 2} // 64 by 64
	tile128 = coresTile{4, 4, 2} // 128 by 128
)

const (
	coresDepth = 64 // the kernels' cores_depth
	// coresBusy is how many threadgroups of large tiles keep a GPU busy.
	coresBusy = 96
)

func (t coresTile) rows() int    { return 16 * t.mr * t.wm }
func (t coresTile) columns() int { return 16 * t.nr * (4 / t.wm) }

// coresTileFor chooses for a stack of products of m by n elements.
func coresTileFor(m, n, stack int) coresTile {
	switch {
	case m <= tile16.rows():
		return tile16
	case m <= tile32.rows():
		return tile32
	case m > tile64.rows() && tile128.count(m, n)*stack >= coresBusy:
		return tile128
	}
	return tile64
}

// count is how many tiles a product has.
func (t coresTile) count(m, n int) int {
	return int(ceilDiv(uint32(m), uint32(t.rows())) * ceilDiv(uint32(n), uint32(t.columns())))
}

// memory is the number of bytes that a threadgroup wants for so many stages of both sides,
// and at last for the answer.
func (t coresTile) memory(stages int) int {
	return 2 * max(stages*(t.rows()+t.columns())*coresDepth, t.rows()*(t.columns()+8))
}

// groups are the threadgroups of a stack of products: those of one column side by side, so
// that what they share of the right side is read once.
func (t coresTile) groups(m, n, stack int) Size {
	return Size{Width: ceilDiv(uint32(m), uint32(t.rows())), Height: ceilDiv(uint32(n), uint32(t.columns())), Depth: uint(stack)}
}

// name ends the names of its kernels.
func (t coresTile) name() string { return fmt.Sprintf("%d_%d", t.rows(), t.columns()) }

// tilesSource writes a kernel for each of some tiles: $tile ends its name, and $shape is
// the tile's in the kernels' templates.
func tilesSource(text string, tiles ...coresTile) string {
	var s strings.Builder
	for _, t := range tiles {
		s.WriteString(fill(text, "$tile", t.name(), "$shape", fmt.Sprintf("%d, %d, %d", t.mr, t.nr, t.wm)))
	}
	return s.String()
}
