package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{
		takes: func(_ *engine.Op, in, _ []engine.Dtype) bool {
			return domainOf(in[0]) == floats && in[1].IsInteger() && in[1] != engine.Bool
		},
		encode: crossEntropies,
	}, engine.OpCrossEntropy, engine.OpCrossEntropyVJP)
	generators["cross_entropy"] = func(l library) string { return fill(crossEntropyKernels, "$T", l.in, "$I", l.out) }
	sharedFiles["cross_entropy"] = []string{"lanes", "places", "cross_entropy"}
}

var crossEntropyKernels = `
kernel void cross_entropy(device const $T* in [[buffer(0)]], device const $I* targets [[buffer(1)]], device float* losses [[buffer(2)]], device float* sums [[buffer(3)]],
    constant Places& p [[buffer(4)]], device uint* status [[buffer(5)]], ` + fill(rowArguments, "$rows", "6") + `) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row >= r.count) return;
  in += t.row * r.width;
  float sum = entropy_row(in, r.width, r.packed != 0u, t, shared);
  if (t.i != 0u) return;
  long named = long(targets[t.row]);
  sums[t.row] = sum;
  if (bounded(p, 0, named, status)) losses[t.row] = sum - widen(in[named]);
}
kernel void cross_entropy_vjp(device const $T* in [[buffer(0)]], device const $I* targets [[buffer(1)]], device const float* sums [[buffer(2)]], device const float* ct [[buffer(3)]],
    device $T* out [[buffer(4)]], constant Places& p [[buffer(5)]], device uint* status [[buffer(6)]], ` + fill(rowArguments, "$rows", "7") + `) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row >= r.count) return;
  long named = long(targets[t.row]);
  if (!bounded(p, 0, named, status)) return;
  entropy_back(in + t.row * r.width, out + t.row * r.width, named, sums[t.row], ct[t.row], r.width, r.packed != 0u, t);
}
`

// crossEntropies runs a team of threads for each row. A target that names no element is
// reported as an index is.
func crossEntropies(j *job) error {
	t := j.task
	in, targets := &t.In[0], &t.In[1]
	last := len(in.Shape) - 1
	if targets.Len() == 0 || in.Len() == 0 {
		return nil
	}
	p, status, err := j.named(targets.Len(), []int{last}, in, nil)
	if err != nil {
		return err
	}
	reads, writes := []*engine.Operand{in, targets}, []*engine.Operand{&t.Out[0]}
	function := "cross_entropy"
	if t.Op == engine.OpCrossEntropyVJP {
		function, reads = "cross_entropy_vjp", append(reads, &t.In[2], &t.In[3])
	} else {
		writes = append(writes, &t.Out[1])
	}
	l := library{"cross_entropy", typeNames[in.Dtype], typeNames[targets.Dtype]}
	if err := j.kernelOn(kernelName{l, function}, reads, writes...); err != nil {
		return err
	}
	next := len(reads) + len(writes)
	params(j, &p, next)
	j.reports(status, next+1)
	width, many := in.Shape[last], packBytes/in.Dtype.Size()
	r, groups, threads, err := j.teams(targets.Len(), width, entropyPacks*many, mostSimds)
	if err != nil {
		return err
	}
	r.packed = flag(width%many == 0 && in.Buffer != nil && in.Offset%many == 0 && (len(writes) > 1 || t.Out[0].Offset%many == 0))
	params(j, &r, next+2)
	j.record.SetThreadgroupMemory(4*lanesPerSimd, 0)
	j.groups(groups, threads)
	return nil
}

// entropyPacks is how many packs of a row a thread takes before more threads are worth it.
const entropyPacks = 4
