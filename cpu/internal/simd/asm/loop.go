package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// elementwise is a kernel that computes each element of a destination from those
// of its operands.
type elementwise struct {
	name     string
	does     string
	element  element
	operands []string
	unroll   int
	body     func(in []reg.VecVirtual) reg.VecVirtual
	// limit, if not nil, bounds the magnitude of the operand's elements. The
	// kernel stops before a register of which one is larger, and says where.
	limit func() Mem
}

// write writes the kernel: registers several at a time, then singly, then what
// remains under a mask.
func (k *elementwise) write(c constants) {
	e := k.element
	result := ""
	if k.limit != nil {
		result = " (done int)"
	}
	TEXT(k.name+"AVX2x"+e.name, NOSPLIT, fmt.Sprintf("func(dst, %s *%s, n int)%s", strings.Join(k.operands, ", "), e.goType, result))
	Pragma("noescape")
	Doc(fmt.Sprintf("%sAVX2x%s %s.", k.name, e.name, k.does))
	mask := c.mask()
	dst := Load(Param("dst"), GP64())
	in := make([]reg.Register, len(k.operands))
	for i, o := range k.operands {
		in[i] = Load(Param(o), GP64())
	}
	n := Load(Param("n"), GP64())
	var total reg.Register
	if k.limit != nil {
		total = GP64()
		MOVQ(n, total)
	}
	advance := func(bytes int) {
		for _, p := range in {
			ADDQ(U32(bytes), p)
		}
		ADDQ(U32(bytes), dst)
	}
	if k.unroll > 1 {
		Label("several")
		SUBQ(U32(k.unroll*e.lanes()), n)
		JL(LabelRef("fewer"))
		for u := range k.unroll {
			x := make([]reg.VecVirtual, len(in))
			for i, p := range in {
				x[i] = YMM()
				e.load(Mem{Base: p, Disp: u * vectorBytes}, x[i])
			}
			e.load(k.body(x), Mem{Base: dst, Disp: u * vectorBytes})
		}
		advance(k.unroll * vectorBytes)
		JMP(LabelRef("several"))
		Label("fewer")
		ADDQ(U32(k.unroll*e.lanes()), n)
	}
	Label("one")
	CMPQ(n, U8(e.lanes()))
	JL(LabelRef("part"))
	x := make([]reg.VecVirtual, len(in))
	for i, p := range in {
		x[i] = YMM()
		e.load(Mem{Base: p}, x[i])
	}
	k.guard(c, x[0])
	e.load(k.body(x), Mem{Base: dst})
	advance(vectorBytes)
	SUBQ(Imm(uint64(e.lanes())), n)
	JMP(LabelRef("one"))
	Label("part")
	TESTQ(n, n)
	JZ(LabelRef("done"))
	m := tailMask(mask, n, e)
	for i, p := range in {
		x[i] = YMM()
		e.maskedLoad(Mem{Base: p}, m, x[i])
	}
	k.guard(c, x[0])
	e.maskedLoad(k.body(x), m, Mem{Base: dst})
	XORQ(n, n)
	Label("done")
	if k.limit != nil {
		Label("large")
		SUBQ(n, total)
		finish(total)
		return
	}
	finish()
}

// guard leaves the loop where an element is beyond the limit.
func (k *elementwise) guard(c constants, x reg.VecVirtual) {
	if k.limit == nil {
		return
	}
	size := to(k.element.and, c.magnitude(k.element), x)
	k.element.compare(greaterThan, k.limit(), size, size)
	any := GP32()
	VMOVMSKPS(size, any)
	TESTL(any, any)
	JNZ(LabelRef("large"))
}

// tailMask selects the first n elements.
func tailMask(mask Mem, n reg.Register, e element) reg.VecVirtual {
	at, back := GP64(), GP64()
	LEAQ(mask.Offset(vectorBytes), at)
	MOVQ(n, back)
	SHLQ(Imm(uint64(log2(e.size))), back)
	SUBQ(back, at)
	m := YMM()
	VMOVUPS(Mem{Base: at}, m)
	return m
}
