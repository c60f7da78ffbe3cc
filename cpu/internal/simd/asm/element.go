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
	name                string // the suffix of a kernel's name
	goType              string
	size                int
	broadcast, fma, add func(...Op)
	xor                 func(...Op)
	load                func(...Op)
}

func (e element) lanes() int { return vectorBytes / e.size }

var (
	single = element{
		name: "32", goType: "float32", size: 4,
		broadcast: VBROADCASTSS, fma: VFMADD231PS, add: VADDPS, xor: VXORPS, load: VMOVUPS,
	}
	double = element{
		name: "64", goType: "float64", size: 8,
		broadcast: VBROADCASTSD, fma: VFMADD231PD, add: VADDPD, xor: VXORPD, load: VMOVUPD,
	}
	elements = []element{single, double}
)

// zero makes a register of zeros.
func (e element) zero() reg.VecVirtual {
	r := YMM()
	e.xor(r, r, r)
	return r
}

// declare begins a kernel. What it does follows its name in the comment.
func declare(name, parameters, does string, args ...any) {
	TEXT(name, NOSPLIT, "func("+parameters+")")
	Pragma("noescape")
	Doc(name + " " + fmt.Sprintf(does, args...))
}
