package gpu

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

// fusedKernel is all that the source of a fused kernel depends on.
type fusedKernel struct {
	fusion *engine.Fusion
	in     []fusedInput
	out    []engine.Dtype
	rank   int  // axes that spread inputs are walked along
	per    int  // elements of a thread
	wide   bool // places need more than 32 bits

	aligned bool // what lies as the outputs do begins at whole vectors
}

type fusedInput struct {
	dtype engine.Dtype
	lie   lie
}

// constantSize is the room that a constant of the graph takes among the others.
const constantSize = 8

// conversions are the elementwise operations whose output dtype is not a matter of
// their input dtypes.
var conversions = map[*engine.Op]expressions{
	engine.OpAsType:  everywhere("x"),
	engine.OpFromFP8: {unsigned: "from_fp8_(x)"},
}

// expressionOf is what an operation computes of operands of a dtype, or "".
func expressionOf(op *engine.Op, in engine.Dtype) string {
	for _, table := range []map[*engine.Op]expressions{unaryTable, binaryTable, conversions} {
		if e, ok := table[op]; ok {
			return e[domainOf(in)]
		}
	}
	return ""
}

// text names everything that the source depends on: kernels of the same text are
// the same.
func (k *fusedKernel) text() string {
	b := make([]byte, 0, 256)
	b = append(b, byte(k.rank), byte(k.per), byte(flag(k.wide)|2*flag(k.aligned)), byte(len(k.in)), byte(len(k.out)))
	for _, in := range k.in {
		b = append(b, byte(in.dtype), byte(in.lie))
	}
	arg := func(a engine.Arg) { b = append(b, byte(flag(a.Input)), byte(a.Index)) }
	for i := range k.fusion.Steps {
		s := &k.fusion.Steps[i]
		b = append(b, s.Op.Name...)
		b = append(b, byte(s.Dtype))
		for _, a := range s.Args {
			arg(a)
		}
	}
	for i, a := range k.fusion.Out {
		b = append(b, byte(k.out[i]))
		arg(a)
	}
	return string(b)
}

// nameOf tells in traces how many operations a kernel runs and which is the last.
func (k *fusedKernel) nameOf(text string) string {
	h := fnv.New64a()
	h.Write([]byte(text))
	steps := k.fusion.Steps
	return fmt.Sprintf("fused_%d_%s_%016x", len(steps), steps[len(steps)-1].Op.Name, h.Sum64())
}

// source writes a kernel of the name. Each step rounds to its dtype, as it would
// if the next read it from memory.
func (k *fusedKernel) source(name string) string {
	w := &fusedWriter{fusedKernel: k}
	w.layout()
	w.part()
	w.entry(name)
	return w.String()
}

// fusedWriter writes the source of a fused kernel. Input n is called in<n> in
// memory and a<n> in registers, output n out<n> and o<n>, the answer of step n v<n>.
type fusedWriter struct {
	*fusedKernel
	strings.Builder
}

func (w *fusedWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// spreads lists the inputs that are walked.
func (k *fusedKernel) spreads() (list []int) {
	for i, in := range k.in {
		if in.lie == spread {
			list = append(list, i)
		}
	}
	return list
}

// layout declares what the kernel is told. Products must be rounded before they
// are added to something, wherever the compiler would not.
func (w *fusedWriter) layout() {
	w.line("#pragma STDC FP_CONTRACT OFF")
	index, place := "uint", "int"
	if w.wide {
		index, place = "ulong", "long"
	}
	w.line("typedef %s I;\ntypedef %s O;", index, place)
	w.line("struct Layout {")
	if w.rank > 0 {
		w.line("  long strides[%d][%d];", len(w.spreads()), w.rank)
	}
	w.line("  ulong count;\n  uint width;")
	if w.rank > 0 {
		w.line("  uint shape[%d];", w.rank)
	}
	w.line("};")
}

// arguments are the operands of the kernel: how each is declared, and what it is
// called.
func (w *fusedWriter) arguments() (declared, called []string) {
	add := func(declaration, name string) {
		declared, called = append(declared, declaration+" "+name), append(called, name)
	}
	constants := false
	for i, in := range w.in {
		if in.lie == inline {
			constants = true
			continue
		}
		add("device const "+typeNames[in.dtype]+"*", fmt.Sprint("in", i))
	}
	for i, d := range w.out {
		add("device "+typeNames[d]+"*", fmt.Sprint("out", i))
	}
	if constants {
		add("constant uchar*", "constants")
	}
	add("constant Layout&", "w")
	return declared, called
}

// part writes a function that makes N elements from the i-th on. The places of
// spread inputs come with it, and lie as far from each other as those of the last
// axis do.
func (w *fusedWriter) part() {
	params := []string{"I i"}
	for _, n := range w.spreads() {
		params = append(params, fmt.Sprint("O at", n))
	}
	declared, _ := w.arguments()
	w.line("template <uint N> inline void part(%s) {", strings.Join(append(params, declared...), ", "))
	w.loads()
	for n, d := range w.out {
		w.line("  %s o%d[N];", typeNames[d], n)
	}
	w.line("  for (uint k = 0; k < N; k++) {")
	for i := range w.fusion.Steps {
		w.step(i)
	}
	for n, a := range w.fusion.Out {
		w.line("    o%d[k] = %s;", n, w.value(a))
	}
	w.line("  }")
	for n := range w.out {
		if w.aligned {
			w.line("  several_to<N>(out%d + i, o%d);", n, n)
			continue
		}
		w.line("  for (uint k = 0; k < N; k++) out%d[i + k] = o%d[k];", n, n)
	}
	w.line("}")
}

// loads reads the inputs, all before anything is written: an output may take the
// place of one.
func (w *fusedWriter) loads() {
	constants, walked := 0, 0
	for n, in := range w.in {
		t := typeNames[in.dtype]
		switch in.lie {
		case inline:
			w.line("  const %s a%d = *(constant %s*)(constants + %d);", t, n, t, constants*constantSize)
			constants++
		case single:
			w.line("  const %s a%d = in%d[0];", t, n, n)
		case moving:
			if w.aligned {
				w.line("  %s a%d[N];\n  several_from<N>(in%d + i, a%d);", t, n, n, n)
				continue
			}
			w.line("  %s a%d[N];\n  for (uint k = 0; k < N; k++) a%d[k] = in%d[i + k];", t, n, n, n)
		case spread:
			w.line("  %s a%d[N];\n  for (uint k = 0; k < N; k++) a%d[k] = in%d[at%d + O(k) * O(w.strides[%d][%d])];", t, n, n, n, n, walked, w.rank-1)
			walked++
		}
	}
}

// value is what an operand of a step is called.
func (w *fusedWriter) value(a engine.Arg) string {
	if !a.Input {
		return fmt.Sprint("v", a.Index)
	}
	if l := w.in[a.Index].lie; l == moving || l == spread {
		return fmt.Sprintf("a%d[k]", a.Index)
	}
	return fmt.Sprint("a", a.Index)
}

func (w *fusedWriter) dtype(a engine.Arg) engine.Dtype {
	if a.Input {
		return w.in[a.Index].dtype
	}
	return w.fusion.Steps[a.Index].Dtype
}

// step writes one operation, in a scope of its own for the names that expressions
// are in.
func (w *fusedWriter) step(i int) {
	s := &w.fusion.Steps[i]
	out := typeNames[s.Dtype]
	if s.Op == engine.OpSelect {
		w.line("    const %s v%d = %s ? %s : %s;", out, i, w.value(s.Args[0]), w.value(s.Args[1]), w.value(s.Args[2]))
		return
	}
	in := w.dtype(s.Args[0])
	w.line("    %s v%d;\n    {\n      typedef %s U;\n      typedef %s W;", out, i, out, typeNames[in])
	for n, a := range s.Args {
		w.line("      auto %c = widen(%s);", 'x'+rune(n), w.value(a))
	}
	w.line("      v%d = to<U>::from(%s);\n    }", i, expressionOf(s.Op, in))
}

// entry writes the kernel.
func (w *fusedWriter) entry(name string) {
	declared, called := w.arguments()
	for n := range declared {
		declared[n] += fmt.Sprintf(" [[buffer(%d)]]", n)
	}
	w.line("kernel void %s(%s, uint3 g [[thread_position_in_grid]]) {", name, strings.Join(declared, ", "))
	w.line("  I i = (I(g.y) * I(w.width) + I(g.x)) * %d;\n  if (i >= I(w.count)) return;", w.per)
	w.walk()
	arguments := "i"
	for _, n := range w.spreads() {
		arguments += fmt.Sprint(", at", n)
	}
	arguments += ", " + strings.Join(called, ", ")
	switch {
	case w.per == 1 || w.rank > 0: // an axis that is walked is of whole parts
		w.line("  part<%d>(%s);", w.per, arguments)
	default:
		w.line("  if (i + %d <= I(w.count)) part<%d>(%s);\n  else for (; i < I(w.count); i++) part<1>(%s);", w.per, w.per, arguments, arguments)
	}
	w.line("}")
}

// walk finds where the spread inputs have element i.
func (w *fusedWriter) walk() {
	spreads := w.spreads()
	if len(spreads) == 0 {
		return
	}
	for _, n := range spreads {
		w.line("  O at%d = 0;", n)
	}
	if w.rank == 0 {
		return
	}
	w.line("  I rest = i;\n  O along;")
	for axis := w.rank - 1; axis >= 0; axis-- {
		if axis > 0 {
			w.line("  along = O(rest %% I(w.shape[%d]));\n  rest /= I(w.shape[%d]);", axis, axis)
		} else {
			w.line("  along = O(rest);")
		}
		for s, n := range spreads {
			w.line("  at%d += along * O(w.strides[%d][%d]);", n, s, axis)
		}
	}
}
