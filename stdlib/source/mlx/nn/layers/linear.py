"""Linear maps of the last axis."""

import mlx.core as mx
from mlx.nn.init import _within
from mlx.nn.layers.base import Module
from mlx.nn.layers.quantized import QQLinear, QuantizedLinear


class Identity(Module):
    """Gives its input; its arguments are ignored."""

    def __init__(self, *args, **kwargs):
        super().__init__()

    def __call__(self, x):
        return x


class _Affine(Module):
    """A weight, whose first axis is the outputs, and a bias of them."""

    def _build(self, fan, bias, *shape):
        super().__init__()
        self.weight = _within(fan, *shape)
        if bias:
            self.bias = _within(fan, shape[0])


class Linear(_Affine):
    """x @ weight.T + bias."""

    def __init__(self, input_dims, output_dims, bias=True):
        self._build(input_dims, bias, output_dims, input_dims)

    def _extra_repr(self):
        outputs, inputs = self.weight.shape
        return f"input_dims={inputs}, output_dims={outputs}, bias={'bias' in self}"

    def __call__(self, x):
        columns = self["weight"].T
        return mx.addmm(self["bias"], x, columns) if "bias" in self else x @ columns

    def to_quantized(self, group_size=None, bits=None, mode="affine", quantize_input=False):
        """A layer of the quantized weight; quantize_input quantizes x as well."""
        kind = QuantizedLinear
        if quantize_input:
            kind = QQLinear
            if mode not in ("nvfp4", "mxfp8"):
                raise ValueError(f"Quantized activations are only supported for 'nvfp4' and 'mxfp8' modes, got {mode}.")
        return kind.from_linear(self, group_size, bits, mode)


class Bilinear(_Affine):
    """For each output, x1 @ W @ x2 + bias."""

    def __init__(self, input1_dims, input2_dims, output_dims, bias=True):
        self._build(input1_dims, bias, output_dims, input2_dims, input1_dims)

    def _extra_repr(self):
        outputs, second, first = self.weight.shape
        return f"input1_dims={first}, input2_dims={second}, output_dims={outputs}, bias={'bias' in self}"

    def __call__(self, x1, x2):
        outputs, second, first = self.weight.shape
        rows = x1.reshape(-1, first) @ self.weight.reshape(outputs * second, first).T
        y = (rows.reshape(-1, outputs, second) @ x2.reshape(-1, second, 1)).squeeze(-1)
        if "bias" in self:
            y = y + self.bias
        return y.reshape(*x1.shape[:-1], outputs)
