"""Layers of quantized weights."""

import math

import mlx.core as mx
from mlx.nn.init import _within
from mlx.nn.layers.base import Module, _set
from mlx.utils import tree_map_with_path

# The group size and the bits of each mode, by default.
_defaults = {"affine": (64, 4), "mxfp4": (32, 4), "nvfp4": (16, 4), "mxfp8": (32, 8)}


def _form(mode, group_size, bits):
    default = _defaults.get(mode)
    if default is None:
        raise ValueError(f"Invalid quantization mode '{mode}'. Valid modes are: {', '.join(_defaults)}.")
    return tuple(given or usual for given, usual in zip((group_size, bits), default))


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
        if isinstance(choice, bool):
            choice = {"group_size": group_size, "bits": bits, "mode": mode, "quantize_input": quantize_input}
        elif not isinstance(choice, dict):
            raise ValueError(
                "``class_predicate`` must return a bool or a dict of parameters to pass to ``to_quantized``"
            )
        # Layers that never quantize their input need not know the argument.
        return module.to_quantized(**{k: v for k, v in choice.items() if v or k != "quantize_input"})

    leaves = tree_map_with_path(replaced, model.leaf_modules(), is_leaf=Module.is_module)
    model.update_modules(leaves)


class _Quantized(Module):
    """How a weight is quantized."""

    def __init__(self, group_size, bits, mode):
        super().__init__()
        group_size, bits = _form(mode, group_size, bits)
        _set(self, group_size=group_size, bits=bits, mode=mode)

    def _format(self):
        return {"group_size": self.group_size, "bits": self.bits, "mode": self.mode}

    def _store(self, weight):
        """Keep a weight, quantized."""
        packed, scales, *biases = mx.quantize(weight, **self._format())
        _set(self, weight=packed, scales=scales, biases=biases[0] if biases else None)

    def _described(self, *parts):
        return ", ".join([*parts, *(f"{name}={value}" for name, value in self._format().items())])

    def _sizes(self, packed=True):
        """(inputs, outputs) of the weight, of which each column holds 32 bits where it is packed."""
        outputs, columns = self["weight"].shape
        return columns * 32 // self.bits if packed else columns, outputs

    def _matmul(self, x):
        return mx.quantized_matmul(x, self["weight"], self["scales"], self.get("biases"), **self._format())


class QuantizedEmbedding(_Quantized):
    """An embedding whose matrix is quantized, and stays frozen."""

    def __init__(self, num_embeddings, dims, group_size=None, bits=None, mode="affine"):
        super().__init__(group_size, bits, mode)
        self._store(mx.random.normal((num_embeddings, dims), scale=math.sqrt(1 / dims)))
        _set(self, num_embeddings=num_embeddings, dims=dims)
        self.freeze()

    def _extra_repr(self):
        return self._described(str(self.num_embeddings), str(self.dims))

    def __call__(self, x):
        rows = [None if a is None else a[x] for a in (self["weight"], self["scales"], self.get("biases"))]
        return mx.dequantize(*rows, **self._format())

    def as_linear(self, x):
        """The same matrix as an output layer."""
        return self._matmul(x)

    @classmethod
    def from_embedding(cls, embedding_layer, group_size=None, bits=None, mode="affine"):
        """A quantized layer of an embedding's matrix."""
        made = cls(*embedding_layer.weight.shape, group_size, bits, mode)
        made._store(embedding_layer.weight)
        return made


class QuantizedLinear(_Quantized):
    """A linear layer whose weight is quantized, and stays frozen."""

    def __init__(self, input_dims, output_dims, bias=True, group_size=None, bits=None, mode="affine"):
        super().__init__(group_size, bits, mode)
        self._store(_within(input_dims, output_dims, input_dims))
        if bias:
            self.bias = mx.zeros((output_dims,))
        self.freeze()

    def _extra_repr(self):
        inputs, outputs = self._sizes()
        return self._described(f"input_dims={inputs}", f"output_dims={outputs}", f"bias={'bias' in self}")

    def __call__(self, x):
        y = self._matmul(x)
        return y + self["bias"] if "bias" in self else y

    @classmethod
    def from_linear(cls, linear_layer, group_size=None, bits=None, mode="affine"):
        """A quantized layer of a linear layer's weight, and its bias."""
        made = cls(*linear_layer.weight.shape[::-1], False, group_size, bits, mode)
        made._store(linear_layer.weight)
        if "bias" in linear_layer:
            made.bias = linear_layer.bias
        return made


class QQLinear(_Quantized):
    """A linear layer that quantizes its input too. The weight is quantized in
    evaluation mode, and kept in full, to be trained, in training mode."""

    def __init__(self, input_dims, output_dims, group_size=None, bits=None, mode="nvfp4"):
        super().__init__(group_size, bits, mode)
        _set(self, weight=_within(input_dims, output_dims, input_dims), _quantized=False)

    def _extra_repr(self):
        inputs, outputs = self._sizes(self._quantized)
        return self._described(f"input_dims={inputs}", f"output_dims={outputs}")

    def quantize(self):
        """Quantize the weight."""
        if not self._quantized:
            weight, scales = mx.quantize(self.weight, **self._format())
            _set(self, weight=weight, scales=scales, _quantized=True)

    def dequantize(self):
        """Keep the weight in full."""
        if self._quantized:
            weight = mx.dequantize(self.weight, self.pop("scales"), **self._format())
            _set(self, weight=weight, _quantized=False)

    def _set_training_mode(self, mode):
        super()._set_training_mode(mode)
        (self.dequantize if mode else self.quantize)()

    def __call__(self, x):
        return mx.qqmm(x, self["weight"], self.get("scales"), **self._format())

    @classmethod
    def from_linear(cls, linear_layer, group_size=None, bits=None, mode="nvfp4"):
        """A layer of a linear layer's weight, in the linear layer's training mode."""
        if linear_layer.get("bias") is not None:
            raise NotImplementedError("QQLinear does not support bias yet.")
        made = cls(*linear_layer.weight.shape[::-1], group_size, bits, mode)
        made.weight = linear_layer.weight
        return made.train(linear_layer.training)
