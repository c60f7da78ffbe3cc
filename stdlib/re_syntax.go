package stdlib

import (
	"fmt"
	"strings"
)

// unicodeClasses are Python's classes, which hold all of Unicode, as Go writes them.
var unicodeClasses = map[byte]string{
	'd': `\p{Nd}`, 'w': `\p{L}\p{N}_`, 's': `\s\x0b\x{85}\p{Z}`,
}

// asciiOnly are what these classes have of ASCII.
var asciiOnly = map[byte]string{
	'd': `0-9`, 'w': `0-9A-Za-z_`, 's': `\s\x0b\x20`,
}

// unsupportedGroups are the constructs that need to look elsewhere than at the
// next character, which Go's engine, linear in time, does not do.
var unsupportedGroups = []struct{ start, name string }{
	{"(?=", "lookahead (?=...)"}, {"(?!", "negative lookahead (?!...)"}, {"(?<=", "lookbehind (?<=...)"},
	{"(?<!", "negative lookbehind (?<!...)"}, {"(?P=", "named backreference (?P=...)"}, {"(?(", "conditional group (?(...)...)"},
	{"(?>", "atomic group (?>...)"},
}

// possessive tells whether a repetition stands at a place that takes all it can: *+.
func possessive(p string, i int) bool {
	return i > 0 && p[i] == '+' && strings.IndexByte("*+?}", p[i-1]) >= 0 && (i < 2 || p[i-2] != '\\')
}

// translateRegexp writes a pattern of Python's as Go has it. What it does not is left to
// the backtracking engine.
func translateRegexp(p string, flags reFlags, classes map[byte]string) (string, error) {
	if flags.ascii || flags.extended || strings.HasPrefix(p, "(?") && strings.ContainsAny(p[:max(strings.IndexByte(p, ')'), 0)], "axL") {
		return "", fmt.Errorf("the pattern's flags are not Go's")
	}
	verbose := flags.verbose
	var out strings.Builder
	class := false
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == '\\':
			if i+1 == len(p) {
				return "", fmt.Errorf("bad escape (end of pattern) at position %d", i)
			}
			i++
			s, err := translateEscape(p[i], class, classes)
			if err != nil {
				return "", fmt.Errorf("%w at position %d", err, i-1)
			}
			out.WriteString(s)
		case class:
			if c == '[' {
				out.WriteByte('\\')
			}
			out.WriteByte(c)
			class = c != ']'
		case c == '[':
			class = true
			out.WriteByte(c)
			if i+1 < len(p) && p[i+1] == '^' {
				i++
				out.WriteByte('^')
			}
			if i+1 < len(p) && p[i+1] == ']' { // first in a class, it is itself
				i++
				out.WriteString(`\]`)
			}
		case c == '(' && strings.HasPrefix(p[i:], "(?"):
			for _, u := range unsupportedGroups {
				if strings.HasPrefix(p[i:], u.start) {
					return "", fmt.Errorf("%s is not supported at position %d", u.name, i)
				}
			}
			if strings.HasPrefix(p[i:], "(?#") {
				end := strings.IndexByte(p[i:], ')')
				if end < 0 {
					return "", fmt.Errorf("missing ), unterminated comment at position %d", i)
				}
				i += end
				continue
			}
			out.WriteByte(c)
		case possessive(p, i), c == '{' && strings.HasPrefix(p[i:], "{,"):
			return "", fmt.Errorf("possessive repetition is not supported at position %d", i)
		case verbose && strings.IndexByte(" \t\n\r\f\v", c) >= 0:
		case verbose && c == '#':
			for i+1 < len(p) && p[i+1] != '\n' {
				i++
			}
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), nil
}

func translateEscape(c byte, class bool, classes map[byte]string) (string, error) {
	if s := classes[c]; s != "" {
		if class {
			return s, nil
		}
		return "[" + s + "]", nil
	}
	switch {
	case c|0x20 == 'd' || c|0x20 == 'w' || c|0x20 == 's':
		if class {
			return "\\" + string(c), nil
		}
		return "[^" + classes[c|0x20] + "]", nil
	case c == 'Z':
		return `\z`, nil
	case class && c == 'b':
		return `\x08`, nil
	case c == '0':
		return `\x00`, nil
	case c >= '1' && c <= '9':
		return "", fmt.Errorf("backreference \\%c is not supported", c)
	case c == 'u' || c == 'U' || c == 'N':
		return "", fmt.Errorf("escape \\%c is not supported in a pattern; write the character itself", c)
	case strings.IndexByte("abfnrtvxAB", c) >= 0:
		return "\\" + string(c), nil
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return "", fmt.Errorf("bad escape \\%c", c)
	case c == '_' || c >= '0' && c <= '9' || c >= 0x80 || c == ' ' || c == '\n':
		return string([]byte{c}), nil
	}
	return "\\" + string(c), nil
}
