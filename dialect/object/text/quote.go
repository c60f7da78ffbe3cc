package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote is Python's repr of a string.
func Quote(s string) string {
	return quoteText(s, func(r rune) bool { return r < utf8.RuneSelf || Printable(r) })
}

// QuoteASCII is Python's ascii() of a string.
func QuoteASCII(s string) string {
	return quoteText(s, func(r rune) bool { return r < utf8.RuneSelf })
}

// Printable tells whether repr shows a character as it is.
func Printable(r rune) bool { return unicode.IsPrint(r) }

func quoteText(s string, keep func(rune) bool) string {
	q := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	b := make([]byte, 0, len(s)+2)
	b = append(b, q)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1: // a lone byte, as surrogateescape keeps it
			b = fmt.Appendf(b, `\udc%02x`, s[i])
		case r == rune(q) || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r < ' ' || r == 0x7f:
			b = fmt.Appendf(b, `\x%02x`, r)
		case keep(r):
			b = append(b, s[i:i+n]...)
		case r <= 0xff:
			b = fmt.Appendf(b, `\x%02x`, r)
		case r <= 0xffff:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = fmt.Appendf(b, `\U%08x`, r)
		}
		i += n
	}
	return string(append(b, q))
}

// QuoteBytes is Python's repr of bytes.
func QuoteBytes(s string) string {
	q := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	b := []byte{'b', q}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == q || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c < ' ' || c >= 0x7f:
			b = fmt.Appendf(b, `\x%02x`, c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, q))
}
