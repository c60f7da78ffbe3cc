package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tiling is a micro-kernel's shape: the sums that it keeps are rows rows of two
// registers.
type tiling struct {
	set  string // of instructions
	rows int
	vectors
}

const (
	tileVectors = 2
	depthUnroll = 4
)

// On AVX2, with two registers for b's row and one for an element of a, 15 of the 16
// are in use, and 12 independent sums hide the latency of the multiplications. On
// AVX-512 16 sums do; each is fed by 10 loads for 16 multiplications, and panels
// eight wide are what transposition makes.
var (
	tilingAVX2   = tiling{"AVX2", 6, vectors{32, func() reg.VecVirtual { return YMM() }}}
	tilingAVX512 = tiling{"AVX512", 8, vectors{64, func() reg.VecVirtual { return ZMM() }}}
)

// vectors are the registers that a kernel works in.
type vectors struct {
	bytes    int
	register func() reg.VecVirtual
}

func gemm() {
	for _, e := range elements {
		for _, t := range []tiling{tilingAVX2, tilingAVX512} {
			t.tile(e)
			t.packRows(e)
		}
	}
	interleave()
}

// tile writes the micro-kernel.
func (t tiling) tile(e element) {
	rows, vectorBytes := t.rows, t.bytes
	cols := tileVectors * vectorBytes / e.size
	declare("tile"+t.set+"x"+e.name, fmt.Sprintf("(depth int, a, b, c *%s, stride int, first bool)", e.goType),
		"multiplies a panel of depth columns of %d by one of depth rows of %d; c's rows begin stride apart.", rows, cols)
	depth := Load(Param("depth"), GP64())
	a := Load(Param("a"), GP64())
	b := Load(Param("b"), GP64())
	c := Load(Param("c"), GP64())
	stride := Load(Param("stride"), GP64())
	first := Load(Param("first"), GP8())
	SHLQ(Imm(uint64(log2(e.size))), stride)
	row := GP64()
	MOVQ(c, row)
	for i := range rows { // c is wanted at the end: ask for it now
		PREFETCHT0(Mem{Base: row})
		PREFETCHT0(Mem{Base: row, Disp: tileVectors*vectorBytes - e.size})
		if i < rows-1 {
			ADDQ(stride, row)
		}
	}
	sums := make([][tileVectors]reg.VecVirtual, rows)
	for i := range sums {
		for j := range sums[i] {
			sums[i][j] = t.register()
			e.xor(sums[i][j], sums[i][j], sums[i][j])
		}
	}
	step := func(k int) {
		var right [tileVectors]reg.VecVirtual
		for j := range right {
			right[j] = t.register()
			e.load(Mem{Base: b, Disp: (k*tileVectors + j) * vectorBytes}, right[j])
		}
		for i := range rows {
			left := t.register()
			e.broadcast(Mem{Base: a, Disp: (k*rows + i) * e.size}, left)
			for j := range right {
				e.fma(left, right[j], sums[i][j])
			}
		}
	}
	advance := func(n int) {
		ADDQ(U32(n*rows*e.size), a)
		ADDQ(U32(n*tileVectors*vectorBytes), b)
	}
	Label("unrolled")
	SUBQ(Imm(depthUnroll), depth)
	JL(LabelRef("rest"))
	for k := range depthUnroll {
		step(k)
	}
	advance(depthUnroll)
	JMP(LabelRef("unrolled"))
	Label("rest")
	ADDQ(Imm(depthUnroll), depth)
	JZ(LabelRef("store"))
	Label("single")
	step(0)
	advance(1)
	DECQ(depth)
	JNZ(LabelRef("single"))

	Label("store")
	write := func(add bool) {
		for i := range sums {
			for j, s := range sums[i] {
				at := Mem{Base: c, Disp: j * vectorBytes}
				if add {
					e.add(at, s, s)
				}
				e.load(s, at)
			}
			if i < rows-1 {
				ADDQ(stride, c)
			}
		}
		finish()
	}
	TESTB(first, first)
	JZ(LabelRef("accumulate"))
	write(false)
	Label("accumulate")
	write(true)
}

// packRows copies depth rows of a panel's width that lie stride apart.
func (t tiling) packRows(e element) {
	vectorBytes := t.bytes
	declare("packRows"+t.set+"x"+e.name, fmt.Sprintf("(dst, src *%s, depth, stride int)", e.goType),
		"copies depth rows of %d elements that begin stride apart.", tileVectors*vectorBytes/e.size)
	dst := Load(Param("dst"), GP64())
	src := Load(Param("src"), GP64())
	depth := Load(Param("depth"), GP64())
	stride := Load(Param("stride"), GP64())
	SHLQ(Imm(uint64(log2(e.size))), stride)
	Label("row")
	for j := range tileVectors {
		v := t.register()
		e.load(Mem{Base: src, Disp: j * vectorBytes}, v)
		e.load(v, Mem{Base: dst, Disp: j * vectorBytes})
	}
	ADDQ(stride, src)
	ADDQ(U32(tileVectors*vectorBytes), dst)
	DECQ(depth)
	JNZ(LabelRef("row"))
	finish()
}

// interleave writes the transposition of rows of float32 into a panel, for panels
// as wide as the micro-kernel's and as half of its row.
func interleave() {
	for _, rows := range []int{tilingAVX2.rows, single.lanes()} {
		interleaveRows(fmt.Sprintf("interleaveAVX2x%d", rows), "float32", rows)
	}
	interleaveRows("transposeAVX2", "uint32", single.lanes())
	interleaveDoubles()
}

// interleaveDoubles is for rows of float64, four at a time.
func interleaveDoubles() {
	const n = 4
	declare("interleaveAVX2x4", "(dst, src *float64, blocks, stride, width int)",
		"writes element k of row i to dst[k*width+i], for 4 rows that begin stride apart and 4*blocks elements of each.")
	dst := Load(Param("dst"), GP64())
	src := Load(Param("src"), GP64())
	blocks := Load(Param("blocks"), GP64())
	stride := Load(Param("stride"), GP64())
	width := Load(Param("width"), GP64())
	SHLQ(Imm(3), stride)
	SHLQ(Imm(3), width)
	stride3, width3 := GP64(), GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, stride3)
	LEAQ(Mem{Base: width, Index: width, Scale: 2}, width3)
	Label("block")
	var rows, pairs, columns [n]reg.VecVirtual
	for i := range rows {
		rows[i], pairs[i], columns[i] = YMM(), YMM(), YMM()
		VMOVUPD(fourth(src, src, stride, stride3, i), rows[i])
	}
	for i := 0; i < n; i += 2 {
		VUNPCKLPD(rows[i+1], rows[i], pairs[i])
		VUNPCKHPD(rows[i+1], rows[i], pairs[i+1])
	}
	for i := range 2 {
		VPERM2F128(Imm(0x20), pairs[i+2], pairs[i], columns[i])
		VPERM2F128(Imm(0x31), pairs[i+2], pairs[i], columns[i+2])
	}
	for i, c := range columns {
		VMOVUPD(c, fourth(dst, dst, width, width3, i))
	}
	ADDQ(Imm(vectorBytes), src)
	LEAQ(Mem{Base: dst, Index: width, Scale: 4}, dst)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}

func interleaveRows(name, goType string, n int) {
	declare(name, "(dst, src *"+goType+", blocks, stride, width int)",
		"writes element k of row i to dst[k*width+i], for %d rows that begin stride apart and 8*blocks elements of each. What follows up to dst[k*width+7] is overwritten.", n)
	dst := Load(Param("dst"), GP64())
	src := Load(Param("src"), GP64())
	blocks := Load(Param("blocks"), GP64())
	stride := Load(Param("stride"), GP64())
	width := Load(Param("width"), GP64())
	SHLQ(Imm(2), stride)
	SHLQ(Imm(2), width)
	far, stride3, width3 := GP64(), GP64(), GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, stride3)
	LEAQ(Mem{Base: width, Index: width, Scale: 2}, width3)
	Label("block")
	LEAQ(Mem{Base: src, Index: stride, Scale: 4}, far)
	var rows [8]reg.VecVirtual
	for i := range rows {
		if i >= n {
			rows[i] = single.zero()
			continue
		}
		rows[i] = YMM()
		VMOVUPS(fourth(src, far, stride, stride3, i), rows[i])
	}
	columns := transpose(rows)
	LEAQ(Mem{Base: dst, Index: width, Scale: 4}, far)
	for i, c := range columns {
		VMOVUPS(c, fourth(dst, far, width, width3, i))
	}
	ADDQ(Imm(vectorBytes), src)
	LEAQ(Mem{Base: dst, Index: width, Scale: 8}, dst)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}

// fourth addresses row i of eight: far is the fourth row.
func fourth(base, far, stride, stride3 reg.Register, i int) Mem {
	if i >= 4 {
		base = far
	}
	switch i % 4 {
	case 1:
		return Mem{Base: base, Index: stride, Scale: 1}
	case 2:
		return Mem{Base: base, Index: stride, Scale: 2}
	case 3:
		return Mem{Base: base, Index: stride3, Scale: 1}
	}
	return Mem{Base: base}
}

// transpose writes the exchange of rows and columns of an 8x8 block.
func transpose(r [8]reg.VecVirtual) (c [8]reg.VecVirtual) {
	var pairs, quads [8]reg.VecVirtual
	for i := range pairs {
		pairs[i], quads[i], c[i] = YMM(), YMM(), YMM()
	}
	for i := 0; i < 8; i += 2 {
		VUNPCKLPS(r[i+1], r[i], pairs[i])
		VUNPCKHPS(r[i+1], r[i], pairs[i+1])
	}
	for i := 0; i < 8; i += 4 {
		for j := range 2 {
			VSHUFPS(Imm(0x44), pairs[i+j+2], pairs[i+j], quads[i+2*j])
			VSHUFPS(Imm(0xee), pairs[i+j+2], pairs[i+j], quads[i+2*j+1])
		}
	}
	for i := range 4 {
		VPERM2F128(Imm(0x20), quads[i+4], quads[i], c[i])
		VPERM2F128(Imm(0x31), quads[i+4], quads[i], c[i+4])
	}
	return c
}

func log2(n int) int {
	k := 0
	for n > 1 {
		n >>= 1
		k++
	}
	return k
}
