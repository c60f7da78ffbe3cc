package object

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// Complex is Python's complex number.
type Complex complex128

var _ HasType = Complex(0)

func (c Complex) Type() string         { return "complex" }
func (c Complex) Freeze()              {}
func (c Complex) Truth() starlark.Bool { return c != 0 }

// PyType is complex.
func (c Complex) PyType() *Type { return ComplexType }

// Hash is that of the float where the imaginary part is zero, as 1 == 1+0j.
func (c Complex) Hash() (uint32, error) {
	h, err := starlark.Float(real(c)).Hash()
	if err != nil || imag(c) == 0 {
		return h, err
	}
	g, err := starlark.Float(imag(c)).Hash()
	return h ^ g*1000003, err
}

// String is Python's repr.
func (c Complex) String() string {
	re, im := real(c), imag(c)
	if re == 0 && !math.Signbit(re) {
		return number.ComplexPart(im) + "j"
	}
	s := number.ComplexPart(im)
	if s[0] != '-' {
		s = "+" + s
	}
	return "(" + number.ComplexPart(re) + s + "j)"
}

func toComplex(x starlark.Value) (Complex, error) {
	if c, ok := x.(Complex); ok {
		return c, nil
	}
	f, err := toFloat(x)
	return Complex(complex(f, 0)), err
}

func complexBinary(op Op, x, y Complex) (starlark.Value, error) {
	switch op {
	case Add:
		return x + y, nil
	case Sub:
		return x - y, nil
	case Mul:
		return x * y, nil
	case Div:
		if y == 0 {
			return nil, Errorf(ZeroDivisionError, "complex division by zero")
		}
		return x / y, nil
	case Pow:
		return complexPower(x, y)
	}
	return nil, nil
}

func complexPower(x, y Complex) (starlark.Value, error) {
	if y == 0 {
		return Complex(1), nil
	}
	if x == 0 {
		if imag(y) != 0 || real(y) < 0 {
			return nil, Errorf(ZeroDivisionError, "0.0 to a negative or complex power")
		}
		return Complex(0), nil
	}
	if n := real(y); imag(y) == 0 && n == math.Trunc(n) && math.Abs(n) <= 100 {
		r, b := complex128(1), complex128(x)
		for k := int(math.Abs(n)); k > 0; k >>= 1 {
			if k&1 == 1 {
				r *= b
			}
			b *= b
		}
		if n < 0 {
			r = 1 / r
		}
		return Complex(r), nil
	}
	size, angle := math.Hypot(real(x), imag(x)), math.Atan2(imag(x), real(x))
	length, phase := number.Power(size, real(y)), angle*real(y)
	if imag(y) != 0 {
		length *= number.Exp(-angle * imag(y))
		phase += imag(y) * number.Log(size)
	}
	return Complex(complex(length*number.Cos(phase), length*number.Sin(phase))), nil
}

// UnaryOperator is -c and +c.
func (c Complex) UnaryOperator(_ *starlark.Thread, op Op) (starlark.Value, error) {
	switch op {
	case Neg:
		return -c, nil
	case Pos:
		return c, nil
	}
	return nil, nil
}
