package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Examples of documentation: what stands in code blocks of .rst files, which go on with what
// stood before them in the file, and in docstrings of .py and .cpp files, each by itself.

// exampleDriver runs the examples of a part one after the other, in one space. An example
// that is an expression prints its value, and one that fails the kind of its error, so that
// the next can be compared, too.
const exampleDriver = `import mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim, mlx.utils, numpy as np
space = {"__name__": "example", "mx": mx, "nn": nn, "optim": optim, "np": np, "mlx": mlx}
for module in (mx, nn):
    for name in ("array", "Module"):
        if hasattr(module, name): space[name] = getattr(module, name)
mx.random.seed(0)
np.random.seed(0)
def example(line, source):
    try:
        try:
            value = eval(source, space)
        except SyntaxError:
            value = None
            exec(source, space)
        if value is not None: print(repr(value))
    except BaseException as e:
        print("line", line, "ends with", type(e).__name__)
`

// undocumented are the examples that differ, by the end of the place, and why.
var undocumented = []struct{ place, reason string }{
	{"docs/src/dev/extensions.rst:16", "an extension that is compiled for Python"},
	{"docs/src/dev/metal_debugger.rst:26", "a capture without Metal is refused, where MLX ignores it"},
	{"docs/src/usage/export.rst:22", "a dict has the order of a hash table of C++"},
}

// snippet is an example: a statement or expression of a session, or a whole block.
type snippet struct {
	line   int
	source string
}

// examples makes a part of each .rst file and of each docstring below the folders.
func examples(dirs, only []string) ([]*part, error) {
	var parts []*part
	add := func(path string, line int, text string) {
		s := snippets(text, line)
		if len(s) == 0 || len(only) > 0 && !slices.ContainsFunc(only, func(s string) bool { return strings.Contains(path, s) }) {
			return
		}
		p := &part{File: path, Line: s[0].line, mlx: true, drawn: true}
		src := exampleDriver
		for _, one := range s {
			src += fmt.Sprintf("example(%d, %s)\n", one.line, pythonText(one.source))
		}
		p.source = src
		for _, u := range undocumented {
			if strings.HasSuffix(p.place(), u.place) {
				p.declared = u.reason
			}
		}
		parts = append(parts, p)
	}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			var quote *regexp.Regexp
			switch filepath.Ext(path) {
			case ".rst":
			case ".py":
				quote = pythonDoc
			case ".cpp", ".h":
				quote = nativeDoc
			default:
				return nil
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text := string(b)
			if quote == nil {
				add(path, 1, text)
				return nil
			}
			for _, m := range quote.FindAllStringSubmatchIndex(text, -1) {
				add(path, 1+strings.Count(text[:m[2]], "\n"), text[m[2]:m[3]])
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return parts, nil
}

var (
	pythonDoc = regexp.MustCompile(`(?s)[rR]?"""(.*?)"""`)
	nativeDoc = regexp.MustCompile(`(?s)R"pbdoc\((.*?)\)pbdoc"`)
	codeBlock = regexp.MustCompile(`^\s*\.\. code(?:-block)?::\s*(\w*)`)
)

// snippets lists the examples of a text whose first line has the number first.
func snippets(text string, first int) []snippet {
	var found []snippet
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); {
		if m := codeBlock.FindStringSubmatch(lines[i]); m != nil {
			from, to := blockOf(lines, i)
			block := lines[from:to]
			if !strings.Contains(strings.Join(block, "\n"), ">>>") && (m[1] == "python" || m[1] == "py") {
				if source := dedent(block); strings.TrimSpace(source) != "" {
					found = append(found, snippet{first + from, source})
				}
				i = to
				continue
			}
		}
		if source, n := session(lines[i:]); n > 0 {
			if strings.TrimSpace(source) != "" {
				found = append(found, snippet{first + i, source})
			}
			i += n
			continue
		}
		i++
	}
	return found
}

// blockOf gives the lines of a block whose directive stands at a line.
func blockOf(lines []string, at int) (from, to int) {
	edge := indent(lines[at])
	from = at + 1
	for from < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[from]), ":") {
		from++ // options
	}
	for to = from; to < len(lines); to++ {
		if strings.TrimSpace(lines[to]) != "" && indent(lines[to]) <= edge {
			break
		}
	}
	return from, to
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func dedent(lines []string) string {
	edge := -1
	for _, line := range lines {
		if strings.TrimSpace(line) != "" && (edge < 0 || indent(line) < edge) {
			edge = indent(line)
		}
	}
	var out []string
	for _, line := range lines {
		out = append(out, strings.TrimRight(line[min(max(edge, 0), len(line)):], " "))
	}
	return strings.Join(out, "\n") + "\n"
}

// session reads what was typed at a prompt, and how many lines that took.
func session(lines []string) (source string, n int) {
	line := strings.TrimLeft(lines[0], " ")
	if !strings.HasPrefix(line, ">>>") {
		return "", 0
	}
	source, n = strings.TrimPrefix(strings.TrimPrefix(line, ">>>"), " "), 1
	for n < len(lines) && strings.HasPrefix(strings.TrimLeft(lines[n], " "), "...") {
		source += "\n" + strings.TrimPrefix(strings.TrimPrefix(strings.TrimLeft(lines[n], " "), "..."), " ")
		n++
	}
	return source, n
}

// pythonText is a string literal of the text.
func pythonText(s string) string { return strconv.QuoteToASCII(s) }
