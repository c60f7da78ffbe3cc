package main

import (
	"fmt"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
)

// sums is the number of running totals, enough to hide the latency of addition.
const sums = 8

// folds writes the kernels that make one number of many, and those that work on a
// number and a row. The order in which they add depends on the length alone.
func folds(file *a64.File) {
	for _, e := range elements {
		e.sum(file)
		e.dot(file)
		e.axpy(file)
		e.scaling(file)
		e.extreme(file, "greatest", "fmax")
		e.extreme(file, "least", "fmin")
	}
	affine(file)
}

func begin(file *a64.File, e element, name, signature, does string, args ...any) *kernel {
	return &kernel{Func: file.Func(name, signature, fmt.Sprintf(does, args...)), file: file, e: e}
}

func (k *kernel) totals() (t [sums]a64.V) {
	for i := range t {
		t[i] = k.V()
		k.Zero(t[i])
	}
	return t
}

// gather joins totals, and their lanes, in the first lane of the first.
func (k *kernel) gather(t []a64.V, instruction string, lanes a64.Arrangement) a64.V {
	for n := len(t) / 2; n > 0; n /= 2 {
		for i := range n {
			k.Three(instruction, lanes, t[i], t[i], t[i+n])
		}
	}
	r := k.V()
	switch {
	case lanes == a64.D2:
		k.Across(instruction+"p", lanes, r, t[0])
	case instruction == "fadd":
		k.Three("faddp", lanes, r, t[0], t[0])
		k.Across("faddp", lanes, r, r)
	default:
		k.Across(instruction+"v", lanes, r, t[0])
	}
	return r
}

// fold writes the loops over rows: registers several at a time, then singly, then
// what remains.
func (k *kernel) fold(rows []a64.R, n a64.R, several int, step func(at []a64.R, registers int)) {
	one, part, done := k.Label("one"), k.Label("part"), k.Label("done")
	for _, registers := range []int{several, 1} {
		top, next := k.Label("loop"), part
		if registers > 1 {
			next = one
		} else {
			k.Here(one)
		}
		k.Here(top)
		k.Compare(n, registers*k.e.count())
		k.If("LT", next)
		step(rows, registers)
		for _, p := range rows {
			k.AddNumber(p, registers*vectorBytes)
		}
		k.AddNumber(n, -registers*k.e.count())
		k.Jump(top)
	}
	k.Here(part)
	k.IfZero(n, done)
	buffers := make([]a64.R, len(rows))
	for i, p := range rows {
		buffers[i] = k.aside(p, n, 1, fmt.Sprintf("row%d", i))
	}
	step(buffers, 1)
	k.Here(done)
}

// sum adds in float64.
func (e element) sum(file *a64.File) {
	k := begin(file, e, "sumNEONx"+e.name, fmt.Sprintf("(a *%s, n int) (r float64)", e.goType), "adds up, in float64.")
	a, n, t := k.Load("a"), k.Load("n"), k.totals()
	k.fold([]a64.R{a}, n, sums*e.size/8, func(at []a64.R, registers int) {
		next := 0
		add := func(v a64.V) {
			k.Three("fadd", a64.D2, t[next], t[next], v)
			next++
		}
		for _, v := range k.load(at[0], 0, registers) {
			if e.size == 8 {
				add(v)
				continue
			}
			for _, upper := range []bool{false, true} {
				w := k.V()
				k.Convert("fcvtl", a64.S4, w, v, upper)
				add(w)
			}
		}
	})
	k.ResultFloat("r", k.gather(t[:], "fadd", a64.D2))
	k.Return()
}

// dot multiplies and adds, each product unrounded.
func (e element) dot(file *a64.File) {
	k := begin(file, e, "dotNEONx"+e.name, fmt.Sprintf("(a, b *%[1]s, n int) (r %[1]s)", e.goType), "adds up the products of two rows.")
	a, b, n, t := k.Load("a"), k.Load("b"), k.Load("n"), k.totals()
	k.fold([]a64.R{a, b}, n, sums, func(at []a64.R, registers int) {
		x, y := k.load(at[0], 0, registers), k.load(at[1], 0, registers)
		for i := range x {
			k.Three("fmla", e.lanes, t[i], x[i], y[i])
		}
	})
	k.ResultFloat("r", k.gather(t[:], "fadd", e.lanes))
	k.Return()
}

// axpy adds a multiple of a row to another.
func (e element) axpy(file *a64.File) {
	l := elementwise{
		name: "axpyNEONx" + e.name, signature: fmt.Sprintf("(y, a *%[1]s, n int, x %[1]s)", e.goType), does: "adds x times a to y.",
		element: e, dst: "y", operands: []string{"y", "a"}, scalars: []string{"x"}, several: 4, singly: true,
		body: func(k *kernel, in [][]a64.V) []a64.V {
			for i, y := range in[0] {
				k.Three("fmla", e.lanes, y, in[1][i], k.scalars[0])
			}
			return in[0]
		},
	}
	l.write(file)
}

// scaling multiplies a row by a number.
func (e element) scaling(file *a64.File) {
	l := elementwise{
		name: "scaleNEONx" + e.name, signature: fmt.Sprintf("(y, a *%[1]s, n int, x %[1]s)", e.goType), does: "writes x times a to y.",
		element: e, dst: "y", operands: []string{"a"}, scalars: []string{"x"}, several: 4, singly: true,
		body: eachRegister(func(k *kernel, d a64.V, in []a64.V) { k.Three("fmul", e.lanes, d, in[0], k.scalars[0]) }),
	}
	l.write(file)
}

// affine multiplies a row by a number and adds one.
func affine(file *a64.File) {
	l := elementwise{
		name: "affineNEONx32", signature: "(dst, a *float32, n int, scale, shift float32)", does: "multiplies by scale and adds shift, rounding once.",
		element: single, dst: "dst", operands: []string{"a"}, scalars: []string{"scale", "shift"}, several: 4, singly: true,
		body: eachRegister(func(k *kernel, d a64.V, in []a64.V) {
			k.Copy16(d, k.scalars[1])
			k.Three("fmla", a64.S4, d, in[0], k.scalars[0])
		}),
	}
	l.write(file)
}

// extreme finds the largest or the smallest element, NaN if there is one. The last
// register overlaps the one before, since seeing an element twice does no harm.
func (e element) extreme(file *a64.File, name, better string) {
	const registers = 4
	k := begin(file, e, name+"NEONx"+e.name, fmt.Sprintf("(a *%[1]s, n int) (r %[1]s)", e.goType),
		"finds the %s of n numbers, at least %d, and NaN if one is.", name, e.count())
	a, n, last := k.Load("a"), k.Load("n"), k.R()
	k.AddShifted(last, a, n, map[int]int{4: 2, 8: 3}[e.size])
	k.AddNumber(last, -vectorBytes)
	t := k.load(a, 0, 1)
	for range registers - 1 {
		v := k.V()
		k.Copy16(v, t[0])
		t = append(t, v)
	}
	step := func(p a64.R, registers int) {
		for i, v := range k.load(p, 0, registers) {
			k.Three(better, e.lanes, t[i], t[i], v)
		}
	}
	part := k.Label("part")
	for _, r := range []int{registers, 1} {
		top, next := k.Label("loop"), part
		if r > 1 {
			next = k.Label("one")
		}
		k.Here(top)
		k.Compare(n, r*e.count())
		k.If("LT", next)
		step(a, r)
		k.AddNumber(a, r*vectorBytes)
		k.AddNumber(n, -r*e.count())
		k.Jump(top)
		if r > 1 {
			k.Here(next)
		}
	}
	k.Here(part)
	step(last, 1)
	k.ResultFloat("r", k.gather(t, better, e.lanes))
	k.Return()
}
