package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// shuffles writes kernels that move small elements, and those that take pairs of numbers together.
func shuffles() {
	transposeSmall(16, [3]unpacking{{VPUNPCKLWD, VPUNPCKHWD}, {VPUNPCKLDQ, VPUNPCKHDQ}, {VPUNPCKLQDQ, VPUNPCKHQDQ}})
	transposeSmall(8, [3]unpacking{{VPUNPCKLBW, VPUNPCKHBW}, {VPUNPCKLWD, VPUNPCKHWD}, {VPUNPCKLDQ, VPUNPCKHDQ}})
	modulus()
}

// unpacking takes elements of the lower or the upper halves of two registers by turns.
type unpacking struct{ low, high func(...Op) }

// transposeSmall writes the transposition of 8x8 elements of so many bits, 8 or 16, block after block.
func transposeSmall(bits int, steps [3]unpacking) {
	const n = 8
	declare(fmt.Sprintf("transpose%dAVX2", bits), fmt.Sprintf("(dst, src *uint%d, blocks, stride, width int)", bits),
		"writes element k of row i to dst[k*width+i], for 8 rows that begin stride apart and 8*blocks elements of each.")
	dst, src, blocks := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("blocks"), GP64())
	stride, width := Load(Param("stride"), GP64()), Load(Param("width"), GP64())
	size := bits / 8
	if size == 2 {
		SHLQ(Imm(1), stride)
		SHLQ(Imm(1), width)
	}
	far, stride3, width3 := GP64(), GP64(), GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, stride3)
	LEAQ(Mem{Base: width, Index: width, Scale: 2}, width3)
	Label("block")
	LEAQ(Mem{Base: src, Index: stride, Scale: 4}, far)
	var r [n]reg.VecVirtual
	for i := range r {
		r[i] = XMM()
		if at := fourth(src, far, stride, stride3, i); size == 2 {
			VMOVDQU(at, r[i])
		} else {
			VMOVQ(at, r[i])
		}
	}
	// A step takes two registers together, which lie together from then on.
	halves := 2
	if size == 1 {
		halves = 1 // rows of bytes fill but the lower half of a register at first
	}
	next := func(u unpacking, a, b reg.VecVirtual, both bool) (out []reg.VecVirtual) {
		for _, f := range []func(...Op){u.low, u.high}[:map[bool]int{true: 2, false: 1}[both]] {
			x := XMM()
			f(b, a, x)
			out = append(out, x)
		}
		return out
	}
	// groups are registers whose elements are those of so many rows, by columns.
	groups := make([][]reg.VecVirtual, n)
	for i := range groups {
		groups[i] = []reg.VecVirtual{r[i]}
	}
	for k, u := range steps {
		var merged [][]reg.VecVirtual
		for i := 0; i < len(groups); i += 2 {
			var out []reg.VecVirtual
			for j := range groups[i] {
				out = append(out, next(u, groups[i][j], groups[i+1][j], halves == 2 || k > 0)...)
			}
			merged = append(merged, out)
		}
		groups = merged
	}
	LEAQ(Mem{Base: dst, Index: width, Scale: 4}, far)
	for i, c := range groups[0] {
		if size == 2 {
			VMOVDQU(c, fourth(dst, far, width, width3, i))
			continue
		}
		VMOVQ(c, fourth(dst, far, width, width3, 2*i))
		VMOVHPD(c, fourth(dst, far, width, width3, 2*i+1))
	}
	ADDQ(Imm(uint64(n*size)), src)
	LEAQ(Mem{Base: dst, Index: width, Scale: 8}, dst)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}

// modulus writes the moduli of complex numbers, whose squares neither overflow nor vanish in float64. A number
// of which one part is infinite is infinite, whatever the other.
func modulus() {
	c := make(constants)
	declare("modulusAVX2", "(dst, parts *float32, blocks int)", "gives the moduli of 4*blocks complex numbers.")
	dst, parts, blocks := Load(Param("dst"), GP64()), Load(Param("parts"), GP64()), Load(Param("blocks"), GP64())
	magnitude, infinite := YMM(), YMM()
	VMOVUPS(c.magnitude(single), magnitude)
	VMOVUPS(c.words(0x7f800000), infinite)
	Label("block")
	x, low, high, odd := YMM(), YMM(), YMM(), YMM()
	VMOVUPS(Mem{Base: parts}, x)
	VCVTPS2PD(x.AsX(), low)
	upper := XMM()
	VEXTRACTF128(Imm(1), x, upper)
	VCVTPS2PD(upper, high)
	VMULPD(low, low, low)
	VMULPD(high, high, high)
	sums, roots := YMM(), XMM()
	VHADDPD(high, low, sums) // of numbers 0, 2, 1, 3
	VPERMPD(Imm(0xd8), sums, sums)
	VSQRTPD(sums, sums)
	VCVTPD2PSY(sums, roots)
	VANDPS(magnitude, x, odd)
	VCMPPS(equal, infinite, odd, odd)
	// Either part of a number: all bits of four lanes.
	swapped, which := YMM(), XMM()
	VPSHUFD(Imm(0xb1), odd, swapped)
	VORPS(swapped, odd, odd)
	VEXTRACTF128(Imm(1), odd, which)
	VSHUFPS(Imm(0x88), which, odd.AsX(), which)
	VBLENDVPS(which, infinite.AsX(), roots, roots)
	VMOVUPS(roots, Mem{Base: dst})
	ADDQ(Imm(32), parts)
	ADDQ(Imm(16), dst)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}
