package gpu

import (
	"sort"
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

// expressions give the value of an elementwise operation by the domain that it
// computes in, in terms of the operands x and y, widened; W is their type and U
// the type of the answer.
type expressions [domains]string

// everywhere is one expression for all domains.
func everywhere(e string) expressions { return expressions{e, e, e, e, e} }

// numbers is one expression for all domains but bool.
func numbers(e string) expressions {
	return expressions{floats: e, signed: e, unsigned: e, complexes: e}
}

func realAndComplex(r, c string) expressions { return expressions{floats: r, complexes: c} }

// whole is what a rounding gives: integers are themselves.
func whole(e, c string) expressions {
	return expressions{floats: e, signed: "x", unsigned: "x", truths: "x", complexes: c}
}

func integers(e, b string) expressions { return expressions{signed: e, unsigned: e, truths: b} }

// compare is one expression for all ordered domains, and one for complex numbers.
func compare(e, c string) expressions { return expressions{e, e, e, e, c} }

var unaryTable = map[*engine.Op]expressions{
	engine.OpAbs:        {floats: "fabs(x)", signed: "x < 0 ? -x : x", unsigned: "x", truths: "x", complexes: "c_abs(x)"},
	engine.OpNegative:   numbers("-x"),
	engine.OpSign:       {floats: "float(x > 0.0f) - float(x < 0.0f)", signed: "(x > 0) - (x < 0)", unsigned: "x > 0", truths: "x", complexes: "x.x == 0.0f && x.y == 0.0f ? x : x / c_abs(x)"},
	engine.OpExp:        realAndComplex("precise::exp(x)", "c_exp(x)"),
	engine.OpExpm1:      {floats: "expm1_(x)"},
	engine.OpLog:        realAndComplex("precise::log(x)", "c_log(x)"),
	engine.OpLog2:       realAndComplex("log2(x)", "c_log(x) / M_LN2_F"),
	engine.OpLog10:      realAndComplex("log10(x)", "c_log(x) / 2.302585092994046f"),
	engine.OpLog1p:      realAndComplex("log1p_(x)", "c_log1p(x)"),
	engine.OpSin:        realAndComplex("precise::sin(x)", "c_over_i(c_sinh(c_times_i(x)))"),
	engine.OpCos:        realAndComplex("precise::cos(x)", "c_cosh(c_times_i(x))"),
	engine.OpTan:        realAndComplex("precise::tan(x)", "c_over_i(c_tanh(c_times_i(x)))"),
	engine.OpArcsin:     realAndComplex("asin(x)", "c_asin(x)"),
	engine.OpArccos:     realAndComplex("acos(x)", "c_acos(x)"),
	engine.OpArctan:     realAndComplex("atan(x)", "c_over_i(c_atanh(c_times_i(x)))"),
	engine.OpSinh:       realAndComplex("sinh(x)", "c_sinh(x)"),
	engine.OpCosh:       realAndComplex("cosh(x)", "c_cosh(x)"),
	engine.OpTanh:       realAndComplex("precise::tanh(x)", "c_tanh(x)"),
	engine.OpArcsinh:    realAndComplex("asinh(x)", "c_over_i(c_asin(c_times_i(x)))"),
	engine.OpArccosh:    realAndComplex("acosh(x)", "c_acosh(x)"),
	engine.OpArctanh:    realAndComplex("atanh(x)", "c_atanh(x)"),
	engine.OpSqrt:       realAndComplex("precise::sqrt(x)", "c_sqrt(x)"),
	engine.OpRsqrt:      realAndComplex("1.0f / precise::sqrt(x)", "c_div(complex_of(1.0f, 0.0f), c_sqrt(x))"),
	engine.OpSquare:     {floats: "x * x", signed: "x * x", unsigned: "x * x", truths: "x", complexes: "c_times(x, x)"},
	engine.OpSigmoid:    {floats: "1.0f / (1.0f + precise::exp(-x))"},
	engine.OpErf:        {floats: "erf_(x)"},
	engine.OpErfinv:     {floats: "erfinv_(x)"},
	engine.OpFloor:      whole("floor(x)", ""),
	engine.OpCeil:       whole("ceil(x)", ""),
	engine.OpRint:       whole("rint(x)", "complex_of(rint(x.x), rint(x.y))"),
	engine.OpTrunc:      whole("trunc(x)", ""),
	engine.OpLogicalNot: {truths: "!x"},
	engine.OpInvert:     integers("~x", "!x"),
	engine.OpConjugate:  whole("x", "c_conj(x)"),
	engine.OpReal:       whole("x", "x.x"),
	engine.OpToFP8:      {floats: "to_e4m3(x)"},
	engine.OpImag:       {floats: "0.0f", signed: "0", unsigned: "0", truths: "false", complexes: "x.y"},
}

const (
	or  = "x || y"
	and = "x && y"
	xor = "x != y"
)

var binaryTable = map[*engine.Op]expressions{
	engine.OpAdd:         {"x + y", "x + y", "x + y", or, "x + y"},
	engine.OpSubtract:    {"x - y", "x - y", "x - y", xor, "x - y"},
	engine.OpMultiply:    {"x * y", "x * y", "x * y", and, "c_times(x, y)"},
	engine.OpDivide:      realAndComplex("x / y", "c_div(x, y)"),
	engine.OpFloorDivide: {floats: "floor(widen(to<U>::from(x / y)))", signed: "whole_quotient(x, y)", unsigned: "whole_quotient(x, y)", truths: and},
	engine.OpRemainder:   {floats: "float_modulo(x, y)", signed: "whole_modulo(x, y)", unsigned: "whole_modulo(x, y)", truths: "false"},
	engine.OpPower:       {"precise::pow(x, y)", "whole_power(x, y)", "whole_power(x, y)", "x || !y", "c_pow(x, y)"},
	engine.OpMaximum:     {"larger(x, y)", "larger(x, y)", "larger(x, y)", or, "larger(x, y)"},
	engine.OpMinimum:     {"smaller(x, y)", "smaller(x, y)", "smaller(x, y)", and, "smaller(x, y)"},
	engine.OpArctan2:     {floats: "atan2(x, y)"},
	engine.OpLogAddExp:   realAndComplex("log_add_exp(x, y)", "c_log_add_exp(x, y)"),

	engine.OpEqual:        compare("x == y", "x.x == y.x && x.y == y.y"),
	engine.OpNotEqual:     compare("x != y", "x.x != y.x || x.y != y.y"),
	engine.OpLess:         compare("x < y", "c_less(x, y)"),
	engine.OpLessEqual:    compare("x <= y", "c_less(x, y) || (x.x == y.x && x.y == y.y)"),
	engine.OpGreater:      compare("x > y", "c_less(y, x)"),
	engine.OpGreaterEqual: compare("x >= y", "c_less(y, x) || (x.x == y.x && x.y == y.y)"),

	engine.OpLogicalAnd: {truths: and},
	engine.OpLogicalOr:  {truths: or},
	engine.OpLogicalXor: {truths: xor},
	engine.OpBitAnd:     integers("x & y", and),
	engine.OpBitOr:      integers("x | y", or),
	engine.OpBitXor:     integers("x ^ y", xor),
	// The number of places counts modulo the width of a register.
	engine.OpLeftShift:  integers("long(x) << (ulong(y) & (sizeof(W) == 8 ? 63ul : 31ul))", ""),
	engine.OpRightShift: {signed: "long(x) >> (ulong(y) & (sizeof(W) == 8 ? 63ul : 31ul))", unsigned: "ulong(x) >> (ulong(y) & (sizeof(W) == 8 ? 63ul : 31ul))"},
}

const unaryKernel = `
kernel void k_$name(device const $T* a [[buffer(0)]], device $U* out [[buffer(1)]], constant Walk& w [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  typedef $U U;
  ulong i = element(w, g);
  if (i >= w.count) return;
  auto x = widen(a[place(w, 0, i)]);
  out[i] = to<U>::from($expr);
}
`

const binaryKernel = `
kernel void k_$name(device const $T* a [[buffer(0)]], device const $T* b [[buffer(1)]], device $U* out [[buffer(2)]], constant Walk& w [[buffer(3)]], uint3 g [[thread_position_in_grid]]) {
  typedef $U U;
  typedef $T W;
  ulong i = element(w, g);
  if (i >= w.count) return;
  auto x = widen(a[place(w, 0, i)]);
  auto y = widen(b[place(w, 1, i)]);
  out[i] = to<U>::from($expr);
}
`

const selectKernel = `
kernel void k_where(device const bool* c [[buffer(0)]], device const $T* a [[buffer(1)]], device const $T* b [[buffer(2)]], device $T* out [[buffer(3)]], constant Walk& w [[buffer(4)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  out[i] = c[place(w, 0, i)] ? a[place(w, 1, i)] : b[place(w, 2, i)];
}
`

func init() {
	for op := range unaryTable {
		register(&family{takes: inTable(unaryTable), encode: elementwise("unary")}, op)
	}
	for op := range binaryTable {
		register(&family{takes: inTable(binaryTable), encode: elementwise("binary")}, op)
	}
	register(&family{encode: elementwise("cast")}, engine.OpAsType)
	register(&family{encode: elementwise("decode")}, engine.OpFromFP8)
	register(&family{encode: selects}, engine.OpSelect)
	generators["decode"] = func(l library) string {
		return fill(unaryKernel, "$name", engine.OpFromFP8.Name, "$T", l.in, "$U", l.out, "$expr", expressionOf(engine.OpFromFP8, engine.Uint8))
	}
	generators["unary"] = func(l library) string { return tableSource(unaryTable, unaryKernel, l) }
	generators["binary"] = func(l library) string { return tableSource(binaryTable, binaryKernel, l) }
	generators["cast"] = func(l library) string {
		return fill(unaryKernel, "$name", engine.OpAsType.Name, "$T", l.in, "$U", l.out, "$expr", expressionOf(engine.OpAsType, engine.Float32))
	}
	generators["select"] = func(l library) string { return fill(selectKernel, "$T", l.in) }
}

func inTable(t map[*engine.Op]expressions) func(op *engine.Op, in, _ []engine.Dtype) bool {
	return func(op *engine.Op, in, _ []engine.Dtype) bool { return t[op][domainOf(in[0])] != "" }
}

// tableSource writes the kernels of a table that take the library's input type
// and answer in its output type.
func tableSource(t map[*engine.Op]expressions, text string, l library) string {
	var kernels []string
	d := domainOfType(l.in)
	for op, e := range t {
		if e[d] != "" && answersIn(op, l) {
			kernels = append(kernels, fill(text, "$name", op.Name, "$T", l.in, "$U", l.out, "$expr", e[d]))
		}
	}
	sort.Strings(kernels)
	return strings.Join(kernels, "")
}

func answersIn(op *engine.Op, l library) bool {
	for d, name := range typeNames {
		if name == l.in {
			in, out := op.Dtypes(d)
			return in == d && typeNames[out] == l.out
		}
	}
	return false
}

// elementwise encodes an operation of a table: every thread makes one element.
func elementwise(name string) func(j *job) error {
	return func(j *job) error {
		t := j.task
		out := &t.Out[0]
		if j.alone() {
			return fuses(j)
		}
		l := library{name, typeNames[t.In[0].Dtype], typeNames[out.Dtype]}
		return j.each(kernelName{l, "k_" + t.Op.Name})
	}
}

// alone makes a large task that of a group with one member, where the backend has its
// kernels.
func (j *job) alone() bool {
	t := j.task
	if !j.queue.backend.singles || t.Out[0].Len() < manyElements || len(t.Out) != 1 {
		return false
	}
	one := *t
	step := engine.Step{Op: t.Op, Dtype: t.Out[0].Dtype}
	for i := range t.In {
		step.Args = append(step.Args, engine.Arg{Input: true, Index: i})
	}
	one.Fusion = &engine.Fusion{Shape: t.Out[0].Shape, Steps: []engine.Step{step}, Out: []engine.Arg{{}}}
	j.task = &one
	return true
}

// selects only moves elements: the kernel depends on their size alone.
func selects(j *job) error {
	if j.alone() {
		return fuses(j)
	}
	return j.each(kernelName{library{family: "select", in: wordNames[j.task.Out[0].Dtype.Size()]}, "k_where"})
}

// each runs a kernel whose arguments are the inputs, the output and their walk.
func (j *job) each(k kernelName) error {
	t := j.task
	out := &t.Out[0]
	if out.Len() == 0 {
		return nil
	}
	strides := make([][]int, len(t.In))
	for i := range t.In {
		strides[i] = broadcast(&t.In[i], out.Shape)
	}
	w, err := newWalk(t.Op.Name, out.Shape, strides...)
	if err != nil {
		return err
	}
	if err := j.use(k); err != nil {
		return err
	}
	for i := range t.In {
		if err := j.read(&t.In[i], i); err != nil {
			return err
		}
	}
	if err := j.write(out, len(t.In)); err != nil {
		return err
	}
	w.width = j.widthOf(out.Len())
	params(j, &w, len(t.In)+1)
	j.spread(out.Len())
	return nil
}
