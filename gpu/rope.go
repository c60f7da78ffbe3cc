package gpu

import (
	"math"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{
		takes: func(op *engine.Op, in, out []engine.Dtype) bool {
			return floatsOnly(op, in[:1], out) && (len(in) < 3 || in[2] == engine.Float32)
		},
		encode: ropes,
	}, engine.OpRope)
	generators["rope"] = func(l library) string { return fill(ropeKernel, "$T", l.in) }
}

const ropeKernel = `
kernel void rope(device const $T* in [[buffer(0)]], device const int* offsets [[buffer(1)]], device const float* inverse [[buffer(2)]], device $T* out [[buffer(3)]],
    constant Rope& r [[buffer(4)]], constant Walk& heads [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  rope_pair(in, offsets, inverse, out, r, heads, ulong(g.y) * r.width + g.x);
}
`

// rope is the Rope of the kernels.
type rope struct {
	count                                    uint64
	width                                    uint32
	columns, half, dims                      uint32
	length, heads, chunks                    uint32
	traditional, given, pitch                uint32
	example, place, feature, offset, inverse int64
	scale, step, logBase                     float32
	_                                        uint32
}

// headsPerThread is the kernel's heads_per_thread: they share an angle.
const headsPerThread = 4

// ropes turns pairs of features; axes between the first and the last two are the
// heads.
func ropes(j *job) error {
	t := j.task
	at, in, offset, out := t.Attrs.(engine.RopeAttrs), &t.In[0], &t.In[1], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	rank := len(in.Shape)
	heads, err := newWalk(t.Op.Name, in.Shape[1:rank-2], in.Strides[1:rank-2])
	if err != nil {
		return err
	}
	half := at.Dims / 2
	r := rope{
		half: uint32(half), dims: uint32(at.Dims), length: uint32(in.Shape[rank-2]), heads: uint32(heads.count), pitch: uint32(in.Shape[rank-1]),
		columns: uint32(half + in.Shape[rank-1] - at.Dims), chunks: uint32((heads.count + headsPerThread - 1) / headsPerThread),
		traditional: flag(at.Traditional), given: flag(at.Freqs),
		example: int64(in.Strides[0]), place: int64(in.Strides[rank-2]), feature: int64(in.Strides[rank-1]),
		scale: float32(at.Scale), step: float32(-1 / float64(half)), logBase: float32(math.Log(at.Base)),
	}
	if offset.Len() > 1 {
		r.offset = int64(offset.Strides[0])
	}
	inverse := offset // not looked at
	if at.Freqs {
		inverse = &t.In[2]
		r.inverse = int64(inverse.Strides[0])
	}
	if err := j.use(kernelName{library{family: "rope", in: typeNames[in.Dtype]}, "rope"}); err != nil {
		return err
	}
	for i, o := range []*engine.Operand{in, offset, inverse} {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	if err := j.write(out, 3); err != nil {
		return err
	}
	n := in.Shape[0] * int(r.chunks) * int(r.length) * int(r.columns)
	r.count, r.width = uint64(n), j.widthOf(n)
	params(j, &r, 4)
	params(j, &heads, 5)
	j.spread(n)
	return nil
}
