package metal

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: sorts}, engine.OpSort, engine.OpPartition, engine.OpArgSort, engine.OpArgPartition)
	register(&family{encode: searches}, engine.OpSearchSorted)
	generators["sort"] = func(l library) string { return fill(sortKernels, "$T", l.in) }
}

func flag(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

const sortKernels = `
// merge: thread i has element i of a run, whose sibling run holds the other half
// of what the two become; it goes as far beyond its own place in its run as there
// are elements of the sibling before it. Elements are named by their places in
// their line; before the first pass they lie in order.
kernel void merge(device const $T* in [[buffer(0)]], device const uint* from [[buffer(1)]], device uint* dest [[buffer(2)]], constant Merge& m [[buffer(3)]], constant Walk& w [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count * m.length) return;
  ulong row = i / m.length;
  uint at = uint(i % m.length);
  device const $T* x = in + place(w, 0, row);
  device const uint* f = from + row * m.length;
  device uint* d = dest + row * m.length;
  uint mine = m.first != 0u ? at : f[at];
  if (m.run == 0u) {
    d[at] = mine;
    return;
  }
  uint start = at / m.run * m.run;
  bool left = (at / m.run) % 2u == 0u;
  uint other = left ? start + m.run : start - m.run;
  uint lo = 0, hi = other < m.length ? min(m.run, m.length - other) : 0u;
  auto v = widen(x[long(mine) * m.step]);
  while (lo < hi) {
    uint mid = lo + (hi - lo) / 2;
    uint named = m.first != 0u ? other + mid : f[other + mid];
    auto u = widen(x[long(named) * m.step]);
    bool before_me = left ? before(u, v) : !before(v, u);
    if (before_me) lo = mid + 1; else hi = mid;
  }
  d[(left ? start : other) + (at - start) + lo] = mine;
}

kernel void values(device const $T* in [[buffer(0)]], device const uint* from [[buffer(1)]], device $T* out [[buffer(2)]], constant Merge& m [[buffer(3)]], constant Walk& w [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count * m.length) return;
  ulong row = i / m.length, at = i % m.length;
  out[place(w, 1, row) + long(at) * m.out_step] = in[place(w, 0, row) + long(from[i]) * m.step];
}

kernel void places(device const uint* from [[buffer(0)]], device uint* out [[buffer(1)]], constant Merge& m [[buffer(2)]], constant Walk& w [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count * m.length) return;
  ulong row = i / m.length, at = i % m.length;
  out[place(w, 1, row) + long(at) * m.out_step] = from[i];
}

kernel void search(device const $T* sorted [[buffer(0)]], device const $T* values [[buffer(1)]], device uint* out [[buffer(2)]], constant Merge& m [[buffer(3)]], constant Walk& w [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  uint lo = 0, hi = m.length;
  auto v = widen(values[i]);
  while (lo < hi) {
    uint mid = lo + (hi - lo) / 2;
    auto u = widen(sorted[mid]);
    bool skip = m.first != 0u ? !before(v, u) : before(u, v);
    if (skip) lo = mid + 1; else hi = mid;
  }
  out[i] = lo;
}
`

// merge is the Merge of the kernels.
type merge struct {
	length  uint32
	run     uint32 // elements that are in order already
	first   uint32
	_       uint32
	step    int64
	outStep int64
}

// sorts merges runs of doubling length, named by their indices, and then moves
// the elements or the indices to the output.
func sorts(j *job) error {
	t := j.task
	var axis int
	switch at := t.Attrs.(type) {
	case engine.PartitionAttrs:
		axis = at.Axis
	case engine.SortAttrs:
		axis = at.Axis
	}
	in, out := &t.In[0], &t.Out[0]
	n := out.Len()
	if n == 0 {
		return nil
	}
	m := merge{length: 1}
	var shape, from, to []int
	if len(in.Shape) > 0 {
		m.length, m.step, m.outStep = uint32(in.Shape[axis]), int64(in.Strides[axis]), int64(out.Strides[axis])
		shape = without(in.Shape, axis)
		from, to = without(in.Strides, axis), without(out.Strides, axis)
	}
	rows, err := newWalk(t.Op.Name, shape, from, to)
	if err != nil {
		return err
	}
	ping, err := j.temporary(4 * n)
	if err != nil {
		return err
	}
	pong, err := j.temporary(4 * n)
	if err != nil {
		return err
	}
	l := library{family: "sort", in: typeNames[in.Dtype]}
	m.first = 1
	if m.length > 1 {
		m.run = 1
	}
	for {
		if err := j.use(kernelName{l, "merge"}); err != nil {
			return err
		}
		if err := j.read(in, 0); err != nil {
			return err
		}
		j.readScratch(ping, 0, 1)
		if m.first != 0 {
			j.reads = j.reads[:len(j.reads)-1] // bound, and not looked at
		}
		j.writeScratch(pong, 0, 2)
		rows.width = j.widthOf(n)
		params(j, &m, 3)
		params(j, &rows, 4)
		j.spread(n)
		ping, pong = pong, ping
		m.first = 0
		if m.run *= 2; m.run == 0 || m.run >= m.length {
			break
		}
	}
	if out.Dtype == engine.Uint32 && (t.Op == engine.OpArgSort || t.Op == engine.OpArgPartition) {
		if err := j.use(kernelName{l, "places"}); err != nil {
			return err
		}
		j.readScratch(ping, 0, 0)
		if err := j.write(out, 1); err != nil {
			return err
		}
		params(j, &m, 2)
		params(j, &rows, 3)
		j.spread(n)
		return nil
	}
	if err := j.use(kernelName{l, "values"}); err != nil {
		return err
	}
	if err := j.read(in, 0); err != nil {
		return err
	}
	j.readScratch(ping, 0, 1)
	if err := j.write(out, 2); err != nil {
		return err
	}
	params(j, &m, 3)
	params(j, &rows, 4)
	j.spread(n)
	return nil
}

func without(list []int, at int) []int {
	return append(append([]int(nil), list[:at]...), list[at+1:]...)
}

func searches(j *job) error {
	t := j.task
	sorted, values, out := &t.In[0], &t.In[1], &t.Out[0]
	n := out.Len()
	if n == 0 {
		return nil
	}
	if err := j.use(kernelName{library{family: "sort", in: typeNames[sorted.Dtype]}, "search"}); err != nil {
		return err
	}
	for i, o := range []*engine.Operand{sorted, values} {
		if err := j.read(o, i); err != nil {
			return err
		}
	}
	if err := j.write(out, 2); err != nil {
		return err
	}
	params(j, &merge{length: uint32(sorted.Len()), first: flag(t.Attrs.(engine.SearchAttrs).Right)}, 3)
	params(j, &walk{count: uint64(n), width: j.widthOf(n)}, 4)
	j.spread(n)
	return nil
}
