package gpu

import (
	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: gathers, workspace: indexScratch}, engine.OpGather)
	register(&family{encode: takesAlong}, engine.OpTakeAlong)
	register(&family{encode: updatesSlice}, engine.OpSliceUpdate)
	generators["move"] = func(l library) string { return fill("\n#define T $T\n", "$T", l.in) + copyKernels + gatherKernel }
	generators["take"] = func(l library) string {
		return fill("\n#define T $T\n"+takeKernels, "$T", l.in, "$I", l.out)
	}
	generators["update"] = func(l library) string { return updateSource(l, sliceKernel) }
	generators["index"] = func(l library) string {
		return fill(unaryKernel, "$name", "index", "$T", l.in, "$U", "long", "$expr", "x")
	}
}

const gatherKernel = `
// gather: thread i makes element i%size of slice i/size. The walk is over a
// slice, with the source's strides.
kernel void gather(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Places& p [[buffer(4)]], device uint* status [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g), slice = quotient(i, w.count);
  if (slice >= p.count) return;
  long at;
  if (slice_of(p, index, slice, at, status)) out[i] = a[at + place(w, 0, i - slice * w.count)];
}
`

// takeKernels read indices of a type I as they lie.
const takeKernels = `
kernel void gather_one(device const T* a [[buffer(0)]], device const $I* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Walk& named [[buffer(4)]], constant Places& p [[buffer(5)]], device uint* status [[buffer(6)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g), slice = quotient(i, w.count);
  if (slice >= p.count) return;
  long v = long(index[place(named, 0, slice)]);
  if (bounded(p, 0, v, status)) out[i] = a[v * p.stride[0] + place(w, 0, i - slice * w.count)];
}

// take_along: the walks give the source, standing still on the axis, and the index.
kernel void take_along(device const T* a [[buffer(0)]], device const $I* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Places& p [[buffer(4)]], device uint* status [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  long v = long(index[place(w, 1, i)]);
  if (bounded(p, 0, v, status)) out[i] = a[place(w, 0, i) + v * p.stride[0]];
}
`

const sliceKernel = `
kernel void slice_$name(device const T* a [[buffer(0)]], device T* out [[buffer(1)]], constant Walk& w [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  ulong at = place(w, 1, i);
  out[at] = u_$name::met(out[at], a[place(w, 0, i)]);
}

// slice_packs does so for packs of elements that lie side by side, by which the walk goes.
kernel void slice_packs_$name(device const T* a [[buffer(0)]], device T* out [[buffer(1)]], constant Walk& w [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  enum : uint { many = 16 / sizeof(T) };
  ulong i = element(w, g);
  if (i >= w.count) return;
  T x[many], y[many];
  device T* to = out + many * place(w, 1, i);
  several_from<many>(a + many * place(w, 0, i), x);
  several_from<many>((device const T*)to, y);
  UNROLLED for (uint k = 0; k < many; k++) y[k] = u_$name::met(y[k], x[k]);
  several_to<many>(to, y);
}
`

// places is the Places of the kernels: which slices index arrays name.
type places struct {
	count  uint64 // places named
	arrays uint32
	check  uint32 // number under which a bad index is reported
	length [maxRank]int64
	span   [maxRank]int64
	stride [maxRank]int64
}

func mover(bytes int, function string) kernelName {
	return kernelName{library{family: "move", in: wordNames[bytes]}, function}
}

func updater(family string, d engine.Dtype, function string, mode engine.UpdateMode) kernelName {
	return kernelName{library{family: family + " " + updateNames[mode], in: typeNames[d]}, function + updateNames[mode]}
}

// indexBytes is the memory of index arrays as the kernels read them.
func indexBytes(arrays []engine.Operand) int {
	if len(arrays) == 0 {
		return 0
	}
	return 8 * arrays[0].Len() * len(arrays)
}

// indexScratch is the workspace of a gather at several index arrays; one is read as
// it lies.
func indexScratch(t *engine.Task) int {
	if t.Out[0].Len() == 0 || len(t.In) == 2 {
		return 0
	}
	return scratchSize(indexBytes(t.In[1:]))
}

// indices makes index arrays, each of any integer dtype and layout, row-major
// int64 ones that follow each other in a part of the workspace.
func (j *job) indices(arrays []engine.Operand, all *engine.Operand) error {
	n := arrays[0].Len()
	defer j.writesApart()()
	for k := range arrays {
		a := &arrays[k]
		w, err := newWalk(j.task.Op.Name, a.Shape, broadcast(a, a.Shape))
		if err != nil {
			return err
		}
		if err := j.use(kernelName{library{"index", typeNames[a.Dtype], "long"}, "k_index"}); err != nil {
			return err
		}
		if err := j.read(a, 0); err != nil {
			return err
		}
		to := *all
		to.Offset += 8 * n * k
		if err := j.write(&to, 1); err != nil {
			return err
		}
		w.width = j.widthOf(n)
		params(j, &w, 2)
		j.spread(n)
	}
	return nil
}

// named describes what index arrays name in an operand, and where a bad index is
// reported.
func (j *job) named(count int, axes []int, o *engine.Operand, sizes []int) (p places, status alloc.Block, err error) {
	p.count, p.arrays = uint64(count), uint32(len(axes))
	for k, a := range axes {
		p.length[k], p.span[k], p.stride[k] = int64(o.Shape[a]), 1, int64(o.Strides[a])
		if sizes != nil {
			p.span[k] = int64(sizes[a])
		}
	}
	c := check{op: j.task.Op.Name}
	if at, ok := j.task.Attrs.(engine.GatherAttrs); ok {
		c.beyond = at.Beyond
	}
	if len(axes) > 0 {
		c.axis, c.length = axes[0], o.Shape[axes[0]]
	}
	status, p.check, err = j.watchIndices(c)
	return p, status, err
}

// gathers moves slices by the largest words that they, and the distances between
// them, consist of.
func gathers(j *job) error {
	t := j.task
	at, in, out := t.Attrs.(engine.GatherAttrs), &t.In[0], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	w, err := newWalk(t.Op.Name, at.Sizes, in.Strides)
	if err != nil {
		return err
	}
	p, status, err := j.named(t.In[1].Len(), at.Axes, in, at.Sizes)
	if err != nil {
		return err
	}
	apart := []int{in.Offset, out.Offset}
	for _, s := range p.stride[:p.arrays] {
		apart = append(apart, int(s))
	}
	f := w.words(out.Dtype.Size(), 1, apart...)
	for k := range p.arrays {
		p.stride[k] /= int64(f)
	}
	size, n := out.Dtype.Size()*f, out.Len()/f
	if len(t.In) == 2 {
		index := &t.In[1]
		named, err := newWalk(t.Op.Name, index.Shape, index.Strides)
		if err != nil {
			return err
		}
		if err := j.use(taker(size, index, "gather_one")); err != nil {
			return err
		}
		return j.atIndices(in, index, out, &w, &p, status, n, &named)
	}
	parts, err := j.carve(indexBytes(t.In[1:]))
	if err != nil {
		return err
	}
	if err := j.indices(t.In[1:], &parts[0]); err != nil {
		return err
	}
	if err := j.use(mover(size, "gather")); err != nil {
		return err
	}
	return j.atIndices(in, &parts[0], out, &w, &p, status, n, nil)
}

func taker(bytes int, index *engine.Operand, function string) kernelName {
	return kernelName{library{"take", wordNames[bytes], typeNames[index.Dtype]}, function}
}

// atIndices binds what the indexing kernels have in common and runs n threads.
func (j *job) atIndices(in, index, out *engine.Operand, w *walk, p *places, status alloc.Block, n int, from *walk) error {
	for i, o := range []*engine.Operand{in, index} {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	if err := j.write(out, 2); err != nil {
		return err
	}
	w.width = j.widthOf(n)
	params(j, w, 3)
	next := 4
	if from != nil {
		params(j, from, next)
		next++
	}
	params(j, p, next)
	j.reports(status, next+1)
	j.spread(n)
	return nil
}

func takesAlong(j *job) error {
	t := j.task
	axis, in, index, out := t.Attrs.(engine.AlongAttrs).Axis, &t.In[0], &t.In[1], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	strides := append([]int(nil), in.Strides...)
	strides[axis] = 0
	w, err := newWalk(t.Op.Name, out.Shape, strides, index.Strides)
	if err != nil {
		return err
	}
	p, status, err := j.named(out.Len(), []int{axis}, in, nil)
	if err != nil {
		return err
	}
	if err := j.use(taker(out.Dtype.Size(), index, "take_along")); err != nil {
		return err
	}
	return j.atIndices(in, index, out, &w, &p, status, out.Len(), nil)
}

// target copies the first input to the output, unless they share storage.
func (j *job) target() error {
	in, out := &j.task.In[0], &j.task.Out[0]
	if in.Buffer != nil && in.Buffer == out.Buffer && in.Offset == out.Offset && in.IsRowMajor() {
		return nil
	}
	return j.copy(in, out, out.Strides)
}

func updatesSlice(j *job) error {
	t := j.task
	at, values, to := t.Attrs.(engine.UpdateAttrs), &t.In[1], t.Out[0]
	if err := j.target(); err != nil {
		return err
	}
	if values.Len() == 0 {
		return nil
	}
	strides := make([]int, len(to.Strides))
	for i, s := range to.Strides {
		strides[i] = s * at.Step[i]
		to.Offset += s * at.Start[i]
	}
	if at.Mode == engine.Replace {
		return j.copy(values, &to, strides)
	}
	w, err := newWalk(t.Op.Name, values.Shape, values.Strides, strides)
	if err != nil {
		return err
	}
	kernel, size := "slice_", to.Dtype.Size()
	if packs := w; packs.words(size, 2, values.Offset, to.Offset)*size == packBytes {
		kernel, w = "slice_packs_", packs
	}
	if err := j.kernelOn(updater("update", to.Dtype, kernel, at.Mode), []*engine.Operand{values}, &to); err != nil {
		return err
	}
	w.width = j.widthOf(int(w.count))
	params(j, &w, 2)
	j.spread(int(w.count))
	return nil
}
