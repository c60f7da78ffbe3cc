package gpu

import (
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{
		takes:     func(_ *engine.Op, in, _ []engine.Dtype) bool { return domainOf(in[0]) == floats },
		encode:    attends,
		workspace: attentionScratch,
	}, engine.OpAttention)
	generators["attention"] = attentionSource
	sharedFiles["attention"] = []string{"tile", "attention"}
}

// attention is the Attention of the kernels. Strides count elements.
type attention struct {
	heads, repeats, queries, keys, features, outs uint32
	causal, mask, sinks                           uint32
	part, parts                                   uint32
	scale                                         float32
	qWide, kWide, vWide                           uint32
	_                                             uint32
	q, k, v, m                                    [4]int64
	sink                                          int64
}

const attentionArguments = `device const $T* q [[buffer(0)]], device const $T* k [[buffer(1)]], device const $T* v [[buffer(2)]], device const uchar* mask [[buffer(3)]], device const $T* sinks [[buffer(4)]],
    device $T* out [[buffer(5)]], device float* partial [[buffer(6)]], constant Attention& p [[buffer(7)]], uint3 g [[threadgroup_position_in_grid]], $tile`

const attentionVectorKernel = `
kernel void vector_$each($arguments) {
  attention_vector<$each>(head_of(q, k, v, mask, sinks, p, g.y), out, partial, p, shared, g, i, simd, lane);
}
`

const attentionTileKernel = `
kernel void tile_$outs($arguments) {
  attention_tile<$outs>(head_of(q, k, v, mask, sinks, p, g.y), out, p, shared, g, i, simd, lane);
}
`

const attentionJoinKernel = `
kernel void join(device $T* out [[buffer(5)]], device const float* partial [[buffer(6)]], constant Attention& p [[buffer(7)]], uint3 g [[threadgroup_position_in_grid]], uint i [[thread_index_in_threadgroup]]) {
  attention_join(partial, out, p, g.y * p.queries + g.x, i);
}
`

func attentionSource(l library) string {
	var s strings.Builder
	add := func(text string, values ...string) {
		text = fill(fill(text, "$arguments", attentionArguments), "$tile", tileArguments)
		s.WriteString(fill(text, append(values, "$T", l.in)...))
	}
	for _, each := range []string{"4", "8", "16"} {
		add(attentionVectorKernel, "$each", each)
	}
	for _, outs := range []string{"64", "128", "256"} {
		add(attentionTileKernel, "$outs", outs)
	}
	add(attentionJoinKernel)
	return s.String()
}

// Queries of a head up to fewVectors are answered by threadgroups of their own, and
// keys are split, into parts of attentionPart at least, where these are fewer than
// attentionGroups. More queries are answered in tiles.
const (
	attentionPart   = 256
	attentionGroups = 256
	attentionTile   = 32
)

// attentionParts is the number of parts that keys are split into.
func attentionParts(q, k *engine.Operand) uint32 {
	queries, keys := q.Shape[2], k.Shape[2]
	rows := q.Shape[0] * q.Shape[1] * queries
	if queries > fewVectors || rows == 0 {
		return 1
	}
	return uint32(max(min(keys/attentionPart, (attentionGroups+rows-1)/rows), 1))
}

// attentionScratch holds for each part the values' sums, the top and the sum.
func attentionScratch(t *engine.Task) int {
	parts := attentionParts(&t.In[0], &t.In[1])
	if parts == 1 {
		return 0
	}
	shape := t.Out[0].Shape
	return scratchSize(4 * engine.Elements(shape[:3]) * int(parts) * (shape[3] + 2))
}

// attends encodes attention.
func attends(j *job) error {
	t := j.task
	q, out := &t.In[0], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	p, ops := describeAttention(t)
	p.parts = attentionParts(q, ops[1])
	p.part = (p.keys + p.parts - 1) / p.parts
	partial := out // bound, and not written
	if p.parts > 1 {
		parts, err := j.carve(attentionScratch(t))
		if err != nil {
			return err
		}
		partial = &parts[0]
	}
	l := library{family: "attention", in: typeNames[out.Dtype]}
	k, ok := j.queue.backend.coresKernel(&p, ops, uint(q.Shape[0]))
	if ok {
		l.family = k.family
	} else {
		k.threads = tileThreads
		k.function, k.groups, k.memory = p.kernel(uint(q.Shape[0]))
	}
	groups := k.groups
	if err := j.use(kernelName{l, k.function}); err != nil {
		return err
	}
	for i, o := range ops {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	for i, o := range []*engine.Operand{out, partial} {
		if err := j.write(o, 5+i); err != nil {
			return err
		}
	}
	params(j, &p, 7)
	j.record.SetThreadgroupMemory(k.memory, 0)
	j.groups(groups, k.threads)
	if p.parts == 1 {
		return nil
	}
	if err := j.use(kernelName{l, "join"}); err != nil {
		return err
	}
	if err := j.write(out, 5); err != nil {
		return err
	}
	if err := j.read(partial, 6); err != nil {
		return err
	}
	params(j, &p, 7)
	groups.Depth = 1
	j.groups(groups, tileThreads)
	return nil
}

// describeAttention gives the operands in the order of the kernels' arguments, with
// empty ones for what there is not.
func describeAttention(t *engine.Task) (p attention, ops [5]*engine.Operand) {
	at, q, k, v := t.Attrs.(engine.FlashAttrs), &t.In[0], &t.In[1], &t.In[2]
	ops = [5]*engine.Operand{q, k, v, {}, {}}
	p = attention{
		heads: uint32(q.Shape[1]), repeats: uint32(q.Shape[1] / k.Shape[1]), queries: uint32(q.Shape[2]), keys: uint32(k.Shape[2]),
		features: uint32(q.Shape[3]), outs: uint32(v.Shape[3]), causal: flag(at.Causal), scale: float32(at.Scale),
		qWide: flag(wideLines(q)), kWide: flag(wideLines(k)), vWide: flag(wideLines(v)),
	}
	p.q, p.k, p.v = strides4(q), strides4(k), strides4(v)
	rest := t.In[3:]
	if at.Mask {
		ops[3] = &rest[0]
		p.m, p.mask = strides4(ops[3]), 2
		if ops[3].Dtype == engine.Bool {
			p.mask = 1
		}
		rest = rest[1:]
	}
	if at.Sinks {
		ops[4] = &rest[0]
		p.sink, p.sinks = int64(rest[0].Strides[0]), 1
	}
	return p, ops
}

func strides4(o *engine.Operand) (s [4]int64) {
	for i, n := range o.Strides {
		s[i] = int64(n)
	}
	return s
}

// wideLines reports whether the elements along the last axis are neighbours, and each
// fourth of them is aligned to four.
func wideLines(o *engine.Operand) bool { return linesOf(o, 4) }

// linesOf reports whether the elements along the last axis are neighbours, and of so
// many of them each first is aligned to all.
func linesOf(o *engine.Operand, many int) bool {
	last := len(o.Shape) - 1
	apart := o.Offset
	for i, s := range o.Strides[:last] {
		if o.Shape[i] > 1 {
			apart |= s
		}
	}
	return o.Buffer != nil && o.Strides[last] == 1 && apart%many == 0
}

// kernel chooses a kernel, its threadgroups for a number of batches, and their memory
// in bytes.
func (p *attention) kernel(batches uint) (function string, groups Size, memory int) {
	groups.Height = batches * uint(p.heads)
	if p.queries <= fewVectors {
		function = "vector_16"
		for _, v := range []struct {
			most uint32
			name string
		}{{256, "vector_8"}, {128, "vector_4"}} {
			if max(p.features, p.outs) <= v.most {
				function = v.name
			}
		}
		groups.Width, groups.Depth = uint(p.queries), uint(p.parts)
		return function, groups, 4 * (4*int(p.outs) + 8)
	}
	function = "tile_256"
	switch {
	case p.outs <= 64:
		function = "tile_64"
	case p.outs <= 128:
		function = "tile_128"
	}
	groups.Width, groups.Depth = ceilDiv(p.queries, attentionTile), ceilDiv(p.outs, 256)
	return function, groups, 3 * attentionTile * (attentionTile + 4) * 4
}
