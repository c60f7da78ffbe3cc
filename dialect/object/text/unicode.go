// Package text is what Python's str knows of characters: classes and case by
// Unicode, quoting as repr has it, lengths in code points, faults of UTF-8.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsSpace is Python's str.isspace for one code point.
func IsSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// DigitValue is the value of a decimal digit of any script. Each script's
// digits are a run of ten code points.
func DigitValue(r rune) (int, bool) {
	if r < 0x80 {
		return int(r - '0'), '0' <= r && r <= '9'
	}
	for _, rng := range unicode.Nd.R16 {
		if rune(rng.Lo) <= r && r <= rune(rng.Hi) {
			return int(r-rune(rng.Lo)) % 10, true
		}
	}
	for _, rng := range unicode.Nd.R32 {
		if rune(rng.Lo) <= r && r <= rune(rng.Hi) {
			return int(r-rune(rng.Lo)) % 10, true
		}
	}
	return 0, false
}

// digits that are not decimal: superscripts, circled digits and their like.
var otherDigits = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0xb2, 0xb3, 1}, {0xb9, 0xb9, 1}, {0x1369, 0x1371, 1}, {0x19da, 0x19da, 1}, {0x2070, 0x2070, 1},
		{0x2074, 0x2079, 1}, {0x2080, 0x2089, 1}, {0x2460, 0x2468, 1}, {0x2474, 0x247c, 1}, {0x2488, 0x2490, 1},
		{0x24ea, 0x24ea, 1}, {0x24f5, 0x24fd, 1}, {0x24ff, 0x24ff, 1}, {0x2776, 0x277e, 1}, {0x2780, 0x2788, 1},
		{0x278a, 0x2792, 1},
	},
	R32: []unicode.Range32{{0x10a40, 0x10a43, 1}, {0x10e60, 0x10e68, 1}, {0x11052, 0x1105a, 1}, {0x1f100, 0x1f10a, 1}},
}

// han are the ideographs that are numerals.
const han = "〇一七万三九二五亿億八六十千四百兆零壹贰叁肆伍陆柒捌玖拾佰仟"

// IsDecimal is str.isdecimal for one code point.
func IsDecimal(r rune) bool { return unicode.Is(unicode.Nd, r) }

// IsDigit is str.isdigit for one code point.
func IsDigit(r rune) bool { return IsDecimal(r) || unicode.Is(otherDigits, r) }

// IsNumeric is str.isnumeric for one code point.
func IsNumeric(r rune) bool { return unicode.IsNumber(r) || strings.ContainsRune(han, r) }

// IsAlnum is str.isalnum for one code point.
func IsAlnum(r rune) bool { return unicode.IsLetter(r) || IsNumeric(r) }

// IsLower is str.islower for one code point.
func IsLower(r rune) bool { return unicode.IsLower(r) || unicode.Is(unicode.Other_Lowercase, r) }

// IsUpper is str.isupper for one code point.
func IsUpper(r rune) bool { return unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r) }

func isCased(r rune) bool { return IsLower(r) || IsUpper(r) || unicode.IsTitle(r) }

// AllRunes is the shape of the is... methods: true for a non-empty string of such code points.
func AllRunes(s string, is func(rune) bool) bool {
	for _, r := range s {
		if !is(r) {
			return false
		}
	}
	return s != ""
}

// CaseIs reports whether there are cased letters and all of them are as is says.
func CaseIs(s string, is func(rune) bool) bool {
	some := false
	for _, r := range s {
		if isCased(r) {
			if !is(r) {
				return false
			}
			some = true
		}
	}
	return some
}

// IsTitleString is str.istitle.
func IsTitleString(s string) bool {
	some, inWord := false, false
	for _, r := range s {
		switch {
		case IsUpper(r) || unicode.IsTitle(r):
			if inWord {
				return false
			}
			some, inWord = true, true
		case IsLower(r):
			if !inWord {
				return false
			}
		default:
			inWord = false
		}
	}
	return some
}

// IsIdentifier is str.isidentifier.
func IsIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !IsAlnum(r) && !unicode.Is(unicode.Mn, r)) {
			return false
		}
	}
	return s != ""
}

// expansions are the letters that become several in another case: their upper
// form, and their form at the start of a word.
var expansions = map[rune][2]string{
	'ß': {"SS", "Ss"}, 'ŉ': {"ʼN", "ʼN"}, 'ǰ': {"J̌", "J̌"}, 'ﬀ': {"FF", "Ff"}, 'ﬁ': {"FI", "Fi"},
	'ﬂ': {"FL", "Fl"}, 'ﬃ': {"FFI", "Ffi"}, 'ﬄ': {"FFL", "Ffl"}, 'ﬅ': {"ST", "St"}, 'ﬆ': {"ST", "St"},
}

// foldings are the letters whose case folding is not their lower case.
var foldings = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'ς': "σ", 'ſ': "s", 'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "st", 'ﬆ': "st",
}

// mapRunes maps a string letter by letter, a letter to any text.
func mapRunes(s string, f func(buf *strings.Builder, r rune)) string {
	var buf strings.Builder
	buf.Grow(len(s))
	for _, r := range s {
		f(&buf, r)
	}
	return buf.String()
}

func writeUpper(buf *strings.Builder, r rune) {
	if x, ok := expansions[r]; ok {
		buf.WriteString(x[0])
		return
	}
	buf.WriteRune(unicode.ToUpper(r))
}

func writeTitle(buf *strings.Builder, r rune) {
	if x, ok := expansions[r]; ok {
		buf.WriteString(x[1])
		return
	}
	buf.WriteRune(unicode.ToTitle(r))
}

func writeLower(buf *strings.Builder, r rune) {
	if r == 'İ' {
		buf.WriteString("i̇")
		return
	}
	buf.WriteRune(unicode.ToLower(r))
}

// Upper is str.upper.
func Upper(s string) string {
	if IsASCII(s) {
		return strings.ToUpper(s)
	}
	return mapRunes(s, writeUpper)
}

// Lower is str.lower.
func Lower(s string) string {
	if IsASCII(s) {
		return strings.ToLower(s)
	}
	return finalSigma(mapRunes(s, writeLower))
}

// finalSigma writes a sigma that ends a word in its final form.
func finalSigma(s string) string {
	if !strings.ContainsRune(s, 'σ') {
		return s
	}
	var buf strings.Builder
	buf.Grow(len(s))
	before := false // a letter
	for i, r := range s {
		letter := unicode.IsLetter(r)
		if r == 'σ' && before {
			next, _ := utf8.DecodeRuneInString(s[i+len("σ"):])
			if !unicode.IsLetter(next) {
				r = 'ς'
			}
		}
		buf.WriteRune(r)
		before = letter
	}
	return buf.String()
}

// Casefold is str.casefold.
func Casefold(s string) string {
	return mapRunes(s, func(buf *strings.Builder, r rune) {
		if f, ok := foldings[r]; ok {
			buf.WriteString(f)
			return
		}
		writeLower(buf, r)
	})
}

// Title is str.title.
func Title(s string) string {
	inWord := false
	return mapRunes(s, func(buf *strings.Builder, r rune) {
		switch {
		case !isCased(r):
			inWord = false
			buf.WriteRune(r)
		case inWord:
			writeLower(buf, r)
		default:
			inWord = true
			writeTitle(buf, r)
		}
	})
}

// Capitalize is str.capitalize.
func Capitalize(s string) string {
	first := true
	return mapRunes(s, func(buf *strings.Builder, r rune) {
		if first {
			first = false
			writeTitle(buf, r)
			return
		}
		writeLower(buf, r)
	})
}

// Swapcase is str.swapcase.
func Swapcase(s string) string {
	return mapRunes(s, func(buf *strings.Builder, r rune) {
		if IsUpper(r) {
			writeLower(buf, r)
			return
		}
		writeUpper(buf, r)
	})
}
