"""Layers whose arrays are split among the processes of a group."""

import functools

import mlx.core as mx
from mlx.nn.init import _within
from mlx.nn.layers.base import Module
from mlx.nn.layers.linear import Linear
from mlx.nn.layers.quantized import _Quantized
from mlx.utils import tree_flatten, tree_map_with_path, tree_unflatten


def _or_all(group):
    return group or mx.distributed.init()


@functools.lru_cache
def sum_gradients(group):
    """A function that gives its argument, and sums the gradient over the group's
    processes."""
    if group.size() == 1:
        return lambda x: x
    same = mx.custom_function(lambda x: x)
    same.vjp(lambda x, cotangent, output: mx.distributed.all_sum(cotangent, group=group))
    return same


# Which axis of an array is split, by the name of the way. An axis may come with segments: how many
# arrays lie one after the other along it, or where each but the first begins, as an index or a part of the
# whole. Each of them is split by itself.


def _axis_of_outputs(path, array):
    return -1 if path.endswith("bias") else max(array.ndim - 2, 0)


def _axis_of_inputs(path, array):
    return None if path.endswith("bias") else -1


_ways = {"all-to-sharded": _axis_of_outputs, "sharded-to-all": _axis_of_inputs}


def _way(sharding, segments):
    if sharding not in _ways:
        raise ValueError(f"Sharding type sharding={sharding!r} not supported, choose one of 'all-to-sharded' or 'sharded-to-all'")
    choose = _ways[sharding]

    def axis_and_segments(path, array):
        axis = choose(path, array)
        return None if axis is None else (axis, segments)

    return axis_and_segments


def _cut(array, segments, axis):
    if not isinstance(segments, int) and not isinstance(segments[0], int):
        length = array.shape[axis]
        segments = [int(part * length) for part in segments]
    return mx.split(array, segments, axis=axis)


def _part(array, choice, group):
    """This process's part of an array, by an axis or an axis and segments."""
    if isinstance(choice, int):
        choice = (choice, 1)
    elif not isinstance(choice, tuple):
        raise ValueError("The sharding function should return int or tuple[int, list]")
    axis, segments = choice
    own = [mx.split(piece, group.size(), axis=axis)[group.rank()] for piece in _cut(array, segments, axis)]
    return mx.contiguous(mx.concatenate(own, axis=axis))


def _parts(parameters, choose, group):
    """This process's parts of a tree of arrays; what is not chosen stays whole."""

    def own(path, array):
        choice = choose(path, array) if isinstance(array, mx.array) else None
        return array if choice is None else _part(array, choice, group)

    return tree_map_with_path(own, parameters)


def shard_inplace(module, sharding, *, segments=1, group=None):
    """Keep this process's part of a module's parameters.

    Sharding is "all-to-sharded" or "sharded-to-all", or a function of path and array that
    gives an axis, None, or an axis and segments. The module itself stays what it is: if its
    results have to be summed, it has to do that.
    """
    choose = _way(sharding, segments) if isinstance(sharding, str) else sharding
    module.update(_parts(module.parameters(), choose, _or_all(group)))


def shard_linear(module, sharding, *, segments=1, group=None):
    """The split layer of a linear or quantized one: "all-to-sharded" gives every process
    some of the outputs, "sharded-to-all" some of the inputs and all outputs."""
    _way(sharding, segments)
    whole = sharding == "sharded-to-all"
    if isinstance(module, Linear):
        return (ShardedToAllLinear if whole else AllToShardedLinear).from_linear(module, segments=segments, group=group)
    split = QuantizedShardedToAllLinear if whole else QuantizedAllToShardedLinear
    return split.from_quantized_linear(module, segments=segments, group=group)


class _SomeOutputs:
    """Every process has some of the outputs, and all of the inputs."""

    _sharding = "all-to-sharded"

    def _own(self, inputs, outputs):
        if outputs % self.group.size():
            raise ValueError(f"Cannot shard the output of size {outputs} across {self.group.size()} devices.")
        return inputs, outputs // self.group.size()

    def _all(self, inputs, outputs):
        return inputs, outputs * self.group.size()

    def _before(self, x):
        return sum_gradients(self.group)(x)

    def _after(self, y):
        return y


class _SomeInputs:
    """Every process has some of the inputs, and gets all of the outputs."""

    _sharding = "sharded-to-all"

    def _own(self, inputs, outputs):
        if inputs % self.group.size():
            raise ValueError(f"The input of size {inputs} cannot be sharded across {self.group.size()} devices.")
        return inputs // self.group.size(), outputs

    def _all(self, inputs, outputs):
        return inputs * self.group.size(), outputs

    def _before(self, x):
        return x

    def _after(self, y):
        return mx.distributed.all_sum(y, group=self.group)


class _Split(Module):
    """A linear layer of which every process has a part."""

    def __init__(self, input_dims, output_dims, bias=True, group=None):
        super().__init__()
        self.group = _or_all(group)
        inputs, outputs = self._own(input_dims, output_dims)
        self.weight = _within(input_dims, outputs, inputs)
        if bias:
            self.bias = _within(input_dims, outputs)

    def _extra_repr(self):
        inputs, outputs = self._all(*self.weight.shape[::-1])
        return f"input_dims={inputs}, output_dims={outputs}, bias={'bias' in self}"

    @classmethod
    def from_linear(cls, linear_layer, *, segments=1, group=None):
        """The split layer of a linear one."""
        group = _or_all(group)
        split = cls(*linear_layer.weight.shape[::-1], "bias" in linear_layer, group)
        split.update(_parts(linear_layer.parameters(), _way(cls._sharding, segments), group))
        return split


class AllToShardedLinear(_SomeOutputs, _Split):
    """A linear layer of which every process has some of the outputs. The gradient of what goes
    in is summed over the processes."""

    def __call__(self, x):
        x, columns = self._before(x), self["weight"].T
        return mx.addmm(self["bias"], x, columns) if "bias" in self else x @ columns


class ShardedToAllLinear(_SomeInputs, _Split):
    """A linear layer of which every process has some of the inputs. What comes out is the sum
    of what the processes compute, the same for all."""

    def __call__(self, x):
        y = self._after(x @ self["weight"].T)
        return y + self["bias"] if "bias" in self else y


class _SplitQuantized(_Quantized):
    """A split layer of a quantized weight. Its own arrays stay frozen."""

    def __init__(self, input_dims, output_dims, bias=True, group_size=64, bits=4, mode="affine", group=None):
        super().__init__(group_size, bits, mode)
        self.group = _or_all(group)
        inputs, outputs = self._own(input_dims, output_dims)
        self._store(_within(input_dims, outputs, inputs))
        if bias:
            self.bias = mx.zeros((outputs,))
        self.freeze()

    def unfreeze(self, *args, **kwargs):
        """Unfreeze what lies below; the layer's own arrays stay frozen."""
        super().unfreeze(*args, **kwargs)
        self.freeze(recurse=False)

    def _extra_repr(self):
        inputs, outputs = self._all(*self._sizes())
        return self._described(f"input_dims={inputs}, output_dims={outputs}, bias={'bias' in self}")

    def __call__(self, x):
        y = self._after(self._matmul(self._before(x)))
        return y + self["bias"] if "bias" in self else y

    @classmethod
    def from_quantized_linear(cls, quantized_linear_layer, *, segments=1, group=None):
        """The split layer of a quantized one."""
        layer, group = quantized_linear_layer, _or_all(group)
        outputs, packed = layer.weight.shape
        split = cls(
            packed * 32 // layer.bits, outputs, "bias" in layer, layer.group_size, layer.bits, getattr(layer, "mode", "affine"), group
        )
        split.update(_parts(layer.parameters(), _way(cls._sharding, segments), group))
        return split


class QuantizedAllToShardedLinear(_SomeOutputs, _SplitQuantized):
    """AllToShardedLinear with a quantized weight."""


class QuantizedShardedToAllLinear(_SomeInputs, _SplitQuantized):
    """ShardedToAllLinear with a quantized weight."""


def _own_parameters(module, key, value):
    """Parameters but those of modules that are split by themselves."""
    return not isinstance(value, FullyShardedModule) and Module.valid_parameter_filter(module, key, value)


class _Gathering:
    """How the rows of arrays, of which every process has as many, become whole: in one
    operation, and likewise their gradients, each process's mean of its rows."""

    def __init__(self, shapes, group, dtype):
        self.shapes, self.group, self.dtype = shapes, group, dtype
        self.ends, end = [], 0
        for shape in shapes:
            rows = 1
            for n in shape:
                rows *= n
            end += rows // group.size()
            self.ends.append(end)
        self.whole = mx.custom_function(self._gather)
        self.whole.vjp(self._scatter)

    def _gather(self, parts):
        rows = [part.reshape(1, -1) for part in parts]
        if self.dtype is not None:
            rows = [row.astype(self.dtype) for row in rows]
        all_rows = mx.distributed.all_gather(mx.concatenate(rows, axis=1), group=self.group)
        return [piece.reshape(shape) for piece, shape in zip(mx.split(all_rows, self.ends[:-1], axis=1), self.shapes)]

    def _scatter(self, parts, cotangents, outputs):
        size = self.group.size()
        rows = mx.concatenate([c.reshape(size, -1) for c in cotangents], axis=1)
        own = mx.distributed.sum_scatter(rows, group=self.group) / size
        pieces = mx.split(own, self.ends[:-1], axis=1)
        return [piece.reshape(part.shape).astype(part.dtype) for piece, part in zip(pieces, parts)]


class FullyShardedModule(Module):
    """A module of whose parameters every process has some rows. A call gathers them, in
    compute_dtype if that is given, and lets go of them; gradients are those of the own rows,
    averaged."""

    def __init__(self, module, group=None, compute_dtype=None):
        super().__init__()
        group = _or_all(group)
        own = module.filter_and_map(_own_parameters)
        flat = tree_flatten(own)
        for path, array in flat:
            if array.ndim == 0:
                raise ValueError(f"Cannot shard parameter '{path}' because it is a scalar.")
            if array.shape[0] % group.size():
                raise ValueError(
                    f"Cannot shard parameter '{path}' with shape {array.shape} across {group.size()} devices: "
                    f"axis 0 must be divisible by {group.size()}."
                )
        object.__setattr__(self, "_paths", [path for path, _ in flat])
        object.__setattr__(self, "_gathering", _Gathering([array.shape for _, array in flat], group, compute_dtype))
        module.update(_parts(own, lambda path, array: 0, group))
        self.module = module

    def _extra_repr(self):
        return f"num_sharded_params={len(self._paths)}"

    def _with_whole(self, call, args, kwargs):
        parts = self.module.filter_and_map(_own_parameters)
        whole = self._gathering.whole([array for _, array in tree_flatten(parts)])
        self.module.update(tree_unflatten(list(zip(self._paths, whole))))
        try:
            return call(*args, **kwargs)
        finally:
            self.module.update(parts)

    def __call__(self, *args, **kwargs):
        return self._with_whole(self.module, args, kwargs)

    def as_linear(self, *args, **kwargs):
        """The module's as_linear, with the parameters gathered."""
        return self._with_whole(self.module.as_linear, args, kwargs)


def fully_shard(module, *, group=None, compute_dtype=None):
    """Split a module's own parameters among the processes of a group. One process keeps the
    module as it is; so does a module without parameters, or one that is split already."""
    group = _or_all(group)
    if group.size() == 1 or isinstance(module, FullyShardedModule):
        return module
    wrapped = FullyShardedModule(module, group, compute_dtype)
    return wrapped if wrapped._paths else module
