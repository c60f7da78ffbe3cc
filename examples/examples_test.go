// Package examples_test runs the programs of this folder. Each stands in
// testdata/curves.json twice, in a short and in its full form, with the loss curve
// that MLX gives under Python.
//
//	go test ./examples                          the short forms against the recorded curves
//	go test ./examples -full                    the full forms
//	go test ./examples -python python3          both runtimes side by side, as a table
//	go test ./examples -python python3 -record  and keeps Python's curves
package examples_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

var (
	full   = flag.Bool("full", false, "run the programs in their full form")
	python = flag.String("python", "", "a Python with MLX to run the programs under, too")
	record = flag.Bool("record", false, "keep the curves that -python gives")
)

// tolerance is how far, relatively, a loss may lie from MLX's.
const tolerance = 1e-3

// program is an example with the arguments of its short form. Its full form has
// no arguments but those in always.
type program struct {
	file   string
	always []string
	short  []string
	// model names the program that makes the directory which this one is given.
	model string
	// check looks at what a run printed; nil where the curve says all.
	check func(t *testing.T, r *run)
}

var programs = []program{
	{file: "digits_mlp.py", short: []string{"--epochs", "6"}, check: atLeast("accuracy", 0.9, 0.96)},
	{file: "digits_cnn.py", short: []string{"--epochs", "2", "--width", "8"}, check: atLeast("accuracy", 0.5, 0.985)},
	{file: "char_lm.py", short: []string{"--steps", "30", "--batch-size", "4", "--context", "32", "--sample", "10"}},
	{file: "vae.py", short: []string{"--epochs", "2"}},
	{file: "gcn.py", short: []string{"--epochs", "15", "--nodes", "400"}, check: graphHelps},
	{file: "flow.py", short: []string{"--steps", "60", "--batch-size", "128", "--layers", "4"}, check: invertible},
	{file: "lora.py", short: []string{"--pretrain", "25", "--steps", "25", "--batch-size", "4", "--context", "32"}, check: adapts},
	{file: "accumulate.py", short: []string{"--steps", "4", "--micro-batches", "4", "--context", "24"}},
	{file: "llama/make_model.py", short: []string{"--steps", "30", "--vocabulary", "300", "--batch-size", "4", "--context", "24"}},
	{file: "llama/generate.py", always: []string{"--ignore-end"}, short: []string{"--max-tokens", "24"}, model: "llama/make_model.py"},
}

// run is the line of JSON that a program prints.
type run struct {
	Loss    [][2]float64
	Results map[string]any
	Seconds float64
	Memory  []memory
}

type memory struct{ Active, Peak, Cache int64 }

func (r *run) number(t *testing.T, name string) float64 {
	t.Helper()
	v, ok := r.Results[name].(float64)
	if !ok {
		t.Fatalf("the results have no number %q: %v", name, r.Results)
	}
	return v
}

// atLeast wants a result of the short and of the full form to reach a value.
func atLeast(name string, short, whole float64) func(t *testing.T, r *run) {
	return func(t *testing.T, r *run) {
		want := short
		if *full {
			want = whole
		}
		if got := r.number(t, name); got < want {
			t.Errorf("%s is %.4f, want at least %.4f", name, got, want)
		}
	}
}

func graphHelps(t *testing.T, r *run) {
	if with, without := r.number(t, "accuracy"), r.number(t, "without_graph"); with < without+0.02 {
		t.Errorf("accuracy is %.4f with the graph and %.4f without, want the graph to help", with, without)
	}
}

func invertible(t *testing.T, r *run) {
	if off := r.number(t, "round_trip"); off > 1e-4 {
		t.Errorf("points come back %g off, want at most 1e-4", off)
	}
}

func adapts(t *testing.T, r *run) {
	before, after := r.number(t, "songs_quantized"), r.number(t, "songs_adapted")
	if after > before-0.05 {
		t.Errorf("the loss went from %.4f to %.4f, want the adapters to lower it", before, after)
	}
	if reloaded := r.number(t, "songs_reloaded"); math.Abs(reloaded-after) > 1e-6 {
		t.Errorf("the saved adapters give %.6f, want %.6f", reloaded, after)
	}
	if fused := r.number(t, "songs_fused"); math.Abs(fused-after) > 0.2*(before-after)+0.05 {
		t.Errorf("the fused weights give %.4f, want about %.4f", fused, after)
	}
	if large, small := r.number(t, "bytes"), r.number(t, "quantized_bytes"); small > large/3 {
		t.Errorf("quantized, the weights take %.0f bytes of %.0f, want at most a third", small, large)
	}
}

// arguments are those of the form that the flags ask for. A model's directory is
// made when the first program needs it.
func (p *program) arguments(t *testing.T, models map[string]string) []string {
	args := append([]string{"--json"}, p.always...)
	if !*full {
		args = append(args, p.short...)
	}
	if p.model != "" {
		args = append(args, models[p.model])
	}
	if strings.HasSuffix(p.file, "make_model.py") {
		models[p.file] = filepath.Join(t.TempDir(), "model")
		args = append(args, models[p.file])
	}
	return args
}

// execute runs a file of this folder under mlxstar, with nothing but its
// directory and what it prints.
func execute(t *testing.T, o mlxstar.Options, file string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	o.Args, o.Stdout, o.Stderr, o.Files = append([]string{file}, args...), &out, &errs, mlxstar.SystemFiles()
	rt, err := mlxstar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	}()
	path, err := filepath.Abs(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.ExecFile(t.Context(), path); err != nil {
		text := err.Error()
		if e, ok := err.(*mlxstar.Error); ok {
			text = e.Traceback
		}
		t.Fatalf("%s %s\n%s\n%s", file, strings.Join(args, " "), text, errs.String())
	}
	return out.String()
}

// executePython runs a file under the Python of the flag.
func executePython(t *testing.T, file string, args ...string) string {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), *python, append([]string{"-B", filepath.FromSlash(file)}, args...)...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s under %s: %v\n%s", file, strings.Join(args, " "), *python, err, errs.String())
	}
	return string(out)
}

func parse(t *testing.T, out string) *run {
	t.Helper()
	r := new(run)
	if err := json.Unmarshal([]byte(out), r); err != nil {
		t.Fatalf("want one line of JSON: %v\n%s", err, out)
	}
	if len(r.Loss) == 0 {
		t.Fatal("the curve has no points")
	}
	return r
}

// distance is the greatest relative difference of two curves over the same steps.
func distance(t *testing.T, got, want [][2]float64) float64 {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("the curve has %d points, want %d", len(got), len(want))
	}
	worst := 0.0
	for i, p := range got {
		if p[0] != want[i][0] {
			t.Fatalf("point %d is of step %v, want %v", i, p[0], want[i][0])
		}
		off := math.Abs(p[1]-want[i][1]) / math.Abs(want[i][1])
		if !(off <= tolerance) {
			t.Errorf("step %v: the loss is %.6f, want MLX's %.6f (%.1e off)", p[0], p[1], want[i][1], off)
		}
		worst = max(worst, off)
	}
	return worst
}

const curvesFile = "testdata/curves.json"

// curves are MLX's losses: by form, then by program.
func curves(t *testing.T) map[string]map[string][][2]float64 {
	t.Helper()
	text, err := os.ReadFile(curvesFile)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string][][2]float64{}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCurves(t *testing.T) {
	all, form := curves(t), "short"
	if *full {
		form = "full"
	}
	models := map[string]string{}
	var table strings.Builder
	table.WriteString("| program | steps | first | middle | last | last, MLX | greatest difference | mlxstar | MLX |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, p := range programs {
		// Models lie in this test's directory: the programs behind their makers read them.
		args := p.arguments(t, models)
		t.Run(p.file, func(t *testing.T) {
			got := parse(t, execute(t, mlxstar.Options{}, p.file, args...))
			if p.check != nil {
				p.check(t, got)
			}
			flat(t, got.Memory)
			if *python == "" && *full && p.model != "" {
				// Single tokens magnify by how little two trained models differ: only with
				// -python do both sides read one model.
				t.Logf("the curve is not compared: that takes -python")
				return
			}
			if *python == "" {
				distance(t, got.Loss, all[form][p.file])
				return
			}
			peer := parse(t, executePython(t, p.file, args...))
			if *record {
				all[form][p.file] = peer.Loss
			}
			row(&table, p.file, got, peer, distance(t, got.Loss, peer.Loss))
		})
	}
	if *python != "" {
		fmt.Print(table.String())
	}
	if *record {
		keep(t, all)
	}
}

func row(w *strings.Builder, file string, got, peer *run, off float64) {
	at := func(i int) float64 { return got.Loss[i][1] }
	last := len(got.Loss) - 1
	fmt.Fprintf(w, "| %s | %.0f | %.5f | %.5f | %.5f | %.5f | %.1e | %.1f s | %.1f s |\n",
		file, got.Loss[last][0], at(0), at(last/2), at(last), peer.Loss[last][1], off, got.Seconds, peer.Seconds)
}

// keep writes the curves, a program a line.
func keep(t *testing.T, all map[string]map[string][][2]float64) {
	t.Helper()
	var s strings.Builder
	s.WriteString("{")
	for i, form := range []string{"short", "full"} {
		if i > 0 {
			s.WriteString(",")
		}
		fmt.Fprintf(&s, "\n%q: {", form)
		first := true
		for _, p := range programs {
			curve, err := json.Marshal(all[form][p.file])
			if err != nil {
				t.Fatal(err)
			}
			if !first {
				s.WriteString(",")
			}
			first = false
			fmt.Fprintf(&s, "\n\t%q: %s", p.file, curve)
		}
		s.WriteString("\n}")
	}
	s.WriteString("\n}\n")
	if err := os.WriteFile(curvesFile, []byte(s.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

// flat wants no memory to have gathered between the last points of a curve.
func flat(t *testing.T, points []memory) {
	t.Helper()
	if len(points) < 2 {
		return
	}
	before, after := points[len(points)-2], points[len(points)-1]
	if grown := after.Active - before.Active; grown > 16<<10 {
		t.Errorf("active memory grew from %d to %d between the last points", before.Active, after.Active)
	}
	// Where collections are dear, dead arrays may add so much until one comes.
	const spare = 16 << 20
	if after.Peak > before.Peak+max(before.Peak/2, spare) {
		t.Errorf("the peak rose from %d to %d between the last points", before.Peak, after.Peak)
	}
}

// TestProgramsAreListed looks for programs that no test runs.
func TestProgramsAreListed(t *testing.T) {
	var listed []string
	for _, p := range programs {
		listed = append(listed, p.file)
	}
	for _, pattern := range []string{"*.py", "llama/*.py"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no programs match %s: %v", pattern, err)
		}
		for _, path := range paths {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(src), "__main__") && !slices.Contains(listed, filepath.ToSlash(path)) {
				t.Errorf("%s is a program that no test runs", path)
			}
		}
	}
}
