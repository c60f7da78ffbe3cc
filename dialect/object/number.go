package object

import (
	"context"
	"math"
	"math/big"
	"math/bits"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// maxIntBits bounds the size of an integer that a shift or a power makes.
const maxIntBits = 1 << 27

func isNumber(x starlark.Value) bool {
	switch x.(type) {
	case starlark.Int, starlark.Float, starlark.Bool, Complex:
		return true
	}
	return false
}

// numberBinary is arithmetic on numbers of any two kinds.
func numberBinary(thread *starlark.Thread, op Op, x, y starlark.Value) (starlark.Value, error) {
	if a, ok := x.(starlark.Bool); ok {
		if b, ok := y.(starlark.Bool); ok {
			switch op {
			case And:
				return a && b, nil
			case Or:
				return a || b, nil
			case Xor:
				return starlark.Bool(a != b), nil
			}
		}
		x = boolInt(a)
	}
	if b, ok := y.(starlark.Bool); ok {
		y = boolInt(b)
	}
	a, okx := x.(starlark.Int)
	b, oky := y.(starlark.Int)
	if okx && oky {
		v, err := intBinary(thread, op, a, b)
		if op == MatMul {
			return nil, nil
		}
		return v, err
	}
	_, cx := x.(Complex)
	_, cy := y.(Complex)
	if cx || cy {
		c, err := toComplex(x)
		if err != nil {
			return nil, err
		}
		d, err := toComplex(y)
		if err != nil {
			return nil, err
		}
		return complexBinary(op, c, d)
	}
	f, err := toFloat(x)
	if err != nil {
		return nil, err
	}
	g, err := toFloat(y)
	if err != nil {
		return nil, err
	}
	return floatBinary(op, f, g)
}

func toFloat(x starlark.Value) (float64, error) {
	switch x := x.(type) {
	case starlark.Float:
		return float64(x), nil
	case starlark.Int:
		return intToFloat(x)
	case starlark.Bool:
		if x {
			return 1, nil
		}
		return 0, nil
	}
	return 0, Errorf(TypeError, "must be real number, not %s", typeName(x))
}

func intBinary(thread *starlark.Thread, op Op, x, y starlark.Int) (starlark.Value, error) {
	switch op {
	case Add:
		return charged(thread, x.Add(y))
	case Sub:
		return charged(thread, x.Sub(y))
	case Mul, Div, FloorDiv, Mod:
		_, small := x.Int64()
		if _, alsoSmall := y.Int64(); !small || !alsoSmall {
			return longBinary(thread, op, x, y)
		}
		return intProduct(op, x, y)
	case Pow:
		return intPower(thread, x, y)
	case LShift, RShift:
		return intShift(thread, op, x, y)
	case And:
		return charged(thread, x.And(y))
	case Or:
		return charged(thread, x.Or(y))
	case Xor:
		return charged(thread, x.Xor(y))
	}
	return nil, unsupportedOperands(op.String(), op, x, y)
}

// charged charges an int for the room and the time that it took. That is enough where an
// operation makes one that is hardly longer than its operands.
func charged(thread *starlark.Thread, v starlark.Int) (starlark.Value, error) {
	if _, small := v.Int64(); small {
		return v, nil
	}
	if n := intBits(v); n >= asideBits {
		if err := Grow(thread, int64(n/8)); err != nil {
			return nil, err
		}
		if err := Steps(thread, n/64/LongStep); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// intProduct multiplies and divides.
func intProduct(op Op, x, y starlark.Int) (starlark.Value, error) {
	switch op {
	case Mul:
		return x.Mul(y), nil
	case Div:
		return intDivide(x, y)
	case FloorDiv:
		if y.Sign() == 0 {
			return nil, Errorf(ZeroDivisionError, "integer division or modulo by zero")
		}
		return x.Div(y), nil
	}
	if y.Sign() == 0 {
		return nil, Errorf(ZeroDivisionError, "integer modulo by zero")
	}
	return x.Mod(y), nil
}

// asideBits is the size of operands from which arithmetic on integers may take
// milliseconds.
const asideBits = 1 << 18

// longBinary is intProduct where no machine word holds one of the two.
func longBinary(thread *starlark.Thread, op Op, x, y starlark.Int) (starlark.Value, error) {
	bits := intBits(x) + intBits(y)
	if op == Mul && bits > maxIntBits {
		return nil, Errorf(MemoryError, "multiply ints: result above %d bits", maxIntBits)
	}
	if bits < asideBits {
		return intProduct(op, x, y)
	}
	if err := Grow(thread, int64(bits/8)); err != nil {
		return nil, err
	}
	_, small := x.Int64()
	if _, alsoSmall := y.Int64(); (small || alsoSmall) && op != Div {
		if err := Steps(thread, bits/64/LongStep); err != nil {
			return nil, err
		}
		return intProduct(op, x, y)
	}
	if op != Mul && y.Sign() == 0 {
		return intProduct(op, x, y) // which fails
	}
	return AsideUntil(thread, func(ctx context.Context) (starlark.Value, error) {
		l, a, b := number.NewLong(ctx), x.BigInt(), y.BigInt()
		switch op {
		case Mul:
			return longResult(l.Mul(a, b))
		case Div:
			return longDivide(l, a, b)
		}
		q, r, err := l.DivMod(a, b)
		if op == Mod {
			q = r
		}
		return longResult(q, err)
	})
}

// longResult makes an int of what came of long arithmetic.
func longResult(n *big.Int, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	return starlark.MakeBigInt(n), nil
}

// intDivide is the true quotient, rounded once.
func intDivide(x, y starlark.Int) (starlark.Value, error) {
	if y.Sign() == 0 {
		return nil, Errorf(ZeroDivisionError, "division by zero")
	}
	a, oka := x.Int64()
	b, okb := y.Int64()
	const exact = 1 << 53
	if oka && okb && -exact <= a && a <= exact && -exact <= b && b <= exact {
		return starlark.Float(float64(a) / float64(b)), nil
	}
	return longDivide(number.NewLong(context.Background()), x.BigInt(), y.BigInt())
}

// quotientBits are more than a float has, and what rounding needs besides.
const quotientBits = 66

// longDivide is intDivide of any numbers but 0 below: of as many digits of the quotient as
// decide how it is rounded.
func longDivide(l *number.Long, x, y *big.Int) (starlark.Value, error) {
	shift := quotientBits - (x.BitLen() - y.BitLen())
	a, b := new(big.Int).Abs(x), new(big.Int).Abs(y)
	if shift >= 0 {
		a.Lsh(a, uint(shift))
	} else {
		b.Lsh(b, uint(-shift))
	}
	q, r, err := l.QuoRem(a, b)
	if err != nil {
		return nil, err
	}
	if r.Sign() != 0 {
		q.SetBit(q, 0, 1)
	}
	quotient := new(big.Float).SetInt(q)
	f, _ := quotient.SetMantExp(quotient, -shift).Float64()
	if math.IsInf(f, 0) {
		return nil, Errorf(OverflowError, "integer division result too large for a float")
	}
	if (x.Sign() < 0) != (y.Sign() < 0) && x.Sign() != 0 {
		f = -f
	}
	return starlark.Float(f), nil
}

func intPower(thread *starlark.Thread, x, y starlark.Int) (starlark.Value, error) {
	if y.Sign() < 0 {
		if x.Sign() == 0 {
			return nil, Errorf(ZeroDivisionError, "0.0 cannot be raised to a negative power")
		}
		f, err := intToFloat(x)
		if err != nil {
			return nil, err
		}
		g, err := intToFloat(y)
		if err != nil {
			return nil, err
		}
		return floatPower(f, g)
	}
	n, ok := y.Int64()
	base, small := x.Int64()
	if small && -1 <= base && base <= 1 {
		if base == -1 && y.And(starlark.MakeInt(1)).Sign() == 0 {
			base = 1
		}
		if y.Sign() == 0 {
			base = 1
		}
		return starlark.MakeInt64(base), nil
	}
	b := x.BigInt()
	if !ok || n > maxIntBits/int64(b.BitLen()) {
		return nil, Errorf(MemoryError, "raise %d-bit int to power %s: result above %d bits", b.BitLen(), y, maxIntBits)
	}
	bits := int64(b.BitLen()) * n
	if bits < asideBits {
		return starlark.MakeBigInt(b.Exp(b, big.NewInt(n), nil)), nil
	}
	if err := Grow(thread, bits/8); err != nil {
		return nil, err
	}
	return AsideUntil(thread, func(ctx context.Context) (starlark.Value, error) {
		return longResult(number.NewLong(ctx).Exp(b, n))
	})
}

func intShift(thread *starlark.Thread, op Op, x, y starlark.Int) (starlark.Value, error) {
	if y.Sign() < 0 {
		return nil, Errorf(ValueError, "negative shift count")
	}
	n, ok := y.Int64()
	if op == RShift {
		if !ok || n >= maxIntBits && int64(intBits(x)) <= n {
			if x.Sign() < 0 {
				return starlark.MakeInt(-1), nil
			}
			return starlark.MakeInt(0), nil
		}
		return charged(thread, x.Rsh(uint(n)))
	}
	if x.Sign() == 0 {
		return x, nil
	}
	length := int64(intBits(x))
	if !ok || n > maxIntBits || length+n > maxIntBits+64 {
		return nil, Errorf(MemoryError, "shift int left by %s: result above %d bits", y, maxIntBits)
	}
	if err := Grow(thread, (length+n)/8); err != nil {
		return nil, err
	}
	return x.Lsh(uint(n)), nil
}

func intUnary(thread *starlark.Thread, op Op, x starlark.Int) (starlark.Value, error) {
	switch op {
	case Neg:
		return charged(thread, starlark.MakeInt(0).Sub(x))
	case Pos:
		return x, nil
	case Invert:
		return charged(thread, x.Not())
	}
	return nil, Errorf(TypeError, "bad operand type for unary %s: 'int'", op)
}

// floatBinary is arithmetic on floats; nil means the operator is undefined for them.
func floatBinary(op Op, x, y float64) (starlark.Value, error) {
	switch op {
	case Add:
		return starlark.Float(x + y), nil
	case Sub:
		return starlark.Float(x - y), nil
	case Mul:
		return starlark.Float(x * y), nil
	case Div:
		if y == 0 {
			return nil, Errorf(ZeroDivisionError, "float division by zero")
		}
		return starlark.Float(x / y), nil
	case FloorDiv:
		if y == 0 {
			return nil, Errorf(ZeroDivisionError, "float floor division by zero")
		}
		q, _ := number.Divmod(x, y)
		return starlark.Float(q), nil
	case Mod:
		if y == 0 {
			return nil, Errorf(ZeroDivisionError, "float modulo")
		}
		_, r := number.Divmod(x, y)
		return starlark.Float(r), nil
	case Pow:
		return floatPower(x, y)
	}
	return nil, nil
}

func floatPower(x, y float64) (starlark.Value, error) {
	if x == 0 && y < 0 {
		return nil, Errorf(ZeroDivisionError, "0.0 cannot be raised to a negative power")
	}
	if x < 0 && !math.IsInf(x, 0) && !math.IsInf(y, 0) && !math.IsNaN(y) && y != math.Trunc(y) {
		return complexBinary(Pow, Complex(complex(x, 0)), Complex(complex(y, 0)))
	}
	r := number.Power(x, y)
	if math.IsInf(r, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
		return nil, NewException(OverflowError, starlark.MakeInt(34), starlark.String("Numerical result out of range"))
	}
	return starlark.Float(r), nil
}

func repeatString(s string, n int) string { return strings.Repeat(s, n) }

// AsIndex is operator.index(x) as a Go int.
func AsIndex(thread *starlark.Thread, x starlark.Value) (int, error) {
	i, err := Index(thread, x)
	if err != nil {
		return 0, err
	}
	n, ok := i.Int64()
	if !ok || bits.UintSize == 32 && int64(int(n)) != n {
		return 0, Errorf(OverflowError, "Python int too large to convert to C ssize_t")
	}
	return int(n), nil
}

// Index is operator.index(x): the integer that x stands for.
func Index(thread *starlark.Thread, x starlark.Value) (starlark.Int, error) {
	switch v := unwrap(x).(type) {
	case starlark.Int:
		return v, nil
	case starlark.Bool:
		return boolInt(v), nil
	case HasConvert:
		c, err := v.Convert(thread, "index")
		if err != nil {
			return starlark.Int{}, err
		}
		if i, ok := c.(starlark.Int); ok {
			return i, nil
		}
	}
	if fn := special(x, "__index__"); fn != nil {
		v, err := callBound(thread, fn, x)
		if err != nil {
			return starlark.Int{}, err
		}
		if i, ok := unwrap(v).(starlark.Int); ok {
			return i, nil
		}
		return starlark.Int{}, Errorf(TypeError, "__index__ returned non-int (type %s)", typeName(v))
	}
	return starlark.Int{}, Errorf(TypeError, "'%s' object cannot be interpreted as an integer", typeName(x))
}

func boolInt(b starlark.Bool) starlark.Int {
	if b {
		return starlark.MakeInt(1)
	}
	return starlark.MakeInt(0)
}
