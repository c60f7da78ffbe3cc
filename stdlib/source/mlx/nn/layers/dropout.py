"""Dropout: zeros at random in training."""

import mlx.core as mx
from mlx.nn.layers.base import Module


class Dropout(Module):
    """Zeros elements with probability p and scales the others by 1 / (1 - p)."""

    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p >= 1:
            raise ValueError(f"The dropout probability {p} is not in [0, 1)")
        self._p_1 = 1 - p

    def _extra_repr(self):
        return f"p={1 - self._p_1}"

    def _mask_shape(self, x):
        return x.shape

    def __call__(self, x):
        if self._p_1 == 1 or not self.training:
            return x
        mask = mx.random.bernoulli(p=self._p_1, shape=self._mask_shape(x))
        return (1 / self._p_1) * mask * x


class Dropout2d(Dropout):
    """Dropout of whole channels of (N, H, W, C) or (H, W, C)."""

    def _mask_shape(self, x):
        if x.ndim not in (3, 4):
            raise ValueError(f"Received input with {x.ndim} dimensions. Expected 3 or 4 dimensions.")
        return (*x.shape[:-3], 1, 1, x.shape[-1])

    def __call__(self, x):
        self._mask_shape(x)
        return super().__call__(x)


class Dropout3d(Dropout):
    """Dropout of whole channels of (N, D, H, W, C) or (D, H, W, C)."""

    def _mask_shape(self, x):
        if x.ndim not in (4, 5):
            raise ValueError(f"Received input with {x.ndim} dimensions. Expected 4 or 5 dimensions.")
        return (*x.shape[:-4], 1, 1, 1, x.shape[-1])

    def __call__(self, x):
        self._mask_shape(x)
        return super().__call__(x)
