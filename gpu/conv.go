package gpu

import (
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{
		takes:  func(_ *engine.Op, in, _ []engine.Dtype) bool { return domainOf(in[0]) == floats },
		encode: convolves,
	}, engine.OpConv)
	generators["conv"] = convSource
	sharedFiles["conv"] = []string{"tile", "conv"}
}

// conv is the Conv of the kernels.
type conv struct {
	m, n, k                                                 uint32
	each, all, outs                                         uint32
	wide, weightsWide, outWide, flip                        uint32
	sizes, in, window, stride, low, dilation, inputDilation [engine.ConvAxes]int32
}

const convKernel = `
kernel void tile$size(device const $T* x [[buffer(0)]], device const $T* w [[buffer(1)]], device $T* out [[buffer(2)]], constant Conv& p [[buffer(3)]], uint3 g [[threadgroup_position_in_grid]], $tile) {
  conv_tile<$size>(x, w, out, p, shared, g, i, simd, lane);
}
`

const convEachKernel = `
kernel void each(device const $T* x [[buffer(0)]], device const $T* w [[buffer(1)]], device $T* out [[buffer(2)]], constant Conv& p [[buffer(3)]], constant Walk& all [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(all, g);
  if (i < all.count) conv_each(x, w, out, p, i);
}
`

// convFilters is how many filters a group has at least that is worth tiles.
const convFilters = 8

func convSource(l library) string {
	var s strings.Builder
	s.WriteString(fill(convEachKernel, "$T", l.in))
	for _, size := range []string{"32", "64"} {
		s.WriteString(fill(convKernel, "$tile", tileArguments, "$T", l.in, "$size", size))
	}
	return s.String()
}

// convolves encodes a convolution as a product whose left side is looked up.
func convolves(j *job) error {
	t := j.task
	x, w, out := &t.In[0], &t.In[1], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	at := t.Attrs.(engine.ConvAttrs)
	p := describeConv(at, x, w, out)
	l := library{family: "conv", in: typeNames[out.Dtype]}
	if tile, stages, ok := j.coresConv(&p, x, w, out); ok {
		l.family = "conv_cores"
		if err := j.convolve(kernelName{l, "cores_" + tile.name()}, &p); err != nil {
			return err
		}
		j.record.SetThreadgroupMemory(tile.memory(stages)+16*tile.rows(), 0)
		j.groups(tile.groups(int(p.m), int(p.n), at.Groups), tileThreads)
		return nil
	}
	if at.Groups > 1 && p.n < convFilters {
		if err := j.convolve(kernelName{l, "each"}, &p); err != nil {
			return err
		}
		params(j, &walk{count: uint64(out.Len()), width: j.widthOf(out.Len())}, 4)
		j.spread(out.Len())
		return nil
	}
	size, function := uint32(32), "tile32"
	if ceilDiv(p.m, 64)*ceilDiv(p.n, 64)*uint(at.Groups) >= tileGroups {
		size, function = 64, "tile64"
	}
	if err := j.convolve(kernelName{l, function}, &p); err != nil {
		return err
	}
	j.record.SetThreadgroupMemory(tileMemory(int(size)), 0)
	j.groups(Size{Width: ceilDiv(p.n, size), Height: ceilDiv(p.m, size), Depth: uint(at.Groups)}, tileThreads)
	return nil
}

// convolve chooses a kernel and binds what all of them take.
func (j *job) convolve(k kernelName, p *conv) error {
	if err := j.use(k); err != nil {
		return err
	}
	for i := range 2 {
		if err := j.read(&j.task.In[i], i); err != nil {
			return err
		}
	}
	if err := j.write(&j.task.Out[0], 2); err != nil {
		return err
	}
	params(j, p, 3)
	return nil
}

func describeConv(at engine.ConvAttrs, x, w, out *engine.Operand) conv {
	rank := len(x.Shape) - 2
	p := conv{each: uint32(w.Shape[rank+1]), all: uint32(x.Shape[rank+1]), outs: uint32(out.Shape[rank+1]), flip: flag(at.Flip)}
	p.m, p.n = uint32(engine.Elements(out.Shape[:rank+1])), p.outs/uint32(at.Groups)
	p.k = uint32(engine.Elements(w.Shape[1:]))
	p.wide = flag(x.Buffer != nil && p.each%4 == 0 && x.Offset%4 == 0)
	p.weightsWide = flag(w.Buffer != nil && p.k%4 == 0 && w.Offset%4 == 0)
	for i := range engine.ConvAxes {
		axis := i - (engine.ConvAxes - rank)
		if axis < 0 { // one place
			p.sizes[i], p.in[i], p.window[i], p.stride[i], p.dilation[i], p.inputDilation[i] = 1, 1, 1, 1, 1, 1
			continue
		}
		p.sizes[i], p.in[i], p.window[i] = int32(out.Shape[axis+1]), int32(x.Shape[axis+1]), int32(w.Shape[axis+1])
		p.stride[i], p.low[i] = int32(at.Stride[axis]), int32(at.Low[axis])
		p.dilation[i], p.inputDilation[i] = int32(at.KernelDilation[axis]), int32(at.InputDilation[axis])
	}
	return p
}
