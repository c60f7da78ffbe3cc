package gpu

import (
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

// folding describes a reduction: an accumulator of two parts, a of type A and b
// of type B, what it begins with, how an element x at place at goes in, how the
// accumulator (c, d) of a later part is joined, and the result.
type folding struct {
	takes func(domain) bool
	a, b  string
	start string
	take  string
	many  string // how elements x[0] to x[N-1] go in, where that is not one by one
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
		take: "float t = a < x ? x : a, from = power_base(t); b = (a == t ? b : b * power(a - from)) + power(x - from); a = t",
		many: `float t = a, sum = 0.0f;
    UNROLLED for (uint h = 0; h < N; h++) t = t < x[h] ? x[h] : t;
    float from = power_base(t);
    UNROLLED for (uint h = 0; h < N; h++) sum += power(x[h] - from);
    b = (a == t ? b : b * power(a - from)) + sum;
    a = t`,
		join: "float t = a < c ? c : a, from = power_base(t); b = (a == t ? b : b * power(a - from)) + (c == t ? d : d * power(c - from)); a = t",
		done: "b == 0.0f && a == -INFINITY ? a : a + precise::log(b)"},
	// The place is in b, one more than it, so that 0 stands for none yet.
	engine.OpArgMax: {takes: anyDomain, a: "$W", b: "uint", start: "b = 0u", take: "if (b == 0u || beats(x, a)) { a = x; b = at + 1u; }",
		join: "if (d != 0u && (b == 0u || beats(c, a) || (!beats(a, c) && d < b))) { a = c; b = d; }", done: "b - 1u"},
	engine.OpArgMin: {takes: anyDomain, a: "$W", b: "uint", start: "b = 0u", take: "if (b == 0u || loses(x, a)) { a = x; b = at + 1u; }",
		join: "if (d != 0u && (b == 0u || loses(c, a) || (!loses(a, c) && d < b))) { a = c; b = d; }", done: "b - 1u"},
}

// Of complex numbers the accumulator is the logarithm so far.
var complexLogSumExp = folding{a: "float2", b: "uint", start: "a = complex_of(-INFINITY, 0.0f)", take: "a = c_log_add_exp(a, x)", join: "a = c_log_add_exp(a, c)", done: "a"}

const foldKernels = `
struct f_$name {
  typedef $A A;
  typedef $B B;
  static inline void start(thread A& a, thread B& b) { a = A(); b = B(); $start; }
  static inline void take(thread A& a, thread B& b, $W x, uint at) { $take; }
  template <uint N> static inline void many(thread A& a, thread B& b, thread const $W* x, uint at, uint apart) { $many; }
  static inline void join(thread A& a, thread B& b, A c, B d) { $join; }
  static inline $S done(A a, B b) { return $done; }
};
kernel void each_$name(device const $T* in [[buffer(0)]], device $U* out [[buffer(1)]], constant Walk& kept [[buffer(2)]], constant Walk& folded [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  fold_each<f_$name>(in, out, kept, folded, element(kept, g));
}
kernel void rows_$name(device const $T* in [[buffer(0)]], device $U* out [[buffer(1)]], device $A* pa [[buffer(2)]], device $B* pb [[buffer(3)]],
    constant Fold& f [[buffer(4)]], constant Walk& kept [[buffer(5)]], constant Walk& folded [[buffer(6)]], $team) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row < r.count) fold_rows<f_$name>(in, out, pa, pb, f, kept, folded, t, sa, sb);
}
kernel void columns_$name(device const $T* in [[buffer(0)]], device $U* out [[buffer(1)]], device $A* pa [[buffer(2)]], device $B* pb [[buffer(3)]],
    constant Fold& f [[buffer(4)]], constant Walk& kept [[buffer(5)]], constant Walk& folded [[buffer(6)]], $team) {
  ulong item = ulong(g.y) * r.across + g.x;
  if (item < r.count) fold_columns<f_$name>(in, out, pa, pb, f, kept, folded, item, lane, simd, simds, sa, sb);
}
kernel void parts_$name(device const $A* pa [[buffer(0)]], device const $B* pb [[buffer(1)]], device $U* out [[buffer(2)]], $team) {
  Team t = team_of(r, g, lane, simd, simds);
  if (t.row < r.count) fold_parts<f_$name>(pa, pb, out, r.width, t, sa, sb);
}
`

// foldTeam are the arguments by which threads that share a result know each other.
const foldTeam = `constant Rows& r [[buffer(7)]], threadgroup $A* sa [[threadgroup(0)]], threadgroup $B* sb [[threadgroup(1)]],
    uint3 g [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]], uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]]`

func init() {
	for op := range foldings {
		register(&family{
			takes:     func(op *engine.Op, in, _ []engine.Dtype) bool { return foldingOf(op, domainOf(in[0])) != nil },
			encode:    folds,
			workspace: foldScratch,
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

// foldingOf is how an operation folds elements of a domain, or nil.
func foldingOf(op *engine.Op, d domain) *folding {
	if f, ok := foldings[op]; ok && f.takes(d) {
		return &f
	}
	if op == engine.OpLogSumExp && d == complexes {
		return &complexLogSumExp
	}
	return nil
}

// foldSource writes the kernels of one operation.
func foldSource(l library) string {
	_, name := l.variant()
	for op := range foldings {
		if op.Name != name {
			continue
		}
		f := foldingOf(op, domainOfType(l.in))
		many := f.many
		if many == "" {
			many = "UNROLLED for (uint h = 0; h < N; h++) take(a, b, x[h], at + h * apart)"
		}
		types := []string{"$W", computed(l.in), "$S", computed(l.out)}
		values := append(types, "$name", op.Name, "$A", fill(f.a, types...), "$B", f.b, "$T", l.in, "$U", l.out,
			"$start", f.start, "$take", f.take, "$many", many, "$join", f.join, "$done", f.done)
		return fill(strings.ReplaceAll(foldKernels, "$team", foldTeam), values...)
	}
	return ""
}
