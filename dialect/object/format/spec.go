// Package format is Python's format mini-language: what format(x, spec) makes of
// numbers and strs, which the % operator shares.
package format

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/fault"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// Spec is a parsed specifier of Python's format mini-language:
// [[fill]align][sign][z][#][0][width][grouping][.precision][type].
type Spec struct {
	Fill      rune
	Align     byte // one of < > = ^, or 0
	Sign      byte // one of + - and space, or 0
	noNegZero bool
	Alternate bool
	Zero      bool
	Width     int // -1 if absent
	grouping  byte
	Precision int // -1 if absent
	Verb      byte

	// Decimal, if not nil, writes an int that does not fit in 64 bits, or refuses to.
	Decimal func(i starlark.Int) (string, error)
}

// Limit bounds width and precision.
const Limit = 1 << 26

// Parse reads a specifier; typ names the value's type in errors.
func Parse(spec, typ string) (*Spec, error) {
	f := &Spec{Fill: ' ', Width: -1, Precision: -1}
	s := spec
	if r, n := utf8.DecodeRuneInString(s); n < len(s) && strings.IndexByte("<>=^", s[n]) >= 0 {
		f.Fill, f.Align, s = r, s[n], s[n+1:]
	} else if s != "" && strings.IndexByte("<>=^", s[0]) >= 0 {
		f.Align, s = s[0], s[1:]
	}
	filled := f.Align != 0 && f.Fill != ' '
	if s != "" && strings.IndexByte("+- ", s[0]) >= 0 {
		f.Sign, s = s[0], s[1:]
	}
	f.noNegZero, s = take(s, 'z')
	f.Alternate, s = take(s, '#')
	if f.Zero, s = take(s, '0'); f.Zero {
		if !filled {
			f.Fill = '0'
		}
		if f.Align == 0 && typ != "str" {
			f.Align = '='
		}
	}
	var err error
	if f.Width, s, err = TakeNumber(s); err != nil {
		return nil, err
	}
	if s != "" && (s[0] == ',' || s[0] == '_') {
		f.grouping, s = s[0], s[1:]
		if s != "" && (s[0] == ',' || s[0] == '_') {
			if s[0] == f.grouping {
				return nil, fault.Errorf(fault.ValueError, "Cannot specify '%c' with '%c'.", f.grouping, s[0])
			}
			return nil, fault.Errorf(fault.ValueError, "Cannot specify both ',' and '_'.")
		}
	}
	if s != "" && s[0] == '.' {
		if f.Precision, s, err = TakeNumber(s[1:]); err != nil {
			return nil, err
		}
		if f.Precision < 0 {
			return nil, fault.Errorf(fault.ValueError, "Format specifier missing precision")
		}
	}
	if len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if n < len(s) {
			return nil, fault.Errorf(fault.ValueError, "Invalid format specifier '%s' for object of type '%s'", spec, typ)
		}
		if r >= utf8.RuneSelf {
			return nil, fault.Errorf(fault.ValueError, "Unknown format code '\\x%x' for object of type '%s'", r, typ)
		}
		f.Verb = s[0]
	}
	return f, f.checkGrouping()
}

func take(s string, c byte) (bool, string) {
	if s != "" && s[0] == c {
		return true, s[1:]
	}
	return false, s
}

// TakeNumber reads the decimal number that s begins with, -1 for none, and gives the rest.
func TakeNumber(s string) (int, string, error) {
	n, i := 0, 0
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		if i > 18 {
			return 0, "", fault.Errorf(fault.ValueError, "Too many decimal digits in format string")
		}
		n = n*10 + int(s[i]-'0')
	}
	if i == 0 {
		return -1, s, nil
	}
	if n > Limit {
		return 0, "", fault.Errorf(fault.MemoryError, "format: width or precision %d above %d", n, Limit)
	}
	return n, s[i:], nil
}

func (f *Spec) checkGrouping() error {
	if f.grouping == 0 {
		return nil
	}
	ok := strings.IndexByte("deEfFgG%", f.Verb) >= 0 || f.Verb == 0 || f.grouping == '_' && strings.IndexByte("boxX", f.Verb) >= 0
	if !ok {
		return fault.Errorf(fault.ValueError, "Cannot specify '%c' with '%c'.", f.grouping, f.Verb)
	}
	return nil
}

func unknownCode(verb byte, typ string) error {
	return fault.Errorf(fault.ValueError, "Unknown format code '%c' for object of type '%s'", verb, typ)
}

// Pad fills s to the width.
func (f *Spec) Pad(s string, align byte) string {
	n := text.Length(s)
	if f.Width <= n {
		return s
	}
	left := 0
	total := f.Width - n
	switch align {
	case '>':
		left = total
	case '^':
		left = total / 2
	}
	fill := string(f.Fill)
	return strings.Repeat(fill, left) + s + strings.Repeat(fill, total-left)
}

func (f *Spec) alignOr(align byte) byte {
	if f.Align != 0 {
		return f.Align
	}
	return align
}

// String is format(s, spec) for a str.
func String(s string, f *Spec) (string, error) {
	switch {
	case f.Verb != 0 && f.Verb != 's':
		return "", unknownCode(f.Verb, "str")
	case f.Sign == ' ':
		return "", fault.Errorf(fault.ValueError, "Space not allowed in string format specifier")
	case f.Sign != 0:
		return "", fault.Errorf(fault.ValueError, "Sign not allowed in string format specifier")
	case f.noNegZero:
		return "", fault.Errorf(fault.ValueError, "Negative zero coercion (z) not allowed in string format specifier")
	case f.Alternate:
		return "", fault.Errorf(fault.ValueError, "Alternate form (#) not allowed in string format specifier")
	case f.Align == '=':
		return "", fault.Errorf(fault.ValueError, "'=' alignment not allowed in string format specifier")
	case f.grouping != 0:
		return "", fault.Errorf(fault.ValueError, "Cannot specify '%c' with 's'.", f.grouping)
	}
	if f.Precision >= 0 && f.Precision < text.Length(s) {
		s = s[:text.Offset(s, f.Precision)]
	}
	return f.Pad(s, f.alignOr('<')), nil
}

// Complex is format(c, spec) for a complex number.
func Complex(c complex128, f *Spec) (string, error) {
	switch {
	case f.Verb != 0 && strings.IndexByte("eEfFgGn", f.Verb) < 0:
		return "", unknownCode(f.Verb, "complex")
	case f.Zero:
		return "", fault.Errorf(fault.ValueError, "Zero padding is not allowed in complex format specifier")
	case f.Align == '=':
		return "", fault.Errorf(fault.ValueError, "'=' alignment flag is not allowed in complex format specifier")
	}
	part := *f
	part.Width, part.Align = -1, 0
	parens := f.Verb == 0
	if f.Verb == 0 && f.Precision < 0 {
		// The parts of a bare complex are written as repr writes them.
		re, im := number.ComplexPart(real(c)), number.ComplexPart(imag(c))
		if f.Sign == '+' && re[0] != '-' {
			re = "+" + re
		}
		if im[0] != '-' {
			im = "+" + im
		}
		text := "(" + re + im + "j)"
		if real(c) == 0 && re[0] != '-' {
			text = strings.TrimPrefix(im, "+") + "j"
			if f.Sign == '+' && im[0] == '+' {
				text = im + "j"
			}
		}
		return f.Pad(text, f.alignOr('>')), nil
	}
	if f.Verb == 0 {
		part.Verb = 'g'
	}
	re, err := Float(real(c), &part, "complex")
	if err != nil {
		return "", err
	}
	part.Sign = '+'
	im, err := Float(imag(c), &part, "complex")
	if err != nil {
		return "", err
	}
	text := re + im + "j"
	if parens {
		text = "(" + text + ")"
		if real(c) == 0 && re[0] != '-' {
			if text = im + "j"; f.Sign != '+' {
				text = strings.TrimPrefix(text, "+")
			}
		}
	}
	return f.Pad(text, f.alignOr('>')), nil
}

// ZeroFill applies the 0 flag, which - overrides.
func (f *Spec) ZeroFill() {
	if f.Zero && f.Align != '<' {
		f.Fill, f.Align = '0', '='
	}
}
