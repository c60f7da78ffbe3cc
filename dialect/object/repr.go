package object

import (
	"fmt"
	"strings"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/dialect/object/text"
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
		if s, ok := v.base.(starlark.String); ok { // str has a __str__ of its own
			return string(s), nil
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
		return decimalText(thread, v)
	case starlark.Float:
		return number.Repr(float64(v)), nil
	case starlark.String:
		return quote(thread, string(v), text.Quote)
	}
	p := printer{thread: thread}
	if err := p.write(x); err != nil {
		return "", err
	}
	return p.buf.String(), nil
}

// longQuote is the length of a text from which quoting it may take milliseconds.
const longQuote = 1 << 18

// quote writes a text as a literal.
func quote(thread *starlark.Thread, s string, f func(string) string) (string, error) {
	if len(s) < longQuote {
		return f(s), nil
	}
	if err := Grow(thread, 4*int64(len(s))); err != nil {
		return "", err
	}
	return Aside(thread, func() (string, error) { return f(s), nil })
}

// printer writes nested containers; open holds those being written.
type printer struct {
	thread *starlark.Thread
	buf    strings.Builder
	open   []unsafe.Pointer

	charged int // bytes of buf
}

func (p *printer) enter(at unsafe.Pointer, mark string) (bool, error) {
	for _, o := range p.open {
		if o == at && at != nil {
			p.buf.WriteString(mark)
			return false, nil
		}
	}
	if err := p.charge(); err != nil {
		return false, err
	}
	if len(p.open) > maxDepth {
		return false, Errorf(RecursionError, "maximum recursion depth exceeded while getting the repr of an object")
	}
	p.open = append(p.open, at)
	return true, nil
}

// charge asks for what was written since it last did.
func (p *printer) charge() error {
	if err := BudgetOf(p.thread).turn(p.thread); err != nil {
		return err
	}
	if n := p.buf.Len(); n-p.charged >= owedLimit {
		grown := n - p.charged
		p.charged = n
		return Grow(p.thread, int64(grown))
	}
	return nil
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
		s, err := decimalText(p.thread, v)
		if err != nil {
			return err
		}
		p.buf.WriteString(s)
	case starlark.Float:
		p.buf.WriteString(number.Repr(float64(v)))
	case starlark.String:
		return p.quote(string(v), text.Quote)
	case starlark.Bytes:
		return p.quote(string(v), text.QuoteBytes)
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
	case *BoundMethod:
		return p.boundMethod(v)
	case *wrapper:
		return p.wrapper(v)
	case *genericAlias:
		return p.alias(v)
	case *unionType:
		return p.types(v.types, " | ")
	case *Slice:
		p.buf.WriteString("slice")
		return p.tuple(starlark.Tuple{v.Start, v.Stop, v.Step})
	case HasStr:
		b, err := Deeper(p.thread)
		if err != nil {
			return err
		}
		s, err := v.Repr(p.thread)
		b.Shallower()
		if err != nil {
			return err
		}
		p.buf.WriteString(s)
	default:
		p.buf.WriteString(x.String())
	}
	return nil
}

func (p *printer) quote(s string, f func(string) string) error {
	q, err := quote(p.thread, s, f)
	p.buf.WriteString(q)
	return err
}

func (p *printer) wrapper(w *wrapper) error {
	b, err := Deeper(p.thread)
	if err != nil {
		return err
	}
	defer b.Shallower()
	p.buf.WriteString("<" + w.Type() + "(")
	if err := p.write(w.fn); err != nil {
		return err
	}
	p.buf.WriteString(")>")
	return nil
}

func (p *printer) boundMethod(m *BoundMethod) error {
	b, err := Deeper(p.thread)
	if err != nil {
		return err
	}
	defer b.Shallower()
	s, err := m.repr(p.thread)
	p.buf.WriteString(s)
	return err
}

func (p *printer) call(fn, x starlark.Value) error {
	b, err := Deeper(p.thread)
	if err != nil {
		return err
	}
	defer b.Shallower()
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
