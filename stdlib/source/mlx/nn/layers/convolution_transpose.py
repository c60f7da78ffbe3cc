"""Transposed convolutions of arrays whose channels are last."""

import mlx.core as mx
from mlx.nn.layers.base import Module
from mlx.nn.layers.convolution import _each, _initial


class _ConvTranspose(Module):
    """What the transposed convolutions have in common."""

    def _extra_repr(self):
        kernel = self.weight.shape[1:-1]
        return (
            f"{self.weight.shape[-1]}, {self.weight.shape[0]}, kernel_size={kernel[0] if len(kernel) == 1 else kernel}, "
            f"stride={self.stride}, padding={self.padding}, dilation={self.dilation}, "
            f"output_padding={self.output_padding}, bias={'bias' in self}"
        )

    def _convolved(self, convolve, x):
        y = convolve(x, self.weight, self.stride, self.padding, self.dilation, self.output_padding)
        return y + self.bias if "bias" in self else y


class ConvTranspose1d(_ConvTranspose):
    """Transposed convolution of (N, L, C)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, output_padding=0, bias=True):
        super().__init__()
        self.weight = _initial(out_channels, (kernel_size,), in_channels)
        if bias:
            self.bias = mx.zeros((out_channels,))
        self.padding = padding
        self.dilation = dilation
        self.stride = stride
        self.output_padding = output_padding

    def __call__(self, x):
        return self._convolved(mx.conv_transpose1d, x)


class ConvTranspose2d(_ConvTranspose):
    """Transposed convolution of (N, H, W, C)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, output_padding=0, bias=True):
        super().__init__()
        self.weight = _initial(out_channels, _each(kernel_size, 2), in_channels)
        if bias:
            self.bias = mx.zeros((out_channels,))
        self.padding = _each(padding, 2)
        self.stride = _each(stride, 2)
        self.output_padding = _each(output_padding, 2)
        self.dilation = dilation

    def __call__(self, x):
        return self._convolved(mx.conv_transpose2d, x)


class ConvTranspose3d(_ConvTranspose):
    """Transposed convolution of (N, D, H, W, C)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, output_padding=0, bias=True):
        super().__init__()
        self.weight = _initial(out_channels, _each(kernel_size, 3), in_channels)
        if bias:
            self.bias = mx.zeros((out_channels,))
        self.padding = _each(padding, 3)
        self.stride = _each(stride, 3)
        self.output_padding = _each(output_padding, 3)
        self.dilation = dilation

    def __call__(self, x):
        return self._convolved(mx.conv_transpose3d, x)
