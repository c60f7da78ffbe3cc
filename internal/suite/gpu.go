package suite

import (
	"runtime"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/cuda"
	"github.com/mlxstar/mlxstar/cuda/cudatest"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
	"github.com/mlxstar/mlxstar/metal"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// Simulated gives the options of a runtime on the simulated GPU, or skips where
// it cannot be had. What breaks Metal's rules fails the test.
func Simulated(t *testing.T) (mlxstar.Options, *metalsim.Simulator) {
	t.Helper()
	sim := metalsim.For(t)
	return mlxstar.Options{Device: "gpu", GPU: metal.Linked(sim)}, sim
}

// OnCUDA reports whether tests run on an NVIDIA GPU.
func OnCUDA() bool { return *flags.Device == "real" && runtime.GOOS != "darwin" }

// Real gives the options of a runtime on the machine's own GPU, if that is asked for:
// on a Mac it always is.
func Real(t *testing.T) (o mlxstar.Options, ok bool) {
	t.Helper()
	switch {
	case runtime.GOOS == "darwin":
		return mlxstar.Options{Device: "gpu"}, true
	case OnCUDA():
		// The answers are the processor's, which knows no factors of 19 bits.
		t.Setenv("MLX_ENABLE_TF32", "0")
		if err := cudatest.Hold(); err != nil {
			t.Fatal(err)
		}
		return mlxstar.Options{Device: "gpu", GPU: cuda.Open}, true
	}
	return o, false
}

// GPU gives the options of a runtime on the GPU: the machine's own, or the simulated
// one.
func GPU(t *testing.T) mlxstar.Options {
	t.Helper()
	if o, ok := Real(t); ok {
		return o
	}
	o, _ := Simulated(t)
	return o
}
