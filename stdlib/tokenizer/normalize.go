package tokenizer

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalizer rewrites a text.
type normalizer func(string) string

func (b *builder) normalizers(raw json.RawMessage) []normalizer {
	p, ok := b.read(raw)
	if !ok {
		return nil
	}
	switch p.Type {
	case "Sequence":
		var out []normalizer
		for _, n := range p.Normalizers {
			out = append(out, b.normalizers(n)...)
		}
		return out
	case "NFC":
		return []normalizer{norm.NFC.String}
	case "NFD":
		return []normalizer{norm.NFD.String}
	case "NFKC":
		return []normalizer{norm.NFKC.String}
	case "NFKD":
		return []normalizer{norm.NFKD.String}
	case "Lowercase":
		return []normalizer{strings.ToLower}
	case "StripAccents":
		return []normalizer{dropMarks}
	case "Strip":
		return []normalizer{func(s string) string { return strip(s, p.StripLeft, p.StripRight) }}
	case "Prepend":
		return []normalizer{func(s string) string {
			if s == "" {
				return s
			}
			return p.Prepend + s
		}}
	case "Replace":
		find, content := b.matcher(p.Pattern), b.text(p.Content)
		return []normalizer{func(s string) string { return replace(s, find, content) }}
	case "BertNormalizer":
		return []normalizer{p.bert}
	case "ByteLevel":
		return []normalizer{bytesToChars}
	case "Nmt":
		return []normalizer{nmt}
	case "Precompiled":
		return []normalizer{b.charsmap(p.Charsmap)}
	}
	b.fail("the normalizer %s is not supported", p.Type)
	return nil
}

func strip(s string, left, right bool) string {
	if left {
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
	}
	if right {
		s = strings.TrimRightFunc(s, unicode.IsSpace)
	}
	return s
}

func dropMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, s)
}

// replace puts a text in the place of each match. A matcher that fails matches nothing.
func replace(s string, find Matcher, with string) string {
	spans, err := find(s)
	if err != nil || len(spans) == 0 {
		return s
	}
	var out strings.Builder
	at, most := 0, mostOf(len(s))
	for _, m := range spans {
		if out.Len() > most { // which is refused
			break
		}
		out.WriteString(s[at:m[0]])
		out.WriteString(with)
		at = m[1]
	}
	out.WriteString(s[at:])
	return out.String()
}

// bert is what BERT's models do to text first.
func (p *part) bert(s string) string {
	if p.CleanText {
		s = strings.Map(func(r rune) rune {
			switch {
			case r == 0 || r == utf8.RuneError || r != '\t' && r != '\n' && r != '\r' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
				return -1
			case unicode.IsSpace(r):
				return ' '
			}
			return r
		}, s)
	}
	if p.ChineseChars {
		var out strings.Builder
		for _, r := range s {
			if ideograph(r) {
				out.WriteString(" " + string(r) + " ")
			} else {
				out.WriteRune(r)
			}
		}
		s = out.String()
	}
	if p.StripAccents != nil && *p.StripAccents || p.StripAccents == nil && p.Lowercase {
		s = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFD.String(s))
	}
	if p.Lowercase {
		s = strings.ToLower(s)
	}
	return s
}

// ideograph tells whether a character is one of those that BERT takes for words.
func ideograph(r rune) bool {
	for _, span := range [][2]rune{{0x4e00, 0x9fff}, {0x3400, 0x4dbf}, {0x20000, 0x2a6df}, {0x2a700, 0x2b73f}, {0x2b740, 0x2b81f}, {0x2b920, 0x2ceaf}, {0xf900, 0xfaff}, {0x2f800, 0x2fa1f}} {
		if r >= span[0] && r <= span[1] {
			return true
		}
	}
	return false
}

func nmt(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 1 && r <= 8, r == 11, r >= 0xe && r <= 0x1f, r == 0x7f, r == 0x8f, r == 0x9f:
			return -1
		case r == 9, r == 10, r == 12, r == 13, r == 0x1680, r >= 0x200b && r <= 0x200f, r == 0x2028, r == 0x2029, r == 0x2581, r == 0xfeff, r == 0xfffd:
			return ' '
		}
		return r
	}, s)
}

// charsmap is SentencePiece's table of replacements: a trie in one array of numbers, and the texts that its
// leaves point into.
type charsmap struct {
	trie  []uint32
	texts string
}

func readCharsmap(data []byte) (*charsmap, error) {
	if len(data) < 4 {
		return &charsmap{}, nil
	}
	size := int(binary.LittleEndian.Uint32(data))
	if size < 0 || 4+size > len(data) {
		return nil, errors.New("the precompiled charsmap is cut short")
	}
	c := &charsmap{make([]uint32, size/4), string(data[4+size:])}
	for i := range c.trie {
		c.trie[i] = binary.LittleEndian.Uint32(data[4+4*i:])
	}
	return c, nil
}

// longest finds the longest beginning of a text that the table has, and what stands for it.
func (c *charsmap) longest(s string) (to string, n int, ok bool) {
	if len(c.trie) == 0 {
		return "", 0, false
	}
	at := offsetOf(c.trie[0])
	for i := range len(s) {
		at ^= uint32(s[i])
		if int(at) >= len(c.trie) || c.trie[at]&(1<<31|0xff) != uint32(s[i]) {
			break
		}
		unit := c.trie[at]
		at ^= offsetOf(unit)
		if unit>>8&1 == 1 && int(at) < len(c.trie) {
			if value := c.trie[at] & (1<<31 - 1); int(value) <= len(c.texts) {
				to, n, ok = c.texts[value:], i+1, true
			}
		}
	}
	to, _, _ = strings.Cut(to, "\x00")
	return to, n, ok
}

// charsmap rewrites characters with their marks, or else each by itself.
func (b *builder) charsmap(data []byte) normalizer {
	table, err := readCharsmap(data)
	if err != nil {
		b.fail("%w", err)
		return nil
	}
	if len(table.trie) == 0 {
		return func(s string) string { return s }
	}
	look := func(s string) (string, bool) {
		to, n, ok := table.longest(s)
		return to, ok && n == len(s)
	}
	return func(s string) string {
		var out strings.Builder
		for s != "" {
			n := clusterLen(s)
			if n < 6 {
				if to, ok := look(s[:n]); ok {
					out.WriteString(to)
					s = s[n:]
					continue
				}
			}
			for _, r := range s[:n] {
				if to, ok := look(string(r)); ok {
					out.WriteString(to)
				} else {
					out.WriteRune(r)
				}
			}
			s = s[n:]
		}
		return out.String()
	}
}

// rewrite replaces what the table has, the longest first, as SentencePiece does itself.
func (c *charsmap) rewrite(s string) string {
	var out strings.Builder
	for s != "" {
		if to, n, ok := c.longest(s); ok {
			out.WriteString(to)
			s = s[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		out.WriteRune(r)
		s = s[n:]
	}
	return out.String()
}

func offsetOf(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }

// clusterLen is the length of a character and the marks that combine with it.
func clusterLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, k := utf8.DecodeRuneInString(s[n:])
		if !unicode.Is(unicode.M, r) && r != 0x200d {
			break
		}
		n += k
	}
	return n
}
