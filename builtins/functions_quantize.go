package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// quantizeFunctions quantize arrays and compute with quantized ones.
var quantizeFunctions = []function{
	{"quantize(w: array, /, group_size: int | None = None, bits: int | None = None, mode: str = 'affine', *, global_scale: array | None = None, stream: StreamOrDevice = None) -> tuple[array, array, array]", "The codes of an array, packed into words along the last axis, the scales of its groups and, in the mode 'affine', their biases, as a list. The other modes are 'mxfp4', 'mxfp8' and 'nvfp4'.",
		func(c *Call) starlark.Value {
			return c.outs(c.b.Quantize(c.array("w"), c.quantization("affine", "global_scale")), false)
		}},
	{"dequantize(w: array, /, scales: array, biases: array | None = None, group_size: int | None = None, bits: int | None = None, mode: str = 'affine', global_scale: array | None = None, dtype: Dtype | None = None, *, stream: StreamOrDevice = None) -> array", "The numbers that packed codes stand for.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Dequantize(c.array("w"), c.array("scales"), c.optArray("biases"), c.quantization("affine", "global_scale"), c.dtype("dtype", 0)))
		}},
	{"quantized_matmul(x: array, w: array, /, scales: array, biases: array | None = None, transpose: bool = True, group_size: int | None = None, bits: int | None = None, mode: str = 'affine', *, stream: StreamOrDevice = None) -> array", "The product of x and a quantized matrix, by default its transpose.",
		func(c *Call) starlark.Value {
			return c.out(c.b.QuantizedMatMul(c.array("x"), c.array("w"), c.array("scales"), c.optArray("biases"), c.bool("transpose", true), c.quantization("affine", "")))
		}},
	{"gather_qmm(x: array, w: array, /, scales: array, biases: array | None = None, lhs_indices: array | None = None, rhs_indices: array | None = None, transpose: bool = True, group_size: int | None = None, bits: int | None = None, mode: str = 'affine', global_scale: array | None = None, *, sorted_indices: bool = False, stream: StreamOrDevice = None) -> array", "Products of matrices that index arrays pick from the leading axes of x and of quantized w. That indices are sorted changes nothing but the speed.",
		func(c *Call) starlark.Value {
			left, right := c.optArray("lhs_indices"), c.optArray("rhs_indices")
			if c.given("global_scale") != nil && left == nil && right == nil {
				c.fail(object.ValueError, "gather_qmm: a global scale needs indices")
			}
			return c.out(c.b.GatherQuantizedMatMul(c.array("x"), c.array("w"), c.array("scales"), c.optArray("biases"),
				left, right, c.bool("transpose", true), c.quantization("affine", "global_scale")))
		}},
	{"qqmm(x: array, w: array, scales: array | None = None, group_size: int | None = None, bits: int | None = None, mode: str = 'nvfp4', global_scale_x: array | None = None, global_scale_w: array | None = None, *, stream: StreamOrDevice = None) -> array", "The product of x, quantized first, and the transpose of w, which is quantized already if scales are given.",
		func(c *Call) starlark.Value { return c.out(c.quantizedBoth(nil, nil)) }},
	{"gather_qqmm(x: array, w: array, /, scales: array | None = None, lhs_indices: array | None = None, rhs_indices: array | None = None, group_size: int | None = None, bits: int | None = None, mode: str = 'nvfp4', global_scale_x: array | None = None, global_scale_w: array | None = None, *, sorted_indices: bool = False, stream: StreamOrDevice = None) -> array", "qqmm of matrices that index arrays pick from the leading axes. That indices are sorted changes nothing but the speed.",
		func(c *Call) starlark.Value {
			return c.out(c.quantizedBoth(c.optArray("lhs_indices"), c.optArray("rhs_indices")))
		}},
}

// quantization reads the parameters of a format; global names that of the
// global scale, if there is one.
func (c *Call) quantization(mode, global string) engine.Quantization {
	q := engine.Quantization{Mode: engine.QuantizeMode(c.str("mode", mode)), GroupSize: c.positive("group_size"), Bits: c.positive("bits")}
	if global != "" {
		q.GlobalScale = c.optArray(global)
	}
	return q
}

func (c *Call) quantizedBoth(xIndex, wIndex *engine.Node) *engine.Node {
	return c.b.QuantizedBoth(c.sig.Name, engine.QuantizedOperands{
		X: c.array("x"), W: c.array("w"), Scales: c.optArray("scales"), XIndex: xIndex, WIndex: wIndex,
		XGlobalScale: c.optArray("global_scale_x"), WGlobalScale: c.optArray("global_scale_w"),
	}, c.quantization("nvfp4", ""))
}
