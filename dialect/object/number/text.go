package number

import (
	"math"
	"strconv"
	"strings"
)

// Repr is the shortest decimal that reads back as f, written as Python does.
func Repr(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return fixExponent(strconv.FormatFloat(f, 'e', -1, 64))
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// fixExponent gives the exponent at least two digits; Go writes it so already,
// and the function guards the form Python prints.
func fixExponent(s string) string {
	i := strings.LastIndexByte(s, 'e')
	if i < 0 || len(s)-i >= 4 {
		return s
	}
	return s[:i+2] + "0" + s[i+2:]
}

// ComplexPart is a float's repr without a trailing ".0".
func ComplexPart(f float64) string {
	s := Repr(f)
	if n := len(s); n > 2 && s[n-2:] == ".0" {
		return s[:n-2]
	}
	return s
}

// Hex is float.hex: 13 hexadecimal digits and a decimal exponent.
func Hex(f float64) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return Repr(f)
	case f == 0:
		if math.Signbit(f) {
			return "-0x0.0p+0"
		}
		return "0x0.0p+0"
	}
	b := math.Float64bits(f)
	exp := int(b>>52&0x7ff) - 1023
	lead := "1"
	if exp == -1023 {
		exp, lead = -1022, "0"
	}
	sign := ""
	if f < 0 {
		sign = "-"
	}
	mant := strconv.FormatUint(b&(1<<52-1), 16)
	mant = strings.Repeat("0", 13-len(mant)) + mant
	e := strconv.Itoa(exp)
	if exp >= 0 {
		e = "+" + e
	}
	return sign + "0x" + lead + "." + mant + "p" + e
}
