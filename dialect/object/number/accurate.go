// Package number is how Python computes, hashes, orders, reads and writes its
// numbers, where that takes no objects.
package number

import "math"

// Go's Pow, Exp, Log, Sin and Cos may be off by a unit in the last place, which
// a script that prints 2**-0.5 or cos(pi/2) shows. The functions of this file
// compute with pairs of floats, about 100 bits, and round once.

// pair is an unevaluated sum; lo is below half a unit of hi.
type pair struct{ hi, lo float64 }

func quickSum(a, b float64) pair {
	s := a + b
	return pair{s, b - (s - a)}
}

func exactSum(a, b float64) pair {
	s := a + b
	t := s - a
	return pair{s, (a - (s - t)) + (b - t)}
}

func exactProduct(a, b float64) pair {
	p := a * b
	return pair{p, math.FMA(a, b, -p)}
}

func (x pair) plus(y pair) pair {
	s := exactSum(x.hi, y.hi)
	t := exactSum(x.lo, y.lo)
	s = quickSum(s.hi, s.lo+t.hi)
	return quickSum(s.hi, s.lo+t.lo)
}

func (x pair) times(y pair) pair {
	p := exactProduct(x.hi, y.hi)
	p.lo += x.hi*y.lo + x.lo*y.hi
	return quickSum(p.hi, p.lo)
}

func (x pair) by(f float64) pair {
	p := exactProduct(x.hi, f)
	p.lo += x.lo * f
	return quickSum(p.hi, p.lo)
}

// ln2 and halfPi to about 106 bits; halfPiTail goes on from there.
var (
	ln2        = pair{6.931471805599452862e-01, 2.319046813846299558e-17}
	halfPi     = pair{1.570796326794896558e+00, 6.123233995736766036e-17}
	halfPiTail = -1.4973849048591833e-33
)

// reciprocal factorials 1/2! ... 1/10!.
var inverseFactorial = [...]pair{
	{0.5, 0},
	{1.66666666666666657e-01, 9.25185853854297066e-18},
	{4.16666666666666644e-02, 2.31296463463574266e-18},
	{8.33333333333333322e-03, 1.15648231731787138e-19},
	{1.38888888888888894e-03, -5.30054395437357706e-20},
	{1.98412698412698413e-04, 1.72095582934207053e-22},
	{2.48015873015873016e-05, 2.15119478667758816e-23},
	{2.75573192239858925e-06, -1.85839327404647208e-22},
	{2.75573192239858883e-07, 2.37677146222502973e-23},
}

// expPair is e**x as m * 2**k.
func expPair(x pair) (m pair, k int) {
	const squarings = 9
	k = int(math.Round(x.hi / ln2.hi))
	r := x.plus(ln2.by(-float64(k)))
	r = pair{math.Ldexp(r.hi, -squarings), math.Ldexp(r.lo, -squarings)}
	// e**r - 1, which keeps its precision while it is squared up:
	// (1+s)**2 - 1 = 2s + s*s.
	s, power := r, r
	for _, f := range inverseFactorial {
		power = power.times(r)
		s = s.plus(power.times(f))
	}
	for i := 0; i < squarings; i++ {
		s = s.by(2).plus(s.times(s))
	}
	return s.plus(pair{1, 0}), k
}

// logPair is the logarithm of a positive finite x.
func logPair(x float64) pair {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	guess := math.Log(m)
	inverse, k := expPair(pair{-guess, 0})
	inverse = pair{math.Ldexp(inverse.hi, k), math.Ldexp(inverse.lo, k)}
	rest := inverse.by(m).plus(pair{-1, 0})
	return ln2.by(float64(e)).plus(pair{guess, 0}).plus(rest)
}

func scale(m pair, k int) float64 { return math.Ldexp(m.hi+m.lo, k) }

// Exp is e**x.
func Exp(x float64) float64 {
	if math.IsNaN(x) || x > 710 || x < -746 {
		return math.Exp(x)
	}
	return scale(expPair(pair{x, 0}))
}

// Log is the natural logarithm.
func Log(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return math.Log(x)
	}
	l := logPair(x)
	return l.hi + l.lo
}

// Power is x**y for floats, as the C library's pow.
func Power(x, y float64) float64 {
	switch {
	case y == 2:
		return x * x
	case y == 1:
		return x
	case y == -1:
		return 1 / x
	case y == 0.5 && x > 0:
		return math.Sqrt(x)
	case x == 0 || x == 1 || y == 0 || math.IsNaN(x) || math.IsNaN(y) || math.IsInf(x, 0) || math.IsInf(y, 0):
		return math.Pow(x, y)
	case x < 0 && y != math.Trunc(y):
		return math.NaN()
	}
	rough := y * math.Log(math.Abs(x))
	if math.Abs(rough) > 746 {
		return math.Pow(x, y)
	}
	r := scale(expPair(logPair(math.Abs(x)).by(y)))
	if x < 0 && math.Mod(y, 2) != 0 {
		r = -r
	}
	return r
}

// quarter reduces x to a remainder of magnitude at most pi/4 and the quarter
// turn it is in. Beyond ok the remainder would not be exact enough.
func quarter(x float64) (r pair, turn int, ok bool) {
	if !(math.Abs(x) < 1<<30) {
		return pair{}, 0, false
	}
	k := math.Round(x / halfPi.hi)
	r = pair{x, 0}.plus(halfPi.by(-k)).plus(pair{-k * halfPiTail, 0})
	return r, int(int64(k) & 3), true
}

func sinPair(r pair) float64 { return math.Sin(r.hi) + r.lo*math.Cos(r.hi) }
func cosPair(r pair) float64 { return math.Cos(r.hi) - r.lo*math.Sin(r.hi) }

// Sin is the sine.
func Sin(x float64) float64 { return turned(x, 0, math.Sin) }

// Cos is the cosine.
func Cos(x float64) float64 { return turned(x, 1, math.Cos) }

func turned(x float64, ahead int, otherwise func(float64) float64) float64 {
	r, turn, ok := quarter(x)
	if !ok {
		return otherwise(x)
	}
	if x == 0 && ahead == 0 {
		return x
	}
	switch (turn + ahead) & 3 {
	case 0:
		return sinPair(r)
	case 1:
		return cosPair(r)
	case 2:
		return -sinPair(r)
	}
	return -cosPair(r)
}
