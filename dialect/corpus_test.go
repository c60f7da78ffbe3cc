package dialect

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/syntax"
)

// program is one case of the conformance corpus.
type program struct {
	ID     string
	Src    string
	Out    json.RawMessage
	Stdout *string
	Error  string
}

func readCorpus(t *testing.T, path string) []program {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []program
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var p program
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// execute runs a source as a script, and gives what it printed.
func execute(name, src string) (m *Module, stdout string, err error) {
	var out strings.Builder
	thread := &starlark.Thread{Name: name}
	thread.SetLocal(object.OutputLocal, &out)
	m = NewModule("__main__", name, object.Builtins())
	prog, err := Compile(name, []byte(src), ModeFile)
	if err != nil {
		return m, "", err
	}
	_, err = prog.Run(thread, m)
	return m, out.String(), err
}

func errorType(err error) string {
	if err == nil {
		return ""
	}
	var syn *syntax.Error
	if errors.As(err, &syn) {
		return syn.Kind
	}
	return object.AsException(err).Class.Name()
}

// TestCorpus runs the public corpus of the language, and reports the share that
// passes. Programs that import a module this package does not have do not count.
func TestCorpus(t *testing.T) {
	passed, missing, total := 0, 0, 0
	for _, p := range readCorpus(t, "../testdata/conformance/lang.jsonl") {
		total++
		_, stdout, err := execute(p.ID, p.Src)
		got := errorType(err)
		if got == "ModuleNotFoundError" && p.Error != got {
			missing++
			continue
		}
		if got == p.Error && (p.Stdout == nil || *p.Stdout == stdout) {
			passed++
			continue
		}
		if testing.Verbose() {
			t.Logf("%s: error %q, want %q\n%s\ngot  %q\nwant %q\n%v", p.ID, got, p.Error, p.Src, stdout, deref(p.Stdout), err)
		}
	}
	t.Logf("%d of %d pass, %d import a module of another package", passed, total, missing)
	if passed < corpusFloor {
		t.Errorf("%d programs pass, at least %d did before", passed, corpusFloor)
	}
}

// corpusFloor is the number of programs that must pass.
const corpusFloor = 254

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
