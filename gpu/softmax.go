package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{takes: floatsOnly, encode: softmaxes}, engine.OpSoftmax)
	generators["softmax"] = func(l library) string { return fill(softmaxKernel, "$T", l.in) }
}

// floatsOnly takes operations whose inputs are of one floating dtype.
func floatsOnly(_ *engine.Op, in, _ []engine.Dtype) bool {
	for _, d := range in {
		if d != in[0] || domainOf(d) != floats {
			return false
		}
	}
	return true
}

var softmaxKernel = `
kernel void softmax(device const $T* in [[buffer(0)]], device $T* out [[buffer(1)]], ` + fill(rowArguments, "$rows", "2") + `) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row >= r.count) return;
  softmax_row(in + t.row * r.width, out + t.row * r.width, r.width, r.packed != 0u, t, shared);
}
`

// softmaxes runs a team of threads for each row.
func softmaxes(j *job) error {
	in, out := &j.task.In[0], &j.task.Out[0]
	if out.Len() == 0 {
		return nil
	}
	if err := j.use(kernelName{library{family: "softmax", in: typeNames[in.Dtype]}, "softmax"}); err != nil {
		return err
	}
	if err := j.read(in, 0); err != nil {
		return err
	}
	if err := j.write(out, 1); err != nil {
		return err
	}
	return j.eachRow(2, in, out)
}
