package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func newRegister() reg.VecVirtual { return YMM() }

// The polynomials, from the highest power down. Each is the best approximation in
// the greatest relative error of what it stands in for; the coefficients are then
// rounded to float32.
var (
	// (exp(r)-1-r)/r^2 for |r| <= log(2)/2; exp is off by 2^-28.
	expTail = []float64{0.0013814613921567798, 0.008368710055947304, 0.04166838899254799, 0.1666652113199234, 0.4999999403953552}
	// (log(1+f)-f+f^2/2)/f^3 for 1+f from sqrt(1/2) to sqrt(2); log is off by 2^-30.
	logTail = []float64{
		0.06746649742126465, -0.11675654351711273, 0.11888159066438675, -0.1240558847784996, 0.14219552278518677,
		-0.1666799634695053, 0.2000211924314499, -0.25000008940696716, 0.3333331346511841,
	}
	// (sin(r)/r-1)/r^2 in r^2, for |r| <= pi/4; 2^-28.
	sinTail = []float64{-0.00019516480097081512, 0.00833217240869999, -0.16666655242443085}
	// (cos(r)-1+r^2/2)/r^4 in r^2, for |r| <= pi/4; 2^-33.
	cosTail = []float64{2.4437533284071833e-05, -0.0013887359527871013, 0.04166664555668831}
	// (tanh(x)/x-1)/x^2 in x^2, for |x| <= 0.625; 2^-28.
	tanhTail = []float64{-0.005704986862838268, 0.0206390880048275, -0.05373971536755562, 0.13331441581249237, -0.3333328068256378}
	// erf(x)/x-1 in x^2, for |x| <= 1; 2^-30.
	erfTail = []float64{
		7.853864372009411e-05, -0.0008010194287635386, 0.005188327748328447, -0.026853812858462334,
		0.1128358542919159, -0.3761262595653534, 0.12837916612625122,
	}
	// log(1-erf(x)) for x from 1 to 4; erf is off by 2^-35.
	erfcLog = []float64{
		-2.1686731997760944e-05, 0.00044133493793196976, -0.004204554483294487, 0.025208234786987305,
		-0.1084185391664505, -0.6332198977470398, -1.1295783519744873, 0.0001880360796349123,
	}
)

// functions writes the transcendental functions of float32. Their bounds are
// measured over every float32 by the package's tests.
func functions(c constants) {
	for _, f := range []struct {
		name, does string
		body       func(constants, reg.VecVirtual) reg.VecVirtual
		limit      float64
	}{
		{"rsqrt", "divides 1 by the square root", rsqrt, 0},
		{"exp", "raises e to each element", exp, 0},
		{"log", "takes the natural logarithm", logarithm, 0},
		{"tanh", "takes the hyperbolic tangent", tanh, 0},
		{"sigmoid", "takes 1/(1+exp(-x))", sigmoid, 0},
		{"erf", "takes the error function", erf, 0},
		{"erfinv", "takes the inverse of the error function", erfinv, 0},
		{"sin", "takes the sine up to the first eight elements of which one is too large, and gives the number done", sin, 1 << 28},
		{"cos", "takes the cosine up to the first eight elements of which one is too large, and gives the number done", cos, 1 << 28},
	} {
		k := elementwise{name: f.name, does: f.does, element: single, operands: []string{"a"}, unroll: 1}
		k.body = func(in []reg.VecVirtual) reg.VecVirtual { return f.body(c, in[0]) }
		if f.limit > 0 {
			k.limit = func() Mem { return c.float(f.limit) }
		}
		k.write(c)
	}
}

// polynomial evaluates by Horner's rule.
func (c constants) polynomial(x reg.VecVirtual, coefficients []float64) reg.VecVirtual {
	p := YMM()
	VMOVUPS(c.float(coefficients[0]), p)
	for _, k := range coefficients[1:] {
		VFMADD213PS(c.float(k), x, p)
	}
	return p
}

func rsqrt(c constants, x reg.VecVirtual) reg.VecVirtual {
	r, one := root(single, x), YMM()
	VMOVUPS(c.float(1), one)
	return to(VDIVPS, r, one)
}

// expParts gives exp(x) as a number near 1 and the power of two it is to be
// multiplied by, a whole number. NaN goes through the former.
func expParts(c constants, x reg.VecVirtual) (p, n reg.VecVirtual) {
	n = to(VMULPS, c.float(math.Log2E), x)
	VROUNDPS(Imm(8), n, n)
	high := float64(float32(math.Ln2))
	r := YMM()
	VMOVAPS(x, r)
	VFNMADD231PS(c.float(high), n, r)
	VFNMADD231PS(c.float(math.Ln2-high), n, r)
	p = c.polynomial(r, expTail)
	square := to(VMULPS, r, r)
	VFMADD213PS(r, square, p)
	VADDPS(c.float(1), p, p)
	VCVTTPS2DQ(n, n)
	return p, n
}

// power makes 2^n of whole numbers n from -126 to 127.
func power(c constants, n reg.VecVirtual) reg.VecVirtual {
	s := to(VPADDD, c.words(127), n)
	VPSLLD(Imm(23), s, s)
	return s
}

// scaled gives p * 2^n, rounded once where it is subnormal: the first of two
// steps is exact.
func scaled(c constants, p, n reg.VecVirtual) reg.VecVirtual {
	half := YMM()
	VPSRAD(Imm(1), n, half)
	rest := to(VPSUBD, half, n)
	r := to(VMULPS, power(c, half), p)
	VMULPS(power(c, rest), r, r)
	return r
}

// exp is infinite from 89 on and 0 below -104. The bounds are the first operands,
// so that NaN passes.
func exp(c constants, x reg.VecVirtual) reg.VecVirtual {
	low, high := YMM(), YMM()
	VMOVUPS(c.float(-104), low)
	VMOVUPS(c.float(89), high)
	t := to(VMAXPS, x, low)
	t = to(VMINPS, t, high)
	p, n := expParts(c, t)
	return scaled(c, p, n)
}

// logarithm splits a number into 2^e and a factor near 1.
func logarithm(c constants, x reg.VecVirtual) reg.VecVirtual {
	const root = 0x3f3504f3 // the bits of sqrt(1/2)
	tiny := YMM()
	VCMPPS(lessThan, c.float(0x1p-126), x, tiny)
	y := to(VMULPS, c.float(0x1p25), x)
	VBLENDVPS(tiny, y, x, y)
	VPSUBD(c.words(root), y, y)
	e := YMM()
	VPSRAD(Imm(23), y, e)
	VCVTDQ2PS(e, e)
	VANDPS(c.float(-25), tiny, tiny)
	VADDPS(tiny, e, e)
	VPAND(c.words(1<<23-1), y, y)
	VPADDD(c.words(root), y, y)
	f := to(VADDPS, c.float(-1), y)

	p := c.polynomial(f, logTail)
	square := to(VMULPS, f, f)
	VMULPS(f, p, p)
	VMULPS(square, p, p)
	high := float64(float32(math.Ln2))
	VFMADD231PS(c.float(math.Ln2-high), e, p)
	VFMADD231PS(c.float(-0.5), square, p)
	VADDPS(p, f, p)
	VFMADD231PS(c.float(high), e, p)

	// What is no positive number: infinity and NaN stay, 0 has no logarithm but
	// its limit, and below there is none.
	odd, put := YMM(), YMM()
	VCMPPS(notLessThan, c.float(math.Inf(1)), x, odd)
	VBLENDVPS(odd, x, p, p)
	zero := single.zero()
	VCMPPS(lessThan, zero, x, odd)
	VMOVUPS(c.words(0x7fc00000), put)
	VBLENDVPS(odd, put, p, p)
	VCMPPS(equal, zero, x, odd)
	VMOVUPS(c.float(math.Inf(-1)), put)
	VBLENDVPS(odd, put, p, p)
	return p
}

// tanh is a polynomial near 0 and 1-2/(exp(2|x|)+1) beyond, which is 1 from 10 on.
func tanh(c constants, x reg.VecVirtual) reg.VecVirtual {
	size := to(VANDPS, c.magnitude(single), x)
	top := YMM()
	VMOVUPS(c.float(10), top)
	t := to(VMINPS, size, top)
	VADDPS(t, t, t)
	e, n := expParts(c, t)
	VMULPS(power(c, n), e, e)
	VADDPS(c.float(1), e, e)
	two := YMM()
	VMOVUPS(c.float(2), two)
	VDIVPS(e, two, e)
	large := YMM()
	VMOVUPS(c.float(1), large)
	VSUBPS(e, large, large)

	square := to(VMULPS, x, x)
	p := c.polynomial(square, tanhTail)
	VMULPS(square, p, p)
	VFMADD213PS(size, size, p)
	VCMPPS(lessThan, c.float(0.625), size, size)
	VBLENDVPS(size, p, large, p)
	withSign(c, x, p)
	return p
}

// withSign gives numbers without sign that of x.
func withSign(c constants, x, r reg.VecVirtual) {
	sign := to(VANDPS, c.sign(single), x)
	VORPS(sign, r, r)
}

// sigmoid is e/(1+e) or 1/(1+e), e being exp(-|x|), which does not overflow.
func sigmoid(c constants, x reg.VecVirtual) reg.VecVirtual {
	t, low := to(VORPS, c.sign(single), x), YMM()
	VMOVUPS(c.float(-104), low)
	VMAXPS(t, low, t)
	p, n := expParts(c, t)
	e := scaled(c, p, n)
	one := YMM()
	VMOVUPS(c.float(1), one)
	under := to(VADDPS, e, one)
	lost := to(VSUBPS, one, under) // by the rounding of 1+e
	VSUBPS(lost, e, lost)
	VBLENDVPS(x, e, one, e)
	VDIVPS(under, e, e)
	VFNMADD231PS(lost, e, e)
	return e
}

// erf is x times a polynomial up to 1 and 1-exp of one beyond, which is 1 from 4
// on.
func erf(c constants, x reg.VecVirtual) reg.VecVirtual {
	size := to(VANDPS, c.magnitude(single), x)
	top := YMM()
	VMOVUPS(c.float(4), top)
	t := to(VMINPS, size, top)
	e, n := expParts(c, c.polynomial(t, erfcLog))
	VMULPS(power(c, n), e, e)
	large := YMM()
	VMOVUPS(c.float(1), large)
	VSUBPS(e, large, large)

	square := to(VMULPS, x, x)
	p := c.polynomial(square, erfTail)
	VFMADD213PS(size, size, p)
	VCMPPS(lessThan, c.float(1), size, size)
	VBLENDVPS(size, p, large, p)
	withSign(c, x, p)
	return p
}

// reduced takes multiples of pi/2 from |x|, in float64, and gives what remains and
// how many they were.
func reduced(c constants, x reg.VecVirtual) (r, quarters reg.VecVirtual) {
	size := to(VANDPS, c.magnitude(single), x)
	upper := XMM()
	VEXTRACTF128(Imm(1), size, upper)
	part := func(x reg.Register) (r, n reg.VecVirtual) {
		d, k := YMM(), YMM()
		r, n = XMM(), XMM()
		VCVTPS2PD(x, d)
		VMULPD(c.double(2/math.Pi), d, k)
		VROUNDPD(Imm(8), k, k)
		VFNMADD231PD(c.double(math.Pi/2), k, d)
		VFNMADD231PD(c.double(6.123233995736766e-17), k, d) // what pi/2 has beyond float64
		VCVTPD2PSY(d, r)
		VCVTPD2DQY(k, n)
		return r, n
	}
	low, lowN := part(size.AsX())
	high, highN := part(upper)
	r, quarters = YMM(), YMM()
	VINSERTF128(Imm(1), high, low.AsY(), r)
	VINSERTI128(Imm(1), highN, lowN.AsY(), quarters)
	return r, quarters
}

// wave is the sine or the cosine of r, whichever the number of quarter turns says,
// with the sign that it says.
func wave(c constants, r, quarters reg.VecVirtual) reg.VecVirtual {
	square := to(VMULPS, r, r)
	s := c.polynomial(square, sinTail)
	VMULPS(square, s, s)
	VFMADD213PS(r, r, s)

	k := c.polynomial(square, cosTail)
	lead := YMM()
	VMOVUPS(c.float(1), lead)
	VFMADD231PS(c.float(-0.5), square, lead)
	VMULPS(square, square, square)
	VFMADD213PS(lead, square, k)

	odd := YMM()
	VPSLLD(Imm(31), quarters, odd)
	VBLENDVPS(odd, k, s, s)
	VPSLLD(Imm(30), quarters, odd)
	VANDPS(c.sign(single), odd, odd)
	VXORPS(odd, s, s)
	return s
}

func sin(c constants, x reg.VecVirtual) reg.VecVirtual {
	r, quarters := reduced(c, x)
	s := wave(c, r, quarters)
	sign := to(VANDPS, c.sign(single), x)
	VXORPS(sign, s, s)
	return s
}

func cos(c constants, x reg.VecVirtual) reg.VecVirtual {
	r, quarters := reduced(c, x)
	VPADDD(c.words(1), quarters, quarters)
	return wave(c, r, quarters)
}
