package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/conformance"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// caseTime bounds one program of the corpus.
const caseTime = 20 * time.Second

// runCase runs one program in a runtime of its own, on the processor.
func runCase(dir string) conformance.Program { return runCaseOn(mlxstar.Options{Device: "cpu"}, dir) }

// runCaseOn runs one program in a runtime with the device that the options name.
func runCaseOn(on mlxstar.Options, dir string) conformance.Program {
	return func(src string) conformance.Outcome {
		var stdout bytes.Buffer
		options := on
		options.Stdout, options.Files, options.Dir = &stdout, mlxstar.SystemFiles(), dir
		rt, err := mlxstar.New(options)
		if err != nil {
			return conformance.Outcome{Err: err}
		}
		ctx, cancel := context.WithTimeout(context.Background(), caseTime)
		defer cancel()
		o := conformance.Outcome{Release: func() { _ = rt.Close() }}
		o.Err = rt.Exec(ctx, "case.py", src)
		if _, there := rt.Get("out"); o.Err == nil && there {
			// An answer that cannot be computed is an error of the program.
			o.Err = rt.Exec(ctx, "answer.py", "import mlx.core\nmlx.core.eval(out)")
		}
		if e, ok := o.Err.(*mlxstar.Error); ok {
			o.ErrorType = e.Type
		}
		o.Stdout = stdout.String()
		if out, err := suite.Global(ctx, rt, "out"); o.Err == nil {
			o.Out, o.Err = out, err
		}
		return o
	}
}

// gapsFile lists the programs of the corpus that do not pass, by family, each with the
// reason why the reference's answer is not the right one. It goes stale loudly: a gap that
// is new fails the test, and so does one that is closed or has no reason.
const gapsFile = "testdata/gaps.json"

func TestConformance(t *testing.T) {
	conform(t, target{gaps: gapsFile, every: 1, program: runCase, allowed: func(string) bool { return false }})
}

// target is what the corpus runs on.
type target struct {
	gaps    string            // the file of what does not pass
	every   int               // run each n-th program of a family
	but     string            // a file of gaps whose programs are left out, or ""
	first   map[string]string // lines that go before a program, by its name
	program func(dir string) conformance.Program
	allowed func(reason string) bool // a failure that is none, since MLX fails there too
}

// conform runs the corpus and compares what fails with a file of gaps.
func conform(t *testing.T, on target) {
	if testing.Short() {
		t.Skip("the corpus takes a while")
	}
	var names []string
	if *flags.Families != "" {
		names = strings.Split(*flags.Families, ",")
	}
	loaded, err := conformance.Load(suite.Path(t, *flags.Corpus), names...)
	if err != nil {
		t.Fatal(err)
	}
	gaps := map[string]map[string]string{}
	if data, err := os.ReadFile(suite.Path(t, on.gaps)); err != nil && !*flags.RecordGaps {
		t.Fatal(err)
	} else if err == nil {
		if err := json.Unmarshal(data, &gaps); err != nil {
			t.Fatalf("%s: %v", on.gaps, err)
		}
	}
	without := map[string]map[string]string{}
	if on.but != "" {
		data, err := os.ReadFile(suite.Path(t, on.but))
		if err == nil {
			err = json.Unmarshal(data, &without)
		}
		if err != nil {
			t.Fatalf("%s: %v", on.but, err)
		}
	}
	for _, f := range loaded {
		t.Run(f.Name, func(t *testing.T) {
			var sample []conformance.Case
			for i := 0; i < len(f.Cases); i += on.every {
				c := f.Cases[i]
				if _, left := without[f.Name][c.ID]; !left {
					c.Src = on.first[c.ID] + c.Src
					sample = append(sample, c)
				}
			}
			f.Cases = sample
			report := conformance.Run(f, on.program(t.TempDir()))
			report.Failed = slices.DeleteFunc(report.Failed, func(c conformance.Failure) bool { return on.allowed(c.Reason) })
			if testing.Verbose() {
				if err := report.Write(os.Stdout); err != nil {
					t.Error(err)
				}
			}
			switch {
			case *flags.Corpus != flags.Shipped:
				t.Log(report)
			case *flags.RecordGaps:
				gaps[f.Name] = failed(report, gaps[f.Name])
			default:
				known := maps.Clone(gaps[f.Name])
				maps.DeleteFunc(known, func(id, _ string) bool {
					return !slices.ContainsFunc(f.Cases, func(c conformance.Case) bool { return c.ID == id })
				})
				compareGaps(t, report, known)
			}
		})
	}
	if *flags.RecordGaps {
		data, err := json.MarshalIndent(gaps, "", "\t")
		if err == nil {
			err = os.WriteFile(suite.Path(t, on.gaps), append(data, '\n'), 0o644)
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// failed maps the programs that fail to the reasons that are known.
func failed(r *conformance.Report, known map[string]string) map[string]string {
	out := map[string]string{}
	for _, f := range r.Failed {
		out[f.ID] = known[f.ID]
	}
	return out
}

func compareGaps(t *testing.T, r *conformance.Report, known map[string]string) {
	now := failed(r, known)
	for _, f := range r.Failed {
		if now[f.ID] == "" {
			t.Errorf("%s: %s", f.ID, f.Reason)
		}
	}
	for id := range known {
		if _, fails := now[id]; !fails {
			t.Errorf("%s passes: run go test ./internal/suite/conformance -run TestConformance -record-gaps", id)
		}
	}
}

// TestConformanceComparesArrays holds the comparison itself to answers that are
// nearly right.
func TestConformanceComparesArrays(t *testing.T) {
	const src = "import mlx.core as mx\nout = mx.array([[1.5, float('nan')], [float('-inf'), -2]])"
	for _, test := range []struct {
		answer string
		passes bool
	}{
		{`{"array": [1.5, "nan", "-inf", -2.0], "shape": [2, 2], "dtype": "float32"}`, true},
		{`{"array": [1.50001, "nan", "-inf", -2.0], "shape": [2, 2], "dtype": "float32"}`, true},
		{`{"array": [1.6, "nan", "-inf", -2.0], "shape": [2, 2], "dtype": "float32"}`, false},
		{`{"array": [1.5, 0.0, "-inf", -2.0], "shape": [2, 2], "dtype": "float32"}`, false},
		{`{"array": [1.5, "nan", "inf", -2.0], "shape": [2, 2], "dtype": "float32"}`, false},
		{`{"array": [1.5, "nan", "-inf", -2.0], "shape": [4], "dtype": "float32"}`, false},
		{`{"array": [1.5, "nan", "-inf", -2.0], "shape": [2, 2], "dtype": "float16"}`, false},
		{`{"array": [1.5, "nan", "-inf"], "shape": [2, 2], "dtype": "float32"}`, false},
	} {
		c := &conformance.Case{ID: "x", Src: src, Out: []byte(test.answer), Rtol: 1e-4}
		if got := conformance.Check(c, runCase(t.TempDir())); (got == "") != test.passes {
			t.Errorf("%s: %q, want it to pass: %v", test.answer, got, test.passes)
		}
	}
}
