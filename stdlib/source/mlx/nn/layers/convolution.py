"""Convolutions of arrays whose channels are last."""

import math

import mlx.core as mx
from mlx.nn.init import _within
from mlx.nn.layers.base import Module


class _Convolution(Module):
    """A weight, a bias, and the options of the function that convolves by them."""

    _axes, _function = 1, None
    _options = ("stride", "padding", "dilation", "groups")
    groups = 1

    def _build(self, in_channels, out_channels, kernel_size, bias, **options):
        super().__init__()
        groups = options.get("groups", 1)
        if in_channels % groups != 0:
            raise ValueError(
                f"The number of input channels ({in_channels}) must be divisible by the number of groups ({groups})"
            )
        shape = (*self._each(kernel_size), in_channels // groups)
        self.weight = _within(math.prod(shape), out_channels, *shape)
        if bias:
            self.bias = mx.zeros((out_channels,))
        for name, value in options.items():
            one = self._axes == 1 or name in ("dilation", "groups")
            setattr(self, name, value if one else self._each(value))

    def _each(self, value):
        """An integer, for each of the axes, or what was given for each."""
        return (value,) * self._axes if isinstance(value, int) else tuple(value)

    def _extra_repr(self):
        outputs, *window, inputs = self.weight.shape
        options = "".join(f"{name}={getattr(self, name)}, " for name in self._options)
        return (
            f"{inputs * self.groups}, {outputs}, kernel_size={window[0] if self._axes == 1 else tuple(window)}, "
            f"{options}bias={'bias' in self}"
        )

    def __call__(self, x):
        options = [getattr(self, name) for name in self._options]
        y = self._function(x, self["weight"], *options)
        return y + self["bias"] if "bias" in self else y


class Conv1d(_Convolution):
    """Convolution of (N, L, C)."""

    _function = staticmethod(mx.conv1d)

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        self._build(
            in_channels, out_channels, kernel_size, bias, padding=padding, stride=stride, dilation=dilation, groups=groups
        )


class Conv2d(_Convolution):
    """Convolution of (N, H, W, C)."""

    _axes, _function = 2, staticmethod(mx.conv2d)

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        self._build(
            in_channels, out_channels, kernel_size, bias, padding=padding, stride=stride, dilation=dilation, groups=groups
        )


class Conv3d(_Convolution):
    """Convolution of (N, D, H, W, C)."""

    _axes, _function = 3, staticmethod(mx.conv3d)
    _options = ("stride", "padding", "dilation")

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, bias=True):
        self._build(in_channels, out_channels, kernel_size, bias, padding=padding, stride=stride, dilation=dilation)
