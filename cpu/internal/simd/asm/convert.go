package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// conversions writes the kernels between float32 and the other floats, eight
// elements at a time.
func conversions(c constants) {
	for _, k := range []struct {
		name, from, to   string
		fromSize, toSize int
		body             func(c constants, src, dst Mem)
	}{
		{"widenHalf", "uint16", "float32", 2, 4, widenHalf},
		{"narrowHalf", "float32", "uint16", 4, 2, narrowHalf},
		{"widenBrain", "uint16", "float32", 2, 4, widenBrain},
		{"narrowBrain", "float32", "uint16", 4, 2, narrowBrain},
		{"widenSingle", "float32", "float64", 4, 8, widenSingle},
		{"narrowDouble", "float64", "float32", 8, 4, narrowDouble},
	} {
		declare(k.name+"AVX2", "(dst *"+k.to+", src *"+k.from+", blocks int)", "converts 8*blocks elements, at least 8, rounding to the nearest, ties to even.")
		dst := Load(Param("dst"), GP64())
		src := Load(Param("src"), GP64())
		blocks := Load(Param("blocks"), GP64())
		Label("block")
		k.body(c, Mem{Base: src}, Mem{Base: dst})
		ADDQ(Imm(uint64(8*k.fromSize)), src)
		ADDQ(Imm(uint64(8*k.toSize)), dst)
		DECQ(blocks)
		JNZ(LabelRef("block"))
		finish()
	}
}

func loaded(src Mem) reg.VecVirtual {
	v := YMM()
	VMOVUPS(src, v)
	return v
}

func widenHalf(_ constants, src, dst Mem) {
	v := YMM()
	VCVTPH2PS(src, v)
	VMOVUPS(v, dst)
}

func narrowHalf(_ constants, src, dst Mem) { VCVTPS2PH(Imm(0), loaded(src), dst) }

func widenBrain(_ constants, src, dst Mem) {
	v := YMM()
	VPMOVZXWD(src, v)
	VPSLLD(Imm(16), v, v)
	VMOVUPS(v, dst)
}

// narrowBrain adds what rounds the upper half to even, except to NaN, which keeps
// its leading payload and becomes quiet.
func narrowBrain(c constants, src, dst Mem) {
	v, up, nan := loaded(src), YMM(), YMM()
	VCMPPS(unordered, v, v, nan)
	VPSRLD(Imm(16), v, up)
	VPAND(c.words(1), up, up)
	VPADDD(c.words(0x7fff), up, up)
	VPADDD(v, up, up)
	VPOR(c.words(0x400000), v, v)
	VBLENDVPS(nan, v, up, up)
	VPSRLD(Imm(16), up, up)
	high := XMM()
	VEXTRACTI128(Imm(1), up, high)
	VPACKUSDW(high, up.AsX(), high)
	VMOVDQU(high, dst)
}

func widenSingle(_ constants, src, dst Mem) {
	for i := range 2 {
		v := YMM()
		VCVTPS2PD(src.Offset(16*i), v)
		VMOVUPD(v, dst.Offset(32*i))
	}
}

func narrowDouble(_ constants, src, dst Mem) {
	for i := range 2 {
		v := XMM()
		VCVTPD2PSY(src.Offset(32*i), v)
		VMOVUPS(v, dst.Offset(16*i))
	}
}
