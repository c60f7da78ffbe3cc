package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// table prints what came of files, and keeps what the whole must say.
type table struct {
	out               io.Writer
	verbose           bool
	compared          bool
	star, python      [3]int // passed, failed, skipped
	worse, differ     []string
	passes            map[string]bool // under mlxstar
	passedUnderPython map[string]bool
}

func (t *table) header(compared bool) {
	t.compared = compared
	t.passes, t.passedUnderPython = map[string]bool{}, map[string]bool{}
	fmt.Fprintf(t.out, "%-24s %5s  %-20s", "file", "tests", "mlxstar")
	if compared {
		fmt.Fprintf(t.out, " %-20s %s", "python", "passes only there")
	}
	fmt.Fprintf(t.out, "\n%-24s %5s  %-20s", "", "", "pass  fail  skip")
	if compared {
		fmt.Fprintf(t.out, " %-20s", "pass  fail  skip")
	}
	fmt.Fprintln(t.out)
}

var states = [3]state{passed, failed, skipped}

func (t *table) row(file string, star, python *outcomes) {
	module := strings.TrimSuffix(file, ".py")
	names := map[string]bool{}
	for test := range star.tests {
		names[test] = true
	}
	if python != nil {
		for test := range python.tests {
			names[test] = true
		}
	}
	worse := 0
	var lines []string
	for _, test := range slices.Sorted(maps.Keys(names)) {
		full := module + "." + test
		s := star.state(test)
		if s == passed {
			t.passes[full] = true
		}
		if python == nil {
			if s == failed {
				lines = append(lines, fmt.Sprintf("  %s fails: %s", full, star.why[test]))
			}
			continue
		}
		p := python.state(test)
		if p == passed {
			t.passedUnderPython[full] = true
		}
		if s == p {
			continue
		}
		line := fmt.Sprintf("  %s %s, under python it %s", full, s, p)
		if t.verbose {
			line += ": " + star.why[test] + python.why[test]
		}
		lines = append(lines, line)
		if p == passed {
			worse++
			t.worse = append(t.worse, full)
		} else {
			t.differ = append(t.differ, full)
		}
	}
	fmt.Fprintf(t.out, "%-24s %5d  %-20s", file, len(names), t.add(&t.star, star))
	if python != nil {
		fmt.Fprintf(t.out, " %-20s %d", t.add(&t.python, python), worse)
	}
	fmt.Fprintln(t.out)
	for i, o := range []*outcomes{star, python} {
		if o != nil && o.broken != "" {
			fmt.Fprintf(t.out, "  %s: %s\n", [2]string{"mlxstar", "python"}[i], o.broken)
		}
	}
	for _, line := range lines {
		fmt.Fprintln(t.out, line)
	}
}

func (t *table) add(sum *[3]int, o *outcomes) string {
	text := ""
	for i, s := range states {
		n := o.count(s)
		sum[i] += n
		text += fmt.Sprintf("%4d  ", n)
	}
	return strings.TrimRight(text, " ")
}

// footer prints the sums and holds the run to the list, as far as it names tests of the
// files that ran.
func (t *table) footer(must map[string]bool, files []string) bool {
	fmt.Fprintf(t.out, "mlxstar: %d pass, %d fail, %d are skipped\n", t.star[0], t.star[1], t.star[2])
	if t.compared {
		fmt.Fprintf(t.out, "python:  %d pass, %d fail, %d are skipped; %d pass only there, %d differ otherwise\n",
			t.python[0], t.python[1], t.python[2], len(t.worse), len(t.differ))
	}
	var missed []string
	held := 0
	for _, name := range slices.Sorted(maps.Keys(must)) {
		module, _, _ := strings.Cut(name, ".")
		if !slices.Contains(files, module+".py") {
			continue
		}
		held++
		if !t.passes[name] {
			missed = append(missed, name)
		}
	}
	fmt.Fprintf(t.out, "%d of the %d tests that must pass do\n", held-len(missed), held)
	for _, name := range missed {
		fmt.Fprintf(t.out, "  does not pass: %s\n", name)
	}
	return len(missed) == 0 && len(t.worse) == 0
}
