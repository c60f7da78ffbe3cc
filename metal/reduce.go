package metal

import (
	"strings"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal/internal/mtl"
)

// folding describes a reduction: an accumulator of two parts, a of type A and b
// of type B, what it begins with, how an element x at place at goes in, how the
// accumulator (c, d) of a later part is joined, and the result.
type folding struct {
	takes func(domain) bool
	a, b  string
	start string
	take  string
	join  string
	done  string
}

func anyDomain(domain) bool    { return true }
func truthsOnly(d domain) bool { return d == truths }
func realFloats(d domain) bool { return d == floats }

// The accumulator's types: $W is the type that elements are computed in, $S the
// same of the result.
var foldings = map[*engine.Op]folding{
	engine.OpSum:  {takes: anyDomain, a: "$S", b: "uint", start: "a = to<A>::from(0)", take: "a = a + to<A>::from(x)", join: "a = a + c", done: "a"},
	engine.OpProd: {takes: anyDomain, a: "$S", b: "uint", start: "a = to<A>::from(1)", take: "a = times(a, to<A>::from(x))", join: "a = times(a, c)", done: "a"},
	engine.OpMax:  {takes: anyDomain, a: "$W", b: "uint", start: "b = 0u", take: "a = b == 0u ? x : larger(a, x); b = 1u", join: "if (d != 0u) { a = b == 0u ? c : larger(a, c); b = 1u; }", done: "a"},
	engine.OpMin:  {takes: anyDomain, a: "$W", b: "uint", start: "b = 0u", take: "a = b == 0u ? x : smaller(a, x); b = 1u", join: "if (d != 0u) { a = b == 0u ? c : smaller(a, c); b = 1u; }", done: "a"},
	engine.OpAll:  {takes: truthsOnly, a: "bool", b: "uint", start: "a = true", take: "a = a && x", join: "a = a && c", done: "a"},
	engine.OpAny:  {takes: truthsOnly, a: "bool", b: "uint", start: "a = false", take: "a = a || x", join: "a = a || c", done: "a"},
	engine.OpLogSumExp: {takes: realFloats, a: "float", b: "float", start: "a = -INFINITY; b = 0.0f",
		take: "float t = larger(a, x); b = t == -INFINITY ? 0.0f : (a == t ? b : b * precise::exp(a - t)) + (x == t ? 1.0f : precise::exp(x - t)); a = t",
		join: "float t = larger(a, c); b = t == -INFINITY ? 0.0f : (a == t ? b : b * precise::exp(a - t)) + (c == t ? d : d * precise::exp(c - t)); a = t",
		done: "b == 0.0f && a == -INFINITY ? a : a + precise::log(b)"},
	// The place is in b, one more than it, so that 0 stands for none yet.
	engine.OpArgMax: {takes: anyDomain, a: "$W", b: "uint", start: "b = 0u", take: "if (b == 0u || beats(x, a)) { a = x; b = at + 1u; }",
		join: "if (d != 0u && (b == 0u || beats(c, a) || (!beats(a, c) && d < b))) { a = c; b = d; }", done: "b - 1u"},
	engine.OpArgMin: {takes: anyDomain, a: "$W", b: "uint", start: "b = 0u", take: "if (b == 0u || loses(x, a)) { a = x; b = at + 1u; }",
		join: "if (d != 0u && (b == 0u || loses(c, a) || (!loses(a, c) && d < b))) { a = c; b = d; }", done: "b - 1u"},
}

const foldKernels = `
struct f_$name {
  typedef $A A;
  typedef $B B;
  static inline void start(thread A& a, thread B& b) { a = A(); b = B(); $start; }
  static inline void take(thread A& a, thread B& b, $W x, uint at) { $take; }
  static inline void join(thread A& a, thread B& b, A c, B d) { $join; }
  static inline $S done(A a, B b) { return $done; }
};
kernel void few_$name(device const $T* in [[buffer(0)]], device $U* out [[buffer(1)]], constant Walk& kept [[buffer(2)]], constant Walk& folded [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  few<f_$name>(in, out, kept, folded, element(kept, g));
}
kernel void many_$name(device const $T* in [[buffer(0)]], device $U* out [[buffer(1)]], constant Walk& kept [[buffer(2)]], constant Walk& folded [[buffer(3)]],
    threadgroup $A* sa [[threadgroup(0)]], threadgroup $B* sb [[threadgroup(1)]], uint3 g [[threadgroup_position_in_grid]], uint i [[thread_index_in_threadgroup]], uint3 n [[threads_per_threadgroup]]) {
  many<f_$name>(in, out, kept, folded, sa, sb, element(kept, g), i, n.x);
}
`

func init() {
	for op, f := range foldings {
		register(&family{
			takes:  func(_ *engine.Op, in, _ []engine.Dtype) bool { return f.takes(domainOf(in[0])) },
			encode: folds,
		}, op)
	}
	generators["fold"] = foldSource
}

// computed is the type that elements of a type are computed in.
func computed(t string) string {
	if t == "half" || t == "bf16" {
		return "float"
	}
	return t
}

func foldSource(l library) string {
	var s strings.Builder
	d := domainOfType(l.in)
	for _, op := range engine.Ops() {
		f, ok := foldings[op]
		if !ok || !f.takes(d) || !foldAnswers(op, l) {
			continue
		}
		types := []string{"$W", computed(l.in), "$S", computed(l.out)}
		s.WriteString(fill(foldKernels, append(types, "$name", op.Name, "$A", fill(f.a, types...), "$B", f.b, "$T", l.in, "$U", l.out,
			"$start", f.start, "$take", f.take, "$join", f.join, "$done", f.done)...))
	}
	return s.String()
}

func foldAnswers(op *engine.Op, l library) bool {
	if op.Class == engine.ArgReduction {
		return l.out == "uint"
	}
	return answersIn(op, l)
}

// longFold is how many elements make a result worth a threadgroup, unless there
// are wideFold results to keep all threads busy.
const (
	longFold = 128
	wideFold = 1 << 14
)

func folds(j *job) error {
	t := j.task
	in, out := &t.In[0], &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	kept, folded, err := splitAxes(t)
	if err != nil {
		return err
	}
	l := library{"fold", typeNames[in.Dtype], typeNames[out.Dtype]}
	many := folded.count >= longFold && kept.count < wideFold
	name := "few_"
	if many {
		name = "many_"
	}
	if err := j.use(kernelName{l, name + t.Op.Name}); err != nil {
		return err
	}
	if err := j.read(in, 0); err != nil {
		return err
	}
	if err := j.write(out, 1); err != nil {
		return err
	}
	if !many {
		kept.width = j.widthOf(out.Len())
		params(j, &kept, 2)
		params(j, &folded, 3)
		j.spread(out.Len())
		return nil
	}
	j.onePer(int(kept.count), &kept, func(threads int) {
		params(j, &kept, 2)
		params(j, &folded, 3)
		j.api.SetThreadgroupMemory(j.encoder, 8*threads, 0)
		j.api.SetThreadgroupMemory(j.encoder, 4*threads, 1)
	})
	return nil
}

// onePer runs a threadgroup for each of n results; bind sets the arguments that
// depend on the threads of a group.
func (j *job) onePer(n int, w *walk, bind func(threads int)) {
	threads := min(threadsPerGroup, j.kernel.maxThreads)
	x := min(n, lines)
	w.width = uint32(x)
	bind(threads)
	j.groups(mtl.Size{Width: uint(x), Height: uint((n + x - 1) / x), Depth: 1}, mtl.Size{Width: uint(threads), Height: 1, Depth: 1})
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
