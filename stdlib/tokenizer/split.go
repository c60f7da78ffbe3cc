package tokenizer

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// preTokenizer cuts a text into words.
type preTokenizer func(piece) ([]piece, error)

// gptPattern cuts text as GPT-2 does.
const gptPattern = `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

// wordChars are the characters of words, as the inside of a class.
const wordChars = `\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u200c\u200d\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189`

func (b *builder) preTokenizers(raw json.RawMessage) []preTokenizer {
	p, ok := b.read(raw)
	if !ok {
		return nil
	}
	one := func(t preTokenizer) []preTokenizer { return []preTokenizer{t} }
	by := func(find Matcher, behavior string, invert bool) []preTokenizer {
		return one(func(s piece) ([]piece, error) { return cut(s, find, behavior, invert) })
	}
	where := func(is func(r rune) bool) Matcher { return runeMatcher(is) }
	switch p.Type {
	case "Sequence":
		var out []preTokenizer
		for _, t := range p.Pretokenizers {
			out = append(out, b.preTokenizers(t)...)
		}
		return out
	case "ByteLevel":
		return b.byteLevel(p)
	case "Split":
		return by(b.matcher(p.Pattern), p.Behavior, p.Invert)
	case "Whitespace":
		find, err := b.compile("[" + wordChars + "]+|[^" + wordChars + `\s]+`)
		if err != nil {
			b.fail("%w", err)
		}
		return by(find, "Removed", true)
	case "WhitespaceSplit":
		return by(where(unicode.IsSpace), "Removed", false)
	case "BertPreTokenizer":
		return append(by(where(unicode.IsSpace), "Removed", false), by(where(bertPunctuation), "Isolated", false)...)
	case "Punctuation":
		behavior := p.Behavior
		if behavior == "" {
			behavior = "Isolated"
		}
		return by(where(bertPunctuation), behavior, false)
	case "Digits":
		behavior := "Contiguous"
		if p.Individual {
			behavior = "Isolated"
		}
		return by(where(unicode.IsNumber), behavior, false)
	case "CharDelimiterSplit":
		return by(literalMatcher(p.Delimiter), "Removed", false)
	case "Metaspace":
		return one(p.metaspace)
	}
	b.fail("the pre-tokenizer %s is not supported", p.Type)
	return nil
}

// byteLevel writes bytes as characters, one each, after cutting as GPT-2 does.
func (b *builder) byteLevel(p part) []preTokenizer {
	find, err := b.compile(gptPattern)
	if err != nil {
		b.fail("%w", err)
	}
	space, cuts := orTrue(p.AddPrefixSpace), orTrue(p.UseRegex)
	return []preTokenizer{func(s piece) ([]piece, error) {
		if space && !strings.HasPrefix(s.text, " ") {
			s.text = " " + s.text
		}
		parts := []piece{s}
		if cuts {
			var err error
			if parts, err = cut(s, find, "Isolated", false); err != nil {
				return nil, err
			}
		}
		for i := range parts {
			parts[i].text = bytesToChars(parts[i].text)
		}
		return parts, nil
	}}
}

func (p *part) metaspace(s piece) ([]piece, error) {
	mark := p.Replacement
	if mark == "" {
		mark = "▁"
	}
	scheme := p.PrependScheme
	if scheme == "" {
		scheme = "always"
		if !orTrue(p.AddPrefixSpace) {
			scheme = "never"
		}
	}
	s.text = strings.ReplaceAll(s.text, " ", mark)
	if !strings.HasPrefix(s.text, mark) && (scheme == "always" || scheme == "first" && s.first) {
		s.text = mark + s.text
	}
	if !orTrue(p.Split) {
		return []piece{s}, nil
	}
	return cut(s, literalMatcher(mark), "MergedWithNext", false)
}

func bertPunctuation(r rune) bool {
	return r < 0x80 && r > 0x20 && r != 0x7f && !(r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z') || unicode.Is(unicode.P, r)
}

// runeMatcher matches each character of a kind.
func runeMatcher(is func(r rune) bool) Matcher {
	return func(text string) ([][2]int, error) {
		var out [][2]int
		for i, r := range text {
			if is(r) {
				out = append(out, [2]int{i, i + utf8.RuneLen(r)})
			}
		}
		return out, nil
	}
}

func literalMatcher(of string) Matcher {
	return func(text string) ([][2]int, error) {
		var out [][2]int
		for at := 0; of != ""; {
			i := strings.Index(text[at:], of)
			if i < 0 {
				break
			}
			out = append(out, [2]int{at + i, at + i + len(of)})
			at += i + len(of)
		}
		return out, nil
	}
}

// span is a part of a text, and whether the pattern matched it.
type span struct {
	start, end int
	match      bool
}

// cut cuts a text at the matches of a pattern. The behavior says what becomes of them.
func cut(s piece, find Matcher, behavior string, invert bool) ([]piece, error) {
	matches, err := find(s.text)
	if err != nil {
		return nil, err
	}
	var spans []span
	at := 0
	for _, m := range matches {
		if m[0] > at {
			spans = append(spans, span{at, m[0], invert})
		}
		if m[1] > m[0] {
			spans = append(spans, span{m[0], m[1], !invert})
		}
		at = max(at, m[1])
	}
	if at < len(s.text) {
		spans = append(spans, span{at, len(s.text), invert})
	}
	var out []span
	for i, p := range spans {
		last := len(out) - 1
		switch behavior {
		case "Removed":
			if p.match {
				continue
			}
		case "MergedWithPrevious":
			if p.match && last >= 0 && !out[last].match {
				out[last].end, out[last].match = p.end, true
				continue
			}
		case "MergedWithNext":
			if i > 0 && spans[i-1].match && !p.match {
				out[last].end = p.end
				continue
			}
		case "Contiguous":
			if last >= 0 && out[last].match == p.match {
				out[last].end = p.end
				continue
			}
		}
		out = append(out, p)
	}
	pieces := make([]piece, len(out))
	for i, p := range out {
		pieces[i] = piece{s.text[p.start:p.end], -1, s.first && p.start == 0}
	}
	return pieces, nil
}

// byteChars are the characters that stand for bytes, and charBytes the way back:
// printable ones for themselves, the others from U+0100 on.
var byteChars, charBytes = func() (chars [256]rune, bytes map[rune]byte) {
	bytes = map[rune]byte{}
	next := rune(256)
	for b := range chars {
		r := rune(b)
		if !(r >= '!' && r <= '~' || r >= 0xa1 && r <= 0xac || r >= 0xae && r <= 0xff) {
			r = next
			next++
		}
		chars[b], bytes[r] = r, byte(b)
	}
	return chars, bytes
}()

func bytesToChars(s string) string {
	var out strings.Builder
	out.Grow(len(s) + len(s)/4)
	for i := range len(s) {
		out.WriteRune(byteChars[s[i]])
	}
	return out.String()
}
