package gpu

import (
	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: scatters, workspace: scatterScratch}, engine.OpScatter)
	register(&family{encode: putsAlong, workspace: scatterScratch}, engine.OpScatterAlong)
	generators["slices"] = func(library) string { return "" }
	generators["scatter"] = func(l library) string { return updateSource(l, scatterKernels) + atomicSource(l) }
}

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

// updateKernel makes of a value and an update what the value becomes.
const updateKernel = `
struct u_$name {
  enum : uint { replaces = $replaces };
  static inline T met(T now, T update) {
    auto x = widen(now);
    auto y = widen(update);
    return to<T>::from($expr);
  }
};
`

// updateSource writes kernels of one mode.
func updateSource(l library, kernels string) string {
	mode := modeOf(l)
	replaces := "0"
	if mode == engine.Replace {
		replaces = "1"
	}
	return fill("\n#define T $T\ntypedef T U;\n"+updateKernel+kernels, "$T", l.in, "$name", updateNames[mode],
		"$expr", updateExpressions[mode][domainOfType(l.in)], "$replaces", replaces)
}

// modeOf is the mode that a library is for.
func modeOf(l library) engine.UpdateMode {
	_, name := l.variant()
	for mode, n := range updateNames {
		if n == name {
			return mode
		}
	}
	return engine.Replace
}

// What places that repeat make is defined: updates meet the value in order. A
// thread takes all places, each with its own element of the slices or line, or
// takes one run of equal keys.
const scatterKernels = `
kernel void scatter_$name(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Walk& from [[buffer(4)]], constant Places& p [[buffer(5)]], device uint* status [[buffer(6)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  long own = place(w, 0, i);
  for (ulong k = 0; k < p.count; k++) {
    long at;
    if (!slice_of(p, index, k, at, status)) return;
    out[at + own] = u_$name::met(out[at + own], a[place(from, 0, k * w.count + i)]);
  }
}

// The walk is over the lines, with the strides of the values, of the indices and of
// the output.
kernel void put_$name(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Places& p [[buffer(4)]], device uint* status [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  long from = place(w, 0, i), named = place(w, 1, i), line = place(w, 2, i);
  for (ulong k = 0; k < p.count; k++) {
    long v = index[named + long(k) * p.stride[2]];
    if (!bounded(p, 0, v, status)) return;
    long at = line + v * p.stride[0];
    out[at] = u_$name::met(out[at], a[from + long(k) * p.stride[1]]);
  }
}

kernel void scatter_runs_$name(device const T* a [[buffer(0)]], device const long* keys [[buffer(1)]], device const uint* names [[buffer(2)]], device T* out [[buffer(3)]],
    constant Walk& w [[buffer(4)]], constant Walk& from [[buffer(5)]], constant Places& p [[buffer(6)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g), k = i / w.count;
  if (k >= p.count || !leads(keys, names, k, p.count, 1, u_$name::replaces != 0u)) return;
  i %= w.count;
  uint name = names[k];
  long key = keys[name], at = key + place(w, 0, i);
  if (key < 0) return;
  T now = out[at];
  for (;;) {
    now = u_$name::met(now, a[place(from, 0, name * w.count + i)]);
    if (u_$name::replaces != 0u || ++k == p.count) break;
    name = names[k];
    if (keys[name] != key) break;
  }
  out[at] = now;
}

kernel void put_runs_$name(device const T* a [[buffer(0)]], device const long* keys [[buffer(1)]], device const uint* names [[buffer(2)]], device T* out [[buffer(3)]],
    constant Walk& w [[buffer(4)]], constant Places& p [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g), k = i % p.count;
  i /= p.count;
  if (i >= w.count) return;
  long step = p.stride[2];
  keys += place(w, 1, i);
  names += place(w, 1, i);
  if (!leads(keys, names, k, p.count, step, u_$name::replaces != 0u)) return;
  long name = long(names[long(k) * step]), key = keys[name * step], at = place(w, 2, i) + key * p.stride[0];
  if (key < 0) return;
  a += place(w, 0, i);
  T now = out[at];
  for (;;) {
    now = u_$name::met(now, a[name * p.stride[1]]);
    if (u_$name::replaces != 0u || ++k == p.count) break;
    name = long(names[long(k) * step]);
    if (keys[name * step] != key) break;
  }
  out[at] = now;
}
`

// atomicKernels are for integers, whose updates may come in any order.
const atomicKernels = `
kernel void atomic_scatter_$name(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device atomic_$T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Walk& from [[buffer(4)]], constant Places& p [[buffer(5)]], device uint* status [[buffer(6)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g), k = i / w.count;
  long at;
  if (k >= p.count || !slice_of(p, index, k, at, status)) return;
  atomic_fetch_$fetch_explicit(out + at + place(w, 0, i % w.count), a[place(from, 0, i)], memory_order_relaxed);
}
kernel void atomic_put_$name(device const T* a [[buffer(0)]], device const long* index [[buffer(1)]], device atomic_$T* out [[buffer(2)]],
    constant Walk& w [[buffer(3)]], constant Places& p [[buffer(4)]], device uint* status [[buffer(5)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g), k = i % p.count;
  i /= p.count;
  if (i >= w.count) return;
  long v = index[place(w, 1, i) + long(k) * p.stride[2]];
  if (!bounded(p, 0, v, status)) return;
  atomic_fetch_$fetch_explicit(out + place(w, 2, i) + v * p.stride[0], a[place(w, 0, i) + long(k) * p.stride[1]], memory_order_relaxed);
}
`

// atomicUpdates are the atomic functions of modes that have one.
var atomicUpdates = map[engine.UpdateMode]string{engine.Sum: "add", engine.Max: "max", engine.Min: "min"}

func atomicSource(l library) string {
	mode := modeOf(l)
	fetch := atomicUpdates[mode]
	if fetch == "" || l.in != "int" && l.in != "uint" {
		return ""
	}
	return fill(atomicKernels, "$name", updateNames[mode], "$fetch", fetch, "$T", l.in)
}

// manyPlaces is how many places are worth more threads than a slice has elements.
const manyPlaces = 32

// scatterWay is how updates at several places are put together.
type scatterWay string

const (
	serial  scatterWay = ""        // a thread takes all places
	atomics scatterWay = "atomic_" // all at once
	runs    scatterWay = "runs_"   // runs of equal keys, which are sorted for it
)

// scatterPlan is how a task runs: indices of the arrays in lines of count, which a
// run's kernel sorts.
type scatterPlan struct {
	way   scatterWay
	count int // places of a line
	all   int // places of all lines
	step  int // apart in a line
	lines walk
}

// planScatter looks at the indices. Slices must not overlap unless they are the same
// for runs of equal keys to be all that meets a value.
func planScatter(t *engine.Task) (p scatterPlan, err error) {
	values, out := &t.In[1], &t.Out[0]
	if len(t.In) < 3 || values.Len() == 0 {
		return p, nil
	}
	mode, apart, shape := engine.Replace, true, []int(nil)
	switch at := t.Attrs.(type) {
	case engine.ScatterAttrs:
		sizes := values.Shape[len(values.Shape)-len(out.Shape):]
		mode, p.all = at.Mode, values.Len()/engine.Elements(sizes)
		p.count, p.step = p.all, 1
		for _, a := range at.Axes {
			apart = apart && sizes[a] == 1
		}
	case engine.AlongAttrs:
		dense := engine.RowMajor(values.Shape)
		mode, p.all = at.Mode, values.Len()
		p.count, p.step = values.Shape[at.Axis], dense[at.Axis]
		shape = without(values.Shape, at.Axis)
		dense = without(dense, at.Axis)
		p.lines, err = newWalk(t.Op.Name, shape, dense, dense)
	}
	if shape == nil {
		p.lines, err = newWalk(t.Op.Name, nil, nil, nil)
	}
	_, atomic := atomicUpdates[mode]
	switch {
	case p.count < manyPlaces:
	case atomic && (out.Dtype == engine.Int32 || out.Dtype == engine.Uint32):
		p.way = atomics
	case apart && p.count <= longestRow:
		p.way = runs
	}
	return p, err
}

// ordering sorts the keys of each line.
func (p *scatterPlan) ordering(keys, names *engine.Operand) *ordering {
	return &ordering{in: keys, out: names, names: true, lines: p.lines, length: p.count, block: sortBlock, step: p.step, outStep: p.step}
}

// scratch is the index arrays and, for runs, keys, names, and what sorting takes.
func (p *scatterPlan) scratch(arrays []engine.Operand) []int {
	parts := []int{8 * p.all * len(arrays)}
	if p.way == runs {
		parts = append(parts, 8*p.all, 4*p.all)
		parts = append(parts, p.ordering(&engine.Operand{Dtype: engine.Int64}, nil).scratch()...)
	}
	return parts
}

func scatterScratch(t *engine.Task) int {
	p, err := planScatter(t)
	if err != nil || p.all == 0 {
		return 0
	}
	return scratchSize(p.scratch(t.In[2:])...)
}

// scattering is one task's updates.
type scattering struct {
	*job
	scatterPlan
	status  alloc.Block // where bad indices are reported
	scratch []engine.Operand
}

// scattering copies the first input to the output, and makes the index arrays ready.
// There is nothing to do where it gives nil.
func (j *job) scattering() (*scattering, error) {
	if err := j.target(); err != nil {
		return nil, err
	}
	p, err := planScatter(j.task)
	if err != nil || p.all == 0 {
		return nil, err
	}
	s := &scattering{job: j, scatterPlan: p}
	arrays := j.task.In[2:]
	if s.scratch, err = j.carve(p.scratch(arrays)...); err != nil {
		return nil, err
	}
	return s, j.indices(arrays, &s.scratch[0])
}

// sort makes keys of indices and puts them in order.
func (s *scattering) sort(p places) (keys, names *engine.Operand, err error) {
	k, n := s.scratch[1], s.scratch[2]
	k.Dtype, k.Offset = engine.Int64, k.Offset/engine.Int64.Size()
	n.Dtype, n.Offset = engine.Uint32, n.Offset/engine.Uint32.Size()
	if err := s.use(kernelName{library{family: "slices"}, "slices"}); err != nil {
		return nil, nil, err
	}
	if err := s.read(&s.scratch[0], 0); err != nil {
		return nil, nil, err
	}
	if err := s.write(&k, 1); err != nil {
		return nil, nil, err
	}
	p.count = uint64(s.all)
	params(s.job, &walk{count: uint64(s.all), width: s.widthOf(s.all)}, 2)
	params(s.job, &p, 3)
	s.reports(s.status, 4)
	s.spread(s.all)
	return &k, &n, s.sortLines(s.ordering(&k, &n), s.scratch[3:])
}

func scatters(j *job) error {
	s, err := j.scattering()
	if s == nil || err != nil {
		return err
	}
	t := j.task
	at, values, out := t.Attrs.(engine.ScatterAttrs), &t.In[1], &t.Out[0]
	sizes := values.Shape[len(values.Shape)-len(out.Shape):]
	w, err := newWalk(t.Op.Name, sizes, out.Strides)
	if err != nil {
		return err
	}
	from, err := newWalk(t.Op.Name, values.Shape, values.Strides)
	if err != nil {
		return err
	}
	p, status, err := j.named(s.count, at.Axes, out, sizes)
	if err != nil {
		return err
	}
	s.status = status
	if s.way == runs {
		return s.runs("scatter_runs_", at.Mode, p, p, &w, &from)
	}
	n := engine.Elements(sizes)
	if s.way == atomics {
		n *= s.count
	}
	if err := j.use(updater("scatter", out.Dtype, string(s.way)+"scatter_", at.Mode)); err != nil {
		return err
	}
	return j.atIndices(values, &s.scratch[0], out, &w, &p, status, n, &from)
}

func putsAlong(j *job) error {
	s, err := j.scattering()
	if s == nil || err != nil {
		return err
	}
	t := j.task
	at, values, out := t.Attrs.(engine.AlongAttrs), &t.In[1], &t.Out[0]
	shape := append([]int(nil), values.Shape...)
	shape[at.Axis] = 1
	dense := engine.RowMajor(values.Shape)
	w, err := newWalk(t.Op.Name, shape, values.Strides, dense, out.Strides)
	if err != nil {
		return err
	}
	p, status, err := j.named(s.count, []int{at.Axis}, out, nil)
	if err != nil {
		return err
	}
	s.status = status
	keyed := p // whose keys are the indices themselves
	keyed.stride[0] = 1
	p.stride[1], p.stride[2] = int64(values.Strides[at.Axis]), int64(dense[at.Axis])
	if s.way == runs {
		return s.runs("put_runs_", at.Mode, p, keyed, &w, nil)
	}
	n := engine.Elements(shape)
	if s.way == atomics {
		n *= s.count
	}
	if err := j.use(updater("scatter", out.Dtype, string(s.way)+"put_", at.Mode)); err != nil {
		return err
	}
	return j.atIndices(values, &s.scratch[0], out, &w, &p, status, n, nil)
}

// runs sorts the keys and runs a kernel whose threads each take a run.
func (s *scattering) runs(kernel string, mode engine.UpdateMode, p, keyed places, w, from *walk) error {
	values, out := &s.task.In[1], &s.task.Out[0]
	keys, names, err := s.sort(keyed)
	if err != nil {
		return err
	}
	if err := s.use(updater("scatter", out.Dtype, kernel, mode)); err != nil {
		return err
	}
	for i, o := range []*engine.Operand{values, keys, names} {
		if err := s.read(o, i); err != nil {
			return err
		}
	}
	if err := s.write(out, 3); err != nil {
		return err
	}
	n := int(w.count) * s.count
	w.width = s.widthOf(n)
	params(s.job, w, 4)
	next := 5
	if from != nil {
		params(s.job, from, next)
		next++
	}
	params(s.job, &p, next)
	s.spread(n)
	return nil
}
