package engine

import (
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// KernelAttrs are those of a kernel that a script wrote in its device's own
// language: the body of a function, and what its signature is made from. Inputs
// and outputs of the node go by the names, in order.
type KernelAttrs struct {
	Name            string
	Inputs, Outputs []string
	Body            string
	Header          string        // goes before the function
	Params          []KernelParam // names that the body is compiled with
	Grid            [3]int        // threads along each axis
	Group           [3]int        // threads of a threadgroup along each axis
	Fill            []dtype.Bytes // the element that each output is filled with first, or nil
	Atomic          bool          // outputs are atomic
	Math            string        // how exact arithmetic is: safe, relaxed or fast
}

// KernelParam is a name that stands for a dtype, an int64 or a bool.
type KernelParam struct {
	Name  string
	Value any
}

// The kernels of scripts: with inputs that are row-major, and with any strides.
var (
	OpKernel = define(Op{Name: "metal_kernel", Class: Structured, Layout: RowsLayout, Gradient: NotYetDefined,
		Doc: "A kernel that the script wrote, on row-major inputs."})
	OpKernelStrided = define(Op{Name: "metal_kernel_strided", Class: Structured, Layout: AnyLayout, Gradient: NotYetDefined,
		Doc: "A kernel that the script wrote, on inputs of any strides."})
)

// Kernel runs a script's kernel on the builder's stream, whose device must be a
// [KernelWriter]. With rows set, inputs that are not row-major are copied first;
// outputs hold init, or anything where it is nil, when the kernel begins.
func (b *Builder) Kernel(at *KernelAttrs, rows bool, init *float64, outs [][]int, dtypes []Dtype, inputs ...*Node) []*Node {
	s := b.stream()
	if s.can.Kernels == nil {
		b.failf(ValueError, OpKernel.Name, "%s runs on a GPU, and the stream is one of the %s", at.Name, s.Device.Type)
	}
	for i, n := range at.Group {
		if n < 1 {
			b.failf(ValueError, OpKernel.Name, "%s: the threadgroup has %d threads along axis %d", at.Name, n, i)
		}
		if at.Grid[i] < 0 {
			b.failf(ValueError, OpKernel.Name, "%s: the grid has %d threads along axis %d", at.Name, at.Grid[i], i)
		}
	}
	for i, d := range dtypes {
		for _, n := range outs[i] {
			if n < 0 {
				b.failf(ValueError, OpKernel.Name, "%s: the output %s has the shape %s", at.Name, at.Outputs[i], shapes.Format(outs[i]))
			}
		}
		if init != nil {
			at.Fill = append(at.Fill, dtype.BytesOf(complex(*init, 0), d))
		}
	}
	op := OpKernelStrided
	if rows {
		op = OpKernel
	}
	return b.nodes(op, at, dtypes, outs, inputs...)
}

func init() {
	for _, op := range []*Op{OpKernel, OpKernelStrided} {
		op.Expand = func(b *Builder, n *Node) []*Node {
			b.Fail(noKernel(n))
			return nil
		}
		op.VMap = func(b *Builder, n *Node, _ []*Node, _ []int) ([]*Node, []int) {
			b.failf(ValueError, OpKernel.Name, "vmap does not know %s: give it a rule with mx.custom_function", n.attrs.(*KernelAttrs).Name)
			return nil, nil
		}
	}
}
