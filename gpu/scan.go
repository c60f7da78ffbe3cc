package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

// scanning describes a scan: the accumulator's type and start by domain, and how
// an element x goes in. $S is the type that the result is computed in.
type scanning struct {
	start expressions
	take  expressions
}

var scannings = map[*engine.Op]scanning{
	engine.OpCumSum:  {expressions{floats: "0", signed: "0", unsigned: "0", complexes: "0"}, numbers("a + x")},
	engine.OpCumProd: {expressions{"1", "1", "1", "1", "1"}, expressions{"a * x", "a * x", "a * x", "a && x", "c_mul(a, x)"}},
	engine.OpCumMax: {expressions{"-INFINITY", "lowest<S>()", "0", "0", "complex_of(-INFINITY, -INFINITY)"},
		expressions{"larger(a, x)", "larger(a, x)", "larger(a, x)", "a || x", "larger(a, x)"}},
	engine.OpCumMin: {expressions{"INFINITY", "highest<S>()", "highest<S>()", "1", "complex_of(INFINITY, INFINITY)"},
		expressions{"smaller(a, x)", "smaller(a, x)", "smaller(a, x)", "a && x", "smaller(a, x)"}},
	engine.OpLogCumSumExp: {expressions{floats: "-INFINITY", complexes: "complex_of(-INFINITY, 0.0f)"},
		realAndComplex("log_add_exp(a, x)", "c_log_add_exp(a, x)")},
}

const scanKernels = `
struct s_$name {
  typedef $S S;
  static inline S start() { return to<S>::from($start); }
  static inline S join(S a, S x) { return to<S>::from($take); }
};
kernel void each_$name(device const $T* in [[buffer(0)]], device $U* out [[buffer(1)]], device $S* carries [[buffer(2)]], constant Line& l [[buffer(3)]],
    constant Walk& w [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i < w.count) scan_each<s_$name>(in, out, carries, l, i);
}
kernel void rows_$name(device const $T* in [[buffer(0)]], device $U* out [[buffer(1)]], device $S* carries [[buffer(2)]], constant Line& l [[buffer(3)]],
    constant Rows& r [[buffer(4)]], threadgroup $S* shared [[threadgroup(0)]], uint3 g [[threadgroup_position_in_grid]],
    uint lane [[thread_index_in_simdgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]]) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row < r.count) scan_rows<s_$name>(in, out, carries, l, t, shared);
}
kernel void carries_$name(device $S* carries [[buffer(0)]], constant Rows& r [[buffer(1)]], uint3 g [[threadgroup_position_in_grid]],
    uint lane [[thread_index_in_simdgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]]) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row < r.count) scan_carries<s_$name>(carries, r.width, t);
}
`

func init() {
	for op, s := range scannings {
		register(&family{
			takes:     func(_ *engine.Op, in, _ []engine.Dtype) bool { return s.take[domainOf(in[0])] != "" },
			encode:    scans,
			workspace: func(t *engine.Task) int { return planScan(t).scratch() },
		}, op)
	}
	generators["scan"] = scanSource
}

// scanSource writes the kernels of one operation.
func scanSource(l library) string {
	_, name := l.variant()
	d := domainOfType(l.in)
	for op, s := range scannings {
		if op.Name == name {
			return fill(scanKernels, "$name", op.Name, "$T", l.in, "$U", l.out, "$S", computed(l.out), "$start", s.start[d], "$take", s.take[d])
		}
	}
	return ""
}

// A scan is divided by shapes alone, so that it gives the same on every GPU.
const (
	shortScan     = 16      // lines that are no longer are scanned by a thread each
	wideScan      = 16      // lines that lie so many side by side are too
	scanThreads   = 1 << 14 // threads that keep a GPU busy
	threadBlock   = 64      // elements of a block that is worth a thread
	teamBlock     = 1 << 12 // elements of a block that is worth a team
	eachScans     = 4       // the kernels' each_scans
	mostLineSimds = 8
)

// scanPlan is how a scan runs: by threads or by teams, in blocks.
type scanPlan struct {
	line
	lines int
	teams bool
}

// line is the Line of the kernels.
type line struct {
	length, inner, block               uint64
	blocks, reverse, inclusive, totals uint32
}

func planScan(t *engine.Task) (p scanPlan) {
	at, out := t.Attrs.(engine.ScanAttrs), &t.Out[0]
	length, inner := 1, 1
	if len(out.Shape) > 0 {
		length, inner = out.Shape[at.Axis], engine.Elements(out.Shape[at.Axis+1:])
	}
	p.line = line{length: uint64(length), inner: uint64(inner), block: uint64(length), blocks: 1, reverse: flag(at.Reverse), inclusive: flag(at.Inclusive)}
	if length == 0 || out.Len() == 0 {
		return p
	}
	p.lines = out.Len() / length
	p.teams = length > shortScan && inner < wideScan
	least, busy := threadBlock, scanThreads
	if p.teams {
		least, busy = teamBlock, foldGroups
	}
	blocks := max(min(length/least, (busy+p.lines-1)/p.lines), 1)
	block := (length + blocks - 1) / blocks
	p.block, p.blocks = uint64(block), uint32((length+block-1)/block)
	return p
}

// scratch is the memory of what the blocks come to, of 8 bytes at most.
func (p scanPlan) scratch() int {
	if p.blocks == 1 {
		return 0
	}
	return scratchSize(8 * p.lines * int(p.blocks))
}

// scans runs over the lines once, or, where they are cut into blocks, once for what
// the blocks come to and once more for the answer.
func scans(j *job) error {
	t := j.task
	p, carries := planScan(t), t.Out[0] // carries are not looked at where there is one block
	if p.lines == 0 {
		return nil
	}
	if p.blocks == 1 {
		return j.scan(&p, &carries)
	}
	parts, err := j.carve(p.scratch())
	if err != nil {
		return err
	}
	carries = parts[0]
	p.totals = 1
	if err := j.scan(&p, &carries); err != nil {
		return err
	}
	l := library{"scan " + t.Op.Name, typeNames[t.In[0].Dtype], typeNames[t.Out[0].Dtype]}
	if err := j.use(kernelName{l, "carries_" + t.Op.Name}); err != nil {
		return err
	}
	if err := j.write(&carries, 0); err != nil {
		return err
	}
	r, groups, threads, err := j.teams(p.lines, int(p.blocks), eachScans, 1)
	if err != nil {
		return err
	}
	params(j, &r, 1)
	j.groups(groups, threads)
	p.totals = 0
	return j.scan(&p, &carries)
}

// scan runs the kernel that reads the elements.
func (j *job) scan(p *scanPlan, carries *engine.Operand) error {
	t := j.task
	l := library{"scan " + t.Op.Name, typeNames[t.In[0].Dtype], typeNames[t.Out[0].Dtype]}
	name := "each_"
	if p.teams {
		name = "rows_"
	}
	if err := j.use(kernelName{l, name + t.Op.Name}); err != nil {
		return err
	}
	if err := j.read(&t.In[0], 0); err != nil {
		return err
	}
	for i, o := range []*engine.Operand{&t.Out[0], carries} {
		if err := j.write(o, 1+i); err != nil {
			return err
		}
	}
	params(j, &p.line, 3)
	n := p.lines * int(p.blocks)
	if !p.teams {
		params(j, &walk{count: uint64(n), width: j.widthOf(n)}, 4)
		j.spread(n)
		return nil
	}
	r, groups, threads, err := j.teams(n, int(p.block), eachScans, mostLineSimds)
	if err != nil {
		return err
	}
	params(j, &r, 4)
	j.record.SetThreadgroupMemory(8*mostLineSimds, 0)
	j.groups(groups, threads)
	return nil
}
