package syntax

import (
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mlxstar/mlxstar/dialect/charnames"
)

// numberClass names the class of a numeric literal as Python's messages do.
func numberClass(text string) string {
	switch {
	case strings.HasPrefix(strings.ToLower(text), "0x"):
		return "hexadecimal"
	case strings.HasPrefix(strings.ToLower(text), "0o"):
		return "octal"
	case strings.HasPrefix(strings.ToLower(text), "0b"):
		return "binary"
	case strings.HasSuffix(text, "j"):
		return "imaginary"
	}
	return "decimal"
}

// decodeNumber gives the constant a numeric literal denotes, or a message.
func decodeNumber(text string) (k ConstKind, v any, msg string) {
	class := numberClass(text)
	body := text
	if class != "decimal" && class != "imaginary" {
		body = strings.TrimPrefix(text[2:], "_")
	}
	if body == "" || strings.HasPrefix(body, "_") || strings.HasSuffix(body, "_") || strings.Contains(body, "__") ||
		strings.Contains(body, "_.") || strings.Contains(body, "._") || strings.Contains(body, "_e") || strings.Contains(body, "_j") {
		return 0, nil, "invalid " + class + " literal"
	}
	body = strings.ReplaceAll(body, "_", "")
	lower := strings.ToLower(body)
	switch base := map[string]int{"hexadecimal": 16, "octal": 8, "binary": 2}[class]; {
	case base != 0:
		return decodeInt(body, base, class)
	case strings.HasSuffix(lower, "j"):
		f, err := strconv.ParseFloat(lower[:len(lower)-1], 64)
		if err != nil && !isRange(err) {
			return 0, nil, "invalid imaginary literal"
		}
		return ImagConst, f, ""
	case strings.ContainsAny(lower, ".e"):
		f, err := strconv.ParseFloat(lower, 64)
		if err != nil && !isRange(err) {
			return 0, nil, "invalid decimal literal"
		}
		return FloatConst, f, ""
	}
	if len(body) > 1 && body[0] == '0' && strings.Trim(body, "0") != "" {
		return 0, nil, "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"
	}
	return decodeInt(body, 10, class)
}

func isRange(err error) bool {
	num, ok := err.(*strconv.NumError)
	return ok && num.Err == strconv.ErrRange
}

// maxDigits bounds a decimal integer literal, as Python does.
const maxDigits = 4300

func decodeInt(digits string, base int, class string) (ConstKind, any, string) {
	if n, err := strconv.ParseInt(digits, base, 64); err == nil {
		return IntConst, n, ""
	}
	if base == 10 && len(digits) > maxDigits {
		return 0, nil, "Exceeds the limit (4300 digits) for integer string conversion"
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return 0, nil, "invalid " + class + " literal"
	}
	return IntConst, n, ""
}

// isStringPrefix tells whether a word before a quote is a prefix of a string literal.
func isStringPrefix(word string) bool {
	switch strings.ToLower(word) {
	case "r", "b", "f", "u", "br", "rb", "fr", "rf":
		return true
	}
	return false
}

// quoteAt gives the quotes that open a string at s: one or three.
func quoteAt(s string) string {
	if len(s) >= 3 && s[1] == s[0] && s[2] == s[0] {
		return s[:3]
	}
	return s[:1]
}

// stringLiteral moves over a string literal whose prefix is read, and emits it.
func (l *lexer) stringLiteral(off int, start Pos, prefix string) {
	quote := quoteAt(l.src[l.off:l.end])
	open := Span{start, Pos{start.Line, start.Col + int32(len(prefix)+len(quote))}}
	l.skip(len(quote))
	l.stringBody(open, quote, strings.Contains(prefix, "f"), 0)
	l.emit(stringToken, off, start)
}

// stringBody moves up to and over the closing quotes.
func (l *lexer) stringBody(open Span, quote string, format bool, depth int) {
	for {
		if l.off >= l.end {
			l.unterminated(open, quote)
		}
		c := l.src[l.off]
		switch {
		case c == '\\' && l.off+1 < l.end:
			l.skip(1)
			if c := l.src[l.off]; c == '\n' || c == '\r' {
				l.newline()
			} else {
				_, n := utf8.DecodeRuneInString(l.src[l.off:l.end])
				l.skip(n)
			}
		case strings.HasPrefix(l.src[l.off:l.end], quote):
			l.skip(len(quote))
			return
		case c == '\n' || c == '\r':
			if len(quote) == 1 {
				l.unterminated(open, quote)
			}
			l.newline()
		case format && c == '{' && l.peek(1) == '{', format && c == '}' && l.peek(1) == '}':
			l.skip(2)
		case format && c == '{':
			l.skip(1)
			l.replacementField(open, quote, depth)
		default:
			_, n := utf8.DecodeRuneInString(l.src[l.off:l.end])
			l.skip(n)
		}
	}
}

// replacementField moves over a replacement field, whose brace is read, to
// its closing brace, so that quotes inside it do not end the string.
func (l *lexer) replacementField(open Span, quote string, depth int) {
	if depth > 8 {
		l.fail(open, "f-string: expressions nested too deeply")
	}
	level := 0
	for {
		if l.off >= l.end {
			l.unterminated(open, quote)
		}
		c := l.src[l.off]
		switch {
		case c == '\'' || c == '"':
			// A quote that closes the enclosing string leaves the field open; one that
			// opens a string inside the field is followed by its own end.
			if level == 0 && strings.HasPrefix(l.src[l.off:l.end], quote) && !l.closesLater(quote) {
				l.fail(open, "f-string: expecting '}'")
			}
			inner := quoteAt(l.src[l.off:l.end])
			if inner == quote && len(quote) == 3 {
				l.fail(open, "f-string: expecting '}'")
			}
			l.skip(len(inner))
			l.stringBody(open, inner, l.formatPrefix(len(inner)), depth+1)
		case c == '\n' || c == '\r':
			if len(quote) == 1 {
				l.unterminated(open, quote)
			}
			l.newline()
		case c == '(' || c == '[' || c == '{':
			level++
			l.skip(1)
		case c == ')' || c == ']':
			level--
			l.skip(1)
		case c == ':' && level <= 0:
			l.skip(1)
			l.formatSpec(open, quote, depth)
			return
		case c == '}':
			l.skip(1)
			if level <= 0 {
				return
			}
			level--
		default:
			_, n := utf8.DecodeRuneInString(l.src[l.off:l.end])
			l.skip(n)
		}
	}
}

// formatSpec moves over the format spec of a replacement field and the field's closing
// brace. Quotes are characters like others here, but for those that end the string.
func (l *lexer) formatSpec(open Span, quote string, depth int) {
	for {
		if l.off >= l.end {
			l.unterminated(open, quote)
		}
		c := l.src[l.off]
		switch {
		case strings.HasPrefix(l.src[l.off:l.end], quote):
			l.fail(open, "f-string: expecting '}'")
		case c == '\n' || c == '\r':
			if len(quote) == 1 {
				l.unterminated(open, quote)
			}
			l.newline()
		case c == '{':
			l.skip(1)
			l.replacementField(open, quote, depth+1)
		case c == '}':
			l.skip(1)
			return
		default:
			_, n := utf8.DecodeRuneInString(l.src[l.off:l.end])
			l.skip(n)
		}
	}
}

// closesLater tells whether the quote under the cursor, taken as the start of
// a nested string, is closed before the line ends.
func (l *lexer) closesLater(quote string) bool {
	rest := l.src[l.off+len(quote) : l.end]
	if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
		rest = rest[:end]
	}
	return strings.Contains(rest, quote) && strings.Contains(rest, "}")
}

// formatPrefix tells whether the quotes just read, n bytes, belong to an f-string.
func (l *lexer) formatPrefix(n int) bool {
	for i := l.off - n - 1; i >= 0 && i >= l.off-n-2; i-- {
		switch l.src[i] | 0x20 {
		case 'f':
			return true
		case 'r':
		default:
			return false
		}
	}
	return false
}

func (l *lexer) unterminated(open Span, quote string) {
	if len(quote) == 3 {
		err := l.errorAt("SyntaxError", open, "unterminated triple-quoted string literal (detected at line %d)", l.line)
		err.Incomplete = true
		panic(err)
	}
	l.fail(open, "unterminated string literal (detected at line %d)", l.line)
}

// escape maps a letter after a backslash to what it denotes.
func escape(c byte) (byte, bool) {
	switch c {
	case 'n':
		return '\n', true
	case 't':
		return '\t', true
	case 'r':
		return '\r', true
	case '\\', '\'', '"':
		return c, true
	case 'a':
		return 7, true
	case 'b':
		return 8, true
	case 'f':
		return 12, true
	case 'v':
		return 11, true
	}
	return 0, false
}

// unescape decodes the body of a string literal that is not raw. It gives a
// message if an escape is malformed.
func unescape(s string, bytes bool) (string, string) {
	if !strings.ContainsAny(s, "\\\r") {
		return s, ""
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		c := s[i]
		if c == '\r' {
			b.WriteByte('\n')
			i++
			if i < len(s) && s[i] == '\n' {
				i++
			}
			continue
		}
		if c != '\\' || i+1 >= len(s) {
			b.WriteByte(c)
			i++
			continue
		}
		n, msg := unescapeOne(&b, s[i+1:], bytes)
		if msg != "" {
			return "", msg
		}
		i += 1 + n
	}
	return b.String(), ""
}

// unescapeOne decodes the escape that follows a backslash, and gives its length.
func unescapeOne(b *strings.Builder, s string, bytes bool) (int, string) {
	c := s[0]
	if d, ok := escape(c); ok {
		b.WriteByte(d)
		return 1, ""
	}
	switch {
	case c == '\r' && len(s) > 1 && s[1] == '\n':
		return 2, ""
	case c == '\n' || c == '\r':
		return 1, ""
	case c >= '0' && c <= '7':
		n, v := 0, 0
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			v = v*8 + int(s[n]-'0')
			n++
		}
		writeCode(b, v, bytes)
		return n, ""
	case c == 'x':
		return unescapeHex(b, s, 2, bytes)
	case c == 'u' && !bytes:
		return unescapeHex(b, s, 4, false)
	case c == 'U' && !bytes:
		return unescapeHex(b, s, 8, false)
	case c == 'N' && !bytes:
		return unescapeName(b, s)
	}
	b.WriteByte('\\')
	_, n := utf8.DecodeRuneInString(s)
	b.WriteString(s[:n])
	return n, ""
}

// unescapeName decodes a character that is given by its name.
func unescapeName(b *strings.Builder, s string) (int, string) {
	if end := strings.IndexByte(s, '}'); strings.HasPrefix(s, "N{") && end > len("N{") {
		r, ok := charnames.Find(s[len("N{"):end])
		if !ok {
			return 0, "(unicode error) unknown Unicode character name"
		}
		b.WriteRune(r)
		return end + 1, ""
	}
	return 0, `(unicode error) malformed \N character escape`
}

func unescapeHex(b *strings.Builder, s string, digits int, bytes bool) (int, string) {
	if len(s) > digits {
		if v, err := strconv.ParseUint(s[1:1+digits], 16, 32); err == nil {
			if v > utf8.MaxRune {
				return 0, "(unicode error) illegal Unicode character"
			}
			writeCode(b, int(v), bytes)
			return 1 + digits, ""
		}
	}
	if bytes {
		return 0, `(value error) invalid \x escape`
	}
	return 0, `(unicode error) truncated \` + s[:1] + strings.Repeat("X", digits) + " escape"
}

func writeCode(b *strings.Builder, v int, bytes bool) {
	if bytes {
		b.WriteByte(byte(v))
		return
	}
	b.WriteRune(rune(v))
}

// universalNewlines gives a raw literal its newlines as \n.
func universalNewlines(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
