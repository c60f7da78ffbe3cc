"""Normalisation to mean 0 and variance 1, over the axes that each kind chooses."""

import math

import mlx.core as mx
from mlx.nn.layers.base import Module, _set


class _Norm(Module):
    """A normalisation: settings, and a weight and a bias for each feature."""

    def __init__(self, eps, **settings):
        super().__init__()
        if eps <= 0:
            raise ValueError(f"[{type(self).__name__}] 'eps' must be positive but got {eps}.")
        _set(self, eps=eps, **settings)

    def _learn(self, dims, *names):
        """Make the arrays that scale and shift features."""
        for name in names:
            self[name] = (mx.ones if name == "weight" else mx.zeros)((dims,))

    def _described(self, *sizes):
        sizes = "".join(f"{size}, " for size in sizes)
        return f"{sizes}eps={self.eps}, affine={'weight' in self}"

    def _scaled(self, x):
        """X times the weight plus the bias, where the layer has them."""
        return self.weight * x + self.bias if "weight" in self else x

    def _check_last(self, name, x):
        """Weights are those of the last axis, and do not broadcast."""
        if "weight" in self and (x.ndim == 0 or x.shape[-1] != self.weight.size):
            raise ValueError(
                f"[{name}] weight must have the same size as the last dimension of x "
                f"but has {self.weight.size} elements."
            )


def _standardized(x, axis, eps):
    """X with mean 0 and variance 1 along the axes."""
    mean = mx.mean(x, axis=axis, keepdims=True)
    return (x - mean) * mx.rsqrt(mx.var(x, axis=axis, keepdims=True) + eps)


def _standardized_wide(x, axis, eps):
    """_standardized through float32, whose squares do not overflow as those of half precision do."""
    return _standardized(x.astype(mx.float32), axis, eps).astype(x.dtype)


class LayerNorm(_Norm):
    """Normalises the last axis, in float32 (Ba et al. 2016, Layer Normalization)."""

    def __init__(self, dims, eps=1e-5, affine=True, bias=True):
        super().__init__(eps, dims=dims)
        if affine:
            self._learn(dims, "weight", *["bias"] * bool(bias))

    def _extra_repr(self):
        return self._described(self.dims)

    def __call__(self, x):
        self._check_last("layer_norm", x)
        weight = self.weight if "weight" in self else None
        bias = self.bias if "bias" in self else None
        return mx.fast.layer_norm(x, weight, bias, self.eps)


class RMSNorm(_Norm):
    """Divides the last axis by its root mean square, in float32 (Zhang and Sennrich
    2019, Root Mean Square Layer Normalization)."""

    def __init__(self, dims, eps=1e-5):
        super().__init__(eps)
        self._learn(dims, "weight")

    def _extra_repr(self):
        return f"{self.weight.size}, eps={self.eps}"

    def __call__(self, x):
        self._check_last("rms_norm", x)
        return mx.fast.rms_norm(x, self.weight, self.eps)


class InstanceNorm(_Norm):
    """Normalises every channel of every sample of (N, ..., C), in float32 (Ulyanov
    et al. 2016, Instance Normalization)."""

    def __init__(self, dims, eps=1e-5, affine=False):
        super().__init__(eps, dims=dims)
        if affine:
            self._learn(dims, "weight", "bias")

    def _extra_repr(self):
        return self._described(self.dims)

    def __call__(self, x):
        if x.ndim < 3:
            raise ValueError(
                "InstanceNorm expects inputs with at least 3 dimensions (N, ..., C) "
                f"but the input has {x.ndim} dimensions."
            )
        return self._scaled(_standardized_wide(x, tuple(range(1, x.ndim - 1)), self.eps))


class GroupNorm(_Norm):
    """Normalises groups of the channels of every sample of (N, ..., C) (Wu and He
    2018, Group Normalization).

    Channel c is of group c % num_groups. When compatible with PyTorch it is of
    group c // (dims / num_groups), and normalised in float32.
    """

    def __init__(self, num_groups, dims, eps=1e-5, affine=True, pytorch_compatible=False):
        super().__init__(eps, num_groups=num_groups, dims=dims, pytorch_compatible=pytorch_compatible)
        for what, count in (("groups", num_groups), ("features", dims)):
            if count <= 0:
                raise ValueError(f"The number of {what} ({count}) must be a positive integer.")
        if dims % num_groups:
            raise ValueError(
                f"The number of features ({dims}) must be evenly divisible by the number of groups ({num_groups})."
            )
        if affine:
            self._learn(dims, "bias", "weight")

    def _extra_repr(self):
        return f"{self._described(self.num_groups, self.dims)}, pytorch_compatible={self.pytorch_compatible}"

    def __call__(self, x):
        batch, groups = x.shape[0], self.num_groups
        if self.pytorch_compatible:
            y = _standardized_wide(x.reshape(batch, -1, groups, self.dims // groups), (1, 3), self.eps)
        else:
            y = _standardized(x.reshape(batch, -1, groups), 1, self.eps)
        return self._scaled(y.reshape(x.shape))


class BatchNorm(_Norm):
    """Normalises every channel over the batch (Ioffe and Szegedy 2015, Batch
    Normalization).

    In training it also keeps running averages of mean and variance, which are
    what it normalises by in evaluation.
    """

    _running = ["running_mean", "running_var"]

    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True):
        super().__init__(
            eps, num_features=num_features, momentum=momentum, track_running_stats=track_running_stats
        )
        if affine:
            self._learn(num_features, "weight", "bias")
        if track_running_stats:
            _set(self, running_mean=mx.zeros((num_features,)), running_var=mx.ones((num_features,)))
            self.freeze(keys=self._running, recurse=False)

    def _extra_repr(self):
        n, eps, affine = self._described(self.num_features).split(", ")
        return f"{n}, {eps}, momentum={self.momentum}, {affine}, track_running_stats={self.track_running_stats}"

    def unfreeze(self, *args, **kwargs):
        """Unfreeze all but the running averages, which no gradient updates."""
        super().unfreeze(*args, **kwargs)
        return self.freeze(keys=self._running, recurse=False)

    def _batch_stats(self, x):
        """The mean and the variance of a batch, which training averages."""
        axes = tuple(range(x.ndim - 1))
        mean, var = mx.mean(x, axis=axes), mx.var(x, axis=axes)
        if self.training:
            count = math.prod(x.shape[:-1])
            if count == 1:
                raise ValueError("BatchNorm training requires more than one value per channel.")
            if self.track_running_stats:
                for name, new in zip(self._running, (mean, var * (count / (count - 1)))):
                    self[name] = (1 - self.momentum) * self[name] + self.momentum * new
        return mean, var

    def __call__(self, x):
        if x.ndim not in (2, 3, 4):
            raise ValueError(f"Expected input tensor to have 2, 3 or 4 dimensions, but got {x.ndim}")
        if self.training or not self.track_running_stats:
            mean, var = self._batch_stats(x)
        else:
            mean, var = self.running_mean, self.running_var
        return self._scaled((x - mean) * mx.rsqrt(var + self.eps))
