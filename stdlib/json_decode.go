package stdlib

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// jsonDecoder reads one document.
type jsonDecoder struct {
	thread                                   *starlark.Thread
	s                                        string
	i                                        int
	fail                                     starlark.Value // makes the exception of (message, document, position)
	hook, pairsHook, float, integer, special starlark.Value // nil where absent
	strict                                   bool
	depth                                    int
	keys                                     map[string]starlark.String
}

// jsonDecode decodes a whole document, or the value at a position.
func jsonDecode(c *call) (starlark.Value, error) {
	d := &jsonDecoder{thread: c.Thread, s: c.Str(0), fail: c.Arg(1), strict: c.BoolOr(9, true), keys: map[string]starlark.String{}}
	for i, p := range []*starlark.Value{&d.hook, &d.pairsHook, &d.float, &d.integer, &d.special} {
		if c.Given(2 + i) {
			*p = c.Arg(2 + i)
		}
	}
	whole, start := c.BoolOr(7, true), c.Int(8)
	if c.Err != nil {
		return nil, c.Err
	}
	if !whole {
		d.i = int(runeOffset([]byte(d.s), int64(start)))
	} else {
		d.space()
	}
	v, err := d.value()
	if err != nil {
		return nil, err
	}
	end := d.i
	if whole {
		d.space()
		if d.i < len(d.s) {
			return nil, d.error("Extra data", d.i)
		}
	}
	return starlark.Tuple{v, starlark.MakeInt(utf8.RuneCountInString(d.s[:end]))}, nil
}

// error makes a JSONDecodeError; positions count characters.
func (d *jsonDecoder) error(message string, at int) error {
	at = min(at, len(d.s))
	pos := starlark.MakeInt(utf8.RuneCountInString(d.s[:at]))
	v, err := object.Call(d.thread, d.fail, starlark.Tuple{starlark.String(message), starlark.String(d.s), pos}, nil)
	if err != nil {
		return err
	}
	if e, ok := v.(*object.Exception); ok {
		return e
	}
	return object.Errorf(object.ValueError, "%s", message)
}

func (d *jsonDecoder) space() {
	for d.i < len(d.s) && strings.IndexByte(" \t\n\r", d.s[d.i]) >= 0 {
		d.i++
	}
}

// jsonConstants are the words of the language and of its extension by Python.
var jsonConstants = []struct {
	word    string
	value   starlark.Value
	special bool
}{
	{"null", starlark.None, false}, {"true", starlark.True, false}, {"false", starlark.False, false},
	{"NaN", starlark.Float(math.NaN()), true}, {"Infinity", starlark.Float(math.Inf(1)), true}, {"-Infinity", starlark.Float(math.Inf(-1)), true},
}

func (d *jsonDecoder) value() (starlark.Value, error) {
	if d.i >= len(d.s) {
		return nil, d.error("Expecting value", d.i)
	}
	switch d.s[d.i] {
	case '"':
		s, err := d.str()
		return starlark.String(s), err
	case '{', '[':
		if d.depth++; d.depth > maxJSONDepth {
			return nil, object.Errorf(object.RecursionError, "maximum recursion depth exceeded while decoding a JSON document")
		}
		defer func() { d.depth-- }()
		if d.s[d.i] == '{' {
			return d.object()
		}
		return d.array()
	}
	for _, k := range jsonConstants {
		if !strings.HasPrefix(d.s[d.i:], k.word) {
			continue
		}
		d.i += len(k.word)
		if k.special && d.special != nil {
			return object.Call(d.thread, d.special, starlark.Tuple{starlark.String(k.word)}, nil)
		}
		return k.value, nil
	}
	return d.number()
}

func (d *jsonDecoder) digits() bool {
	from := d.i
	for d.i < len(d.s) && d.s[d.i] >= '0' && d.s[d.i] <= '9' {
		d.i++
	}
	return d.i > from
}

func (d *jsonDecoder) number() (starlark.Value, error) {
	from := d.i
	if d.s[d.i] == '-' {
		d.i++
	}
	if d.i < len(d.s) && d.s[d.i] == '0' {
		d.i++
	} else if !d.digits() {
		d.i = from
		return nil, d.error("Expecting value", from)
	}
	whole := true
	if end := d.i; end+1 < len(d.s) && d.s[end] == '.' {
		d.i++
		if d.digits() {
			whole = false
		} else {
			d.i = end
		}
	}
	if end := d.i; end+1 < len(d.s) && d.s[end]|0x20 == 'e' {
		d.i++
		if d.s[d.i] == '+' || d.s[d.i] == '-' {
			d.i++
		}
		if d.digits() {
			whole = false
		} else {
			d.i = end
		}
	}
	text := d.s[from:d.i]
	if whole {
		if d.integer != nil {
			return object.Call(d.thread, d.integer, starlark.Tuple{starlark.String(text)}, nil)
		}
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return starlark.MakeInt64(n), nil
		}
		return object.Call(d.thread, object.IntType, starlark.Tuple{starlark.String(text)}, nil)
	}
	if d.float != nil {
		return object.Call(d.thread, d.float, starlark.Tuple{starlark.String(text)}, nil)
	}
	f, _ := strconv.ParseFloat(text, 64) // out of range gives an infinity, as Python does
	return starlark.Float(f), nil
}

// str reads a string at its opening quote.
func (d *jsonDecoder) str() (string, error) {
	begin := d.i
	d.i++
	from := d.i
	var out []byte
	for d.i < len(d.s) {
		switch ch := d.s[d.i]; {
		case ch == '"':
			text := d.s[from:d.i]
			d.i++
			if out == nil {
				return text, nil
			}
			return string(append(out, text...)), nil
		case ch == '\\':
			out = append(out, d.s[from:d.i]...)
			if out == nil {
				out = []byte{}
			}
			r, err := d.escape(begin)
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
			from = d.i
		case ch < 0x20 && d.strict:
			return "", d.error("Invalid control character at", d.i)
		default:
			d.i++
		}
	}
	return "", d.error("Unterminated string starting at", begin)
}

var jsonUnescapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (d *jsonDecoder) escape(begin int) (rune, error) {
	if d.i+1 >= len(d.s) {
		return 0, d.error("Unterminated string starting at", begin)
	}
	ch := d.s[d.i+1]
	if ch != 'u' {
		r, ok := jsonUnescapes[ch]
		if !ok {
			return 0, d.error("Invalid \\escape", d.i)
		}
		d.i += 2
		return r, nil
	}
	r, ok := d.hex4(d.i + 2)
	if !ok {
		return 0, d.error("Invalid \\uXXXX escape", d.i+1)
	}
	d.i += 6
	if utf16.IsSurrogate(r) && strings.HasPrefix(d.s[d.i:], "\\u") {
		if low, ok := d.hex4(d.i + 2); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				d.i += 6
				return pair, nil
			}
		}
	}
	return r, nil
}

func (d *jsonDecoder) hex4(at int) (rune, bool) {
	if at+4 > len(d.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(d.s[at:at+4], 16, 32)
	return rune(n), err == nil
}

func (d *jsonDecoder) array() (starlark.Value, error) {
	d.i++
	d.space()
	var out []starlark.Value
	if d.i < len(d.s) && d.s[d.i] == ']' {
		d.i++
		return list(out), nil
	}
	for {
		v, err := d.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		d.space()
		switch {
		case d.i < len(d.s) && d.s[d.i] == ']':
			d.i++
			return list(out), nil
		case d.i >= len(d.s) || d.s[d.i] != ',':
			return nil, d.error("Expecting ',' delimiter", d.i)
		}
		d.i++
		d.space()
	}
}

func (d *jsonDecoder) object() (starlark.Value, error) {
	d.i++
	d.space()
	var pairs []starlark.Value
	out := new(starlark.Dict)
	if d.i < len(d.s) && d.s[d.i] == '}' {
		d.i++
		return d.made(out, pairs)
	}
	for {
		if d.i >= len(d.s) || d.s[d.i] != '"' {
			return nil, d.error("Expecting property name enclosed in double quotes", d.i)
		}
		k, err := d.str()
		if err != nil {
			return nil, err
		}
		d.space()
		if d.i >= len(d.s) || d.s[d.i] != ':' {
			return nil, d.error("Expecting ':' delimiter", d.i)
		}
		d.i++
		d.space()
		v, err := d.value()
		if err != nil {
			return nil, err
		}
		if d.pairsHook != nil {
			pairs = append(pairs, starlark.Tuple{d.interned(k), v})
		} else if err := out.SetKey(d.interned(k), v); err != nil {
			return nil, err
		}
		d.space()
		switch {
		case d.i < len(d.s) && d.s[d.i] == '}':
			d.i++
			return d.made(out, pairs)
		case d.i >= len(d.s) || d.s[d.i] != ',':
			return nil, d.error("Expecting ',' delimiter", d.i)
		}
		d.i++
		d.space()
	}
}

// interned makes equal keys share their text.
func (d *jsonDecoder) interned(k string) starlark.String {
	s, ok := d.keys[k]
	if !ok {
		s = starlark.String(strings.Clone(k))
		d.keys[k] = s
	}
	return s
}

func (d *jsonDecoder) made(out *starlark.Dict, pairs []starlark.Value) (starlark.Value, error) {
	switch {
	case d.pairsHook != nil:
		return object.Call(d.thread, d.pairsHook, starlark.Tuple{list(pairs)}, nil)
	case d.hook != nil:
		return object.Call(d.thread, d.hook, starlark.Tuple{out}, nil)
	}
	return out, nil
}
