package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kernels of this file work on blocks of 32 elements, as many bytes as a
// register holds.

// integer is an integer type and the instructions that work on it.
type integer struct {
	bits                           int
	add, sub, equal, greater       func(...Op) // greater is of signed numbers
	max, min, maxSigned, minSigned func(...Op) // nil where there is no instruction
	abs                            func(...Op)
}

var integers = []integer{
	{8, VPADDB, VPSUBB, VPCMPEQB, VPCMPGTB, VPMAXUB, VPMINUB, VPMAXSB, VPMINSB, VPABSB},
	{16, VPADDW, VPSUBW, VPCMPEQW, VPCMPGTW, VPMAXUW, VPMINUW, VPMAXSW, VPMINSW, VPABSW},
	{32, VPADDD, VPSUBD, VPCMPEQD, VPCMPGTD, VPMAXUD, VPMINUD, VPMAXSD, VPMINSD, VPABSD},
	{64, VPADDQ, VPSUBQ, VPCMPEQQ, VPCMPGTQ, nil, nil, nil, nil, nil},
}

func (t integer) size() int { return t.bits / 8 }

// lowest is the number whose sign bit alone is set.
func (t integer) lowest(c constants) Mem {
	word := uint64(1) << (t.bits - 1)
	for n := t.bits; n < 64; n *= 2 {
		word |= word << n
	}
	return c.quads(word)
}

// two is the work on a register of each operand, one that on one.
type (
	two = func(a, b reg.VecVirtual) reg.VecVirtual
	one = func(a reg.VecVirtual) reg.VecVirtual
)

func instruction(f func(...Op)) two {
	return func(a, b reg.VecVirtual) reg.VecVirtual { return to(f, b, a) }
}

// integerKernels writes the kernels of integers, of bits and of bools, and what converts
// between types.
func integerKernels() {
	c := make(constants)
	for _, t := range integers {
		t.arithmetic(c)
		t.comparisons(c)
	}
	for _, e := range elements {
		e.comparisons()
	}
	bitwise(c)
	shifts(c)
	casts(c)
}

// shifts writes shifts by the low bits of each number of places.
func shifts(c constants) {
	for _, t := range integers[2:] {
		left, right, places := VPSLLVD, VPSRLVD, c.words(31)
		if t.bits == 64 {
			left, right, places = VPSLLVQ, VPSRLVQ, c.quads(63)
		}
		by := func(b reg.VecVirtual) reg.VecVirtual { return to(three(VPAND), places, b) }
		blocks2(fmt.Sprint("shiftLeft", t.bits), t.size(), func(a, b reg.VecVirtual) reg.VecVirtual { return to(left, by(b), a) })
		blocks2(fmt.Sprint("shiftRightUnsigned", t.bits), t.size(), func(a, b reg.VecVirtual) reg.VecVirtual { return to(right, by(b), a) })
		blocks2(fmt.Sprint("shiftRightSigned", t.bits), t.size(), func(a, b reg.VecVirtual) reg.VecVirtual {
			if t.bits == 32 {
				return to(VPSRAVD, by(b), a)
			}
			sign := to(t.greater, a, zeros()) // what is below zero is turned over, shifted and turned back
			return to(three(VPXOR), sign, to(right, by(b), to(three(VPXOR), sign, a)))
		})
	}
}

// floatPredicates are the comparisons of floats, false with NaN but for the second.
var floatPredicates = []struct {
	name      string
	predicate Imm8
}{{"equal", equal}, {"notEqual", notEqual}, {"less", lessThan}, {"lessEqual", 0x12}}

func (t integer) arithmetic(c constants) {
	pair := func(name string, body two) {
		blocks2(fmt.Sprint(name, t.bits), t.size(), body)
	}
	pair("add", instruction(t.add))
	pair("sub", instruction(t.sub))
	pair("mul", t.product(c))
	pair("maxUnsigned", t.extreme(c, t.max, false, true))
	pair("minUnsigned", t.extreme(c, t.min, false, false))
	pair("maxSigned", t.extreme(c, t.maxSigned, true, true))
	pair("minSigned", t.extreme(c, t.minSigned, true, false))
	blocks1(fmt.Sprint("neg", t.bits), t.size(), t.size(), func(a reg.VecVirtual) reg.VecVirtual { return to(t.sub, a, zeros()) })
	blocks1(fmt.Sprint("abs", t.bits), t.size(), t.size(), func(a reg.VecVirtual) reg.VecVirtual {
		if t.abs != nil {
			r := YMM()
			t.abs(a, r)
			return r
		}
		sign := to(t.greater, a, zeros())
		return to(t.sub, sign, to(three(VPXOR), sign, a))
	})
}

// three lets an instruction of three operands stand for one of any number.
func three(f func(a, b, c Op)) func(...Op) { return func(ops ...Op) { f(ops[0], ops[1], ops[2]) } }

func zeros() reg.VecVirtual {
	r := YMM()
	VPXOR(r, r, r)
	return r
}

// product is the low half of products.
func (t integer) product(c constants) two {
	switch t.bits {
	case 16:
		return instruction(VPMULLW)
	case 32:
		return instruction(VPMULLD)
	case 8: // of the even bytes and of the odd ones
		return func(a, b reg.VecVirtual) reg.VecVirtual {
			even := to(VPMULLW, b, a)
			x, y := YMM(), YMM()
			VPSRLW(Imm(8), a, x)
			VPSRLW(Imm(8), b, y)
			odd := to(VPMULLW, y, x)
			VPSLLW(Imm(8), odd, odd)
			VPAND(c.words(0x00ff00ff), even, even)
			return to(three(VPOR), odd, even)
		}
	}
	return func(a, b reg.VecVirtual) reg.VecVirtual { // by halves of 32 bits
		x, y := YMM(), YMM()
		VPSRLQ(Imm(32), a, x)
		VPSRLQ(Imm(32), b, y)
		cross := to(VPADDQ, to(VPMULUDQ, b, x), to(VPMULUDQ, y, a))
		VPSLLQ(Imm(32), cross, cross)
		return to(VPADDQ, cross, to(VPMULUDQ, b, a))
	}
}

// extreme is the larger or the smaller number; without an instruction one is chosen
// by a comparison.
func (t integer) extreme(c constants, f func(...Op), signed, larger bool) two {
	if f != nil {
		return instruction(f)
	}
	return func(a, b reg.VecVirtual) reg.VecVirtual {
		above := t.above(c, a, b, signed)
		r := YMM()
		if larger {
			VBLENDVPD(above, a, b, r)
		} else {
			VBLENDVPD(above, b, a, r)
		}
		return r
	}
}

// above is the mask of a > b.
func (t integer) above(c constants, a, b reg.VecVirtual, signed bool) reg.VecVirtual {
	if !signed {
		a, b = to(three(VPXOR), t.lowest(c), a), to(three(VPXOR), t.lowest(c), b)
	}
	return to(t.greater, b, a)
}

func (t integer) comparisons(c constants) {
	write := func(name string, invert bool, mask two) {
		comparison(fmt.Sprint(name, t.bits), t.size(), invert, mask)
	}
	write("equal", false, instruction(t.equal))
	write("notEqual", true, instruction(t.equal))
	for _, signed := range []bool{false, true} {
		kind := "Unsigned"
		if signed {
			kind = "Signed"
		}
		write("less"+kind, false, func(a, b reg.VecVirtual) reg.VecVirtual { return t.above(c, b, a, signed) })
		write("lessEqual"+kind, true, func(a, b reg.VecVirtual) reg.VecVirtual { return t.above(c, a, b, signed) })
	}
}

func (e element) comparisons() {
	for _, p := range floatPredicates {
		comparison(p.name+"Float"+e.name, e.size, false, func(a, b reg.VecVirtual) reg.VecVirtual {
			r := YMM()
			e.compare(p.predicate, b, a, r)
			return r
		})
	}
}

// block writes a kernel that works on blocks of elements: the body is given the
// pointers, which then move on by the bytes given.
func block(name, operands, does string, moves []int, body func(p []reg.Register)) {
	declare(name+"AVX2", "("+operands+" *byte, blocks int)", "%s", does)
	names := []string{"dst", "a", "b"}[:len(moves)]
	p := make([]reg.Register, len(moves))
	for i := range p {
		p[i] = Load(Param(names[i]), GP64())
	}
	blocks := Load(Param("blocks"), GP64())
	Label("block")
	body(p)
	for i, n := range moves {
		ADDQ(U32(n), p[i])
	}
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}

// word is the i-th register's worth of memory.
func word(p reg.Register, i int) Mem { return Mem{Base: p, Disp: i * vectorBytes} }

func loadWords(at Mem) reg.VecVirtual {
	r := YMM()
	VMOVDQU(at, r)
	return r
}

func blocks2(name string, size int, body two) {
	block(name, "dst, a, b", fmt.Sprintf("works on 32*blocks elements of %d bytes, at least 32.", size), []int{32 * size, 32 * size, 32 * size}, func(p []reg.Register) {
		for i := range size {
			VMOVDQU(body(loadWords(word(p[1], i)), loadWords(word(p[2], i))), word(p[0], i))
		}
	})
}

func blocks1(name string, from, to int, body one) {
	block(name, "dst, a", fmt.Sprintf("works on 32*blocks elements of %d bytes, at least 32.", from), []int{32 * to, 32 * from}, func(p []reg.Register) {
		for i := range from {
			VMOVDQU(body(loadWords(word(p[1], i))), word(p[0], i))
		}
	})
}

// comparison writes a kernel that answers in bools.
func comparison(name string, size int, invert bool, mask two) {
	block(name, "dst, a, b", fmt.Sprintf("compares 32*blocks elements of %d bytes, at least 32, and writes bytes that are 0 or 1.", size),
		[]int{32, 32 * size, 32 * size}, func(p []reg.Register) {
			masks := make([]reg.VecVirtual, size)
			for i := range masks {
				masks[i] = mask(loadWords(word(p[1], i)), loadWords(word(p[2], i)))
			}
			storeBools(p[0], masks, invert)
		})
}

// storeBools packs masks of elements into bytes.
func storeBools(dst reg.Register, masks []reg.VecVirtual, invert bool) {
	bits := gatherMasks(masks)
	if invert {
		ones := YMM()
		VPCMPEQB(ones, ones, ones)
		VPXOR(ones, bits, bits)
	}
	VPABSB(bits, bits) // -1 to 1
	VMOVDQU(bits, word(dst, 0))
}

// gatherMasks makes bytes of masks. Instructions that pack do so by halves of
// registers, whose order is mended in the end.
func gatherMasks(m []reg.VecVirtual) reg.VecVirtual {
	r := YMM()
	switch len(m) {
	case 1:
		return m[0]
	case 2:
		VPERMQ(Imm(0xd8), to(VPACKSSWB, m[1], m[0]), r)
	case 4:
		order := YMM()
		VMOVDQU(packOrder(), order)
		VPERMD(to(VPACKSSWB, to(VPACKSSDW, m[3], m[2]), to(VPACKSSDW, m[1], m[0])), order, r)
	case 8:
		var halves [4]reg.VecVirtual
		for i := range halves {
			halves[i] = YMM()
			VSHUFPS(Imm(0x88), m[2*i+1], m[2*i], halves[i])
		}
		packed := to(VPACKSSWB, to(VPACKSSDW, halves[3], halves[2]), to(VPACKSSDW, halves[1], halves[0]))
		high, low := XMM(), XMM()
		VEXTRACTI128(Imm(1), packed, high)
		VPUNPCKHWD(high, packed.AsX(), low)
		VPUNPCKLWD(high, packed.AsX(), r.AsX())
		VINSERTI128(Imm(1), low, r, r)
	}
	return r
}

var packOrderMem Mem

// packOrder takes fourths of two halves by turns.
func packOrder() Mem {
	if packOrderMem.Base == nil {
		packOrderMem = GLOBL("packOrder", RODATA|NOPTR)
		for i, at := range []uint32{0, 4, 1, 5, 2, 6, 3, 7} {
			DATA(4*i, U32(at))
		}
	}
	return packOrderMem
}

// bitwise writes the operations on bits, and on bools, which are true if not 0.
func bitwise(c constants) {
	blocks2("bitAnd", 1, instruction(three(VPAND)))
	blocks2("bitOr", 1, instruction(three(VPOR)))
	blocks2("bitXor", 1, instruction(three(VPXOR)))
	one := c.words(0x01010101)
	tidy := func(a reg.VecVirtual) reg.VecVirtual { return to(VPMINUB, one, a) }
	both := func(f func(...Op)) two {
		return func(a, b reg.VecVirtual) reg.VecVirtual { return to(f, tidy(b), tidy(a)) }
	}
	blocks2("boolAnd", 1, both(three(VPAND)))
	blocks2("boolOr", 1, both(three(VPOR)))
	blocks2("boolXor", 1, both(three(VPXOR)))
	blocks1("boolNot", 1, 1, func(a reg.VecVirtual) reg.VecVirtual {
		return to(three(VPAND), one, to(VPCMPEQB, zeros(), a))
	})
}

// casts writes conversions, as Go makes them where a number fits.
func casts(c constants) {
	one := c.words(0x01010101)
	cast := func(name string, from, to int, body func(src, dst reg.Register)) {
		block(name, "dst, a", fmt.Sprintf("converts 32*blocks elements of %d bytes to %d, at least 32.", from, to), []int{32 * to, 32 * from},
			func(p []reg.Register) { body(p[1], p[0]) })
	}
	spread := func(f func(...Op), tidy, float bool) func(src, dst reg.Register) {
		return func(src, dst reg.Register) {
			for i := range 4 {
				v := YMM()
				if tidy {
					x := XMM()
					VMOVQ(Mem{Base: src, Disp: 8 * i}, x)
					VPMINUB(one, x, x)
					f(x, v)
				} else {
					f(Mem{Base: src, Disp: 8 * i}, v)
				}
				if float {
					VCVTDQ2PS(v, v)
				}
				VMOVDQU(v, word(dst, i))
			}
		}
	}
	cast("uint8ToInt32", 1, 4, spread(VPMOVZXBD, false, false))
	cast("int8ToInt32", 1, 4, spread(VPMOVSXBD, false, false))
	cast("boolToInt32", 1, 4, spread(VPMOVZXBD, true, false))
	cast("uint8ToFloat32", 1, 4, spread(VPMOVZXBD, false, true))
	cast("int8ToFloat32", 1, 4, spread(VPMOVSXBD, false, true))
	cast("boolToFloat32", 1, 4, spread(VPMOVZXBD, true, true))
	cast("int32ToFloat32", 4, 4, func(src, dst reg.Register) {
		for i := range 4 {
			v := YMM()
			VCVTDQ2PS(word(src, i), v)
			VMOVUPS(v, word(dst, i))
		}
	})
	cast("float32ToInt32", 4, 4, func(src, dst reg.Register) {
		for i := range 4 {
			v := YMM()
			VCVTTPS2DQ(word(src, i), v)
			VMOVDQU(v, word(dst, i))
		}
	})
	// Of what fits 32 bits the low ones remain; anything else is 0, its low bits being so.
	cast("float32ToInt8", 4, 1, func(src, dst reg.Register) {
		low := c.words(0xff)
		var v [4]reg.VecVirtual
		for i := range v {
			v[i] = YMM()
			VCVTTPS2DQ(word(src, i), v[i])
			VPAND(low, v[i], v[i])
		}
		order, r := YMM(), YMM()
		VMOVDQU(packOrder(), order)
		VPERMD(to(VPACKUSWB, to(VPACKUSDW, v[3], v[2]), to(VPACKUSDW, v[1], v[0])), order, r)
		VMOVDQU(r, word(dst, 0))
	})
	cast("float32ToInt16", 4, 2, func(src, dst reg.Register) {
		low := c.words(0xffff)
		for i := range 2 {
			var v [2]reg.VecVirtual
			for k := range v {
				v[k] = YMM()
				VCVTTPS2DQ(word(src, 2*i+k), v[k])
				VPAND(low, v[k], v[k])
			}
			r := YMM()
			VPERMQ(Imm(0xd8), to(VPACKUSDW, v[1], v[0]), r)
			VMOVDQU(r, word(dst, i))
		}
	})
	cast("int32ToInt64", 4, 8, func(src, dst reg.Register) {
		for i := range 8 {
			v := YMM()
			VPMOVSXDQ(Mem{Base: src, Disp: 16 * i}, v)
			VMOVDQU(v, word(dst, i))
		}
	})
	cast("uint32ToInt64", 4, 8, func(src, dst reg.Register) {
		for i := range 8 {
			v := YMM()
			VPMOVZXDQ(Mem{Base: src, Disp: 16 * i}, v)
			VMOVDQU(v, word(dst, i))
		}
	})
	cast("int64ToInt32", 8, 4, func(src, dst reg.Register) {
		for i := range 4 {
			v, r := YMM(), YMM()
			VMOVUPS(word(src, 2*i), v)
			VSHUFPS(Imm(0x88), word(src, 2*i+1), v, r)
			VPERMQ(Imm(0xd8), r, r)
			VMOVDQU(r, word(dst, i))
		}
	})
	for _, t := range integers {
		cast(fmt.Sprintf("int%dToBool", t.bits), t.size(), 1, func(src, dst reg.Register) {
			masks := make([]reg.VecVirtual, t.size())
			for i := range masks {
				masks[i] = to(t.equal, word(src, i), zeros())
			}
			storeBools(dst, masks, true)
		})
	}
	for _, e := range elements {
		cast("float"+e.name+"ToBool", e.size, 1, func(src, dst reg.Register) {
			masks := make([]reg.VecVirtual, e.size)
			for i := range masks {
				masks[i] = YMM()
				e.compare(notEqual, word(src, i), e.zero(), masks[i])
			}
			storeBools(dst, masks, false)
		})
	}
}
