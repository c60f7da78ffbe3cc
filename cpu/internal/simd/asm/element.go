package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vectorBytes is the width of the registers that all kernels work in.
const vectorBytes = 32

// element is a float type and the instructions that work on it.
type element struct {
	name   string // the suffix of a kernel's name
	goType string
	size   int

	broadcast, load, maskedLoad, fma   func(...Op)
	add, sub, mul, div, min, max, sqrt func(...Op)
	and, andNot, or, xor, compare      func(...Op)
	move, fma213, fnma, round          func(...Op)
	blend                              func(mask, yes, no, to Op)
}

func (e element) lanes() int { return vectorBytes / e.size }

var (
	single = element{
		name: "32", goType: "float32", size: 4,
		broadcast: VBROADCASTSS, load: VMOVUPS, maskedLoad: fixed(VMASKMOVPS), fma: VFMADD231PS,
		add: VADDPS, sub: VSUBPS, mul: VMULPS, div: VDIVPS, min: VMINPS, max: VMAXPS, sqrt: VSQRTPS,
		and: VANDPS, andNot: VANDNPS, or: VORPS, xor: VXORPS,
		move: VMOVAPS, fma213: VFMADD213PS, fnma: VFNMADD231PS, round: fixed(VROUNDPS), compare: VCMPPS, blend: VBLENDVPS,
	}
	double = element{
		name: "64", goType: "float64", size: 8,
		broadcast: VBROADCASTSD, load: VMOVUPD, maskedLoad: fixed(VMASKMOVPD), fma: VFMADD231PD,
		add: VADDPD, sub: VSUBPD, mul: VMULPD, div: VDIVPD, min: VMINPD, max: VMAXPD, sqrt: VSQRTPD,
		and: VANDPD, andNot: VANDNPD, or: VORPD, xor: VXORPD,
		move: VMOVAPD, fma213: VFMADD213PD, fnma: VFNMADD231PD, round: fixed(VROUNDPD), compare: VCMPPD, blend: VBLENDVPD,
	}
	elements = []element{single, double}
)

// fixed makes an instruction of three operands like the others.
func fixed(f func(a, b, c Op)) func(...Op) {
	return func(ops ...Op) { f(ops[0], ops[1], ops[2]) }
}

// Predicates of comparisons; those with NaN are false but for unordered
// and what begins with not.
const (
	lessThan        = Imm8(0x11)
	greaterThan     = Imm8(0x1e)
	unordered       = Imm8(0x03)
	notLessThan     = Imm8(0x05)
	notGreaterEqual = Imm8(0x19)
	equal           = Imm8(0x00)
	notEqual        = Imm8(0x04)
	notLessEqual    = Imm8(0x06)
)

// Imm8 is an immediate operand of one byte.
type Imm8 = U8

// zero makes a register of zeros.
func (e element) zero() reg.VecVirtual {
	r := YMM()
	e.xor(r, r, r)
	return r
}

// to makes a register that an instruction of two operands writes.
func to(f func(...Op), b, a Op) reg.VecVirtual {
	r := YMM()
	f(b, a, r)
	return r
}

// declare begins a kernel. What it does follows its name in the comment.
func declare(name, signature, does string, args ...any) {
	TEXT(name, NOSPLIT, "func"+signature)
	Pragma("noescape")
	Doc(name + " " + fmt.Sprintf(does, args...))
}

// finish ends a kernel. What it returns, if anything, is stored last.
func finish(results ...reg.Register) {
	VZEROUPPER()
	for i, r := range results {
		Store(r, ReturnIndex(i))
	}
	RET()
}

// scalar brings a parameter into all elements of a register.
func (e element) scalar(name string) reg.VecVirtual {
	x := Load(Param(name), XMM())
	r := YMM()
	e.broadcast(x, r)
	return r
}
