package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// decoding is how codes, one a byte, become numbers.
type decoding struct {
	name, does string
	body       func(c constants, s registers, codes Mem) reg.VecVirtual
}

// registers are those of a set of instructions.
type registers struct {
	set string
	vectors
}

func (s registers) lanes() int { return s.bytes / 4 }

var (
	ymms = registers{"AVX2", tilingAVX2.vectors}
	zmms = registers{"AVX512", tilingAVX512.vectors}
)

// fp4Values are the numbers that the codes of E2M1 stand for.
var fp4Values = [16]float64{0, 0.5, 1, 1.5, 2, 3, 4, 6, math.Copysign(0, -1), -0.5, -1, -1.5, -2, -3, -4, -6}

var decodings = []decoding{
	{"Whole", "whole numbers", func(_ constants, s registers, codes Mem) reg.VecVirtual {
		v := spreadBytes(s, codes)
		VCVTDQ2PS(v, v)
		return v
	}},
	{"FP4", "floats of 4 bits", func(c constants, s registers, codes Mem) reg.VecVirtual {
		v, r := spreadBytes(s, codes), s.register()
		if s.bytes == 64 {
			VPERMPS(c.fp4(), v, r)
			return r
		}
		table, sign := s.register(), s.register()
		VMOVUPS(c.fp4(), table)
		VPERMPS(table, v, r) // looks at three bits
		VPSRLD(Imm(3), v, sign)
		VPSLLD(Imm(31), sign, sign)
		VORPS(sign, r, r)
		return r
	}},
	// The exponent and the fraction are moved to where float32 has them, and the
	// difference of the biases is multiplied in.
	{"FP8", "floats of 8 bits", func(c constants, s registers, codes Mem) reg.VecVirtual {
		v, sign := spreadBytes(s, codes), s.register()
		VPSRLD(Imm(7), v, sign)
		VPSLLD(Imm(31), sign, sign)
		VPSLLD(Imm(25), v, v)
		VPSRLD(Imm(5), v, v)
		VORPS(sign, v, v)
		VMULPS(c.wide(s, math.Float32bits(0x1p120)), v, v)
		return v
	}},
}

func spreadBytes(s registers, codes Mem) reg.VecVirtual {
	v := s.register()
	VPMOVZXBD(codes, v)
	return v
}

// fp4 is the table of the values.
func (c constants) fp4() Mem {
	m, ok := c["fp4"]
	if !ok {
		m = GLOBL("fp4", RODATA|NOPTR)
		for i, v := range fp4Values {
			DATA(4*i, U32(math.Float32bits(float32(v))))
		}
		c["fp4"] = m
	}
	return m
}

// wide gives a register's worth of memory that repeats 32 bits.
func (c constants) wide(s registers, bits uint32) Mem {
	if s.bytes == vectorBytes {
		return c.words(bits)
	}
	name := fmt.Sprintf("wide%08x", bits)
	m, ok := c[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range s.lanes() {
			DATA(4*i, U32(bits))
		}
		c[name] = m
	}
	return m
}

// codes writes what products with quantized matrices are made of.
func codes() {
	c := make(constants)
	for _, s := range []registers{ymms, zmms} {
		for _, d := range decodings {
			d.dot(c, s)
			d.fill(c, s)
		}
	}
	unpack()
}

// dot sums the products of each group apart and then with its scale.
func (d decoding) dot(c constants, s registers) {
	declare("dot"+d.name+s.set, "(codes *byte, x, scales *float32, groups, size int) (r float32)",
		"adds up the products of %s and x, in groups of size, a multiple of 16, each times its scale.", d.does)
	codes, x := Load(Param("codes"), GP64()), Load(Param("x"), GP64())
	scales := Load(Param("scales"), GP64())
	groups := Load(Param("groups"), GP64())
	size := Load(Param("size"), GP64())
	total := s.register()
	VXORPS(total, total, total)
	left := GP64()
	Label("group")
	MOVQ(size, left)
	sum := s.register()
	VXORPS(sum, sum, sum)
	Label("more")
	v := d.body(c, s, Mem{Base: codes})
	VFMADD231PS(Mem{Base: x}, v, sum)
	ADDQ(Imm(uint64(s.lanes())), codes)
	ADDQ(Imm(uint64(s.bytes)), x)
	SUBQ(Imm(uint64(s.lanes())), left)
	JNZ(LabelRef("more"))
	scale := s.register()
	VBROADCASTSS(Mem{Base: scales}, scale)
	VFMADD231PS(scale, sum, total)
	ADDQ(Imm(4), scales)
	DECQ(groups)
	JNZ(LabelRef("group"))
	if s.bytes == 64 {
		upper := YMM()
		VEXTRACTF64X4(Imm(1), total, upper)
		VADDPS(upper, total.AsY(), total.AsY())
	}
	high, low := XMM(), total.AsX()
	VEXTRACTF128(Imm(1), total.AsY(), high)
	VADDPS(high, low, low)
	VUNPCKHPD(low, low, high)
	VADDPS(high, low, low)
	VMOVSHDUP(low, high)
	VADDSS(high, low, low)
	finish(low)
}

// fill multiplies the numbers of each group by its scale and, where there are
// biases, adds its bias, rounding once.
func (d decoding) fill(c constants, s registers) {
	biased := d.name == "Whole"
	signature := "(dst *float32, codes *byte, scales *float32, groups, size int)"
	does := "writes %s in groups of size, a multiple of 16, times each group's scale."
	if biased {
		signature = "(dst *float32, codes *byte, scales, biases *float32, groups, size int)"
		does = "writes %s in groups of size, a multiple of 16, times each group's scale, plus its bias."
	}
	declare("fill"+d.name+s.set, signature, does, d.does)
	dst := Load(Param("dst"), GP64())
	codes := Load(Param("codes"), GP64())
	scales := Load(Param("scales"), GP64())
	var biases reg.Register
	if biased {
		biases = Load(Param("biases"), GP64())
	}
	groups := Load(Param("groups"), GP64())
	size := Load(Param("size"), GP64())
	left := GP64()
	Label("group")
	MOVQ(size, left)
	scale, bias := s.register(), s.register()
	VBROADCASTSS(Mem{Base: scales}, scale)
	if biased {
		VBROADCASTSS(Mem{Base: biases}, bias)
		ADDQ(Imm(4), biases)
	}
	Label("more")
	v := d.body(c, s, Mem{Base: codes})
	if biased {
		VFMADD213PS(bias, scale, v)
	} else {
		VMULPS(scale, v, v)
	}
	VMOVUPS(v, Mem{Base: dst})
	ADDQ(Imm(uint64(s.lanes())), codes)
	ADDQ(Imm(uint64(s.bytes)), dst)
	SUBQ(Imm(uint64(s.lanes())), left)
	JNZ(LabelRef("more"))
	ADDQ(Imm(4), scales)
	DECQ(groups)
	JNZ(LabelRef("group"))
	finish()
}

// unpack writes the kernel that takes a stream of bits apart: the bytes in which
// eight codes lie are brought into one quarter of 64 bytes each, from which one
// instruction takes bits at any place.
func unpack() {
	declare("unpackVBMI", "(dst, src *byte, blocks, bits int)", "writes 64*blocks codes of 2 to 7 bits, one a byte.")
	place := GLOBL("unpackPlace", RODATA|NOPTR)
	for bits := 2; bits < 8; bits++ {
		for i := range 64 {
			DATA(64*(bits-2)+i, U8(min(i/8*bits+i%8, 63)))
		}
	}
	turn := GLOBL("unpackTurn", RODATA|NOPTR)
	for bits := 2; bits < 8; bits++ {
		for i := range 64 {
			DATA(64*(bits-2)+i, U8(i%8*bits))
		}
	}
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	blocks := Load(Param("blocks"), GP64())
	bits := Load(Param("bits"), reg.RCX)
	places, turns, mask := ZMM(), ZMM(), ZMM()
	at, base := GP64(), GP64()
	MOVQ(reg.RCX, at)
	SUBQ(Imm(2), at)
	SHLQ(Imm(6), at)
	LEAQ(place, base)
	VMOVDQU64(Mem{Base: base, Index: at, Scale: 1}, places)
	LEAQ(turn, base)
	VMOVDQU64(Mem{Base: base, Index: at, Scale: 1}, turns)
	one := GP32()
	MOVL(U32(1), one)
	SHLL(reg.CL, one)
	DECL(one)
	VPBROADCASTB(one, mask)
	step, some, k := GP64(), GP64(), K()
	MOVQ(bits, step)
	SHLQ(Imm(3), step) // the bytes of 64 codes
	// The mask of that many bytes: all ones, shifted right by the others.
	MOVQ(I64(-1), some)
	MOVQ(U32(64), reg.RCX)
	SUBQ(step, reg.RCX)
	SHRQ(reg.CL, some)
	KMOVQ(some, k)
	Label("block")
	v := ZMM()
	VMOVDQU8_Z(Mem{Base: src}, k, v)
	VPERMB(v, places, v)
	VPMULTISHIFTQB(v, turns, v)
	VPANDQ(mask, v, v)
	VMOVDQU64(v, Mem{Base: dst})
	ADDQ(step, src)
	ADDQ(Imm(64), dst)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}
