"""Dropout: zeros at random in training."""

import mlx.core as mx
from mlx.nn.layers.base import Module


class _Dropout(Module):
    """Zeros with probability p and scales the rest by 1 / (1 - p). One draw
    covers the spatial axes, which come before the channels, the last axis."""

    _spatial = 0

    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"The dropout probability {p} is not in [0, 1)")
        self._p_1 = 1 - p

    def _extra_repr(self):
        return f"p={1 - self._p_1}"

    def __call__(self, x):
        n, shape = self._spatial, list(x.shape)
        if n:
            if x.ndim - n not in (1, 2):
                raise ValueError(f"Received input with {x.ndim} dimensions. Expected {n + 1} or {n + 2} dimensions.")
            shape[-n - 1 : -1] = [1] * n
        if not self.training or self._p_1 == 1:
            return x
        # The mask meets x first: a factor beside it would make it float32.
        return mx.random.bernoulli(self._p_1, shape) * x * (1 / self._p_1)


class Dropout(_Dropout):
    """Dropout of elements."""


class Dropout2d(_Dropout):
    """Dropout of whole channels of (N, H, W, C) or (H, W, C)."""

    _spatial = 2


class Dropout3d(_Dropout):
    """Dropout of whole channels of (N, D, H, W, C) or (D, H, W, C)."""

    _spatial = 3
