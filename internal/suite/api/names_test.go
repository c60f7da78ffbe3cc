package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/internal/suite"
)

var (
	updateCoverage = flag.Bool("update-coverage", false, "write docs/coverage.md")
	recordAPIGaps  = flag.Bool("record-api-gaps", false, "write the names that differ from MLX's to testdata/api-gaps.txt")
)

const (
	// apiFile lists MLX's names: a name, its kind and its signature a line.
	apiFile = "testdata/mlx-api.tsv"
	// apiGapsFile lists names that differ still; it goes stale loudly.
	apiGapsFile  = "testdata/api-gaps.txt"
	coverageFile = "docs/coverage.md"
)

// apiModules are the modules that the prefixes of the file stand for.
var apiModules = []struct{ prefix, module string }{
	{"mx", "mlx.core"}, {"nn", "mlx.nn"}, {"optim", "mlx.optimizers"}, {"utils", "mlx.utils"},
}

// apiName is a line of the file.
type apiName struct{ name, kind, signature string }

// offDevice are the names that raise an error on a machine without their
// hardware, and what that is: only what cannot exist off Apple's or NVIDIA's. In
// all other respects they are held to the file as well.
var offDevice = map[string]string{
	"mx.fast.metal_kernel":            "an Apple GPU, when the kernel is called: compiles and runs Metal source",
	"mx.fast.cuda_kernel":             "an NVIDIA GPU, which does not take kernels of scripts yet: compiles and runs CUDA source",
	"mx.fast.precompiled_cuda_kernel": "an NVIDIA GPU, which does not take kernels of scripts yet: runs a compiled CUDA kernel",
	"mx.metal.start_capture":          "an Apple GPU: records what it does",
	"mx.metal.stop_capture":           "an Apple GPU: ends the recording",
}

// misprinted are the signatures that are held to another text than the file's:
// what is taken, and why.
var misprinted = map[string]struct{ signature, why string }{
	"mx.arange": {"arange(start=0, stop=None, step=None, dtype=None, *, stream=None)",
		"the file has two forms, one with start; one signature binds both"},
	"mx.tri":                    {"tri(n, m=None, k=0, dtype=None, *, stream=None)", "MLX takes mx.tri(3)"},
	"mx.tril":                   {"tril(x, k=0, *, stream=None)", "MLX takes mx.tril(a)"},
	"mx.triu":                   {"triu(x, k=0, *, stream=None)", "MLX takes mx.triu(a)"},
	"mx.roll":                   {"roll(a, /, shift, axis=None, *, stream=None)", "MLX takes mx.roll(a, 1, axis=0)"},
	"mx.gather_mm":              {"gather_mm(a, b, /, lhs_indices=None, rhs_indices=None, *, sorted_indices=False, stream=None)", "MLX takes mx.gather_mm(a, b)"},
	"mx.std":                    {"std(a, /, axis=None, keepdims=False, ddof=0, *, correction=None, stream=None)", "MLX takes mx.std(a, correction=1)"},
	"mx.var":                    {"var(a, /, axis=None, keepdims=False, ddof=0, *, correction=None, stream=None)", "MLX takes mx.var(a, correction=1)"},
	"mx.save_gguf":              {"save_gguf(file, arrays, metadata=None)", "MLX takes mx.save_gguf(file, arrays)"},
	"mx.set_memory_limit":       {"set_memory_limit(limit, *, relaxed=False)", relaxedWhy},
	"mx.metal.set_memory_limit": {"set_memory_limit(limit, *, relaxed=False)", relaxedWhy},
	"mx.exporter":               {"exporter(file, fun, *, shapeless=False, metadata=None)", "calls of an example follow it"},
	"utils.tree_flatten": {"tree_flatten(tree, prefix='', is_leaf=None, destination=None)",
		"the file has a call of an example"},
}

const relaxedWhy = "relaxed makes the limit a guideline, as MLX's is: the one addition to MLX's interface"

// apiAnswer is what a script sees of a name.
type apiAnswer struct {
	Found      bool
	Kind       string // class, callable or value
	Type       string
	Parameters []apiParameter // nil where they are not known
}

// apiParameter is one parameter, as the test compares it.
type apiParameter struct {
	Name     string
	Kind     string
	Optional bool
}

func (p apiParameter) String() string {
	if p.Optional {
		return p.Name + "=... (" + p.Kind + ")"
	}
	return p.Name + " (" + p.Kind + ")"
}

// apiScript looks every name up and prints what it finds as JSON.
const apiScript = `
import inspect, json
answers = {}
missing = object()
for full in NAMES:
    prefix, *path = full.split(".")
    value = modules.get(prefix, missing)
    for part in path:
        value = getattr(value, part, missing)
    answer = {"Found": value is not missing}
    if value is not missing:
        answer["Type"] = type(value).__name__
        answer["Kind"] = "class" if isinstance(value, type) else "callable" if callable(value) else "value"
        if callable(value):
            try:
                answer["Parameters"] = [
                    {"Name": p.name, "Kind": p.kind.name, "Optional": p.default is not inspect.Parameter.empty}
                    for p in inspect.signature(value).parameters.values()]
            except ValueError:
                pass
    answers[full] = answer
print(json.dumps(answers))
`

// readAPI reads the file.
func readAPI(t *testing.T) []apiName {
	t.Helper()
	data, err := os.ReadFile(suite.Path(t, apiFile))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	var out []apiName
	for i, line := range lines[1:] {
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			t.Fatalf("%s:%d: %d columns, want 3", apiFile, i+2, len(fields))
		}
		out = append(out, apiName{fields[0], fields[1], fields[2]})
	}
	return out
}

// askAPI runs the script.
func askAPI(t *testing.T, names []apiName) map[string]apiAnswer {
	t.Helper()
	var stdout bytes.Buffer
	rt, err := mlxstar.New(mlxstar.Options{Stdout: &stdout})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	var full []string
	for _, n := range names {
		full = append(full, n.name)
	}
	var src strings.Builder
	src.WriteString("modules = {}\n")
	for _, m := range apiModules {
		fmt.Fprintf(&src, "import %s as module\nmodules[%q] = module\n", m.module, m.prefix)
	}
	list, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	src.WriteString("NAMES = " + string(list) + "\n" + apiScript)
	if err := rt.Exec(context.Background(), "api.py", src.String()); err != nil {
		t.Fatal(err)
	}
	answers := map[string]apiAnswer{}
	if err := json.Unmarshal(stdout.Bytes(), &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// differs gives what of a name is not as the file has it, or "".
func differs(n apiName, got apiAnswer) string {
	if !got.Found {
		return "is not there"
	}
	switch n.kind {
	case "class":
		if got.Kind != "class" {
			return "is a " + got.Type + ", not a class"
		}
	case "function", "method":
		if got.Kind != "callable" {
			return "is a " + got.Type + ", not a " + n.kind
		}
	case "value":
		if got.Type != n.signature {
			return "is a " + got.Type + ", not a " + n.signature
		}
		return ""
	case "attribute":
		return ""
	default:
		return "is of the unknown kind " + n.kind
	}
	signature := n.signature
	if m, ok := misprinted[n.name]; ok {
		signature = m.signature
	}
	if signature == "" {
		return ""
	}
	want := parametersOf(signature)
	if n.kind == "class" && len(want) > 0 && want[0].Name == "self" {
		want = want[1:]
	}
	if got.Parameters == nil && len(want) > 0 {
		return "does not tell its parameters"
	}
	if !slices.Equal(got.Parameters, want) {
		return fmt.Sprintf("takes %v, not %v", got.Parameters, want)
	}
	return ""
}

// parametersOf reads a signature of the file.
func parametersOf(text string) []apiParameter {
	kinds := map[object.ParameterKind]string{
		object.PositionalOnly: "POSITIONAL_ONLY", object.PositionalOrKeyword: "POSITIONAL_OR_KEYWORD",
		object.VarPositional: "VAR_POSITIONAL", object.KeywordOnly: "KEYWORD_ONLY", object.VarKeyword: "VAR_KEYWORD",
	}
	var out []apiParameter
	for _, p := range object.SignatureParameters(signature.Parse(text)) {
		out = append(out, apiParameter{p.Name, kinds[p.Kind], p.Default != nil})
	}
	return out
}

// TestAPI holds the modules of MLX to its API file: each name is there, is of
// its kind, and takes the parameters it takes there, by the names, the order
// and the kinds that a script sees.
func TestAPI(t *testing.T) {
	names := readAPI(t)
	answers := askAPI(t, names)
	gaps := readAPIGaps(t)
	var found []string
	for _, n := range names {
		why := differs(n, answers[n.name])
		if why == "" {
			continue
		}
		found = append(found, n.name)
		if !slices.Contains(gaps, n.name) && !*recordAPIGaps {
			t.Errorf("%s %s", n.name, why)
		}
	}
	for _, name := range gaps {
		if !slices.Contains(found, name) && !*recordAPIGaps {
			t.Errorf("%s stands in %s, but is as it should be: run go test ./internal/suite/api -run TestAPI -record-api-gaps", name, apiGapsFile)
		}
	}
	if *recordAPIGaps {
		err := os.WriteFile(suite.Path(t, apiGapsFile), []byte(strings.Join(append(found, ""), "\n")), 0o644)
		if len(found) == 0 {
			err = os.Remove(suite.Path(t, apiGapsFile))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
	coverage := coverageText(names, found)
	if *updateCoverage || *recordAPIGaps {
		if err := os.WriteFile(suite.Path(t, coverageFile), coverage, 0o644); err != nil {
			t.Error(err)
		}
	}
	if now, err := os.ReadFile(suite.Path(t, coverageFile)); err != nil || !bytes.Equal(now, coverage) {
		t.Errorf("%s is stale: run go test ./internal/suite/api -run TestAPI -update-coverage", coverageFile)
	}
}

// readAPIGaps reads the names that differ still; there may be none.
func readAPIGaps(t *testing.T) []string {
	data, err := os.ReadFile(suite.Path(t, apiGapsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Fields(string(data))
}

// coverageText is docs/coverage.md.
func coverageText(names []apiName, differ []string) []byte {
	var w bytes.Buffer
	w.WriteString("# What of MLX is there\n\nGenerated by `go test ./internal/suite/api -run TestAPI -update-coverage` from " + apiFile + `, which lists the
names of MLX 0.32.4. The test looks each of them up in a script, and fails for one that is not there, is of another
kind, or takes other parameters (names, order, which go by position or keyword alone, which have defaults).

| module | names | as in MLX |
|---|---|---|
`)
	for _, m := range apiModules {
		total, same := 0, 0
		for _, n := range names {
			if strings.HasPrefix(n.name, m.prefix+".") {
				total++
				if !slices.Contains(differ, n.name) {
					same++
				}
			}
		}
		fmt.Fprintf(&w, "| %s | %d | %d (%.1f%%) |\n", m.module, total, same, 100*float64(same)/float64(total))
	}
	w.WriteString("\n## Names that need hardware\n\nWhere it is not there they raise an error that says so.\n\n| name | needs |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(offDevice)) {
		fmt.Fprintf(&w, "| %s | %s |\n", name, offDevice[name])
	}
	if len(differ) > 0 {
		w.WriteString("\n## Names that differ\n\n")
		for _, name := range differ {
			fmt.Fprintf(&w, "- %s\n", name)
		}
	}
	w.WriteString("\n## Signatures that differ from the list\n\n| name | taken here | why |\n|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(misprinted)) {
		fmt.Fprintf(&w, "| %s | `%s` | %s |\n", name, misprinted[name].signature, misprinted[name].why)
	}
	return w.Bytes()
}

// TestOffDevice calls the names that need hardware, where there is none.
func TestOffDevice(t *testing.T) {
	calls := map[string]string{
		"mx.fast.metal_kernel":            `(name="f", input_names=["a"], output_names=["b"], source="")(inputs=[1], grid=(1, 1, 1), threadgroup=(1, 1, 1), output_shapes=[(1,)], output_dtypes=[mx.float32])`,
		"mx.fast.cuda_kernel":             `(name="f", input_names=["a"], output_names=["b"], source="")`,
		"mx.fast.precompiled_cuda_kernel": `(name="f", compiled_source=b"", inputs=[], output_shapes=[], output_dtypes=[], scalars=[], grid=(1, 1, 1), threadgroup=(1, 1, 1))`,
		"mx.metal.start_capture":          `("trace.gputrace")`,
		"mx.metal.stop_capture":           `()`,
	}
	for name := range offDevice {
		rt, err := mlxstar.New(mlxstar.Options{Device: "cpu"})
		if err != nil {
			t.Fatal(err)
		}
		err = rt.Exec(context.Background(), "call.py", "import mlx.core as mx\n"+name+calls[name])
		var e *mlxstar.Error
		if !errors.As(err, &e) || e.Type != "RuntimeError" && e.Type != "NotImplementedError" {
			t.Errorf("%s: %v", name, err)
		}
		_ = rt.Close()
	}
}
