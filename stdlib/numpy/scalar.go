package numpy

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// scalar is a numpy scalar: a Python number with a dtype.
type scalar struct {
	m *Library
	d engine.Dtype
	v starlark.Value // Bool, Int, Float or Complex, as the dtype rounds it
}

var (
	_ starlark.HasAttrs  = (*scalar)(nil)
	_ object.HasOperator = (*scalar)(nil)
	_ object.HasCompare  = (*scalar)(nil)
	_ object.HasUnary    = (*scalar)(nil)
	_ object.HasTruth    = (*scalar)(nil)
	_ object.HasItems    = (*scalar)(nil)
	_ object.HasFormat   = (*scalar)(nil)
	_ object.HasStr      = (*scalar)(nil)
	_ object.HasConvert  = (*scalar)(nil)
	_ object.HasNumber   = (*scalar)(nil)
	_ object.HasRound    = (*scalar)(nil)
	_ object.HasType     = (*scalar)(nil)
)

func (s *scalar) String() string        { return s.repr() }
func (s *scalar) Type() string          { return s.PyType().Name() }
func (s *scalar) Freeze()               {}
func (s *scalar) Truth() starlark.Bool  { return s.v.Truth() }
func (s *scalar) Hash() (uint32, error) { return object.Hash(nil, s.v) }

// PyType is the scalar type of the dtype.
func (s *scalar) PyType() *object.Type { return s.m.types.scalar[s.d] }

// PyNumber is the Python number that the scalar is.
func (s *scalar) PyNumber() starlark.Value { return s.v }

// RoundTo is round(x, digits).
func (s *scalar) RoundTo(thread *starlark.Thread, digits int) (starlark.Value, error) {
	fn, err := s.m.member(thread, "round")
	if err != nil {
		return nil, err
	}
	return object.Call(thread, fn, starlark.Tuple{s, starlark.MakeInt(digits)}, nil)
}

// TruthValue is whether it is not zero.
func (s *scalar) TruthValue(thread *starlark.Thread) (bool, error) {
	return object.Truth(thread, s.v)
}

// text is the number as NumPy writes it: as short as its dtype allows.
func (s *scalar) text() string {
	switch v := s.v.(type) {
	case starlark.Float:
		return floatText(float64(v), s.d)
	case object.Complex:
		re, im := floatText(real(complex128(v)), s.d.Real()), floatText(imag(complex128(v)), s.d.Real())
		re, im = strings.TrimSuffix(re, ".0"), strings.TrimSuffix(im, ".0")
		if real(complex128(v)) == 0 && !math.Signbit(real(complex128(v))) {
			return im + "j"
		}
		if !strings.HasPrefix(im, "-") {
			im = "+" + im
		}
		return "(" + re + im + "j)"
	case starlark.Bool:
		if v {
			return "True"
		}
		return "False"
	}
	return s.v.String()
}

// floatText is the shortest text that reads back as the number in its dtype.
func floatText(f float64, d engine.Dtype) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f == 0:
		if math.Signbit(f) {
			return "-0.0"
		}
		return "0.0"
	}
	digits, exp := digitsNeeded(math.Abs(f), d)
	sign := ""
	if f < 0 {
		sign = "-"
	}
	if a := math.Abs(f); a >= positionalLimit(d) || a < 1e-4 {
		s := digits[:1]
		if len(digits) > 1 {
			s += "." + digits[1:]
		}
		return sign + s + exponentText(exp-1)
	}
	return sign + positional(digits, exp, 1)
}

// positionalLimit is the number from which scalars of a dtype have exponents.
func positionalLimit(d engine.Dtype) float64 {
	switch d {
	case engine.Float16:
		return 1e3
	case engine.Float32:
		return 1e6
	}
	return 1e16
}

// digitsNeeded are the fewest decimal digits that tell a positive number from its
// neighbours in the dtype; the number is 0.digits times ten to the power of exp.
func digitsNeeded(f float64, d engine.Dtype) (digits string, exp int) {
	s := shortest(f, d)
	mantissa, power, _ := strings.Cut(s, "e")
	exp, _ = strconv.Atoi(power)
	return strings.Replace(mantissa, ".", "", 1), exp + 1
}

func shortest(f float64, d engine.Dtype) string {
	switch d {
	case engine.Float32:
		return strconv.FormatFloat(f, 'e', -1, 32)
	case engine.Float16:
		for n := range 6 {
			s := strconv.FormatFloat(f, 'e', n, 64)
			back, _ := strconv.ParseFloat(s, 64)
			if float64(engine.Float16Value(engine.Float16Bits(float32(back)))) == f {
				return s
			}
		}
	}
	return strconv.FormatFloat(f, 'e', -1, 64)
}

// positional writes 0.digits times ten to the power of exp without an exponent,
// with at least the given number of fractional digits.
func positional(digits string, exp, fraction int) string {
	whole, rest := "0", ""
	switch {
	case exp <= 0:
		rest = strings.Repeat("0", -exp) + digits
	case exp >= len(digits):
		whole = digits + strings.Repeat("0", exp-len(digits))
	default:
		whole, rest = digits[:exp], digits[exp:]
	}
	for len(rest) < fraction {
		rest += "0"
	}
	return whole + "." + rest
}

func exponentText(e int) string {
	sign := "+"
	if e < 0 {
		sign, e = "-", -e
	}
	s := strconv.Itoa(e)
	if len(s) < 2 {
		s = "0" + s
	}
	return "e" + sign + s
}

func (s *scalar) repr() string {
	if s.d == engine.Bool {
		return "np." + s.text() + "_"
	}
	t := s.text()
	if s.d.IsComplex() {
		t = strings.TrimSuffix(strings.TrimPrefix(t, "("), ")")
	}
	return "np." + s.d.String() + "(" + t + ")"
}

// Str is the number.
func (s *scalar) Str(*starlark.Thread) (string, error) { return s.text(), nil }

// Repr is the number as an expression.
func (s *scalar) Repr(*starlark.Thread) (string, error) { return s.repr(), nil }

// Format is the Python number's.
func (s *scalar) Format(thread *starlark.Thread, spec string) (string, error) {
	if spec == "" {
		return s.text(), nil
	}
	return object.Format(thread, s.v, spec)
}

// Convert serves int, float, complex, index, abs and round.
func (s *scalar) Convert(thread *starlark.Thread, what string) (starlark.Value, error) {
	switch what {
	case "index":
		if s.d.IsInteger() {
			return s.v, nil
		}
		return nil, object.Errorf(object.TypeError, "'numpy.%s' object cannot be interpreted as an integer", s.PyType().Name())
	case "int":
		switch v := s.v.(type) {
		case starlark.Float:
			return number.Truncate(float64(v))
		case starlark.Bool:
			return object.Index(thread, v)
		}
		return s.v, nil
	case "float":
		f, err := native.AsFloat(thread, s.v)
		return starlark.Float(f), err
	case "complex":
		if z, ok := s.v.(object.Complex); ok {
			return z, nil
		}
		f, err := native.AsFloat(thread, s.v)
		return object.Complex(complex(f, 0)), err
	case "abs":
		return s.m.applyUfunc(thread, "absolute", s)
	case "round":
		v, err := s.m.applyUfunc(thread, "rint", s)
		if err != nil {
			return nil, err
		}
		return v.(*scalar).Convert(thread, "int")
	}
	return nil, nil
}

// quick computes the commonest operators of two float64 numbers without the
// engine.
func (s *scalar) quick(op object.Op, other starlark.Value, side starlark.Side) starlark.Value {
	x, ok := s.v.(starlark.Float)
	if !ok || s.d != engine.Float64 {
		return nil
	}
	var y float64
	switch o := other.(type) {
	case starlark.Float:
		y = float64(o)
	case starlark.Int:
		n, ok := o.Int64()
		if !ok || n != int64(float64(n)) {
			return nil
		}
		y = float64(n)
	case *scalar:
		f, ok := o.v.(starlark.Float)
		if !ok {
			return nil
		}
		y = float64(f)
	default:
		return nil
	}
	a, b := float64(x), y
	if side == starlark.Right {
		a, b = b, a
	}
	switch op {
	case object.Add:
		a += b
	case object.Sub:
		a -= b
	case object.Mul:
		a *= b
	case object.Div:
		a /= b
	default:
		return nil
	}
	return &scalar{s.m, engine.Float64, starlark.Float(a)}
}

// Operator is x op y.
func (s *scalar) Operator(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	if v := s.quick(op, other, side); v != nil {
		return v, nil
	}
	return s.m.operator(thread, op, s, other, side)
}

// RichCompare compares with numbers and arrays.
func (s *scalar) RichCompare(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	return s.m.compare(thread, op, s, other)
}

// UnaryOperator is -x, +x and ~x.
func (s *scalar) UnaryOperator(thread *starlark.Thread, op object.Op) (starlark.Value, error) {
	return s.m.unary(thread, op, s)
}

// GetItem lets x[()] and x[...] through.
func (s *scalar) GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	return s.m.try(thread, func(p *np) starlark.Value {
		if t, ok := key.(starlark.Tuple); !(ok && len(t) == 0) && key != object.Ellipsis && key != starlark.None {
			p.fail(object.IndexError, "invalid index to scalar variable.")
		}
		return p.get(p.array(s, 0), key)
	})
}

// Attr gives what a 0-d array has.
func (s *scalar) Attr(name string) (starlark.Value, error) {
	if name == "is_integer" || name == "as_integer_ratio" || name == "hex" {
		if s.d == engine.Float64 {
			return object.GetAttr(nil, s.v, name)
		}
		if f, ok := s.v.(starlark.Float); ok && name != "hex" {
			return object.GetAttr(nil, f, name)
		}
	}
	if name == "bit_count" && s.d.IsInteger() {
		return object.GetAttr(nil, s.v, name)
	}
	return s.m.zeroD(s, name)
}

// zeroD reads an attribute of a scalar as its 0-d array has it.
func (m *Library) zeroD(s *scalar, name string) (starlark.Value, error) {
	return m.try(nil, func(p *np) starlark.Value {
		a := p.array(s, 0)
		v, err := a.Attr(name)
		p.check(err)
		if v != nil {
			return unwrap0(v)
		}
		if fn, ok := m.types.ndarray.Attrs().Get(name); ok {
			return &bound{name, fn, a}
		}
		return nil
	})
}

// bound is a method of the 0-d array that a scalar stands for.
type bound struct {
	name string
	fn   starlark.Value
	self *ndarray
}

var _ starlark.Callable = (*bound)(nil)

func (b *bound) Name() string          { return b.name }
func (b *bound) String() string        { return "<built-in method " + b.name + " of numpy scalar>" }
func (b *bound) Type() string          { return "builtin_function_or_method" }
func (b *bound) Freeze()               {}
func (b *bound) Truth() starlark.Bool  { return true }
func (b *bound) Hash() (uint32, error) { return starlark.String(b.name).Hash() }

// CallInternal calls the method.
func (b *bound) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	v, err := object.Call(thread, b.fn, append(starlark.Tuple{b.self}, args...), kwargs)
	return unwrap0(v), err
}

// unwrap0 is a scalar for a 0-d array.
func unwrap0(v starlark.Value) starlark.Value {
	if a, ok := v.(*ndarray); ok {
		return a.result()
	}
	return v
}

// AttrNames lists what a 0-d array has.
func (s *scalar) AttrNames() []string {
	return append((&ndarray{m: s.m}).AttrNames(), s.m.types.ndarray.Attrs().Names()...)
}

// newScalar converts a Python number to a dtype, as a numpy scalar.
func (p *np) newScalar(v starlark.Value, d engine.Dtype) *scalar {
	a := p.filled(v, d, nil)
	return a.scalar(a.offset)
}

// intRange is the range of an integer dtype.
func intRange(d engine.Dtype) (low, high *big.Int) {
	bits := uint(d.Size() * 8)
	one := big.NewInt(1)
	if d.IsUnsigned() {
		return new(big.Int), new(big.Int).Sub(new(big.Int).Lsh(one, bits), one)
	}
	half := new(big.Int).Lsh(one, bits-1)
	return new(big.Int).Neg(half), new(big.Int).Sub(half, one)
}
