package dialect

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

var expectation = regexp.MustCompile("### `(.*)`")

// TestScripts runs testdata/*.star: chunks between lines of three dashes. The
// line on which a chunk must fail says so, with a regular expression for the
// last line of the traceback.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.star")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts")
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		line := 1
		for _, chunk := range strings.Split(string(src), "\n---\n") {
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(file), line), func(t *testing.T) {
				runChunk(t, file, strings.Repeat("\n", line-1)+chunk)
			})
			line += strings.Count(chunk, "\n") + 2
		}
	}
}

func runChunk(t *testing.T, file, src string) {
	if !strings.Contains(src, "assert ") && !strings.Contains(src, "###") {
		t.Fatal("the chunk expects nothing")
	}
	wantLine, want := 0, ""
	for i, text := range strings.Split(src, "\n") {
		if m := expectation.FindStringSubmatch(text); m != nil {
			wantLine, want = i+1, m[1]
		}
	}
	_, _, err := execute(file, src)
	line, msg := failure(file, err)
	switch {
	case want == "" && err != nil:
		t.Fatalf("line %d: %s", line, Traceback(err, nil))
	case want != "" && err == nil:
		t.Fatalf("line %d: no error, want %s", wantLine, want)
	case want == "":
		return
	}
	if line != wantLine || !regexp.MustCompile(want).MatchString(msg) {
		t.Fatalf("line %d: %s, want line %d: %s", line, msg, wantLine, want)
	}
}

// failure gives the line in a file that an error belongs to, and the text.
func failure(file string, err error) (line int, msg string) {
	var syn *syntax.Error
	if errors.As(err, &syn) {
		return int(syn.Start.Line), syn.Kind + ": " + syn.Msg
	}
	if err == nil {
		return 0, ""
	}
	e := object.AsException(err)
	for _, f := range e.Traceback {
		if f.File == file {
			line = f.Line
		}
	}
	return line, e.Error()
}
