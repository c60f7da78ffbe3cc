package gpu

import (
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: products, workspace: productScratch}, engine.OpMatMul, engine.OpAddMM)
	generators["matmul"] = productSource
	sharedFiles["matmul"] = []string{"tile", "matmul"}
}

// product is the Product of the kernels. Strides count elements.
type product struct {
	m, n, k                      uint32
	stackRank                    uint32
	stack                        [maxRank]uint32
	aSide, aDepth, bSide, bDepth int64
	outRow, outCol, cRow, cCol   int64
	aBatch, bBatch, cBatch       [maxRank]int64
	alpha, beta                  float32
	added                        uint32
	part, parts                  uint32
	aWide, bWide                 uint32
	aPick, bPick                 uint32
	_                            uint32
}

const productArguments = `device const $T* a [[buffer(0)]], device const $T* b [[buffer(1)]], device const $T* c [[buffer(2)]], device $T* out [[buffer(3)]], constant Product& p [[buffer(4)]], device const long* picks [[buffer(5)]], uint3 g [[threadgroup_position_in_grid]]`

const smallKernel = `
kernel void small($arguments,
    threadgroup $W* sa [[threadgroup(0)]], threadgroup $W* sb [[threadgroup(1)]], uint3 t [[thread_position_in_threadgroup]]) {
  product_small(a, b, c, out, p, picks, sa, sb, g, t);
}
`

const vectorKernels = `
kernel void rows_$count($arguments, uint simd [[simdgroup_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
  product_rows<$count>(a, b, c, out, p, picks, g, simd, lane);
}
kernel void columns_$count($arguments, threadgroup float* shared [[threadgroup(0)]], uint i [[thread_index_in_threadgroup]]) {
  product_columns<$count>(a, b, c, out, p, picks, shared, g, i);
}
`

const lineKernels = `
kernel void lines_$count($arguments, threadgroup float* shared [[threadgroup(0)]], uint simd [[simdgroup_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
  product_lines<$count, false>(a, b, c, out, p, picks, shared, g, simd, lane);
}
kernel void parts_$count($arguments, threadgroup float* shared [[threadgroup(0)]], uint simd [[simdgroup_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
  product_lines<$count, true>(a, b, c, out, p, picks, shared, g, simd, lane);
}
`

const tileArguments = `threadgroup float* shared [[threadgroup(0)]], uint i [[thread_index_in_threadgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]]`

const tileKernel = `
kernel void tile$size_$layout($arguments, $tile) {
  product_tile<$size, $a, $b>(a, b, c, out, p, picks, shared, g, i, simd, lane);
}
`

const partKernel = `
kernel void part_$layout(device const $T* a [[buffer(0)]], device const $T* b [[buffer(1)]], device float* out [[buffer(3)]], constant Product& p [[buffer(4)]], uint3 g [[threadgroup_position_in_grid]], $tile) {
  product_part<$size, $a, $b>(a, b, out, p, shared, g, i, simd, lane);
}
`

const joinKernel = `
kernel void join(device const float* in [[buffer(0)]], device const $T* c [[buffer(2)]], device $T* out [[buffer(3)]], constant Product& p [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  join_parts(in, c, out, p, g.x, g.z);
}
`

// layoutName names the layouts of the two matrices of a product: a letter is n where
// the matrix is row-major. Then the terms of the left side are neighbours.
func layoutName(a, b bool) string {
	row := map[bool]string{true: "n", false: "t"}
	return row[a] + row[!b]
}

// truth is a bool in the kernels' language.
func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func productSource(l library) string {
	var s strings.Builder
	add := func(text string, values ...string) {
		text = fill(text, "$arguments", productArguments, "$tile", tileArguments)
		s.WriteString(fill(text, append(values, "$T", l.in, "$W", computed(l.in))...))
	}
	add(smallKernel)
	if l.in == "float2" {
		return s.String()
	}
	for _, count := range []string{"1", "4"} {
		add(vectorKernels, "$count", count)
		add(lineKernels, "$count", count)
	}
	for _, a := range []bool{true, false} {
		for _, b := range []bool{true, false} {
			values := []string{"$layout", layoutName(a, b), "$a", truth(a), "$b", truth(b)}
			add(tileKernel, append(values, "$size", "64")...)
			add(tileKernel, append(values, "$size", "32")...)
			add(partKernel, append(values, "$size", "32")...)
		}
	}
	add(joinKernel)
	add(placesKernel)
	return s.String()
}

// Which kernel multiplies: see docs/metal.md.
const (
	// smallProduct is how many rows, columns and terms a product has at most for
	// which a thread sums an element.
	smallProduct = 16
	// fewVectors is how many rows or columns the other matrix is read for as it lies.
	fewVectors = 8
	// tileGroups is how many threadgroups keep a GPU busy: large tiles are for
	// products that have so many of them.
	tileGroups = 64
	// splitDepth is how many terms a part has at least where tiles are fewer.
	splitDepth = 256
)

// tileThreads are those of a group that multiplies, but for small products.
var tileThreads = Size{Width: 128, Height: 1, Depth: 1}

// pairThreads are those of two groups of four simdgroups: the kernels' pair_threads.
var pairThreads = Size{Width: 256, Height: 1, Depth: 1}

// tileMemory is the number of bytes that a threadgroup wants for a tile.
func tileMemory(size int) int { return 2 * size * (16 + 4) * 4 }

func ceilDiv(n, by uint32) uint { return (uint(n) + uint(by) - 1) / uint(by) }

// products encodes a matrix product, and what is added to it.
func products(j *job) error {
	t := j.task
	if t.Out[0].Len() == 0 {
		return nil
	}
	ops := [3]*engine.Operand{&t.In[0], &t.In[1], {}}
	p := product{alpha: 1, parts: 1}
	if at, ok := t.Attrs.(engine.AddMMAttrs); ok {
		ops = [3]*engine.Operand{&t.In[1], &t.In[2], &t.In[0]}
		p.alpha, p.beta, p.added = float32(at.Alpha), float32(at.Beta), 1
	}
	x := &multiplication{job: j, product: p, a: ops[0], b: ops[1], c: ops[2], out: &t.Out[0]}
	if err := x.describe(); err != nil {
		return err
	}
	return x.encode()
}

// multiplication is a product that is being encoded.
type multiplication struct {
	*job
	product
	a, b, c, out   *engine.Operand
	count          uint            // of products
	aAlong, bAlong bool            // the terms are neighbours
	picks          *engine.Operand // where matrices that are picked begin, or nil
}

// describe finds the strides. Rows of a stack that meet one matrix are rows of one
// product.
func (x *multiplication) describe() error {
	r := len(x.out.Shape)
	lead, m, n, k := x.out.Shape[:r-2], x.out.Shape[r-2], x.out.Shape[r-1], x.a.Shape[len(x.a.Shape)-1]
	a, b, c := x.strides(x.a, x.aPick), x.strides(x.b, x.bPick), make([]int, r)
	if x.added != 0 {
		c = x.c.Strides
	}
	leadA, leadB, leadC := a[:r-2], b[:r-2], c[:r-2]
	aSide, cRow := a[r-2], c[r-2]
	if x.picks == nil && still(lead, leadB) {
		rows, by := engine.Collapse(x.out.Shape[:r-1], a[:r-1], c[:r-1])
		if len(rows) == 1 {
			m, aSide, cRow = rows[0], by[0][0], by[1][0]
			lead, leadA, leadB, leadC = nil, nil, nil, nil
		}
	}
	w, err := newWalk(x.task.Op.Name, lead, leadA, leadB, leadC)
	if err != nil {
		return err
	}
	x.count = uint(w.count)
	x.stackRank, x.stack = w.rank, w.shape
	x.aBatch, x.bBatch, x.cBatch = w.strides[0], w.strides[1], w.strides[2]
	x.m, x.n, x.k = uint32(m), uint32(n), uint32(k)
	x.outRow, x.outCol = int64(n), 1
	x.aSide, x.aDepth, x.bSide, x.bDepth = int64(aSide), int64(a[r-1]), int64(b[r-1]), int64(b[r-2])
	x.cRow, x.cCol = int64(cRow), int64(c[r-1])
	x.aAlong, x.bAlong = along(x.m, x.k, x.aSide, x.aDepth), along(x.n, x.k, x.bSide, x.bDepth)
	x.aWide = flag(wide(x.a, x.aAlong, x.aSide, x.aDepth, &x.aBatch))
	x.bWide = flag(wide(x.b, x.bAlong, x.bSide, x.bDepth, &x.bBatch))
	return nil
}

// strides are those of one side under the shape of the answer.
func (x *multiplication) strides(o *engine.Operand, pick uint32) []int {
	if pick == 0 {
		return o.Strides
	}
	return append(make([]int, len(x.out.Shape)-2), o.Strides[1:]...) // a matrix
}

// still reports whether an operand is the same all over a shape.
func still(shape, strides []int) bool {
	for i, s := range strides {
		if s != 0 && shape[i] != 1 {
			return false
		}
	}
	return true
}

// along reports whether the neighbours of one side of a product lie along its depth.
func along(sides, depths uint32, side, depth int64) bool {
	return (depth == 1 || depths == 1) && (side >= int64(depths) || sides == 1)
}

// wide reports whether each fourth element of a line is aligned to four of them.
func wide(o *engine.Operand, along bool, side, depth int64, batch *[maxRank]int64) bool {
	line, step := side, depth
	if !along {
		line, step = depth, side
	}
	apart := line
	for _, s := range batch {
		apart |= s
	}
	for _, s := range o.Strides[:len(o.Strides)-2] {
		apart |= int64(s) // of matrices to pick from
	}
	return step == 1 && o.Buffer != nil && (apart|int64(o.Offset))%4 == 0
}

// turned is the transpose of the product: the rows become columns.
func (x *multiplication) turned() {
	x.a, x.b = x.b, x.a
	x.m, x.n = x.n, x.m
	x.aSide, x.aDepth, x.bSide, x.bDepth = x.bSide, x.bDepth, x.aSide, x.aDepth
	x.outRow, x.outCol, x.cRow, x.cCol = x.outCol, x.outRow, x.cCol, x.cRow
	x.aBatch, x.bBatch = x.bBatch, x.aBatch
	x.aAlong, x.bAlong = x.bAlong, x.aAlong
	x.aWide, x.bWide = x.bWide, x.aWide
	x.aPick, x.bPick = x.bPick, x.aPick
}

// parts is the number of parts that the terms of a stack of count products are split
// into: products of few tiles would leave threads idle.
func parts(m, n, k uint32, count uint) uint32 {
	tiles := ceilDiv(m, 32) * ceilDiv(n, 32) * count
	vectors := min(m, n) <= fewVectors && max(m, n) > fewVectors
	if vectors || tiles == 0 || tiles >= tileGroups || k < 2*splitDepth {
		return 1
	}
	most := uint32(min(uint(k)/splitDepth, (2*tileGroups+tiles-1)/tiles))
	return uint32(ceilDiv(k, partOf(k, most)))
}

// partOf is the number of terms of a part: whole depths of a tile.
func partOf(k, parts uint32) uint32 { return uint32(ceilDiv(k, parts*16)) * 16 }

// productScratch is what the parts of a product sum to, whether the rows of a stack
// are those of one product, which the strides decide, or not.
func productScratch(t *engine.Task) int {
	out := t.Out[0].Shape
	r := len(out)
	if t.Out[0].Dtype.IsComplex() {
		return 0
	}
	m, n, count := uint32(out[r-2]), uint32(out[r-1]), uint(engine.Elements(out[:r-2]))
	inner := t.In[len(t.In)-2].Shape
	k := uint32(inner[len(inner)-1])
	most := max(parts(m, n, k, count), parts(m*uint32(count), n, k, 1))
	if most == 1 {
		return 0
	}
	return scratchSize(4 * engine.Elements(out) * int(most))
}

func (x *multiplication) encode() error {
	if ok, err := x.byLines(); ok {
		return err
	}
	if x.byLibrary() {
		return nil
	}
	if x.parts = 1; x.picks == nil {
		x.parts = parts(x.m, x.n, x.k, x.count)
	}
	switch {
	case x.out.Dtype.IsComplex(), max(x.m, x.n, x.k) <= smallProduct:
		return x.small()
	case x.parts > 1:
		return x.split()
	case min(x.m, x.n) <= fewVectors:
		if x.m < x.n {
			x.turned()
		}
		return x.vectors()
	case ceilDiv(x.m, 64)*ceilDiv(x.n, 64)*x.count >= tileGroups:
		return x.tile(64)
	}
	return x.tile(32)
}

// bind chooses the kernel and binds the operands.
func (x *multiplication) bind(function string, to *engine.Operand) error {
	if err := x.use(kernelName{library{family: "matmul", in: typeNames[x.out.Dtype]}, function}); err != nil {
		return err
	}
	for i, o := range []*engine.Operand{x.a, x.b, x.c} {
		if err := x.read(o, i); err != nil {
			return err
		}
	}
	if err := x.write(to, 3); err != nil {
		return err
	}
	params(x.job, &x.product, 4)
	picks := x.picks
	if picks == nil {
		picks = new(engine.Operand)
	}
	return x.read(picks, 5)
}

func (x *multiplication) small() error {
	if err := x.bind("small", x.out); err != nil {
		return err
	}
	for i := range 2 {
		x.record.SetThreadgroupMemory(256*8, i)
	}
	x.groups(Size{Width: ceilDiv(x.n, 16), Height: ceilDiv(x.m, 16), Depth: x.count}, Size{Width: 16, Height: 16, Depth: 1})
	return nil
}

// vectors multiplies a by few columns.
func (x *multiplication) vectors() error {
	count, suffix := uint32(1), "1"
	if x.n > 1 {
		count, suffix = 4, "4"
	}
	if x.aAlong {
		if !x.bAlong {
			x.bWide = 0 // wide loads go along the columns, and the kernel reads along the terms
		}
		if err := x.bind("rows_"+suffix, x.out); err != nil {
			return err
		}
		x.groups(Size{Width: ceilDiv(x.m, 16), Height: ceilDiv(x.n, count), Depth: x.count}, tileThreads)
		return nil
	}
	if err := x.bind("columns_"+suffix, x.out); err != nil {
		return err
	}
	x.record.SetThreadgroupMemory(16*32*4, 0)
	x.groups(Size{Width: ceilDiv(x.m, 32), Height: ceilDiv(x.n, count), Depth: x.count}, tileThreads)
	return nil
}

const (
	// lineColumns is how many columns a kernel multiplies lines with at once.
	lineColumns = 4
	// fewLines is how many lines keep the GPU busy with a simdgroup each, and longLine how
	// many bytes of one are worth four.
	fewLines = 8 << 10
	longLine = 2 << 10
)

// byLines multiplies lines along the terms by few columns, where they lie so that 16 bytes
// can be read at once. A library's call takes longer than such a product.
func (x *multiplication) byLines() (ok bool, err error) {
	if !x.queue.backend.cores || x.picks != nil || x.out.Dtype.IsComplex() || min(x.m, x.n) > lineColumns || max(x.m, x.n) <= smallProduct {
		return false, nil
	}
	turned := x.m < x.n
	if turned {
		x.turned()
	}
	many := int64(packBytes / x.out.Dtype.Size())
	if !x.aAlong || !x.bAlong || int64(x.k)%many != 0 || !packed(x.a, x.aSide, &x.aBatch, many) || !packed(x.b, x.bSide, &x.bBatch, many) {
		if turned {
			x.turned()
		}
		return false, nil
	}
	name, count, groups := "lines_", uint32(1), ceilDiv(x.m, 4)
	if x.m < fewLines && int(x.k)*x.out.Dtype.Size() >= longLine {
		name, groups = "parts_", uint(x.m)
	}
	if x.n > 1 {
		count = lineColumns
	}
	if err := x.bind(name+strconv.Itoa(int(count)), x.out); err != nil {
		return true, err
	}
	x.record.SetThreadgroupMemory(16*lineColumns, 0)
	x.groups(Size{Width: groups, Height: ceilDiv(x.n, count), Depth: x.count}, tileThreads)
	return true, nil
}

// packed reports whether the lines of an operand begin at whole packs of so many elements.
func packed(o *engine.Operand, side int64, batch *[maxRank]int64, many int64) bool {
	apart := side | int64(o.Offset)
	for _, s := range batch {
		apart |= s
	}
	return o.Buffer != nil && apart%many == 0
}

// tile multiplies in tiles of a size.
func (x *multiplication) tile(size int) error {
	name := "tile32_"
	if size == 64 {
		name = "tile64_"
	}
	if err := x.bind(name+layoutName(x.aAlong, x.bAlong), x.out); err != nil {
		return err
	}
	x.record.SetThreadgroupMemory(tileMemory(size), 0)
	x.groups(Size{Width: ceilDiv(x.n, uint32(size)), Height: ceilDiv(x.m, uint32(size)), Depth: x.count}, tileThreads)
	return nil
}

// split gives threadgroups parts of the terms, and sums their results.
func (x *multiplication) split() error {
	x.part = partOf(x.k, x.parts)
	sums, err := x.carve(4 * x.out.Len() * int(x.parts))
	if err != nil {
		return err
	}
	if err := x.bind("part_"+layoutName(x.aAlong, x.bAlong), &sums[0]); err != nil {
		return err
	}
	x.record.SetThreadgroupMemory(tileMemory(32), 0)
	x.groups(Size{Width: ceilDiv(x.n, 32), Height: ceilDiv(x.m, 32), Depth: x.count * uint(x.parts)}, tileThreads)
	x.a, x.b = &sums[0], new(engine.Operand)
	if err := x.bind("join", x.out); err != nil {
		return err
	}
	x.groups(Size{Width: ceilDiv(x.m*x.n, 128), Height: 1, Depth: x.count}, tileThreads)
	return nil
}
