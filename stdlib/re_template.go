package stdlib

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// templatePart is a text of a replacement, and the group that follows it, or -1.
type templatePart struct {
	text  string
	group int
}

var templateEscapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", '\\': "\\", 'a': "\a", 'f': "\f", 'v': "\v"}

// template reads a replacement.
func (r *compiledRegexp) template(thread *starlark.Thread, s string) ([]templatePart, error) {
	var parts []templatePart
	var text strings.Builder
	position := func(at int) string { return " at position " + strconv.Itoa(utf8.RuneCountInString(s[:at])) }
	group := func(name string, at int) error {
		n, err := strconv.Atoi(name)
		if err != nil || n < 0 {
			v, found, _ := r.index.Get(starlark.String(name))
			if !found {
				return object.Errorf(object.IndexError, "unknown group name '%s'", name)
			}
			n, _ = starlark.AsInt32(v)
		}
		if n >= len(r.names) {
			return regexpError(thread, r.fail, "invalid group reference "+name+position(at))
		}
		parts = append(parts, templatePart{text.String(), n})
		text.Reset()
		return nil
	}
	for i := 0; i < len(s); {
		at := strings.IndexByte(s[i:], '\\')
		if at < 0 {
			text.WriteString(s[i:])
			break
		}
		text.WriteString(s[i : i+at])
		i += at + 1
		rest := s[i:]
		switch {
		case rest == "":
			return nil, regexpError(thread, r.fail, "bad escape (end of pattern)"+position(i-1))
		case isDigit(rest[0]):
			n := 1
			if len(rest) > 1 && isDigit(rest[1]) {
				n = 2
			}
			if err := group(strings.TrimLeft(rest[:n-1], "0")+rest[n-1:n], i); err != nil {
				return nil, err
			}
			i += n
		case strings.HasPrefix(rest, "g<") && strings.Contains(rest, ">"):
			end := strings.IndexByte(rest, '>')
			if err := group(rest[2:end], i+2); err != nil {
				return nil, err
			}
			i += end + 1
		case templateEscapes[rest[0]] != "":
			text.WriteString(templateEscapes[rest[0]])
			i++
		case rest[0]|0x20 >= 'a' && rest[0]|0x20 <= 'z':
			return nil, regexpError(thread, r.fail, "bad escape \\"+rest[:1]+position(i-1))
		default:
			_, n := utf8.DecodeRuneInString(rest)
			text.WriteString("\\" + rest[:n])
			i += n
		}
	}
	return append(parts, templatePart{text.String(), -1}), nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
