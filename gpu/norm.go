package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{takes: floatsOnly, encode: norms}, engine.OpRMSNorm, engine.OpLayerNorm)
	generators["norm"] = func(l library) string { return fill(normKernel, "$T", l.in) }
}

var normKernel = `
kernel void norm(device const $T* in [[buffer(0)]], device const $T* weight [[buffer(1)]], device const $T* bias [[buffer(2)]], device $T* out [[buffer(3)]],
    constant Norm& n [[buffer(4)]], ` + fill(rowArguments, "$rows", "5") + `) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row >= r.count) return;
  norm_row(in + t.row * r.width, weight, bias, out + t.row * r.width, n, r.width, r.packed != 0u, t, shared);
}
`

// norm is the Norm of the kernels.
type norm struct {
	eps                      float32
	center, weighted, biased uint32
}

// norms runs a team of threads for each row. What is not given is bound as the
// input, and not looked at.
func norms(j *job) error {
	t := j.task
	at, in, out := t.Attrs.(engine.NormAttrs), &t.In[0], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	n := norm{eps: float32(at.Eps), center: flag(t.Op == engine.OpLayerNorm), weighted: flag(at.Weight), biased: flag(at.Bias)}
	operands, rest := [3]*engine.Operand{in, in, in}, t.In[1:]
	for i, given := range []bool{at.Weight, at.Bias} {
		if given {
			operands[1+i], rest = &rest[0], rest[1:]
		}
	}
	if err := j.use(kernelName{library{family: "norm", in: typeNames[in.Dtype]}, "norm"}); err != nil {
		return err
	}
	for i, o := range operands {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	if err := j.write(out, 3); err != nil {
		return err
	}
	params(j, &n, 4)
	return j.eachRow(5, operands[0], operands[1], operands[2], out)
}
