package metal

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{
		takes:  func(_ *engine.Op, in, _ []engine.Dtype) bool { return domainOf(in[0]) == floats },
		encode: softmaxes,
	}, engine.OpSoftmax)
	generators["softmax"] = func(l library) string { return fill(softmaxKernel, "$T", l.in) }
}

const softmaxKernel = `
kernel void softmax(device const $T* in [[buffer(0)]], device $T* out [[buffer(1)]], constant Walk& w [[buffer(2)]], constant ulong& width [[buffer(3)]],
    threadgroup float* shared [[threadgroup(0)]], uint3 g [[threadgroup_position_in_grid]], uint i [[thread_index_in_threadgroup]], uint3 n [[threads_per_threadgroup]]) {
  ulong row = element(w, g);
  if (row >= w.count) return;
  softmax_row(in + row * width, out + row * width, width, shared, i, n.x);
}
`

// softmaxes runs a threadgroup for each row.
func softmaxes(j *job) error {
	t := j.task
	in, out := &t.In[0], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	width := uint64(out.Shape[len(out.Shape)-1])
	rows := walk{count: uint64(out.Len()) / width}
	if err := j.use(kernelName{library{family: "softmax", in: typeNames[in.Dtype]}, "softmax"}); err != nil {
		return err
	}
	if err := j.read(in, 0); err != nil {
		return err
	}
	if err := j.write(out, 1); err != nil {
		return err
	}
	j.onePer(int(rows.count), &rows, func(threads int) {
		params(j, &rows, 2)
		params(j, &width, 3)
		j.api.SetThreadgroupMemory(j.encoder, 4*threads, 0)
	})
	return nil
}
