package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// state is what came of a test.
type state string

const (
	passed  state = "passes"
	failed  state = "fails"
	skipped state = "is skipped"
	absent  state = "is absent"
)

// outcomes are what came of the tests of a file.
type outcomes struct {
	tests  map[string]state  // by class and method
	why    map[string]string // the last line of what a test that failed printed
	broken string            // why there are no more: a signal, the time
}

func (o *outcomes) count(s state) int {
	n := 0
	for _, have := range o.tests {
		if have == s {
			n++
		}
	}
	return n
}

// state is what came of a test that may not have run.
func (o *outcomes) state(test string) state {
	if s, ok := o.tests[test]; ok {
		return s
	}
	return absent
}

// runFile runs a file of tests in its folder and reads what unittest tells.
func runFile(ctx context.Context, command, folder, file string, limit time.Duration) *outcomes {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command, file, "-v")
	cmd.Dir = folder
	cmd.WaitDelay = 10 * time.Second
	var text bytes.Buffer
	cmd.Stderr = &text
	err := cmd.Run()
	o := parseOutcomes(text.String())
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		o.broken = fmt.Sprintf("no end within %v", limit)
	case errors.As(err, &exit) && !exit.Exited():
		o.broken = exit.String()
	case len(o.tests) == 0:
		o.broken = lastLine(text.String())
	}
	return o
}

var (
	// begun matches the line that names a test before it runs.
	begun = regexp.MustCompile(`^(test\w*) \(\w+\.(\w+)\.\w+\)`)
	// ended matches what is printed after it ran, be it on that line or below.
	ended = regexp.MustCompile(`(?:^|\.\.\. )(ok|FAIL|ERROR|expected failure|unexpected success|skipped (?:'.*'|".*"))$`)
	// report matches the heading of a failure among those at the end.
	report = regexp.MustCompile(`^(?:FAIL|ERROR): (test\w*) \(\w+\.(\w+)\.\w+\)`)
)

// parseOutcomes reads the text that unittest writes with -v.
func parseOutcomes(text string) *outcomes {
	o := &outcomes{tests: map[string]state{}, why: map[string]string{}}
	test, told := "", "" // the test that runs, and the one whose failure is told
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, "\r")
		if m := report.FindStringSubmatch(line); m != nil {
			told, test = m[2]+"."+m[1], ""
			o.tests[told] = failed
			continue
		}
		if told != "" {
			if line != "" && !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "Ran ") {
				o.why[told] = line
			}
			if strings.HasPrefix(line, "Ran ") {
				told = ""
			}
			continue
		}
		if m := begun.FindStringSubmatch(line); m != nil {
			test = m[2] + "." + m[1]
			if o.tests[test] == "" {
				o.tests[test] = failed // until it is said how it ended
			}
		}
		if m := ended.FindStringSubmatch(line); m != nil && test != "" {
			o.tests[test] = stateOf(m[1])
			test = ""
		}
	}
	return o
}

func stateOf(word string) state {
	switch {
	case word == "ok" || word == "expected failure":
		return passed
	case strings.HasPrefix(word, "skipped"):
		return skipped
	}
	return failed
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
