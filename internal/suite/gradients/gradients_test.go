package gradients_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// withoutDerivative lists the functions of mx that take no part in derivatives,
// by the reason.
var withoutDerivative = map[string]string{
	"they answer in bools, integers or Python values": `all allclose any argmax argmin argpartition argsort array_equal
		bitwise_and bitwise_invert bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor broadcast_shapes can_cast
		count_nonzero einsum_path equal greater greater_equal isclose isdtype isfinite isinf isneginf isposinf issubdtype
		left_shift less less_equal logical_and logical_not logical_or logical_xor not_equal result_type right_shift
		searchsorted to_fp8 from_fp8`,
	"they make arrays of none": `bartlett blackman empty empty_like hamming hanning identity tri ones fft.fftfreq fft.rfftfreq
		from_dlpack random.bernoulli random.bits random.categorical random.gumbel random.key random.laplace random.multivariate_normal
		random.normal random.permutation random.randint random.seed random.split random.truncated_normal random.uniform`,
	"MLX takes both for constants": `divmod`,
	"they round to codes":          `quantize qqmm gather_qqmm`,
	"they drive devices, memory, files and printing": `async_eval eval clear_cache clear_streams default_device default_stream
		device_count device_info get_active_memory get_array_buffer_size get_cache_memory get_memory_limit get_peak_memory get_printoptions is_available load new_stream
		new_thread_local_stream new_thread_unsafe_stream reset_peak_memory save save_gguf save_safetensors savez savez_compressed
		set_cache_limit set_default_device set_default_stream set_memory_limit set_printoptions set_wired_limit stream
		synchronize printoptions disable_compile enable_compile fast.metal_kernel fast.cuda_kernel fast.precompiled_cuda_kernel
		export_function import_function exporter export_to_dot DeviceType DtypeCategory`,
}

// withoutCase lists the modules of mx whose functions are all of that kind.
var withoutCase = []string{"metal", "cuda", "distributed"}

// TestGradients holds every differentiable operation and function to
// testdata/gradients: see harness.py there. An operation or a function that no
// check covers fails.
func TestGradients(t *testing.T) { runGradients(t, mlxstar.Options{}) }

func TestGradientsGPU(t *testing.T) { runGradients(t, suite.GPU(t)) }

func runGradients(t *testing.T, on mlxstar.Options) {
	paths := suite.Glob(t, "testdata/gradients/*.py")
	covered, named := map[*engine.Op]bool{}, map[string]bool{}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(path) == "harness.py" {
			continue
		}
		for _, m := range mxName.FindAllStringSubmatch(string(src), -1) {
			named[m[1]] = true
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			var stdout strings.Builder
			o := on
			o.Stdout, o.Stderr, o.Files = &stdout, io.Discard, mlxstar.SystemFiles()
			rt, err := mlxstar.New(o)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := rt.Close(); err != nil {
					t.Error(err)
				}
			}()
			if err := rt.ExecFile(context.Background(), path); err != nil {
				t.Errorf("%v\n%s", err, stdout.String())
			}
			coverOps(t, rt, covered)
		})
	}
	for _, op := range engine.Ops() {
		if op.Collective {
			continue // it takes several processes: testdata/groups has its derivatives
		}
		if op.Gradient == engine.Differentiable && !covered[op] {
			t.Errorf("%s is differentiable, and no check of testdata/gradients covers it", op.Name)
		}
	}
	coverFunctions(t, named)
}

var mxName = regexp.MustCompile(`\bmx\.((?:linalg\.|fft\.|fast\.|random\.)?[a-z_0-9]+)`)

// coverOps notes the operations through which the results of a script's checks
// depend on their operands.
func coverOps(t *testing.T, rt *mlxstar.Runtime, covered map[*engine.Op]bool) {
	v, err := suite.Global(t.Context(), rt, "seen")
	if err != nil {
		t.Fatal(err)
	}
	seen, ok := v.(*starlark.List)
	if !ok || seen.Len() == 0 {
		t.Fatal("the script checks nothing")
	}
	for v := range starlark.Elements(seen) {
		check := v.(starlark.Tuple)
		depends := map[*engine.Node]bool{}
		for n := range nodesIn(check[0]) {
			depends[n] = true
		}
		for n := range nodesIn(check[1]) {
			coverNode(n, depends, covered)
		}
	}
}

func nodesIn(list starlark.Value) func(yield func(*engine.Node) bool) {
	return func(yield func(*engine.Node) bool) {
		for v := range starlark.Elements(list.(*starlark.List)) {
			if !yield(v.(*builtins.Array).Node()) {
				return
			}
		}
	}
}

func coverNode(n *engine.Node, depends map[*engine.Node]bool, covered map[*engine.Op]bool) bool {
	if d, ok := depends[n]; ok {
		return d
	}
	d := false
	for _, in := range n.Inputs() {
		d = coverNode(in, depends, covered) || d
	}
	if d && n.Op() != nil {
		covered[n.Op()] = true
	}
	depends[n] = d
	return d
}

// coverFunctions fails for the functions of mx that neither a check nor the list
// of those without a derivative names, and for those that both do.
func coverFunctions(t *testing.T, named map[string]bool) {
	excused := map[string]bool{}
	for _, names := range withoutDerivative {
		for _, name := range strings.Fields(names) {
			excused[name] = true
		}
	}
	rt, err := mlxstar.New(mlxstar.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := rt.Exec(context.Background(), "names.py", "import mlx.core as mx"); err != nil {
		t.Fatal(err)
	}
	count := 0
	var visit func(prefix string, m starlark.HasAttrs)
	visit = func(prefix string, m starlark.HasAttrs) {
		for _, name := range m.AttrNames() {
			v, err := m.Attr(name)
			if err != nil {
				t.Fatal(err)
			}
			if sub, ok := v.(starlark.HasAttrs); ok && v.Type() == "module" {
				if prefix == "" && !slices.Contains(withoutCase, name) {
					visit(name+".", sub)
				}
				continue
			}
			if _, ok := v.(starlark.Callable); !ok || strings.HasPrefix(name, "_") || v.Type() == "type" {
				continue
			}
			count++
			if name := prefix + name; !named[name] && !excused[name] {
				t.Errorf("mx.%s: neither a check of testdata/gradients nor the list of functions without derivative names it", name)
			}
		}
	}
	mx, err := suite.Global(t.Context(), rt, "mx")
	if err != nil {
		t.Fatal(err)
	}
	visit("", mx.(starlark.HasAttrs))
	if count < 200 {
		t.Errorf("mx has %d functions; it was not walked", count)
	}
}
