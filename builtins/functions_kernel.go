package builtins

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/engine"
)

// kernelCall is how a kernel of mx.fast.metal_kernel is called.
const kernelCall = "__call__(*, inputs: list[scalar | array], output_shapes: list[collections.abc.Sequence[int]], output_dtypes: list[Dtype], grid: tuple[int, int, int], threadgroup: tuple[int, int, int], template: list[tuple[str, bool | int | Dtype]] | None = None, init_value: float | None = None, verbose: bool = False, stream: StreamOrDevice = None) -> list[array]"

// kernelFunctions are the functions of mx.fast that make kernels of source that scripts write.
var kernelFunctions = []function{
	{"metal_kernel(name: str, input_names: collections.abc.Sequence[str], output_names: collections.abc.Sequence[str], source: str, header: str = '', ensure_row_contiguous: bool = True, atomic_outputs: bool = False, compile_options: object | None = None) -> object", "A function that runs a kernel whose body is Metal source; its signature is made from the arrays of the call. It needs a GPU when it is called.", metalKernel},
	{"cuda_kernel(name: str, input_names: collections.abc.Sequence[str], output_names: collections.abc.Sequence[str], source: str, header: str = '', ensure_row_contiguous: bool = True, shared_memory: int = 0) -> object", "A kernel from CUDA source, for a device that runs CUDA.",
		(*Call).cudaKernel},
	{"precompiled_cuda_kernel(*, name: str, compiled_source: bytes, inputs: collections.abc.Sequence[bool | int | float | mlx.core.array | ndarray[writable=False] | complex | mlx.core.ArrayLike], output_shapes: collections.abc.Sequence[tuple[int, ...]], output_dtypes: collections.abc.Sequence[mlx.core.Dtype], scalars: collections.abc.Sequence[object], grid: tuple[int, int, int], threadgroup: tuple[int, int, int], shared_memory: int = 0, init_value: float | None = None, ensure_row_contiguous: bool = False, stream: mlx.core.Stream | mlx.core.ThreadLocalStream | mlx.core.Device | mlx.core.DeviceType | None = None) -> list[mlx.core.array]", "Runs a compiled CUDA kernel, on a device that runs CUDA.",
		(*Call).cudaKernel},
}

// kernelModes are the values of the compile option math_mode.
var kernelModes = map[string]bool{"safe": true, "relaxed": true, "fast": true}

// metalKernel makes a function that runs a kernel. As in MLX it can be made
// where there is no GPU, and not be called.
func metalKernel(c *Call) starlark.Value {
	spec := engine.KernelAttrs{
		Name: c.str("name", ""), Inputs: c.strings("input_names"), Outputs: c.strings("output_names"),
		Body: c.str("source", ""), Header: c.str("header", ""),
		Atomic: c.bool("atomic_outputs", false), Math: "safe",
	}
	if len(spec.Outputs) == 0 {
		c.fail(object.ValueError, "metal_kernel: Must specify at least one output.")
	}
	if options := c.given("compile_options"); options != nil {
		spec.Math = c.mathMode(options)
	}
	rows := c.bool("ensure_row_contiguous", true)
	row := &function{kernelCall, "Runs the kernel " + spec.Name + " on a grid of threads and gives the list of its outputs.", nil}
	row.body = func(c *Call) starlark.Value { return c.runKernel(spec, rows) }
	return &Func{m: c.m, sig: signature.Parse(kernelCall), row: row, path: "fast"}
}

// mathMode reads compile_options.
func (c *Call) mathMode(options starlark.Value) string {
	d, ok := object.AsDict(options)
	if !ok {
		c.fail(object.ValueError, "metal_kernel: Expected `compile_options` to be a dict.")
	}
	mode := "safe"
	for _, kv := range d.Items() {
		name, _ := starlark.AsString(kv[0])
		if name != "math_mode" {
			c.fail(object.ValueError, "metal_kernel: Unknown compile option `%s`.", name)
		}
		if mode, ok = starlark.AsString(kv[1]); !ok || !kernelModes[mode] {
			c.fail(object.ValueError, "metal_kernel: Expected math_mode to be 'safe', 'relaxed', or 'fast'.")
		}
	}
	return mode
}

// runKernel puts one run of a kernel into the graph.
func (c *Call) runKernel(spec engine.KernelAttrs, rows bool) starlark.Value {
	ins := c.items("inputs")
	inputs := make([]*engine.Node, len(ins))
	for i, v := range ins {
		if inputs[i] = c.asArray(v); inputs[i] == nil {
			inputs[i] = c.number("inputs", v, nil)
		}
	}
	var shapes [][]int
	for _, v := range c.items("output_shapes") {
		shapes = append(shapes, c.toInts("output_shapes", v))
	}
	var dtypes []engine.Dtype
	for _, v := range c.items("output_dtypes") {
		d, ok := v.(Dtype)
		if !ok {
			c.mistyped("output_dtypes", v, "Dtype")
		}
		dtypes = append(dtypes, d.d)
	}
	for _, n := range []struct {
		name      string
		want, got int
	}{{"inputs", len(spec.Inputs), len(inputs)}, {"output_shapes", len(spec.Outputs), len(shapes)}, {"output_dtypes", len(spec.Outputs), len(dtypes)}} {
		if n.want != n.got {
			c.fail(object.ValueError, "metal_kernel: Expected `%s` to have size %d but got size %d.", n.name, n.want, n.got)
		}
	}
	spec.Grid, spec.Group = c.three("grid"), c.three("threadgroup")
	spec.Params = c.kernelParams()
	var first *float64
	if c.given("init_value") != nil {
		v := c.float("init_value", 0)
		first = &v
	}
	if c.m.Engine.Can(engine.GPU).Kernels == nil {
		c.fail(object.RuntimeError, "metal_kernel: No Metal back-end: the kernel '%s' needs a GPU, and there is none here", spec.Name)
	}
	nodes := c.b.Kernel(&spec, rows, first, shapes, dtypes, inputs...)
	if c.bool("verbose", false) {
		c.showKernel(&spec, inputs, shapes, dtypes)
	}
	return c.outs(nodes, false)
}

// showKernel prints what the kernel is compiled from.
func (c *Call) showKernel(spec *engine.KernelAttrs, inputs []*engine.Node, shapes [][]int, dtypes []engine.Dtype) {
	in, out := make([]engine.Operand, len(inputs)), make([]engine.Operand, len(shapes))
	for i, n := range inputs {
		in[i] = engine.Operand{Dtype: n.Dtype(), Shape: n.Shape()}
	}
	for i := range shapes {
		out[i] = engine.Operand{Dtype: dtypes[i], Shape: shapes[i]}
	}
	source := c.m.Engine.Can(engine.GPU).Kernels.KernelSource(spec, in, out)
	c.check(object.WriteOutput(c.thread, fmt.Sprintf("Generated source code for `%s`:\n```\n%s\n```\n", spec.Name, strings.TrimRight(source, "\n"))))
}

// kernelParams reads the template arguments.
func (c *Call) kernelParams() []engine.KernelParam {
	if c.given("template") == nil {
		return nil
	}
	var out []engine.KernelParam
	for _, v := range c.items("template") {
		pair, ok := sequence(v)
		if !ok || len(pair) != 2 {
			c.mistyped("template", v, "a list of (name, value)")
		}
		p := engine.KernelParam{}
		if p.Name, ok = starlark.AsString(pair[0]); !ok {
			c.mistyped("template", pair[0], "str for a name")
		}
		switch v := pair[1].(type) {
		case Dtype:
			p.Value = v.d
		case starlark.Bool:
			p.Value = bool(v)
		default:
			n, ok := indexOf(v)
			if !ok {
				c.fail(object.ValueError, "metal_kernel: Invalid template argument. Must be `mlx.core.Dtype`, `int` or `bool`.")
			}
			p.Value = int64(n)
		}
		out = append(out, p)
	}
	return out
}

// cudaKernel refuses kernels in CUDA, which no backend compiles for scripts yet.
func (c *Call) cudaKernel() starlark.Value {
	c.fail(object.RuntimeError, "%s: the kernel '%s' is not run: kernels of scripts in CUDA are not supported", c.sig.Name, c.str("name", ""))
	return nil
}
