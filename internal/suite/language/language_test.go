package language_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestLanguage runs the programs of testdata/language, which go through Python's
// language: what each must print lies beside it, as CPython 3.11 prints it.
func TestLanguage(t *testing.T) { runLanguage(t, mlxstar.Options{}) }

func TestLanguageGPU(t *testing.T) { runLanguage(t, suite.GPU(t)) }

func runLanguage(t *testing.T, on mlxstar.Options) {
	for _, path := range suite.Glob(t, "testdata/language/*.py") {
		name := strings.TrimSuffix(filepath.Base(path), ".py")
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(path, ".py") + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			o := on
			o.Stdout, o.Files, o.Dir, o.Args = &out, mlxstar.SystemFiles(), t.TempDir(), []string{path}
			rt := suite.NewRuntime(t, o)
			if err := rt.Exec(t.Context(), path, string(src)); err != nil {
				t.Errorf("%v\n%s", err, suite.Traceback(err))
			}
			got, wanted := strings.Split(out.String(), "\n"), strings.Split(string(want), "\n")
			for i := range max(len(got), len(wanted)) {
				if i >= len(got) || i >= len(wanted) || got[i] != wanted[i] {
					t.Fatalf("line %d\ngot:  %s\nwant: %s", i+1, strings.Join(got[min(i, len(got)):min(i+1, len(got))], ""), strings.Join(wanted[min(i, len(wanted)):min(i+1, len(wanted))], ""))
				}
			}
		})
	}
}
