"""Gradients of modules, and what training in several processes needs."""

import mlx.core as mx
from mlx.utils import tree_map, tree_reduce


def _check_alone(what, group):
    """Refuse a group of several processes."""
    if group is not None and group.size() > 1:
        raise NotImplementedError(f"{what}: the group has {group.size()} processes, but only one is supported")


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
    """The mean of the gradients of a group's processes: of one, its own."""
    _check_alone("average_gradients", group)
    return gradients


def clip_grad_norm_sharded(gradients, max_norm, group=None):
    """Scale gradients down to a norm. Gives them, and the norm that they had."""
    _check_alone("clip_grad_norm_sharded", group)
    norm = mx.sqrt(tree_reduce(lambda total, g: total + mx.sum(mx.square(g)), gradients, 0.0))
    scale = mx.minimum(max_norm / (norm + 1e-6), 1.0)
    return tree_map(lambda g: g * scale, gradients), norm
