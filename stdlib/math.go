package stdlib

import (
	"math"
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

func makeMath(*Modules) *native.Module {
	m := native.NewModule("math", "This module provides access to the mathematical functions\ndefined by the C standard.")
	for name, v := range map[string]float64{
		"pi": math.Pi, "e": math.E, "tau": 2 * math.Pi, "inf": math.Inf(1), "nan": math.NaN(),
	} {
		m.Members[name] = starlark.Float(v)
	}
	defineBrief(m, realFunctions(), mathFunctions)
	define(m, integerFunctions)
	return m
}

// realRow is a function of one real number.
type realRow struct {
	name, doc string
	f         func(float64) float64
	// pole tells that an infinite result of a finite argument is a domain error
	// rather than an overflow.
	pole bool
}

var realTable = []realRow{
	{"acos", "Return the arc cosine (measured in radians) of x.", math.Acos, false},
	{"acosh", "Return the inverse hyperbolic cosine of x.", math.Acosh, false},
	{"asin", "Return the arc sine (measured in radians) of x.", math.Asin, false},
	{"asinh", "Return the inverse hyperbolic sine of x.", math.Asinh, false},
	{"atan", "Return the arc tangent (measured in radians) of x.", math.Atan, false},
	{"atanh", "Return the inverse hyperbolic tangent of x.", math.Atanh, true},
	{"cbrt", "Return the cube root of x.", math.Cbrt, false},
	{"cos", "Return the cosine of x (measured in radians).", math.Cos, false},
	{"cosh", "Return the hyperbolic cosine of x.", math.Cosh, false},
	{"degrees", "Convert angle x from radians to degrees.", func(x float64) float64 { return x * (180 / math.Pi) }, false},
	{"erf", "Error function at x.", math.Erf, false},
	{"erfc", "Complementary error function at x.", math.Erfc, false},
	{"exp", "Return e raised to the power of x.", math.Exp, false},
	{"exp2", "Return 2 raised to the power of x.", math.Exp2, false},
	{"expm1", "Return exp(x)-1, precisely also for small x.", math.Expm1, false},
	{"fabs", "Return the absolute value of the float x.", math.Abs, false},
	{"gamma", "Gamma function at x.", gamma, true},
	{"lgamma", "Natural logarithm of absolute value of Gamma function at x.", func(x float64) float64 { v, _ := math.Lgamma(x); return v }, true},
	{"log1p", "Return the natural logarithm of 1+x (base e), accurate also for x near zero.", math.Log1p, true},
	{"radians", "Convert angle x from degrees to radians.", func(x float64) float64 { return x * (math.Pi / 180) }, false},
	{"sin", "Return the sine of x (measured in radians).", math.Sin, false},
	{"sinh", "Return the hyperbolic sine of x.", math.Sinh, false},
	{"sqrt", "Return the square root of x.", math.Sqrt, false},
	{"tan", "Return the tangent of x (measured in radians).", math.Tan, false},
	{"tanh", "Return the hyperbolic tangent of x.", math.Tanh, false},
	{"ulp", "Return the value of the least significant bit of the float x.", ulp, false},
}

// gamma has no value at zero and the negative integers.
func gamma(x float64) float64 {
	if x == 0 || x < 0 && x == math.Floor(x) || math.IsInf(x, -1) {
		return math.NaN()
	}
	return math.Gamma(x)
}

func ulp(x float64) float64 {
	x = math.Abs(x)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	next := math.Nextafter(x, math.Inf(1))
	if math.IsInf(next, 0) {
		return x - math.Nextafter(x, 0)
	}
	return next - x
}

func realFunctions() []function {
	rows := make([]function, len(realTable))
	for i, r := range realTable {
		rows[i] = function{r.name + "(x, /)", r.doc, func(c *call) (starlark.Value, error) {
			x := c.Float(0)
			if c.Err != nil {
				return nil, c.Err
			}
			if r.pole && r.name == "lgamma" && math.IsInf(x, 0) {
				return starlark.Float(math.Inf(1)), nil
			}
			return checked(r.f(x), r.pole, x)
		}}
	}
	return rows
}

// checked turns a result that is not finite, of arguments that are, into
// Python's errors.
func checked(v float64, pole bool, args ...float64) (starlark.Value, error) {
	if !math.IsNaN(v) && !math.IsInf(v, 0) {
		return starlark.Float(v), nil
	}
	nan, inf := false, false
	for _, x := range args {
		nan = nan || math.IsNaN(x)
		inf = inf || math.IsInf(x, 0)
	}
	switch {
	case math.IsNaN(v) && !nan:
		return nil, object.Errorf(object.ValueError, "math domain error")
	case math.IsInf(v, 0) && !inf && !nan && pole && !math.IsInf(args[0], 0) && isPole(args[0]):
		return nil, object.Errorf(object.ValueError, "math domain error")
	case math.IsInf(v, 0) && !inf && !nan:
		return nil, object.Errorf(object.OverflowError, "math range error")
	}
	return starlark.Float(v), nil
}

// isPole tells the arguments at which the functions of the table run to
// infinity: integers up to one. A large argument overflows instead.
func isPole(x float64) bool { return x <= 1 && x == math.Floor(x) }

var mathFunctions = []function{
	{"atan2(y, x, /)", "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both x and y are considered.", func(c *call) (starlark.Value, error) {
		y := c.Float(0)
		// Go's loses the sign where the quotient is too small for a number.
		return starlark.Float(math.Copysign(math.Atan2(y, c.Float(1)), y)), nil
	}},
	{"copysign(x, y, /)", "Return a float with the magnitude (absolute value) of x but the sign of y.", func(c *call) (starlark.Value, error) {
		return starlark.Float(math.Copysign(c.Float(0), c.Float(1))), nil
	}},
	{"fmod(x, y, /)", "Return fmod(x, y), according to platform C.\n\nx % y may differ.", func(c *call) (starlark.Value, error) {
		x, y := c.Float(0), c.Float(1)
		return checked(math.Mod(x, y), false, xUnlessInf(x), y)
	}},
	{"remainder(x, y, /)", "Difference between x and the closest integer multiple of y.", func(c *call) (starlark.Value, error) {
		x, y := c.Float(0), c.Float(1)
		return checked(math.Remainder(x, y), false, xUnlessInf(x), y)
	}},
	{"pow(x, y, /)", "Return x**y (x to the power of y).", mathPow},
	{"log(x, base=e, /)", "log(x, [base=math.e])\nReturn the logarithm of x to the given base.", mathLog},
	{"log2(x, /)", "Return the base 2 logarithm of x.", func(c *call) (starlark.Value, error) { return logOf(c, 0, math.Log2, math.Ln2) }},
	{"log10(x, /)", "Return the base 10 logarithm of x.", func(c *call) (starlark.Value, error) { return logOf(c, 0, math.Log10, math.Ln10) }},
	{"isnan(x, /)", "Return True if x is a NaN (not a number), and False otherwise.", func(c *call) (starlark.Value, error) {
		return starlark.Bool(math.IsNaN(c.Float(0))), nil
	}},
	{"isinf(x, /)", "Return True if x is a positive or negative infinity, and False otherwise.", func(c *call) (starlark.Value, error) {
		return starlark.Bool(math.IsInf(c.Float(0), 0)), nil
	}},
	{"isfinite(x, /)", "Return True if x is neither an infinity nor a NaN, and False otherwise.", func(c *call) (starlark.Value, error) {
		x := c.Float(0)
		return starlark.Bool(!math.IsInf(x, 0) && !math.IsNaN(x)), nil
	}},
	{"isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", "Determine whether two floating point numbers are close in value.", mathIsClose},
	{"floor(x, /)", "Return the floor of x as an Integral.", func(c *call) (starlark.Value, error) { return rounding(c, "__floor__", math.Floor) }},
	{"ceil(x, /)", "Return the ceiling of x as an Integral.", func(c *call) (starlark.Value, error) { return rounding(c, "__ceil__", math.Ceil) }},
	{"trunc(x, /)", "Truncates the Real x to the nearest Integral toward 0.", func(c *call) (starlark.Value, error) { return rounding(c, "__trunc__", math.Trunc) }},
	{"frexp(x, /)", "Return the mantissa and exponent of x, as pair (m, e).", func(c *call) (starlark.Value, error) {
		m, e := math.Frexp(c.Float(0))
		return starlark.Tuple{starlark.Float(m), starlark.MakeInt(e)}, nil
	}},
	{"ldexp(x, i, /)", "Return x * (2**i).", func(c *call) (starlark.Value, error) {
		x := c.Float(0)
		i := c.BigInt(1)
		e := 100000
		if i.IsInt64() && i.Int64() < 100000 {
			e = int(max(i.Int64(), -100000))
		} else if i.Sign() < 0 {
			e = -100000
		}
		return checked(math.Ldexp(x, e), false, x)
	}},
	{"modf(x, /)", "Return the fractional and integer parts of x.", func(c *call) (starlark.Value, error) {
		x := c.Float(0)
		if math.IsInf(x, 0) {
			return starlark.Tuple{starlark.Float(math.Copysign(0, x)), starlark.Float(x)}, nil
		}
		whole, frac := math.Modf(x)
		return starlark.Tuple{starlark.Float(math.Copysign(frac, x)), starlark.Float(whole)}, nil
	}},
	{"nextafter(x, y, /)", "Return the next floating-point value after x towards y.", func(c *call) (starlark.Value, error) {
		return starlark.Float(math.Nextafter(c.Float(0), c.Float(1))), nil
	}},
	{"hypot(*coordinates)", "Multidimensional Euclidean distance from the origin to a point.", func(c *call) (starlark.Value, error) {
		xs := make([]float64, len(c.Rest))
		for i, v := range c.Rest {
			xs[i] = c.ToFloat(v)
		}
		return starlark.Float(norm(xs)), nil
	}},
	{"dist(p, q, /)", "Return the Euclidean distance between two points p and q.", mathDist},
	{"fsum(seq, /)", "Return an accurate floating point sum of values in the iterable seq.", mathFsum},
	{"prod(iterable, /, *, start=1)", "Calculate the product of all the elements in the input iterable.", mathProd},
}

// xUnlessInf hides an infinite dividend, whose remainder is a domain error.
func xUnlessInf(x float64) float64 {
	if math.IsInf(x, 0) {
		return 1
	}
	return x
}

func mathPow(c *call) (starlark.Value, error) {
	x, y := c.Float(0), c.Float(1)
	if x == 0 && y < 0 && !math.IsInf(y, 0) {
		return nil, object.Errorf(object.ValueError, "math domain error")
	}
	return checked(math.Pow(x, y), false, x, y)
}

// logOf is a logarithm of an integer of any size or of a float. Ln is the
// natural logarithm of the base.
func logOf(c *call, i int, f func(float64) float64, ln float64) (starlark.Value, error) {
	if n, ok := object.Unwrap(c.Arg(i)).(starlark.Int); ok {
		if n.Sign() <= 0 {
			return nil, object.Errorf(object.ValueError, "math domain error")
		}
		if x := float64(n.Float()); !math.IsInf(x, 0) {
			return starlark.Float(f(x)), nil
		}
		mant := new(big.Float)
		exp := new(big.Float).SetInt(n.BigInt()).MantExp(mant)
		m, _ := mant.Float64()
		return starlark.Float(f(m) + float64(exp)*(math.Ln2/ln)), nil
	}
	x := c.Float(i)
	if c.Err == nil && (x <= 0 || math.IsInf(x, -1)) {
		return nil, object.Errorf(object.ValueError, "math domain error")
	}
	return starlark.Float(f(x)), nil
}

func mathLog(c *call) (starlark.Value, error) {
	num, err := logOf(c, 0, math.Log, 1)
	if err != nil || c.Err != nil || c.Arg(1) == nil {
		return num, err
	}
	den, err := logOf(c, 1, math.Log, 1)
	if err != nil || c.Err != nil {
		return nil, err
	}
	if den.(starlark.Float) == 0 {
		return nil, object.Errorf(object.ZeroDivisionError, "float division by zero")
	}
	return num.(starlark.Float) / den.(starlark.Float), nil
}

func mathIsClose(c *call) (starlark.Value, error) {
	a, b := c.Float(0), c.Float(1)
	rel, abs := c.FloatOr(2, 1e-9), c.FloatOr(3, 0)
	if rel < 0 || abs < 0 {
		return nil, object.Errorf(object.ValueError, "tolerances must be non-negative")
	}
	if a == b {
		return starlark.True, nil
	}
	if math.IsInf(a, 0) || math.IsInf(b, 0) {
		return starlark.False, nil
	}
	diff := math.Abs(b - a)
	return starlark.Bool(diff <= math.Abs(rel*b) || diff <= math.Abs(rel*a) || diff <= abs), nil
}

// rounding is floor, ceil or trunc: of an integer itself, else what the
// object's own method gives.
func rounding(c *call, method string, f func(float64) float64) (starlark.Value, error) {
	switch x := object.Unwrap(c.Arg(0)).(type) {
	case starlark.Float:
		return number.Truncate(f(float64(x)))
	case starlark.Int:
		return x, nil
	case starlark.Bool:
		return starlark.MakeBigInt(c.BigInt(0)), nil
	}
	if fn, err := object.GetAttr(c.Thread, c.Arg(0), method); err == nil {
		return c.Invoke(fn)
	}
	if method == "__trunc__" {
		return nil, object.Errorf(object.TypeError, "type %s doesn't define __trunc__ method", object.TypeName(c.Arg(0)))
	}
	x := c.Float(0)
	if c.Err != nil {
		return nil, c.Err
	}
	return number.Truncate(f(x))
}

// norm is the Euclidean length, without overflow of the squares.
func norm(xs []float64) float64 {
	largest, nan := 0.0, false
	for _, x := range xs {
		largest = max(largest, math.Abs(x))
		nan = nan || math.IsNaN(x)
		if math.IsInf(x, 0) {
			return math.Inf(1)
		}
	}
	if nan {
		return math.NaN()
	}
	if largest == 0 {
		return 0
	}
	if len(xs) == 2 {
		return math.Hypot(xs[0], xs[1])
	}
	_, e := math.Frexp(largest)
	sum := new(big.Float).SetPrec(256)
	for _, x := range xs {
		s := big.NewFloat(math.Ldexp(x, -e)).SetPrec(256)
		sum.Add(sum, s.Mul(s, s))
	}
	root, _ := sum.Sqrt(sum).Float64()
	return math.Ldexp(root, e)
}

func mathDist(c *call) (starlark.Value, error) {
	p, q := c.Items(0), c.Items(1)
	if c.Err != nil {
		return nil, c.Err
	}
	if len(p) != len(q) {
		return nil, object.Errorf(object.ValueError, "both points must have the same number of dimensions")
	}
	xs := make([]float64, len(p))
	for i := range p {
		xs[i] = c.ToFloat(p[i]) - c.ToFloat(q[i])
	}
	return starlark.Float(norm(xs)), nil
}

// mathFsum sums exactly and rounds once.
func mathFsum(c *call) (starlark.Value, error) {
	sum := new(big.Float).SetPrec(2200) // holds every float64 exactly, with room for carries
	special, pos, neg := 0.0, false, false
	for i, v := range c.Items(0) {
		if i%object.LongStep == 0 {
			if err := object.Steps(c.Thread, object.LongStep); err != nil {
				return nil, err
			}
		}
		x := c.ToFloat(v)
		switch {
		case c.Err != nil:
			return nil, c.Err
		case math.IsNaN(x):
			special = x
		case math.IsInf(x, 0):
			pos, neg = pos || x > 0, neg || x < 0
			if special == 0 {
				special = x
			}
		default:
			sum.Add(sum, big.NewFloat(x))
		}
	}
	if pos && neg {
		return nil, object.Errorf(object.ValueError, "-inf + inf in fsum")
	}
	if special != 0 {
		return starlark.Float(special), nil
	}
	f, _ := sum.Float64()
	if math.IsInf(f, 0) {
		return nil, object.Errorf(object.OverflowError, "intermediate overflow in fsum")
	}
	return starlark.Float(f), nil
}

func mathProd(c *call) (starlark.Value, error) {
	acc := c.ValueOr(1, starlark.MakeInt(1))
	for i, v := range c.Items(0) {
		if i%object.LongStep == 0 {
			if err := object.Steps(c.Thread, object.LongStep); err != nil {
				return nil, err
			}
		}
		var err error
		if acc, err = object.Binary(c.Thread, object.Mul, acc, v); err != nil {
			return nil, err
		}
	}
	return acc, nil
}
