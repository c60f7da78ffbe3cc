package main

import (
	"fmt"

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
	for _, p := range oddFactors {
		fourierOdd(c, p)
	}
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
	VMOVUPD(evenSigns(c), plus)
	VXORPD(plus, mask, mask)
	return mask
}

// evenSigns are the sign bits of real parts.
func evenSigns(c constants) Mem {
	even, ok := c["evenSigns"]
	if !ok {
		even = GLOBL("evenSigns", RODATA|NOPTR)
		for i := range vectorBytes / 8 {
			DATA(8*i, U64(uint64(1-i%2)<<63))
		}
		c["evenSigns"] = even
	}
	return even
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

// oddFactors are those of which there are kernels.
var oddFactors = []int{3, 5, 7}

// fourierOdd writes the pass by an odd factor. Terms whose roots are conjugates are taken together: the
// real parts of roots multiply their sum, the imaginary ones their difference, turned by a quarter.
func fourierOdd(c constants, p int) {
	half := p / 2
	name := fmt.Sprintf("fourierOdd%dAVX2", p)
	declare(name, "(dst, src, roots *complex128, circle *float64, from, count, m, stride int)",
		"transforms count rows of stride sets of %d numbers, rows m apart, from the from-th on, times a row's roots. Stride is even. Circle has the cosine and the sine of each root up to half the way round.", p)
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	base, circle := Load(Param("roots"), GP64()), Load(Param("circle"), GP64())
	from, count := Load(Param("from"), GP64()), Load(Param("count"), GP64())
	m, stride := Load(Param("m"), GP64()), Load(Param("stride"), GP64())
	local := AllocLocal((p - 1) * complexBytes)
	signs := YMM()
	VMOVUPD(evenSigns(c), signs)
	SHLQ(Imm(4), stride) // bytes
	IMULQ(stride, m)
	IMULQ(stride, from)
	ADDQ(from, src)
	forward, at := GP64(), GP64()
	MOVQ(from, forward) // from 1 to the row's first root
	IMUL3Q(U8(p), from, from)
	ADDQ(from, dst)
	Label("row")
	MOVQ(base, at)
	for t := range p - 1 {
		w := XMM()
		ADDQ(forward, at)
		VMOVUPD(Mem{Base: at}, w)
		VMOVUPD(w, local.Offset(t*complexBytes))
	}
	left := GP64()
	MOVQ(stride, left)
	Label("set")
	x := make([]reg.VecVirtual, p)
	MOVQ(src, at)
	for i := range x {
		x[i] = YMM()
		VMOVUPD(Mem{Base: at}, x[i])
		if i < p-1 {
			ADDQ(m, at)
		}
	}
	sums, differences := make([]reg.VecVirtual, half+1), make([]reg.VecVirtual, half+1)
	for i := 1; i <= half; i++ {
		sums[i], differences[i] = to(VADDPD, x[p-i], x[i]), to(VSUBPD, x[p-i], x[i])
	}
	total := to(VADDPD, sums[1], x[0])
	for i := 2; i <= half; i++ {
		VADDPD(sums[i], total, total)
	}
	VMOVUPD(total, Mem{Base: dst})
	store := func(y reg.VecVirtual, t int) {
		w := YMM()
		VBROADCASTF128(local.Offset((t-1)*complexBytes), w)
		MOVQ(stride, at)
		IMUL3Q(U8(t), at, at)
		VMOVUPD(times(y, w), Mem{Base: dst, Index: at, Scale: 1})
	}
	for t := 1; t <= half; t++ {
		u, v := YMM(), YMM()
		VMOVAPD(x[0], u)
		VXORPD(v, v, v)
		for i := 1; i <= half; i++ {
			k := i * t % p
			back := k > half
			if back {
				k = p - k
			}
			by := YMM()
			VBROADCASTSD(Mem{Base: circle, Disp: 16 * (k - 1)}, by)
			VFMADD231PD(by, sums[i], u)
			by = YMM()
			VBROADCASTSD(Mem{Base: circle, Disp: 16*(k-1) + 8}, by)
			if back {
				VFNMADD231PD(by, differences[i], v)
			} else {
				VFMADD231PD(by, differences[i], v)
			}
		}
		VPERMILPD(Imm(5), v, v)
		VXORPD(signs, v, v)
		store(to(VADDPD, v, u), t)
		store(to(VSUBPD, v, u), p-t)
	}
	ADDQ(Imm(vectorBytes), src)
	ADDQ(Imm(vectorBytes), dst)
	SUBQ(Imm(vectorBytes), left)
	JNZ(LabelRef("set"))
	MOVQ(stride, at)
	IMUL3Q(U8(p-1), at, at)
	ADDQ(at, dst)
	ADDQ(stride, forward)
	DECQ(count)
	JNZ(LabelRef("row"))
	finish()
}
