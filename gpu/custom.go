package gpu

import (
	"fmt"
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

// kernelTypes are the element types by the names that kernels of scripts use.
var kernelTypes = map[engine.Dtype]string{
	engine.Bool: "bool", engine.Uint8: "uint8_t", engine.Uint16: "uint16_t", engine.Uint32: "uint32_t", engine.Uint64: "uint64_t",
	engine.Int8: "int8_t", engine.Int16: "int16_t", engine.Int32: "int32_t", engine.Int64: "int64_t",
	engine.Float16: "float16_t", engine.BFloat16: "bfloat16_t", engine.Float32: "float", engine.Complex64: "complex64_t",
}

// attributes are what a kernel may ask about its thread, with their types. Those
// that a body mentions become arguments.
var attributes = [...]struct{ name, typ string }{
	{"dispatch_quadgroups_per_threadgroup", "uint"},
	{"dispatch_simdgroups_per_threadgroup", "uint"},
	{"dispatch_threads_per_threadgroup", "uint3"},
	{"grid_origin", "uint3"},
	{"grid_size", "uint3"},
	{"quadgroup_index_in_threadgroup", "uint"},
	{"quadgroups_per_threadgroup", "uint"},
	{"simdgroup_index_in_threadgroup", "uint"},
	{"simdgroups_per_threadgroup", "uint"},
	{"thread_execution_width", "uint"},
	{"thread_index_in_quadgroup", "uint"},
	{"thread_index_in_simdgroup", "uint"},
	{"thread_index_in_threadgroup", "uint"},
	{"thread_position_in_grid", "uint3"},
	{"thread_position_in_threadgroup", "uint3"},
	{"threadgroup_position_in_grid", "uint3"},
	{"threadgroups_per_grid", "uint3"},
	{"threads_per_grid", "uint3"},
	{"threads_per_simdgroup", "uint"},
	{"threads_per_threadgroup", "uint3"},
}

// scriptModes are the values of a script's compile options.
var scriptModes = map[string]MathMode{"safe": MathSafe, "relaxed": MathRelaxed, "fast": MathFast}

// smallInput is the number of elements from which inputs are in device memory;
// those of fewer are constants.
const smallInput = 8

// MaxBuffers is how many buffers a kernel may have.
const MaxBuffers = 31

func init() {
	register(&family{encode: runsCustom}, engine.OpKernel, engine.OpKernelStrided)
	generators["custom"] = func(l library) string { return l.in }
}

// facts are what a kernel may be told about an input besides its elements.
var facts = [...]struct{ suffix, typ string }{
	{"_shape", "const constant int* "},
	{"_strides", "const constant int64_t* "},
	{"_ndim", "const constant int& "},
}

// mentions reports whether the body asks for a fact about an input. A scalar has none.
func mentions(at *engine.KernelAttrs, input int, o *engine.Operand, fact string) bool {
	return len(o.Shape) > 0 && strings.Contains(at.Body, at.Inputs[input]+fact)
}

// customName is the function's name: the script's, as an identifier.
func customName(at *engine.KernelAttrs) string {
	return "custom_kernel_" + strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, at.Name)
}

// KernelSource writes the kernel's signature around its body. Places in the
// compiler's messages count from the beginning of the script's texts.
func KernelSource(at *engine.KernelAttrs, in, out []engine.Operand) string {
	name := customName(at)
	var args []string
	buffer := func(text string) { args = append(args, fmt.Sprintf("    %s [[buffer(%d)]]", text, len(args))) }
	for i := range in {
		o := &in[i]
		space, by := "device", "* "
		if o.Len() < smallInput {
			space = "constant"
		}
		if len(o.Shape) == 0 {
			by = "& "
		}
		buffer("const " + space + " " + kernelTypes[o.Dtype] + by + at.Inputs[i])
		for _, f := range facts {
			if mentions(at, i, o, f.suffix) {
				buffer(f.typ + at.Inputs[i] + f.suffix)
			}
		}
	}
	for i := range out {
		t := kernelTypes[out[i].Dtype]
		if at.Atomic {
			t = "atomic<" + t + ">"
		}
		buffer("device " + t + "* " + at.Outputs[i])
	}
	for _, a := range attributes {
		if strings.Contains(at.Body, a.name) {
			args = append(args, fmt.Sprintf("    %s %s [[%s]]", a.typ, a.name, a.name))
		}
	}
	var s strings.Builder
	if at.Header != "" {
		fmt.Fprintf(&s, "#line 1 \"%s_header\"\n%s\n", name, at.Header)
	}
	fmt.Fprintf(&s, "kernel void %s(\n%s) {\n", name, strings.Join(args, ",\n"))
	for _, p := range at.Params {
		switch v := p.Value.(type) {
		case engine.Dtype:
			fmt.Fprintf(&s, "  typedef %s %s;\n", kernelTypes[v], p.Name)
		case bool:
			fmt.Fprintf(&s, "  constexpr bool %s = %t;\n", p.Name, v)
		default:
			fmt.Fprintf(&s, "  constexpr int %s = %d;\n", p.Name, v)
		}
	}
	fmt.Fprintf(&s, "#line 1 \"%s\"\n%s\n}\n", name, at.Body)
	return s.String()
}

// runsCustom runs a script's kernel.
func runsCustom(j *job) error {
	t := j.task
	at := t.Attrs.(*engine.KernelAttrs)
	for i := range at.Fill {
		if err := j.fill(&t.Out[i], &at.Fill[i]); err != nil {
			return err
		}
	}
	if err := j.use(kernelName{library{"custom", KernelSource(at, t.In, t.Out), at.Math}, customName(at)}); err != nil {
		return engine.Errorf(engine.RuntimeError, t.Op.Name, "%s: %v", at.Name, err)
	}
	if err := j.bindCustom(at); err != nil {
		return err
	}
	var grid, group Size
	for i, to := range []struct{ grid, group *uint }{{&grid.Width, &group.Width}, {&grid.Height, &group.Height}, {&grid.Depth, &group.Depth}} {
		*to.grid, *to.group = uint(at.Grid[i]), uint(min(at.Grid[i], at.Group[i]))
	}
	if grid.Width == 0 || grid.Height == 0 || grid.Depth == 0 {
		return nil
	}
	if n := at.Group[0] * at.Group[1] * at.Group[2]; n > j.kernel.maxThreads {
		return engine.Errorf(engine.ValueError, t.Op.Name, "%s: a threadgroup of %d threads, and the most for this kernel is %d", at.Name, n, j.kernel.maxThreads)
	}
	j.threads(grid, group)
	return nil
}

// bindCustom binds the arguments in the order of the signature.
func (j *job) bindCustom(at *engine.KernelAttrs) error {
	t, index := j.task, 0
	for i := range t.In {
		o := &t.In[i]
		if err := j.read(o, index); err != nil {
			return err
		}
		index++
		shape, strides, rank := [maxRank]int32{}, [maxRank]int64{}, int32(len(o.Shape))
		if len(o.Shape) > maxRank {
			return engine.Errorf(engine.ValueError, t.Op.Name, "%s: the input %s has %d axes, and %d is the most", at.Name, at.Inputs[i], rank, maxRank)
		}
		for k, n := range o.Shape {
			shape[k], strides[k] = int32(n), int64(o.Strides[k])
		}
		for k, bind := range []func(){
			func() { params(j, &shape, index) },
			func() { params(j, &strides, index) },
			func() { params(j, &rank, index) },
		} {
			if mentions(at, i, o, facts[k].suffix) {
				bind()
				index++
			}
		}
	}
	for i := range t.Out {
		if err := j.write(&t.Out[i], index); err != nil {
			return err
		}
		index++
	}
	if index > MaxBuffers {
		return engine.Errorf(engine.ValueError, t.Op.Name, "%s: %d buffers, and a kernel has %d at most", at.Name, index, MaxBuffers)
	}
	return nil
}
