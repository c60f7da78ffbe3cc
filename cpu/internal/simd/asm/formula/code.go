// Package formula says how the transcendental functions are computed, in terms of
// what vector units of all processors do. The commands that write assembly give it a
// [Machine] and print what it asks for, so that each formula is written once.
package formula

// Value is what a machine keeps in a register's lanes, or in those of several
// registers that take each step together. Only the machine that made it looks
// inside.
type Value any

// Op is an operation on two values, lane by lane.
type Op int

// The operations. Max and Min give b where either operand is NaN, or NaN where b is:
// a bound must come first. AndNot takes the bits of b that a lacks.
const (
	Add Op = iota
	Sub
	Mul
	Div
	Max
	Min
	And
	AndNot
	Or
	Xor
	IntAdd
	IntSub
	IntAnd
	IntOr
)

// Predicate compares two values. Those with NaN are false but for Unordered and what
// begins with Not.
type Predicate int

// The predicates.
const (
	Less Predicate = iota
	Greater
	Equal
	NotEqual
	NotLess
	NotGreaterEqual
	NotLessEqual
	Unordered
)

// Rounding is a way to make numbers whole.
type Rounding int

// The roundings: to the nearest, ties to even, and down.
const (
	Nearest Rounding = iota
	Down
)

// Machine writes instructions for lanes of one size, that of float32 or float64.
// What is written to first may be an operand too.
type Machine interface {
	// Fresh makes a value that nothing was written to.
	Fresh() Value
	// Number and Bits are operands that repeat a constant. They are not written to,
	// only the last operand of an instruction may be one, and each serves one
	// instruction.
	Number(v float64) Value
	Bits(bits uint64) Value
	// Zero makes a value of zeros.
	Zero() Value
	// Set makes dst a constant, Move a copy of a value.
	Set(dst, constant Value)
	Move(dst, a Value)

	// Do writes dst = a op b.
	Do(op Op, dst, a, b Value)
	// MulAdd writes p = p*x + k, AddMul acc += a*b, SubMul acc -= a*b; each rounds
	// once. Any of their last operands may be constant.
	MulAdd(p, x, k Value)
	AddMul(acc, a, b Value)
	SubMul(acc, a, b Value)
	Root(dst, a Value)
	Round(dst, a Value, how Rounding)
	// Compare selects the lanes that compare so, Pick takes yes where they are
	// selected, PickSigned where the sign bit is set.
	Compare(dst, a Value, p Predicate, b Value)
	Pick(dst, where, yes, no Value)
	PickSigned(dst, where, yes, no Value)
	// ShiftLeft and its like shift each lane; ShiftRight brings zeros, ShiftSigned
	// the sign.
	ShiftLeft(dst, a Value, by int)
	ShiftRight(dst, a Value, by int)
	ShiftSigned(dst, a Value, by int)
	// Sign and Magnitude are constants: the sign bit, and all others.
	Sign() Value
	Magnitude() Value
}

// Singles is a machine for float32.
type Singles interface {
	Machine
	// Truncate makes whole numbers of 32 bits of floats, Float floats of them.
	Truncate(dst, a Value)
	Float(dst, a Value)
	// Double is the machine for the halves of values in float64.
	Double() Doubles
	// Lower and Upper are the halves of a value; UpperInts of one that holds whole
	// numbers. Join and JoinInts put halves together.
	Lower(a Value) Value
	Upper(a Value) Value
	UpperInts(a Value) Value
	Join(dst, low, high Value)
	JoinInts(dst, low, high Value)
}

// Doubles is a machine for float64.
type Doubles interface {
	Machine
	// Widen makes float64 of half a value of float32, WidenInts of whole numbers of
	// 32 bits.
	Widen(half Value) Value
	WidenInts(half Value) Value
	// Narrow and NarrowInts go back; the latter rounds.
	Narrow(a Value) Value
	NarrowInts(a Value) Value
}

// Body computes a function of some operands.
type Body[M Machine] func(c Code[M], in []Value) Value

// Code is a machine with the shorter ways to say what formulas are made of.
type Code[M Machine] struct{ M M }

func (c Code[M]) num(v float64) Value { return c.M.Number(v) }
func (c Code[M]) bits(b uint64) Value { return c.M.Bits(b) }

func (c Code[M]) fresh(op Op, a, b Value) Value {
	r := c.M.Fresh()
	c.M.Do(op, r, a, b)
	return r
}

func (c Code[M]) add(a, b Value) Value { return c.fresh(Add, a, b) }
func (c Code[M]) sub(a, b Value) Value { return c.fresh(Sub, a, b) }
func (c Code[M]) mul(a, b Value) Value { return c.fresh(Mul, a, b) }
func (c Code[M]) div(a, b Value) Value { return c.fresh(Div, a, b) }
func (c Code[M]) and(a, b Value) Value { return c.fresh(And, a, b) }

// to writes r = r op b.
func (c Code[M]) to(op Op, r, b Value) { c.M.Do(op, r, r, b) }

// into writes r = a op r.
func (c Code[M]) into(op Op, a, r Value) { c.M.Do(op, r, a, r) }

func (c Code[M]) load(v float64) Value { return c.set(c.num(v)) }

func (c Code[M]) set(constant Value) Value {
	r := c.M.Fresh()
	c.M.Set(r, constant)
	return r
}

func (c Code[M]) copy(a Value) Value {
	r := c.M.Fresh()
	c.M.Move(r, a)
	return r
}

func (c Code[M]) root(a Value) Value {
	r := c.M.Fresh()
	c.M.Root(r, a)
	return r
}

func (c Code[M]) abs(a Value) Value { return c.and(a, c.M.Magnitude()) }

// when selects the lanes that compare so.
func (c Code[M]) when(a Value, p Predicate, b Value) Value {
	r := c.M.Fresh()
	c.M.Compare(r, a, p, b)
	return r
}

// put replaces the selected lanes.
func (c Code[M]) put(where, by, r Value) { c.M.Pick(r, where, by, r) }

// signed gives numbers without sign that of x.
func (c Code[M]) signed(r, x Value) {
	sign := c.and(x, c.M.Sign())
	c.to(Or, r, sign)
}

// turned changes the sign of r where x has one.
func (c Code[M]) turned(r, x Value) {
	sign := c.and(x, c.M.Sign())
	c.to(Xor, r, sign)
}

// polynomial evaluates by Horner's rule.
func (c Code[M]) polynomial(x Value, coefficients []float64) Value {
	p := c.load(coefficients[0])
	for _, k := range coefficients[1:] {
		c.M.MulAdd(p, x, c.num(k))
	}
	return p
}

// quarterTurns takes whole multiples k of pi/2 from r.
func (c Code[M]) quarterTurns(r, k Value) {
	c.M.Round(k, k, Nearest)
	c.M.SubMul(r, k, c.num(piHalf))
	c.M.SubMul(r, k, c.num(piHalfRest))
}
