package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

// Reductions are divided by shapes and strides alone, so that they give the same
// on every GPU.
const (
	shortFold     = 32      // what folds fewer elements is made by one thread
	foldPart      = 1 << 13 // elements of a part that is worth a threadgroup
	columnPart    = 1 << 8  // elements down a column that are worth a threadgroup's turn
	foldGroups    = 512     // threadgroups that keep a GPU busy
	foldPerThread = 8       // elements that a thread takes before more threads are worth it
	mostFoldSimds = 8
)

// foldPlan is how a reduction runs: a thread, a team or a lane to each result.
type foldPlan struct {
	kept, folded walk
	kernel       string
	parts, part  int
	row, blocks  int // results that lie side by side, and blocks of 32 of them
}

// foldOf is the Fold of the kernels.
type foldOf struct {
	length, part          uint64
	parts, row, blocks, _ uint32
}

func planFold(t *engine.Task) (p foldPlan, err error) {
	if p.kept, p.folded, err = splitAxes(t); err != nil {
		return p, err
	}
	p.choose()
	return p, nil
}

// choose decides on a kernel and on the parts.
func (p *foldPlan) choose() {
	results, length := int(p.kept.count), int(p.folded.count)
	p.parts, p.part = 1, length
	inner, step := p.kept.last(), p.folded.last()
	switch sideways := inner == 1 && step != 1; {
	case length < shortFold:
		p.kernel = "each_"
	case sideways:
		p.kernel = "columns_"
		p.row = int(p.kept.shape[p.kept.rank-1])
		p.blocks = (p.row + lanesPerSimd - 1) / lanesPerSimd
		p.cut(results/p.row*p.blocks, columnPart)
	default:
		p.kernel = "rows_"
		p.cut(results, foldPart)
	}
}

// cut divides each result into parts of some elements at least, as long as there
// are too few threadgroups.
func (p *foldPlan) cut(groups, least int) {
	p.parts = max(min(p.part/least, (foldGroups+groups-1)/groups), 1)
	p.part = (p.part + p.parts - 1) / p.parts
	p.parts = (int(p.folded.count) + p.part - 1) / p.part
}

// items is how many accumulators the first kernel makes.
func (p *foldPlan) items() int { return int(p.kept.count) * p.parts }

// last is the stride of the walk's last axis, 0 without one.
func (w *walk) last() int64 {
	if w.rank == 0 {
		return 0
	}
	return w.strides[0][w.rank-1]
}

// foldScratch is the memory of the parts' accumulators: of two parts each, of 8
// and 4 bytes at most.
func foldScratch(t *engine.Task) int {
	in := &t.In[0]
	if in.Strides != nil || len(in.Shape) == 0 {
		p, err := planFold(t)
		if err != nil || p.parts == 1 {
			return 0
		}
		return scratchSize(p.scratch()...)
	}
	// Any layout: of the two ways to lie, the one that takes more.
	results := t.Out[0].Len()
	if results == 0 {
		return 0
	}
	size := 0
	for _, least := range []int{columnPart, foldPart} {
		p := foldPlan{part: in.Len() / results}
		p.kept.count, p.folded.count = uint64(results), uint64(p.part)
		groups := results
		if least == columnPart {
			groups = (results + lanesPerSimd - 1) / lanesPerSimd
		}
		if p.part > 0 {
			p.cut(groups, least)
		}
		if p.parts > 1 {
			size = max(size, scratchSize(p.scratch()...))
		}
	}
	return size
}

func (p *foldPlan) scratch() []int { return []int{8 * p.items(), 4 * p.items()} }

func folds(j *job) error {
	t := j.task
	in, out := &t.In[0], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	p, err := planFold(t)
	if err != nil {
		return err
	}
	l := library{"fold " + t.Op.Name, typeNames[in.Dtype], typeNames[out.Dtype]}
	if err := j.use(kernelName{l, p.kernel + t.Op.Name}); err != nil {
		return err
	}
	if err := j.read(in, 0); err != nil {
		return err
	}
	if err := j.write(out, 1); err != nil {
		return err
	}
	if p.kernel == "each_" {
		p.kept.width = j.widthOf(out.Len())
		params(j, &p.kept, 2)
		params(j, &p.folded, 3)
		j.spread(out.Len())
		return nil
	}
	accumulators := []engine.Operand{*out, *out} // not looked at
	if p.parts > 1 {
		if accumulators, err = j.carve(p.scratch()...); err != nil {
			return err
		}
	}
	for i := range accumulators {
		if err := j.write(&accumulators[i], 2+i); err != nil {
			return err
		}
	}
	if err := j.foldParts(&p); err != nil || p.parts == 1 {
		return err
	}
	if err := j.use(kernelName{l, "parts_" + t.Op.Name}); err != nil {
		return err
	}
	for i := range accumulators {
		if err := j.read(&accumulators[i], i); err != nil {
			return err
		}
	}
	if err := j.write(out, 2); err != nil {
		return err
	}
	r, groups, threads, err := j.teams(int(p.kept.count), p.parts, foldPerThread, mostFoldSimds)
	if err != nil {
		return err
	}
	params(j, &r, 7)
	j.foldGroups(groups, threads, lanesPerSimd)
	return nil
}

// foldParts runs the kernel that reads the elements.
func (j *job) foldParts(p *foldPlan) error {
	f := foldOf{length: p.folded.count, part: uint64(p.part), parts: uint32(p.parts), row: uint32(p.row), blocks: uint32(p.blocks)}
	params(j, &f, 4)
	params(j, &p.kept, 5)
	params(j, &p.folded, 6)
	if p.kernel == "rows_" {
		r, groups, threads, err := j.teams(p.items(), p.part, foldPerThread, mostFoldSimds)
		if err != nil {
			return err
		}
		params(j, &r, 7)
		j.foldGroups(groups, threads, lanesPerSimd)
		return nil
	}
	items := int(p.kept.count) / p.row * p.blocks * p.parts
	simds := max(min(p.part/foldPerThread, mostFoldSimds, j.kernel.maxThreads/lanesPerSimd), 1)
	x := min(items, lines)
	params(j, &rows{count: uint64(items), across: uint32(x), team: uint32(simds)}, 7)
	j.foldGroups(Size{Width: uint(x), Height: uint((items + x - 1) / x), Depth: 1},
		Size{Width: uint(simds * lanesPerSimd), Height: 1, Depth: 1}, simds*lanesPerSimd)
	return nil
}

// foldGroups runs threadgroups that share memory for so many accumulators.
func (j *job) foldGroups(groups, threads Size, shared int) {
	j.record.SetThreadgroupMemory(8*shared, 0)
	j.record.SetThreadgroupMemory(4*shared, 1)
	j.groups(groups, threads)
}

// splitAxes gives the walk over the results and the walk over what each folds.
func splitAxes(t *engine.Task) (kept, folded walk, err error) {
	var axes []int
	switch at := t.Attrs.(type) {
	case engine.ArgReduceAttrs:
		axes = []int{at.Axis}
	case engine.ReduceAttrs:
		axes = at.Axes
	}
	in := &t.In[0]
	var shapes, strides [2][]int
	for i, n := range in.Shape {
		side := 0
		if len(axes) > 0 && axes[0] == i {
			side, axes = 1, axes[1:]
		}
		shapes[side] = append(shapes[side], n)
		strides[side] = append(strides[side], in.Strides[i])
	}
	if kept, err = newWalk(t.Op.Name, shapes[0], strides[0]); err == nil {
		folded, err = newWalk(t.Op.Name, shapes[1], strides[1])
	}
	return kept, folded, err
}
