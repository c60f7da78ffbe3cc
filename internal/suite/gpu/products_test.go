package gpu_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestGPUProducts runs the scripts of testdata/gpu, which compare what the GPU and
// the processor answer over layouts and shapes that no kernel's tiles divide.
func TestGPUProducts(t *testing.T) {
	options := suite.GPU(t)
	for _, path := range suite.Glob(t, "testdata/gpu/*.py") {
		if filepath.Base(path) == "kernels.py" {
			continue // TestGPUKernels runs it, in either order
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out, err := suite.Output(options, string(src))
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Log(out)
		})
	}
}

// TestGPUPickedIndices: indices of either side that pick no matrix are errors.
func TestGPUPickedIndices(t *testing.T) {
	options := suite.GPU(t)
	for picks, want := range map[string]string{
		"lhs_indices=mx.array([6]), rhs_indices=mx.array([0])":  "index 6 is out of bounds for axis 0 with size 6",
		"lhs_indices=mx.array([0]), rhs_indices=mx.array([-5])": "index -5 is out of bounds for axis 0 with size 4",
	} {
		for _, product := range []string{"gather_qmm(mx.ones((6, 1, 64)), *mx.quantize(w)", "gather_mm(mx.ones((6, 1, 64)), w"} {
			_, err := suite.Output(options, "import mlx.core as mx\nw = mx.ones((4, 64, 64))\nmx.eval(mx."+product+", "+picks+"))")
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s, %s: got %v, want %s", product, picks, err, want)
			}
		}
	}
}
