package prompt

import (
	"regexp"
	"strings"
)

// oneLine is a block as the line that readline edits.
func oneLine(block string) string {
	return strings.ReplaceAll(strings.TrimRight(block, "\n"), "\n", string(newline))
}

// lines is the block that a line of readline's stands for.
func lines(line string) string { return strings.ReplaceAll(line, string(newline), "\n") }

// session are the beginnings of the lines of a session that was copied whole.
var session = regexp.MustCompile(`^(>>> ?|\.\.\. ?|In \[\d+\]: ?|   +\.\.\.+: ?)`)

// prompted begins a copied session.
var prompted = regexp.MustCompile(`^(>>> |In \[\d+\]: )`)

// Clean is what was pasted as statements: with the ends of lines that this system
// has, without prompts if it was copied from a session, and without the indentation that
// all its lines have.
func Clean(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	rows := strings.Split(text, "\n")
	for _, r := range rows {
		if r = strings.TrimLeft(r, " \t"); r != "" {
			if prompted.MatchString(r) {
				rows = withoutPrompts(rows)
			}
			break
		}
	}
	return strings.Join(dedented(rows), "\n")
}

// withoutPrompts leaves the statements of a session: what they printed has no prompt.
func withoutPrompts(rows []string) (statements []string) {
	for _, r := range rows {
		r = strings.TrimLeft(r, "\t")
		if !session.MatchString(r) {
			if r = strings.TrimLeft(r, " "); !session.MatchString(r) {
				continue
			}
		}
		statements = append(statements, r[len(session.FindString(r)):])
	}
	return statements
}

// dedented takes the indentation away that all lines have, blank ones aside.
func dedented(rows []string) []string {
	common, any := "", false
	for _, r := range rows {
		if strings.TrimSpace(r) == "" {
			continue
		}
		indent := r[:len(r)-len(strings.TrimLeft(r, " \t"))]
		if !any {
			common, any = indent, true
		}
		for !strings.HasPrefix(indent, common) {
			common = common[:len(common)-1]
		}
	}
	if common == "" {
		return rows
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		if strings.TrimSpace(r) != "" {
			out[i] = r[len(common):]
		}
	}
	return out
}

// step is an indentation.
const step = "    "

// leaves are the statements after which a block ends.
var leaves = regexp.MustCompile(`^(return|pass|break|continue|raise)\b`)

// indentAfter is the indentation that the line after some typed lines is likely to have.
func indentAfter(src string) string {
	rows := strings.Split(strings.TrimRight(src, "\n"), "\n")
	last := rows[len(rows)-1]
	text := strings.TrimSpace(last)
	indent := last[:len(last)-len(strings.TrimLeft(last, " \t"))]
	if at := strings.Index(text, " #"); at >= 0 {
		text = strings.TrimSpace(text[:at])
	}
	switch {
	case strings.HasSuffix(text, ":"), strings.HasSuffix(text, "("), strings.HasSuffix(text, "["), strings.HasSuffix(text, "{"):
		return indent + step
	case leaves.MatchString(text):
		return strings.TrimSuffix(indent, step)
	}
	return indent
}
