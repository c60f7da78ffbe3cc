package gpu

import (
	"math/bits"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: sorts, scratch: sortScratch}, engine.OpSort, engine.OpPartition, engine.OpArgSort, engine.OpArgPartition)
	register(&family{encode: searches}, engine.OpSearchSorted)
	generators["radix"] = func(l library) string { return radixSource(l.in) }
	sharedFiles["radix"] = []string{"sort", "radix"}
	generators["sort"] = func(l library) string { return fill(sortKernels, "$T", l.in) }
}

func flag(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

const sortKernels = `
kernel void block(device const $T* in [[buffer(0)]], device $T* keys [[buffer(1)]], device uint* names [[buffer(2)]], constant Order& o [[buffer(3)]], constant Walk& w [[buffer(4)]],
    threadgroup $T* held [[threadgroup(0)]], threadgroup ushort* order [[threadgroup(1)]], uint3 g [[threadgroup_position_in_grid]],
    uint i [[thread_index_in_threadgroup]], uint3 threads [[threads_per_threadgroup]]) {
  ulong item = ulong(g.y) * o.across + g.x;
  if (item < o.items) order_block(in, keys, names, o, w, item, held, order, i, threads.x);
}
kernel void merge(device const $T* in [[buffer(0)]], device const uint* named [[buffer(1)]], device $T* keys [[buffer(2)]], device uint* names [[buffer(3)]],
    constant Order& o [[buffer(4)]], constant Walk& w [[buffer(5)]],
    threadgroup $T* held [[threadgroup(0)]], threadgroup uint* splits [[threadgroup(1)]], uint3 g [[threadgroup_position_in_grid]],
    uint i [[thread_index_in_threadgroup]], uint3 threads [[threads_per_threadgroup]]) {
  ulong item = ulong(g.y) * o.across + g.x;
  if (item < o.items) order_merge(in, named, keys, names, o, w, item, held, splits, i, threads.x);
}
kernel void search(device const $T* sorted [[buffer(0)]], device const $T* values [[buffer(1)]], device uint* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant uint2& how [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i < w.count) out[i] = behind(sorted, how.x, widen(values[i]), how.y != 0u);
}
`

const radixKernel = `
kernel void radix_$each$named(device const $T* in [[buffer(0)]], device $T* keys [[buffer(1)]], device uint* names [[buffer(2)]], constant Order& o [[buffer(3)]], constant Walk& w [[buffer(4)]],
    threadgroup uint* held [[threadgroup(0)]], threadgroup ushort* order [[threadgroup(1)]], threadgroup uint* counts [[threadgroup(2)]],
    uint3 g [[threadgroup_position_in_grid]], uint i [[thread_index_in_threadgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
  ulong item = ulong(g.y) * o.across + g.x;
  if (item < o.items) radix_block<$each, $names>(in, keys, names, o, w, item, held, order, counts, i, simd, lane);
}
`

func radixSource(t string) (s string) {
	for _, each := range []string{"4", "16"} {
		s += fill(radixKernel, "$each", each, "$named", "", "$names", "false", "$T", t)
		s += fill(radixKernel, "$each", each, "$named", "_named", "$names", "true", "$T", t)
	}
	return s
}

const (
	radixThreads = 256 // the kernels' radix_threads
	radixDigits  = 256
	radixLeast   = 256  // the shortest lines that digits are worth
	radixBlock   = 4096 // elements that a threadgroup sorts by digits

	sortBlock   = 2048 // elements that a threadgroup sorts: 24 KiB of the widest, with two names each
	mergeTile   = 1024 // the kernels' merge_tile
	sortPerItem = 4    // elements of a block or tile that a thread has, unless there are many
)

// order is the Order of the kernels.
type order struct {
	items         uint64
	across, tiles uint32
	length, run   uint32
	named, last   uint32
	step, outStep int64
}

// ordering is lines to be sorted, or, with names, places of lines.
type ordering struct {
	in, out       *engine.Operand
	names         bool
	lines         walk // over the lines of the input and of the output
	length        int
	block         int // elements that a threadgroup sorts
	step, outStep int
}

// merges is how many passes follow the blocks.
func (s *ordering) merges() int { return bits.Len(uint((s.length - 1) / s.block)) }

// scratch is what passes leave to each other: keys and names, twice if needed.
func (s *ordering) scratch() (parts []int) {
	n := int(s.lines.count) * s.length
	for range min(s.merges(), 2) {
		parts = append(parts, s.in.Dtype.Size()*n)
		if s.names {
			parts = append(parts, 4*n)
		}
	}
	return parts
}

// planSort finds the lines of a task, and how many elements a threadgroup puts in order.
func (b *Backend) planSort(t *engine.Task) (s ordering, err error) {
	var axis int
	switch at := t.Attrs.(type) {
	case engine.PartitionAttrs:
		axis = at.Axis
	case engine.SortAttrs:
		axis = at.Axis
	}
	in, out := &t.In[0], &t.Out[0]
	s = ordering{in: in, out: out, names: t.Op == engine.OpArgSort || t.Op == engine.OpArgPartition, length: 1, block: sortBlock}
	var shape, from, to []int
	if len(out.Shape) > 0 {
		s.length, s.outStep = out.Shape[axis], out.Strides[axis]
		shape, to = without(out.Shape, axis), without(out.Strides, axis)
		from = to
		if in.Strides != nil {
			s.step, from = in.Strides[axis], without(in.Strides, axis)
		}
	}
	if s.length > longestRow {
		return s, engine.Errorf(engine.ValueError, t.Op.Name, "gpu sorts %d elements at most, got %d", longestRow, s.length)
	}
	if b.cores && s.length > radixLeast && in.Dtype.Size() <= 4 {
		s.block = radixBlock
	}
	s.lines, err = newWalk(t.Op.Name, shape, from, to)
	return s, err
}

func without(list []int, at int) []int {
	return append(append([]int(nil), list[:at]...), list[at+1:]...)
}

func sortScratch(b *Backend, t *engine.Task) int {
	if t.Out[0].Len() == 0 {
		return 0
	}
	s, err := b.planSort(t)
	if err != nil {
		return 0
	}
	return scratchSize(s.scratch()...)
}

func sorts(j *job) error {
	if j.task.Out[0].Len() == 0 {
		return nil
	}
	s, err := j.queue.backend.planSort(j.task)
	if err != nil {
		return err
	}
	parts, err := j.carve(s.scratch()...)
	if err != nil {
		return err
	}
	return j.sortLines(&s, parts)
}

// sortLines sorts blocks of lines, and merges them, from one part of the scratch to the
// other and at last to the output.
func (j *job) sortLines(s *ordering, scratch []engine.Operand) error {
	each := 1 // operands of a half of the scratch
	if s.names {
		each = 2
	}
	keys, names := s.in, s.out // names are not looked at before there are some
	run := min(s.length, s.block)
	for pass := 0; pass <= s.merges(); pass++ {
		o := order{length: uint32(s.length), run: uint32(run), named: flag(s.names), last: flag(pass == s.merges()), step: int64(s.step), outStep: int64(s.outStep)}
		toKeys, toNames := s.out, s.out
		if o.last == 0 {
			half := scratch[pass%2*each:]
			toKeys, toNames = &half[0], &half[each-1]
		}
		if err := j.sortPass(s, &o, pass, [2]*engine.Operand{keys, names}, [2]*engine.Operand{toKeys, toNames}); err != nil {
			return err
		}
		if pass > 0 {
			run *= 2
		}
		keys, names = toKeys, toNames
	}
	return nil
}

// sortPass runs the kernel of blocks, and after it that of merges.
func (j *job) sortPass(s *ordering, o *order, pass int, from, to [2]*engine.Operand) error {
	l, name, tile, reads := library{family: "sort", in: typeNames[s.in.Dtype]}, "block", int(o.run), 1
	digits := pass == 0 && s.block == radixBlock
	switch {
	case pass > 0:
		name, tile, reads = "merge", mergeTile, 2
	case digits:
		l.family, name = "radix", "radix_16"
		if tile <= radixBlock/4 {
			name = "radix_4"
		}
		if s.names {
			name += "_named"
		}
	}
	if err := j.use(kernelName{l, name}); err != nil {
		return err
	}
	for i, operand := range from[:reads] {
		if err := j.read(operand, i); err != nil {
			return err
		}
	}
	for i, operand := range to {
		if err := j.write(operand, reads+i); err != nil {
			return err
		}
	}
	tiles := (s.length + tile - 1) / tile
	items := int(s.lines.count) * tiles
	x := min(items, lines)
	o.items, o.across, o.tiles = uint64(items), uint32(x), uint32(tiles)
	params(j, o, reads+2)
	params(j, &s.lines, reads+3)
	groups := Size{Width: uint(x), Height: uint((items + x - 1) / x), Depth: 1}
	if digits {
		room := radixBlock
		if tile <= radixBlock/4 {
			room /= 4
		}
		for index, size := range []int{4 * room, 2 * room, 4 * radixDigits * radixThreads / lanesPerSimd} {
			j.record.SetThreadgroupMemory(size, index)
		}
		j.groups(groups, Size{Width: radixThreads, Height: 1, Depth: 1})
		return nil
	}
	held, second := tile*s.in.Dtype.Size(), 4*tile
	if pass > 0 {
		second = 2 * 4
	}
	j.record.SetThreadgroupMemory(aligned(held), 0)
	j.record.SetThreadgroupMemory(aligned(second), 1)
	threads := min((min(tile, s.length)/sortPerItem+lanesPerSimd)/lanesPerSimd*lanesPerSimd, threadsPerGroup, j.kernel.maxThreads)
	j.groups(groups, Size{Width: uint(threads), Height: 1, Depth: 1})
	return nil
}

func searches(j *job) error {
	t := j.task
	sorted, values, out := &t.In[0], &t.In[1], &t.Out[0]
	n := out.Len()
	if n == 0 {
		return nil
	}
	if err := j.use(kernelName{library{family: "sort", in: typeNames[sorted.Dtype]}, "search"}); err != nil {
		return err
	}
	for i, o := range []*engine.Operand{sorted, values} {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	if err := j.write(out, 2); err != nil {
		return err
	}
	params(j, &walk{count: uint64(n), width: j.widthOf(n)}, 3)
	params(j, &[2]uint32{uint32(sorted.Len()), flag(t.Attrs.(engine.SearchAttrs).Right)}, 4)
	j.spread(n)
	return nil
}
