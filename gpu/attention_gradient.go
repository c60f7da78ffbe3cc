package gpu

import (
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{
		cores:     true,
		takes:     func(_ *engine.Op, in, _ []engine.Dtype) bool { return domainOf(in[0]) == floats && in[0].Size() == 2 },
		encode:    attentionGradients,
		workspace: attentionGradientScratch,
	}, engine.OpAttentionVJP)
	generators["attention_gradient"] = attentionGradientSource
	sharedFiles["attention_gradient"] = []string{"tile", "attention", "cores", "attention_cores", "groups", "attention_gradient"}
}

// attentionGradient is the AttentionGradient of the kernels.
type attentionGradient struct {
	by     attention
	y, dy  [4]int64
	dyWide uint32
	_      uint32
}

// A kernel weighs, and two answer, for which q, k, v, the mask, the sinks and the cotangent
// are in the first places.
const attentionGradientKernels = `
kernel void weigh_$size(device const $T* y [[buffer(6)]], device float* weighings [[buffer(9)]], $operands) {
  gradient_weigh<$size>(head_of(q, k, v, mask, sinks, p.by, g.y), y, dy, p, weighings, (threadgroup ushort*)shared, g.x * 64, g.y, i, simd, lane);
}
AT_ONCE(128, $once) kernel void queries_$size(device $T* dq [[buffer(6)]], device const float* weighings [[buffer(9)]], $operands) {
  gradient_queries<$size>(head_of(q, k, v, mask, sinks, p.by, g.y), dy, dq, p, weighings, (threadgroup ushort*)shared, g.x * 64, g.y, i, simd, lane);
}
AT_ONCE(128, 2) kernel void keys_$size(device $T* dk [[buffer(6)]], device $T* dv [[buffer(7)]], device const float* weighings [[buffer(9)]], $operands) {
  gradient_keys<$size>(q, k, v, mask, sinks, dy, dk, dv, p, weighings, (threadgroup ushort*)shared, g.x * 64, g.y, i, simd, lane);
}
`

const attentionGradientOperands = `device const $T* q [[buffer(0)]], device const $T* k [[buffer(1)]], device const $T* v [[buffer(2)]], device const uchar* mask [[buffer(3)]], device const $T* sinks [[buffer(4)]],
    device const $T* dy [[buffer(5)]], constant AttentionGradient& p [[buffer(10)]], uint3 g [[threadgroup_position_in_grid]], $tile`

func attentionGradientSource(l library) string {
	var s strings.Builder
	for _, size := range []string{"64", "128"} {
		text := fill(fill(attentionGradientKernels, "$operands", attentionGradientOperands), "$tile", tileArguments)
		s.WriteString(fill(text, "$size", size, "$once", map[string]string{"64": "3", "128": "2"}[size], "$T", l.in))
	}
	return s.String()
}

// attentionGradientScratch holds four floats, of which three are used, for each query.
func attentionGradientScratch(t *engine.Task) int {
	return scratchSize(16 * engine.Elements(t.In[0].Shape[:3]))
}

// attentionGradients encodes the cotangents of attention's operands: a pass that finds what
// the weights are made of, one for the queries, and one for keys and values.
func attentionGradients(j *job) error {
	t := j.task
	inner := *t
	inner.In = append(append([]engine.Operand(nil), t.In[:3]...), t.In[5:]...)
	by, ops := describeAttention(&inner)
	y, dy := &t.In[3], &t.In[4]
	p := attentionGradient{by: by.forCores(ops), y: strides4(y), dy: strides4(dy), dyWide: flag(linesOf(dy, 8) && by.outs%8 == 0)}
	size, name := 64, "_64"
	if max(by.features, by.outs) > 64 {
		size, name = 128, "_128"
	}
	l := library{family: "attention_gradient", in: typeNames[t.Out[0].Dtype]}
	queries := Size{Width: ceilDiv(by.queries, 64), Height: uint(t.In[0].Shape[0] * t.In[0].Shape[1]), Depth: 1}
	keys := Size{Width: ceilDiv(by.keys, 64), Height: uint(t.In[1].Shape[0] * t.In[1].Shape[1]), Depth: 1}
	weighings, err := j.carve(attentionGradientScratch(t))
	if err != nil {
		return err
	}
	weighed := &weighings[0]
	for _, pass := range []struct {
		function string
		groups   Size
		tiles    int // of threadgroup memory
		more     int // bytes of it
		read     *engine.Operand
		write    []*engine.Operand
		weighs   bool
	}{
		{function: "weigh", groups: queries, tiles: 3, read: y, weighs: true},
		{function: "queries", groups: queries, tiles: 6, write: []*engine.Operand{&t.Out[0]}},
		{function: "keys", groups: keys, tiles: 6, more: 2 * 1024, write: []*engine.Operand{&t.Out[1], &t.Out[2]}},
	} {
		if pass.groups.Width*pass.groups.Height == 0 {
			continue
		}
		if err := j.use(kernelName{l, pass.function + name}); err != nil {
			return err
		}
		for i, o := range append(append([]*engine.Operand(nil), ops[:]...), dy) {
			if err := j.read(o, i); err != nil {
				return err
			}
		}
		if pass.read != nil {
			if err := j.read(pass.read, 6); err != nil {
				return err
			}
		}
		for i, o := range pass.write {
			if err := j.write(o, 6+i); err != nil {
				return err
			}
		}
		bind := j.read
		if pass.weighs {
			bind = j.write
		}
		if err := bind(weighed, 9); err != nil {
			return err
		}
		params(j, &p, 10)
		j.record.SetThreadgroupMemory(pass.tiles*64*size*2+pass.more, 0)
		j.groups(pass.groups, tileThreads)
	}
	return nil
}

// forCores says which lines tensor cores' kernels may fetch by eight numbers.
func (p attention) forCores(ops [5]*engine.Operand) attention {
	p.qWide = flag(linesOf(ops[0], 8) && p.features%8 == 0)
	p.kWide = flag(linesOf(ops[1], 8) && p.features%8 == 0)
	p.vWide = flag(linesOf(ops[2], 8) && p.outs%8 == 0)
	return p
}
