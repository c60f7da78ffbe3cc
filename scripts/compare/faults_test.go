package main

import (
	"os"
	"os/exec"
	"slices"
	"testing"
)

// TestFaultsAreProven runs the proof of each fault under MLX, where MLXSTAR_PYTHON names a
// Python that has it.
func TestFaultsAreProven(t *testing.T) {
	python := os.Getenv("MLXSTAR_PYTHON")
	for _, f := range slices.Concat(faults, faultsSaid) {
		if f.reason == "" || f.proof == "" {
			t.Errorf("%s: a fault has a reason and a proof", f.shows)
		}
		if python == "" {
			continue
		}
		src := "import mlx.core as mx\ninf, nan = float('inf'), float('nan')\nmx.set_default_device(mx.cpu)\n" + f.proof
		if out, err := exec.CommandContext(t.Context(), python, "-c", src).CombinedOutput(); err != nil {
			t.Errorf("%s: the proof fails: %v\n%s", f.reason, err, out)
		}
	}
}
