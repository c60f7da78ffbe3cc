package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/formula"
)

// avx is AVX2 as formulas see it. A value is a register, a constant memory.
type avx struct {
	constants
	e element
}

var (
	_ formula.Singles = avx{}
	_ formula.Doubles = avx{}
)

func register(v formula.Value) reg.VecVirtual { return v.(reg.VecVirtual) }

func operand(v formula.Value) Op { return v.(Op) }

func (m avx) Fresh() formula.Value { return YMM() }

func (m avx) Number(v float64) formula.Value {
	if m.e.size == 4 {
		return m.float(v)
	}
	return m.double(v)
}

func (m avx) Bits(bits uint64) formula.Value {
	if m.e.size == 4 {
		return m.words(uint32(bits))
	}
	return m.quads(bits)
}

func (m avx) Zero() formula.Value { return m.e.zero() }

func (m avx) Sign() formula.Value { return m.sign(m.e) }

func (m avx) Magnitude() formula.Value { return m.magnitude(m.e) }

func (m avx) Set(dst, constant formula.Value) { m.e.load(operand(constant), operand(dst)) }

func (m avx) Move(dst, a formula.Value) { m.e.move(operand(a), operand(dst)) }

func (m avx) Do(op formula.Op, dst, a, b formula.Value) {
	m.e.operations()[op](operand(b), operand(a), operand(dst))
}

// operations are the instructions of formula's operations.
func (e element) operations() map[formula.Op]func(...Op) {
	ops := map[formula.Op]func(...Op){
		formula.Add: e.add, formula.Sub: e.sub, formula.Mul: e.mul, formula.Div: e.div, formula.Max: e.max, formula.Min: e.min,
		formula.And: e.and, formula.AndNot: e.andNot, formula.Or: e.or, formula.Xor: e.xor,
		formula.IntAnd: fixed(VPAND), formula.IntOr: fixed(VPOR), formula.IntAdd: VPADDQ, formula.IntSub: VPSUBQ,
	}
	if e.size == 4 {
		ops[formula.IntAdd], ops[formula.IntSub] = VPADDD, VPSUBD
	}
	return ops
}

func (m avx) MulAdd(p, x, k formula.Value) { m.e.fma213(operand(k), operand(x), operand(p)) }

func (m avx) AddMul(acc, a, b formula.Value) { m.e.fma(operand(b), operand(a), operand(acc)) }

func (m avx) SubMul(acc, a, b formula.Value) { m.e.fnma(operand(b), operand(a), operand(acc)) }

func (m avx) Root(dst, a formula.Value) { m.e.sqrt(operand(a), operand(dst)) }

func (m avx) Round(dst, a formula.Value, how formula.Rounding) {
	m.e.round(map[formula.Rounding]Op{formula.Nearest: Imm(8), formula.Down: Imm(9)}[how], operand(a), operand(dst))
}

var predicates = map[formula.Predicate]Imm8{
	formula.Less: lessThan, formula.Greater: greaterThan, formula.Equal: equal, formula.NotEqual: notEqual, formula.NotLess: notLessThan,
	formula.NotGreaterEqual: notGreaterEqual, formula.NotLessEqual: notLessEqual, formula.Unordered: unordered,
}

func (m avx) Compare(dst, a formula.Value, p formula.Predicate, b formula.Value) {
	m.e.compare(predicates[p], operand(b), operand(a), operand(dst))
}

func (m avx) Pick(dst, where, yes, no formula.Value) {
	m.e.blend(operand(where), operand(yes), operand(no), operand(dst))
}

// PickSigned is Pick, which looks at signs alone.
func (m avx) PickSigned(dst, where, yes, no formula.Value) { m.Pick(dst, where, yes, no) }

func (m avx) ShiftLeft(dst, a formula.Value, by int) {
	if m.e.size == 4 {
		VPSLLD(Imm(uint64(by)), operand(a), operand(dst))
	} else {
		VPSLLQ(Imm(uint64(by)), operand(a), operand(dst))
	}
}

func (m avx) ShiftRight(dst, a formula.Value, by int) {
	if m.e.size == 4 {
		VPSRLD(Imm(uint64(by)), operand(a), operand(dst))
	} else {
		VPSRLQ(Imm(uint64(by)), operand(a), operand(dst))
	}
}

func (m avx) ShiftSigned(dst, a formula.Value, by int) {
	if m.e.size != 4 {
		panic("asm: AVX2 has no shift of 64 bits that keeps the sign")
	}
	VPSRAD(Imm(uint64(by)), operand(a), operand(dst))
}

func (m avx) Truncate(dst, a formula.Value) { VCVTTPS2DQ(operand(a), operand(dst)) }

func (m avx) Float(dst, a formula.Value) { VCVTDQ2PS(operand(a), operand(dst)) }

func (m avx) Double() formula.Doubles { return avx{m.constants, double} }

func (m avx) Lower(a formula.Value) formula.Value { return register(a).AsX() }

func (m avx) Upper(a formula.Value) formula.Value {
	upper := XMM()
	VEXTRACTF128(Imm(1), register(a), upper)
	return upper
}

func (m avx) UpperInts(a formula.Value) formula.Value {
	upper := XMM()
	VEXTRACTI128(Imm(1), register(a), upper)
	return upper
}

func (m avx) Join(dst, low, high formula.Value) {
	VINSERTF128(Imm(1), register(high), register(low).AsY(), operand(dst))
}

func (m avx) JoinInts(dst, low, high formula.Value) {
	VINSERTI128(Imm(1), register(high), register(low).AsY(), operand(dst))
}

func (m avx) Widen(half formula.Value) formula.Value {
	r := YMM()
	VCVTPS2PD(operand(half), r)
	return r
}

func (m avx) WidenInts(half formula.Value) formula.Value {
	r := YMM()
	VCVTDQ2PD(operand(half), r)
	return r
}

func (m avx) Narrow(a formula.Value) formula.Value {
	r := XMM()
	VCVTPD2PSY(operand(a), r)
	return r
}

func (m avx) NarrowInts(a formula.Value) formula.Value {
	r := XMM()
	VCVTPD2DQY(operand(a), r)
	return r
}
