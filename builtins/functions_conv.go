package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// convFunctions convolve.
var convFunctions = []function{
	{"convolve(a: array, v: array, /, mode: str = \"full\", *, stream: StreamOrDevice = None) -> array", "The discrete convolution of two vectors, of mode 'full', 'same' or 'valid'.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Convolve(c.array("a"), c.array("v"), c.str("mode", "full")))
		}},
	{"conv1d(input: array, weight: array, /, stride: int = 1, padding: int = 0, dilation: int = 1, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convDoc + "1 axis.", func(c *Call) starlark.Value { return c.conv(1) }},
	{"conv2d(input: array, weight: array, /, stride: int | tuple[int, int] = 1, padding: int | tuple[int, int] = 0, dilation: int | tuple[int, int] = 1, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convDoc + "2 axes.", func(c *Call) starlark.Value { return c.conv(2) }},
	{"conv3d(input: array, weight: array, /, stride: int | tuple[int, int, int] = 1, padding: int | tuple[int, int, int] = 0, dilation: int | tuple[int, int, int] = 1, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convDoc + "3 axes.", func(c *Call) starlark.Value { return c.conv(3) }},
	{"conv_transpose1d(input: array, weight: array, /, stride: int = 1, padding: int = 0, dilation: int = 1, output_padding: int = 0, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convTransposeDoc + "1 axis.", func(c *Call) starlark.Value { return c.convTranspose(1) }},
	{"conv_transpose2d(input: array, weight: array, /, stride: int | tuple[int, int] = 1, padding: int | tuple[int, int] = 0, dilation: int | tuple[int, int] = 1, output_padding: int | tuple[int, int] = 0, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convTransposeDoc + "2 axes.", func(c *Call) starlark.Value { return c.convTranspose(2) }},
	{"conv_transpose3d(input: array, weight: array, /, stride: int | tuple[int, int, int] = 1, padding: int | tuple[int, int, int] = 0, dilation: int | tuple[int, int, int] = 1, output_padding: int | tuple[int, int, int] = 0, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convTransposeDoc + "3 axes.", func(c *Call) starlark.Value { return c.convTranspose(3) }},
	{"conv_general(input: array, weight: array, /, stride: int | Sequence[int] = 1, padding: int | Sequence[int] | tuple[Sequence[int], Sequence[int]] = 0, kernel_dilation: int | Sequence[int] = 1, input_dilation: int | Sequence[int] = 1, groups: int = 1, flip: bool = False, *, stream: StreamOrDevice = None) -> array", "Cross-correlation, or convolution with flip, of an input (batch, sizes..., channels) with a weight (out, kernel..., channels / groups) over any number of axes. Padding is a number, one an axis, or a pair of lists: before and after.", convGeneral},
}

// convOperands gives the number of axes between batch and channels, too: the functions
// whose parameters are single numbers take up to three, as in MLX.
func (c *Call) convOperands(rank int) (x, w *engine.Node, axes int) {
	x, w = c.array("input"), c.array("weight")
	axes = x.Rank() - 2
	if axes != rank && (rank > 1 || axes < 1 || axes > 3) {
		c.fail(object.ValueError, "%s: the input has %d axes, want %d", c.sig.Name, x.Rank(), rank+2)
	}
	return x, w, axes
}

func (c *Call) conv(rank int) starlark.Value {
	x, w, rank := c.convOperands(rank)
	padding := c.perAxis("padding", 0, rank)
	ones := make([]int, rank)
	for i := range ones {
		ones[i] = 1
	}
	return c.out(c.b.Conv(c.sig.Name, x, w, engine.ConvAttrs{
		Stride: c.perAxis("stride", 1, rank), Low: padding, High: padding,
		KernelDilation: c.perAxis("dilation", 1, rank), InputDilation: ones, Groups: c.int("groups", 1),
	}))
}

func (c *Call) convTranspose(rank int) starlark.Value {
	x, w, rank := c.convOperands(rank)
	return c.out(c.b.ConvTranspose(c.sig.Name, x, w, c.perAxis("stride", 1, rank), c.perAxis("padding", 0, rank),
		c.perAxis("dilation", 1, rank), c.perAxis("output_padding", 0, rank), c.int("groups", 1)))
}

func convGeneral(c *Call) starlark.Value {
	x, w := c.array("input"), c.array("weight")
	rank := max(x.Rank()-2, 0)
	at := engine.ConvAttrs{
		Stride: c.perAxis("stride", 1, rank), KernelDilation: c.perAxis("kernel_dilation", 1, rank),
		InputDilation: c.perAxis("input_dilation", 1, rank), Groups: c.int("groups", 1), Flip: c.bool("flip", false),
	}
	if sides, ok := sequence(orNone(c.arg("padding"))); ok && len(sides) == 2 {
		if _, nested := sequence(sides[0]); nested {
			at.Low, at.High = c.toInts("padding", sides[0]), c.toInts("padding", sides[1])
			if len(at.Low) != rank || len(at.High) != rank {
				c.fail(object.ValueError, "conv_general: padding has %d and %d elements, want %d", len(at.Low), len(at.High), rank)
			}
			return c.out(c.b.Conv("conv_general", x, w, at))
		}
	}
	at.Low = c.perAxis("padding", 0, rank)
	at.High = at.Low
	return c.out(c.b.Conv("conv_general", x, w, at))
}

func orNone(v starlark.Value) starlark.Value {
	if v == nil {
		return starlark.None
	}
	return v
}
