package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The rotations of Threefry2x32 and the constant of its key schedule
// (Salmon et al., SC 2011).
var threefryTurns = [2][4]uint64{{13, 15, 26, 6}, {17, 29, 16, 24}}

const threefryParity = 0x1bd11bda

// threefry writes the generator of random words for eight counters at a time.
func threefry(c constants) {
	declare("threefryAVX2", "(x, y *byte, blocks int, key0, key1, low, high uint32)",
		"writes the two words of Threefry2x32 of 20 rounds to x and y, for the 8*blocks counters from (low, high) on, both of which count.")
	steps := GLOBL("steps", RODATA|NOPTR)
	for i := range vectorBytes / 4 {
		DATA(4*i, U32(i))
	}
	x, y := Load(Param("x"), GP64()), Load(Param("y"), GP64())
	blocks := Load(Param("blocks"), GP64())
	spread := func(name string) reg.VecVirtual {
		r := YMM()
		v := XMM()
		VMOVD(Load(Param(name), GP32()), v)
		VPBROADCASTD(v, r)
		return r
	}
	key := [3]reg.VecVirtual{spread("key0"), spread("key1"), YMM()}
	VPXOR(key[0], key[1], key[2])
	VPXOR(c.words(threefryParity), key[2], key[2])
	low, high := spread("low"), spread("high")
	VPADDD(steps, low, low)
	VPADDD(steps, high, high)
	Label("block")
	a, b := to(VPADDD, key[0], low), to(VPADDD, key[1], high)
	for group := range 5 {
		for _, turn := range threefryTurns[group%2] {
			VPADDD(b, a, a)
			left := YMM()
			VPSLLD(Imm(turn), b, left)
			VPSRLD(Imm(32-turn), b, b)
			VPOR(left, b, b)
			VPXOR(a, b, b)
		}
		VPADDD(key[(group+1)%3], a, a)
		VPADDD(key[(group+2)%3], b, b)
		VPADDD(c.words(uint32(group+1)), b, b)
	}
	VMOVDQU(a, Mem{Base: x})
	VMOVDQU(b, Mem{Base: y})
	VPADDD(c.words(8), low, low)
	VPADDD(c.words(8), high, high)
	ADDQ(Imm(vectorBytes), x)
	ADDQ(Imm(vectorBytes), y)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}
