package stdlib

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/text"
)

// codec turns bytes into text and back.
type codec struct {
	name   string
	limit  rune // the first code point that it cannot hold, for single-byte codecs
	errors string
}

// codecNames maps the spellings of an encoding to the codec's name.
var codecNames = map[string]string{
	"utf8": "utf-8", "u8": "utf-8", "utf8sig": "utf-8-sig", "ascii": "ascii", "usascii": "ascii",
	"646": "ascii", "latin1": "latin-1", "latin": "latin-1", "l1": "latin-1", "iso88591": "latin-1", "cp819": "latin-1",
}

func newCodec(encoding, errors string) (*codec, error) {
	key := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(encoding))
	name := codecNames[key]
	if name == "" {
		return nil, object.Errorf(object.LookupError, "unknown encoding: %s", encoding)
	}
	switch errors {
	case "strict", "ignore", "replace", "backslashreplace":
	default:
		return nil, object.Errorf(object.LookupError, "unknown error handler name '%s'", errors)
	}
	c := &codec{name: name, errors: errors}
	switch name {
	case "ascii":
		c.limit = 128
	case "latin-1":
		c.limit = 256
	}
	return c, nil
}

func (c *codec) encode(s string) ([]byte, error) {
	if c.limit == 0 {
		return []byte(s), nil
	}
	out := make([]byte, 0, len(s))
	pos := 0
	for _, r := range s {
		switch {
		case r < c.limit:
			out = append(out, byte(r))
		case c.errors == "ignore":
		case c.errors == "replace":
			out = append(out, '?')
		case c.errors == "backslashreplace":
			out = append(out, escapeRune(r)...)
		default:
			return nil, object.EncodeError(c.name, s, pos, c.limit)
		}
		pos++
	}
	return out, nil
}

func escapeRune(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf("\\x%02x", r)
	case r < 0x10000:
		return fmt.Sprintf("\\u%04x", r)
	}
	return fmt.Sprintf("\\U%08x", r)
}

func (c *codec) decode(b []byte) (string, error) {
	if c.limit == 0 && utf8.Valid(b) {
		return string(b), nil
	}
	var out strings.Builder
	for i := 0; i < len(b); {
		if c.limit > 0 {
			r := rune(b[i])
			if r >= c.limit {
				if err := c.malformed(&out, b, i, 1, "ordinal not in range(128)"); err != nil {
					return "", err
				}
			} else {
				out.WriteRune(r)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			n, reason := text.UTF8Fault(string(b[i:min(i+utf8.UTFMax, len(b))]))
			if err := c.malformed(&out, b, i, n, reason); err != nil {
				return "", err
			}
			i += n
			continue
		}
		out.WriteRune(r)
		i += n
	}
	return out.String(), nil
}

// malformed does with the n bytes from i on, which cannot be decoded, what the error handler says.
func (c *codec) malformed(out *strings.Builder, b []byte, i, n int, reason string) error {
	switch c.errors {
	case "ignore":
	case "replace":
		out.WriteRune(utf8.RuneError)
	case "backslashreplace":
		for _, v := range b[i : i+n] {
			fmt.Fprintf(out, "\\x%02x", v)
		}
	default:
		return object.NewException(object.UnicodeDecodeError, starlark.String(c.name), starlark.Bytes(b),
			starlark.MakeInt(i), starlark.MakeInt(i+n), starlark.String(reason))
	}
	return nil
}
