package object

import (
	"bytes"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object/format"
)

// Bytes have letters, digits and spaces where they are ASCII.

func isUpperByte(b byte) bool  { return 'A' <= b && b <= 'Z' }
func isLowerByte(b byte) bool  { return 'a' <= b && b <= 'z' }
func isLetterByte(b byte) bool { return isUpperByte(b) || isLowerByte(b) }
func isDigitByte(b byte) bool  { return '0' <= b && b <= '9' }
func isSpaceByte(b byte) bool  { return b == ' ' || '\t' <= b && b <= '\r' }

// asciiMethods are those that look at the class of each byte.
func asciiMethods() []methodSpec {
	class := func(name string, in func(b byte) bool) methodSpec {
		return methodSpec{name: name, fn: func(c *call) (starlark.Value, error) {
			b := c.bytes()
			ok := b != ""
			for i := range len(b) {
				ok = ok && in(b[i])
			}
			return newBool(ok)
		}}
	}
	cased := func(name string, is, not func(b byte) bool) methodSpec {
		return methodSpec{name: name, fn: func(c *call) (starlark.Value, error) {
			some, ok := false, true
			b := c.bytes()
			for i := range len(b) {
				some = some || is(b[i])
				ok = ok && !not(b[i])
			}
			return newBool(some && ok)
		}}
	}
	each := func(name string, f func(b byte, after bool, i int) byte) methodSpec {
		return methodSpec{name: name, fn: func(c *call) (starlark.Value, error) {
			out := []byte(c.bytes())
			letter := false
			for i, b := range out {
				out[i] = f(b, letter, i)
				letter = isLetterByte(b)
			}
			return starlark.Bytes(out), nil
		}}
	}
	upper := func(b byte) byte { return bytes.ToUpper([]byte{b})[0] }
	lower := func(b byte) byte { return bytes.ToLower([]byte{b})[0] }
	ascii := func(f func(byte) byte, b byte) byte {
		if b < 0x80 {
			return f(b)
		}
		return b
	}
	return []methodSpec{
		class("isalpha", isLetterByte), class("isdigit", isDigitByte), class("isspace", isSpaceByte),
		class("isalnum", func(b byte) bool { return isLetterByte(b) || isDigitByte(b) }),
		cased("isupper", isUpperByte, isLowerByte), cased("islower", isLowerByte, isUpperByte),
		{name: "isascii", fn: func(c *call) (starlark.Value, error) {
			return newBool(strings.IndexFunc(c.bytes(), func(r rune) bool { return r >= 0x80 }) < 0)
		}},
		{name: "istitle", fn: func(c *call) (starlark.Value, error) {
			some, ok, letter := false, true, false
			for _, b := range []byte(c.bytes()) {
				some = some || isLetterByte(b)
				ok = ok && !(isUpperByte(b) && letter || isLowerByte(b) && !letter)
				letter = isLetterByte(b)
			}
			return newBool(some && ok)
		}},
		each("title", func(b byte, after bool, _ int) byte {
			if after {
				return ascii(lower, b)
			}
			return ascii(upper, b)
		}),
		each("capitalize", func(b byte, _ bool, i int) byte {
			if i > 0 {
				return ascii(lower, b)
			}
			return ascii(upper, b)
		}),
		each("swapcase", func(b byte, _ bool, _ int) byte {
			if isLetterByte(b) {
				return b ^ 0x20
			}
			return b
		}),
	}
}

// partMethods are those that cut bytes, and fill them up to a width.
func partMethods() []methodSpec {
	cut := func(name string, has func(b, affix string) bool, without func(b, affix string) string) methodSpec {
		return methodSpec{name: name, sig: "affix, /", fn: func(c *call) (starlark.Value, error) {
			affix, err := c.bytesArg(0)
			if err != nil {
				return nil, err
			}
			if b := c.bytes(); has(b, affix) {
				return starlark.Bytes(without(b, affix)), nil
			}
			return starlark.Bytes(c.bytes()), nil
		}}
	}
	return []methodSpec{
		cut("removeprefix", strings.HasPrefix, strings.TrimPrefix), cut("removesuffix", strings.HasSuffix, strings.TrimSuffix),
		bytesPartition("partition", strings.Index, false), bytesPartition("rpartition", strings.LastIndex, true),
		bytesPad("center", func(total, width int) int { return total/2 + total&width&1 }),
		bytesPad("ljust", func(int, int) int { return 0 }), bytesPad("rjust", func(total, _ int) int { return total }),
		{name: "zfill", sig: "width, /", fn: func(c *call) (starlark.Value, error) {
			width, err := c.intArg(0, 0)
			if err != nil {
				return nil, err
			}
			b, sign := c.bytes(), ""
			if b != "" && (b[0] == '+' || b[0] == '-') {
				b, sign = b[1:], b[:1]
			}
			if width > format.Limit {
				return nil, Errorf(MemoryError, "zfill: width %d above %d", width, format.Limit)
			}
			zeros := max(0, max(0, width)-len(b)-len(sign))
			return starlark.Bytes(sign + strings.Repeat("0", zeros) + b), nil
		}},
		{name: "splitlines", sig: "keepends=False", fn: func(c *call) (starlark.Value, error) {
			keep, err := c.boolArg(0, false)
			if err != nil {
				return nil, err
			}
			var out []starlark.Value
			for b := c.bytes(); b != ""; {
				end := strings.IndexAny(b, "\n\r")
				next := end + 1
				switch {
				case end < 0:
					end, next = len(b), len(b)
				case b[end] == '\r' && next < len(b) && b[next] == '\n':
					next++
				}
				line := b[:end]
				if keep {
					line = b[:next]
				}
				out = append(out, starlark.Bytes(line))
				b = b[next:]
			}
			return starlark.NewList(out), nil
		}},
		{name: "translate", sig: "table, /, delete=b''", fn: bytesTranslate},
	}
}

func bytesPartition(name string, index func(s, sep string) int, last bool) methodSpec {
	return methodSpec{name: name, sig: "sep, /", fn: func(c *call) (starlark.Value, error) {
		sep, err := c.bytesArg(0)
		if err != nil {
			return nil, err
		}
		if sep == "" {
			return nil, Errorf(ValueError, "empty separator")
		}
		b := c.bytes()
		i := index(b, sep)
		switch {
		case i >= 0:
			return starlark.Tuple{starlark.Bytes(b[:i]), starlark.Bytes(sep), starlark.Bytes(b[i+len(sep):])}, nil
		case last:
			return starlark.Tuple{starlark.Bytes(""), starlark.Bytes(""), starlark.Bytes(b)}, nil
		}
		return starlark.Tuple{starlark.Bytes(b), starlark.Bytes(""), starlark.Bytes("")}, nil
	}}
}

// bytesPad is a method that fills up to a width; left is how much goes before.
func bytesPad(name string, left func(total, width int) int) methodSpec {
	return methodSpec{name: name, sig: "width, fillchar=b' ', /", fn: func(c *call) (starlark.Value, error) {
		width, err := c.intArg(0, 0)
		if err != nil {
			return nil, err
		}
		fill := " "
		if c.arg(1) != nil {
			b, ok := asBytes(c.arg(1))
			if !ok || len(b) != 1 {
				return nil, Errorf(TypeError, "%s() argument 2 must be a byte string of length 1, not %s", name, typeName(c.arg(1)))
			}
			fill = b
		}
		b := c.bytes()
		if width > format.Limit {
			return nil, Errorf(MemoryError, "%s: width %d above %d", name, width, format.Limit)
		}
		total := max(0, max(0, width)-len(b))
		before := left(total, width)
		return starlark.Bytes(strings.Repeat(fill, before) + b + strings.Repeat(fill, total-before)), nil
	}}
}

func bytesTranslate(c *call) (starlark.Value, error) {
	table, deleted := "", ""
	var err error
	if c.given(0) {
		if table, err = c.bytesArg(0); err != nil {
			return nil, err
		}
		if len(table) != 256 {
			return nil, Errorf(ValueError, "translation table must be 256 characters long")
		}
	}
	if c.given(1) {
		if deleted, err = c.bytesArg(1); err != nil {
			return nil, err
		}
	}
	from := c.bytes()
	if err := Grow(c.thread, int64(len(from))); err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(from))
	var turns pace
	for i := range len(from) {
		if i%LongStep == 0 {
			if err := turns.step(c.thread); err != nil {
				return nil, err
			}
		}
		b := from[i]
		if strings.IndexByte(deleted, b) >= 0 {
			continue
		}
		if table != "" {
			b = table[b]
		}
		out = append(out, b)
	}
	return starlark.Bytes(out), nil
}
