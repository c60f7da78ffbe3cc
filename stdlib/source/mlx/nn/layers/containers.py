"""Modules that hold modules."""

from functools import reduce

from mlx.nn.layers.base import Module


class Sequential(Module):
    """Calls modules, or functions, one after the other."""

    def __init__(self, *modules):
        super().__init__()
        self.layers = [*modules]

    def __call__(self, x):
        return reduce(lambda value, layer: layer(value), self.layers, x)
