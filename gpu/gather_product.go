package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{
		takes:     func(_ *engine.Op, in, _ []engine.Dtype) bool { return domainOf(in[0]) == floats },
		encode:    gatherProducts,
		workspace: gatherScratch,
	}, engine.OpGatherMM)
}

// pick is the Pick of the kernels.
type pick struct {
	length, step int64
	count, check uint32
}

const placesKernel = `
kernel void places(device const long* index [[buffer(0)]], device long* places [[buffer(1)]], constant Pick& p [[buffer(2)]], device uint* status [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  picked_place(index, places, p, status, g.x);
}
`

// gatherProducts encodes products of picked matrices, which are read where they lie.
func gatherProducts(j *job) error {
	t := j.task
	at, out := t.Attrs.(engine.GatherProductAttrs), &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	x := &multiplication{job: j, product: product{alpha: 1}, a: &t.In[0], b: &t.In[1], c: new(engine.Operand), out: out}
	x.aPick, x.bPick = flag(at.Left), 2*flag(at.Right)
	scratch, err := j.carve(gatherParts(t)...)
	if err != nil {
		return err
	}
	if err := j.indices(t.In[2:], &scratch[0]); err != nil {
		return err
	}
	if err := x.places(scratch[0], scratch[1], t.In[2].Len()); err != nil {
		return err
	}
	x.picks = &scratch[1]
	if err := x.describe(); err != nil {
		return err
	}
	return x.encode()
}

// gatherParts are the sizes of the indices, and of the pairs of places.
func gatherParts(t *engine.Task) []int { return []int{indexBytes(t.In[2:]), 2 * 8 * t.In[2].Len()} }

func gatherScratch(t *engine.Task) int { return scratchSize(gatherParts(t)...) }

// places turns indices, n of each side, into pairs of the places where the matrices of
// a product begin.
func (x *multiplication) places(index, places engine.Operand, n int) error {
	for side, o := range []*engine.Operand{x.a, x.b} {
		if side == 0 && x.aPick == 0 || side == 1 && x.bPick == 0 {
			continue
		}
		p := pick{length: int64(o.Shape[0]), step: int64(o.Strides[0]), count: uint32(n)}
		status, number, err := x.watchIndices(check{op: x.task.Op.Name, length: o.Shape[0]})
		if err != nil {
			return err
		}
		p.check = number
		if err := x.use(kernelName{library{family: "matmul", in: typeNames[x.out.Dtype]}, "places"}); err != nil {
			return err
		}
		if err := x.read(&index, 0); err != nil {
			return err
		}
		to := places
		to.Offset += 8 * side
		if err := x.write(&to, 1); err != nil {
			return err
		}
		params(x.job, &p, 2)
		x.reports(status, 3)
		x.spread(n)
		index.Offset += 8 * n
	}
	return nil
}
