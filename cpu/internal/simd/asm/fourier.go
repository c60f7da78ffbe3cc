package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// complexBytes is the size of a complex number of two float64.
const complexBytes = 16

// fourier writes the passes of Fourier transforms by four. Two complex numbers fill a
// register: in the first pass two neighbouring butterflies, later two of one.
func fourier() {
	c := make(constants)
	fourierFirst(c)
	fourierPass(c)
}

// butterfly is the transform of four numbers, whose quarter turn has the sign of the
// mask, the outcomes times roots.
func butterfly(x [4]reg.VecVirtual, roots [3]reg.VecVirtual, turn reg.VecVirtual) (y [4]reg.VecVirtual) {
	s, d := to(VADDPD, x[2], x[0]), to(VSUBPD, x[2], x[0])
	u, v := to(VADDPD, x[3], x[1]), to(VSUBPD, x[3], x[1])
	VPERMILPD(Imm(5), v, v)
	VXORPD(turn, v, v)
	y[0] = to(VADDPD, u, s)
	y[1] = times(to(VADDPD, v, d), roots[0])
	y[2] = times(to(VSUBPD, u, s), roots[1])
	y[3] = times(to(VSUBPD, v, d), roots[2])
	return y
}

// times multiplies complex numbers.
func times(x, w reg.VecVirtual) reg.VecVirtual {
	re, im, swapped := YMM(), YMM(), YMM()
	VMOVDDUP(w, re)
	VPERMILPD(Imm(15), w, im)
	VPERMILPD(Imm(5), x, swapped)
	VMULPD(im, swapped, swapped)
	VFMADDSUB213PD(swapped, re, x)
	return x
}

// turning gives the mask of signs that makes i, or -i where turn is negative, of the
// exchange of parts.
func turning(c constants) reg.VecVirtual {
	turn := Load(Param("turn"), XMM())
	mask, plus := YMM(), YMM()
	VBROADCASTSD(turn, mask)
	VANDPD(c.sign(double), mask, mask)
	even, ok := c["evenSigns"]
	if !ok {
		even = GLOBL("evenSigns", RODATA|NOPTR)
		for i := range vectorBytes / 8 {
			DATA(8*i, U64(uint64(1-i%2)<<63))
		}
		c["evenSigns"] = even
	}
	VMOVUPD(even, plus)
	VXORPD(plus, mask, mask)
	return mask
}

func fourierFirst(c constants) {
	declare("fourierFirstAVX2", "(dst, src, roots *complex128, from, pairs, m int, turn float64)",
		"transforms 2*pairs sets of four numbers that lie m apart, from the from-th on, times roots; each set's outcome lies together.")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	base := Load(Param("roots"), GP64())
	k := Load(Param("from"), GP64())
	pairs := Load(Param("pairs"), GP64())
	m := Load(Param("m"), GP64())
	turn := turning(c)
	SHLQ(Imm(4), m)
	m3 := GP64()
	LEAQ(Mem{Base: m, Index: m, Scale: 2}, m3)
	SHLQ(Imm(4), k)
	ADDQ(k, src)
	w := [3]reg.GPVirtual{GP64(), GP64(), GP64()}
	for i := range w {
		MOVQ(base, w[i])
		for range i + 1 {
			ADDQ(k, w[i])
		}
	}
	SHLQ(Imm(2), k)
	ADDQ(k, dst)
	Label("pair")
	x := [4]reg.VecVirtual{YMM(), YMM(), YMM(), YMM()}
	for i, at := range []Mem{{Base: src}, {Base: src, Index: m, Scale: 1}, {Base: src, Index: m, Scale: 2}, {Base: src, Index: m3, Scale: 1}} {
		VMOVUPD(at, x[i])
	}
	var roots [3]reg.VecVirtual
	for i := range roots {
		low := XMM()
		roots[i] = YMM()
		VMOVUPD(Mem{Base: w[i]}, low)
		VINSERTF128(Imm(1), Mem{Base: w[i], Disp: (i + 1) * complexBytes}, low.AsY(), roots[i])
	}
	y := butterfly(x, roots, turn)
	for i, pick := range []struct {
		a, b int
		half uint64
	}{{0, 1, 0x20}, {2, 3, 0x20}, {0, 1, 0x31}, {2, 3, 0x31}} {
		r := YMM()
		VPERM2F128(Imm(pick.half), y[pick.b], y[pick.a], r)
		VMOVUPD(r, Mem{Base: dst, Disp: i * vectorBytes})
	}
	ADDQ(Imm(2*complexBytes), src)
	ADDQ(U32(8*complexBytes), dst)
	for i := range w {
		ADDQ(U32(2*(i+1)*complexBytes), w[i])
	}
	DECQ(pairs)
	JNZ(LabelRef("pair"))
	finish()
}

func fourierPass(c constants) {
	declare("fourierPassAVX2", "(dst, src, roots *complex128, from, count, m, stride int, turn float64)",
		"transforms count rows of stride sets of four numbers, rows m apart, from the from-th on, times a row's roots. Stride is even.")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	base := Load(Param("roots"), GP64())
	from := Load(Param("from"), GP64())
	count := Load(Param("count"), GP64())
	m := Load(Param("m"), GP64())
	stride := Load(Param("stride"), GP64())
	turn := turning(c)
	SHLQ(Imm(4), stride) // bytes
	IMULQ(stride, m)
	IMULQ(stride, from)
	ADDQ(from, src)
	w := [3]reg.GPVirtual{GP64(), GP64(), GP64()}
	for i := range w {
		MOVQ(base, w[i])
		for range i + 1 {
			ADDQ(from, w[i])
		}
	}
	SHLQ(Imm(2), from)
	ADDQ(from, dst)
	Label("row")
	var roots [3]reg.VecVirtual
	for i := range roots {
		roots[i] = YMM()
		VBROADCASTF128(Mem{Base: w[i]}, roots[i])
		for range i + 1 {
			ADDQ(stride, w[i])
		}
	}
	left, far, to := GP64(), GP64(), GP64()
	MOVQ(stride, left)
	Label("set")
	LEAQ(Mem{Base: src, Index: m, Scale: 2}, far)
	LEAQ(Mem{Base: dst, Index: stride, Scale: 2}, to)
	x := [4]reg.VecVirtual{YMM(), YMM(), YMM(), YMM()}
	for i, at := range []Mem{{Base: src}, {Base: src, Index: m, Scale: 1}, {Base: far}, {Base: far, Index: m, Scale: 1}} {
		VMOVUPD(at, x[i])
	}
	y := butterfly(x, roots, turn)
	for i, at := range []Mem{{Base: dst}, {Base: dst, Index: stride, Scale: 1}, {Base: to}, {Base: to, Index: stride, Scale: 1}} {
		VMOVUPD(y[i], at)
	}
	ADDQ(Imm(vectorBytes), src)
	ADDQ(Imm(vectorBytes), dst)
	SUBQ(Imm(vectorBytes), left)
	JNZ(LabelRef("set"))
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, left)
	ADDQ(left, dst)
	DECQ(count)
	JNZ(LabelRef("row"))
	finish()
}
