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
				t.kernels(c, e, stored{"", e.goType, e.size, nil}, count)
			}
		}
	}
	for _, s := range []stored{{"Half", "uint16", 2, VCVTPH2PS}, {"Brain", "uint16", 2, bfloat16}} {
		for _, count := range fewCounts {
			fewAVX512.kernels(c, single, s, count)
		}
	}
}

func (t fewTiling) kernels(c constants, e element, s stored, count int) {
	t.dots(c, e, s, count, t.rows)
	t.dots(c, e, s, count, 1)
	t.rowsOf(c, e, s, count)
}

// stored is how the elements of the matrix lie in memory.
type stored struct {
	name, goType string
	size         int
	widen        func(...Op) // nil if they are of the type that is computed in
}

// bfloat16 are the upper halves of float32.
func bfloat16(ops ...Op) {
	VPMOVZXWD(ops[0], ops[1])
	VPSLLD(Imm(16), ops[1], ops[1])
}

// load makes a load of a register's worth of elements of one that reads so many, or
// some, of another type.
func (s stored) load(load func(at Mem, to reg.VecVirtual), some reg.Register) func(at Mem, to reg.VecVirtual) {
	switch {
	case s.widen == nil:
		return load
	case some == nil:
		return func(at Mem, to reg.VecVirtual) { s.widen(at, to) }
	}
	return func(at Mem, to reg.VecVirtual) {
		v := YMM()
		VMOVDQU16_Z(at, some, v)
		s.widen(v, to)
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
// On AVX-512 the mask is given too.
func (t fewTiling) part(c constants, e element, n reg.Register) (load func(at Mem, to reg.VecVirtual), store func(from reg.VecVirtual, at Mem), mask reg.Register) {
	if t.bytes == vectorBytes {
		m := tailMask(c.mask(), n, e)
		return func(at Mem, to reg.VecVirtual) { e.maskedLoad(at, m, to) }, func(from reg.VecVirtual, at Mem) { e.maskedLoad(from, m, at) }, nil
	}
	ones, k := GP64(), K()
	MOVQ(U32(1), ones)
	SHLXQ(n, ones, ones)
	DECQ(ones)
	KMOVW(ones.As32(), k)
	if e.size == 8 {
		return func(at Mem, to reg.VecVirtual) { VMOVUPD_Z(at, k, to) }, func(from reg.VecVirtual, at Mem) { VMOVUPD(from, k, at) }, k
	}
	return func(at Mem, to reg.VecVirtual) { VMOVUPS_Z(at, k, to) }, func(from reg.VecVirtual, at Mem) { VMOVUPS(from, k, at) }, k
}

// strideOf scales a stride of elements of some size to bytes and gives three times
// it, too.
func strideOf(size int, name string) (one, three reg.Register) {
	one, three = Load(Param(name), GP64()), GP64()
	SHLQ(Imm(uint64(log2(size))), one)
	LEAQ(Mem{Base: one, Index: one, Scale: 2}, three)
	return one, three
}

// dots writes the addition of sums of products of each of count rows and each of some rows of a
// matrix. Each is added up in one register, whatever the shape.
func (t fewTiling) dots(c constants, e element, s stored, count, rows int) {
	declare(fmt.Sprintf("dots%s%dx%d%sx%s", s.name, count, rows, t.set, e.name), fmt.Sprintf("(c, x *%s, a *%s, n, apart, stride, across int)", e.goType, s.goType),
		"adds sums of the products of n elements of %d rows of x, which begin apart, and of %d rows of a, which begin stride apart, to rows of c that begin across apart.", count, rows)
	to, x, a := Load(Param("c"), GP64()), Load(Param("x"), GP64()), Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	apart, apart3 := strideOf(e.size, "apart")
	stride, stride3 := strideOf(s.size, "stride")
	sums := make([][]reg.VecVirtual, count)
	for i := range sums {
		for range rows {
			sum := t.register()
			e.xor(sum, sum, sum)
			sums[i] = append(sums[i], sum)
		}
	}
	step := func(load, loadRow func(at Mem, to reg.VecVirtual)) {
		right := make([]reg.VecVirtual, rows)
		for j := range right {
			right[j] = t.register()
			loadRow(fourth(a, a, stride, stride3, j), right[j])
		}
		for i := range count {
			left := t.register()
			load(fourth(x, x, apart, apart3, i), left)
			for j := range right {
				e.fma(left, right[j], sums[i][j])
			}
		}
	}
	lanes := t.lanes(e)
	Label("more")
	SUBQ(Imm(uint64(lanes)), n)
	JL(LabelRef("rest"))
	load := func(at Mem, to reg.VecVirtual) { e.load(at, to) }
	step(load, s.load(load, nil))
	ADDQ(U32(t.bytes), x)
	ADDQ(U32(lanes*s.size), a)
	JMP(LabelRef("more"))
	Label("rest")
	ADDQ(Imm(uint64(lanes)), n)
	JZ(LabelRef("store"))
	load, _, some := t.part(c, e, n)
	step(load, s.load(load, some))
	Label("store")
	across, _ := strideOf(e.size, "across")
	for i := range sums {
		for j, sum := range sums[i] {
			e.addLow(t.across(e, sum), Mem{Base: to, Disp: j * e.size})
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

// addLow adds the first element of a register to one in memory.
func (e element) addLow(x reg.Register, at Mem) {
	if e.size == 8 {
		VADDSD(at, x, x)
		VMOVSD(x, at)
		return
	}
	VADDSS(at, x, x)
	VMOVSS(x, at)
}

// rowsOf writes the addition of multiples of the rows of a matrix to count rows.
func (t fewTiling) rowsOf(c constants, e element, s stored, count int) {
	declare(fmt.Sprintf("rows%s%d%sx%s", s.name, count, t.set, e.name), fmt.Sprintf("(c, x *%s, a *%s, n, depth, across, apart, stride int)", e.goType, s.goType),
		"adds multiples of n elements of depth rows of a, which begin stride apart, to %d rows of c, which begin across apart; the factors are rows of x, which begin apart. There must be one row.", count)
	to, x, a := Load(Param("c"), GP64()), Load(Param("x"), GP64()), Load(Param("a"), GP64())
	n, depth := Load(Param("n"), GP64()), Load(Param("depth"), GP64())
	across, across3 := strideOf(e.size, "across")
	apart, apart3 := strideOf(e.size, "apart")
	stride := Load(Param("stride"), GP64())
	SHLQ(Imm(uint64(log2(s.size))), stride)
	row, factor, left := GP64(), GP64(), GP64()
	lanes := t.lanes(e)
	down := func(label string, wide int, load, loadRow func(at Mem, to reg.VecVirtual), store func(from reg.VecVirtual, at Mem)) {
		sums := make([][]reg.VecVirtual, count)
		place := func(i, j int) Mem { return fourth(to, to, across, across3, i).Offset(j * t.bytes) }
		for i := range sums {
			for j := range wide {
				sum := t.register()
				load(place(i, j), sum)
				sums[i] = append(sums[i], sum)
			}
		}
		MOVQ(a, row)
		MOVQ(x, factor)
		MOVQ(depth, left)
		Label(label)
		right := make([]reg.VecVirtual, wide)
		for j := range right {
			right[j] = t.register()
			loadRow(Mem{Base: row, Disp: j * lanes * s.size}, right[j])
		}
		for i := range sums {
			f := t.register()
			e.broadcast(fourth(factor, factor, apart, apart3, i), f)
			for j := range right {
				e.fma(f, right[j], sums[i][j])
			}
		}
		ADDQ(stride, row)
		ADDQ(Imm(uint64(e.size)), factor)
		DECQ(left)
		JNZ(LabelRef(label))
		for i := range sums {
			for j, sum := range sums[i] {
				store(sum, place(i, j))
			}
		}
		ADDQ(U32(wide*t.bytes), to)
		ADDQ(U32(wide*lanes*s.size), a)
	}
	load := func(at Mem, to reg.VecVirtual) { e.load(at, to) }
	store := func(from reg.VecVirtual, at Mem) { e.load(from, at) }
	Label("several")
	SUBQ(U32(t.strip*lanes), n)
	JL(LabelRef("fewer"))
	down("severalRows", t.strip, load, s.load(load, nil), store)
	JMP(LabelRef("several"))
	Label("fewer")
	ADDQ(U32(t.strip*lanes), n)
	Label("one")
	SUBQ(U32(lanes), n)
	JL(LabelRef("part"))
	down("oneRows", 1, load, s.load(load, nil), store)
	JMP(LabelRef("one"))
	Label("part")
	ADDQ(U32(lanes), n)
	JZ(LabelRef("done"))
	load, store, some := t.part(c, e, n)
	down("partRows", 1, load, s.load(load, some), store)
	Label("done")
	finish()
}
