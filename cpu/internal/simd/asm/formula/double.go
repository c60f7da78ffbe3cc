package formula

import "math"

// Functions of float32 that are worked out in float64 and rounded once: that spares
// tables and corrections, and leaves the result off by hardly more than the rounding.
type double = Code[Doubles]

// Doubly are the functions that are computed in float64.
func Doubly() []Function {
	a, ab := []string{"a"}, []string{"a", "b"}
	return []Function{
		{Name: "log2", Does: "takes the logarithm to the base 2", Operands: a, Double: log2},
		{Name: "log10", Does: "takes the logarithm to the base 10", Operands: a, Double: log10},
		{Name: "log1p", Does: "takes log(1+x)", Operands: a, Double: log1p},
		{Name: "expm1", Does: "takes exp(x)-1", Operands: a, Double: expm1},
		{Name: "sinh", Does: "takes the hyperbolic sine", Operands: a, Double: sinh},
		{Name: "cosh", Does: "takes the hyperbolic cosine", Operands: a, Double: cosh},
		{Name: "asinh", Does: "takes the inverse of the hyperbolic sine", Operands: a, Double: asinh},
		{Name: "acosh", Does: "takes the inverse of the hyperbolic cosine", Operands: a, Double: acosh},
		{Name: "atanh", Does: "takes the inverse of the hyperbolic tangent", Operands: a, Double: atanh},
		{Name: "atan", Does: "takes the inverse of the tangent", Operands: a, Double: atan},
		{Name: "asin", Does: "takes the inverse of the sine", Operands: a, Double: asin},
		{Name: "acos", Does: "takes the inverse of the cosine", Operands: a, Double: acos},
		{Name: "tan", Does: "takes the tangent" + upToLarge, Operands: a, Double: tan, Limit: 1 << 28},
		{Name: "atan2", Does: "takes the angle of the points (b, a)", Operands: ab, Double: atan2},
		{Name: "pow", Does: "raises a to the power b", Operands: ab, Double: pow},
		{Name: "logAddExp", Does: "takes log(exp(a)+exp(b))", Operands: ab, Double: logAddExp},
	}
}

// bounded keeps numbers within what float32 tells from its limits; NaN passes.
func bounded(c double, x Value) Value {
	t := c.fresh(Max, c.load(-200), x)
	return c.fresh(Min, c.load(200), t)
}

// exponential gives exp(x) as (1+p) * scale, a power of two.
func exponential(c double, x Value) (p, scale Value) {
	n := c.mul(x, c.num(math.Log2E))
	c.M.Round(n, n, Nearest)
	r := c.copy(x)
	c.M.SubMul(r, n, c.num(math.Ln2))
	p = c.polynomial(r, expm1Double)
	square := c.mul(r, r)
	c.M.MulAdd(p, square, r)
	// The sum with 2^52 has n+1023 in its lowest bits, which become the exponent.
	scale = c.add(n, c.num(1<<52+1023))
	c.M.ShiftLeft(scale, scale, 52)
	return p, scale
}

func expOf(c double, x Value) Value {
	p, scale := exponential(c, x)
	c.M.MulAdd(p, scale, scale)
	return p
}

// expLessOne loses the sign of 0.
func expLessOne(c double, x Value) Value {
	p, scale := exponential(c, x)
	less := c.add(scale, c.num(-1))
	c.M.MulAdd(p, scale, less)
	return p
}

// logCore is the logarithm of positive numbers that are finite.
func logCore(c double, y Value) Value {
	const root = 0x3fe6a09e667f3bcd // the bits of sqrt(1/2)
	t := c.fresh(IntAdd, y, c.bits(1023<<52-root))
	e := c.M.Fresh()
	c.M.ShiftRight(e, t, 52)
	c.to(IntOr, e, c.bits(0x433<<52)) // 2^52 plus the exponent plus 1023
	c.to(Add, e, c.num(-(1<<52 + 1023)))
	c.to(IntAnd, t, c.bits(1<<52-1))
	c.to(IntAdd, t, c.bits(root))
	f := c.add(t, c.num(-1))
	s := c.div(f, c.add(t, c.num(1)))
	z := c.mul(s, s)
	p := c.polynomial(z, logDouble)
	c.M.MulAdd(p, z, c.num(2))
	c.to(Mul, p, s)
	c.M.AddMul(p, e, c.num(math.Ln2))
	return p
}

// logEnds puts right what logCore makes of numbers that are not positive and finite.
func logEnds(c double, y, r Value) {
	c.put(c.when(y, NotLess, c.num(math.Inf(1))), y, r)
	zero := c.M.Zero()
	c.put(c.when(y, Less, zero), c.load(math.NaN()), r)
	c.put(c.when(y, Equal, zero), c.load(math.Inf(-1)), r)
}

func logOf(c double, y Value) Value {
	r := logCore(c, y)
	logEnds(c, y, r)
	return r
}

// logOnePlus adds what the rounding of 1+f lost, and keeps 0.
func logOnePlus(c double, f Value) Value {
	u := c.add(f, c.num(1))
	r := logCore(c, u)
	lost := c.sub(f, c.add(u, c.num(-1)))
	c.to(Div, lost, u)
	c.to(Add, r, lost)
	logEnds(c, u, r)
	c.put(c.when(f, Equal, c.M.Zero()), f, r)
	return r
}

// angle is that of the point (x, y), neither negative: a quotient within tan(pi/8)
// and the multiple of pi/4 that it is counted from.
func angle(c double, y, x Value) Value {
	num, den, off := c.copy(y), c.copy(x), c.M.Zero()
	above := c.when(y, NotLessEqual, c.mul(x, c.num(math.Sqrt2-1)))
	c.put(above, c.sub(y, x), num)
	c.put(above, c.add(y, x), den)
	c.put(above, c.load(math.Pi/4), off)
	above = c.when(y, Greater, c.mul(x, c.num(math.Sqrt2+1)))
	minus := c.fresh(Xor, x, c.M.Sign())
	c.put(above, minus, num)
	c.put(above, y, den)
	c.put(above, c.load(piHalf), off)
	q := c.div(num, den)
	z := c.mul(q, q)
	p := c.polynomial(z, atanDouble)
	c.to(Mul, p, z)
	c.M.MulAdd(p, q, q)
	c.to(Add, p, off)
	return p
}

// The functions.

func log2(c double, in []Value) Value { return c.mul(logOf(c, in[0]), c.num(math.Log2E)) }

func log10(c double, in []Value) Value { return c.mul(logOf(c, in[0]), c.num(math.Log10E)) }

func log1p(c double, in []Value) Value { return logOnePlus(c, in[0]) }

func expm1(c double, in []Value) Value {
	r := expLessOne(c, bounded(c, in[0]))
	c.put(c.when(in[0], Equal, c.M.Zero()), in[0], r)
	return r
}

// sinh is (u+u/(1+u))/2 of u = exp(|x|)-1.
func sinh(c double, in []Value) Value {
	u := expLessOne(c, bounded(c, c.abs(in[0])))
	r := c.div(u, c.add(u, c.num(1)))
	c.to(Add, r, u)
	c.to(Mul, r, c.num(0.5))
	c.signed(r, in[0])
	return r
}

func cosh(c double, in []Value) Value {
	e := expOf(c, bounded(c, c.abs(in[0])))
	r := c.div(c.load(1), e)
	c.to(Add, r, e)
	c.to(Mul, r, c.num(0.5))
	return r
}

// asinh is log1p(x+x^2/(1+sqrt(1+x^2))).
func asinh(c double, in []Value) Value {
	size := c.abs(in[0])
	square := c.mul(size, size)
	den := c.root(c.add(square, c.num(1)))
	c.to(Add, den, c.num(1))
	f := c.div(square, den)
	c.to(Add, f, size)
	r := logOnePlus(c, f)
	c.put(c.when(size, Equal, c.num(math.Inf(1))), size, r)
	c.signed(r, in[0])
	return r
}

// acosh is log1p(t+sqrt(2t+t^2)) of t = x-1.
func acosh(c double, in []Value) Value {
	t := c.add(in[0], c.num(-1))
	f := c.root(c.mul(t, c.add(t, c.num(2))))
	c.to(Add, f, t)
	r := logOnePlus(c, f)
	c.put(c.when(in[0], Less, c.num(1)), c.load(math.NaN()), r)
	return r
}

// atanh is log1p(2x/(1-x))/2.
func atanh(c double, in []Value) Value {
	size := c.abs(in[0])
	f := c.div(c.add(size, size), c.sub(c.load(1), size))
	r := logOnePlus(c, f)
	c.to(Mul, r, c.num(0.5))
	c.put(c.when(size, Greater, c.num(1)), c.load(math.NaN()), r)
	c.signed(r, in[0])
	return r
}

func atan(c double, in []Value) Value {
	r := angle(c, c.abs(in[0]), c.load(1))
	c.signed(r, in[0])
	return r
}

// asin is the angle of (sqrt((1-x)(1+x)), x).
func asin(c double, in []Value) Value {
	size, one := c.abs(in[0]), c.load(1)
	r := angle(c, size, c.root(c.mul(c.sub(one, size), c.add(one, size))))
	c.signed(r, in[0])
	return r
}

// acos is twice the angle of (sqrt(1+x), sqrt(1-x)).
func acos(c double, in []Value) Value {
	one := c.load(1)
	r := angle(c, c.root(c.sub(one, in[0])), c.root(c.add(one, in[0])))
	c.to(Add, r, r)
	return r
}

// tan takes multiples of pi/2 away. In odd quarters it is -1/tan.
func tan(c double, in []Value) Value {
	r := c.abs(in[0])
	k := c.mul(r, c.num(2/math.Pi))
	c.quarterTurns(r, k)
	z := c.mul(r, r)
	s := c.polynomial(z, sinDouble)
	c.to(Mul, s, z)
	c.M.MulAdd(s, r, r)
	w := c.polynomial(z, cosDouble)
	c.M.MulAdd(w, z, c.num(1))
	c.to(Add, k, c.num(1<<52))
	c.M.ShiftLeft(k, k, 63) // the lowest bit to the sign's place
	num, den := c.copy(s), c.copy(w)
	c.M.PickSigned(num, k, c.fresh(Xor, w, c.M.Sign()), num)
	c.M.PickSigned(den, k, s, den)
	q := c.div(num, den)
	c.turned(q, in[0])
	return q
}

// atan2 is the angle of (in[1], in[0]).
func atan2(c double, in []Value) Value {
	y, x := c.abs(in[0]), c.abs(in[1])
	r := angle(c, y, x)
	c.put(c.when(y, Equal, x), c.load(math.Pi/4), r) // infinities among them
	c.put(c.when(y, Equal, c.M.Zero()), c.M.Zero(), r)
	c.M.PickSigned(r, in[1], c.sub(c.load(math.Pi), r), r)
	c.signed(r, in[0])
	c.put(c.when(in[0], Unordered, in[1]), c.add(in[0], in[1]), r)
	return r
}

// pow is exp(b log|a|), and what C says of the ends.
func pow(c double, in []Value) Value {
	a, b := in[0], in[1]
	size := c.abs(a)
	r := expOf(c, bounded(c, c.mul(logOf(c, size), b)))
	one := c.load(1)
	unit := c.when(size, Equal, one)
	c.to(And, unit, c.when(b, Equal, b))
	c.put(unit, one, r)
	whole, half := c.M.Fresh(), c.mul(b, c.num(0.5))
	c.M.Round(whole, b, Down)
	c.M.Round(half, half, Down)
	c.to(Add, half, half)
	odd := c.when(half, NotEqual, b)
	broken := c.when(whole, NotEqual, b)
	c.into(AndNot, broken, odd) // odd and whole
	c.to(And, odd, a)
	sign := c.and(odd, c.M.Sign())
	c.to(Xor, r, sign)
	c.to(And, broken, c.when(a, Less, c.M.Zero()))
	c.to(And, broken, c.when(a, Greater, c.num(math.Inf(-1))))
	c.put(broken, c.load(math.NaN()), r)
	c.put(c.when(b, Equal, c.M.Zero()), one, r)
	c.put(c.when(a, Equal, one), one, r)
	return r
}

// logAddExp is the larger plus log1p(exp(-|a-b|)).
func logAddExp(c double, in []Value) Value {
	a, b := in[0], in[1]
	top := c.fresh(Max, a, b)
	r := logOnePlus(c, expOf(c, bounded(c, c.sub(c.fresh(Min, a, b), top))))
	c.to(Add, r, top)
	c.put(c.when(c.abs(top), Equal, c.num(math.Inf(1))), top, r)
	c.put(c.when(a, Unordered, b), c.add(a, b), r)
	return r
}
