"""Convolutions of arrays whose channels are last."""

import math

import mlx.core as mx
from mlx.nn.layers.base import Module


def _each(value, n):
    """An integer, for each of n axes, or what was given for each."""
    return (value,) * n if isinstance(value, int) else tuple(value)


def _initial(out_channels, kernel, in_channels, groups=1):
    scale = math.sqrt(1 / (in_channels * math.prod(kernel)))
    return mx.random.uniform(low=-scale, high=scale, shape=(out_channels, *kernel, in_channels // groups))


def _check_groups(in_channels, groups):
    if in_channels % groups != 0:
        raise ValueError(
            f"The number of input channels ({in_channels}) must be divisible by the number of groups ({groups})"
        )


class Conv1d(Module):
    """Convolution of (N, L, C)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        super().__init__()
        _check_groups(in_channels, groups)
        self.weight = _initial(out_channels, (kernel_size,), in_channels, groups)
        if bias:
            self.bias = mx.zeros((out_channels,))
        self.padding = padding
        self.dilation = dilation
        self.stride = stride
        self.groups = groups

    def _extra_repr(self):
        return (
            f"{self.weight.shape[-1] * self.groups}, {self.weight.shape[0]}, kernel_size={self.weight.shape[1]}, "
            f"stride={self.stride}, padding={self.padding}, dilation={self.dilation}, "
            f"groups={self.groups}, bias={'bias' in self}"
        )

    def __call__(self, x):
        y = mx.conv1d(x, self.weight, self.stride, self.padding, self.dilation, self.groups)
        return y + self.bias if "bias" in self else y


class Conv2d(Module):
    """Convolution of (N, H, W, C)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
        super().__init__()
        _check_groups(in_channels, groups)
        self.weight = _initial(out_channels, _each(kernel_size, 2), in_channels, groups)
        if bias:
            self.bias = mx.zeros((out_channels,))
        self.padding = _each(padding, 2)
        self.stride = _each(stride, 2)
        self.dilation = dilation
        self.groups = groups

    def _extra_repr(self):
        return (
            f"{self.weight.shape[-1] * self.groups}, {self.weight.shape[0]}, kernel_size={self.weight.shape[1:-1]}, "
            f"stride={self.stride}, padding={self.padding}, dilation={self.dilation}, "
            f"groups={self.groups}, bias={'bias' in self}"
        )

    def __call__(self, x):
        y = mx.conv2d(x, self.weight, self.stride, self.padding, self.dilation, self.groups)
        return y + self.bias if "bias" in self else y


class Conv3d(Module):
    """Convolution of (N, D, H, W, C)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, bias=True):
        super().__init__()
        self.weight = _initial(out_channels, _each(kernel_size, 3), in_channels)
        if bias:
            self.bias = mx.zeros((out_channels,))
        self.padding = _each(padding, 3)
        self.stride = _each(stride, 3)
        self.dilation = dilation

    def _extra_repr(self):
        return (
            f"{self.weight.shape[-1]}, {self.weight.shape[0]}, kernel_size={self.weight.shape[1:-1]}, "
            f"stride={self.stride}, padding={self.padding}, dilation={self.dilation}, bias={'bias' in self}"
        )

    def __call__(self, x):
        y = mx.conv3d(x, self.weight, self.stride, self.padding, self.dilation)
        return y + self.bias if "bias" in self else y
