package cpu

import (
	"math"
	"math/cmplx"

	"github.com/mlxstar/mlxstar/engine"
)

// The functions of complex numbers compute in float64, in which no square of a float32
// overflows, and those of complex64 round once. Each is the principal value; zeros keep
// their signs, infinities and NaN give what Annex G of the C standard says. The errors
// for complex64 are below one unit in the last place of float32 in each part, but where a
// part is the difference of two nearly equal numbers of the operands' own precision.

// addComplexFunctions enters the functions of complex dtypes.
func (t table) addComplexFunctions() {
	functions := map[*engine.Op]func(complex128) complex128{
		engine.OpExp: complexExp, engine.OpLog: complexLog, engine.OpLog1p: complexLog1p,
		engine.OpLog2: complexLog2, engine.OpLog10: complexLog10,
		engine.OpSin: overI(complexSinh), engine.OpCos: complexCos, engine.OpTan: overI(complexTanh),
		engine.OpArcsin: complexArcsin, engine.OpArccos: complexArccos, engine.OpArctan: overI(complexArctanh),
		engine.OpSinh: complexSinh, engine.OpCosh: complexCosh, engine.OpTanh: complexTanh,
		engine.OpArcsinh: overI(complexArcsin), engine.OpArccosh: complexArccosh, engine.OpArctanh: complexArctanh,
		engine.OpSqrt:  complexSqrt,
		engine.OpRsqrt: func(z complex128) complex128 { return 1 / complexSqrt(z) },
	}
	for op, f := range functions {
		t.loop(op, engine.Complex64, engine.Complex64, unary(heavy, each(func(z complex64) complex64 { return complex64(f(complex128(z))) })))
		t.loop(op, engine.Complex128, engine.Complex128, unary(heavy, each(f)))
	}
	t.loop(engine.OpLogAddExp, engine.Complex64, engine.Complex64, binary(heavy, each2(complexLogAddExp[complex64])))
	t.loop(engine.OpLogAddExp, engine.Complex128, engine.Complex128, binary(heavy, each2(complexLogAddExp[complex128])))
}

// overI makes f(iz)/i of f: the sine of the hyperbolic sine, and back.
func overI(f func(complex128) complex128) func(complex128) complex128 {
	return func(z complex128) complex128 {
		w := f(complex(-imag(z), real(z)))
		return complex(imag(w), -real(w))
	}
}

// scaled is a times b, where a zero b wins over an infinite a.
func scaled(a, b float64) float64 {
	if b == 0 && math.IsInf(a, 0) {
		return math.Copysign(b, a) * signOf(b)
	}
	return a * b
}

// signOf is 1 with the number's sign.
func signOf(x float64) float64 { return math.Copysign(1, x) }

func complexExp(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case y == 0:
		return complex(math.Exp(x), y)
	case math.IsInf(x, -1) && (math.IsInf(y, 0) || math.IsNaN(y)):
		return complex(0, math.Copysign(0, y))
	case math.IsInf(x, 1) && (math.IsInf(y, 0) || math.IsNaN(y)):
		return complex(x, math.NaN())
	}
	r := math.Exp(x)
	sin, cos := math.Sincos(y)
	return complex(r*cos, r*sin)
}

// complexLog keeps the modulus exact near the unit circle, where its logarithm is small.
func complexLog(z complex128) complex128 {
	x, y := math.Abs(real(z)), math.Abs(imag(z))
	if x < y {
		x, y = y, x
	}
	r := 0.0
	switch {
	case math.IsInf(real(z), 0) || math.IsInf(imag(z), 0):
		r = math.Inf(1)
	case x > 0.5 && x < 2:
		r = math.Log1p(math.FMA(y, y, (x-1)*(x+1))) / 2
	default:
		r = math.Log(math.Hypot(x, y))
	}
	return complex(r, angle(imag(z), real(z)))
}

// complexLog2 scales the parts: a complex product would make NaN of an infinity.
func complexLog2(z complex128) complex128 {
	l := complexLog(z)
	return complex(real(l)/math.Ln2, imag(l)/math.Ln2)
}

func complexLog10(z complex128) complex128 {
	l := complexLog(z)
	return complex(real(l)/math.Ln10, imag(l)/math.Ln10)
}

// complexLog1p is log(1+z): |1+z|^2 - 1 is formed without cancellation.
func complexLog1p(z complex128) complex128 {
	x, y := real(z), imag(z)
	if math.Abs(x) > 0.5 || math.Abs(y) > 0.5 {
		return complexLog(complex(1+x, y))
	}
	return complex(math.Log1p(x*(2+x)+y*y)/2, math.Atan2(y, 1+x))
}

func complexLogAddExp[T complexNumber](x, y T) T {
	if lessComplex(x, y) {
		x, y = y, x
	}
	a, b := complex128(x), complex128(y)
	if math.IsInf(real(b), -1) || math.IsInf(real(a), 1) {
		return x
	}
	return T(a + complexLog1p(complexExp(b-a)))
}

func complexSinh(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case y == 0:
		return complex(math.Sinh(x), y)
	case x == 0 && (math.IsInf(y, 0) || math.IsNaN(y)):
		return complex(x, math.NaN())
	case math.IsInf(x, 0) && (math.IsInf(y, 0) || math.IsNaN(y)):
		return complex(x, math.NaN())
	}
	sin, cos := math.Sincos(y)
	return complex(scaled(cos, math.Sinh(x)), math.Cosh(x)*sin)
}

func complexCosh(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case y == 0:
		return complex(math.Cosh(x), signOf(x)*y)
	case x == 0 && (math.IsInf(y, 0) || math.IsNaN(y)):
		return complex(math.NaN(), x)
	case math.IsInf(x, 0) && (math.IsInf(y, 0) || math.IsNaN(y)):
		return complex(math.Inf(1), math.NaN())
	}
	sin, cos := math.Sincos(y)
	return complex(math.Cosh(x)*cos, scaled(sin, math.Sinh(x)))
}

func complexCos(z complex128) complex128 { return complexCosh(complex(-imag(z), real(z))) }

// complexTanh divides by what does not vanish beside the poles; far from the
// imaginary axis only the sign of the real part is left.
func complexTanh(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case math.IsInf(x, 0):
		if math.IsInf(y, 0) || math.IsNaN(y) {
			return complex(signOf(x), math.Copysign(0, y))
		}
		return complex(signOf(x), math.Copysign(0, math.Sin(2*y)))
	case y == 0:
		return complex(math.Tanh(x), y)
	case math.IsNaN(x) || math.IsInf(y, 0) || math.IsNaN(y):
		if x == 0 {
			return complex(x, math.NaN())
		}
		return cmplx.NaN()
	}
	sin, cos := math.Sincos(y)
	if math.Abs(x) > 40 {
		return complex(signOf(x), 4*sin*cos*math.Exp(-2*math.Abs(x)))
	}
	t, s := sin/cos, math.Sinh(x)
	beta := 1 + t*t
	d := 1 + beta*s*s
	return complex(beta*math.Sqrt(1+s*s)*s/d, t/d)
}

// arc is what the inverse sine and cosine of a number in the first quadrant are
// made of: the real parts of both, and the imaginary part that they share but for
// the sign. X+iy lies on an ellipse with the half axis a through the foci 1 and -1;
// what is small near the cut between or beyond them is formed without cancellation.
func arc(x, y float64) (sine, cosine, im float64) {
	r, s := math.Hypot(x+1, y), math.Hypot(x-1, y)
	a := (r + s) / 2
	ratio := x / a
	var below float64 // a*a - x*x over a + x
	if x <= 1 {
		below = (y*(y/(r+x+1)) + (s + (1 - x))) / 2
	} else {
		below = y * (y/(r+x+1) + y/(s+(x-1))) / 2
	}
	if ratio <= 0.6417 {
		sine, cosine = math.Asin(ratio), math.Acos(ratio)
	} else {
		root := math.Sqrt(a+x) * math.Sqrt(below)
		sine, cosine = math.Atan2(x, root), math.Atan2(root, x)
	}
	switch {
	case a > 1e16: // the square below may overflow, and 1 is lost beside it
		im = math.Log(a) + math.Ln2
	case a > 10:
		im = math.Log(a + math.Sqrt((a-1)*(a+1)))
	case x < 1:
		half := (1/(r+x+1) + 1/(s+(1-x))) / 2
		im = math.Log1p(y*y*half + y*math.Sqrt(half*(a+1)))
	default:
		more := (y*y/(r+x+1) + (s + (x - 1))) / 2
		im = math.Log1p(more + math.Sqrt(more*(a+1)))
	}
	return sine, cosine, im
}

func complexArcsin(z complex128) complex128 {
	x, y := real(z), imag(z)
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		switch {
		case x == 0:
			return complex(x, math.NaN())
		case math.IsInf(x, 0):
			return complex(math.NaN(), x)
		case math.IsInf(y, 0):
			return complex(math.NaN(), y)
		}
		return cmplx.NaN()
	case math.IsInf(x, 0) && math.IsInf(y, 0):
		return complex(math.Copysign(math.Pi/4, x), y)
	case math.IsInf(x, 0):
		return complex(math.Copysign(math.Pi/2, x), math.Copysign(x, y))
	case math.IsInf(y, 0):
		return complex(math.Copysign(0, x), y)
	}
	sine, _, im := arc(math.Abs(x), math.Abs(y))
	return complex(math.Copysign(sine, x), math.Copysign(im, y))
}

func complexArccos(z complex128) complex128 {
	x, y := real(z), imag(z)
	infinite := math.Copysign(math.Inf(1), -y)
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		switch {
		case x == 0:
			return complex(math.Pi/2, math.NaN())
		case math.IsInf(x, 0) || math.IsInf(y, 0):
			return complex(math.NaN(), infinite)
		}
		return cmplx.NaN()
	case math.IsInf(x, 0) || math.IsInf(y, 0):
		return complex(math.Atan2(math.Abs(y), x), infinite)
	}
	_, re, im := arc(math.Abs(x), math.Abs(y))
	if math.Signbit(x) {
		re = math.Pi - re
	}
	return complex(re, math.Copysign(im, -y))
}

// complexArccosh turns the inverse cosine by a quarter, to where the real part is
// not negative.
func complexArccosh(z complex128) complex128 {
	w := complexArccos(z)
	if math.IsNaN(real(w)) || math.IsNaN(imag(w)) {
		return complex(math.Abs(imag(w)), real(w))
	}
	return complex(math.Abs(imag(w)), math.Copysign(real(w), imag(z)))
}

func complexArctanh(z complex128) complex128 {
	x, y := math.Abs(real(z)), math.Abs(imag(z))
	re, im := 0.0, math.Pi/2
	switch {
	case math.IsInf(x, 0) || math.IsInf(y, 0):
		if math.IsInf(x, 0) && math.IsNaN(y) {
			im = math.NaN()
		}
	case math.IsNaN(x) || math.IsNaN(y):
		im = math.NaN()
		if x != 0 {
			re = im
		}
	case max(x, y) > 1e16: // 1 is lost beside it, and squares may overflow
		h := math.Hypot(x, y)
		re = x / h / h
	default:
		re = math.Log1p(4*x/((1-x)*(1-x)+y*y)) / 4
		im = math.Atan2(2*y, (1-x)*(1+x)-y*y) / 2
	}
	return complex(math.Copysign(re, real(z)), math.Copysign(im, imag(z)))
}

// complexSqrt gives NaN in both parts for a NaN.
func complexSqrt(z complex128) complex128 {
	if math.IsNaN(real(z)) && !math.IsInf(imag(z), 0) {
		return cmplx.NaN()
	}
	return cmplx.Sqrt(z)
}
