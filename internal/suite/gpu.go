package suite

import (
	"runtime"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// Simulated gives the options of a runtime on the simulated GPU, or skips where
// it cannot be had. What breaks Metal's rules fails the test.
func Simulated(t *testing.T) (mlxstar.Options, *metalsim.Simulator) {
	t.Helper()
	sim := metalsim.For(t)
	return mlxstar.Options{Device: "gpu", Metal: sim}, sim
}

// GPU gives the options of a runtime on the GPU: the machine's own on a Mac, the
// simulated one elsewhere.
func GPU(t *testing.T) mlxstar.Options {
	t.Helper()
	if runtime.GOOS == "darwin" {
		return mlxstar.Options{Device: "gpu"}
	}
	o, _ := Simulated(t)
	return o
}
