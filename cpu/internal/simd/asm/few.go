package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// few writes what products of a few rows by a large matrix are made of. The matrix
// is read where it lies, once.
func few() {
	c := make(constants)
	for _, e := range elements {
		for _, t := range []fewTiling{fewAVX2, fewAVX512} {
			for _, count := range fewCounts {
				t.dots(c, e, count, t.rows)
				t.dots(c, e, count, 1)
				t.rowsOf(c, e, count)
			}
		}
	}
}

// fewCounts are the numbers of rows of the small operand that kernels take.
var fewCounts = []int{4, 2, 1}

// fewTiling is the shape of the kernels: how many rows of the matrix are multiplied
// at once, and how many registers of columns go down the rows.
type fewTiling struct {
	tiling
	strip int
}

// With four rows of the small operand these leave registers for operands.
var (
	fewAVX2   = fewTiling{tiling{"AVX2", 2, tilingAVX2.vectors}, 2}
	fewAVX512 = fewTiling{tiling{"AVX512", 4, tilingAVX512.vectors}, 4}
)

func (t fewTiling) lanes(e element) int { return t.bytes / e.size }

// part gives loads and stores of the first n elements of a register, 0 < n < lanes.
func (t fewTiling) part(c constants, e element, n reg.Register) (load func(at Mem, to reg.VecVirtual), store func(from reg.VecVirtual, at Mem)) {
	if t.bytes == vectorBytes {
		m := tailMask(c.mask(), n, e)
		return func(at Mem, to reg.VecVirtual) { e.maskedLoad(at, m, to) }, func(from reg.VecVirtual, at Mem) { e.maskedLoad(from, m, at) }
	}
	ones, k := GP64(), K()
	MOVQ(U32(1), ones)
	SHLXQ(n, ones, ones)
	DECQ(ones)
	KMOVW(ones.As32(), k)
	if e.size == 8 {
		return func(at Mem, to reg.VecVirtual) { VMOVUPD_Z(at, k, to) }, func(from reg.VecVirtual, at Mem) { VMOVUPD(from, k, at) }
	}
	return func(at Mem, to reg.VecVirtual) { VMOVUPS_Z(at, k, to) }, func(from reg.VecVirtual, at Mem) { VMOVUPS(from, k, at) }
}

// stridesOf scales strides to bytes and gives three times each.
func stridesOf(e element, names ...string) (one, three []reg.Register) {
	for _, name := range names {
		s := Load(Param(name), GP64())
		SHLQ(Imm(uint64(log2(e.size))), s)
		t := GP64()
		LEAQ(Mem{Base: s, Index: s, Scale: 2}, t)
		one, three = append(one, s), append(three, t)
	}
	return one, three
}

// dots writes the sums of products of each of count rows and each of some rows of a
// matrix. Each is added up in one register, whatever the shape.
func (t fewTiling) dots(c constants, e element, count, rows int) {
	declare(fmt.Sprintf("dots%dx%d%sx%s", count, rows, t.set, e.name), fmt.Sprintf("(c, x, a *%s, n, apart, stride, across int)", e.goType),
		"writes sums of the products of n elements of %d rows of x, which begin apart, and of %d rows of a, which begin stride apart, to rows of c that begin across apart.", count, rows)
	to, x, a := Load(Param("c"), GP64()), Load(Param("x"), GP64()), Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	one, three := stridesOf(e, "apart", "stride")
	sums := make([][]reg.VecVirtual, count)
	for i := range sums {
		for range rows {
			s := t.register()
			e.xor(s, s, s)
			sums[i] = append(sums[i], s)
		}
	}
	step := func(load func(at Mem, to reg.VecVirtual)) {
		right := make([]reg.VecVirtual, rows)
		for j := range right {
			right[j] = t.register()
			load(fourth(a, a, one[1], three[1], j), right[j])
		}
		for i := range count {
			left := t.register()
			load(fourth(x, x, one[0], three[0], i), left)
			for j := range right {
				e.fma(left, right[j], sums[i][j])
			}
		}
	}
	lanes := t.lanes(e)
	Label("more")
	SUBQ(Imm(uint64(lanes)), n)
	JL(LabelRef("rest"))
	step(func(at Mem, to reg.VecVirtual) { e.load(at, to) })
	ADDQ(U32(t.bytes), x)
	ADDQ(U32(t.bytes), a)
	JMP(LabelRef("more"))
	Label("rest")
	ADDQ(Imm(uint64(lanes)), n)
	JZ(LabelRef("store"))
	load, _ := t.part(c, e, n)
	step(load)
	Label("store")
	across := Load(Param("across"), GP64())
	SHLQ(Imm(uint64(log2(e.size))), across)
	for i := range sums {
		for j, s := range sums[i] {
			e.storeLow(t.across(e, s), Mem{Base: to, Disp: j * e.size})
		}
		if i < count-1 {
			ADDQ(across, to)
		}
	}
	finish()
}

// across adds the lanes of a register up, into its first.
func (t tiling) across(e element, s reg.VecVirtual) reg.Register {
	if t.bytes == 64 {
		upper := YMM()
		VEXTRACTF64X4(Imm(1), s, upper)
		e.add(upper, s.AsY(), s.AsY())
	}
	high, low := XMM(), s.AsX()
	if t.bytes == 64 { // the registers of AVX-512 may be beyond the reach of AVX
		VEXTRACTF32X4(Imm(1), s.AsY(), high)
	} else {
		VEXTRACTF128(Imm(1), s, high)
	}
	e.add(high, low, low)
	VUNPCKHPD(low, low, high)
	e.add(high, low, low)
	if e.size == 4 {
		VMOVSHDUP(low, high)
		e.add(high, low, low)
	}
	return low
}

func (e element) storeLow(from reg.Register, at Mem) {
	if e.size == 8 {
		VMOVSD(from, at)
		return
	}
	VMOVSS(from, at)
}

// rowsOf writes the addition of multiples of the rows of a matrix to count rows.
func (t fewTiling) rowsOf(c constants, e element, count int) {
	declare(fmt.Sprintf("rows%d%sx%s", count, t.set, e.name), fmt.Sprintf("(c, x, a *%s, n, depth, across, apart, stride int)", e.goType),
		"adds multiples of n elements of depth rows of a, which begin stride apart, to %d rows of c, which begin across apart; the factors are rows of x, which begin apart. There must be one row.", count)
	to, x, a := Load(Param("c"), GP64()), Load(Param("x"), GP64()), Load(Param("a"), GP64())
	n, depth := Load(Param("n"), GP64()), Load(Param("depth"), GP64())
	one, three := stridesOf(e, "across", "apart")
	stride := Load(Param("stride"), GP64())
	SHLQ(Imm(uint64(log2(e.size))), stride)
	row, factor, left := GP64(), GP64(), GP64()
	lanes := t.lanes(e)
	down := func(label string, wide int, load func(at Mem, to reg.VecVirtual), store func(from reg.VecVirtual, at Mem)) {
		sums := make([][]reg.VecVirtual, count)
		place := func(i, j int) Mem { return fourth(to, to, one[0], three[0], i).Offset(j * t.bytes) }
		for i := range sums {
			for j := range wide {
				s := t.register()
				load(place(i, j), s)
				sums[i] = append(sums[i], s)
			}
		}
		MOVQ(a, row)
		MOVQ(x, factor)
		MOVQ(depth, left)
		Label(label)
		right := make([]reg.VecVirtual, wide)
		for j := range right {
			right[j] = t.register()
			load(Mem{Base: row, Disp: j * t.bytes}, right[j])
		}
		for i := range sums {
			f := t.register()
			e.broadcast(fourth(factor, factor, one[1], three[1], i), f)
			for j := range right {
				e.fma(f, right[j], sums[i][j])
			}
		}
		ADDQ(stride, row)
		ADDQ(Imm(uint64(e.size)), factor)
		DECQ(left)
		JNZ(LabelRef(label))
		for i := range sums {
			for j, s := range sums[i] {
				store(s, place(i, j))
			}
		}
		ADDQ(U32(wide*t.bytes), to)
		ADDQ(U32(wide*t.bytes), a)
	}
	load := func(at Mem, to reg.VecVirtual) { e.load(at, to) }
	store := func(from reg.VecVirtual, at Mem) { e.load(from, at) }
	Label("several")
	SUBQ(U32(t.strip*lanes), n)
	JL(LabelRef("fewer"))
	down("severalRows", t.strip, load, store)
	JMP(LabelRef("several"))
	Label("fewer")
	ADDQ(U32(t.strip*lanes), n)
	Label("one")
	SUBQ(U32(lanes), n)
	JL(LabelRef("part"))
	down("oneRows", 1, load, store)
	JMP(LabelRef("one"))
	Label("part")
	ADDQ(U32(lanes), n)
	JZ(LabelRef("done"))
	load, store = t.part(c, e, n)
	down("partRows", 1, load, store)
	Label("done")
	finish()
}
