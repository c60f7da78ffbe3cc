"""Layers that are split among processes. A group of one process is what there is."""

import mlx.core as mx
from mlx.utils import tree_flatten
from mlx.nn.layers.base import Module
from mlx.nn.layers.linear import Linear
from mlx.nn.layers.quantized import QuantizedLinear
from mlx.nn.utils import _check_alone


def sum_gradients(group):
    """A function that gives its argument, and sums the gradient over the group's
    processes: with one process it is its own sum."""
    _check_alone("sum_gradients", group)
    return lambda x: x


class AllToShardedLinear(Linear):
    """A linear layer of which every process has some of the outputs."""

    def __init__(self, input_dims, output_dims, bias=True, group=None):
        _check_alone("AllToShardedLinear", group)
        super().__init__(input_dims, output_dims, bias)
        self.group = group

    @classmethod
    def from_linear(cls, linear_layer, *, group=None):
        """The split layer of a linear one."""
        return _like(cls, linear_layer, group)


class ShardedToAllLinear(Linear):
    """A linear layer of which every process has some of the inputs."""

    def __init__(self, input_dims, output_dims, bias=True, group=None):
        _check_alone("ShardedToAllLinear", group)
        super().__init__(input_dims, output_dims, bias)
        self.group = group

    @classmethod
    def from_linear(cls, linear_layer, *, group=None):
        """The split layer of a linear one."""
        return _like(cls, linear_layer, group)


def _like(cls, layer, group):
    output_dims, input_dims = layer.weight.shape
    split = cls(input_dims, output_dims, "bias" in layer, group)
    split.update(layer.parameters())
    return split


class _SplitQuantized(QuantizedLinear):
    """A quantized layer whose arrays stay frozen."""

    def unfreeze(self, *args, **kwargs):
        """Unfreeze what lies below; the layer's own arrays stay frozen."""
        super().unfreeze(*args, **kwargs)
        return self.freeze(recurse=False)


class QuantizedAllToShardedLinear(_SplitQuantized):
    """AllToShardedLinear with a quantized weight."""

    def __init__(self, input_dims, output_dims, bias=True, group_size=64, bits=4, mode="affine", group=None):
        _check_alone("QuantizedAllToShardedLinear", group)
        super().__init__(input_dims, output_dims, bias, group_size, bits, mode)
        self.group = group

    @classmethod
    def from_quantized_linear(cls, quantized_linear_layer, *, group=None):
        """The split layer of a quantized one."""
        return _like_quantized(cls, quantized_linear_layer, group)


class QuantizedShardedToAllLinear(_SplitQuantized):
    """ShardedToAllLinear with a quantized weight."""

    def __init__(self, input_dims, output_dims, bias=True, group_size=64, bits=4, mode="affine", group=None):
        _check_alone("QuantizedShardedToAllLinear", group)
        super().__init__(input_dims, output_dims, bias, group_size, bits, mode)
        self.group = group

    @classmethod
    def from_quantized_linear(cls, quantized_linear_layer, *, group=None):
        """The split layer of a quantized one."""
        return _like_quantized(cls, quantized_linear_layer, group)


def _like_quantized(cls, layer, group):
    rows, packed = layer.weight.shape
    split = cls(
        packed * 32 // layer.bits, rows, "bias" in layer, layer.group_size, layer.bits, layer.mode, group
    )
    split.update(layer.parameters())
    return split


class FullyShardedModule(Module):
    """A module whose parameters are split among processes and gathered for each
    call; compute_dtype is what they are cast to for it."""

    def __init__(self, module, group=None, compute_dtype=None):
        super().__init__()
        _check_alone("FullyShardedModule", group)
        self.module = module
        self.compute_dtype = compute_dtype

    def _extra_repr(self):
        return f"num_sharded_params={len(self.module.trainable_parameters())}"

    def __call__(self, *args, **kwargs):
        if self.compute_dtype is None:
            return self.module(*args, **kwargs)
        kept = self.module.parameters()
        self.module.apply(lambda x: x.astype(self.compute_dtype) if mx.issubdtype(x.dtype, mx.floating) else x)
        try:
            return self.module(*args, **kwargs)
        finally:
            self.module.update(kept)


def fully_shard(module, *, group=None, compute_dtype=None):
    """Split a module's parameters among the processes of a group; one process
    keeps all of them, and the module is given as it is, in its own dtypes."""
    _check_alone("fully_shard", group)
    return module


def _check_sharding(name, sharding):
    if sharding not in ("all-to-sharded", "sharded-to-all"):
        raise ValueError(f"[{name}] sharding is {sharding!r}, want 'all-to-sharded' or 'sharded-to-all'")


def shard_linear(module, sharding, *, segments=1, group=None):
    """The split layer of a linear or quantized one; sharding is "all-to-sharded" or
    "sharded-to-all". One process has every part, whatever the segments."""
    _check_sharding("shard_linear", sharding)
    whole = sharding == "sharded-to-all"
    if isinstance(module, QuantizedLinear):
        split = QuantizedShardedToAllLinear if whole else QuantizedAllToShardedLinear
        return split.from_quantized_linear(module, group=group)
    return (ShardedToAllLinear if whole else AllToShardedLinear).from_linear(module, group=group)


def shard_inplace(module, sharding, *, segments=1, group=None):
    """Keep this process's part of a module's parameters: with one process, all of
    them. Sharding is as for shard_linear, or a function of path and array that
    gives an axis, None, or an axis and segments."""
    _check_alone("shard_inplace", group)
    if not callable(sharding):
        _check_sharding("shard_inplace", sharding)
        return
    for path, value in tree_flatten(module.parameters()):
        sharding(path, value)
