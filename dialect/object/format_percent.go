package object

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/format"
	"github.com/mlxstar/mlxstar/dialect/object/text"

	"github.com/mlxstar/mlxstar/dialect/object/number"
)

// percent formats with the % operator.
type percent struct {
	thread *starlark.Thread
	format string
	pos    int
	buf    strings.Builder
	meter  Meter
	args   starlark.Tuple
	next   int
	dict   starlark.Value // the right operand, where it can serve as a mapping
	keyed  bool
	bytes  bool // the format is bytes
}

// formatPercent is format % args.
func formatPercent(thread *starlark.Thread, format string, args starlark.Value, bytes bool) (string, error) {
	p := &percent{thread: thread, format: format, bytes: bytes}
	if t, ok := AsTuple(args); ok {
		p.args = t
	} else {
		p.args = starlark.Tuple{args}
		switch unwrap(args).(type) {
		case starlark.String, starlark.Int, starlark.Float, starlark.Bool, starlark.NoneType:
		case *starlark.Dict, *starlark.List, starlark.Mapping, HasItems:
			p.dict = args
		case *Instance:
			if special(args, "__getitem__") != nil {
				p.dict = args
			}
		}
	}
	if err := p.run(); err != nil {
		return "", Raised(err)
	}
	if p.next < len(p.args) && p.dict == nil && !p.keyed {
		return "", Errorf(TypeError, "not all arguments converted during string formatting")
	}
	return p.buf.String(), nil
}

func (p *percent) run() error {
	for {
		i := strings.IndexByte(p.format[p.pos:], '%')
		if i < 0 {
			p.buf.WriteString(p.format[p.pos:])
			return nil
		}
		p.buf.WriteString(p.format[p.pos : p.pos+i])
		p.pos += i + 1
		if err := p.conversion(); err != nil {
			return err
		}
	}
}

func (p *percent) arg() (starlark.Value, error) {
	if p.next >= len(p.args) {
		return nil, Errorf(TypeError, "not enough arguments for format string")
	}
	v := p.args[p.next]
	p.next++
	return v, nil
}

// conversion handles one specifier, after the percent sign.
func (p *percent) conversion() error {
	f := &format.Spec{Fill: ' ', Width: -1, Precision: -1}
	if p.pos < len(p.format) && p.format[p.pos] == '(' {
		if err := p.key(); err != nil {
			return err
		}
	}
	left := false
	for ; p.pos < len(p.format) && strings.IndexByte("-+ #0", p.format[p.pos]) >= 0; p.pos++ {
		switch p.format[p.pos] {
		case '-':
			left = true
		case '+':
			f.Sign = '+'
		case ' ':
			if f.Sign == 0 {
				f.Sign = ' '
			}
		case '#':
			f.Alternate = true
		case '0':
			f.Zero = true
		}
	}
	var err error
	if f.Width, err = p.size(); err != nil {
		return err
	}
	if f.Width < -1 {
		f.Width, left = -f.Width, true
	}
	if p.pos < len(p.format) && p.format[p.pos] == '.' {
		p.pos++
		if f.Precision, err = p.size(); err != nil {
			return err
		}
		f.Precision = max(f.Precision, 0)
	}
	for p.pos < len(p.format) && strings.IndexByte("hlL", p.format[p.pos]) >= 0 {
		p.pos++
	}
	if p.pos >= len(p.format) {
		return Errorf(ValueError, "incomplete format")
	}
	verb, n := utf8.DecodeRuneInString(p.format[p.pos:])
	at := p.pos
	p.pos += n
	if verb == '%' {
		p.buf.WriteByte('%')
		return nil
	}
	f.Align = '>'
	if left {
		f.Align = '<'
	}
	if err := p.meter.Grow(p.thread, p.buf.Len()+max(f.Width, 0)+max(f.Precision, 0)); err != nil {
		return err
	}
	s, err := p.convert(f, verb, at)
	if err := p.meter.Grow(p.thread, p.buf.Len()+len(s)); err != nil {
		return err
	}
	p.buf.WriteString(s)
	return err
}

// key reads (name) and makes its value the only argument.
func (p *percent) key() error {
	if p.dict == nil {
		return Errorf(TypeError, "format requires a mapping")
	}
	depth, start := 1, p.pos+1
	for p.pos++; p.pos < len(p.format); p.pos++ {
		switch p.format[p.pos] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if depth > 0 {
		return Errorf(ValueError, "incomplete format key")
	}
	v, err := GetItem(p.thread, p.dict, starlark.String(p.format[start:p.pos]))
	if err != nil {
		return err
	}
	p.pos++
	p.args, p.next, p.keyed = starlark.Tuple{v}, 0, true
	return nil
}

// size reads a width or precision: digits, or * for an argument.
func (p *percent) size() (int, error) {
	if p.pos < len(p.format) && p.format[p.pos] == '*' {
		p.pos++
		v, err := p.arg()
		if err != nil {
			return 0, err
		}
		n, err := starlark.AsInt32(unwrap(v))
		if err != nil {
			return 0, Errorf(TypeError, "* wants int")
		}
		if n > format.Limit || n < -format.Limit {
			return 0, Errorf(MemoryError, "format: width or precision %d above %d", n, format.Limit)
		}
		if n == -1 {
			n = -2 // a width of 1, to the left; -1 stands for absent
		}
		return n, nil
	}
	n, rest, err := format.TakeNumber(p.format[p.pos:])
	if err != nil {
		return 0, err
	}
	p.pos = len(p.format) - len(rest)
	return n, nil
}

func (p *percent) convert(f *format.Spec, verb rune, at int) (string, error) {
	switch verb {
	case 's', 'r', 'a', 'd', 'i', 'u', 'o', 'x', 'X', 'e', 'E', 'f', 'F', 'g', 'G', 'c', 'b':
	default:
		shown := verb
		if verb > 126 || verb < 32 {
			shown = '?'
		}
		return "", Errorf(ValueError, "unsupported format character '%c' (0x%x) at index %d", shown, verb, utf8.RuneCountInString(p.format[:at]))
	}
	v, err := p.arg()
	if err != nil {
		return "", err
	}
	switch verb {
	case 's', 'r', 'a', 'b':
		return p.text(f, verb, v)
	case 'c':
		return p.char(f, v)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		x, err := floatOf(p.thread, v)
		if err != nil {
			if isException(err, TypeError) {
				return "", Errorf(TypeError, "must be real number, not %s", typeName(v))
			}
			return "", err
		}
		f.Verb = byte(verb)
		f.ZeroFill()
		return format.Float(x, f, "float")
	}
	return p.integer(f, verb, v)
}

func (p *percent) text(f *format.Spec, verb rune, v starlark.Value) (string, error) {
	var s string
	var err error
	switch verb {
	case 's', 'b':
		if b, ok := v.(starlark.Bytes); ok && verb == 'b' {
			s = string(b)
			break
		}
		if b, ok := v.(starlark.Bytes); ok && p.bytes {
			s = string(b)
			break
		}
		s, err = Str(p.thread, v)
	case 'r':
		s, err = Repr(p.thread, v)
	case 'a':
		s, err = ascii(p.thread, v)
	}
	if err != nil {
		return "", err
	}
	if f.Precision >= 0 && f.Precision < text.Length(s) {
		s = s[:text.Offset(s, f.Precision)]
	}
	return f.Pad(s, f.Align), nil
}

func (p *percent) char(f *format.Spec, v starlark.Value) (string, error) {
	if s, ok := AsString(v); ok {
		if text.Length(s) != 1 {
			return "", Errorf(TypeError, "%%c requires int or char")
		}
		return f.Pad(s, f.Align), nil
	}
	i, err := Index(p.thread, v)
	if err != nil {
		return "", Errorf(TypeError, "%%c requires int or char")
	}
	n, ok := i.Int64()
	if !ok || n < 0 || n > utf8.MaxRune {
		return "", Errorf(OverflowError, "%%c arg not in range(0x110000)")
	}
	return f.Pad(string(rune(n)), f.Align), nil
}

func (p *percent) integer(f *format.Spec, verb rune, v starlark.Value) (string, error) {
	var i starlark.Int
	var err error
	switch x := unwrap(v).(type) {
	case starlark.Float:
		if verb != 'd' && verb != 'i' && verb != 'u' {
			return "", Errorf(TypeError, "%%%c format: an integer is required, not float", verb)
		}
		if i, err = number.Truncate(float64(x)); err != nil {
			return "", err
		}
	default:
		whole := verb == 'd' || verb == 'i' || verb == 'u'
		if i, err = p.whole(v, whole); err != nil {
			if !isException(err, TypeError) {
				return "", err
			}
			if whole {
				return "", Errorf(TypeError, "%%%c format: a real number is required, not %s", verb, typeName(v))
			}
			return "", Errorf(TypeError, "%%%c format: an integer is required, not %s", verb, typeName(v))
		}
	}
	row, ok := format.Bases[byte(verb)]
	if !ok {
		row = format.Bases['d']
	}
	digits := ""
	if row.Base != 10 {
		digits = format.Digits(i, row.Base)
	} else if digits, err = decimalText(p.thread, i); err != nil {
		return "", err
	}
	negative := digits[0] == '-'
	digits = strings.TrimPrefix(digits, "-")
	if f.Precision > len(digits) {
		digits = strings.Repeat("0", f.Precision-len(digits)) + digits
	}
	if verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	prefix := ""
	if f.Alternate {
		prefix = row.Prefix
	}
	f.ZeroFill()
	return f.Number(negative, prefix, digits, "", 3), nil
}

// whole is the integer that %d, or with convert false %x, writes for v.
func (p *percent) whole(v starlark.Value, convert bool) (starlark.Int, error) {
	_, native := v.(HasConvert)
	if convert && (native || special(v, "__int__") != nil) {
		x, err := intOf(p.thread, v)
		if err != nil {
			return starlark.Int{}, err
		}
		v = x
	}
	return Index(p.thread, v)
}
