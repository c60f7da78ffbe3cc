package object

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// codec encodes and decodes one character encoding that a byte suffices to name.
var codecs = map[string]rune{ // the first code point that does not fit, 0 for UTF-8
	"utf-8": 0, "utf8": 0, "utf_8": 0, "u8": 0, "ascii": 0x80, "us-ascii": 0x80,
	"latin-1": 0x100, "latin1": 0x100, "latin_1": 0x100, "iso-8859-1": 0x100, "iso8859-1": 0x100,
}

func codecLimit(name string) (rune, error) {
	limit, ok := codecs[strings.ToLower(name)]
	if !ok {
		return 0, Errorf(LookupError, "unknown encoding: %s", name)
	}
	return limit, nil
}

func (c *call) codec(slot int) (name, errors string, err error) {
	name, errors = "utf-8", "strict"
	if c.arg(slot) != nil {
		if name, err = c.strArg(slot); err != nil {
			return
		}
	}
	if c.arg(slot+1) != nil {
		errors, err = c.strArg(slot + 1)
	}
	return
}

func strEncode(c *call) (starlark.Value, error) {
	name, errors, err := c.codec(0)
	if err != nil {
		return nil, err
	}
	return encode(c.thread, c.text(), name, errors)
}

func encode(thread *starlark.Thread, s, name, errors string) (starlark.Value, error) {
	limit, err := codecLimit(name)
	if err != nil {
		return nil, err
	}
	if limit == 0 {
		return starlark.Bytes(s), nil
	}
	if err := Grow(thread, 2*int64(len(s))); err != nil {
		return nil, err
	}
	out := make([]byte, 0, utf8.RuneCountInString(s))
	i := -1
	var turns pace
	var meter Meter
	for _, r := range s {
		i++
		if err := turns.step(thread); err != nil {
			return nil, err
		}
		if err := meter.Grow(thread, len(out)); err != nil {
			return nil, err
		}
		if r < limit {
			out = append(out, byte(r))
			continue
		}
		switch errors {
		case "ignore":
		case "replace":
			out = append(out, '?')
		case "backslashreplace":
			q := text.QuoteASCII(string(r))
			out = append(out, q[1:len(q)-1]...)
		case "xmlcharrefreplace":
			out = fmt.Appendf(out, "&#%d;", r)
		default:
			return nil, EncodeError(name, s, i, limit)
		}
	}
	return starlark.Bytes(out), nil
}

func decode(thread *starlark.Thread, b, name, errors string) (starlark.Value, error) {
	limit, err := codecLimit(name)
	if err != nil {
		return nil, err
	}
	if err := Grow(thread, 2*int64(len(b))); err != nil {
		return nil, err
	}
	var buf strings.Builder
	var turns pace
	var meter Meter
	for i := 0; i < len(b); {
		if err := turns.step(thread); err != nil {
			return nil, err
		}
		if err := meter.Grow(thread, buf.Len()); err != nil {
			return nil, err
		}
		r, n := rune(b[i]), 1
		var reason string
		if limit == 0 {
			r, n = utf8.DecodeRuneInString(b[i:])
			if r == utf8.RuneError && n <= 1 {
				n, reason = text.UTF8Fault(b[i:])
			}
		} else if r >= limit {
			reason = fmt.Sprintf("ordinal not in range(%d)", limit)
		}
		if reason == "" {
			buf.WriteRune(r)
			i += n
			continue
		}
		switch errors {
		case "ignore":
		case "replace":
			buf.WriteRune(utf8.RuneError)
		case "backslashreplace":
			for _, c := range []byte(b[i : i+n]) {
				fmt.Fprintf(&buf, `\x%02x`, c)
			}
		default:
			return nil, NewException(UnicodeDecodeError, starlark.String(strings.ToLower(name)), starlark.Bytes(b),
				starlark.MakeInt(i), starlark.MakeInt(i+n), starlark.String(reason))
		}
		i += n
	}
	return newString(buf.String())
}

func (c *call) bytes() string {
	if a, ok := c.self.(*ByteArray); ok {
		return string(a.b)
	}
	b, _ := unwrap(c.self).(starlark.Bytes)
	return string(b)
}

func (c *call) bytesArg(i int) (string, error) {
	if b, ok := asBytes(c.arg(i)); ok {
		return b, nil
	}
	return "", Errorf(TypeError, "a bytes-like object is required, not '%s'", typeName(c.arg(i)))
}

func bytesMethods() []methodSpec {
	mapped := func(name string, f func([]byte) []byte) methodSpec {
		return methodSpec{name: name, fn: func(c *call) (starlark.Value, error) {
			b := c.bytes()
			if err := Grow(c.thread, 2*int64(len(b))); err != nil {
				return nil, err
			}
			return starlark.Bytes(f([]byte(b))), nil
		}}
	}
	trim := func(name string, left, right bool) methodSpec {
		return methodSpec{name: name, sig: "chars=None, /", fn: func(c *call) (starlark.Value, error) {
			cut := " \t\n\r\v\f"
			if c.given(0) {
				var err error
				if cut, err = c.bytesArg(0); err != nil {
					return nil, err
				}
			}
			b := c.bytes()
			var gone [256]bool
			for i := range len(cut) {
				gone[cut[i]] = true
			}
			for left && b != "" && gone[b[0]] {
				b = b[1:]
			}
			for right && b != "" && gone[b[len(b)-1]] {
				b = b[:len(b)-1]
			}
			return starlark.Bytes(b), nil
		}}
	}
	return append(append(append(bytesSearchMethods(), asciiMethods()...), partMethods()...), []methodSpec{
		mapped("upper", bytes.ToUpper), mapped("lower", bytes.ToLower),
		trim("strip", true, true), trim("lstrip", true, false), trim("rstrip", false, true),
		{name: "decode", sig: "encoding='utf-8', errors='strict'", fn: func(c *call) (starlark.Value, error) {
			name, errors, err := c.codec(0)
			if err != nil {
				return nil, err
			}
			return decode(c.thread, c.bytes(), name, errors)
		}},
		{name: "hex", sig: "sep='', bytes_per_sep=1", fn: bytesHex},
		{name: "split", sig: "sep=None, maxsplit=-1", fn: func(c *call) (starlark.Value, error) { return bytesSplit(c, false) }},
		{name: "rsplit", sig: "sep=None, maxsplit=-1", fn: func(c *call) (starlark.Value, error) { return bytesSplit(c, true) }},
		{name: "join", sig: "iterable, /", fn: bytesJoin},
		{name: "replace", sig: "old, new, count=-1, /", fn: bytesReplace},
		{name: "count", sig: "sub, /", fn: func(c *call) (starlark.Value, error) {
			sub, err := c.bytesArg(0)
			if err != nil {
				return nil, err
			}
			return newInt(strings.Count(c.bytes(), string(sub)))
		}},
		{name: "fromhex", sig: "string, /", kind: classMethod, fn: func(c *call) (starlark.Value, error) {
			s, err := c.strArg(0)
			if err != nil {
				return nil, err
			}
			if err := Grow(c.thread, 3*int64(len(s))); err != nil {
				return nil, err
			}
			b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
			if err != nil {
				return nil, Errorf(ValueError, "non-hexadecimal number found in fromhex() arg")
			}
			return starlark.Bytes(b), nil
		}},
		{name: "elems", fn: func(c *call) (starlark.Value, error) {
			vals, err := collect(c.thread, starlark.Bytes(c.bytes()))
			return starlark.NewList(vals), err
		}},
	}...)
}

// bytesSearchMethods are those that look for bytes in bytes.
func bytesSearchMethods() []methodSpec {
	find := func(name string, index func(s, sep string) int, raise bool) methodSpec {
		return methodSpec{name: name, sig: "sub, start=None, end=None, /", fn: func(c *call) (starlark.Value, error) {
			return bytesFind(c, index, raise)
		}}
	}
	affix := func(name string, has func(s, a string) bool) methodSpec {
		return methodSpec{name: name, sig: "prefix, /", fn: func(c *call) (starlark.Value, error) {
			options, many := AsTuple(c.arg(0))
			if !many {
				options = starlark.Tuple{c.arg(0)}
			}
			var turns pace
			for _, o := range options {
				if err := turns.step(c.thread); err != nil {
					return nil, err
				}
				b, ok := unwrap(o).(starlark.Bytes)
				if !ok {
					return nil, Errorf(TypeError, "%s first arg must be bytes or a tuple of bytes, not %s", c.name, typeName(o))
				}
				if has(c.bytes(), string(b)) {
					return starlark.True, nil
				}
			}
			return starlark.False, nil
		}}
	}
	return []methodSpec{
		find("find", strings.Index, false), find("index", strings.Index, true),
		find("rfind", strings.LastIndex, false), find("rindex", strings.LastIndex, true),
		affix("startswith", strings.HasPrefix), affix("endswith", strings.HasSuffix),
	}
}

func bytesFind(c *call, index func(s, sep string) int, raise bool) (starlark.Value, error) {
	var sub string
	if n, err := AsIndex(c.thread, c.arg(0)); err == nil {
		if n < 0 || n > 255 {
			return nil, Errorf(ValueError, "byte must be in range(0, 256)")
		}
		sub = string([]byte{byte(n)})
	} else if b, ok := asBytes(c.arg(0)); ok {
		sub = b
	} else {
		return nil, Errorf(TypeError, "argument should be integer or bytes-like object, not '%s'", typeName(c.arg(0)))
	}
	b := c.bytes()
	stop := c.arg(2)
	start, _, count, err := NewSlice(c.arg(1), stop, nil).Indices(c.thread, len(b))
	if err != nil {
		return nil, err
	}
	i := index(b[start:start+count], sub)
	if i < 0 && raise {
		return nil, Errorf(ValueError, "subsection not found")
	}
	if i >= 0 {
		i += start
	}
	return newInt(i)
}

func bytesHex(c *call) (starlark.Value, error) {
	if err := Grow(c.thread, 4*int64(len(c.bytes()))); err != nil {
		return nil, err
	}
	s := hex.EncodeToString([]byte(c.bytes()))
	if c.arg(0) == nil {
		return newString(s)
	}
	sep, err := c.strArg(0)
	if err != nil {
		return nil, err
	}
	if len(sep) != 1 {
		return nil, Errorf(ValueError, "sep must be length 1.")
	}
	group, err := c.intArg(1, 1)
	if err != nil {
		return nil, err
	}
	// A positive group counts from the right.
	var buf strings.Builder
	for i := 0; i < len(s); i += 2 {
		at := i / 2
		if group > 0 {
			at = (len(s) - i) / 2
		}
		if i > 0 && group != 0 && at%group == 0 {
			buf.WriteString(sep)
		}
		buf.WriteString(s[i : i+2])
	}
	return newString(buf.String())
}

func bytesSplit(c *call, right bool) (starlark.Value, error) {
	limit, err := c.intArg(1, -1)
	if err != nil {
		return nil, err
	}
	if err := growParts(c, c.bytes()); err != nil {
		return nil, err
	}
	var parts []string
	if c.given(0) {
		sep, err := c.bytesArg(0)
		if err != nil {
			return nil, err
		}
		if sep == "" {
			return nil, Errorf(ValueError, "empty separator")
		}
		parts = splitOn(c.bytes(), sep, limit, right)
	} else {
		parts = splitSpace(c.bytes(), limit, right)
	}
	vals := make([]starlark.Value, len(parts))
	for i, p := range parts {
		vals[i] = starlark.Bytes(p)
	}
	return starlark.NewList(vals), nil
}

func bytesJoin(c *call) (starlark.Value, error) {
	var parts []string
	size := 0
	err := each(c.thread, c.arg(0), func(v starlark.Value) error {
		x := unwrap(v)
		if _, shared := x.(starlark.Bytes); !shared { // what may change is copied
			if err := Grow(c.thread, int64(max(starlark.Len(x), 0))); err != nil {
				return err
			}
		}
		b, ok := asBytes(x)
		if !ok {
			return Errorf(TypeError, "sequence item %d: expected a bytes-like object, %s found", len(parts), typeName(v))
		}
		size += len(b) + len(c.bytes())
		parts = append(parts, b)
		return nil
	})
	if err == nil {
		err = Grow(c.thread, int64(size))
	}
	if err != nil {
		return nil, err
	}
	return starlark.Bytes(strings.Join(parts, c.bytes())), nil
}

func bytesReplace(c *call) (starlark.Value, error) {
	old, err := c.bytesArg(0)
	if err != nil {
		return nil, err
	}
	new, err := c.bytesArg(1)
	if err != nil {
		return nil, err
	}
	n, err := c.intArg(2, -1)
	if err != nil {
		return nil, err
	}
	if err := growReplace(c.thread, c.bytes(), old, new, n); err != nil {
		return nil, err
	}
	return starlark.Bytes(strings.Replace(c.bytes(), string(old), string(new), n)), nil
}
