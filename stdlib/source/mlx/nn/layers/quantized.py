"""Layers of quantized weights."""

import math

import mlx.core as mx
from mlx.nn.layers.base import Module
from mlx.utils import tree_map_with_path

# The group size and the bits of each mode, by default.
_defaults = {"affine": (64, 4), "mxfp4": (32, 4), "nvfp4": (16, 4), "mxfp8": (32, 8)}


def _form(mode, group_size, bits):
    if mode not in _defaults:
        raise ValueError(f"Invalid quantization mode '{mode}'. Valid modes are: {', '.join(_defaults)}.")
    size, width = _defaults[mode]
    return group_size or size, bits or width


def _uniform(input_dims, output_dims):
    scale = math.sqrt(1 / input_dims)
    return mx.random.uniform(low=-scale, high=scale, shape=(output_dims, input_dims))


def quantize(model, group_size=None, bits=None, *, mode="affine", quantize_input=False, class_predicate=None):
    """Replace the layers of a model that can be by quantized ones.

    Class_predicate(path, module) tells which: True, False, or a dict of the
    arguments for to_quantized. By default it is every layer that has it.
    """
    choose = class_predicate or (lambda path, module: hasattr(module, "to_quantized"))

    def replaced(path, module):
        choice = choose(path, module)
        if not choice:
            return module
        if not hasattr(module, "to_quantized"):
            raise ValueError(f"Unable to quantize model of type {type(module)}")
        if not isinstance(choice, dict):
            choice = {"group_size": group_size, "bits": bits, "mode": mode}
            if quantize_input:
                choice["quantize_input"] = True
        return module.to_quantized(**choice)

    leaves = tree_map_with_path(replaced, model.leaf_modules(), is_leaf=Module.is_module)
    model.update_modules(leaves)


class _Quantized(Module):
    """A layer whose weight is quantized, and stays frozen."""

    def __init__(self, group_size, bits, mode):
        super().__init__()
        self.group_size, self.bits = _form(mode, group_size, bits)
        self.mode = mode

    def _store(self, weight):
        """Keep a weight, quantized."""
        packed, scales, *biases = mx.quantize(weight, self.group_size, self.bits, mode=self.mode)
        self.weight = packed
        self.scales = scales
        self.biases = biases[0] if biases else None

    def _form_repr(self):
        return f"group_size={self.group_size}, bits={self.bits}, mode={self.mode}"

    def _matmul(self, x):
        return mx.quantized_matmul(
            x,
            self["weight"],
            scales=self["scales"],
            biases=self.get("biases"),
            transpose=True,
            group_size=self.group_size,
            bits=self.bits,
            mode=self.mode,
        )


class QuantizedEmbedding(_Quantized):
    """An embedding whose matrix is quantized."""

    def __init__(self, num_embeddings, dims, group_size=None, bits=None, mode="affine"):
        super().__init__(group_size, bits, mode)
        self._store(mx.random.normal(shape=(num_embeddings, dims), scale=math.sqrt(1 / dims)))
        self.num_embeddings = num_embeddings
        self.dims = dims
        self.freeze()

    def _extra_repr(self):
        return f"{self.num_embeddings}, {self.dims}, {self._form_repr()}"

    def __call__(self, x):
        biases = self.get("biases")
        return mx.dequantize(
            self["weight"][x],
            scales=self["scales"][x],
            biases=None if biases is None else biases[x],
            group_size=self.group_size,
            bits=self.bits,
            mode=self.mode,
        )

    def as_linear(self, x):
        """The same matrix as an output layer."""
        return self._matmul(x)

    @classmethod
    def from_embedding(cls, embedding_layer, group_size=None, bits=None, mode="affine"):
        """A quantized layer of an embedding's matrix."""
        layer = cls(*embedding_layer.weight.shape, group_size, bits, mode)
        layer._store(embedding_layer.weight)
        return layer


class QuantizedLinear(_Quantized):
    """A linear layer whose weight is quantized."""

    def __init__(self, input_dims, output_dims, bias=True, group_size=None, bits=None, mode="affine"):
        super().__init__(group_size, bits, mode)
        self._store(_uniform(input_dims, output_dims))
        if bias:
            self.bias = mx.zeros((output_dims,))
        self.freeze()

    def _extra_repr(self):
        rows, packed = self.weight.shape
        return (
            f"input_dims={packed * 32 // self.bits}, output_dims={rows}, bias={'bias' in self}, {self._form_repr()}"
        )

    def __call__(self, x):
        y = self._matmul(x)
        return y + self["bias"] if "bias" in self else y

    @classmethod
    def from_linear(cls, linear_layer, group_size=None, bits=None, mode="affine"):
        """A quantized layer of a linear layer's weight, and its bias."""
        output_dims, input_dims = linear_layer.weight.shape
        layer = cls(input_dims, output_dims, False, group_size, bits, mode=mode)
        layer._store(linear_layer.weight)
        if "bias" in linear_layer:
            layer.bias = linear_layer.bias
        return layer


class QQLinear(Module):
    """A linear layer that quantizes its input too. The weight is quantized in
    evaluation mode, and kept in full, to be trained, in training mode."""

    def __init__(self, input_dims, output_dims, group_size=None, bits=None, mode="nvfp4"):
        super().__init__()
        self.group_size, self.bits = _form(mode, group_size, bits)
        self.mode = mode
        self.weight = _uniform(input_dims, output_dims)
        self._quantized = False

    def _extra_repr(self):
        rows, columns = self.weight.shape
        if self._quantized:
            columns = columns * 32 // self.bits
        return (
            f"input_dims={columns}, output_dims={rows}, "
            f"group_size={self.group_size}, bits={self.bits}, mode={self.mode}"
        )

    def quantize(self):
        """Quantize the weight."""
        if not self._quantized:
            self.weight, self.scales = mx.quantize(self.weight, self.group_size, self.bits, mode=self.mode)
            self._quantized = True

    def dequantize(self):
        """Keep the weight in full."""
        if self._quantized:
            self.weight = mx.dequantize(
                self.weight, scales=self.scales, group_size=self.group_size, bits=self.bits, mode=self.mode
            )
            del self.scales
            self._quantized = False

    def __setattr__(self, key, value):
        super().__setattr__(key, value)
        if key == "_training" and "weight" in self:
            self.dequantize() if value else self.quantize()

    def __call__(self, x):
        return mx.qqmm(
            x,
            self["weight"],
            scales=self.get("scales"),
            group_size=self.group_size,
            bits=self.bits,
            mode=self.mode,
        )

    @classmethod
    def from_linear(cls, linear_layer, group_size=None, bits=None, mode="nvfp4"):
        """A layer of a linear layer's weight, in the linear layer's training mode."""
        if "bias" in linear_layer:
            raise NotImplementedError("QQLinear does not support bias yet.")
        output_dims, input_dims = linear_layer.weight.shape
        layer = cls(input_dims, output_dims, group_size, bits, mode=mode)
        layer.weight = linear_layer.weight
        layer.train(linear_layer.training)
        return layer
