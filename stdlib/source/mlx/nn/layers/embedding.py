"""Embedding: rows of a matrix, by index."""

import math

import mlx.core as mx
from mlx.nn.layers.base import Module
from mlx.nn.layers.quantized import QuantizedEmbedding


class Embedding(Module):
    """The rows of a matrix that indices name."""

    def __init__(self, num_embeddings, dims):
        super().__init__()
        self.weight = mx.random.normal(shape=(num_embeddings, dims), scale=math.sqrt(1 / dims))

    def _extra_repr(self):
        return ", ".join(map(str, self.weight.shape))

    def __call__(self, x):
        return self["weight"][x]

    def as_linear(self, x):
        """x @ weight.T: the same matrix as an output layer."""
        return x @ self["weight"].T

    def to_quantized(self, group_size=None, bits=None, mode="affine", quantize_input=False):
        """A layer of the quantized matrix."""
        if quantize_input:
            raise ValueError("Quantized input is not supported.")
        return QuantizedEmbedding.from_embedding(self, group_size, bits, mode)
