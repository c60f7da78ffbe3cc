package main

import (
	"fmt"
	"strings"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/formula"
)

// signature is that of a kernel of some operands.
func signature(e element, operands ...string) string {
	return fmt.Sprintf("(dst, %s *%s, n int)", strings.Join(operands, ", "), e.goType)
}

// arithmetic writes the operations that are one instruction or a few, which agree
// with the Go loops to the bit.
func arithmetic(file *a64.File) {
	binary := []struct{ name, does, instruction string }{
		{"add", "adds", "fadd"}, {"sub", "subtracts", "fsub"}, {"mul", "multiplies", "fmul"}, {"div", "divides", "fdiv"},
	}
	extremes := []struct{ name, does string }{
		{"max", "gives NaN where either operand is, the larger elsewhere, b where they are equal"},
		{"min", "gives NaN where either operand is, the smaller elsewhere, b where they are equal"},
	}
	unary := []struct{ name, does, instruction string }{
		{"neg", "changes the sign", "fneg"}, {"abs", "clears the sign", "fabs"}, {"sqrt", "takes the square root", "fsqrt"},
		{"floor", "rounds down", "frintm"}, {"ceil", "rounds up", "frintp"}, {"trunc", "rounds towards 0", "frintz"},
		{"rint", "rounds to the nearest, ties to even", "frintn"},
	}
	for _, e := range elements {
		write := func(name, does string, operands []string, body func(k *kernel, d a64.V, in []a64.V)) {
			l := elementwise{
				name: name + "NEONx" + e.name, signature: signature(e, operands...), does: does + ".",
				element: e, dst: "dst", operands: operands, several: 4, singly: true, body: eachRegister(body),
			}
			l.write(file)
		}
		for _, b := range binary {
			write(b.name, b.does, []string{"a", "b"}, func(k *kernel, d a64.V, in []a64.V) { k.Three(b.instruction, e.lanes, d, in[0], in[1]) })
		}
		for _, b := range extremes {
			write(b.name, b.does, []string{"a", "b"}, func(k *kernel, d a64.V, in []a64.V) { k.better(b.name == "max", d, in[0], in[1]) })
		}
		for _, u := range unary {
			write(u.name, u.does, []string{"a"}, func(k *kernel, d a64.V, in []a64.V) { k.Two(u.instruction, e.lanes, d, in[0]) })
		}
		write("square", "multiplies by itself", []string{"a"}, func(k *kernel, d a64.V, in []a64.V) { k.Three("fmul", e.lanes, d, in[0], in[0]) })
	}
}

// better takes a where it is the larger, or the smaller, or NaN, and b elsewhere.
func (k *kernel) better(larger bool, d, a, b a64.V) {
	win, number := k.V(), k.V()
	if larger {
		k.Three("fcmgt", k.e.lanes, win, a, b)
	} else {
		k.Three("fcmgt", k.e.lanes, win, b, a)
	}
	k.Three("fcmeq", k.e.lanes, number, a, a)
	k.Copy16(d, b)
	k.Three("bit", a64.B16, d, a, win)
	k.Three("bif", a64.B16, d, a, number)
}

// eachRegister makes a body of one for a single register.
func eachRegister(f func(k *kernel, d a64.V, in []a64.V)) func(k *kernel, in [][]a64.V) []a64.V {
	return func(k *kernel, in [][]a64.V) []a64.V {
		out := make([]a64.V, len(in[0]))
		for i := range out {
			out[i] = k.V()
			x := make([]a64.V, len(in))
			for o := range in {
				x[o] = in[o][i]
			}
			f(k, out[i], x)
		}
		return out
	}
}

// singles writes the functions that are computed in float32.
func singles(file *a64.File) {
	functions(file, formula.Singly(), func(f formula.Function) func(k *kernel, in [][]a64.V) []a64.V {
		return func(k *kernel, in [][]a64.V) []a64.V {
			values := make([]formula.Value, len(in))
			for i, x := range in {
				values[i] = &value{registers: x}
			}
			return of(f.Single(formula.Code[formula.Singles]{M: k.machine()}, values)).registers
		}
	})
}

// doubles writes those that are computed in float64, by halves, and the choice.
func doubles(file *a64.File) {
	functions(file, formula.Doubly(), func(f formula.Function) func(k *kernel, in [][]a64.V) []a64.V {
		return func(k *kernel, in [][]a64.V) (out []a64.V) {
			m := k.machine()
			m.element = double
			for half := range group {
				values := make([]formula.Value, len(in))
				for i, x := range in {
					values[i] = m.Widen(&value{registers: x[half : half+1]})
				}
				out = append(out, of(m.Narrow(f.Double(formula.Code[formula.Doubles]{M: m}, values))).at(0))
			}
			return out
		}
	})
	choose(file)
}

func functions(file *a64.File, all []formula.Function, body func(f formula.Function) func(k *kernel, in [][]a64.V) []a64.V) {
	for _, f := range all {
		l := elementwise{
			name: f.Name + "NEONx32", signature: signature(single, f.Operands...), does: f.Does + ".",
			element: single, dst: "dst", operands: f.Operands, several: group, body: body(f), limit: f.Limit, constants: true,
		}
		if f.Limit > 0 {
			l.signature += " (done int)"
		}
		l.write(file)
	}
}
