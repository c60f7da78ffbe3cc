package metal

import (
	"strings"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
)

// updateNames are the ways in which an update meets the present value, by mode.
var updateNames = map[engine.UpdateMode]string{
	engine.Replace: "replace", engine.Sum: "sum", engine.Prod: "prod", engine.Max: "max", engine.Min: "min",
}

// updateExpressions give what an update y makes of the present value x.
var updateExpressions = map[engine.UpdateMode]expressions{
	engine.Replace: everywhere("y"),
	engine.Sum:     binaryTable[engine.OpAdd],
	engine.Prod:    binaryTable[engine.OpMultiply],
	engine.Max:     binaryTable[engine.OpMaximum],
	engine.Min:     binaryTable[engine.OpMinimum],
}

func init() {
	register(&family{encode: copies}, engine.OpCopy)
	register(&family{encode: concatenates}, engine.OpConcatenate)
	register(&family{encode: gathers}, engine.OpGather)
	register(&family{encode: takesAlong}, engine.OpTakeAlong)
	register(&family{encode: scatters}, engine.OpScatter)
	register(&family{encode: putsAlong}, engine.OpScatterAlong)
	register(&family{encode: updatesSlice}, engine.OpSliceUpdate)
	generators["move"] = func(l library) string { return fill("\n#define T $T\n", "$T", l.in) + moveKernels }
	generators["update"] = updateSource
	generators["index"] = func(l library) string {
		return fill(unaryKernel, "$name", "index", "$T", l.in, "$U", "long", "$expr", "x")
	}
}

const moveKernels = `
kernel void copy(device const T* a [[buffer(0)]], device T* out [[buffer(1)]], constant Walk& w [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  out[place(w, 1, i)] = a[place(w, 0, i)];
}

// gather: thread i makes element i%size of slice i/size. The walk is over a
// slice, with the source's strides.
kernel void gather(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Places& p [[buffer(4)]], device uint* status [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= p.count * w.count) return;
  long at;
  if (slice_of(p, index, i / w.count, at, status)) out[i] = a[at + place(w, 0, i % w.count)];
}

// take_along: the walks give the source, standing still on the axis, and the index.
kernel void take_along(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Places& p [[buffer(4)]], device uint* status [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  long v = index[i];
  if (bounded(p, 0, v, status)) out[i] = a[place(w, 0, i) + v * p.stride[0]];
}
`

// updateKernels are for one element type and every mode.
const updateKernels = `
kernel void slice_$name(device const T* a [[buffer(0)]], device T* out [[buffer(1)]], constant Walk& w [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  ulong at = place(w, 1, i);
  auto x = widen(out[at]);
  auto y = widen(a[place(w, 0, i)]);
  out[at] = to<T>::from($expr);
}

// Every thread has one element of the slices, and takes the places in order: what
// places that repeat make is defined.
kernel void scatter_$name(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Walk& from [[buffer(4)]], constant Places& p [[buffer(5)]], device uint* status [[buffer(6)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  long own = place(w, 0, i);
  for (ulong k = 0; k < p.count; k++) {
    long at;
    if (!slice_of(p, index, k, at, status)) return;
    auto x = widen(out[at + own]);
    auto y = widen(a[place(from, 0, k * w.count + i)]);
    out[at + own] = to<T>::from($expr);
  }
}

// Every thread has one line along the axis; the walk is over the lines, with the
// strides of the values, of the indices and of the output.
kernel void put_$name(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Places& p [[buffer(4)]], device uint* status [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  long from = place(w, 0, i), named = place(w, 1, i), line = place(w, 2, i);
  for (ulong k = 0; k < p.count; k++) {
    long v = index[named + long(k) * p.stride[2]];
    if (!bounded(p, 0, v, status)) return;
    long at = line + v * p.stride[0];
    auto x = widen(out[at]);
    auto y = widen(a[from + long(k) * p.stride[1]]);
    out[at] = to<T>::from($expr);
  }
}
`

func updateSource(l library) string {
	var s strings.Builder
	s.WriteString(fill("\n#define T $T\ntypedef T U;\n", "$T", l.in))
	for _, mode := range []engine.UpdateMode{engine.Replace, engine.Sum, engine.Prod, engine.Max, engine.Min} {
		s.WriteString(fill(updateKernels, "$name", updateNames[mode], "$expr", updateExpressions[mode][domainOfType(l.in)]))
	}
	return s.String()
}

// places is the Places of the kernels: which slices index arrays name.
type places struct {
	count  uint64 // places named
	arrays uint32
	check  uint32 // number under which a bad index is reported
	length [maxRank]int64
	span   [maxRank]int64
	stride [maxRank]int64
}

func mover(d engine.Dtype, function string) kernelName {
	return kernelName{library{family: "move", in: wordNames[d.Size()]}, function}
}

func updater(d engine.Dtype, function string, mode engine.UpdateMode) kernelName {
	return kernelName{library{family: "update", in: typeNames[d]}, function + updateNames[mode]}
}

func copies(j *job) error {
	return j.copy(&j.task.In[0], &j.task.Out[0], j.task.Out[0].Strides)
}

// copy moves the elements of an operand to places of the output that have the
// given strides under the operand's shape.
func (j *job) copy(from, to *engine.Operand, strides []int) error {
	if from.Len() == 0 {
		return nil
	}
	w, err := newWalk(j.task.Op.Name, from.Shape, broadcast(from, from.Shape), strides)
	if err != nil {
		return err
	}
	if err := j.use(mover(to.Dtype, "copy")); err != nil {
		return err
	}
	if err := j.read(from, 0); err != nil {
		return err
	}
	if err := j.write(to, 1); err != nil {
		return err
	}
	w.width = j.widthOf(from.Len())
	params(j, &w, 2)
	j.spread(from.Len())
	return nil
}

func concatenates(j *job) error {
	t := j.task
	axis, at := t.Attrs.(engine.ConcatAttrs).Axis, 0
	for i := range t.In {
		to := t.Out[0]
		to.Offset += at * to.Strides[axis]
		at += t.In[i].Shape[axis]
		if err := j.copy(&t.In[i], &to, to.Strides); err != nil {
			return err
		}
	}
	return nil
}

// indices makes index arrays, each of any integer dtype and layout, row-major
// int64 ones that follow each other.
func (j *job) indices(arrays []engine.Operand) (alloc.Block, error) {
	n := arrays[0].Len()
	all, err := j.temporary(8 * n * len(arrays))
	if err != nil {
		return all, err
	}
	for k := range arrays {
		a := &arrays[k]
		if !a.Dtype.IsInteger() {
			return all, engine.Errorf(engine.ValueError, "index", "indices are %s, want integers", a.Dtype)
		}
		w, err := newWalk(j.task.Op.Name, a.Shape, broadcast(a, a.Shape))
		if err != nil {
			return all, err
		}
		if err := j.use(kernelName{library{"index", typeNames[a.Dtype], "long"}, "k_index"}); err != nil {
			return all, err
		}
		if err := j.read(a, 0); err != nil {
			return all, err
		}
		j.writeScratch(all, 8*n*k, 1)
		w.width = j.widthOf(n)
		params(j, &w, 2)
		j.spread(n)
	}
	return all, nil
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
	if len(axes) > 0 {
		c.axis, c.length = axes[0], o.Shape[axes[0]]
	}
	status, p.check, err = j.watchIndices(c)
	return p, status, err
}

func gathers(j *job) error {
	t := j.task
	at, in, out := t.Attrs.(engine.GatherAttrs), &t.In[0], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	index, err := j.indices(t.In[1:])
	if err != nil {
		return err
	}
	w, err := newWalk(t.Op.Name, at.Sizes, in.Strides)
	if err != nil {
		return err
	}
	p, status, err := j.named(t.In[1].Len(), at.Axes, in, at.Sizes)
	if err != nil {
		return err
	}
	if err := j.use(mover(out.Dtype, "gather")); err != nil {
		return err
	}
	return j.indexed(in, index, out, &w, &p, status, out.Len(), nil)
}

// indexed binds what the indexing kernels have in common and runs n threads.
func (j *job) indexed(in *engine.Operand, index alloc.Block, out *engine.Operand, w *walk, p *places, status alloc.Block, n int, from *walk) error {
	if err := j.read(in, 0); err != nil {
		return err
	}
	j.readScratch(index, 0, 1)
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
	j.writeScratch(status, 0, next+1)
	j.writes = j.writes[:len(j.writes)-1] // reports need no order among themselves
	j.spread(n)
	return nil
}

func takesAlong(j *job) error {
	t := j.task
	axis, in, out := t.Attrs.(engine.AlongAttrs).Axis, &t.In[0], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	index, err := j.indices(t.In[1:2])
	if err != nil {
		return err
	}
	strides := append([]int(nil), in.Strides...)
	strides[axis] = 0
	w, err := newWalk(t.Op.Name, out.Shape, strides)
	if err != nil {
		return err
	}
	p, status, err := j.named(out.Len(), []int{axis}, in, nil)
	if err != nil {
		return err
	}
	if err := j.use(mover(out.Dtype, "take_along")); err != nil {
		return err
	}
	return j.indexed(in, index, out, &w, &p, status, out.Len(), nil)
}

// target copies the first input to the output, unless they share storage.
func (j *job) target() error {
	in, out := &j.task.In[0], &j.task.Out[0]
	if in.Buffer != nil && in.Buffer == out.Buffer && in.Offset == out.Offset && in.IsRowMajor() {
		return nil
	}
	return j.copy(in, out, out.Strides)
}

func scatters(j *job) error {
	t := j.task
	at, values, out := t.Attrs.(engine.ScatterAttrs), &t.In[1], &t.Out[0]
	if err := j.target(); err != nil {
		return err
	}
	sizes := values.Shape[len(values.Shape)-len(out.Shape):]
	if len(t.In) < 3 || engine.Elements(sizes) == 0 || t.In[2].Len() == 0 {
		return nil
	}
	index, err := j.indices(t.In[2:])
	if err != nil {
		return err
	}
	w, err := newWalk(t.Op.Name, sizes, out.Strides)
	if err != nil {
		return err
	}
	from, err := newWalk(t.Op.Name, values.Shape, values.Strides)
	if err != nil {
		return err
	}
	p, status, err := j.named(t.In[2].Len(), at.Axes, out, sizes)
	if err != nil {
		return err
	}
	if err := j.use(updater(out.Dtype, "scatter_", at.Mode)); err != nil {
		return err
	}
	return j.indexed(values, index, out, &w, &p, status, engine.Elements(sizes), &from)
}

func putsAlong(j *job) error {
	t := j.task
	at, values, out := t.Attrs.(engine.AlongAttrs), &t.In[1], &t.Out[0]
	if err := j.target(); err != nil {
		return err
	}
	if values.Len() == 0 {
		return nil
	}
	index, err := j.indices(t.In[2:3])
	if err != nil {
		return err
	}
	shape := append([]int(nil), values.Shape...)
	shape[at.Axis] = 1
	dense := engine.RowMajor(values.Shape)
	w, err := newWalk(t.Op.Name, shape, values.Strides, dense, out.Strides)
	if err != nil {
		return err
	}
	p, status, err := j.named(values.Shape[at.Axis], []int{at.Axis}, out, nil)
	if err != nil {
		return err
	}
	p.stride[1], p.stride[2] = int64(values.Strides[at.Axis]), int64(dense[at.Axis])
	if err := j.use(updater(out.Dtype, "put_", at.Mode)); err != nil {
		return err
	}
	return j.indexed(values, index, out, &w, &p, status, engine.Elements(shape), nil)
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
	w, err := newWalk(t.Op.Name, values.Shape, values.Strides, strides)
	if err != nil {
		return err
	}
	if err := j.use(updater(to.Dtype, "slice_", at.Mode)); err != nil {
		return err
	}
	if err := j.read(values, 0); err != nil {
		return err
	}
	if err := j.write(&to, 1); err != nil {
		return err
	}
	w.width = j.widthOf(values.Len())
	params(j, &w, 2)
	j.spread(values.Len())
	return nil
}
