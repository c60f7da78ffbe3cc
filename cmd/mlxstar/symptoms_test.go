package main

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

var (
	fencedBlock = regexp.MustCompile("(?ms)^```(\\w+)(?: (\\S+))?\n(.*?)^```$")
	// varies is what is not the same from run to run, and from machine to machine.
	varies = regexp.MustCompile(`\d+\.\d+ s|limit [\d.]+ [KMGT]iB|resident [\d.]+ MiB`)
)

// TestSymptoms runs what docs/debugging-memory.md shows: files, and commands with what they
// print. A line of dots stands for any lines.
func TestSymptoms(t *testing.T) {
	text, err := os.ReadFile("../../docs/debugging-memory.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Chdir(t.TempDir())
	script, files, commands := "", 0, 0
	for _, m := range fencedBlock.FindAllStringSubmatch(string(text), -1) {
		kind, name, body := m[1], m[2], m[3]
		if name != "" {
			if err := os.WriteFile(name, []byte(body), 0o666); err != nil {
				t.Fatal(err)
			}
			files++
		}
		switch kind {
		case "python":
			script = name
		case "console":
			for _, part := range strings.Split(body, "$ mlxstar ")[1:] {
				line, want, _ := strings.Cut(part, "\n")
				got := shown(t, strings.Fields(line), script)
				if rest := matches(lines(want), lines(got)); rest != "" {
					t.Errorf("mlxstar %s printed\n%swant %q of\n%s", line, got, rest, want)
				}
				commands++
			}
		}
	}
	if files != 4 || commands != 11 {
		t.Errorf("the page has %d files and %d commands, want 4 and 11", files, commands)
	}
}

// shown is what a command prints. A PID is that of a process in which the script has run.
func shown(t *testing.T, args []string, script string) string {
	t.Helper()
	at := slices.Index(args, "PID")
	if at < 0 {
		if slices.Contains(args, "record") {
			args = slices.Insert(slices.Clone(args), slices.Index(args, "-o")+2, "--device", "cpu")
		}
		_, out, errs := runHere(t, args...)
		return out + errs
	}
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Monitor: true, Files: mlxstar.SystemFiles(), Args: []string{script}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.ExecFile(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	args = slices.Clone(args)
	args[at] = fmt.Sprint(os.Getpid())
	var out, errs bytes.Buffer
	if args[0] != "top" || runTop(args[1:], &out, &errs) != 0 {
		t.Errorf("%v: %s", args, errs.String())
	}
	return strings.Replace(out.String(), fmt.Sprint(os.Getpid()), "PID", 1)
}

func lines(text string) []string {
	text = varies.ReplaceAllString(text, "N")
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// matches gives the first wanted line that is not there, or "".
func matches(want, got []string) string {
	for i := 0; i < len(want); i++ {
		if want[i] != "..." {
			if len(got) == 0 || got[0] != want[i] {
				return want[i]
			}
			got = got[1:]
			continue
		}
		if i+1 == len(want) {
			return ""
		}
		next := slices.Index(got, want[i+1])
		if next < 0 {
			return want[i+1]
		}
		got = got[next:]
	}
	if len(got) > 0 {
		return "the end before " + got[0]
	}
	return ""
}
