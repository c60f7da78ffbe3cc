package npy

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar/formats"
)

// literal reads the Python dict literal of a header: strings, booleans and a
// tuple of integers, and nothing else.
type literal struct {
	text string
	pos  int
	base int64 // of text in the file
}

// parse fills dtype, shape, order and length from a header. The keys may come
// in any order, but all three must be there and no other.
func parse(t *formats.Tensor, header []byte, base int64) error {
	p := &literal{text: strings.TrimRight(string(header), " \t\r\n\x00"), base: base}
	if err := p.expect('{'); err != nil {
		return err
	}
	readers := map[string]func(*formats.Tensor) error{
		"descr":         p.descr,
		"fortran_order": p.fortranOrder,
		"shape":         p.shape,
	}
	for !p.take('}') {
		key, err := p.quoted("a key")
		if err != nil {
			return err
		}
		read := readers[key]
		if read == nil {
			return p.malformed("key %s is unknown or occurs twice", formats.Quote(key))
		}
		delete(readers, key)
		if err := p.expect(':'); err != nil {
			return err
		}
		if err := read(t); err != nil {
			return err
		}
		if !p.take(',') && p.peek() != '}' {
			return p.malformed("got %s, want ',' or '}'", p.found())
		}
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if readers[key] != nil {
			return p.malformed("no %s", key)
		}
	}
	if p.peek() != 0 {
		return p.malformed("got %s after the dict", p.found())
	}
	length, ok := t.ByteLength()
	if !ok || length > 1<<62 {
		return p.malformed("shape %s has too many elements", formats.ShapeString(t.Shape))
	}
	t.Length = length
	return nil
}

func (p *literal) malformed(message string, args ...any) error {
	return formats.Errorf(format, formats.Malformed, p.base+int64(p.pos), "read header: %s", fmt.Sprintf(message, args...))
}

// peek returns the next byte that is not a space, 0 at the end.
func (p *literal) peek() byte {
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; c {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return c
		}
	}
	return 0
}

func (p *literal) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.pos++
	return true
}

func (p *literal) expect(c byte) error {
	if !p.take(c) {
		return p.malformed("got %s, want %q", p.found(), c)
	}
	return nil
}

// found shows what stands at the position.
func (p *literal) found() string {
	const shown = 12
	p.peek()
	rest := p.text[p.pos:]
	if rest == "" {
		return "its end"
	}
	return strconv.Quote(rest[:min(len(rest), shown)])
}

// quoted reads a string. Type strings and keys need no escapes.
func (p *literal) quoted(what string) (string, error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", p.malformed("got %s, want %s in quotes", p.found(), what)
	}
	end := strings.IndexByte(p.text[p.pos+1:], quote)
	if end < 0 {
		return "", p.malformed("%s has no closing quote", what)
	}
	s := p.text[p.pos+1 : p.pos+1+end]
	p.pos += end + 2
	return s, nil
}

func (p *literal) descr(t *formats.Tensor) error {
	if p.peek() == '[' {
		return formats.Errorf(format, formats.Unsupported, p.base+int64(p.pos), "read header: structured dtypes are not supported")
	}
	at := p.base + int64(p.pos)
	descr, err := p.quoted("a type string")
	if err != nil {
		return err
	}
	if !setDescr(t, descr) {
		return formats.Errorf(format, formats.Unsupported, at, "read header: unsupported dtype %s", formats.Quote(descr))
	}
	return nil
}

func (p *literal) fortranOrder(t *formats.Tensor) error {
	p.peek()
	for word, value := range map[string]bool{"True": true, "False": false} {
		if strings.HasPrefix(p.text[p.pos:], word) {
			t.FortranOrder = value
			p.pos += len(word)
			return nil
		}
	}
	return p.malformed("fortran_order is %s, want True or False", p.found())
}

func (p *literal) shape(t *formats.Tensor) error {
	if err := p.expect('('); err != nil {
		return err
	}
	t.Shape = []int{}
	for !p.take(')') {
		d, err := p.integer()
		if err != nil {
			return err
		}
		t.Shape = append(t.Shape, d)
		if !p.take(',') && p.peek() != ')' {
			return p.malformed("got %s in the shape, want ',' or ')'", p.found())
		}
	}
	return nil
}

// integer reads a dimension. Files of Python 2 may end it in L.
func (p *literal) integer() (int, error) {
	p.peek()
	start := p.pos
	for p.pos < len(p.text) && p.text[p.pos] >= '0' && p.text[p.pos] <= '9' {
		p.pos++
	}
	digits := p.text[start:p.pos]
	n, err := strconv.Atoi(digits)
	if err != nil {
		p.pos = start
		return 0, p.malformed("dimension is %s, want an integer from 0 to %d", p.found(), int(^uint(0)>>1))
	}
	if p.pos < len(p.text) && p.text[p.pos] == 'L' {
		p.pos++
	}
	return n, nil
}
