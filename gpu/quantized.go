package gpu

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{
		takes:     func(_ *engine.Op, in, _ []engine.Dtype) bool { return domainOf(in[0]) == floats },
		encode:    quantizedProducts,
		workspace: func(t *engine.Task) int { return scratchSize(indexBytes(quantizedPicks(t))) },
	}, engine.OpQuantizedMatMul)
	generators["quantized"] = quantizedSource
	sharedFiles["quantized"] = []string{"tile", "quantized"}
}

// quantized is the Quantized of the kernels.
type quantized struct {
	m, n, k             uint32
	shift               uint32
	rowBytes, rowGroups uint32
	bytes, groups       uint64
	xLength, wLength    int64
	xCheck, wCheck      uint32
	count               uint32
	picked, wide        uint32
	outWide             uint32
}

const quantizedArguments = `device const $T* x [[buffer(0)]], device const uchar* codes [[buffer(1)]], device const uchar* scales [[buffer(2)]], device const $T* biases [[buffer(3)]],
    device const long* index [[buffer(4)]], device uint* status [[buffer(5)]], device $T* out [[buffer(6)]], constant Quantized& p [[buffer(7)]], uint3 g [[threadgroup_position_in_grid]]`

const quantizedPick = `Pair<$mode, $bits, $T> of;
  if (!of.pick(x, codes, scales, biases, index, status, p, g.z)) return;`

const quantizedVectorKernels = `
kernel void rows_$count($arguments, uint simd [[simdgroup_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
  $pick
  quantized_rows<$count>(of, out, p, g, simd, lane);
}
kernel void columns_$count($arguments, threadgroup float* shared [[threadgroup(0)]], uint i [[thread_index_in_threadgroup]]) {
  $pick
  quantized_columns<$count>(of, out, p, shared, g, i);
}
`

const quantizedTileKernel = `
kernel void tile$size_$layout($arguments, $tile) {
  $pick
  quantized_tile<$size, $along>(of, out, p, shared, g, i, simd, lane);
}
`

// codeFormat names the codes that a library's kernels decode: a mode and its bits.
func codeFormat(at engine.QuantizedProductAttrs) string {
	return string(at.Mode) + " " + strconv.Itoa(at.Bits)
}

func quantizedSource(l library) string {
	var s strings.Builder
	mode, width, _ := strings.Cut(l.out, " ")
	add := func(text string, values ...string) {
		text = fill(text, "$arguments", quantizedArguments, "$pick", quantizedPick, "$tile", tileArguments)
		s.WriteString(fill(text, append(values, "$T", l.in, "$mode", mode, "$bits", width)...))
	}
	for _, count := range []string{"1", "4"} {
		add(quantizedVectorKernels, "$count", count)
	}
	for _, size := range []string{"32", "64"} {
		add(quantizedTileKernel, "$size", size, "$layout", "along", "$along", "true")
		add(quantizedTileKernel, "$size", size, "$layout", "across", "$along", "false")
	}
	return s.String()
}

// quantizedPicks are the index arrays of a product of picked matrices.
func quantizedPicks(t *engine.Task) []engine.Operand {
	at := t.Attrs.(engine.QuantizedProductAttrs)
	if !at.Picked {
		return nil
	}
	if at.Mode == "affine" {
		return t.In[4:]
	}
	return t.In[3:]
}

// quantizedProducts encodes products with quantized matrices.
func quantizedProducts(j *job) error {
	t := j.task
	at, x, w, out := t.Attrs.(engine.QuantizedProductAttrs), &t.In[0], &t.In[1], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	p := describeQuantized(at, x, w, out)
	biases, picks := new(engine.Operand), quantizedPicks(t)
	if at.Mode == "affine" {
		biases = &t.In[3]
	}
	// Without indices nothing is reported, and any memory does.
	bindPicks := func() error {
		if err := j.read(new(engine.Operand), 4); err != nil {
			return err
		}
		return j.write(out, 5)
	}
	if at.Picked {
		index, err := j.carve(indexBytes(picks))
		if err != nil {
			return err
		}
		if err := j.indices(picks, &index[0]); err != nil {
			return err
		}
		check := check{op: t.Op.Name, length: int(p.xLength)}
		if _, p.xCheck, err = j.watchIndices(check); err != nil {
			return err
		}
		check.length = int(p.wLength)
		status, number, err := j.watchIndices(check)
		if err != nil {
			return err
		}
		p.wCheck = number
		bindPicks = func() error {
			j.reports(status, 5)
			return j.read(&index[0], 4)
		}
	}
	l := library{"quantized", typeNames[out.Dtype], codeFormat(at)}
	function, groups, memory, cores := j.queue.backend.quantizedCores(&p, x, out, at.Transpose)
	if cores {
		l.family = "quantized_cores"
	} else {
		function, groups, memory = p.kernel(at.Transpose)
	}
	if err := j.use(kernelName{l, function}); err != nil {
		return err
	}
	for i, o := range []*engine.Operand{x, w, &t.In[2], biases} {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	if err := bindPicks(); err != nil {
		return err
	}
	if err := j.write(out, 6); err != nil {
		return err
	}
	params(j, &p, 7)
	if memory > 0 {
		j.record.SetThreadgroupMemory(memory, 0)
	}
	j.groups(groups, tileThreads)
	return nil
}

func describeQuantized(at engine.QuantizedProductAttrs, x, w, out *engine.Operand) quantized {
	rx, rw := len(x.Shape), len(w.Shape)
	rows, words := w.Shape[rw-2], w.Shape[rw-1]
	codes := words * 32 / at.Bits
	p := quantized{
		n: uint32(out.Shape[len(out.Shape)-1]), k: uint32(x.Shape[rx-1]),
		shift: uint32(bits.TrailingZeros(uint(at.GroupSize))), rowBytes: uint32(4 * words), rowGroups: uint32(codes / at.GroupSize),
		bytes: uint64(4 * words * rows), groups: uint64(codes / at.GroupSize * rows),
		count: 1, picked: flag(at.Picked), wide: flag(x.Buffer != nil && x.Offset%4 == 0 && x.Shape[rx-1]%4 == 0),
	}
	p.m = uint32(out.Len()) / p.n
	if at.Picked {
		p.m = uint32(x.Shape[rx-2])
		p.count = uint32(out.Len()) / p.n / p.m
		p.xLength, p.wLength = int64(engine.Elements(x.Shape[:rx-2])), int64(engine.Elements(w.Shape[:rw-2]))
	}
	return p
}

// kernel chooses a kernel, its threadgroups and their memory in bytes.
func (p *quantized) kernel(along bool) (function string, groups Size, memory int) {
	if p.m <= fewVectors {
		count, suffix := uint32(1), "1"
		if p.m > 1 {
			count, suffix = 4, "4"
		}
		groups.Height, groups.Depth = ceilDiv(p.m, count), uint(p.count)
		if along {
			groups.Width = ceilDiv(p.n, 16)
			return "rows_" + suffix, groups, 0
		}
		groups.Width = ceilDiv(p.n, 64)
		return "columns_" + suffix, groups, 16 * 64 * 4
	}
	size, name := uint32(32), "tile32_"
	if ceilDiv(p.m, 64)*ceilDiv(p.n, 64)*uint(p.count) >= tileGroups {
		size, name = 64, "tile64_"
	}
	groups = Size{Width: ceilDiv(p.n, size), Height: ceilDiv(p.m, size), Depth: uint(p.count)}
	return name + layoutOf(along), groups, tileMemory(int(size))
}
