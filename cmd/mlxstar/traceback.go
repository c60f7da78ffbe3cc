package main

import (
	"fmt"
	"os"
	"strings"
)

// fullTracebackVariable has tracebacks at a terminal shown whole, as --full-traceback does.
const fullTracebackVariable = "MLXSTAR_FULL_TRACEBACK"

// folds reports whether tracebacks written to f leave out what the program has in itself: for
// people alone, since other programs read what Python would write.
func folds(f any, o *options) bool {
	file, ok := f.(*os.File)
	return ok && !o.fullTraceback && os.Getenv(fullTracebackVariable) == "" && isTerminal(file)
}

const (
	frameLine  = "  File \""
	frozenLine = "  File \"<frozen "
)

// fold leaves the frames of modules that the program has in itself out of a traceback. The
// one where the error arose stays.
func fold(traceback string) string {
	var out []string
	lines := strings.Split(traceback, "\n")
	for at := 0; at < len(lines); {
		end, frames, modules := at, 0, []string(nil)
		for end < len(lines) && strings.HasPrefix(lines[end], frozenLine) {
			next := frameEnd(lines, end)
			if next >= len(lines) || !strings.HasPrefix(lines[next], frameLine) {
				break // the last of its traceback
			}
			name, _, _ := strings.Cut(strings.TrimPrefix(lines[end], frozenLine), ">")
			modules = append(modules, name)
			end, frames = next, frames+1
		}
		if frames == 0 {
			out = append(out, lines[at])
			at++
			continue
		}
		out = append(out, folded(frames, modules))
		at = end
	}
	return strings.Join(out, "\n")
}

// frameEnd is the line after a frame's.
func frameEnd(lines []string, at int) int {
	for at++; at < len(lines) && strings.HasPrefix(lines[at], "  ") && !strings.HasPrefix(lines[at], frameLine); at++ {
	}
	return at
}

// folded says what was left out: how many frames, and the package that all are of, if they are
// of one.
func folded(frames int, modules []string) string {
	common := strings.Split(modules[0], ".")
	for _, m := range modules[1:] {
		parts := strings.Split(m, ".")
		n := 0
		for n < min(len(common), len(parts)) && common[n] == parts[n] {
			n++
		}
		common = common[:n]
	}
	of := "of modules of the program's own"
	if len(common) > 0 {
		of = "of " + strings.Join(common, ".")
	}
	if frames == 1 {
		return fmt.Sprintf("  [1 frame %s]", of)
	}
	return fmt.Sprintf("  [%d frames %s]", frames, of)
}
