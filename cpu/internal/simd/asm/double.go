package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/formula"
)

// inDouble makes a body for eight elements of one for four.
func inDouble(c constants, body formula.Body[formula.Doubles], in []reg.VecVirtual) reg.VecVirtual {
	half := func(pick func(reg.VecVirtual) reg.Register) reg.VecVirtual {
		wide := make([]formula.Value, len(in))
		for i, x := range in {
			w := YMM()
			VCVTPS2PD(pick(x), w)
			wide[i] = w
		}
		r := XMM()
		VCVTPD2PSY(body(formula.Code[formula.Doubles]{M: avx{c, double}}, wide).(reg.VecVirtual), r)
		return r
	}
	low := half(func(x reg.VecVirtual) reg.Register { return x.AsX() })
	high := half(func(x reg.VecVirtual) reg.Register {
		upper := XMM()
		VEXTRACTF128(Imm(1), x, upper)
		return upper
	})
	r := YMM()
	VINSERTF128(Imm(1), high, low.AsY(), r)
	return r
}

// doubles writes the functions that are computed in float64.
func doubles() {
	c := make(constants)
	functions(c, formula.Doubly())
	rounding(c)
	choose()
}

// rounding writes the kernels that round to whole numbers.
func rounding(c constants) {
	for _, f := range []struct {
		name, does string
		mode       uint64
	}{
		{"floor", "rounds down", 9}, {"ceil", "rounds up", 10}, {"trunc", "rounds towards 0", 11}, {"rint", "rounds to the nearest, ties to even", 8},
	} {
		for _, e := range elements {
			k := elementwise{name: f.name, does: f.does, element: e, operands: []string{"a"}, unroll: 4}
			k.body = func(in []reg.VecVirtual) reg.VecVirtual {
				r := YMM()
				if e.size == 4 {
					VROUNDPS(Imm(f.mode), in[0], r)
				} else {
					VROUNDPD(Imm(f.mode), in[0], r)
				}
				return r
			}
			k.write(c)
		}
	}
}

// choose writes the choice between two rows by a row of bytes.
func choose() {
	declare("chooseAVX2", "(dst *uint32, where *byte, a, b *uint32, blocks int)", "takes 8*blocks elements, at least 8, from a where the byte is not 0, and from b elsewhere.")
	dst, where := Load(Param("dst"), GP64()), Load(Param("where"), GP64())
	a, b := Load(Param("a"), GP64()), Load(Param("b"), GP64())
	blocks := Load(Param("blocks"), GP64())
	zero := single.zero()
	Label("block")
	none, v := YMM(), YMM()
	VPMOVZXBD(Mem{Base: where}, none)
	VPCMPEQD(zero, none, none)
	VMOVUPS(Mem{Base: a}, v)
	VBLENDVPS(none, Mem{Base: b}, v, v)
	VMOVUPS(v, Mem{Base: dst})
	ADDQ(Imm(8), where)
	for _, p := range []reg.Register{dst, a, b} {
		ADDQ(Imm(vectorBytes), p)
	}
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}
