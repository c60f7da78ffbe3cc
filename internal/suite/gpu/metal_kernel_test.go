package gpu_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestGPUKernels runs the kernels of testdata/gpu, which scripts wrote.
func TestGPUKernels(t *testing.T) {
	options, sim := suite.Simulated(t)
	src := suite.Read(t, "testdata/gpu/kernels.py")
	const shown = "Generated source code for `small`:\n```\nkernel void custom_kernel_small(\n" +
		"    const device float* a [[buffer(0)]],\n    device float* out [[buffer(1)]]) {\n" +
		"#line 1 \"custom_kernel_small\"\nout[0] = a[0];\n}\n```\n"
	for _, reorder := range []int{0, 1} {
		sim.Set("reorder", reorder)
		got, err := suite.Output(options, src)
		sim.Set("reorder", 0)
		if err != nil {
			t.Fatalf("%v\n%s", err, got)
		}
		if !strings.HasSuffix(got, shown) {
			t.Errorf("the end of %q is not\n%s", got, shown)
		}
	}
}

// TestKernelsWithoutGPU: a kernel can be made everywhere, as in MLX, and be called
// where there is a GPU.
func TestKernelsWithoutGPU(t *testing.T) {
	_, err := suite.Output(mlxstar.Options{Device: "cpu"}, `
import mlx.core as mx
k = mx.fast.metal_kernel(name="f", input_names=["a"], output_names=["b"], source="", compile_options={"math_mode": "fast"})
k(inputs=[mx.ones(3)], grid=(3, 1, 1), threadgroup=(1, 1, 1), output_shapes=[(3,)], output_dtypes=[mx.float32])
`)
	if err == nil || !strings.Contains(err.Error(), "RuntimeError: metal_kernel: No Metal back-end: the kernel 'f' needs a GPU") {
		t.Errorf("got %v", err)
	}
}
