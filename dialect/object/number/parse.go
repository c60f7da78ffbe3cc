package number

import (
	"math"
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/fault"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// ParseFloat is float(text); quote shows the text in an error.
func ParseFloat(s string, quote func(string) string) (float64, error) {
	digits := ASCIIDigits(CleanNumber(s))
	bad := func() error { return fault.Errorf(fault.ValueError, "could not convert string to float: %s", quote(s)) }
	body := strings.TrimLeft(digits, "+-")
	if len(digits)-len(body) > 1 || strings.ContainsAny(body, "xXpP") {
		return 0, bad()
	}
	switch strings.ToLower(body) {
	case "inf", "infinity", "nan":
	default:
		if body == "" || !(body[0] == '.' || '0' <= body[0] && body[0] <= '9') {
			return 0, bad()
		}
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, bad()
	}
	return f, nil
}

// CleanNumber trims white space and drops underscores between digits; one
// elsewhere stays, and makes the number invalid.
func CleanNumber(s string) string {
	s = strings.TrimFunc(s, text.IsSpace)
	if !strings.Contains(s, "_") {
		return s
	}
	digit := func(i int) bool {
		return i >= 0 && i < len(s) && (('0' <= s[i] && s[i] <= '9') || ('a' <= s[i]|32 && s[i]|32 <= 'z'))
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && digit(i-1) && digit(i+1) {
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

// ParseInt is int(text, base); quote shows the text in an error. Most is the limit of decimal
// digits, 0 for none; long reads many of them, and its error is that of its context.
func ParseInt(s string, base, most int, long *Long, quote func(string) string) (starlark.Value, error) {
	given := base
	bad := func() error {
		return fault.Errorf(fault.ValueError, "invalid literal for int() with base %d: %s", given, quote(s))
	}
	digits := strings.TrimFunc(s, text.IsSpace)
	negative := false
	if digits != "" && (digits[0] == '+' || digits[0] == '-') {
		negative = digits[0] == '-'
		digits = digits[1:]
	}
	prefixed := false
	if len(digits) > 1 && digits[0] == '0' {
		if b := map[byte]int{'x': 16, 'o': 8, 'b': 2}[digits[1]|32]; b != 0 && (base == 0 || base == b) {
			base, digits, prefixed = b, digits[2:], true
		}
	}
	if base == 0 {
		base = 10
		if len(digits) > 1 && digits[0] == '0' && strings.Trim(digits, "0_") != "" {
			return nil, bad()
		}
	}
	if prefixed {
		digits = strings.TrimPrefix(digits, "_")
	}
	digits = ASCIIDigits(CleanNumber(digits))
	if digits == "" || strings.ContainsAny(digits, "+-_ ") {
		return nil, bad()
	}
	if most > 0 && len(digits) > most && base&(base-1) != 0 {
		return nil, fault.Errorf(fault.ValueError, "Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit", most, len(digits))
	}
	n, ok, err := long.parseIn(digits, base)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, bad()
	}
	if negative {
		n.Neg(n)
	}
	return starlark.MakeBigInt(n), nil
}

// ASCIIDigits writes decimal digits of other scripts as ASCII ones.
func ASCIIDigits(s string) string {
	if text.IsASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if d, ok := text.DigitValue(r); ok {
			return '0' + rune(d)
		}
		return r
	}, s)
}

// ParseComplex reads what complex(str) accepts.
func ParseComplex(s string) (complex128, error) {
	bad := fault.Errorf(fault.ValueError, "complex() arg is a malformed string")
	if strings.ContainsAny(s, "xXpP_") {
		return 0, bad
	}
	if n := len(s); n >= 2 && s[0] == '(' && s[n-1] == ')' {
		s = s[1 : n-1]
	}
	n := len(s)
	if n == 0 {
		return 0, bad
	}
	if s[n-1] != 'j' && s[n-1] != 'J' {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil && !math.IsInf(f, 0) {
			return 0, bad
		}
		return complex(f, 0), nil
	}
	s = s[:n-1]
	cut := 0
	for i := len(s) - 1; i > 0; i-- {
		if (s[i] == '+' || s[i] == '-') && s[i-1] != 'e' && s[i-1] != 'E' {
			cut = i
			break
		}
	}
	re, im := 0.0, 1.0
	var err error
	if cut > 0 {
		if re, err = strconv.ParseFloat(s[:cut], 64); err != nil && !math.IsInf(re, 0) {
			return 0, bad
		}
	}
	switch part := s[cut:]; part {
	case "", "+":
	case "-":
		im = -1
	default:
		if im, err = strconv.ParseFloat(part, 64); err != nil && !math.IsInf(im, 0) {
			return 0, bad
		}
	}
	return complex(re, im), nil
}
