package object

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"go.starlark.net/starlark"
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

// parseFloat is float(str).
func parseFloat(s string) (float64, error) { return parseFloatText(s, quote) }

func parseFloatText(s string, quote func(string) string) (float64, error) {
	text := asciiDigits(cleanNumber(s))
	bad := Errorf(ValueError, "could not convert string to float: %s", quote(s))
	body := strings.TrimLeft(text, "+-")
	if len(text)-len(body) > 1 || strings.ContainsAny(body, "xXpP") {
		return 0, bad
	}
	switch strings.ToLower(body) {
	case "inf", "infinity", "nan":
	default:
		if body == "" || !(body[0] == '.' || '0' <= body[0] && body[0] <= '9') {
			return 0, bad
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, bad
	}
	return f, nil
}

// cleanNumber trims white space and drops underscores between digits; one
// elsewhere stays, and makes the number invalid.
func cleanNumber(s string) string {
	s = strings.TrimFunc(s, isSpace)
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

// parseInt is int(str, base).
func parseInt(s string, base int) (starlark.Value, error) { return parseIntText(s, base, quote) }

func parseIntText(s string, base int, quote func(string) string) (starlark.Value, error) {
	bad := Errorf(ValueError, "invalid literal for int() with base %d: %s", base, quote(s))
	text := strings.TrimFunc(s, isSpace)
	negative := false
	if text != "" && (text[0] == '+' || text[0] == '-') {
		negative = text[0] == '-'
		text = text[1:]
	}
	prefixed := false
	if len(text) > 1 && text[0] == '0' {
		if b := map[byte]int{'x': 16, 'o': 8, 'b': 2}[text[1]|32]; b != 0 && (base == 0 || base == b) {
			base, text, prefixed = b, text[2:], true
		}
	}
	if base == 0 {
		base = 10
		if len(text) > 1 && text[0] == '0' && strings.Trim(text, "0_") != "" {
			return nil, bad
		}
	}
	if prefixed {
		text = strings.TrimPrefix(text, "_")
	}
	text = asciiDigits(cleanNumber(text))
	if text == "" || strings.ContainsAny(text, "+-_ ") {
		return nil, bad
	}
	if len(text) > maxDigits && base&(base-1) != 0 {
		return nil, Errorf(ValueError, "Exceeds the limit (%d digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit", maxDigits, len(text))
	}
	n, ok := new(big.Int).SetString(text, base)
	if !ok {
		return nil, bad
	}
	if negative {
		n.Neg(n)
	}
	return starlark.MakeBigInt(n), nil
}

// asciiDigits writes decimal digits of other scripts as ASCII ones.
func asciiDigits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if d, ok := digitValue(r); ok {
			return '0' + rune(d)
		}
		return r
	}, s)
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
		return truncate(float64(v))
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
