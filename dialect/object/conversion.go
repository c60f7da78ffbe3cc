package object

import (
	"context"
	"strconv"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// floatOf is float(x) for a number or a value that converts itself.
func floatOf(thread *starlark.Thread, x starlark.Value) (float64, error) {
	switch v := unwrap(x).(type) {
	case starlark.Float:
		if v == v || special(x, "__float__") == nil {
			return float64(v), nil
		}
	case starlark.Int, starlark.Bool:
		return toFloat(v)
	case HasConvert:
		c, err := v.Convert(thread, "float")
		if err != nil {
			return 0, err
		}
		if f, ok := c.(starlark.Float); ok {
			return float64(f), nil
		}
	}
	if fn := special(x, "__float__"); fn != nil {
		v, err := callBound(thread, fn, x)
		if err != nil {
			return 0, err
		}
		if f, ok := unwrap(v).(starlark.Float); ok {
			return float64(f), nil
		}
		return 0, Errorf(TypeError, "%s.__float__ returned non-float (type %s)", typeName(x), typeName(v))
	}
	if special(x, "__index__") != nil {
		i, err := Index(thread, x)
		if err != nil {
			return 0, err
		}
		return intToFloat(i)
	}
	return 0, Errorf(TypeError, "float() argument must be a string or a real number, not '%s'", typeName(x))
}

// intOf is int(x) for anything but a string.
func intOf(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	if fn := special(x, "__int__"); fn != nil {
		v, err := callBound(thread, fn, x)
		if err != nil {
			return nil, err
		}
		if i, ok := unwrap(v).(starlark.Int); ok {
			return i, nil
		}
		return nil, Errorf(TypeError, "__int__ returned non-int (type %s)", typeName(v))
	}
	switch v := unwrap(x).(type) {
	case starlark.Int:
		return v, nil
	case starlark.Bool:
		return boolInt(v), nil
	case starlark.Float:
		return number.Truncate(float64(v))
	case HasConvert:
		c, err := v.Convert(thread, "int")
		if c != nil || err != nil {
			return c, err
		}
	}
	for _, name := range []string{"__index__", "__trunc__"} {
		if fn := special(x, name); fn != nil {
			return callBound(thread, fn, x)
		}
	}
	return nil, Errorf(TypeError, "int() argument must be a string, a bytes-like object or a real number, not '%s'", typeName(x))
}

func floatFrom(s string, quote func(string) string) (float64, error) {
	f, err := number.ParseFloat(s, quote)
	return f, Raised(err)
}

func intFrom(s string, base, most int, long *number.Long, quote func(string) string) (starlark.Value, error) {
	i, err := number.ParseInt(s, base, most, long, quote)
	return i, Raised(err)
}

// intToFloat is float(i).
func intToFloat(i starlark.Int) (float64, error) {
	f, err := number.Float(i)
	return f, Raised(err)
}

// longInt is the number of bits from which writing an int may take milliseconds.
const longInt = 1 << 16

// decimalText writes an int.
func decimalText(thread *starlark.Thread, i starlark.Int) (string, error) {
	if n, small := i.Int64(); small {
		return strconv.FormatInt(n, 10), nil
	}
	if err := number.CheckDigits(i, IntDigits(thread)); err != nil {
		return "", Raised(err)
	}
	x := i.BigInt()
	if x.BitLen() < longInt {
		return x.String(), nil
	}
	if err := growDigits(thread, i); err != nil {
		return "", err
	}
	return AsideUntil(thread, func(ctx context.Context) (string, error) { return number.NewLong(ctx).Text(x) })
}

// IntDigits is the most decimal digits of an int that are written or read; 0 is no limit.
func IntDigits(thread *starlark.Thread) int {
	if b := BudgetOf(thread); b.digits != nil {
		return *b.digits
	}
	return number.DefaultDigits
}

// SetIntDigits sets what IntDigits gives.
func SetIntDigits(thread *starlark.Thread, n int) {
	b := BudgetOf(thread)
	if b.digits == nil {
		b.digits = new(int)
	}
	*b.digits = n
}
