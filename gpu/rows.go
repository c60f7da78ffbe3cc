package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

// lanesPerSimd is how many threads a simdgroup has.
const lanesPerSimd = 32

// rows is the Rows of the kernels: teams of threads work on rows.
type rows struct {
	count  uint64
	width  uint32
	across uint32 // threadgroups along the grid's first axis
	team   uint32 // simdgroups that share a row
	packed uint32 // rows consist of whole packs
}

// longestRow keeps places in a row, and steps beyond its end, within 32 bits.
const longestRow = 1 << 31

// groupRows is how many rows share a threadgroup where a simdgroup does for a row.
const groupRows = 8

// mostSimds is how many simdgroups share a row at most, if the kernel allows.
const mostSimds = 32

// teams divides threads among rows, so that each has about perThread elements, and a
// row has mostSimds simdgroups at most; it gives the grid. The kernel must have been
// chosen.
func (j *job) teams(count, width, perThread, mostSimds int) (r rows, groups, threads Size, err error) {
	if width > longestRow {
		return r, groups, threads, engine.Errorf(engine.ValueError, j.task.Op.Name, "gpu takes rows of %d elements at most, got %d", longestRow, width)
	}
	per := lanesPerSimd * perThread
	most := max(min(j.kernel.maxThreads/lanesPerSimd, mostSimds), 1)
	team := min(max((width+per-1)/per, 1), most)
	simds, all := team, count
	if team == 1 {
		simds = min(count, groupRows, most)
		all = (count + simds - 1) / simds
	}
	x := min(all, lines)
	r = rows{count: uint64(count), width: uint32(width), across: uint32(x), team: uint32(team)}
	groups = Size{Width: uint(x), Height: uint((all + x - 1) / x), Depth: 1}
	return r, groups, Size{Width: uint(simds * lanesPerSimd), Height: 1, Depth: 1}, nil
}

// rowArguments are what the kernels of rows have in common: how a thread finds its
// row, and memory with a place for each simdgroup.
const rowArguments = `constant Rows& r [[buffer($rows)]],
    threadgroup float* shared [[threadgroup(0)]], uint3 g [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]],
    uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]]`

// heldElements is the kernels' held: elements of a row that a thread keeps.
const heldElements = 4

// packBytes is the size of the packs of the kernels' Held.
const packBytes = 16

// eachRow runs a kernel of rows on the last axis of the output; its Rows are at
// an index. The operands hold rows, or are one.
func (j *job) eachRow(index int, operands ...*engine.Operand) error {
	out := &j.task.Out[0]
	width, many := out.Shape[len(out.Shape)-1], packBytes/out.Dtype.Size()
	packed, each := width%many == 0, heldElements
	for _, o := range operands {
		packed = packed && o.Buffer != nil && o.Offset%many == 0
	}
	if packed {
		each = many
	}
	r, groups, threads, err := j.teams(out.Len()/width, width, each, mostSimds)
	if err != nil {
		return err
	}
	r.packed = flag(packed)
	params(j, &r, index)
	j.record.SetThreadgroupMemory(4*lanesPerSimd, 0)
	j.groups(groups, threads)
	return nil
}
