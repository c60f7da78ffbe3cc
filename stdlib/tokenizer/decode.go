package tokenizer

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decoder rewrites the tokens of a text on their way back.
type decoder func([]string) []string

func (b *builder) decoders(raw json.RawMessage) []decoder {
	p, ok := b.read(raw)
	if !ok {
		return nil
	}
	each := func(f func(i int, s string) string) []decoder {
		return []decoder{func(tokens []string) []string {
			out := make([]string, len(tokens))
			for i, s := range tokens {
				out[i] = f(i, s)
			}
			return out
		}}
	}
	switch p.Type {
	case "Sequence":
		out := []decoder{}
		for _, d := range p.Decoders {
			out = append(out, b.decoders(d)...)
		}
		return out
	case "ByteLevel":
		return []decoder{charsToBytes}
	case "ByteFallback":
		return []decoder{byteFallback}
	case "Fuse":
		return []decoder{func(tokens []string) []string { return []string{strings.Join(tokens, "")} }}
	case "Replace":
		find, content := b.matcher(p.Pattern), b.text(p.Content)
		return each(func(_ int, s string) string { return replace(s, find, content) })
	case "Strip":
		content := b.text(p.Content)
		return each(func(_ int, s string) string {
			for i := 0; i < p.Start && strings.HasPrefix(s, content); i++ {
				s = s[len(content):]
			}
			for i := 0; i < p.Stop && strings.HasSuffix(s, content); i++ {
				s = s[:len(s)-len(content)]
			}
			return s
		})
	case "Metaspace":
		mark := p.Replacement
		prepended := p.PrependScheme != "never" && orTrue(p.AddPrefixSpace)
		return each(func(i int, s string) string {
			if i == 0 && prepended {
				s = strings.TrimPrefix(s, mark)
			}
			return strings.ReplaceAll(s, mark, " ")
		})
	case "WordPiece":
		return each(func(i int, s string) string {
			if i > 0 {
				if rest, ok := strings.CutPrefix(s, p.Prefix); ok {
					s = rest
				} else {
					s = " " + s
				}
			}
			if orTrue(p.Cleanup) {
				s = cleanup(s)
			}
			return s
		})
	case "BPEDecoder":
		return []decoder{func(tokens []string) []string {
			out := make([]string, len(tokens))
			for i, s := range tokens {
				with := " "
				if i == len(tokens)-1 {
					with = ""
				}
				out[i] = strings.ReplaceAll(s, p.Suffix, with)
			}
			return out
		}}
	case "CTC":
		return []decoder{func(tokens []string) []string {
			var out []string
			last := ""
			for i, s := range tokens {
				if i == 0 || s != last {
					t := strings.ReplaceAll(s, p.Pad, "")
					if orTrue(p.Cleanup) {
						t = strings.ReplaceAll(cleanup(t), p.Word, " ")
					}
					if t != "" {
						out = append(out, t)
					}
				}
				last = s
			}
			return out
		}}
	}
	b.fail("the decoder %s is not supported", p.Type)
	return nil
}

func cleanup(s string) string {
	return strings.NewReplacer(" .", ".", " ?", "?", " !", "!", " ,", ",", " ' ", "'", " n't", "n't", " 'm", "'m", " do not", " don't", " 's", "'s", " 've", "'ve", " 're", "'re").Replace(s)
}

// charsToBytes makes text of the characters that stand for bytes.
func charsToBytes(tokens []string) []string {
	var out []byte
	for _, s := range tokens {
		var part []byte
		for _, r := range s {
			b, ok := charBytes[r]
			if !ok { // an added token's own text
				part = []byte(s)
				break
			}
			part = append(part, b)
		}
		out = append(out, part...)
	}
	return []string{lossy(out)}
}

// lossy is bytes as text, with U+FFFD for what is none: one for the longest start of a
// character, as Unicode recommends.
func lossy(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r != utf8.RuneError || n > 1 {
			out.Write(b[:n])
			b = b[n:]
			continue
		}
		out.WriteRune(utf8.RuneError)
		b = b[badPrefix(b):]
	}
	return out.String()
}

// badPrefix is the length of the longest start of a character at the head of bytes that
// are none.
func badPrefix(b []byte) int {
	want, low, high := 0, byte(0x80), byte(0xbf)
	switch c := b[0]; {
	case c >= 0xc2 && c <= 0xdf:
		want = 1
	case c >= 0xe0 && c <= 0xef:
		want = 2
		if c == 0xe0 {
			low = 0xa0
		} else if c == 0xed {
			high = 0x9f
		}
	case c >= 0xf0 && c <= 0xf4:
		want = 3
		if c == 0xf0 {
			low = 0x90
		} else if c == 0xf4 {
			high = 0x8f
		}
	}
	n := 1
	for ; n <= want && n < len(b) && b[n] >= low && b[n] <= high; n++ {
		low, high = 0x80, 0xbf
	}
	return n
}

// byteOf reads a token that stands for a byte: <0x0A>.
func byteOf(s string) (byte, bool) {
	if len(s) != 6 || !strings.HasPrefix(s, "<0x") || s[5] != '>' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[3:5], 16, 8)
	return byte(n), err == nil
}

func byteFallback(tokens []string) []string {
	var out []string
	var held []byte
	flush := func() {
		if held == nil {
			return
		}
		if utf8.Valid(held) {
			out = append(out, string(held))
		} else {
			for range held {
				out = append(out, string(utf8.RuneError))
			}
		}
		held = nil
	}
	for _, s := range tokens {
		if b, ok := byteOf(s); ok {
			held = append(held, b)
			continue
		}
		flush()
		out = append(out, s)
	}
	flush()
	return out
}
