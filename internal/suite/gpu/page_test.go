package gpu_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/internal/suite"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// pageClaims are sentences of docs/metal.md and what shows that they are true: what a
// sentence says to be absent must fail, so that the page changes when it comes.
var pageClaims = []struct {
	claim string
	show  func(t *testing.T, on mlxstar.Options, sim *metalsim.Simulator)
}{
	{"Elsewhere there is no GPU, and `mx.metal.is_available()` says so.", func(t *testing.T, _ mlxstar.Options, _ *metalsim.Simulator) {
		prints(t, mlxstar.Options{Device: "cpu"}, "print(mx.metal.is_available())", "False\n")
	}},
	{"float64, and the decompositions and solvers of `mx.linalg`", func(t *testing.T, on mlxstar.Options, _ *metalsim.Simulator) {
		for _, call := range []string{"mx.ones((2, 2), mx.float64) + 1", "mx.linalg.qr(a)[0]", "mx.linalg.svd(a)[1]", "mx.linalg.inv(a)", "mx.linalg.cholesky(a)",
			"mx.linalg.solve(a, a)", "mx.linalg.eigvals(a)", "mx.linalg.eigvalsh(a)", "mx.linalg.lu(a)[0]", "mx.linalg.pinv(a)"} {
			raises(t, on, "a = mx.eye(2)\nmx.eval("+call+")", "ValueError")
			prints(t, on, "a = mx.eye(2)\nwith mx.stream(mx.cpu):\n    mx.eval("+call+")", "")
		}
	}},
	{"composites run for `block_masked_mm` and `segmented_mm`", func(t *testing.T, _ mlxstar.Options, _ *metalsim.Simulator) {
		for _, op := range engine.Ops() {
			if op.Name == "block_masked_mm" || op.Name == "segmented_mm" {
				t.Errorf("%s is an operation of its own", op.Name)
			}
		}
	}},
	{"A reduction of what a group makes is a dispatch of its own.", func(t *testing.T, on mlxstar.Options, sim *metalsim.Simulator) {
		rt := suite.NewRuntime(t, on)
		suite.Exec(t, rt, "import mlx.core as mx\nx = mx.ones((64, 64))\ndef f(n):\n    for _ in range(n): mx.eval(mx.sum(mx.exp(x) * 2 + 1, axis=1))\nf(60)")
		before := sim.Count("dispatches")
		suite.Exec(t, rt, "f(10)")
		if n := sim.Count("dispatches") - before; n != 20 {
			t.Errorf("%d dispatches for ten groups with a reduction, want 20", n)
		}
	}},
	{"function constants are not known, since sources are generated", func(t *testing.T, on mlxstar.Options, _ *metalsim.Simulator) {
		raises(t, on, `k = mx.fast.metal_kernel(name="f", input_names=["a"], output_names=["b"], header="constant int n [[function_constant(0)]];", source="b[0] = n;")
mx.eval(k(inputs=[mx.ones(1)], grid=(1, 1, 1), threadgroup=(1, 1, 1), output_shapes=[(1,)], output_dtypes=[mx.float32]))`, "RuntimeError")
	}},
}

// prints wants a script to print a text.
func prints(t *testing.T, on mlxstar.Options, src, want string) {
	t.Helper()
	if got, err := suite.Output(on, "import mlx.core as mx\n"+src); err != nil || got != want {
		t.Errorf("%s\nprints %q, %v, want %q", src, got, err, want)
	}
}

// raises wants a script to end with a type of error.
func raises(t *testing.T, on mlxstar.Options, src, kind string) {
	t.Helper()
	if got, err := suite.Output(on, "import mlx.core as mx\n"+src); err == nil || !strings.Contains(err.Error(), kind) {
		t.Errorf("%s\nprints %q, %v, want a %s", src, got, err, kind)
	}
}

// TestGPUPage shows what docs/metal.md says.
func TestGPUPage(t *testing.T) {
	on, sim := suite.Simulated(t)
	page := strings.Join(strings.Fields(suite.Read(t, "docs/metal.md")), " ")
	for _, c := range pageClaims {
		t.Run(strings.Join(strings.Fields(c.claim)[:3], " "), func(t *testing.T) {
			if !strings.Contains(page, c.claim) {
				t.Errorf("docs/metal.md does not say %q", c.claim)
			}
			c.show(t, on, sim)
		})
	}
}
