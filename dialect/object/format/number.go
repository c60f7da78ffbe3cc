package format

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/fault"
	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// Number assembles sign, prefix, digits and tail, grouped and padded.
func (f *Spec) Number(negative bool, prefix, digits, tail string, group int) string {
	sign := ""
	switch {
	case negative:
		sign = "-"
	case f.Sign == '+' || f.Sign == ' ':
		sign = string(f.Sign)
	}
	head := sign + prefix
	align := f.alignOr('>')
	if f.grouping != 0 {
		least := 0
		if align == '=' && f.Fill == '0' {
			least = f.Width - len(head) - len(tail)
		}
		digits = grouped(digits, f.grouping, group, least)
	}
	if align != '=' {
		return f.Pad(head+digits+tail, align)
	}
	n := len(head) + len(digits) + len(tail)
	if f.Width <= n {
		return head + digits + tail
	}
	return head + strings.Repeat(string(f.Fill), f.Width-n) + digits + tail
}

// grouped inserts the separator, zeros in front filling up to least characters.
func grouped(digits string, sep byte, group, least int) string {
	n := len(digits)
	size := func(n int) int { return n + (n-1)/group }
	if n == 0 {
		return digits
	}
	for size(n) < least {
		n++
	}
	digits = strings.Repeat("0", n-len(digits)) + digits
	b := make([]byte, 0, size(n))
	for i := 0; i < n; i++ {
		if i > 0 && (n-i)%group == 0 {
			b = append(b, sep)
		}
		b = append(b, digits[i])
	}
	return string(b)
}

// Bases has the presentations of ints: base, prefix of the alternate form, digits to a
// group.
var Bases = map[byte]struct {
	Base   int
	Prefix string
	group  int
}{
	0: {10, "", 3}, 'd': {10, "", 3}, 'n': {10, "", 3},
	'b': {2, "0b", 4}, 'o': {8, "0o", 4}, 'x': {16, "0x", 4}, 'X': {16, "0X", 4},
}

// Int is format(i, spec) for an int; typ names its type in errors.
func Int(i starlark.Int, f *Spec, typ string) (string, error) {
	if f.Verb == 'c' {
		return formatChar(i, f)
	}
	if strings.IndexByte("eEfFgG%", f.Verb) >= 0 && f.Verb != 0 {
		x, err := number.Float(i)
		if err != nil {
			return "", err
		}
		return Float(x, f, typ)
	}
	row, ok := Bases[f.Verb]
	switch {
	case !ok:
		return "", unknownCode(f.Verb, typ)
	case f.Precision >= 0:
		return "", fault.Errorf(fault.ValueError, "Precision not allowed in integer format specifier")
	case f.noNegZero:
		return "", fault.Errorf(fault.ValueError, "Negative zero coercion (z) not allowed in integer format specifier")
	}
	digits := ""
	if _, small := i.Int64(); small || row.Base != 10 || f.Decimal == nil {
		digits = Digits(i, row.Base)
	} else {
		var err error
		if digits, err = f.Decimal(i); err != nil {
			return "", err
		}
	}
	negative := digits[0] == '-'
	digits = strings.TrimPrefix(digits, "-")
	if f.Verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	prefix := ""
	if f.Alternate {
		prefix = row.Prefix
	}
	return f.Number(negative, prefix, digits, "", row.group), nil
}

// Digits writes an int in a base of 2 to 36.
func Digits(i starlark.Int, base int) string {
	if n, ok := i.Int64(); ok {
		return strconv.FormatInt(n, base)
	}
	return i.BigInt().Text(base)
}

func formatChar(i starlark.Int, f *Spec) (string, error) {
	switch {
	case f.Sign != 0:
		return "", fault.Errorf(fault.ValueError, "Sign not allowed with integer format specifier 'c'")
	case f.Alternate:
		return "", fault.Errorf(fault.ValueError, "Alternate form (#) not allowed with integer format specifier 'c'")
	case f.Precision >= 0:
		return "", fault.Errorf(fault.ValueError, "Precision not allowed in integer format specifier")
	case f.noNegZero:
		return "", fault.Errorf(fault.ValueError, "Negative zero coercion (z) not allowed in integer format specifier")
	}
	n, ok := i.Int64()
	if !ok || n < 0 || n > utf8.MaxRune {
		return "", fault.Errorf(fault.OverflowError, "%%c arg not in range(0x110000)")
	}
	align := f.alignOr('<')
	if align == '=' {
		align = '>'
	}
	return f.Pad(string(rune(n)), align), nil
}

// Float is format(x, spec) for a float; typ names its type in errors.
func Float(x float64, f *Spec, typ string) (string, error) {
	verb := f.Verb
	switch verb {
	case 0, 'e', 'E', 'f', 'F', 'g', 'G', '%':
	case 'n':
		verb = 'g'
	default:
		return "", unknownCode(verb, typ)
	}
	tail := ""
	if verb == '%' {
		x *= 100
		tail = "%"
	}
	digits := floatText(math.Abs(x), verb, f.Precision, f.Alternate)
	negative := math.Signbit(x) && !math.IsNaN(x)
	if negative && f.noNegZero && strings.Trim(digits, "0.e+-") == "" {
		negative = false
	}
	whole := len(digits)
	if !math.IsInf(x, 0) && !math.IsNaN(x) {
		if i := strings.IndexAny(digits, ".eE"); i >= 0 {
			whole = i
		}
	} else if f.grouping != 0 {
		plain := *f
		plain.grouping = 0
		f = &plain
	}
	return f.Number(negative, "", digits[:whole], digits[whole:]+tail, 3), nil
}

// floatText writes a non-negative float. The precision is that of the verb, or
// -1 for the default.
func floatText(x float64, verb byte, precision int, alternate bool) string {
	upper := verb == 'E' || verb == 'F' || verb == 'G'
	var s string
	switch {
	case math.IsNaN(x):
		s = "nan"
	case math.IsInf(x, 0):
		s = "inf"
	case verb == 0 && precision < 0:
		s = number.Repr(x)
	default:
		if precision < 0 {
			precision = 6
		}
		switch verb {
		case 'e', 'E':
			s = strconv.FormatFloat(x, 'e', precision, 64)
			if alternate && precision == 0 {
				s = strings.Replace(s, "e", ".e", 1)
			}
		case 'f', 'F', '%':
			s = strconv.FormatFloat(x, 'f', precision, 64)
			if alternate && precision == 0 {
				s += "."
			}
		default:
			s = generalText(x, max(precision, 1), verb == 0, alternate)
		}
	}
	if upper {
		s = strings.ToUpper(s)
	}
	return s
}

// generalText is the 'g' presentation: fixed or scientific by the exponent.
// Bare is the form without a type, which keeps a digit after the point.
func generalText(x float64, precision int, bare, alternate bool) string {
	sci := strconv.FormatFloat(x, 'e', precision-1, 64)
	mark := strings.LastIndexByte(sci, 'e')
	exp, err := strconv.Atoi(sci[mark+1:])
	if err != nil {
		return sci
	}
	limit := precision
	if bare {
		limit--
	}
	if exp < -4 || exp >= limit {
		mant := sci[:mark]
		if !alternate {
			mant = trimZeros(mant)
		} else if !strings.Contains(mant, ".") {
			mant += "."
		}
		return mant + sci[mark:]
	}
	s := strconv.FormatFloat(x, 'f', max(precision-1-exp, 0), 64)
	switch {
	case alternate:
		if !strings.Contains(s, ".") {
			s += "."
		}
	default:
		s = trimZeros(s)
		if bare && !strings.Contains(s, ".") {
			s += ".0"
		}
	}
	return s
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
