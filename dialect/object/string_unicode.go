package object

import (
	"strings"
	"unicode"
)

// isSpace is Python's str.isspace for one code point.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// digitValue is the value of a decimal digit of any script. Each script's
// digits are a run of ten code points.
func digitValue(r rune) (int, bool) {
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

func isDecimal(r rune) bool { return unicode.Is(unicode.Nd, r) }
func isDigit(r rune) bool   { return isDecimal(r) || unicode.Is(otherDigits, r) }
func isNumeric(r rune) bool { return unicode.IsNumber(r) || strings.ContainsRune(han, r) }
func isAlnum(r rune) bool   { return unicode.IsLetter(r) || isNumeric(r) }

func isLower(r rune) bool { return unicode.IsLower(r) || unicode.Is(unicode.Other_Lowercase, r) }
func isUpper(r rune) bool { return unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r) }
func isCased(r rune) bool { return isLower(r) || isUpper(r) || unicode.IsTitle(r) }

// allRunes is the shape of the is... methods: true for a non-empty string of such code points.
func allRunes(s string, is func(rune) bool) bool {
	for _, r := range s {
		if !is(r) {
			return false
		}
	}
	return s != ""
}

// caseIs reports whether there are cased letters and all of them are as is says.
func caseIs(s string, is func(rune) bool) bool {
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

func isTitleString(s string) bool {
	some, inWord := false, false
	for _, r := range s {
		switch {
		case isUpper(r) || unicode.IsTitle(r):
			if inWord {
				return false
			}
			some, inWord = true, true
		case isLower(r):
			if !inWord {
				return false
			}
		default:
			inWord = false
		}
	}
	return some
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !isAlnum(r) && !unicode.Is(unicode.Mn, r)) {
			return false
		}
	}
	return s != ""
}

func upper(s string) string {
	return strings.ReplaceAll(strings.ToUpper(s), "ß", "SS")
}

func lower(s string) string { return strings.ToLower(s) }

func casefold(s string) string {
	return strings.NewReplacer("ß", "ss", "ς", "σ", "ſ", "s").Replace(strings.ToLower(s))
}

func title(s string) string {
	inWord := false
	return strings.Map(func(r rune) rune {
		if !isCased(r) && !unicode.IsLetter(r) {
			inWord = false
			return r
		}
		if inWord {
			return unicode.ToLower(r)
		}
		inWord = true
		return unicode.ToTitle(r)
	}, s)
}

func capitalize(s string) string {
	first := true
	return strings.Map(func(r rune) rune {
		if first {
			first = false
			return unicode.ToTitle(r)
		}
		return unicode.ToLower(r)
	}, s)
}

func swapcase(s string) string {
	return strings.Map(func(r rune) rune {
		if isUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}
