package stdlib

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

func makeJSON(*Modules) *native.Module {
	mod := native.NewModule("_json", "Parts of json.")
	define(mod, []function{
		{"encode(obj, default, skipkeys, ensure_ascii, check_circular, allow_nan, indent, item_separator, key_separator, sort_keys, /)", "Encode obj.", jsonEncode},
		{"decode(text, fail, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant, whole, start, strict, /)", "Decode text, and give the value and where it ends.", jsonDecode},
		{"quote(text, ascii, /)", "Quote a string.", func(c *call) (starlark.Value, error) {
			e := jsonEncoder{ascii: c.BoolOr(1, true)}
			e.quote(c.Str(0))
			return starlark.String(e.out.String()), nil
		}},
	})
	return mod
}

// jsonEncoder writes one value.
type jsonEncoder struct {
	thread                              *starlark.Thread
	out                                 strings.Builder
	fallback                            starlark.Value
	skip, ascii, circular, nan, sorted  bool
	pretty                              bool
	indent, itemSeparator, keySeparator string
	open                                []starlark.Value // the containers being written
	meter                               object.Meter
	steps                               int // values written
}

func jsonEncode(c *call) (starlark.Value, error) {
	e := &jsonEncoder{
		thread: c.Thread, fallback: c.Arg(1), skip: c.BoolOr(2, false), ascii: c.BoolOr(3, true), circular: c.BoolOr(4, true),
		nan: c.BoolOr(5, true), itemSeparator: c.Str(7), keySeparator: c.Str(8), sorted: c.BoolOr(9, false),
	}
	if c.Given(6) {
		e.pretty = true
		if s, ok := object.AsString(c.Arg(6)); ok {
			e.indent = s
		} else {
			n := max(0, c.Int(6))
			if err := object.Grow(c.Thread, int64(n)); err != nil {
				return nil, err
			}
			e.indent = strings.Repeat(" ", n)
		}
	}
	if c.Err != nil {
		return nil, c.Err
	}
	if err := e.value(c.Arg(0)); err != nil {
		return nil, err
	}
	return starlark.String(e.out.String()), nil
}

func (e *jsonEncoder) newline() {
	if e.pretty {
		e.out.WriteByte('\n')
		e.out.WriteString(strings.Repeat(e.indent, len(e.open)))
	}
}

// grow asks for the room that a value takes with the white space around it.
func (e *jsonEncoder) grow(v starlark.Value) error {
	size := e.out.Len() + 2*len(e.indent)*len(e.open)
	if s, ok := v.(starlark.String); ok {
		size += len(s)
	}
	if e.steps++; e.steps%object.LongStep == 0 {
		if err := object.Steps(e.thread, object.LongStep); err != nil {
			return err
		}
	}
	return e.meter.Grow(e.thread, size)
}

func (e *jsonEncoder) value(v starlark.Value) error {
	if err := e.grow(v); err != nil {
		return err
	}
	if n, ok := v.(object.HasNumber); ok && object.IsInstance(v, object.FloatType) {
		v = n.PyNumber() // numpy.float64 is a float
	}
	switch x := object.Unwrap(v).(type) {
	case starlark.String:
		e.quote(string(x))
	case starlark.Int:
		e.out.WriteString(x.String())
	case starlark.Float:
		s, err := e.float(float64(x))
		e.out.WriteString(s)
		return err
	case starlark.Bool:
		e.out.WriteString(strings.ToLower(x.String()))
	case starlark.NoneType:
		e.out.WriteString("null")
	case *starlark.List, starlark.Tuple:
		return e.nested(v, func() error { return e.array(v) })
	case *starlark.Dict:
		return e.nested(v, func() error { return e.dict(x) })
	default:
		return e.nested(v, func() error {
			r, err := object.Call(e.thread, e.fallback, starlark.Tuple{v}, nil)
			if err != nil {
				return err
			}
			e.open = e.open[:len(e.open)-1] // the replacement stands at this depth
			err = e.value(r)
			e.open = append(e.open, v)
			return err
		})
	}
	return nil
}

// maxJSONDepth bounds the nesting of what is encoded and decoded.
const maxJSONDepth = 990

func (e *jsonEncoder) nested(v starlark.Value, write func() error) error {
	if e.circular {
		for _, o := range e.open {
			if _, tuple := v.(starlark.Tuple); !tuple && object.Is(o, v) {
				return object.Errorf(object.ValueError, "Circular reference detected")
			}
		}
	}
	if len(e.open) > maxJSONDepth {
		return object.Errorf(object.RecursionError, "maximum recursion depth exceeded while encoding a JSON object")
	}
	e.open = append(e.open, v)
	err := write()
	e.open = e.open[:len(e.open)-1]
	return err
}

func (e *jsonEncoder) float(f float64) (string, error) {
	if !math.IsNaN(f) && !math.IsInf(f, 0) {
		return object.Repr(e.thread, starlark.Float(f))
	}
	if !e.nan {
		return "", object.Errorf(object.ValueError, "Out of range float values are not JSON compliant")
	}
	switch {
	case math.IsInf(f, 1):
		return "Infinity", nil
	case math.IsInf(f, -1):
		return "-Infinity", nil
	}
	return "NaN", nil
}

func (e *jsonEncoder) array(v starlark.Value) error {
	items, err := object.Collect(e.thread, object.Unwrap(v))
	if err != nil {
		return err
	}
	e.out.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			e.out.WriteString(e.itemSeparator)
		}
		e.newline()
		if err := e.value(item); err != nil {
			return err
		}
	}
	e.close(']', len(items))
	return nil
}

// close ends a container; what is not empty ends on a line of its own.
func (e *jsonEncoder) close(bracket byte, n int) {
	if n > 0 && e.pretty {
		e.out.WriteByte('\n')
		e.out.WriteString(strings.Repeat(e.indent, len(e.open)-1))
	}
	e.out.WriteByte(bracket)
}

func (e *jsonEncoder) dict(d *starlark.Dict) error {
	items := d.Items()
	if e.sorted {
		var failed error
		sort.SliceStable(items, func(i, j int) bool {
			v, err := object.Compare(e.thread, object.Lt, items[i][0], items[j][0])
			if err != nil {
				failed = err
				return false
			}
			return v == starlark.True
		})
		if failed != nil {
			return failed
		}
	}
	e.out.WriteByte('{')
	n := 0
	for _, item := range items {
		key, ok, err := e.key(item[0])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if n > 0 {
			e.out.WriteString(e.itemSeparator)
		}
		n++
		e.newline()
		e.quote(key)
		e.out.WriteString(e.keySeparator)
		if err := e.value(item[1]); err != nil {
			return err
		}
	}
	e.close('}', n)
	return nil
}

// key is a dict's key as text. Ok is false for one that is skipped.
func (e *jsonEncoder) key(v starlark.Value) (key string, ok bool, err error) {
	switch x := object.Unwrap(v).(type) {
	case starlark.String:
		return string(x), true, nil
	case starlark.Float:
		s, err := e.float(float64(x))
		return s, true, err
	case starlark.Bool:
		return strings.ToLower(x.String()), true, nil
	case starlark.NoneType:
		return "null", true, nil
	case starlark.Int:
		return x.String(), true, nil
	}
	if e.skip {
		return "", false, nil
	}
	return "", false, object.Errorf(object.TypeError, "keys must be str, int, float, bool or None, not %s", object.TypeName(v))
}

var jsonEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\f': `\f`, '\b': `\b`}

func (e *jsonEncoder) quote(s string) {
	e.out.WriteByte('"')
	for _, r := range s {
		switch esc := jsonEscapes[r]; {
		case esc != "":
			e.out.WriteString(esc)
		case r < 0x20, e.ascii && r > 0x7e && r < 0x10000:
			fmt.Fprintf(&e.out, "\\u%04x", r)
		case e.ascii && r >= utf8.RuneSelf:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&e.out, "\\u%04x\\u%04x", hi, lo)
		default:
			e.out.WriteRune(r)
		}
	}
	e.out.WriteByte('"')
}
