package object

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"go.starlark.net/starlark"
)

// Str is str(x).
func Str(thread *starlark.Thread, x starlark.Value) (string, error) {
	switch v := x.(type) {
	case starlark.String:
		return string(v), nil
	case *Instance:
		if fn := v.class.lookupUser("__str__"); fn != nil {
			return callForString(thread, fn, v, "__str__")
		}
		if fn := v.class.lookupUser("__repr__"); fn != nil {
			return callForString(thread, fn, v, "__str__")
		}
		if v.base != nil {
			return Str(thread, v.base)
		}
	case *Exception:
		if fn := special(v, "__str__"); fn != nil {
			return callForString(thread, fn, v, "__str__")
		}
		return exceptionText(thread, v)
	case *Type:
		if fn := special(v, "__str__"); fn != nil {
			return callForString(thread, fn, v, "__str__")
		}
	case HasStr:
		return v.Str(thread)
	}
	return Repr(thread, x)
}

func callForString(thread *starlark.Thread, fn, x starlark.Value, what string) (string, error) {
	v, err := callBound(thread, fn, x)
	if err != nil {
		return "", err
	}
	s, ok := AsString(v)
	if !ok {
		return "", Errorf(TypeError, "%s returned non-string (type %s)", what, typeName(v))
	}
	return s, nil
}

// Repr is repr(x).
func Repr(thread *starlark.Thread, x starlark.Value) (string, error) {
	switch v := x.(type) {
	case starlark.Int:
		if err := digitLimit(v); err != nil {
			return "", err
		}
		return v.String(), nil
	case starlark.Float:
		return floatRepr(float64(v)), nil
	case starlark.String:
		return quote(string(v)), nil
	}
	p := printer{thread: thread}
	if err := p.write(x); err != nil {
		return "", err
	}
	return p.buf.String(), nil
}

// printer writes nested containers; open holds those being written.
type printer struct {
	thread *starlark.Thread
	buf    strings.Builder
	open   []unsafe.Pointer
}

func (p *printer) enter(at unsafe.Pointer, mark string) (bool, error) {
	for _, o := range p.open {
		if o == at && at != nil {
			p.buf.WriteString(mark)
			return false, nil
		}
	}
	if len(p.open) > maxDepth {
		return false, Errorf(RecursionError, "maximum recursion depth exceeded while getting the repr of an object")
	}
	p.open = append(p.open, at)
	return true, nil
}

func (p *printer) leave() {
	p.open[len(p.open)-1] = nil
	p.open = p.open[:len(p.open)-1]
}

func (p *printer) write(x starlark.Value) error {
	switch v := x.(type) {
	case nil:
		p.buf.WriteString("None")
	case starlark.Int:
		if err := digitLimit(v); err != nil {
			return err
		}
		p.buf.WriteString(v.String())
	case starlark.Float:
		p.buf.WriteString(floatRepr(float64(v)))
	case starlark.String:
		p.buf.WriteString(quote(string(v)))
	case starlark.Bytes:
		p.buf.WriteString(quoteBytes(string(v)))
	case *starlark.List:
		return p.list(v)
	case starlark.Tuple:
		return p.tuple(v)
	case *starlark.Dict:
		return p.dict(v)
	case *starlark.Set:
		return p.set(v, "{", "}", "set()")
	case *FrozenSet:
		return p.set(v.set, "frozenset({", "})", "frozenset()")
	case *dictView:
		return p.view(v)
	case *Instance:
		return p.instance(v)
	case *Exception:
		return p.exception(v)
	case *Type:
		if fn := special(v, "__repr__"); fn != nil {
			return p.call(fn, v)
		}
		p.buf.WriteString(v.String())
	case *starlark.Function:
		fmt.Fprintf(&p.buf, "<function %s at %s>", FunctionName(v), address(v))
	case HasStr:
		s, err := v.Repr(p.thread)
		if err != nil {
			return err
		}
		p.buf.WriteString(s)
	default:
		p.buf.WriteString(x.String())
	}
	return nil
}

func (p *printer) call(fn, x starlark.Value) error {
	s, err := callForString(p.thread, fn, x, "__repr__")
	p.buf.WriteString(s)
	return err
}

func (p *printer) list(l *starlark.List) error {
	if ok, err := p.enter(unsafe.Pointer(l), "[...]"); !ok {
		return err
	}
	defer p.leave()
	p.buf.WriteByte('[')
	for i := 0; i < l.Len(); i++ {
		if i > 0 {
			p.buf.WriteString(", ")
		}
		if err := p.write(l.Index(i)); err != nil {
			return err
		}
	}
	p.buf.WriteByte(']')
	return nil
}

func (p *printer) tuple(t starlark.Tuple) error {
	if ok, err := p.enter(unsafe.Pointer(unsafe.SliceData(t)), "(...)"); !ok {
		return err
	}
	defer p.leave()
	p.buf.WriteByte('(')
	for i, e := range t {
		if i > 0 {
			p.buf.WriteString(", ")
		}
		if err := p.write(e); err != nil {
			return err
		}
	}
	if len(t) == 1 {
		p.buf.WriteByte(',')
	}
	p.buf.WriteByte(')')
	return nil
}

func (p *printer) dict(d *starlark.Dict) error {
	if ok, err := p.enter(unsafe.Pointer(d), "{...}"); !ok {
		return err
	}
	defer p.leave()
	p.buf.WriteByte('{')
	for i, item := range d.Items() {
		if i > 0 {
			p.buf.WriteString(", ")
		}
		if err := p.write(item[0]); err != nil {
			return err
		}
		p.buf.WriteString(": ")
		if err := p.write(item[1]); err != nil {
			return err
		}
	}
	p.buf.WriteByte('}')
	return nil
}

func (p *printer) set(s *starlark.Set, open, shut, empty string) error {
	if s.Len() == 0 {
		p.buf.WriteString(empty)
		return nil
	}
	p.buf.WriteString(open)
	i := 0
	for e := range s.Elements() {
		if i > 0 {
			p.buf.WriteString(", ")
		}
		i++
		if err := p.write(e); err != nil {
			return err
		}
	}
	p.buf.WriteString(shut)
	return nil
}

func (p *printer) view(v *dictView) error {
	p.buf.WriteString(v.typ.name + "(")
	vals, err := collect(p.thread, v)
	if err != nil {
		return err
	}
	if err := p.list(starlark.NewList(vals)); err != nil {
		return err
	}
	p.buf.WriteByte(')')
	return nil
}

func (p *printer) instance(i *Instance) error {
	if fn := i.class.lookupUser("__repr__"); fn != nil {
		return p.call(fn, i)
	}
	if i.base != nil {
		if s, ok := i.base.(*starlark.Set); ok {
			return p.set(s, i.class.name+"({", "})", i.class.name+"()")
		}
		return p.write(i.base)
	}
	p.buf.WriteString(plainRepr(i.class, address(i)))
	return nil
}

// plainRepr is object.__repr__.
func plainRepr(t *Type, at string) string {
	name := t.qualname
	if t.module != "builtins" && t.module != "" {
		name = t.module + "." + name
	}
	return "<" + name + " object at " + at + ">"
}

func (p *printer) exception(e *Exception) error {
	if fn := special(e, "__repr__"); fn != nil {
		return p.call(fn, e)
	}
	p.buf.WriteString(e.Class.name)
	if len(e.Args) == 1 {
		if ok, err := p.enter(unsafe.Pointer(e), "(...)"); !ok {
			return err
		}
		defer p.leave()
		p.buf.WriteByte('(')
		if err := p.write(e.Args[0]); err != nil {
			return err
		}
		p.buf.WriteByte(')')
		return nil
	}
	return p.tuple(e.Args)
}

// floatRepr is the shortest decimal that reads back as f, written as Python does.
func floatRepr(f float64) string {
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

// quote is Python's repr of a string.
func quote(s string) string {
	return quoteText(s, func(r rune) bool { return r < utf8.RuneSelf || printable(r) })
}

// quoteASCII is Python's ascii() of a string.
func quoteASCII(s string) string {
	return quoteText(s, func(r rune) bool { return r < utf8.RuneSelf })
}

func printable(r rune) bool { return unicode.IsPrint(r) }

func quoteText(s string, keep func(rune) bool) string {
	q := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	b := make([]byte, 0, len(s)+2)
	b = append(b, q)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1: // a lone byte, as surrogateescape keeps it
			b = fmt.Appendf(b, `\udc%02x`, s[i])
		case r == rune(q) || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r < ' ' || r == 0x7f:
			b = fmt.Appendf(b, `\x%02x`, r)
		case keep(r):
			b = append(b, s[i:i+n]...)
		case r <= 0xff:
			b = fmt.Appendf(b, `\x%02x`, r)
		case r <= 0xffff:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = fmt.Appendf(b, `\U%08x`, r)
		}
		i += n
	}
	return string(append(b, q))
}

// quoteBytes is Python's repr of bytes.
func quoteBytes(s string) string {
	q := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	b := []byte{'b', q}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == q || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c < ' ' || c >= 0x7f:
			b = fmt.Appendf(b, `\x%02x`, c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, q))
}
