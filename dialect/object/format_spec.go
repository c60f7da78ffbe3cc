package object

import (
	"strings"
	"unicode/utf8"

	"github.com/mlxstar/mlxstar/dialect/object/fault"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// formatSpec is a parsed specifier of Python's format mini-language:
// [[fill]align][sign][z][#][0][width][grouping][.precision][type].
type formatSpec struct {
	fill      rune
	align     byte // one of < > = ^, or 0
	sign      byte // one of + - and space, or 0
	noNegZero bool
	alternate bool
	zero      bool
	width     int // -1 if absent
	grouping  byte
	precision int // -1 if absent
	verb      byte
}

// maxFormat bounds width and precision.
const maxFormat = 1 << 26

// parseSpec reads a specifier; typ names the value's type in errors.
func parseSpec(spec, typ string) (*formatSpec, error) {
	f := &formatSpec{fill: ' ', width: -1, precision: -1}
	s := spec
	if r, n := utf8.DecodeRuneInString(s); n < len(s) && strings.IndexByte("<>=^", s[n]) >= 0 {
		f.fill, f.align, s = r, s[n], s[n+1:]
	} else if s != "" && strings.IndexByte("<>=^", s[0]) >= 0 {
		f.align, s = s[0], s[1:]
	}
	filled := f.align != 0 && f.fill != ' '
	if s != "" && strings.IndexByte("+- ", s[0]) >= 0 {
		f.sign, s = s[0], s[1:]
	}
	f.noNegZero, s = take(s, 'z')
	f.alternate, s = take(s, '#')
	if f.zero, s = take(s, '0'); f.zero {
		if !filled {
			f.fill = '0'
		}
		if f.align == 0 && typ != "str" {
			f.align = '='
		}
	}
	var err error
	if f.width, s, err = takeNumber(s); err != nil {
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
		if f.precision, s, err = takeNumber(s[1:]); err != nil {
			return nil, err
		}
		if f.precision < 0 {
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
		f.verb = s[0]
	}
	return f, f.checkGrouping()
}

func take(s string, c byte) (bool, string) {
	if s != "" && s[0] == c {
		return true, s[1:]
	}
	return false, s
}

func takeNumber(s string) (int, string, error) {
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
	if n > maxFormat {
		return 0, "", fault.Errorf(fault.MemoryError, "format: width or precision %d above %d", n, maxFormat)
	}
	return n, s[i:], nil
}

func (f *formatSpec) checkGrouping() error {
	if f.grouping == 0 {
		return nil
	}
	ok := strings.IndexByte("deEfFgG%", f.verb) >= 0 || f.verb == 0 || f.grouping == '_' && strings.IndexByte("boxX", f.verb) >= 0
	if !ok {
		return fault.Errorf(fault.ValueError, "Cannot specify '%c' with '%c'.", f.grouping, f.verb)
	}
	return nil
}

func unknownCode(verb byte, typ string) error {
	return fault.Errorf(fault.ValueError, "Unknown format code '%c' for object of type '%s'", verb, typ)
}

// pad fills s to the width.
func (f *formatSpec) pad(s string, align byte) string {
	n := text.Length(s)
	if f.width <= n {
		return s
	}
	left := 0
	total := f.width - n
	switch align {
	case '>':
		left = total
	case '^':
		left = total / 2
	}
	fill := string(f.fill)
	return strings.Repeat(fill, left) + s + strings.Repeat(fill, total-left)
}

func (f *formatSpec) alignOr(align byte) byte {
	if f.align != 0 {
		return f.align
	}
	return align
}

func formatString(s string, f *formatSpec) (string, error) {
	switch {
	case f.verb != 0 && f.verb != 's':
		return "", unknownCode(f.verb, "str")
	case f.sign == ' ':
		return "", fault.Errorf(fault.ValueError, "Space not allowed in string format specifier")
	case f.sign != 0:
		return "", fault.Errorf(fault.ValueError, "Sign not allowed in string format specifier")
	case f.noNegZero:
		return "", fault.Errorf(fault.ValueError, "Negative zero coercion (z) not allowed in string format specifier")
	case f.alternate:
		return "", fault.Errorf(fault.ValueError, "Alternate form (#) not allowed in string format specifier")
	case f.align == '=':
		return "", fault.Errorf(fault.ValueError, "'=' alignment not allowed in string format specifier")
	case f.grouping != 0:
		return "", fault.Errorf(fault.ValueError, "Cannot specify '%c' with 's'.", f.grouping)
	}
	if f.precision >= 0 && f.precision < text.Length(s) {
		s = string([]rune(s)[:f.precision])
	}
	return f.pad(s, f.alignOr('<')), nil
}

func formatComplex(c complex128, f *formatSpec) (string, error) {
	switch {
	case f.verb != 0 && strings.IndexByte("eEfFgGn", f.verb) < 0:
		return "", unknownCode(f.verb, "complex")
	case f.zero:
		return "", fault.Errorf(fault.ValueError, "Zero padding is not allowed in complex format specifier")
	case f.align == '=':
		return "", fault.Errorf(fault.ValueError, "'=' alignment flag is not allowed in complex format specifier")
	}
	part := *f
	part.width, part.align = -1, 0
	parens := f.verb == 0
	if f.verb == 0 && f.precision < 0 {
		// The parts of a bare complex are written as repr writes them.
		re, im := number.ComplexPart(real(c)), number.ComplexPart(imag(c))
		if f.sign == '+' && re[0] != '-' {
			re = "+" + re
		}
		if im[0] != '-' {
			im = "+" + im
		}
		text := "(" + re + im + "j)"
		if real(c) == 0 && re[0] != '-' {
			text = strings.TrimPrefix(im, "+") + "j"
			if f.sign == '+' && im[0] == '+' {
				text = im + "j"
			}
		}
		return f.pad(text, f.alignOr('>')), nil
	}
	if f.verb == 0 {
		part.verb = 'g'
	}
	re, err := formatFloat(real(c), &part, "complex")
	if err != nil {
		return "", err
	}
	part.sign = '+'
	im, err := formatFloat(imag(c), &part, "complex")
	if err != nil {
		return "", err
	}
	text := re + im + "j"
	if parens {
		text = "(" + text + ")"
		if real(c) == 0 && re[0] != '-' {
			if text = im + "j"; f.sign != '+' {
				text = strings.TrimPrefix(text, "+")
			}
		}
	}
	return f.pad(text, f.alignOr('>')), nil
}

// zeroFill applies the 0 flag, which - overrides.
func (f *formatSpec) zeroFill() {
	if f.zero && f.align != '<' {
		f.fill, f.align = '0', '='
	}
}
