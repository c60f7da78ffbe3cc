package examples_test

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/cuda"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
	"github.com/mlxstar/mlxstar/metal"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// onGPU are the arguments of a few steps of each program, and whether the simulated
// GPU is quick about them.
var onGPU = map[string]struct {
	args  []string
	quick bool
}{
	"digits_mlp.py":       {[]string{"--epochs", "1", "--batch-size", "400", "--hidden", "16"}, true},
	"digits_cnn.py":       {[]string{"--epochs", "1", "--batch-size", "400", "--width", "2"}, false},
	"char_lm.py":          {[]string{"--steps", "2", "--batch-size", "2", "--context", "16", "--dims", "32", "--sample", "3"}, true},
	"vae.py":              {[]string{"--epochs", "1", "--batch-size", "400"}, false},
	"gcn.py":              {[]string{"--epochs", "2", "--nodes", "200", "--hidden", "16"}, false},
	"flow.py":             {[]string{"--steps", "3", "--batch-size", "32", "--layers", "2"}, false},
	"lora.py":             {[]string{"--pretrain", "2", "--steps", "2", "--batch-size", "2", "--context", "16", "--dims", "32"}, false},
	"accumulate.py":       {[]string{"--steps", "2", "--micro-batches", "2", "--context", "12", "--dims", "32"}, false},
	"llama/make_model.py": {[]string{"--steps", "2", "--vocabulary", "300", "--batch-size", "2", "--context", "12", "--dims", "32"}, true},
	"llama/generate.py":   {[]string{"--max-tokens", "4"}, true},
}

// TestCurvesGPU trains a few steps on the GPU and on the processor: the losses are
// the same. On a Mac it is the machine's own GPU, elsewhere the simulated one.
func TestCurvesGPU(t *testing.T) {
	gpu := mlxstar.Options{Device: "gpu"}
	switch {
	case runtime.GOOS == "darwin":
	case *flags.Device == "real":
		gpu.GPU = cuda.Open
	default:
		gpu.GPU = metal.Linked(metalsim.For(t))
	}
	model := filepath.Join(t.TempDir(), "model")
	for _, p := range programs {
		few := onGPU[p.file]
		if len(few.args) == 0 {
			t.Errorf("%s: no arguments for a few steps", p.file)
			continue
		}
		if !few.quick && !*flags.GPUAll {
			continue
		}
		args := append(append([]string{"--json"}, p.always...), few.args...)
		if p.model != "" || strings.HasSuffix(p.file, "make_model.py") {
			args = append(args, model)
		}
		t.Run(p.file, func(t *testing.T) {
			want := parse(t, execute(t, mlxstar.Options{Device: "cpu"}, p.file, args...))
			got := parse(t, execute(t, gpu, p.file, args...))
			t.Logf("%d points, %.1e apart", len(got.Loss), distance(t, got.Loss, want.Loss))
			flat(t, got.Memory)
		})
	}
}
