package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// key is a type of unsigned numbers that are put in order, sixteen or eight to a register.
type key struct {
	bits                             int
	load, min, max, permute, compare func(...Op)
}

func (k key) lanes() int { return 512 / k.bits }

func (k key) size() int { return k.bits / 8 }

var keys = []key{
	{bits: 32, load: VMOVDQU32, min: VPMINUD, max: VPMAXUD, permute: VPERMD, compare: VPCMPUD},
	{bits: 64, load: VMOVDQU64, min: VPMINUQ, max: VPMAXUQ, permute: VPERMQ, compare: VPCMPUQ},
}

// orders writes the kernels that put keys in order.
func orders() {
	for _, k := range keys {
		rows := k.indices()
		for registers := 1; registers <= 8; registers *= 2 {
			k.network(registers, rows)
		}
		k.divide(rows)
	}
	floatKeys()
}

// indices are registers' worth of memory: the lanes in order, in the opposite order, and so in halves.
func (k key) indices() map[string]Mem {
	m := make(map[string]Mem)
	for _, index := range []struct {
		name  string
		turns int // bits of a lane's number that are turned
	}{{"lanes", 0}, {"reversed", k.lanes() - 1}, {"halves", k.lanes()/2 - 1}} {
		at := GLOBL(fmt.Sprintf("%s%d", index.name, k.bits), RODATA|NOPTR)
		for i := range k.lanes() {
			if k.bits == 32 {
				DATA(4*i, U32(i^index.turns))
			} else {
				DATA(8*i, U64(i^index.turns))
			}
		}
		m[index.name] = at
	}
	return m
}

// network writes the kernel that orders as many keys as fill so many registers, or fewer, of which more than
// half are filled if there are several. Keys are compared across ever longer stretches, those of a
// stretch's first half with the mirrored ones of its second, then straight.
func (k key) network(registers int, rows map[string]Mem) {
	name := fmt.Sprintf("order%dx%dAVX512", k.lanes()*registers, k.bits)
	TEXT(name, NOSPLIT, fmt.Sprintf("func(dst, src *uint%d, n int)", k.bits))
	Pragma("noescape")
	Doc(fmt.Sprintf("%s puts up to %d keys, and more than half of that if they fill a register, in ascending order.", name, k.lanes()*registers))
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
	x := make([]reg.VecVirtual, registers)
	lefts := make([]reg.GPVirtual, registers)
	full := GP64()
	MOVQ(U32(1<<k.lanes()-1), full)
	none := GP64()
	XORQ(none, none)
	for r := range x {
		x[r] = ZMM()
		at := Mem{Base: src, Disp: 64 * r}
		if r < registers/2 {
			k.load(at, x[r])
			continue
		}
		left := GP64()
		LEAQ(Mem{Base: n, Disp: -k.lanes() * r}, left)
		TESTQ(left, left)
		CMOVQLT(none, left)
		BZHIQ(left, full, left)
		lefts[r] = left
		there := K()
		KMOVW(left.As32(), there)
		VPTERNLOGD(Imm(0xff), x[r], x[r], x[r]) // what is not there comes last
		k.load(at, there, x[r])
	}
	upper := make(map[int]reg.OpmaskVirtual) // lanes that have a bit set
	for bit := 1; bit < k.lanes(); bit *= 2 {
		word := 0
		for i := range k.lanes() {
			if i&bit != 0 {
				word |= 1 << i
			}
		}
		m, w := K(), GP32()
		MOVL(U32(word), w)
		KMOVW(w, m)
		upper[bit] = m
	}
	index := make(map[string]reg.VecVirtual)
	for _, name := range []string{"reversed", "halves"} {
		index[name] = ZMM()
		k.load(rows[name], index[name])
	}
	within := func(partner, bit int) { // in each register
		for r := range x {
			t := ZMM()
			k.exchanged(partner, x[r], t, index)
			low := ZMM()
			k.min(x[r], t, low)
			k.max(x[r], t, upper[bit], low)
			x[r] = low
		}
	}
	total := k.lanes() * registers
	for stretch := 2; stretch <= total; stretch *= 2 {
		if stretch <= k.lanes() {
			within(stretch-1, stretch/2)
		} else {
			k.mirrored(x, stretch/k.lanes(), index)
		}
		for apart := stretch / 4; apart > 0; apart /= 2 {
			if apart < k.lanes() {
				within(apart, apart)
				continue
			}
			for r := range x {
				if other := r ^ (apart / k.lanes()); other > r {
					x[r], x[other] = k.sorted(x[r], x[other])
				}
			}
		}
	}
	for r := range x {
		at := Mem{Base: dst, Disp: 64 * r}
		if r < registers/2 {
			k.load(x[r], at)
		} else {
			there := K()
			KMOVW(lefts[r].As32(), there)
			k.load(x[r], there, at)
		}
	}
	VZEROUPPER()
	RET()
}

// sorted is the smaller of each two keys, and the larger.
func (k key) sorted(a, b reg.VecVirtual) (low, high reg.VecVirtual) {
	low, high = ZMM(), ZMM()
	k.min(a, b, low)
	k.max(a, b, high)
	return low, high
}

// mirrored compares the registers of each stretch of so many with their counterparts from its end.
func (k key) mirrored(x []reg.VecVirtual, registers int, index map[string]reg.VecVirtual) {
	for r := range x {
		other := r ^ (registers - 1)
		if other < r {
			continue
		}
		turned, high := ZMM(), ZMM()
		k.permute(x[other], index["reversed"], turned)
		low, above := k.sorted(x[r], turned)
		k.permute(above, index["reversed"], high)
		x[r], x[other] = low, high
	}
}

// exchanged moves lane i of a register to lane i^partner.
func (k key) exchanged(partner int, x, to reg.VecVirtual, index map[string]reg.VecVirtual) {
	half := k.lanes() / 2
	if k.bits == 64 { // pairs of lanes of 32 bits
		switch partner {
		case 1:
			VPSHUFD(Imm(0x4e), x, to)
			return
		case 3:
			VPERMQ(Imm(0x1b), x, to)
			return
		}
	} else if partner < 4 {
		VPSHUFD(Imm(map[int]uint64{1: 0xb1, 2: 0x4e, 3: 0x1b}[partner]), x, to)
		return
	}
	switch partner {
	case half / 2:
		VSHUFI64X2(Imm(0xb1), x, x, to)
	case half:
		VSHUFI64X2(Imm(0x4e), x, x, to)
	case half - 1:
		k.permute(x, index["halves"], to)
	case 2*half - 1:
		k.permute(x, index["reversed"], to)
	default:
		panic(fmt.Sprint("asm: no exchange of lanes by ", partner))
	}
}

// divide writes the kernel that copies the keys below a pivot to the beginning of dst and the others to its
// end. It stops where what is left would not fill two registers, since it writes whole ones.
func (k key) divide(rows map[string]Mem) {
	name := fmt.Sprintf("divide%dAVX512", k.bits)
	TEXT(name, NOSPLIT, fmt.Sprintf("func(dst, src *uint%d, n int, pivot uint%d) (done, below int)", k.bits, k.bits))
	Pragma("noescape")
	Doc(name + " copies keys below the pivot to the beginning of dst, others to the end of its n keys. It gives how many it did, and how many are below.")
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
	p := GP64()
	if k.bits == 32 {
		Load(Param("pivot"), p.As32())
	} else {
		Load(Param("pivot"), p)
	}
	pivot, lanes, done, below := ZMM(), ZMM(), GP64(), GP64()
	if k.bits == 32 {
		VPBROADCASTD(p.As32(), pivot)
	} else {
		VPBROADCASTQ(p, pivot)
	}
	k.load(rows["lanes"], lanes)
	XORQ(done, done)
	XORQ(below, below)
	end, left := GP64(), GP64()
	shift := uint64(log2(k.size()))
	MOVQ(n, end)
	SHLQ(Imm(shift), end)
	ADDQ(dst, end)
	MOVQ(n, left)
	Label("next")
	CMPQ(left, Imm(uint64(2*k.lanes())))
	JL(LabelRef("stop"))
	x, low, high := ZMM(), ZMM(), ZMM()
	less, others := K(), K()
	k.load(Mem{Base: src}, x)
	k.compare(Imm(1), pivot, x, less)
	KNOTW(less, others)
	k.compressed(x, less, low)
	k.compressed(x, others, high)
	count, rest := GP32(), GP32()
	KMOVW(less, count)
	POPCNTL(count, count)
	MOVL(U32(k.lanes()), rest)
	SUBL(count, rest)
	// The others end where those before them begin.
	turn := ZMM()
	if k.bits == 32 {
		VPBROADCASTD(rest, turn)
		VPADDD(lanes, turn, turn)
	} else {
		VPBROADCASTQ(rest.As64(), turn)
		VPADDQ(lanes, turn, turn)
	}
	k.permute(high, turn, high)
	k.load(low, Mem{Base: dst})
	k.load(high, Mem{Base: end, Disp: -64})
	LEAQ(Mem{Base: dst, Index: count.As64(), Scale: uint8(k.size())}, dst)
	ADDQ(count.As64(), below)
	SHLQ(Imm(shift), rest.As64())
	SUBQ(rest.As64(), end)
	ADDQ(Imm(64), src)
	ADDQ(Imm(uint64(k.lanes())), done)
	SUBQ(Imm(uint64(k.lanes())), left)
	JMP(LabelRef("next"))
	Label("stop")
	Store(done, Return("done"))
	Store(below, Return("below"))
	VZEROUPPER()
	RET()
}

func (k key) compressed(x reg.VecVirtual, which reg.OpmaskVirtual, to reg.VecVirtual) {
	if k.bits == 32 {
		VPCOMPRESSD_Z(x, which, to)
	} else {
		VPCOMPRESSQ_Z(x, which, to)
	}
}

// floatKeys writes what makes keys of floats, which order as these do, -0 before 0 and NaN last, and the way
// back.
func floatKeys() {
	words := func(bits uint32) reg.VecVirtual {
		w, r := GP32(), ZMM()
		MOVL(U32(bits), w)
		VPBROADCASTD(w, r)
		return r
	}
	for _, back := range []bool{false, true} {
		name, signature, does := "keysAVX512", "func(dst *uint32, src *float32, n int)", "makes keys of floats"
		if back {
			name, signature, does = "valuesAVX512", "func(dst *float32, src *uint32, n int)", "makes floats of keys"
		}
		TEXT(name, NOSPLIT, signature)
		Pragma("noescape")
		Doc(name + " " + does + ".")
		dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
		sign, ones := words(1<<31), ZMM()
		VPTERNLOGD(Imm(0xff), ones, ones, ones)
		step := func(x reg.VecVirtual) reg.VecVirtual {
			turn, to := ZMM(), ZMM()
			if back {
				VPANDND(ones, x, turn)
				VPSRAD(Imm(31), turn, turn)
			} else {
				VPSRAD(Imm(31), x, turn)
			}
			VPORD(sign, turn, turn)
			VPXORD(x, turn, to)
			if !back {
				odd := K()
				VCMPPS(unordered, x, x, odd)
				VMOVDQA32(ones, odd, to)
			}
			return to
		}
		Label("next")
		CMPQ(n, Imm(16))
		JL(LabelRef("part"))
		x := ZMM()
		VMOVDQU32(Mem{Base: src}, x)
		VMOVDQU32(step(x), Mem{Base: dst})
		ADDQ(Imm(64), src)
		ADDQ(Imm(64), dst)
		SUBQ(Imm(16), n)
		JMP(LabelRef("next"))
		Label("part")
		TESTQ(n, n)
		JZ(LabelRef("done"))
		full, mask := GP64(), K()
		MOVQ(U32(0xffff), full)
		BZHIQ(n, full, full)
		KMOVW(full.As32(), mask)
		VMOVDQU32_Z(Mem{Base: src}, mask, x)
		VMOVDQU32(step(x), mask, Mem{Base: dst})
		Label("done")
		VZEROUPPER()
		RET()
	}
}
