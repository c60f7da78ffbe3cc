package mlxstar

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/internal/conformance"
)

var (
	corpus   = flag.String("corpus", "testdata/conformance", "directory of the conformance corpus")
	families = flag.String("families", "", "families of the corpus to run, separated by commas; all by default")
)

// caseTime bounds one program of the corpus.
const caseTime = 20 * time.Second

// runCase runs one program in a runtime of its own.
func runCase(dir string) conformance.Program {
	return func(src string) conformance.Outcome {
		var stdout bytes.Buffer
		rt, err := New(Options{Stdout: &stdout, Files: SystemFiles(), Dir: dir})
		if err != nil {
			return conformance.Outcome{Err: err}
		}
		ctx, cancel := context.WithTimeout(context.Background(), caseTime)
		defer cancel()
		o := conformance.Outcome{Release: func() { _ = rt.Close() }}
		o.Err = rt.Exec(ctx, "case.py", src)
		if e, ok := o.Err.(*Error); ok {
			o.ErrorType = e.Type
		}
		o.Stdout = stdout.String()
		o.Out = rt.main.Get("out")
		return o
	}
}

// passing is how many programs of each family must pass: what the library can
// do does not get less. A family that is not listed is reported alone.
var passing = map[string]int{}

func TestConformance(t *testing.T) {
	var names []string
	if *families != "" {
		names = strings.Split(*families, ",")
	}
	loaded, err := conformance.Load(*corpus, names...)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range loaded {
		t.Run(f.Name, func(t *testing.T) {
			if testing.Short() && *families == "" {
				t.Skip("the corpus takes a while")
			}
			report := conformance.Run(f, runCase(t.TempDir()))
			if testing.Verbose() {
				if err := report.Write(os.Stdout); err != nil {
					t.Error(err)
				}
			} else {
				t.Log(report)
			}
			if least := passing[f.Name]; report.Passed < least && *corpus == "testdata/conformance" {
				t.Errorf("%d programs pass, want at least %d", report.Passed, least)
			}
		})
	}
}
