package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Functions of float32 that are worked out in float64 and rounded once: that spares
// tables and corrections, and leaves the result off by hardly more than the rounding.
// A body sees four elements at a time.
type wideBody func(c wideConstants, in []reg.VecVirtual) reg.VecVirtual

// inDouble makes a body for eight elements of one for four.
func inDouble(c constants, body wideBody, in []reg.VecVirtual) reg.VecVirtual {
	half := func(pick func(reg.VecVirtual) reg.Register) reg.VecVirtual {
		wide := make([]reg.VecVirtual, len(in))
		for i, x := range in {
			wide[i] = YMM()
			VCVTPS2PD(pick(x), wide[i])
		}
		r := XMM()
		VCVTPD2PSY(body(wideConstants{c}, wide), r)
		return r
	}
	low := half(func(x reg.VecVirtual) reg.Register { return x.AsX() })
	high := half(func(x reg.VecVirtual) reg.Register {
		upper := XMM()
		VEXTRACTF128(Imm(1), x, upper)
		return upper
	})
	r := YMM()
	VINSERTF128(Imm(1), high, low.AsY(), r)
	return r
}

var (
	// (exp(r)-1-r)/r^2 for |r| <= log(2)/2, by Taylor: 2^-37.
	expm1Double = []float64{1. / 362880, 1. / 40320, 1. / 5040, 1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2}
	// (atan(t)/t-1)/t^2 in t^2, for |t| <= tan(pi/8): 2^-47.
	atanDouble = []float64{
		-0.027233528431694843, 0.051688735073113799, -0.065509164376175086, 0.076810462814516256, -0.09090256018018536,
		0.11111089650982153, -0.14285713930385283, 0.19999999997724477, -0.33333333333330939,
	}
	// (sin(r)/r-1)/r^2 and (cos(r)-1)/r^2 in r^2, for |r| <= pi/4, by Taylor: 2^-37.
	sinDouble = []float64{-1. / 39916800, 1. / 362880, -1. / 5040, 1. / 120, -1. / 6}
	cosDouble = []float64{1. / 479001600, -1. / 3628800, 1. / 40320, -1. / 720, 1. / 24, -1. / 2}
)

// wideConstants is the arithmetic of bodies.
type wideConstants struct{ constants }

func (c wideConstants) load(v float64) reg.VecVirtual {
	r := YMM()
	VMOVUPD(c.double(v), r)
	return r
}

func (c wideConstants) add(a reg.Register, b Op) reg.VecVirtual { return to(VADDPD, b, a) }
func (c wideConstants) sub(a reg.Register, b Op) reg.VecVirtual { return to(VSUBPD, b, a) }
func (c wideConstants) mul(a reg.Register, b Op) reg.VecVirtual { return to(VMULPD, b, a) }
func (c wideConstants) div(a reg.Register, b Op) reg.VecVirtual { return to(VDIVPD, b, a) }
func (c wideConstants) abs(a reg.Register) reg.VecVirtual       { return to(VANDPD, c.magnitude(double), a) }

func (c wideConstants) root(a reg.Register) reg.VecVirtual {
	r := YMM()
	VSQRTPD(a, r)
	return r
}

func (c wideConstants) copy(a reg.Register) reg.VecVirtual {
	r := YMM()
	VMOVAPD(a, r)
	return r
}

// when selects the elements that compare so.
func (c wideConstants) when(a reg.Register, predicate Imm8, b Op) reg.VecVirtual {
	r := YMM()
	VCMPPD(predicate, b, a, r)
	return r
}

// put replaces the selected elements.
func (c wideConstants) put(where, by, r reg.VecVirtual) { VBLENDVPD(where, by, r, r) }

// signed gives numbers without sign that of x.
func (c wideConstants) signed(r, x reg.Register) {
	sign := to(VANDPD, c.sign(double), x)
	VORPD(sign, r, r)
}

// series evaluates by Horner's rule.
func (c wideConstants) series(x reg.Register, coefficients []float64) reg.VecVirtual {
	p := c.load(coefficients[0])
	for _, k := range coefficients[1:] {
		VFMADD213PD(c.double(k), x, p)
	}
	return p
}

// bounded keeps numbers within what float32 tells from its limits; NaN passes.
func (c wideConstants) bounded(x reg.Register) reg.VecVirtual {
	t := to(VMAXPD, x, c.load(-200))
	return to(VMINPD, t, c.load(200))
}

// expParts gives exp(x) as (1+p) * scale, a power of two.
func (c wideConstants) expParts(x reg.Register) (p, scale reg.VecVirtual) {
	n := c.mul(x, c.double(math.Log2E))
	VROUNDPD(Imm(8), n, n)
	r := c.copy(x)
	VFNMADD231PD(c.double(math.Ln2), n, r)
	p = c.series(r, expm1Double)
	square := c.mul(r, r)
	VFMADD213PD(r, square, p)
	// The sum with 2^52 has n+1023 in its lowest bits, which become the exponent.
	scale = c.add(n, c.double(1<<52+1023))
	VPSLLQ(Imm(52), scale, scale)
	return p, scale
}

func (c wideConstants) exp(x reg.Register) reg.VecVirtual {
	p, scale := c.expParts(x)
	VFMADD213PD(scale, scale, p)
	return p
}

// expm1 loses the sign of 0.
func (c wideConstants) expm1(x reg.Register) reg.VecVirtual {
	p, scale := c.expParts(x)
	less := c.add(scale, c.double(-1))
	VFMADD213PD(less, scale, p)
	return p
}

// logCore is the logarithm of positive numbers that are finite.
func (c wideConstants) logCore(y reg.Register) reg.VecVirtual {
	const root = 0x3fe6a09e667f3bcd // the bits of sqrt(1/2)
	t := to(VPADDQ, c.quads(1023<<52-root), y)
	e := YMM()
	VPSRLQ(Imm(52), t, e)
	VPOR(c.quads(0x433<<52), e, e) // 2^52 plus the exponent plus 1023
	VADDPD(c.double(-(1<<52 + 1023)), e, e)
	VPAND(c.quads(1<<52-1), t, t)
	VPADDQ(c.quads(root), t, t)
	f := c.add(t, c.double(-1))
	s := c.div(f, c.add(t, c.double(1)))
	z := c.mul(s, s)
	p := c.series(z, logDouble)
	VFMADD213PD(c.double(2), z, p)
	VMULPD(s, p, p)
	VFMADD231PD(c.double(math.Ln2), e, p)
	return p
}

// logEnds puts right what logCore makes of numbers that are not positive and finite.
func (c wideConstants) logEnds(y, r reg.VecVirtual) {
	c.put(c.when(y, notLessThan, c.double(math.Inf(1))), y, r)
	zero := double.zero()
	c.put(c.when(y, lessThan, zero), c.load(math.NaN()), r)
	c.put(c.when(y, equal, zero), c.load(math.Inf(-1)), r)
}

func (c wideConstants) log(y reg.VecVirtual) reg.VecVirtual {
	r := c.logCore(y)
	c.logEnds(y, r)
	return r
}

// log1p adds what the rounding of 1+f lost, and keeps 0.
func (c wideConstants) log1p(f reg.VecVirtual) reg.VecVirtual {
	u := c.add(f, c.double(1))
	r := c.logCore(u)
	lost := c.sub(f, c.add(u, c.double(-1)))
	VDIVPD(u, lost, lost)
	VADDPD(lost, r, r)
	c.logEnds(u, r)
	c.put(c.when(f, equal, double.zero()), f, r)
	return r
}

// turn is the angle of the point (x, y), neither negative: a quotient within
// tan(pi/8) and the multiple of pi/4 that it is counted from.
func (c wideConstants) turn(y, x reg.VecVirtual) reg.VecVirtual {
	num, den, off := c.copy(y), c.copy(x), double.zero()
	above := c.when(y, notLessEqual, c.mul(x, c.double(math.Sqrt2-1)))
	c.put(above, c.sub(y, x), num)
	c.put(above, c.add(y, x), den)
	c.put(above, c.load(math.Pi/4), off)
	above = c.when(y, greaterThan, c.mul(x, c.double(math.Sqrt2+1)))
	minus := to(VXORPD, c.sign(double), x)
	c.put(above, minus, num)
	c.put(above, y, den)
	c.put(above, c.load(math.Pi/2), off)
	q := c.div(num, den)
	z := c.mul(q, q)
	p := c.series(z, atanDouble)
	VMULPD(z, p, p)
	VFMADD213PD(q, q, p)
	VADDPD(off, p, p)
	return p
}

// The functions.

func log2Body(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	return c.mul(c.log(in[0]), c.double(math.Log2E))
}

func log10Body(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	return c.mul(c.log(in[0]), c.double(math.Log10E))
}

func log1pBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual { return c.log1p(in[0]) }

func expm1Body(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	r := c.expm1(c.bounded(in[0]))
	c.put(c.when(in[0], equal, double.zero()), in[0], r)
	return r
}

// sinhBody is (u+u/(1+u))/2 of u = exp(|x|)-1.
func sinhBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	u := c.expm1(c.bounded(c.abs(in[0])))
	r := c.div(u, c.add(u, c.double(1)))
	VADDPD(u, r, r)
	VMULPD(c.double(0.5), r, r)
	c.signed(r, in[0])
	return r
}

func coshBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	e := c.exp(c.bounded(c.abs(in[0])))
	r := c.div(c.load(1), e)
	VADDPD(e, r, r)
	VMULPD(c.double(0.5), r, r)
	return r
}

// asinhBody is log1p(x+x^2/(1+sqrt(1+x^2))).
func asinhBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	size := c.abs(in[0])
	square := c.mul(size, size)
	den := c.root(c.add(square, c.double(1)))
	VADDPD(c.double(1), den, den)
	f := c.div(square, den)
	VADDPD(size, f, f)
	r := c.log1p(f)
	c.put(c.when(size, equal, c.double(math.Inf(1))), size, r)
	c.signed(r, in[0])
	return r
}

// acoshBody is log1p(t+sqrt(2t+t^2)) of t = x-1.
func acoshBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	t := c.add(in[0], c.double(-1))
	f := c.root(c.mul(t, c.add(t, c.double(2))))
	VADDPD(t, f, f)
	r := c.log1p(f)
	c.put(c.when(in[0], lessThan, c.double(1)), c.load(math.NaN()), r)
	return r
}

// atanhBody is log1p(2x/(1-x))/2.
func atanhBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	size := c.abs(in[0])
	f := c.div(c.add(size, size), c.sub(c.load(1), size))
	r := c.log1p(f)
	VMULPD(c.double(0.5), r, r)
	c.put(c.when(size, greaterThan, c.double(1)), c.load(math.NaN()), r)
	c.signed(r, in[0])
	return r
}

func atanBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	r := c.turn(c.abs(in[0]), c.load(1))
	c.signed(r, in[0])
	return r
}

// asinBody is the angle of (sqrt((1-x)(1+x)), x).
func asinBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	size, one := c.abs(in[0]), c.load(1)
	r := c.turn(size, c.root(c.mul(c.sub(one, size), c.add(one, size))))
	c.signed(r, in[0])
	return r
}

// acosBody is twice the angle of (sqrt(1+x), sqrt(1-x)).
func acosBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	one := c.load(1)
	r := c.turn(c.root(c.sub(one, in[0])), c.root(c.add(one, in[0])))
	VADDPD(r, r, r)
	return r
}

// tanBody takes multiples of pi/2 away. In odd quarters it is -1/tan.
func tanBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	r := c.abs(in[0])
	k := c.mul(r, c.double(2/math.Pi))
	VROUNDPD(Imm(8), k, k)
	VFNMADD231PD(c.double(math.Pi/2), k, r)
	VFNMADD231PD(c.double(6.123233995736766e-17), k, r) // what pi/2 has beyond float64
	z := c.mul(r, r)
	s := c.series(z, sinDouble)
	VMULPD(z, s, s)
	VFMADD213PD(r, r, s)
	w := c.series(z, cosDouble)
	VFMADD213PD(c.double(1), z, w)
	VADDPD(c.double(1<<52), k, k)
	VPSLLQ(Imm(63), k, k) // the lowest bit to the sign's place
	num, den := c.copy(s), c.copy(w)
	c.put(k, to(VXORPD, c.sign(double), w), num)
	c.put(k, s, den)
	q := c.div(num, den)
	sign := to(VANDPD, c.sign(double), in[0])
	VXORPD(sign, q, q)
	return q
}

// atan2Body is the angle of (in[1], in[0]).
func atan2Body(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	y, x := c.abs(in[0]), c.abs(in[1])
	r := c.turn(y, x)
	c.put(c.when(y, equal, x), c.load(math.Pi/4), r) // infinities among them
	c.put(c.when(y, equal, double.zero()), double.zero(), r)
	c.put(in[1], c.sub(c.load(math.Pi), r), r) // where x has a sign
	c.signed(r, in[0])
	c.put(c.when(in[0], unordered, in[1]), c.add(in[0], in[1]), r)
	return r
}

// powBody is exp(b log|a|), and what C says of the ends.
func powBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	a, b := in[0], in[1]
	size := c.abs(a)
	r := c.exp(c.bounded(c.mul(c.log(size), b)))
	one := c.load(1)
	unit := c.when(size, equal, one)
	VANDPD(c.when(b, equal, b), unit, unit)
	c.put(unit, one, r)
	whole, half := YMM(), c.mul(b, c.double(0.5))
	VROUNDPD(Imm(9), b, whole)
	VROUNDPD(Imm(9), half, half)
	VADDPD(half, half, half)
	odd := c.when(half, notEqual, b)
	broken := c.when(whole, notEqual, b)
	VANDNPD(odd, broken, odd) // odd and whole
	VANDPD(a, odd, odd)
	sign := to(VANDPD, c.sign(double), odd)
	VXORPD(sign, r, r)
	VANDPD(c.when(a, lessThan, double.zero()), broken, broken)
	VANDPD(c.when(a, greaterThan, c.double(math.Inf(-1))), broken, broken)
	c.put(broken, c.load(math.NaN()), r)
	c.put(c.when(b, equal, double.zero()), one, r)
	c.put(c.when(a, equal, one), one, r)
	return r
}

// logAddExpBody is the larger plus log1p(exp(-|a-b|)).
func logAddExpBody(c wideConstants, in []reg.VecVirtual) reg.VecVirtual {
	a, b := in[0], in[1]
	top := to(VMAXPD, b, a)
	r := c.log1p(c.exp(c.bounded(c.sub(to(VMINPD, b, a), top))))
	VADDPD(top, r, r)
	c.put(c.when(c.abs(top), equal, c.double(math.Inf(1))), top, r)
	c.put(c.when(a, unordered, b), c.add(a, b), r)
	return r
}

// doubles writes the functions.
func doubles() {
	c := make(constants)
	for _, f := range []struct {
		name, does string
		operands   []string
		body       wideBody
		limit      float64
	}{
		{"log2", "takes the logarithm to the base 2", []string{"a"}, log2Body, 0},
		{"log10", "takes the logarithm to the base 10", []string{"a"}, log10Body, 0},
		{"log1p", "takes log(1+x)", []string{"a"}, log1pBody, 0},
		{"expm1", "takes exp(x)-1", []string{"a"}, expm1Body, 0},
		{"sinh", "takes the hyperbolic sine", []string{"a"}, sinhBody, 0},
		{"cosh", "takes the hyperbolic cosine", []string{"a"}, coshBody, 0},
		{"asinh", "takes the inverse of the hyperbolic sine", []string{"a"}, asinhBody, 0},
		{"acosh", "takes the inverse of the hyperbolic cosine", []string{"a"}, acoshBody, 0},
		{"atanh", "takes the inverse of the hyperbolic tangent", []string{"a"}, atanhBody, 0},
		{"atan", "takes the inverse of the tangent", []string{"a"}, atanBody, 0},
		{"asin", "takes the inverse of the sine", []string{"a"}, asinBody, 0},
		{"acos", "takes the inverse of the cosine", []string{"a"}, acosBody, 0},
		{"tan", "takes the tangent up to the first eight elements of which one is too large, and gives the number done", []string{"a"}, tanBody, 1 << 28},
		{"atan2", "takes the angle of the points (b, a)", []string{"a", "b"}, atan2Body, 0},
		{"pow", "raises a to the power b", []string{"a", "b"}, powBody, 0},
		{"logAddExp", "takes log(exp(a)+exp(b))", []string{"a", "b"}, logAddExpBody, 0},
	} {
		k := elementwise{name: f.name, does: f.does, element: single, operands: f.operands, unroll: 1}
		k.body = func(in []reg.VecVirtual) reg.VecVirtual { return inDouble(c, f.body, in) }
		if f.limit > 0 {
			k.limit = func() Mem { return c.float(f.limit) }
		}
		k.write(c)
	}
	rounding(c)
	choose()
}

// rounding writes the kernels that round to whole numbers.
func rounding(c constants) {
	for _, f := range []struct {
		name, does string
		mode       uint64
	}{
		{"floor", "rounds down", 9}, {"ceil", "rounds up", 10}, {"trunc", "rounds towards 0", 11}, {"rint", "rounds to the nearest, ties to even", 8},
	} {
		for _, e := range elements {
			k := elementwise{name: f.name, does: f.does, element: e, operands: []string{"a"}, unroll: 4}
			k.body = func(in []reg.VecVirtual) reg.VecVirtual {
				r := YMM()
				if e.size == 4 {
					VROUNDPS(Imm(f.mode), in[0], r)
				} else {
					VROUNDPD(Imm(f.mode), in[0], r)
				}
				return r
			}
			k.write(c)
		}
	}
}

// choose writes the choice between two rows by a row of bytes.
func choose() {
	declare("chooseAVX2", "(dst *uint32, where *byte, a, b *uint32, blocks int)", "takes 8*blocks elements, at least 8, from a where the byte is not 0, and from b elsewhere.")
	dst, where := Load(Param("dst"), GP64()), Load(Param("where"), GP64())
	a, b := Load(Param("a"), GP64()), Load(Param("b"), GP64())
	blocks := Load(Param("blocks"), GP64())
	zero := single.zero()
	Label("block")
	none, v := YMM(), YMM()
	VPMOVZXBD(Mem{Base: where}, none)
	VPCMPEQD(zero, none, none)
	VMOVUPS(Mem{Base: a}, v)
	VBLENDVPS(none, Mem{Base: b}, v, v)
	VMOVUPS(v, Mem{Base: dst})
	ADDQ(Imm(8), where)
	for _, p := range []reg.Register{dst, a, b} {
		ADDQ(Imm(vectorBytes), p)
	}
	DECQ(blocks)
	JNZ(LabelRef("block"))
	finish()
}
