package language_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// report is a traceback in parts: the script's own frames, as "file:line function",
// and the line that names the error.
type report struct {
	frames []string
	last   string
}

var frameLine = regexp.MustCompile(`(?m)^  File "(.*)", line (\d+)(?:, in (.*))?$`)

// parseReport reads a traceback. Dir is taken off file names; what lies elsewhere is
// a library's.
func parseReport(text, dir string) report {
	text = strings.TrimRight(text, "\n")
	r := report{last: text[strings.LastIndexByte(text, '\n')+1:]}
	for _, m := range frameLine.FindAllStringSubmatch(text, -1) {
		file := strings.TrimPrefix(m[1], dir+string(filepath.Separator))
		if !strings.ContainsAny(file, `/\<`) {
			r.frames = append(r.frames, file+":"+m[2]+" "+m[3])
		}
	}
	return r
}

// TestMistakes runs the programs of testdata/mistakes: each traceback names the
// files, lines and functions that CPython's names, and the same error.
func TestMistakes(t *testing.T) {
	dir := suite.Path(t, "testdata/mistakes")
	differences := map[string]string{}
	list, err := os.ReadFile(filepath.Join(dir, "differences.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		name, last, _ := strings.Cut(line, ": ")
		differences[name] = last
	}
	wants, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(wants) < 50 {
		t.Fatalf("%d programs, %v", len(wants), err)
	}
	for _, path := range wants {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		if name == "differences" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := parseReport(string(text), dir)
			got := runMistake(t, dir, name)
			if !slices.Equal(got.frames, want.frames) {
				t.Errorf("frames\n%s\nwant\n%s", strings.Join(got.frames, "\n"), strings.Join(want.frames, "\n"))
			}
			last, differs := differences[name]
			if differs {
				if kind, _, _ := strings.Cut(want.last, ":"); !strings.HasPrefix(last, kind+":") {
					t.Errorf("differences.txt names another type of error than CPython: %s", want.last)
				}
				if last == want.last {
					t.Error("differences.txt lists it without need")
				}
				want.last = last
			}
			if got.last != want.last {
				t.Errorf("last line\n%s\nwant\n%s", got.last, want.last)
			}
		})
	}
}

func runMistake(t *testing.T, dir, name string) report {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(dir, name+".py"))
	if err != nil {
		t.Fatal(err)
	}
	rt := suite.NewRuntime(t, mlxstar.Options{Files: mlxstar.SystemFiles(), Dir: dir})
	err = rt.Exec(t.Context(), name+".py", string(src))
	var exit *mlxstar.ExitError
	if errors.As(err, &exit) {
		return parseReport(exit.Message, dir)
	}
	if err == nil {
		t.Fatal("no error")
	}
	return parseReport(suite.Traceback(err), dir)
}
