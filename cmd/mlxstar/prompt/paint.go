package prompt

import (
	"regexp"
	"strings"
)

// painter colours the line while it is typed, and shows where the lines of a block end.
type painter struct{ colours bool }

// arrow is shown where a line of a block ends.
const arrow = "↵"

// Colours of what a line consists of.
const (
	colourKeyword = "\x1b[35m"
	colourString  = "\x1b[32m"
	colourNumber  = "\x1b[36m"
	colourComment = "\x1b[90m"
	colourEnd     = "\x1b[0m"
)

// tokens are the parts of a line that have a colour, strings that do not end included.
var tokens = regexp.MustCompile(`(?P<comment>#[^` + string(newline) + `]*)` +
	`|(?P<string>\b[rRbBfFuU]{0,2}(?:"""(?s:.*?)(?:"""|$)|'''(?s:.*?)(?:'''|$))|[rRbBfFuU]{0,2}(?:"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)))` +
	`|(?P<keyword>\b(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False)\b)` +
	`|(?P<number>\b\d[\w.]*)`)

// colourOf are the colours by the names of the groups of tokens.
var colourOf = map[string]string{"comment": colourComment, "string": colourString, "keyword": colourKeyword, "number": colourNumber}

// Paint shows a line.
func (p painter) Paint(line []rune, _ int) []rune {
	text := string(line)
	if !p.colours {
		return []rune(strings.ReplaceAll(text, string(newline), arrow))
	}
	var out strings.Builder
	names := tokens.SubexpNames()
	at := 0
	for _, m := range tokens.FindAllStringSubmatchIndex(text, -1) {
		for g := 1; g < len(names); g++ {
			if m[2*g] < 0 {
				continue
			}
			out.WriteString(text[at:m[0]] + colourOf[names[g]] + text[m[0]:m[1]] + colourEnd)
			at = m[1]
		}
	}
	out.WriteString(text[at:])
	return []rune(strings.ReplaceAll(out.String(), string(newline), colourComment+arrow+colourEnd))
}
