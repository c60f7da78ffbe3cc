// Package charnames knows the names of Unicode's characters. They are compressed in the program, and read when
// a name is first asked for.
package charnames

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// packed are lines. One that begins with "+" has the number of the character that the next line names; what
// follows are the names of those after it, one a line. One that begins with "=" has the first and the last
// character of a range, and what stands before their numbers in their names.
//
//go:embed names.z
var packed []byte

// table is where the names are.
type table struct {
	text   string
	chars  []rune // in order
	starts []int32
	ranges []span
}

type span struct {
	first, last rune
	prefix      string
}

var names = sync.OnceValue(func() *table {
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		panic("charnames: " + err.Error()) // the text is a constant of the program
	}
	return read(string(text))
})

func read(text string) *table {
	t := &table{text: text}
	next := rune(0)
	for at := 0; at < len(text); {
		end := at + strings.IndexByte(text[at:], '\n')
		switch line := text[at:end]; line[0] {
		case '+':
			next = hex(line[1:])
		case '=':
			first, rest, _ := strings.Cut(line[1:], " ")
			last, prefix, _ := strings.Cut(rest, " ")
			t.ranges = append(t.ranges, span{hex(first), hex(last), prefix})
		default:
			t.chars = append(t.chars, next)
			t.starts = append(t.starts, int32(at))
			next++
		}
		at = end + 1
	}
	return t
}

func hex(s string) rune {
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		panic("charnames: " + err.Error()) // the text is a constant of the program
	}
	return rune(n)
}

// Name is the name of a character, or "" where it has none.
func Name(r rune) string {
	if name := syllable(r); name != "" {
		return name
	}
	t := names()
	if i := sort.Search(len(t.chars), func(i int) bool { return t.chars[i] >= r }); i < len(t.chars) && t.chars[i] == r {
		return t.name(i)
	}
	for _, s := range t.ranges {
		if s.first <= r && r <= s.last {
			return fmt.Sprintf("%s%04X", s.prefix, r)
		}
	}
	return ""
}

// Find is the character of a name, in letters of either case.
func Find(name string) (rune, bool) {
	name = strings.ToUpper(name)
	if name == "" || strings.ContainsAny(name, "\n+=") {
		return 0, false
	}
	if rest, ok := strings.CutPrefix(name, syllables); ok {
		return syllableOf(rest)
	}
	t := names()
	for _, s := range t.ranges {
		if digits, ok := strings.CutPrefix(name, s.prefix); ok {
			if n, err := strconv.ParseUint(digits, 16, 32); err == nil && rune(n) >= s.first && rune(n) <= s.last && Name(rune(n)) == name {
				return rune(n), true
			}
		}
	}
	order := byName()
	i := sort.Search(len(order), func(i int) bool { return t.name(int(order[i])) >= name })
	if i == len(order) || t.name(int(order[i])) != name {
		r, ok := aliases()[name]
		return r, ok
	}
	return t.chars[order[i]], true
}

// byName are the places of the names in alphabetical order.
var byName = sync.OnceValue(func() []int32 {
	t := names()
	order := make([]int32, len(t.starts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(t.name(int(a)), t.name(int(b))) })
	return order
})

// name is the i-th name of the text.
func (t *table) name(i int) string {
	from := int(t.starts[i])
	return t.text[from : from+strings.IndexByte(t.text[from:], '\n')]
}

// The syllables of Hangul are named after the letters that they are made of.
const (
	syllables     = "HANGUL SYLLABLE "
	firstSyllable = 0xAC00
	vowels, tails = 21, 28
)

var letters = [3][]string{
	strings.Split("G GG N D DD R M B BB S SS  J JJ C K T P H", " "),
	strings.Split("A AE YA YAE EO E YEO YE O WA WAE OE YO U WEO WE WI YU EU YI I", " "),
	strings.Split(" G GG GS N NJ NH D L LG LM LB LS LT LP LH M B BS S SS NG J C K T P H", " "),
}

func syllable(r rune) string {
	n := int(r - firstSyllable)
	if n < 0 || n >= len(letters[0])*vowels*tails {
		return ""
	}
	return syllables + letters[0][n/(vowels*tails)] + letters[1][n/tails%vowels] + letters[2][n%tails]
}

func syllableOf(name string) (rune, bool) {
	for i := range len(letters[0]) * vowels * tails {
		if r := rune(firstSyllable + i); syllable(r)[len(syllables):] == name {
			return r, true
		}
	}
	return 0, false
}
