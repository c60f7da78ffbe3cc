"""Normalisation to mean 0 and variance 1, over the axes that each kind chooses."""

import mlx.core as mx
from mlx.nn.layers.base import Module


def _check_eps(layer, eps):
    if eps <= 0:
        raise ValueError(f"[{type(layer).__name__}] 'eps' must be positive but got {eps}.")


def _standardized(x, axis, eps):
    """X with mean 0 and variance 1 along the axes."""
    mean = mx.mean(x, axis=axis, keepdims=True)
    return (x - mean) * mx.rsqrt(mx.var(x, axis=axis, keepdims=True) + eps)


def _scaled(layer, x):
    return layer.weight * x + layer.bias if "weight" in layer else x


def _check_last(name, layer, x):
    """Weights are those of the last axis, and do not broadcast."""
    if "weight" in layer and (x.ndim == 0 or x.shape[-1] != layer.weight.size):
        raise ValueError(
            f"[{name}] weight must have the same size as the last dimension of x but has {layer.weight.size} elements."
        )


class LayerNorm(Module):
    """Normalises the last axis, in float32."""

    def __init__(self, dims, eps=1e-5, affine=True, bias=True):
        super().__init__()
        _check_eps(self, eps)
        if affine:
            self.weight = mx.ones((dims,))
            if bias:
                self.bias = mx.zeros((dims,))
        self.eps = eps
        self.dims = dims

    def _extra_repr(self):
        return f"{self.dims}, eps={self.eps}, affine={'weight' in self}"

    def __call__(self, x):
        _check_last("layer_norm", self, x)
        y = _standardized(x.astype(mx.float32), -1, self.eps)
        if "weight" not in self:
            return y.astype(x.dtype)
        y = y * self.weight
        if "bias" in self:
            y = y + self.bias
        return y.astype(mx.result_type(x, self.weight))


class RMSNorm(Module):
    """Divides the last axis by its root mean square, in float32."""

    def __init__(self, dims, eps=1e-5):
        super().__init__()
        _check_eps(self, eps)
        self.weight = mx.ones((dims,))
        self.eps = eps

    def _extra_repr(self):
        return f"{self.weight.shape[0]}, eps={self.eps}"

    def __call__(self, x):
        _check_last("rms_norm", self, x)
        y = x.astype(mx.float32)
        y = y * mx.rsqrt(mx.mean(mx.square(y), axis=-1, keepdims=True) + self.eps) * self.weight
        return y.astype(mx.result_type(x, self.weight))


class InstanceNorm(Module):
    """Normalises every channel of every sample of (N, ..., C)."""

    def __init__(self, dims, eps=1e-5, affine=False):
        super().__init__()
        _check_eps(self, eps)
        if affine:
            self.weight = mx.ones((dims,))
            self.bias = mx.zeros((dims,))
        self.dims = dims
        self.eps = eps

    def _extra_repr(self):
        return f"{self.dims}, eps={self.eps}, affine={'weight' in self}"

    def __call__(self, x):
        if x.ndim < 3:
            raise ValueError(
                "InstanceNorm expects inputs with at least 3 dimensions (N, ..., C) "
                f"but the input has {x.ndim} dimensions."
            )
        return _scaled(self, _standardized(x, tuple(range(1, x.ndim - 1)), self.eps))


class GroupNorm(Module):
    """Normalises groups of the channels of every sample of (N, ..., C).

    Channel c is of group c % num_groups, or c // (dims / num_groups) when
    compatible with PyTorch.
    """

    def __init__(self, num_groups, dims, eps=1e-5, affine=True, pytorch_compatible=False):
        super().__init__()
        _check_eps(self, eps)
        if dims % num_groups != 0:
            raise ValueError(
                f"The number of features ({dims}) must be evenly divisible by the number of groups ({num_groups})."
            )
        if affine:
            self.bias = mx.zeros((dims,))
            self.weight = mx.ones((dims,))
        self.num_groups = num_groups
        self.dims = dims
        self.eps = eps
        self.pytorch_compatible = pytorch_compatible

    def _extra_repr(self):
        return (
            f"{self.num_groups}, {self.dims}, eps={self.eps}, affine={'weight' in self}, "
            f"pytorch_compatible={self.pytorch_compatible}"
        )

    def __call__(self, x):
        each = self.dims // self.num_groups
        if self.pytorch_compatible:
            y = _standardized(x.reshape(x.shape[0], -1, self.num_groups, each), (1, 3), self.eps)
        else:
            y = _standardized(x.reshape(x.shape[0], -1, self.num_groups), 1, self.eps)
        return _scaled(self, y.reshape(x.shape))


class BatchNorm(Module):
    """Normalises every channel over the batch.

    In training it also keeps running averages of mean and variance, which are
    what it normalises by in evaluation.
    """

    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True):
        super().__init__()
        _check_eps(self, eps)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.track_running_stats = track_running_stats
        if affine:
            self.weight = mx.ones((num_features,))
            self.bias = mx.zeros((num_features,))
        if track_running_stats:
            self.running_mean = mx.zeros((num_features,))
            self.running_var = mx.ones((num_features,))
            self.freeze(keys=["running_mean", "running_var"], recurse=False)

    def _extra_repr(self):
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={'weight' in self}, "
            f"track_running_stats={self.track_running_stats}"
        )

    def unfreeze(self, *args, **kwargs):
        """Unfreeze all but the running averages, which no gradient updates."""
        super().unfreeze(*args, **kwargs)
        self.freeze(keys=["running_mean", "running_var"], recurse=False)
        return self

    def _tracked(self, mean, var, count):
        """Move the running averages towards those of a batch."""
        m = self.momentum
        self.running_mean = (1 - m) * self.running_mean + m * mean
        self.running_var = (1 - m) * self.running_var + m * var * (count / (count - 1))

    def __call__(self, x):
        if x.ndim < 2 or x.ndim > 4:
            raise ValueError(f"Expected input tensor to have 2, 3 or 4 dimensions, but got {x.ndim}")
        if self.track_running_stats and not self.training:
            mean, var = self.running_mean, self.running_var
        else:
            axes = tuple(range(x.ndim - 1))
            mean, var = mx.mean(x, axis=axes), mx.var(x, axis=axes)
            if self.training and self.track_running_stats:
                count = x.size // x.shape[-1]
                if count <= 1:
                    raise ValueError("BatchNorm training requires more than one value per channel.")
                self._tracked(mean, var, count)
        return _scaled(self, (x - mean) * mx.rsqrt(var + self.eps))
