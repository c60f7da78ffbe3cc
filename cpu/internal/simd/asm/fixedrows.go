package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Products of a row of numbers in fixed point and rows of codes, which are read where they
// lie. Numbers come in blocks, each of which is integers of 24 bits times one unit: three
// planes of signed bytes, the highest first. Bytes are multiplied by codes and added up as
// integers, without rounding, so that nothing but the units and scales is a matter of floats.
// Each of the sixteen lanes of a register has codes that follow each other, so a group of
// 16 codes or more, or the part of one that a block has, fills lanes.

const (
	fixedPlanes = 3
	// fixedCenter is added to an integer to make its bytes ones that are 128 too large.
	fixedCenter = 0x808080
	// fixedFirst and fixedLast are the exponents, with their offset, of the greatest
	// numbers of blocks that have units and whose products are neither too large nor small.
	fixedFirst, fixedLast = 27, 227
	// fixedTogether is how many rows of codes are multiplied at once.
	fixedTogether = 4
)

// fixedKernel is one kernel: of codes of some bits, and a number of rows of them.
type fixedKernel struct {
	bits, rows   int
	c            constants
	places       reg.VecVirtual // of the bytes of each eight codes
	turns        reg.VecVirtual // of the bits of each
	mask         reg.VecVirtual // of a code's bits
	ofLane       reg.VecVirtual // the scale of each lane
	full         reg.Register   // the mask of the bytes of a block
	at, at3      reg.Register   // the codes
	stride       reg.Register
	scales       reg.Register
	apart        reg.Register
	apart3       reg.Register
	biases       reg.Register
	totals       []reg.VecVirtual
	x, units     reg.Register
	per, somePer reg.Register
}

// block is the number of codes of a block: those of four bits lie in pairs.
func (f *fixedKernel) block() int {
	if f.bits == 4 {
		return 128
	}
	return 64
}

// parts is the number of registers of codes of a block.
func (f *fixedKernel) parts() int { return f.block() / 64 }

// fixedRows writes the kernels.
func fixedRows() {
	c := make(constants)
	for _, bits := range []int{2, 3, 4, 5, 6, 8} {
		for _, rows := range []int{fixedTogether, 1} {
			(&fixedKernel{bits: bits, rows: rows, c: c}).write()
		}
	}
	fix(c, "fixAVX512", 64)
	fix(c, "fixPairsAVX512", 128)
}

func (f *fixedKernel) write() {
	declare(fmt.Sprintf("fixed%dx%dAVX512", f.bits, f.rows),
		"(y, x, units, sums *float32, codes *byte, scales, biases *float32, turns, blocks, tail, per, groups, stride, apart, ahead int)",
		"gives the products of numbers in fixed point and, a turn, %d rows of codes of %d bits that begin stride bytes apart, and their scales apart: blocks of %d, of which tail codes are more, with per scales each. Sums are those of the numbers' groups, for biases, if any. Memory is asked for so far ahead.",
		f.rows, f.bits, f.block())
	y := Load(Param("y"), GP64())
	f.at, f.scales = Load(Param("codes"), GP64()), Load(Param("scales"), GP64())
	f.stride = Load(Param("stride"), GP64())
	f.at3 = GP64()
	LEAQ(Mem{Base: f.stride, Index: f.stride, Scale: 2}, f.at3)
	f.apart, f.apart3 = strideOf(4, "apart")
	f.begin()
	f.totals = make([]reg.VecVirtual, f.rows)
	for i := range f.totals {
		f.totals[i] = ZMM()
	}
	f.x, f.units = GP64(), GP64()
	ahead, left := GP64(), GP64()
	Label("turn")
	for _, t := range f.totals {
		VPXORD(t, t, t)
	}
	Load(Param("x"), f.x)
	Load(Param("units"), f.units)
	Load(Param("ahead"), ahead)
	ADDQ(f.at, ahead)
	Load(Param("blocks"), left)
	TESTQ(left, left)
	JZ(LabelRef("rest"))
	Label("block")
	for i := range f.rows {
		PREFETCHT0(fourth(ahead, ahead, f.stride, f.at3, i))
	}
	f.products(nil, f.somePer)
	LEAQ(Mem{Base: f.scales, Index: f.per, Scale: 4}, f.scales)
	step := f.block() / 8 * f.bits
	ADDQ(U32(step), f.at)
	ADDQ(U32(step), ahead)
	ADDQ(U32(fixedPlanes*f.block()), f.x)
	ADDQ(Imm(4), f.units)
	DECQ(left)
	JNZ(LabelRef("block"))
	Label("rest")
	f.tail()
	f.addBiases()
	for i, t := range f.totals {
		VMOVSS(fewAVX512.across(single, t), Mem{Base: y, Disp: 4 * i})
	}
	ADDQ(Imm(uint64(4*f.rows)), y)
	if f.rows > 1 {
		ADDQ(f.at3, f.at)
		ADDQ(f.apart3, f.scales)
	}
	turns, _ := Param("turns").Resolve()
	DECQ(turns.Addr)
	JNZ(LabelRef("turn"))
	finish()
}

// begin brings what all blocks want into registers.
func (f *fixedKernel) begin() {
	if f.bits < 8 {
		f.mask = ZMM()
		VPBROADCASTD(f.c.words(uint32(1<<f.bits-1)*0x01010101), f.mask)
	}
	if f.bits < 8 && f.bits != 4 {
		f.places, f.turns = ZMM(), ZMM()
		VMOVDQU64(f.c.bytes(fmt.Sprintf("fixedPlaces%d", f.bits), func(i int) byte { return byte(min(i/8*f.bits+i%8, 63)) }), f.places)
		VMOVDQU64(f.c.bytes(fmt.Sprintf("fixedTurns%d", f.bits), func(i int) byte { return byte(i % 8 * f.bits) }), f.turns)
		f.full = K()
		ones := GP64()
		MOVQ(U64(1<<(8*f.bits)-1), ones)
		KMOVQ(ones, f.full)
	}
	f.per = Load(Param("per"), GP64())
	f.ofLane, f.somePer = ZMM(), lowest(f.per)
	table, ok := f.c["fixedScales"]
	if !ok {
		table = GLOBL("fixedScales", RODATA|NOPTR)
		for n := range 9 {
			for i := range 16 {
				DATA(64*n+4*i, U32(i*n/16))
			}
		}
		f.c["fixedScales"] = table
	}
	base, at := GP64(), GP64()
	LEAQ(table, base)
	MOVQ(f.per, at)
	SHLQ(Imm(6), at)
	VMOVDQU32(Mem{Base: base, Index: at, Scale: 1}, f.ofLane)
}

// bytes writes 64 bytes under a name, once.
func (c constants) bytes(name string, of func(i int) byte) Mem {
	m, ok := c[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range 64 {
			DATA(i, U8(of(i)))
		}
		c[name] = m
	}
	return m
}

// unpack has a block's codes of a row as bytes: all of it, or those under a mask.
func (f *fixedKernel) unpack(row int, some reg.Register) []reg.VecVirtual {
	from, v := fourth(f.at, f.at, f.stride, f.at3, row), ZMM()
	if some == nil {
		some = f.full
	}
	if some == nil {
		VMOVDQU64(from, v)
	} else {
		VMOVDQU8_Z(from, some, v)
	}
	switch f.bits {
	case 8:
		return []reg.VecVirtual{v}
	case 4:
		high := ZMM()
		VPSRLD(Imm(4), v, high)
		VPANDD(f.mask, v, v)
		VPANDD(f.mask, high, high)
		return []reg.VecVirtual{v, high}
	}
	VPERMB(v, f.places, v)
	VPMULTISHIFTQB(v, f.turns, v)
	VPANDD(f.mask, v, v)
	return []reg.VecVirtual{v}
}

// dotBytes adds to each lane of a sum the products of its four bytes of x, which have signs,
// and of codes. The generator has no function for the instruction.
func dotBytes(x, codes, sum reg.VecVirtual) {
	Instruction(&ir.Instruction{
		Opcode: "VPDPBUSD", Operands: []Op{x, codes, sum},
		Inputs: []Op{x, codes, sum}, Outputs: []Op{sum}, ISA: []string{"AVX512VNNI"},
	})
}

// products adds the products of a block, or of what masks leave of its codes and scales.
func (f *fixedKernel) products(some, somePer reg.Register) {
	x := make([]reg.VecVirtual, fixedPlanes*f.parts())
	for i := range x {
		x[i] = ZMM()
		VMOVDQU64(Mem{Base: f.x, Disp: 64 * i}, x[i])
	}
	unit := ZMM()
	VBROADCASTSS(Mem{Base: f.units}, unit)
	for i, t := range f.totals {
		codes := f.unpack(i, some)
		multiply := func(sum reg.VecVirtual, plane int) {
			for part, v := range codes {
				dotBytes(x[plane*f.parts()+part], v, sum)
			}
		}
		sum := ZMM()
		VPXORD(sum, sum, sum)
		multiply(sum, 0)
		VPSLLD(Imm(8), sum, sum)
		multiply(sum, 1)
		if f.bits < 8 {
			VPSLLD(Imm(8), sum, sum)
			multiply(sum, 2)
			VCVTDQ2PS(sum, sum)
		} else {
			// The sum of all planes might not fit.
			low := ZMM()
			VPXORD(low, low, low)
			multiply(low, 2)
			VCVTDQ2PS(sum, sum)
			VCVTDQ2PS(low, low)
			VFMADD132PS_BCST(f.c.float(256), low, sum)
		}
		VMULPS(unit, sum, sum)
		scale := ZMM()
		VMOVUPS_Z(fourth(f.scales, f.scales, f.apart, f.apart3, i), somePer, scale)
		VPERMPS(scale, f.ofLane, scale)
		VFMADD231PS(scale, sum, t)
	}
}

// tail does what is less than a block. The numbers that are not there are 0.
func (f *fixedKernel) tail() {
	tail, n := Load(Param("tail"), GP64()), GP64()
	TESTQ(tail, tail)
	JZ(LabelRef("ends"))
	IMUL3Q(Imm(uint64(f.bits)), tail, n)
	SHRQ(Imm(3), n)
	// The scales of so many codes.
	IMULQ(f.per, tail)
	ADDQ(Imm(uint64(f.block()-1)), tail)
	SHRQ(Imm(uint64(log2(f.block()))), tail)
	f.products(lowest(n), lowest(tail))
	ADDQ(n, f.at)
	LEAQ(Mem{Base: f.scales, Index: tail, Scale: 4}, f.scales)
	Label("ends")
}

// addBiases adds the products of biases and the sums of groups.
func (f *fixedKernel) addBiases() {
	biases, sums := Mem{}, GP64()
	at, _ := Param("biases").Resolve()
	biases.Base = Load(Param("biases"), GP64())
	TESTQ(biases.Base, biases.Base)
	JZ(LabelRef("sum"))
	left, apart, apart3 := Load(Param("groups"), GP64()), GP64(), GP64()
	Load(Param("sums"), sums)
	MOVQ(left, apart)
	SHLQ(Imm(2), apart)
	LEAQ(Mem{Base: apart, Index: apart, Scale: 2}, apart3)
	Label("biases")
	SUBQ(Imm(16), left)
	JL(LabelRef("fewer"))
	s := ZMM()
	VMOVUPS(Mem{Base: sums}, s)
	for i, t := range f.totals {
		VFMADD231PS(fourth(biases.Base, biases.Base, apart, apart3, i), s, t)
	}
	ADDQ(Imm(64), biases.Base)
	ADDQ(Imm(64), sums)
	JMP(LabelRef("biases"))
	Label("fewer")
	ADDQ(Imm(16), left)
	JZ(LabelRef("biased"))
	some := lowest(left)
	VMOVUPS_Z(Mem{Base: sums}, some, s)
	for i, t := range f.totals {
		b := ZMM()
		VMOVUPS_Z(fourth(biases.Base, biases.Base, apart, apart3, i), some, b)
		VFMADD231PS(b, s, t)
	}
	LEAQ(Mem{Base: biases.Base, Index: left, Scale: 4}, biases.Base)
	Label("biased")
	if f.rows > 1 {
		ADDQ(apart3, biases.Base)
	}
	MOVQ(biases.Base, at.Addr)
	Label("sum")
}

// fix writes the kernel that makes numbers of fixed point of blocks, in pairs those of 128:
// of two numbers, one is in the first half and one in the second. A block's unit is the power of
// two for which its greatest number is one of 23 bits.
func fix(c constants, name string, block int) {
	declare(name, "(dst, units, src *float32, blocks int) (ok int)",
		"writes blocks of %d numbers as planes of bytes, the highest first, times a unit each, and gives whether all have one.", block)
	dst, units, src := Load(Param("dst"), GP64()), Load(Param("units"), GP64()), Load(Param("src"), GP64())
	blocks, ok := Load(Param("blocks"), GP64()), GP64()
	magnitude, center, center2 := ZMM(), ZMM(), ZMM()
	VPBROADCASTD(c.words(0x7fffffff), magnitude)
	VPBROADCASTD(c.words(fixedCenter), center)
	VMOVDQA64(center, center2)
	var odds [2]reg.VecVirtual
	for i := range odds {
		if block == 128 {
			odds[i] = ZMM()
			VMOVDQU32(c.table(fmt.Sprintf("fixOdds%d", i), func(k int) uint32 { return uint32(2*k + i) }), odds[i])
		}
	}
	XORQ(ok, ok)
	Label("block")
	in := make([]reg.VecVirtual, block/16)
	for i := range in {
		in[i] = ZMM()
		VMOVUPS(Mem{Base: src, Disp: 64 * i}, in[i])
	}
	if block == 128 {
		halves := make([]reg.VecVirtual, len(in))
		for i := range halves {
			halves[i] = ZMM()
			VMOVDQA64(odds[i/4], halves[i])
			VPERMI2PS(in[i%4*2+1], in[i%4*2], halves[i])
		}
		in = halves
	}
	// The exponent of the greatest number, or of the next if it is nearly that.
	most, other := ZMM(), ZMM()
	VPANDD(magnitude, in[0], most)
	for _, v := range in[1:] {
		VPANDD(magnitude, v, other)
		VPMAXUD(other, most, most)
	}
	VEXTRACTI64X4(Imm(1), most, other.AsY())
	VPMAXUD(other.AsY(), most.AsY(), most.AsY())
	VEXTRACTI128(Imm(1), most.AsY(), other.AsX())
	VPMAXUD(other.AsX(), most.AsX(), most.AsX())
	VPSHUFD(Imm(0x4e), most.AsX(), other.AsX())
	VPMAXUD(other.AsX(), most.AsX(), most.AsX())
	VPSHUFD(Imm(0xb1), most.AsX(), other.AsX())
	VPMAXUD(other.AsX(), most.AsX(), most.AsX())
	e, one, times := GP32(), GP32(), GP32()
	VMOVD(most.AsX(), e)
	MOVL(U32(127<<23), one)
	TESTL(e, e)
	CMOVLEQ(one, e)
	ADDL(U32(1<<17), e)
	SHRL(Imm(23), e)
	MOVL(e, times)
	SUBL(Imm(fixedFirst), times)
	CMPL(times, U32(fixedLast-fixedFirst))
	JHI(LabelRef("done"))
	MOVL(U32(2*127+22), times)
	SUBL(e, times)
	SHLL(Imm(23), times)
	SUBL(Imm(22), e)
	SHLL(Imm(23), e)
	MOVL(e, Mem{Base: units})
	VPBROADCASTD(times, other)
	for i, v := range in {
		VMULPS(other, v, v)
		VCVTPS2DQ(v, v)
		VPADDD(center, v, v)
		VPXORD(center2, v, v)
		for plane := fixedPlanes - 1; plane >= 0; plane-- {
			VPMOVDB(v, Mem{Base: dst, Disp: plane*block + 16*i})
			if plane > 0 {
				VPSRLD(Imm(8), v, v)
			}
		}
	}
	ADDQ(U32(4*block), src)
	ADDQ(U32(fixedPlanes*block), dst)
	ADDQ(Imm(4), units)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	MOVQ(U32(1), ok)
	Label("done")
	finish(ok)
}
