"""Gradients of modules, and what training in several processes needs."""

import mlx.core as mx
from mlx.utils import tree_flatten, tree_map, tree_reduce, tree_unflatten


def value_and_grad(model, fn):
    """A function that gives fn's value and its gradients by the model's
    trainable parameters. Fn may read the model, also as a closure."""

    def by_parameters(parameters, *args, **kwargs):
        model.update(parameters)
        return fn(*args, **kwargs)

    differentiated = mx.value_and_grad(by_parameters)

    def wrapped(*args, **kwargs):
        return differentiated(model.trainable_parameters(), *args, **kwargs)

    return wrapped


def checkpoint(module, fn=None):
    """A function that calls fn, by default the module, and computes it again
    in the backward pass rather than keep what is in between."""
    fn = fn or module

    def by_parameters(parameters, *args, **kwargs):
        module.update(parameters)
        return fn(*args, **kwargs)

    checkpointed = mx.checkpoint(by_parameters)

    def wrapped(*args, **kwargs):
        return checkpointed(module.trainable_parameters(), *args, **kwargs)

    return wrapped


def average_gradients(gradients, group=None, all_reduce_size=32 * 1024**2, communication_stream=None):
    """The mean of the gradients of a group's processes. Arrays of one dtype are summed
    together, until they are all_reduce_size bytes; with 0 or less each by itself."""
    group = group or mx.distributed.init()
    size = group.size()
    if size == 1:
        return gradients

    def mean(x):
        return mx.distributed.all_sum(x, group=group, stream=communication_stream) / size

    flat = tree_flatten(gradients)
    if not flat:
        return gradients
    dtype = flat[0][1].dtype
    if all_reduce_size <= 0 or any(g.dtype != dtype for _, g in flat):
        return tree_map(mean, gradients)
    batches, held = [[]], 0
    for path, gradient in flat:
        if held >= all_reduce_size:
            batches.append([])
            held = 0
        batches[-1].append((path, gradient))
        held += gradient.nbytes
    # The last layers' gradients are there first: they are summed while the others are computed.
    averaged = [_averaged(batch, mean) for batch in reversed(batches)]
    return tree_unflatten([pair for batch in reversed(averaged) for pair in batch])


def _averaged(batch, mean):
    """The means of several arrays, by one operation."""
    ends, end = [], 0
    for _, gradient in batch:
        end += gradient.size
        ends.append(end)
    together = mean(mx.concatenate([gradient.reshape(-1) for _, gradient in batch]))
    pieces = mx.split(together, ends[:-1])
    return [(path, piece.reshape(gradient.shape)) for (path, gradient), piece in zip(batch, pieces)]


def clip_grad_norm_sharded(gradients, max_norm, group=None):
    """Scale gradients, of which each process has a part, down to a norm of the whole. Gives
    them, and the norm that they had."""
    own = tree_reduce(lambda total, g: total + mx.sum(mx.square(g)), gradients, 0.0)
    norm = mx.sqrt(mx.distributed.all_sum(own, group=group))
    scale = mx.minimum(max_norm / (norm + 1e-6), 1.0)
    return tree_map(lambda g: g * scale, gradients), norm
