package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{takes: floatsOnly, encode: normGradients, workspace: normGradientScratch}, engine.OpRMSNormVJP, engine.OpLayerNormVJP)
	generators["norm_gradient"] = func(l library) string { return fill(normGradientKernels, "$T", l.in) }
	sharedFiles["norm_gradient"] = []string{"lanes", "norm", "norm_gradient"}
}

var normGradientKernels = `
kernel void norm_back(device const $T* in [[buffer(0)]], device const $T* dy [[buffer(1)]], device const $T* weight [[buffer(2)]], device $T* out [[buffer(3)]], device float* stats [[buffer(4)]],
    constant Norm& n [[buffer(5)]], ` + fill(rowArguments, "$rows", "6") + `) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row >= r.count) return;
  norm_back_row(in + t.row * r.width, dy + t.row * r.width, weight, out + t.row * r.width, stats + 2 * t.row, n, r.width, r.packed != 0u, t, shared);
}
kernel void norm_params(device const $T* in [[buffer(0)]], device const $T* dy [[buffer(1)]], device const float2* stats [[buffer(2)]], device float* sums [[buffer(3)]],
    constant NormParams& p [[buffer(4)]], threadgroup float* shared [[threadgroup(0)]], uint3 g [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]],
    uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]]) {
  norm_params_part(in, dy, stats, sums, p, g.x, g.y, lane, simd, simds, shared);
}
kernel void norm_params_weight(device const float* sums [[buffer(0)]], device $T* out [[buffer(1)]], constant NormParams& p [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  norm_params_sum(sums, out, p, 0u, g);
}
kernel void norm_params_bias(device const float* sums [[buffer(0)]], device $T* out [[buffer(1)]], constant NormParams& p [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  norm_params_sum(sums, out, p, 1u, g);
}
`

// normParams is the NormParams of the kernels.
type normParams struct {
	rows, per    uint64
	width, parts uint32
	across, _    uint32
}

const (
	normGroups = 1024 // threadgroups that sum columns
	normPart   = 32   // rows that are worth a part of their own
	normSimds  = 8    // simdgroups that take turns down a part
)

// normParamsOf divides rows into parts, by shapes alone.
func normParamsOf(x *engine.Operand) normParams {
	width := x.Shape[len(x.Shape)-1]
	rows := x.Len() / width
	blocks := (width + lanesPerSimd - 1) / lanesPerSimd
	parts := max(min((normGroups+blocks-1)/blocks, rows/normPart), 1)
	per := (rows + parts - 1) / parts
	parts = (rows + per - 1) / per
	return normParams{rows: uint64(rows), per: uint64(per), width: uint32(width), parts: uint32(parts)}
}

// scratch is what was taken off each row and what it was divided by, and the sums of the
// parts.
func (p *normParams) scratch() []int {
	return []int{8 * int(p.rows), 8 * int(p.parts) * int(p.width)}
}

func normGradientScratch(t *engine.Task) int {
	if t.In[0].Len() == 0 {
		return 0
	}
	p := normParamsOf(&t.In[0])
	return scratchSize(p.scratch()...)
}

// normGradients encodes a pass over rows, for the cotangent of x, and one down the columns for
// those of the parameters, whose parts are added up.
func normGradients(j *job) error {
	t := j.task
	at, x, dy := t.Attrs.(engine.NormGradientAttrs), &t.In[0], &t.In[1]
	if x.Len() == 0 {
		return j.zeroes(t.Out[1:])
	}
	p := normParamsOf(x)
	parts, err := j.carve(p.scratch()...)
	if err != nil {
		return err
	}
	weight := x // not looked at
	if at.Weight {
		weight = &t.In[2]
	}
	l := library{family: "norm_gradient", in: typeNames[x.Dtype]}
	if err := j.kernelOn(kernelName{l, "norm_back"}, []*engine.Operand{x, dy, weight}, &t.Out[0], &parts[0]); err != nil {
		return err
	}
	n := norm{eps: float32(at.Eps), center: flag(t.Op == engine.OpLayerNormVJP), weighted: flag(at.Weight)}
	params(j, &n, 5)
	if err := j.eachRow(6, x, dy, weight, &t.Out[0]); err != nil {
		return err
	}
	if !at.Params || !at.Weight && !at.Bias {
		return nil
	}
	if err := j.kernelOn(kernelName{l, "norm_params"}, []*engine.Operand{x, dy, &parts[0]}, &parts[1]); err != nil {
		return err
	}
	params(j, &p, 4)
	simds := max(min(normSimds, j.kernel.maxThreads/lanesPerSimd), 1)
	j.record.SetThreadgroupMemory(8*lanesPerSimd*simds, 0)
	j.groups(Size{Width: ceilDiv(p.width, lanesPerSimd), Height: uint(p.parts), Depth: 1}, Size{Width: uint(simds * lanesPerSimd), Height: 1, Depth: 1})
	rest := t.Out[1:]
	for _, sum := range []struct {
		function string
		wanted   bool
	}{{"norm_params_weight", at.Weight}, {"norm_params_bias", at.Bias}} {
		if !sum.wanted {
			continue
		}
		if err := j.kernelOn(kernelName{l, sum.function}, []*engine.Operand{&parts[1]}, &rest[0]); err != nil {
			return err
		}
		rest = rest[1:]
		p.across = j.widthOf(int(p.width))
		params(j, &p, 2)
		j.spread(int(p.width))
	}
	return nil
}

// zeroes fills outputs with zeros: sums of no rows.
func (j *job) zeroes(outs []engine.Operand) error {
	for i := range outs {
		if err := j.fill(&outs[i], new(engine.ElementBytes)); err != nil {
			return err
		}
	}
	return nil
}
