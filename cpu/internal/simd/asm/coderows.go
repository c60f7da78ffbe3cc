package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Products of a few rows of numbers and rows of codes, which are read where they lie.
// Codes come in blocks of 64, of which each of the sixteen lanes of a register has four
// that follow each other; numbers are arranged alike beforehand. So a group of 16 codes
// or more, or the part of one that a block has, fills lanes, and its scale multiplies
// the lanes' sums of products once.

const (
	rowBlock = 64 // codes
	rowEach  = 4  // of a lane
	// rowAhead is how far ahead of what is read memory is asked for, in bytes: the
	// processor itself stops at the end of a page.
	rowAhead = 4096
)

// rowCodes is how codes of some bits become numbers.
type rowCodes struct {
	name string
	bits int
	// alike codes have kernels of several rows, too. The others' rows are mostly multiplied in fixed point.
	alike bool
	// begin brings what all blocks want into registers.
	begin func(r *rowKernel)
	// number makes numbers of the codes at some bit of each lane, whose other bits are
	// of others. It may overwrite them.
	number func(r *rowKernel, v reg.VecVirtual, k int) reg.VecVirtual
}

// looked are codes of up to 4 bits, which are looked up in a table of 16 numbers.
func looked(bits int) rowCodes {
	return rowCodes{fmt.Sprint(bits), bits, bits == 4, func(r *rowKernel) {
		r.tables = []reg.VecVirtual{ZMM()}
		VMOVUPS(Mem{Base: Load(Param("table"), GP64())}, r.tables[0])
	}, func(r *rowKernel, v reg.VecVirtual, k int) reg.VecVirtual {
		to := ZMM()
		VPERMPS(r.tables[0], r.shifted(v, k), to)
		return to
	}}
}

// counted are codes of more bits, which are masked and converted.
func counted(bits int) rowCodes {
	return rowCodes{fmt.Sprint(bits), bits, false, func(r *rowKernel) {
		mask := ZMM()
		VPBROADCASTD(r.c.words(1<<bits-1), mask)
		r.tables = []reg.VecVirtual{mask}
	}, func(r *rowKernel, v reg.VecVirtual, k int) reg.VecVirtual {
		to := ZMM()
		if bits == 8 && k == rowEach-1 {
			VPSRLD(Imm(24), v, to)
		} else {
			VPANDD(r.tables[0], r.shifted(v, k), to)
		}
		VCVTDQ2PS(to, to)
		return to
	}}
}

// float8 are floats of 8 bits: see decodings.
var float8 = rowCodes{"Float8", 8, true, func(r *rowKernel) {
	bits, bias := ZMM(), ZMM()
	VPBROADCASTD(r.c.words(0x87f00000), bits)
	VBROADCASTSS(r.c.words(math.Float32bits(0x1p120)), bias)
	r.tables = []reg.VecVirtual{bits, bias}
}, func(r *rowKernel, v reg.VecVirtual, k int) reg.VecVirtual {
	to := ZMM()
	if k == rowEach-1 {
		VPSRAD(Imm(4), v, to)
	} else {
		VPSLLD(Imm(uint64(24-8*k)), v, to)
		VPSRAD(Imm(4), to, to)
	}
	VPANDD(r.tables[0], to, to)
	VMULPS(r.tables[1], to, to)
	return to
}}

var rowCodings = []rowCodes{looked(2), looked(3), looked(4), counted(5), counted(6), counted(8), float8}

// rowKernel is one kernel: of codes and a number of rows of numbers.
type rowKernel struct {
	rowCodes
	c      constants
	count  int
	tables []reg.VecVirtual
	places reg.VecVirtual   // of the bytes of each lane's codes, where they are not simply spread
	turns  []reg.VecVirtual // shifts, where lanes begin at different bits
	at     reg.Register     // the codes
	full   reg.Register     // the mask of the bytes of a block
}

// coderows writes the kernels.
func coderows() {
	c := make(constants)
	for _, codes := range rowCodings {
		counts := fewCounts
		if !codes.alike {
			counts = fewCounts[len(fewCounts)-1:]
		}
		for _, count := range counts {
			(&rowKernel{rowCodes: codes, c: c, count: count}).write()
		}
	}
	arrange()
}

// table writes lanes of 32 bits under a name, once.
func (c constants) table(name string, lanes func(i int) uint32) Mem {
	m, ok := c[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range 16 {
			DATA(4*i, U32(lanes(i)))
		}
		c[name] = m
	}
	return m
}

func (r *rowKernel) bytes() int { return rowBlock / 8 * r.bits }

// odd reports whether codes of a lane may begin in the middle of a byte.
func (r *rowKernel) odd() bool { return r.bits%2 != 0 }

// spread prepares the bringing of codes into lanes.
func (r *rowKernel) spread() {
	if r.bits == 2 || r.bits == 4 || r.bits == 8 {
		return
	}
	each := rowEach * r.bits
	r.places = ZMM()
	VMOVDQU32(r.c.table(fmt.Sprintf("rowPlaces%d", r.bits), func(i int) (bytes uint32) {
		for b := range 4 {
			bytes |= uint32(min(i*each/8+b, 63)) << (8 * b)
		}
		return bytes
	}), r.places)
	r.full = K()
	ones := GP64()
	MOVQ(U64(1<<r.bytes()-1), ones)
	KMOVQ(ones, r.full)
	if !r.odd() {
		return
	}
	for k := range rowEach {
		turn := ZMM()
		VMOVDQU32(r.c.table(fmt.Sprintf("rowTurns%dx%d", r.bits, k), func(i int) uint32 { return uint32(i*each%8 + k*r.bits) }), turn)
		r.turns = append(r.turns, turn)
	}
}

// load brings a block's codes into lanes, or those under a mask.
func (r *rowKernel) load(some reg.Register) reg.VecVirtual {
	v, from := ZMM(), Mem{Base: r.at}
	if some == nil && r.full == nil {
		switch r.bits {
		case 2:
			VPMOVZXBD(from, v)
		case 4:
			VPMOVZXWD(from, v)
		case 8:
			VMOVDQU32(from, v)
		}
		return v
	}
	if some == nil {
		some = r.full
	}
	VMOVDQU8_Z(from, some, v)
	switch r.bits {
	case 2:
		VPMOVZXBD(v.AsX(), v)
	case 4:
		VPMOVZXWD(v.AsY(), v)
	case 8:
	default:
		VPERMB(v, r.places, v)
	}
	return v
}

// shifted has the k-th code of each lane at its low end.
func (r *rowKernel) shifted(v reg.VecVirtual, k int) reg.VecVirtual {
	if k == 0 && !r.odd() {
		return v
	}
	to := ZMM()
	if r.odd() {
		VPSRLVD(r.turns[k], v, to)
	} else {
		VPSRLD(Imm(uint64(k*r.bits)), v, to)
	}
	return to
}

// lowest makes a mask of the first n bits, n < 64.
func lowest(n reg.Register) reg.Register {
	ones, k := GP64(), K()
	MOVQ(U32(1), ones)
	SHLXQ(n, ones, ones)
	DECQ(ones)
	KMOVQ(ones, k)
	return k
}

func (r *rowKernel) write() {
	declare(fmt.Sprintf("codes%sx%dAVX512", r.name, r.count),
		"(y, x *float32, codes *byte, scales, biases, table *float32, rows, blocks, tail, per, groups, apart, across int)",
		"gives the products of %d rows of arranged numbers, which begin apart, and of rows of codes of %d bits: blocks of 64, of which tail are more, with per scales each. Behind each row of numbers are the sums of its groups, for biases, if any. Rows of y begin across apart.", r.count, r.bits)
	y, rows := Load(Param("y"), GP64()), Load(Param("rows"), GP64())
	r.at = Load(Param("codes"), GP64())
	scales, biases := Load(Param("scales"), GP64()), Load(Param("biases"), GP64())
	apart, apart3 := strideOf(4, "apart")
	r.begin(r)
	r.spread()
	// The lanes of each scale of a block, and how many there are.
	per := Load(Param("per"), GP64())
	ofLane, somePer := ZMM(), lowest(per)
	r.scaleLanes(per, ofLane)
	totals := make([]reg.VecVirtual, r.count)
	for i := range totals {
		totals[i] = ZMM()
	}
	x, left := GP64(), GP64()
	Label("row")
	for _, t := range totals {
		VPXORD(t, t, t)
	}
	Load(Param("x"), x)
	Load(Param("blocks"), left)
	TESTQ(left, left)
	JZ(LabelRef("rest"))
	Label("block")
	PREFETCHT0(Mem{Base: r.at, Disp: rowAhead})
	sums := r.products(r.load(nil), x, apart, apart3)
	CMPQ(per, U8(1))
	JNE(LabelRef("several"))
	for i, t := range totals {
		VFMADD231PS_BCST(Mem{Base: scales}, sums[i], t)
	}
	JMP(LabelRef("next"))
	Label("several")
	r.scale(scales, somePer, ofLane, sums, totals)
	Label("next")
	LEAQ(Mem{Base: scales, Index: per, Scale: 4}, scales)
	ADDQ(U32(r.bytes()), r.at)
	ADDQ(U32(rowBlock*4), x)
	DECQ(left)
	JNZ(LabelRef("block"))
	Label("rest")
	r.tail(x, scales, per, apart, apart3, ofLane, totals)
	r.biases(x, biases, apart, apart3, totals)
	r.store(y, totals)
	ADDQ(Imm(4), y)
	DECQ(rows)
	JNZ(LabelRef("row"))
	finish()
}

// scaleLanes gives which of a block's scales each lane has: lane i of per has that
// at i*per/16.
func (r *rowKernel) scaleLanes(per reg.Register, to reg.VecVirtual) {
	table, ok := r.c["rowScales"]
	if !ok {
		table = GLOBL("rowScales", RODATA|NOPTR)
		for n := range 5 {
			for i := range 16 {
				DATA(64*n+4*i, U32(i*n/16))
			}
		}
		r.c["rowScales"] = table
	}
	base, at := GP64(), GP64()
	LEAQ(table, base)
	MOVQ(per, at)
	SHLQ(Imm(6), at)
	VMOVDQU32(Mem{Base: base, Index: at, Scale: 1}, to)
}

// products multiplies a block's codes by the numbers at x.
func (r *rowKernel) products(v reg.VecVirtual, x, apart, apart3 reg.Register) []reg.VecVirtual {
	sums := make([]reg.VecVirtual, r.count)
	for k := range rowEach {
		n := r.number(r, v, k)
		for i := range sums {
			at := fourth(x, x, apart, apart3, i).Offset(64 * k)
			if k == 0 {
				sums[i] = ZMM()
				VMULPS(at, n, sums[i])
			} else {
				VFMADD231PS(at, n, sums[i])
			}
		}
	}
	return sums
}

// scale adds sums times the scales of their lanes.
func (r *rowKernel) scale(scales, some reg.Register, ofLane reg.VecVirtual, sums, totals []reg.VecVirtual) {
	s := ZMM()
	VMOVUPS_Z(Mem{Base: scales}, some, s)
	VPERMPS(s, ofLane, s)
	for i, t := range totals {
		VFMADD231PS(s, sums[i], t)
	}
}

// tail does what is less than a block. The numbers that are not there are 0.
func (r *rowKernel) tail(x, scales, per, apart, apart3 reg.Register, ofLane reg.VecVirtual, totals []reg.VecVirtual) {
	tail, n := Load(Param("tail"), GP64()), GP64()
	TESTQ(tail, tail)
	JZ(LabelRef("rowEnds"))
	IMUL3Q(Imm(uint64(r.bits)), tail, n)
	SHRQ(Imm(3), n)
	sums := r.products(r.load(lowest(n)), x, apart, apart3)
	ADDQ(n, r.at)
	// The scales of so many codes.
	IMULQ(per, tail)
	ADDQ(Imm(rowBlock-1), tail)
	SHRQ(Imm(6), tail)
	r.scale(scales, lowest(tail), ofLane, sums, totals)
	LEAQ(Mem{Base: scales, Index: tail, Scale: 4}, scales)
	ADDQ(U32(rowBlock*4), x)
	Label("rowEnds")
}

// biases adds the products of biases and the sums of groups, which x has come to.
func (r *rowKernel) biases(x, biases, apart, apart3 reg.Register, totals []reg.VecVirtual) {
	TESTQ(biases, biases)
	JZ(LabelRef("sum"))
	groups := Load(Param("groups"), GP64())
	Label("biases")
	SUBQ(Imm(16), groups)
	JL(LabelRef("fewer"))
	b := ZMM()
	VMOVUPS(Mem{Base: biases}, b)
	for i, t := range totals {
		VFMADD231PS(fourth(x, x, apart, apart3, i), b, t)
	}
	ADDQ(Imm(64), biases)
	ADDQ(Imm(64), x)
	JMP(LabelRef("biases"))
	Label("fewer")
	ADDQ(Imm(16), groups)
	JZ(LabelRef("sum"))
	some := lowest(groups)
	VMOVUPS_Z(Mem{Base: biases}, some, b)
	for i, t := range totals {
		s := ZMM()
		VMOVUPS_Z(fourth(x, x, apart, apart3, i), some, s)
		VFMADD231PS(s, b, t)
	}
	LEAQ(Mem{Base: biases, Index: groups, Scale: 4}, biases)
	Label("sum")
}

// store adds the lanes up and writes a column of y.
func (r *rowKernel) store(y reg.Register, totals []reg.VecVirtual) {
	to, across := GP64(), GP64()
	MOVQ(y, to)
	if r.count > 1 {
		Load(Param("across"), across)
		SHLQ(Imm(2), across)
	}
	for i, t := range totals {
		VMOVSS(fewAVX512.across(single, t), Mem{Base: to})
		if i < r.count-1 {
			ADDQ(across, to)
		}
	}
}

// arrange writes the kernel that arranges numbers as the codes of blocks lie: the k-th
// number of each lane, of four, goes to the k-th register.
func arrange() {
	declare("arrangeAVX512", "(dst, src *float32, blocks int)", "writes the k-th of each four numbers, of sixteen that follow each other, to the k-th quarter of a block of 64.")
	c := make(constants)
	dst, src, blocks := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("blocks"), GP64())
	var places [rowEach]reg.VecVirtual
	for k := range places {
		places[k] = ZMM()
		VMOVDQU32(c.table(fmt.Sprintf("arrangePlaces%d", k), func(i int) uint32 { return uint32(i%8*rowEach + k) }), places[k])
	}
	Label("block")
	var in [4]reg.VecVirtual
	for i := range in {
		in[i] = ZMM()
		VMOVUPS(Mem{Base: src, Disp: 64 * i}, in[i])
	}
	for k := range places {
		low, high := ZMM(), ZMM()
		VMOVDQA64(places[k], low)
		VMOVDQA64(places[k], high)
		VPERMI2PS(in[1], in[0], low)
		VPERMI2PS(in[3], in[2], high)
		VINSERTF64X4(Imm(1), high.AsY(), low, low)
		VMOVUPS(low, Mem{Base: dst, Disp: 64 * k})
	}
	ADDQ(U32(4*rowBlock), src)
	ADDQ(U32(4*rowBlock), dst)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}
