package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// folds writes the kernels that make one number of many, and those that work on a
// number and a row. The order in which they add depends on the length alone.
func folds(c constants) {
	for _, e := range elements {
		e.sum(c)
		e.dot(c)
		e.axpy(c)
		e.scaling(c)
		e.extreme("greatest", e.max)
		e.extreme("least", e.min)
	}
	affine(c)
}

// sums is the number of running totals, enough to hide the latency of addition.
const sums = 4

// totals makes the running totals.
func totals() (t [sums]reg.VecVirtual) {
	for i := range t {
		t[i] = double.zero()
	}
	return t
}

// gather adds the totals up, and their lanes, into the first lane.
func (e element) gather(t [sums]reg.VecVirtual) reg.Register {
	e.add(t[1], t[0], t[0])
	e.add(t[3], t[2], t[2])
	e.add(t[2], t[0], t[0])
	high := XMM()
	VEXTRACTF128(Imm(1), t[0], high)
	low := t[0].AsX()
	e.add(high, low, low)
	VUNPCKHPD(low, low, high)
	e.add(high, low, low)
	if e.size == 4 {
		VMOVSHDUP(low, high)
		e.add(high, low, low)
	}
	return low
}

// sum adds in float64.
func (e element) sum(c constants) {
	declare("sumAVX2x"+e.name, fmt.Sprintf("(a *%s, n int) (r float64)", e.goType), "adds up, in float64.")
	mask := c.mask()
	a := Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	t := totals()
	lanes := double.lanes()
	add := func(i int) {
		at := Mem{Base: a, Disp: i * lanes * e.size}
		if e.size == 8 {
			VADDPD(at, t[i], t[i])
			return
		}
		v := YMM()
		VCVTPS2PD(at, v)
		VADDPD(v, t[i], t[i])
	}
	Label("several")
	SUBQ(U32(sums*lanes), n)
	JL(LabelRef("fewer"))
	for i := range sums {
		add(i)
	}
	ADDQ(U32(sums*lanes*e.size), a)
	JMP(LabelRef("several"))
	Label("fewer")
	ADDQ(U32(sums*lanes), n)
	Label("one")
	SUBQ(Imm(uint64(lanes)), n)
	JL(LabelRef("part"))
	add(0)
	ADDQ(U32(lanes*e.size), a)
	JMP(LabelRef("one"))
	Label("part")
	ADDQ(Imm(uint64(lanes)), n)
	JZ(LabelRef("done"))
	m, v := tailMask(mask, n, e), YMM()
	if e.size == 8 {
		VMASKMOVPD(Mem{Base: a}, m, v)
	} else {
		VMASKMOVPS(Mem{Base: a}, m.AsX(), v.AsX())
		VCVTPS2PD(v.AsX(), v)
	}
	VADDPD(v, t[0], t[0])
	Label("done")
	finish(double.gather(t))
}

// dot multiplies and adds, each product unrounded.
func (e element) dot(c constants) {
	declare("dotAVX2x"+e.name, fmt.Sprintf("(a, b *%[1]s, n int) (r %[1]s)", e.goType), "adds up the products of two rows.")
	mask := c.mask()
	a := Load(Param("a"), GP64())
	b := Load(Param("b"), GP64())
	n := Load(Param("n"), GP64())
	t := totals()
	lanes := e.lanes()
	step := func(count int) {
		for i := range count {
			v := YMM()
			e.load(Mem{Base: a, Disp: i * vectorBytes}, v)
			e.fma(Mem{Base: b, Disp: i * vectorBytes}, v, t[i])
		}
		ADDQ(U32(count*vectorBytes), a)
		ADDQ(U32(count*vectorBytes), b)
	}
	Label("several")
	SUBQ(U32(sums*lanes), n)
	JL(LabelRef("fewer"))
	step(sums)
	JMP(LabelRef("several"))
	Label("fewer")
	ADDQ(U32(sums*lanes), n)
	Label("one")
	SUBQ(Imm(uint64(lanes)), n)
	JL(LabelRef("part"))
	step(1)
	JMP(LabelRef("one"))
	Label("part")
	ADDQ(Imm(uint64(lanes)), n)
	JZ(LabelRef("done"))
	m, v, w := tailMask(mask, n, e), YMM(), YMM()
	e.maskedLoad(Mem{Base: a}, m, v)
	e.maskedLoad(Mem{Base: b}, m, w)
	e.fma(v, w, t[0])
	Label("done")
	finish(e.gather(t))
}

// axpy adds a multiple of a row to another.
func (e element) axpy(c constants) {
	declare("axpyAVX2x"+e.name, fmt.Sprintf("(y, a *%[1]s, n int, x %[1]s)", e.goType), "adds x times a to y.")
	x := e.scalar("x")
	e.rows(c, "y", func(_ constants, a, y reg.VecVirtual) reg.VecVirtual {
		e.fma(a, x, y)
		return y
	}, true)
}

// scaling multiplies a row by a number.
func (e element) scaling(c constants) {
	declare("scaleAVX2x"+e.name, fmt.Sprintf("(y, a *%[1]s, n int, x %[1]s)", e.goType), "writes x times a to y.")
	x := e.scalar("x")
	e.rows(c, "y", func(_ constants, a, _ reg.VecVirtual) reg.VecVirtual {
		e.mul(a, x, a)
		return a
	}, false)
}

// affine multiplies a row by a number and adds one.
func affine(c constants) {
	e := single
	declare("affineAVX2x"+e.name, "(dst, a *float32, n int, scale, shift float32)", "multiplies by scale and adds shift, rounding once.")
	scale, shift := e.scalar("scale"), e.scalar("shift")
	e.rows(c, "dst", func(_ constants, a, _ reg.VecVirtual) reg.VecVirtual {
		VFMADD213PS(shift, scale, a)
		return a
	}, false)
}

// rows writes a loop over a row a and a destination, which the body sees where it
// is read.
func (e element) rows(c constants, dst string, body func(c constants, a, d reg.VecVirtual) reg.VecVirtual, read bool) {
	mask := c.mask()
	y := Load(Param(dst), GP64())
	a := Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	step := func(count int) {
		for i := range count {
			v, w := YMM(), YMM()
			e.load(Mem{Base: a, Disp: i * vectorBytes}, v)
			if read {
				e.load(Mem{Base: y, Disp: i * vectorBytes}, w)
			}
			e.load(body(c, v, w), Mem{Base: y, Disp: i * vectorBytes})
		}
		ADDQ(U32(count*vectorBytes), a)
		ADDQ(U32(count*vectorBytes), y)
	}
	const unroll = 4
	Label("several")
	SUBQ(U32(unroll*e.lanes()), n)
	JL(LabelRef("fewer"))
	step(unroll)
	JMP(LabelRef("several"))
	Label("fewer")
	ADDQ(U32(unroll*e.lanes()), n)
	Label("one")
	SUBQ(Imm(uint64(e.lanes())), n)
	JL(LabelRef("part"))
	step(1)
	JMP(LabelRef("one"))
	Label("part")
	ADDQ(Imm(uint64(e.lanes())), n)
	JZ(LabelRef("done"))
	m, v, w := tailMask(mask, n, e), YMM(), YMM()
	e.maskedLoad(Mem{Base: a}, m, v)
	if read {
		e.maskedLoad(Mem{Base: y}, m, w)
	}
	e.maskedLoad(body(c, v, w), m, Mem{Base: y})
	Label("done")
	finish()
}

// extreme finds the largest or the smallest element, NaN if there is one. The last
// register overlaps the one before, since seeing an element twice does no harm.
func (e element) extreme(name string, better func(...Op)) {
	declare(name+"AVX2x"+e.name, fmt.Sprintf("(a *%[1]s, n int) (r %[1]s)", e.goType),
		"finds the %s of n numbers, at least %d, and NaN if one is.", name, e.lanes())
	a := Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	last := GP64()
	LEAQ(Mem{Base: a, Index: n, Scale: uint8(e.size), Disp: -vectorBytes}, last)
	var t [sums]reg.VecVirtual
	for i := range t {
		t[i] = YMM()
		e.load(Mem{Base: a}, t[i])
	}
	nan := YMM()
	e.compare(unordered, t[0], t[0], nan)
	step := func(i int, at Mem) {
		v, odd := YMM(), YMM()
		e.load(at, v)
		e.compare(unordered, v, v, odd)
		VORPS(odd, nan, nan)
		better(v, t[i], t[i])
	}
	Label("several")
	SUBQ(U32(sums*e.lanes()), n)
	JL(LabelRef("fewer"))
	for i := range sums {
		step(i, Mem{Base: a, Disp: i * vectorBytes})
	}
	ADDQ(U32(sums*vectorBytes), a)
	JMP(LabelRef("several"))
	Label("fewer")
	ADDQ(U32(sums*e.lanes()), n)
	Label("one")
	SUBQ(Imm(uint64(e.lanes())), n)
	JL(LabelRef("part"))
	step(0, Mem{Base: a})
	ADDQ(Imm(vectorBytes), a)
	JMP(LabelRef("one"))
	Label("part")
	step(0, Mem{Base: last})
	for i := range sums / 2 {
		better(t[i+sums/2], t[i], t[i])
	}
	better(t[1], t[0], t[0])
	high := XMM()
	low := t[0].AsX()
	VEXTRACTF128(Imm(1), t[0], high)
	better(high, low, low)
	VUNPCKHPD(low, low, high)
	better(high, low, low)
	if e.size == 4 {
		VMOVSHDUP(low, high)
		better(high, low, low)
	}
	some := GP32()
	VMOVMSKPS(nan, some)
	TESTL(some, some)
	JZ(LabelRef("done"))
	VPCMPEQD(low, low, low) // all bits set are NaN
	Label("done")
	finish(low)
}
