package main

import (
	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/a64"
	"github.com/mlxstar/mlxstar/cpu/internal/simd/asm/formula"
)

// element is a float type.
type element struct {
	name   string // the suffix of a kernel's name
	goType string
	size   int
	lanes  a64.Arrangement
}

var (
	single   = element{"32", "float32", 4, a64.S4}
	double   = element{"64", "float64", 8, a64.D2}
	elements = []element{single, double}
)

// vectorBytes is the width of a register.
const vectorBytes = 16

// count is the number of elements of a register.
func (e element) count() int { return vectorBytes / e.size }

// group is the number of registers that a formula works on at a time: they share
// the constants, and hide each other's latency.
const group = 2

// machine is NEON as formulas see it.
type machine struct {
	*a64.Func
	file  *a64.File
	table a64.R // the address of the constants
	element
}

var (
	_ formula.Singles = machine{}
	_ formula.Doubles = machine{}
)

// value is a group of registers, or one that stands for as many that are the same.
// All instructions but those that add to their destination write new registers.
type value struct {
	registers []a64.V
	constant  bool
}

// take gives the registers of a constant, which is then used up.
func (v *value) take() []a64.V {
	r := v.registers
	v.registers = nil
	return r
}

func (v *value) at(i int) a64.V {
	if len(v.registers) == 1 {
		return v.registers[0]
	}
	return v.registers[i]
}

func of(v formula.Value) *value { return v.(*value) }

func (m machine) Fresh() formula.Value { return &value{} }

// each writes an instruction for each register of a group.
func (m machine) each(dst formula.Value, f func(i int, d a64.V)) {
	registers := make([]a64.V, group)
	for i := range registers {
		registers[i] = m.V()
		f(i, registers[i])
	}
	of(dst).registers = registers
}

// own makes registers of a value that may be changed, those of a constant too.
func (m machine) own(v formula.Value) *value {
	x := of(v)
	if len(x.registers) == 1 {
		c := m.V()
		m.Copy16(c, x.registers[0])
		x.registers = []a64.V{c, x.registers[0]}
	}
	return x
}

func (m machine) constant(c a64.Constant) formula.Value {
	v := m.V()
	m.LoadConstant(v, m.table, c)
	return &value{[]a64.V{v}, true}
}

func (m machine) Number(v float64) formula.Value { return m.constant(m.file.Number(v, m.size)) }

func (m machine) Bits(bits uint64) formula.Value { return m.constant(m.file.Repeated(bits, m.size)) }

func (m machine) Sign() formula.Value { return m.Bits(1 << (8*m.size - 1)) }

func (m machine) Magnitude() formula.Value { return m.Bits(1<<(8*m.size-1) - 1) }

func (m machine) Zero() formula.Value {
	v := m.V()
	m.Func.Zero(v)
	return &value{registers: []a64.V{v}}
}

func (m machine) Set(dst, constant formula.Value) { of(dst).registers = of(constant).take() }

func (m machine) Move(dst, a formula.Value) {
	x := of(a)
	m.each(dst, func(i int, d a64.V) { m.Copy16(d, x.at(i)) })
}

// operations are the instructions of formula's operations.
var operations = map[formula.Op]string{
	formula.Add: "fadd", formula.Sub: "fsub", formula.Mul: "fmul", formula.Div: "fdiv", formula.Max: "fmax", formula.Min: "fmin",
	formula.And: "and", formula.Or: "orr", formula.Xor: "eor",
	formula.IntAdd: "add", formula.IntSub: "sub", formula.IntAnd: "and", formula.IntOr: "orr",
}

// arrangement is how the instruction divides registers: those of bits are for bytes.
func (m machine) arrangement(instruction string) a64.Arrangement {
	switch instruction {
	case "and", "orr", "eor", "bic", "bsl", "bit", "bif":
		return a64.B16
	}
	return m.lanes
}

func (m machine) Do(op formula.Op, dst, a, b formula.Value) {
	x, y := *of(a), *of(b)
	name := operations[op]
	if op == formula.AndNot {
		name, x, y = "bic", y, x
	}
	m.each(dst, func(i int, d a64.V) { m.Three(name, m.arrangement(name), d, x.at(i), y.at(i)) })
}

// MulAdd adds to k, which the instruction overwrites, and gives its registers to p.
func (m machine) MulAdd(p, x, k formula.Value) {
	a, b, sum := *of(p), *of(x), &value{}
	if of(k).constant {
		sum.registers = of(k).take()
		m.own(sum)
	} else {
		m.Move(sum, k)
	}
	for i := range group {
		m.Three("fmla", m.lanes, sum.at(i), b.at(i), a.at(i))
	}
	of(p).registers = sum.registers
}

func (m machine) accumulate(name string, acc, a, b formula.Value) {
	x, y := *of(a), *of(b)
	sum := m.own(acc)
	for i := range group {
		m.Three(name, m.lanes, sum.at(i), x.at(i), y.at(i))
	}
}

func (m machine) AddMul(acc, a, b formula.Value) { m.accumulate("fmla", acc, a, b) }

func (m machine) SubMul(acc, a, b formula.Value) { m.accumulate("fmls", acc, a, b) }

func (m machine) two(name string, dst, a formula.Value) {
	x := *of(a)
	m.each(dst, func(i int, d a64.V) { m.Two(name, m.lanes, d, x.at(i)) })
}

func (m machine) Root(dst, a formula.Value) { m.two("fsqrt", dst, a) }

func (m machine) Round(dst, a formula.Value, how formula.Rounding) {
	m.two(map[formula.Rounding]string{formula.Nearest: "frintn", formula.Down: "frintm"}[how], dst, a)
}

func (m machine) Truncate(dst, a formula.Value) { m.two("fcvtzs", dst, a) }

func (m machine) Float(dst, a formula.Value) { m.two("scvtf", dst, a) }

// comparisons are the instructions of predicates: some compare the other way round,
// some are of the opposite.
var comparisons = map[formula.Predicate]struct {
	name              string
	swapped, opposite bool
}{
	formula.Less: {"fcmgt", true, false}, formula.Greater: {"fcmgt", false, false}, formula.Equal: {"fcmeq", false, false},
	formula.NotEqual: {"fcmeq", false, true}, formula.NotLess: {"fcmgt", true, true}, formula.NotGreaterEqual: {"fcmge", false, true},
	formula.NotLessEqual: {"fcmge", true, true},
}

func (m machine) Compare(dst, a formula.Value, p formula.Predicate, b formula.Value) {
	x, y := *of(a), *of(b)
	if p == formula.Unordered {
		var other value
		m.Compare(dst, &x, formula.NotEqual, &x)
		m.Compare(&other, &y, formula.NotEqual, &y)
		m.Do(formula.Or, dst, dst, &other)
		return
	}
	c := comparisons[p]
	if c.swapped {
		x, y = y, x
	}
	m.each(dst, func(i int, d a64.V) {
		m.Three(c.name, m.lanes, d, x.at(i), y.at(i))
		if c.opposite {
			m.Two("mvn", a64.B16, d, d)
		}
	})
}

// Pick overwrites whichever operand the destination is, or a copy of the mask.
func (m machine) Pick(dst, where, yes, no formula.Value) {
	w, y, n := *of(where), *of(yes), *of(no)
	var name string
	var a, b value
	switch dst {
	case no:
		name, a, b = "bit", y, w
		m.own(dst)
	case yes:
		name, a, b = "bif", n, w
		m.own(dst)
	default:
		name, a, b = "bsl", y, n
		m.Move(dst, &w)
	}
	for i := range group {
		m.Three(name, a64.B16, of(dst).at(i), a.at(i), b.at(i))
	}
}

func (m machine) PickSigned(dst, where, yes, no formula.Value) {
	x := *of(where)
	var mask value
	m.each(&mask, func(i int, d a64.V) { m.Negative(m.lanes, d, x.at(i)) })
	m.Pick(dst, &mask, yes, no)
}

func (m machine) shift(name string, dst, a formula.Value, by int) {
	x := *of(a)
	m.each(dst, func(i int, d a64.V) { m.Shift(name, m.lanes, d, x.at(i), by) })
}

func (m machine) ShiftLeft(dst, a formula.Value, by int) { m.shift("shl", dst, a, by) }

func (m machine) ShiftRight(dst, a formula.Value, by int) { m.shift("ushr", dst, a, by) }

func (m machine) ShiftSigned(dst, a formula.Value, by int) { m.shift("sshr", dst, a, by) }

func (m machine) Double() formula.Doubles {
	m.element = double
	return m
}

func (m machine) Lower(a formula.Value) formula.Value { return &value{registers: []a64.V{of(a).at(0)}} }

func (m machine) Upper(a formula.Value) formula.Value { return &value{registers: []a64.V{of(a).at(1)}} }

// UpperInts is Upper: registers do not know what they hold.
func (m machine) UpperInts(a formula.Value) formula.Value { return m.Upper(a) }

func (m machine) Join(dst, low, high formula.Value) {
	of(dst).registers = []a64.V{of(low).at(0), of(high).at(0)}
}

// JoinInts is Join.
func (m machine) JoinInts(dst, low, high formula.Value) { m.Join(dst, low, high) }

func (m machine) Widen(half formula.Value) formula.Value {
	r, x := &value{}, of(half).at(0)
	m.each(r, func(i int, d a64.V) { m.Convert("fcvtl", a64.S4, d, x, i == 1) })
	return r
}

func (m machine) WidenInts(half formula.Value) formula.Value {
	r, x := &value{}, of(half).at(0)
	m.each(r, func(i int, d a64.V) {
		m.Convert("sshll", a64.S4, d, x, i == 1)
		m.Two("scvtf", a64.D2, d, d)
	})
	return r
}

func (m machine) narrow(name string, a *value) formula.Value {
	r := m.V()
	m.Convert(name, a64.S4, r, a.at(0), false)
	m.Convert(name, a64.S4, r, a.at(1), true)
	return &value{registers: []a64.V{r}}
}

func (m machine) Narrow(a formula.Value) formula.Value { return m.narrow("fcvtn", of(a)) }

// NarrowInts is for numbers that are whole already.
func (m machine) NarrowInts(a formula.Value) formula.Value {
	whole := &value{}
	m.two("fcvtzs", whole, a)
	return m.narrow("xtn", whole)
}
