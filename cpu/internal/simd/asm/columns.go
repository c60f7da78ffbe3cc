package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columnFold is a kernel that folds rows of numbers into one row of accumulators.
type columnFold struct {
	name, does string
	element    element
	wide       bool                                   // the accumulators are float64
	step       func(e element, acc, v reg.VecVirtual) // takes v into acc
}

// columns writes the folds of rows into one.
func columns() {
	c := make(constants)
	add := func(e element, a, v reg.VecVirtual) { e.add(v, a, a) }
	mul := func(e element, a, v reg.VecVirtual) { e.mul(v, a, a) }
	extreme := func(better func(element) func(...Op)) func(e element, a, v reg.VecVirtual) {
		return func(e element, a, v reg.VecVirtual) {
			nan := YMM()
			e.compare(unordered, a, a, nan)
			better(e)(v, a, v)
			e.blend(nan, a, v, a)
		}
	}
	most := extreme(func(e element) func(...Op) { return e.max })
	least := extreme(func(e element) func(...Op) { return e.min })
	for _, e := range elements {
		for _, k := range []columnFold{
			{"sumColumns", "adds", e, true, add}, {"multiplyColumns", "multiplies", e, true, mul},
			{"greatestColumns", "takes the greater of, and NaN where one is,", e, false, most},
			{"leastColumns", "takes the lesser of, and NaN where one is,", e, false, least},
		} {
			k.write(c)
		}
	}
}

// strip is the number of registers of accumulators that go down the rows together:
// two lines of memory of float32, and enough to hide the latency of additions.
const strip = 8

// write writes the kernel: strips of columns, each down all rows with its
// accumulators in registers, then single registers, then what remains under a mask.
func (k *columnFold) write(c constants) {
	e, a := k.element, k.element
	if k.wide {
		a = double
	}
	declare(k.name+"AVX2x"+e.name, fmt.Sprintf("(acc *%s, a *%s, n, rows, stride int)", a.goType, e.goType),
		"%s accumulators and, in order, the elements of at least one row that lie in their columns; rows begin stride apart.", k.does)
	mask := c.mask()
	acc := Load(Param("acc"), GP64())
	from := Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	rows := Load(Param("rows"), GP64())
	stride := Load(Param("stride"), GP64())
	SHLQ(Imm(uint64(log2(e.size))), stride)
	row, left := GP64(), GP64()
	step := a.lanes() * e.size // bytes of a row that a register of accumulators takes in
	down := func(label string, count int, load func(i int, to reg.VecVirtual), t []reg.VecVirtual) {
		MOVQ(from, row)
		MOVQ(rows, left)
		Label(label)
		for i := range count {
			v := YMM()
			load(i, v)
			k.step(a, t[i], v)
		}
		ADDQ(stride, row)
		DECQ(left)
		JNZ(LabelRef(label))
	}
	whole := func(label string, count int) {
		t := make([]reg.VecVirtual, count)
		for i := range t {
			t[i] = YMM()
			a.load(Mem{Base: acc, Disp: i * vectorBytes}, t[i])
		}
		down(label, count, func(i int, to reg.VecVirtual) { k.load(Mem{Base: row, Disp: i * step}, to) }, t)
		for i := range t {
			a.load(t[i], Mem{Base: acc, Disp: i * vectorBytes})
		}
		ADDQ(U32(count*vectorBytes), acc)
		ADDQ(U32(count*step), from)
	}
	Label("several")
	SUBQ(U32(strip*a.lanes()), n)
	JL(LabelRef("fewer"))
	whole("severalRows", strip)
	JMP(LabelRef("several"))
	Label("fewer")
	ADDQ(U32(strip*a.lanes()), n)
	Label("one")
	SUBQ(Imm(uint64(a.lanes())), n)
	JL(LabelRef("part"))
	whole("oneRows", 1)
	JMP(LabelRef("one"))
	Label("part")
	ADDQ(Imm(uint64(a.lanes())), n)
	JZ(LabelRef("done"))
	m := tailMask(mask, n, a)
	some := m
	if k.wide && e.size == 4 {
		some = tailMask(mask, n, e)
	}
	t := []reg.VecVirtual{YMM()}
	a.maskedLoad(Mem{Base: acc}, m, t[0])
	down("partRows", 1, func(_ int, to reg.VecVirtual) {
		if k.wide && e.size == 4 {
			VMASKMOVPS(Mem{Base: row}, some.AsX(), to.AsX())
			VCVTPS2PD(to.AsX(), to)
			return
		}
		e.maskedLoad(Mem{Base: row}, m, to)
	}, t)
	a.maskedLoad(t[0], m, Mem{Base: acc})
	Label("done")
	finish()
}

// load brings numbers into a register in the type of the accumulators.
func (k *columnFold) load(at Mem, to reg.VecVirtual) {
	if k.wide && k.element.size == 4 {
		VCVTPS2PD(at, to)
		return
	}
	k.element.load(at, to)
}
