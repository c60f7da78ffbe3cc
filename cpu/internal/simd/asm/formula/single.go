package formula

import "math"

type single = Code[Singles]

// Function is a function of numbers of float32.
type Function struct {
	Name, Does string
	Operands   []string
	// Limit, if not 0, is the magnitude up to which the formula holds.
	Limit float64
	// Single computes in float32; where it is nil, Double does in float64, by halves.
	Single Body[Singles]
	Double Body[Doubles]
}

const upToLarge = " up to the first eight elements of which one is too large, and gives the number done"

func one(f func(c single, x Value) Value) Body[Singles] {
	return func(c single, in []Value) Value { return f(c, in[0]) }
}

// Singly are the functions that are computed in float32. Their bounds are measured
// over every float32 by the tests of package simd.
func Singly() []Function {
	a := []string{"a"}
	return []Function{
		{Name: "rsqrt", Does: "divides 1 by the square root", Operands: a, Single: one(rsqrt)},
		{Name: "exp", Does: "raises e to each element", Operands: a, Single: one(exp)},
		{Name: "log", Does: "takes the natural logarithm", Operands: a, Single: one(logarithm)},
		{Name: "tanh", Does: "takes the hyperbolic tangent", Operands: a, Single: one(tanh)},
		{Name: "sigmoid", Does: "takes 1/(1+exp(-x))", Operands: a, Single: one(sigmoid)},
		{Name: "erf", Does: "takes the error function", Operands: a, Single: one(erf)},
		{Name: "erfinv", Does: "takes the inverse of the error function", Operands: a, Single: one(erfinv)},
		{Name: "sin", Does: "takes the sine" + upToLarge, Operands: a, Single: one(sin), Limit: 1 << 28},
		{Name: "cos", Does: "takes the cosine" + upToLarge, Operands: a, Single: one(cos), Limit: 1 << 28},
	}
}

func rsqrt(c single, x Value) Value {
	r := c.root(x)
	return c.div(c.load(1), r)
}

// expParts gives exp(x) as a number near 1 and the power of two it is to be
// multiplied by, a whole number. NaN goes through the former.
func expParts(c single, x Value) (p, n Value) {
	n = c.mul(x, c.num(math.Log2E))
	c.M.Round(n, n, Nearest)
	high := float64(float32(math.Ln2))
	r := c.copy(x)
	c.M.SubMul(r, n, c.num(high))
	c.M.SubMul(r, n, c.num(math.Ln2-high))
	p = c.polynomial(r, expTail)
	square := c.mul(r, r)
	c.M.MulAdd(p, square, r)
	c.to(Add, p, c.num(1))
	c.M.Truncate(n, n)
	return p, n
}

// power makes 2^n of whole numbers n from -126 to 127.
func power(c single, n Value) Value {
	s := c.fresh(IntAdd, n, c.bits(127))
	c.M.ShiftLeft(s, s, 23)
	return s
}

// scaled gives p * 2^n, rounded once where it is subnormal: the first of two
// steps is exact.
func scaled(c single, p, n Value) Value {
	half := c.M.Fresh()
	c.M.ShiftSigned(half, n, 1)
	rest := c.fresh(IntSub, n, half)
	r := c.mul(p, power(c, half))
	c.to(Mul, r, power(c, rest))
	return r
}

// exp is infinite from 89 on and 0 below -104. The bounds are the first operands,
// so that NaN passes.
func exp(c single, x Value) Value {
	low, high := c.load(-104), c.load(89)
	t := c.fresh(Max, low, x)
	t = c.fresh(Min, high, t)
	p, n := expParts(c, t)
	c.vanish(x, p)
	return scaled(c, p, n)
}

// vanish makes p 0 where exp(x) rounds to that: processors take long to find out by a product
// that underflows.
func (c Code[M]) vanish(x, p Value) {
	under := c.when(x, Less, c.num(-104))
	c.into(AndNot, under, p)
}

// logarithm splits a number into 2^e and a factor near 1.
func logarithm(c single, x Value) Value {
	tiny := c.when(x, Less, c.num(0x1p-126))
	y := c.mul(x, c.num(0x1p25))
	c.M.Pick(y, tiny, y, x)
	c.to(IntSub, y, c.bits(rootHalf))
	e := c.M.Fresh()
	c.M.ShiftSigned(e, y, 23)
	c.M.Float(e, e)
	c.to(And, tiny, c.num(-25))
	c.to(Add, e, tiny)
	c.to(IntAnd, y, c.bits(1<<23-1))
	c.to(IntAdd, y, c.bits(rootHalf))
	f := c.add(y, c.num(-1))

	p := c.polynomial(f, logTail)
	square := c.mul(f, f)
	c.to(Mul, p, f)
	c.to(Mul, p, square)
	high := float64(float32(math.Ln2))
	c.M.AddMul(p, e, c.num(math.Ln2-high))
	c.M.AddMul(p, square, c.num(-0.5))
	c.into(Add, f, p)
	c.M.AddMul(p, e, c.num(high))

	// What is no positive number: infinity and NaN stay, 0 has no logarithm but
	// its limit, and below there is none.
	odd, put := c.M.Fresh(), c.M.Fresh()
	c.M.Compare(odd, x, NotLess, c.num(math.Inf(1)))
	c.put(odd, x, p)
	zero := c.M.Zero()
	c.M.Compare(odd, x, Less, zero)
	c.M.Set(put, c.bits(quietNaN))
	c.put(odd, put, p)
	c.M.Compare(odd, x, Equal, zero)
	c.M.Set(put, c.num(math.Inf(-1)))
	c.put(odd, put, p)
	return p
}

// tanh is a polynomial near 0 and 1-2/(exp(2|x|)+1) beyond, which is 1 from 10 on.
func tanh(c single, x Value) Value {
	size := c.abs(x)
	top := c.load(10)
	t := c.fresh(Min, top, size)
	c.to(Add, t, t)
	e, n := expParts(c, t)
	c.to(Mul, e, power(c, n))
	c.to(Add, e, c.num(1))
	two := c.load(2)
	c.into(Div, two, e)
	large := c.load(1)
	c.to(Sub, large, e)

	square := c.mul(x, x)
	p := c.polynomial(square, tanhTail)
	c.to(Mul, p, square)
	c.M.MulAdd(p, size, size)
	c.M.Compare(size, size, Less, c.num(0.625))
	c.M.Pick(p, size, p, large)
	c.signed(p, x)
	return p
}

// sigmoid is e/(1+e) or 1/(1+e), e being exp(-|x|), which does not overflow.
func sigmoid(c single, x Value) Value {
	t := c.fresh(Or, x, c.M.Sign())
	low := c.load(-104)
	c.to(Max, low, t)
	p, n := expParts(c, low)
	c.vanish(t, p)
	e := scaled(c, p, n)
	one := c.load(1)
	under := c.add(one, e)
	lost := c.sub(under, one) // by the rounding of 1+e
	c.into(Sub, e, lost)
	c.M.PickSigned(e, x, e, one)
	c.to(Div, e, under)
	c.M.SubMul(e, e, lost)
	return e
}

// erf is x times a polynomial up to 1 and 1-exp of one beyond, which is 1 from 4
// on.
func erf(c single, x Value) Value {
	size := c.abs(x)
	top := c.load(4)
	t := c.fresh(Min, top, size)
	e, n := expParts(c, c.polynomial(t, erfcLog))
	c.to(Mul, e, power(c, n))
	large := c.load(1)
	c.to(Sub, large, e)

	square := c.mul(x, x)
	p := c.polynomial(square, erfTail)
	c.M.MulAdd(p, size, size)
	c.M.Compare(size, size, Less, c.num(1))
	c.M.Pick(p, size, p, large)
	c.signed(p, x)
	return p
}

// reduced takes multiples of pi/2 from |x|, in float64, and gives what remains and
// how many they were.
func reduced(c single, x Value) (r, quarters Value) {
	size := c.abs(x)
	upper := c.M.Upper(size)
	part := func(half Value) (r, n Value) {
		w := Code[Doubles]{c.M.Double()}
		d := w.M.Widen(half)
		k := w.mul(d, w.num(2/math.Pi))
		w.quarterTurns(d, k)
		return w.M.Narrow(d), w.M.NarrowInts(k)
	}
	low, lowN := part(c.M.Lower(size))
	high, highN := part(upper)
	r, quarters = c.M.Fresh(), c.M.Fresh()
	c.M.Join(r, low, high)
	c.M.JoinInts(quarters, lowN, highN)
	return r, quarters
}

// wave is the sine or the cosine of r, whichever the number of quarter turns says,
// with the sign that it says.
func wave(c single, r, quarters Value) Value {
	square := c.mul(r, r)
	s := c.polynomial(square, sinTail)
	c.to(Mul, s, square)
	c.M.MulAdd(s, r, r)

	k := c.polynomial(square, cosTail)
	lead := c.load(1)
	c.M.AddMul(lead, square, c.num(-0.5))
	c.to(Mul, square, square)
	c.M.MulAdd(k, square, lead)

	odd := c.M.Fresh()
	c.M.ShiftLeft(odd, quarters, 31)
	c.M.PickSigned(s, odd, k, s)
	c.M.ShiftLeft(odd, quarters, 30)
	c.to(And, odd, c.M.Sign())
	c.to(Xor, s, odd)
	return s
}

func sin(c single, x Value) Value {
	r, quarters := reduced(c, x)
	s := wave(c, r, quarters)
	c.turned(s, x)
	return s
}

func cos(c single, x Value) Value {
	r, quarters := reduced(c, x)
	c.to(IntAdd, quarters, c.bits(1))
	return wave(c, r, quarters)
}

// erfinv takes the logarithm in float64, so that it is rounded once.
func erfinv(c single, x Value) Value {
	rest := c.load(1)
	c.M.SubMul(rest, x, x)
	t := logRounded(c, rest)
	tail, middle := c.polynomial(t, erfinvTail), c.polynomial(t, erfinvMiddle)
	c.M.Compare(t, t, Less, c.num(-6.125))
	c.put(t, tail, middle)
	c.to(Mul, middle, x)
	return middle
}

// logRounded is the logarithm of numbers from 2^-24 to 1, rounded once; of 0 it is
// -infinity, and NaN of what is below.
func logRounded(c single, x Value) Value {
	m, e := c.fresh(IntSub, x, c.bits(rootHalf)), c.M.Fresh()
	c.M.ShiftSigned(e, m, 23)
	c.to(IntAnd, m, c.bits(1<<23-1))
	c.to(IntAdd, m, c.bits(rootHalf))
	upperM, upperE := c.M.Upper(m), c.M.UpperInts(e)
	part := func(m, e Value) Value {
		w := Code[Doubles]{c.M.Double()}
		d, n := w.M.Widen(m), w.M.WidenInts(e)
		above := w.add(d, w.num(1))
		w.to(Add, d, w.num(-1))
		w.to(Div, d, above)
		square := w.mul(d, d)
		p := w.polynomial(square, logDouble)
		w.M.MulAdd(p, square, w.num(2))
		w.to(Mul, p, d)
		w.M.AddMul(p, n, w.num(math.Ln2))
		return w.M.Narrow(p)
	}
	low := part(c.M.Lower(m), c.M.Lower(e))
	high := part(upperM, upperE)
	r, odd, put, zero := c.M.Fresh(), c.M.Fresh(), c.M.Fresh(), c.M.Zero()
	c.M.Join(r, low, high)
	c.M.Compare(odd, x, NotGreaterEqual, zero)
	c.M.Set(put, c.bits(quietNaN))
	c.put(odd, put, r)
	c.M.Compare(odd, x, Equal, zero)
	c.M.Set(put, c.num(math.Inf(-1)))
	c.put(odd, put, r)
	return r
}
