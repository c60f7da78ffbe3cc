package main

import "github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"

// fourier writes the pass of Fourier transforms by four. A register holds one complex
// number of two float64.
func fourier(file *a64.File) {
	k := begin(file, double, "fourierPassNEON", "(dst, src, roots *complex128, from, count, m, stride int, turn float64)",
		"transforms count rows of stride sets of four numbers, rows m apart, from the from-th on, times a row's roots.")
	dst, src, base := k.Load("dst"), k.Load("src"), k.Load("roots")
	from, count, m, stride := k.Load("from"), k.Load("count"), k.Load("m"), k.Load("stride")
	k.table = k.R()
	k.Constants(k.table)
	even := k.V()
	k.LoadConstant(even, k.table, k.file.Constant(evenSigns()))
	turn := k.turning(even)
	k.ShiftLeft(stride, log2(vectorBytes)) // bytes
	k.Mul(m, m, stride)
	k.Mul(from, from, stride)
	k.Add(src, src, from)
	w := []a64.R{k.R(), k.R(), k.R()}
	for i, at := 0, base; i < len(w); i++ {
		k.Add(w[i], at, from)
		at = w[i]
	}
	k.AddShifted(dst, dst, from, 2)
	k.loop(count, func() {
		var re, im [3]a64.V // of the roots, the latter with the sign that a product has it with
		for i, p := range w {
			root := k.load(p, 0, 1)[0]
			re[i], im[i] = k.V(), k.V()
			k.Spread(a64.D2, re[i], root, 0)
			k.Spread(a64.D2, im[i], root, 1)
			k.Three("eor", a64.B16, im[i], im[i], even)
			for range i + 1 {
				k.Add(p, p, stride)
			}
		}
		left := k.R()
		k.Move(left, stride)
		more := k.Label("more")
		k.Here(more)
		x, at := make([]a64.V, 4), k.R()
		k.Move(at, src)
		for i := range x {
			x[i] = k.load(at, 0, 1)[0]
			if i < 3 {
				k.Add(at, at, m)
			}
		}
		y := k.butterfly(x, re, im, turn)
		to := k.R()
		k.Move(to, dst)
		for i, v := range y {
			k.store([]a64.V{v}, to, 0)
			if i < 3 {
				k.Add(to, to, stride)
			}
		}
		k.AddNumber(src, vectorBytes)
		k.AddNumber(dst, vectorBytes)
		k.SubFlags(left, vectorBytes)
		k.If("NE", more)
		k.AddShifted(dst, dst, stride, 1)
		k.Add(dst, dst, stride)
	})
	k.Return()
}

// turning gives the mask of signs that makes i, or -i where turn is negative, of the
// exchange of parts.
func (k *kernel) turning(even a64.V) a64.V {
	turn, sign := k.spread("turn"), k.V()
	k.LoadConstant(sign, k.table, k.file.Repeated(1<<63, 8))
	k.Three("and", a64.B16, turn, turn, sign)
	k.Three("eor", a64.B16, turn, turn, even)
	return turn
}

// swapped exchanges the parts of a complex number.
func (k *kernel) swapped(x a64.V) a64.V {
	r := k.V()
	k.Extract(r, x, x, 8)
	return r
}

// butterfly is the transform of four numbers, whose quarter turn has the sign of the
// mask, the outcomes times roots.
func (k *kernel) butterfly(x []a64.V, re, im [3]a64.V, turn a64.V) (y [4]a64.V) {
	do := func(name string, a, b a64.V) a64.V {
		r := k.V()
		k.Three(name, a64.D2, r, a, b)
		return r
	}
	times := func(x a64.V, i int) a64.V {
		r := do("fmul", x, re[i])
		k.Three("fmla", a64.D2, r, k.swapped(x), im[i])
		return r
	}
	s, d := do("fadd", x[0], x[2]), do("fsub", x[0], x[2])
	u, v := do("fadd", x[1], x[3]), k.swapped(do("fsub", x[1], x[3]))
	k.Three("eor", a64.B16, v, v, turn)
	y[0] = do("fadd", s, u)
	y[1] = times(do("fadd", d, v), 0)
	y[2] = times(do("fsub", s, u), 1)
	y[3] = times(do("fsub", d, v), 2)
	return y
}
