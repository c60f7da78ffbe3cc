package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Products of 16 rows of numbers in fixed point and 16 rows of codes, by the processor's
// tiles (AMX). Tile 3 holds codes, 16 rows of a group's, or of 64 of them; tiles 4 to 6 the planes
// of the numbers, four of a row side by side; tiles 0 to 2 the sums of their products. These go
// to memory, from where they are brought together, times unit and scale, into a register for each
// row of codes.
//
// Neither the generator nor Go's assembler knows the instructions: they are bytes here. What
// they address lies in fixed registers.

const (
	tileRows  = 16
	tileBytes = 1024
	tileCodes = 3 // the tile of codes
	tilePlane = 4 // the first of planes
)

// tileBase are registers and the stride that goes with each, by how instructions have them.
type tileBase byte

const (
	tileCodesAt  tileBase = 3<<3 | 6 // RSI, and RBX
	tilePlanesAt tileBase = 0<<3 | 7 // RDI, and RAX
	tileSumsAt   tileBase = 0<<3 | 2 // RDX, and RAX
)

func machineCode(code ...byte) {
	for _, b := range code {
		Instruction(&ir.Instruction{Opcode: "BYTE", Operands: []Op{U8(b)}})
	}
}

func tileConfigure()        { machineCode(0xc4, 0xe2, 0x78, 0x49, 0x00|2) } // at RDX
func tileRelease()          { machineCode(0xc4, 0xe2, 0x78, 0x49, 0xc0) }
func tileZero(t byte)       { machineCode(0xc4, 0xe2, 0x7b, 0x49, 0xc0|t<<3) }
func tileDot(t, x, by byte) { machineCode(0xc4, 0xe2, (15-by)<<3|1, 0x5e, 0xc0|t<<3|x) }

func tileMove(which, t byte, at tileBase, offset int) {
	machineCode(0xc4, 0xe2, which, 0x4b, 0x84|t<<3, byte(at), byte(offset), byte(offset>>8), byte(offset>>16), byte(offset>>24))
}

func tileLoad(t byte, at tileBase, offset int)  { tileMove(0x7b, t, at, offset) }
func tileStore(t byte, at tileBase, offset int) { tileMove(0x7a, t, at, offset) }

// tileShapes are how the tiles are divided, for steps of so many codes.
func tileShapes(name string, step int) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	DATA(0, U64(1))
	DATA(8, U64(0))
	var rows uint64
	for t := range 8 {
		columns, n := 4*tileRows, tileRows
		switch {
		case t == tileCodes:
			columns = step
		case t >= tilePlane:
			n = step / 4
		}
		DATA(16+2*t, U16(columns))
		rows |= uint64(n) << (8 * t)
	}
	DATA(32, U64(0))
	DATA(40, U64(0))
	DATA(48, U64(rows))
	DATA(56, U64(0))
	return m
}

// tiles writes the kernel.
func tiles() {
	declare("codeTilesAMX",
		"(c *float32, codes *byte, stride int, planes *uint32, units, scales *float32, blocks, steps int, biases, sums *float32, groups int, room *float32)",
		"gives the products of 16 rows of codes, a byte each, that begin stride apart, and of 16 rows of numbers in fixed point, blocks of 64: a row of c for each row of codes. Planes have four numbers of each row side by side. A block is one step or two, which have scales of their own. What is there for several rows, of units, scales, biases and sums, lies side by side. Room is for 3 KiB.")
	c := make(constants)
	whole, half := tileShapes("tileWhole", 64), tileShapes("tileHalf", 32)
	codes, stride, planes, wide, room := reg.RSI, reg.RBX, reg.RDI, reg.RAX, reg.RDX
	units, scales, blocks, steps, step, back := reg.R8, reg.R9, reg.RCX, reg.R10, reg.R11, reg.R12
	left := reg.R13
	Load(Param("codes"), codes)
	Load(Param("stride"), stride)
	Load(Param("planes"), planes)
	Load(Param("units"), units)
	Load(Param("scales"), scales)
	Load(Param("blocks"), blocks)
	Load(Param("steps"), steps)
	LEAQ(whole, room)
	MOVQ(U32(64), step)
	MOVQ(U32(fixedPlanes*tileBytes), back)
	CMPQ(steps, U8(1))
	JEQ(LabelRef("shaped"))
	LEAQ(half, room)
	MOVQ(U32(32), step)
	MOVQ(U32(fixedPlanes*tileBytes-tileBytes/2), back)
	Label("shaped")
	tileConfigure()
	Load(Param("room"), room)
	MOVQ(U32(64), wide)
	totals := make([]reg.VecVirtual, tileRows)
	for i := range totals {
		totals[i] = ZMM()
		VPXORD(totals[i], totals[i], totals[i])
	}
	unit, much := ZMM(), ZMM()
	VBROADCASTSS(c.float(256), much)
	Label("block")
	VMOVUPS(Mem{Base: units}, unit)
	MOVQ(steps, left)
	Label("step")
	tileLoad(tileCodes, tileCodesAt, 0)
	for p := range byte(fixedPlanes) {
		tileZero(p)
		tileLoad(tilePlane+p, tilePlanesAt, int(p)*tileBytes)
		tileDot(p, tileCodes, tilePlane+p)
	}
	for p := range byte(fixedPlanes) {
		tileStore(p, tileSumsAt, int(p)*tileBytes)
	}
	for i, t := range totals {
		sum, low := ZMM(), ZMM()
		VPSLLD(Imm(8), Mem{Base: room, Disp: 64 * i}, sum)
		VPADDD(Mem{Base: room, Disp: tileBytes + 64*i}, sum, sum)
		VCVTDQ2PS(sum, sum)
		VCVTDQ2PS(Mem{Base: room, Disp: 2*tileBytes + 64*i}, low)
		VFMADD132PS(much, low, sum)
		VMULPS(unit, sum, sum)
		VFMADD231PS_BCST(Mem{Base: scales, Disp: 4 * i}, sum, t)
	}
	ADDQ(Imm(64), scales)
	ADDQ(step, codes)
	DECQ(left)
	JZ(LabelRef("next"))
	ADDQ(U32(tileBytes/2), planes)
	JMP(LabelRef("step"))
	Label("next")
	ADDQ(back, planes)
	ADDQ(Imm(64), units)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	tileRelease()
	biases, sums, groups, to := reg.RSI, reg.RDI, reg.RCX, reg.RDX
	Load(Param("biases"), biases)
	Load(Param("sums"), sums)
	Load(Param("groups"), groups)
	TESTQ(biases, biases)
	JZ(LabelRef("store"))
	Label("biases")
	VMOVUPS(Mem{Base: sums}, unit)
	for i, t := range totals {
		VFMADD231PS_BCST(Mem{Base: biases, Disp: 4 * i}, unit, t)
	}
	ADDQ(Imm(64), biases)
	ADDQ(Imm(64), sums)
	DECQ(groups)
	JNZ(LabelRef("biases"))
	Label("store")
	Load(Param("c"), to)
	for i, t := range totals {
		VMOVUPS(t, Mem{Base: to, Disp: 64 * i})
	}
	finish()
}
