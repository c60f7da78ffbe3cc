"""Pooling: one value for each window of the spatial axes."""

import mlx.core as mx
from mlx.nn.layers.base import Module


def _windows(x, size, stride):
    """The windows of (N, ..., C): a view of shape (N, places..., size..., C)."""
    if x.ndim - 2 != len(size):
        raise ValueError(
            "To extract sliding windows the window shapes and strides must have the same number of spatial dimensions "
            f"as the signal but the signal has {x.ndim - 2} dims and the window shape has {len(size)} and strides have {len(stride)}."
        )
    spatial = x.shape[1:-1]
    steps = [1]
    for n in reversed(x.shape[1:]):
        steps.insert(0, steps[0] * n)
    places = [max((n - k) // s + 1, 0) for n, k, s in zip(spatial, size, stride)]
    shape = [x.shape[0], *places, *size, x.shape[-1]]
    strides = [steps[0], *(a * s for a, s in zip(steps[1:-1], stride)), *steps[1:-1], 1]
    return mx.as_strided(x, shape, strides)


class _Pool(Module):
    """Pooling over windows of some number of spatial axes."""

    def __init__(self, kernel_size, stride, padding, dims, reduce, fill):
        super().__init__()
        self._dims = dims
        size = self._each("kernel_size", kernel_size)
        stride = size if stride is None else self._each("stride", stride)
        padding = self._each("padding", padding)
        for what, value, least, bound in (
            ("kernel_size", size, 1, "positive"),
            ("stride", stride, 1, "positive"),
            ("padding", padding, 0, "non-negative"),
        ):
            if min(value) < least:
                raise ValueError(f"[{type(self).__name__}] '{what}' must be {bound} but got {value}.")
        self._kernel_size = list(size)
        self._stride = list(stride)
        self._padding = [(p, p) for p in padding]
        self._reduce = reduce
        self._fill = fill

    def _each(self, what, value):
        """A value for each axis."""
        if isinstance(value, int):
            return (value,) * self._dims
        if isinstance(value, (tuple, list)) and len(value) == self._dims:
            return tuple(value)
        plural = "s" if self._dims > 1 else ""
        raise ValueError(
            f"[{type(self).__name__}] '{what}' must be an integer or a tuple containing {self._dims} integer{plural}"
        )

    def _extra_repr(self):
        padding = tuple(p for p, _ in self._padding)
        return f"kernel_size={tuple(self._kernel_size)}, stride={tuple(self._stride)}, padding={padding}"

    def __call__(self, x):
        if any(p > 0 for p, _ in self._padding):
            x = mx.pad(x, [(0, 0), *self._padding, (0, 0)], constant_values=self._fill)
        windows = _windows(x, self._kernel_size, self._stride)
        return self._reduce(windows, axis=tuple(range(-self._dims - 1, -1)))


class _MaxPool(_Pool):
    def __init__(self, kernel_size, stride, padding, dims):
        super().__init__(kernel_size, stride, padding, dims, mx.max, -float("inf"))


class _AvgPool(_Pool):
    def __init__(self, kernel_size, stride, padding, dims):
        super().__init__(kernel_size, stride, padding, dims, mx.mean, 0)


class MaxPool1d(_MaxPool):
    """The maxima of windows of (N, L, C). The stride is the kernel size by default."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding, 1)


class AvgPool1d(_AvgPool):
    """The means of windows of (N, L, C). The stride is the kernel size by default."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding, 1)


class MaxPool2d(_MaxPool):
    """The maxima of windows of (N, H, W, C). The stride is the kernel size by default."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding, 2)


class AvgPool2d(_AvgPool):
    """The means of windows of (N, H, W, C). The stride is the kernel size by default."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding, 2)


class MaxPool3d(_MaxPool):
    """The maxima of windows of (N, D, H, W, C). The stride is the kernel size by default."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding, 3)


class AvgPool3d(_AvgPool):
    """The means of windows of (N, D, H, W, C). The stride is the kernel size by default."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding, 3)
