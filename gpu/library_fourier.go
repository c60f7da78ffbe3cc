package gpu

import "github.com/mlxstar/mlxstar/engine"

// Transformer is a Driver with a library of Fourier transforms.
type Transformer interface {
	// Transforms reports whether the library computes transforms; what it has agreed to it
	// runs, as part of the commands that were recorded.
	Transforms(t *Transform) bool
}

// Transform is Fourier transforms of rows of N complex numbers, or, where Real is set, of N
// real ones to half of their spectrum. Nothing is divided.
type Transform struct {
	N, Rows       int
	Real, Inverse bool
	In, Out       Buffer
	// Where they begin, in bytes.
	InOffset, OutOffset int

	// Plan is what the driver has made of it when it agreed to it.
	Plan any
}

const (
	// leastTransformed is how many numbers are worth a library's call.
	leastTransformed = 1 << 12
	fourierScaling   = `
kernel void scale(device float* x [[buffer(0)]], constant Scaling& s [[buffer(1)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = ulong(g.y) * s.width + g.x;
  if (i < s.count) x[i] *= s.by;
}
`
)

// scaling is the Scaling of the kernel.
type scaling struct {
	count uint64
	width uint32
	by    float32
}

// byTransforms records a transform for the driver's library, if it has one that takes it.
func (j *job) byTransforms(at engine.FourierAttrs, in, out *engine.Operand) (ok bool, err error) {
	lib, ok := j.queue.backend.driver.(Transformer)
	if !ok || j.task.Op == engine.OpIRFFT || out.Len() < leastTransformed || in.Buffer == nil || in.Shape[len(in.Shape)-1] != at.N {
		return false, nil
	}
	t := &Transform{N: at.N, Rows: in.Len() / at.N, Real: j.task.Op == engine.OpRFFT, Inverse: at.Inverse}
	var have [2]bool
	t.In, have[0] = in.Buffer.Handle().(Buffer)
	t.Out, have[1] = out.Buffer.Handle().(Buffer)
	t.InOffset, t.OutOffset = in.Offset*in.Dtype.Size(), out.Offset*out.Dtype.Size()
	if have != [2]bool{true, true} || (t.InOffset|t.OutOffset)%16 != 0 || !lib.Transforms(t) {
		return false, nil
	}
	j.reads, j.writes = append(j.reads[:0], j.placeOf(in)), append(j.writes[:0], j.placeOf(out))
	j.record.SetPipeline(0)
	j.order()
	j.record.Transform(t)
	if at.Scale == 1 {
		return true, nil
	}
	if err := j.use(kernelName{library{family: "fourier"}, "scale"}); err != nil {
		return true, err
	}
	if err := j.write(out, 0); err != nil {
		return true, err
	}
	n := 2 * out.Len()
	params(j, &scaling{count: uint64(n), width: j.widthOf(n), by: float32(at.Scale)}, 1)
	j.spread(n)
	return true, nil
}
