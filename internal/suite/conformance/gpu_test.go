package conformance_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/internal/conformance"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
	"github.com/mlxstar/mlxstar/internal/suite"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// refusedByGPU tells what MLX refuses on a GPU too: float64, and the
// decompositions that it has for CPUs only.
func refusedByGPU(reason string) bool {
	return strings.Contains(reason, "float64 is not supported on the GPU") ||
		strings.Contains(reason, "not yet supported on the GPU")
}

// ofProcessor are the programs of the corpus that tell what the default device is,
// which is the processor where the answers come from.
var ofProcessor = map[string]string{
	"stream/default/01": "import mlx.core\nmlx.core.set_default_device(mlx.core.cpu)\n",
}

// TestConformanceGPU runs the corpus with the GPU as the default device.
func TestConformanceGPU(t *testing.T) {
	var sim *metalsim.Simulator
	options, real := suite.Real(t)
	if !real {
		options, sim = suite.Simulated(t)
	}
	every := *flags.GPUEvery
	if *flags.RecordGaps {
		every = 1
	}
	conform(t, target{
		gaps:    "testdata/gaps-gpu.json",
		every:   every,
		but:     gapsFile,
		first:   ofProcessor,
		allowed: refusedByGPU,
		program: func(dir string) conformance.Program { return runCaseOn(options, dir) },
	})
	if sim == nil {
		return // counts are the simulator's
	}
	t.Logf("%d libraries compiled, %d dispatches, %d barriers, %d command buffers",
		sim.Count("compiled"), sim.Count("dispatches"), sim.Count("barriers"), sim.Count("commandbuffers"))
}
