package main

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"github.com/mlxstar/mlxstar/memory"
)

// chrome is how many lines of the screen the head and the foot take.
const chrome = 9

// Colours, of the 256 that terminals have. What a terminal has fewer of, they are made to fit.
const (
	dim    = 244
	strong = 255
	red    = 203
	green  = 114
	blue   = 75
	yellow = 221
)

// kindColours are those of owners' kinds, in the order in which they are piled up.
var kindColours = []struct {
	kind   string
	colour int
}{
	{memory.Parameters, 69}, {memory.OptimizerState, 140}, {memory.Caches, 80}, {memory.Data, 221}, {memory.Gradients, 209}, {memory.Activations, 114}, {memory.Other, 245},
}

func paintIn(colour int, text string) string {
	return fmt.Sprintf("\x1b[38;5;%dm%s\x1b[0m", colour, text)
}

func reversed(text string) string { return "\x1b[7m" + text + "\x1b[0m" }

// plain makes a name of a script harmless to a terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, text)
}

// fit cuts a line to a width.
func fit(line string, width int) string { return ansi.Truncate(line, width, "…") }

// pad makes a line as wide.
func pad(line string, width int) string {
	line = fit(line, width)
	return line + strings.Repeat(" ", max(width-ansi.StringWidth(line), 0))
}

// part is a stretch of a bar.
type part struct {
	n      int64
	colour int
}

// bar shows parts of a whole in a width.
func bar(parts []part, whole int64, width int) string {
	var b strings.Builder
	used, sum := 0, int64(0)
	for _, p := range parts {
		sum += p.n
		to := width
		if whole > 0 {
			to = min(int(float64(sum)/float64(whole)*float64(width)+0.5), width)
		}
		if to > used {
			b.WriteString(paintIn(p.colour, strings.Repeat("█", to-used)))
			used = to
		}
	}
	b.WriteString(paintIn(dim, strings.Repeat("·", width-used)))
	return b.String()
}

var eighths = []rune(" ▁▂▃▄▅▆▇█")

// chart draws columns, each a pile of parts, so many lines high, the lowest line last.
func chart(columns [][]part, high int64, lines int) []string {
	out := make([]string, lines)
	for y := range lines {
		bottom := int64(lines-1-y) * 8 // of this line, in eighths
		var b strings.Builder
		for _, c := range columns {
			b.WriteString(cell(c, high, lines, bottom))
		}
		out[y] = b.String()
	}
	return out
}

// cell is what a line shows of a column: the colour of the part at its middle, and at the
// top of the pile as many eighths as there are.
func cell(column []part, high int64, lines int, bottom int64) string {
	scale := func(n int64) int64 {
		if high <= 0 {
			return 0
		}
		return int64(float64(n) / float64(high) * float64(lines) * 8)
	}
	sum := int64(0)
	total := int64(0)
	for _, p := range column {
		total += p.n
	}
	filled := min(max(scale(total)-bottom, 0), 8)
	if filled == 0 {
		return " "
	}
	for _, p := range column {
		sum += p.n
		if scale(sum) > bottom+filled/2 || sum == total {
			return paintIn(p.colour, string(eighths[filled]))
		}
	}
	return " "
}

// scaled draws a chart with sizes at its left.
func scaled(columns [][]part, high int64, lines, width int) []string {
	const margin = 11
	if len(columns) > width-margin {
		columns = columns[len(columns)-(width-margin):]
	}
	out := chart(columns, high, lines)
	for y := range out {
		label := ""
		if y == 0 || y == lines/2 {
			label = sized(high * int64(lines-y) / int64(lines))
		}
		out[y] = paintIn(dim, fmt.Sprintf("%*s ", margin-1, label)) + out[y]
	}
	return out
}

// draw makes the whole screen.
func (s *screen) draw() string {
	width := max(s.width, 40)
	lines := s.head(width)
	foot := s.foot(width)
	room := max(s.height-len(lines)-len(foot), 3)
	body := s.body(width, room)
	for len(body) < room {
		body = append(body, "")
	}
	lines = append(lines, body[:room]...)
	lines = append(lines, foot...)
	for i, l := range lines {
		lines[i] = fit(l, width)
	}
	return strings.Join(lines, "\n")
}

func (s *screen) body(width, room int) []string {
	switch {
	case s.help:
		return strings.Split(helpText, "\n")
	case s.client == nil:
		return s.processList(width, room)
	case s.now == nil:
		return []string{"  asking ..."}
	}
	return [pages]func(width, room int) []string{s.overview, s.lines, s.owners, s.step, s.freeBlocks}[s.page](width, room)
}

// window shows rows of which one is chosen, and keeps that within what is shown. Head
// stands above.
func (s *screen) window(head string, rows []string, room int) []string {
	s.rows = len(rows)
	s.at = max(min(s.at, s.rows-1), 0)
	shown := max(room-1, 1)
	s.off = max(min(s.off, s.at), s.at-shown+1, 0)
	out := []string{paintIn(dim, head)}
	for i := s.off; i < min(s.off+shown, len(rows)); i++ {
		if i == s.at {
			out = append(out, reversed(pad(ansi.Strip(rows[i]), max(s.width, 40))))
		} else {
			out = append(out, rows[i])
		}
	}
	return out
}

// foot is the last lines: what keys do, or what was said.
func (s *screen) foot(width int) []string {
	text := " 1-5 page  ↑↓ choose  / find  s order  r record  c clear cache  R reset peak  p pause  ? help  q quit"
	if s.client == nil {
		text = " ↑↓ choose  Enter show  ? help  q quit"
	}
	switch {
	case s.typing:
		text = " find: " + plain(s.filter) + "▏"
	case s.gone != nil:
		text = " " + plain(s.gone.Error()) + "; q quits"
	case s.message != "":
		text = " " + plain(s.message)
	case s.filter != "":
		text = " what has " + plain(s.filter) + "; Esc shows all"
	}
	return []string{reversed(pad(text, width))}
}
