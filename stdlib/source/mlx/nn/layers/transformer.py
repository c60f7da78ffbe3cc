"""Attention and transformers."""

import math

import mlx.core as mx
from mlx.nn.layers.activations import relu
from mlx.nn.layers.base import Module, _set
from mlx.nn.layers.dropout import Dropout
from mlx.nn.layers.linear import Linear
from mlx.nn.layers.normalization import LayerNorm
from mlx.nn.utils import checkpoint as _checkpointed


def _attended(queries, keys, values, scale, mask):
    """Values averaged by the softmax of the scores of queries and keys."""
    scores = (queries * scale) @ keys.swapaxes(-1, -2)
    if mask is not None:
        if mask.dtype == mx.bool_:
            scores = mx.where(mask, scores, mx.finfo(scores.dtype).min)
        else:
            scores = scores + mask.astype(scores.dtype)
    return mx.softmax(scores, axis=-1, precise=True) @ values


class MultiHeadAttention(Module):
    """Attention of several heads, between projections (Vaswani et al. 2017,
    Attention Is All You Need, section 3.2)."""

    def __init__(
        self,
        dims,
        num_heads,
        query_input_dims=None,
        key_input_dims=None,
        value_input_dims=None,
        value_dims=None,
        value_output_dims=None,
        bias=False,
    ):
        super().__init__()
        if dims % num_heads != 0:
            raise ValueError(
                f"The input feature dimensions should be divisible by the number of heads ({dims} % {num_heads}) != 0"
            )
        self.num_heads = num_heads
        inner = value_dims or dims
        keys = key_input_dims or dims
        for name, inputs, outputs in (
            ("query_proj", query_input_dims or dims, dims),
            ("key_proj", keys, dims),
            ("value_proj", value_input_dims or keys, inner),
            ("out_proj", inner, value_output_dims or dims),
        ):
            self[name] = Linear(inputs, outputs, bias=bias)

    def _heads(self, x):
        """(N, L, D) as (N, heads, L, D / heads)."""
        return mx.unflatten(x, -1, (self.num_heads, -1)).transpose(0, 2, 1, 3)

    def __call__(self, queries, keys, values, mask=None):
        queries = self._heads(self.query_proj(queries))
        keys = self._heads(self.key_proj(keys))
        values = self._heads(self.value_proj(values))
        out = _attended(queries, keys, values, math.sqrt(1 / queries.shape[-1]), mask)
        return self.out_proj(out.transpose(0, 2, 1, 3).flatten(-2, -1))

    @staticmethod
    def create_additive_causal_mask(N, dtype=mx.float32):
        """A mask to add to scores: the least number where the key is later than the query, else 0."""
        places = mx.arange(N)
        later = mx.expand_dims(places, 1) < mx.expand_dims(places, 0)
        return later.astype(dtype) * mx.finfo(dtype).min


class _Layer(Module):
    """Attentions and a network of two layers, one after the other. Each is a
    change of its input, with a shortcut around it and a normalisation that comes
    before the change or after the sum."""

    _attentions = ()

    def __init__(self, dims, num_heads, mlp_dims=None, dropout=0.0, activation=relu, norm_first=True):
        super().__init__()
        for name in self._attentions:
            self[name] = MultiHeadAttention(dims, num_heads)
        steps = range(1, len(self._attentions) + 2)
        for i in steps:
            self[f"ln{i}"] = LayerNorm(dims)
        hidden = mlp_dims or 4 * dims
        _set(self, linear1=Linear(dims, hidden), linear2=Linear(hidden, dims))
        for i in steps:
            self[f"dropout{i}"] = Dropout(dropout)
        _set(self, activation=activation, norm_first=norm_first)

    def _changed(self, x, norm, change):
        return x + change(norm(x)) if self.norm_first else norm(x + change(x))

    def _network(self, dropout):
        return lambda x: self.linear2(dropout(self.activation(self.linear1(x))))


class TransformerEncoderLayer(_Layer):
    """Attention to itself, and a network."""

    _attentions = ("attention",)

    def __call__(self, x, mask=None):
        x = self._changed(x, self.ln1, lambda y: self.dropout1(self.attention(y, y, y, mask)))
        return self._changed(x, self.ln2, self._network(self.dropout2))


class TransformerDecoderLayer(_Layer):
    """Attention to itself, attention to a memory, and a network."""

    _attentions = ("self_attention", "cross_attention")

    def __call__(self, x, memory, x_mask=None, memory_mask=None):
        x = self._changed(x, self.ln1, lambda y: self.dropout1(self.self_attention(y, y, y, x_mask)))
        x = self._changed(
            x, self.ln2, lambda y: self.dropout2(self.cross_attention(y, memory, memory, memory_mask))
        )
        return self._changed(x, self.ln3, self._network(self.dropout3))


class _Stack(Module):
    """Layers of one kind and a normalisation. With checkpoint, layers are computed
    again in the backward pass rather than kept."""

    _kind = None

    def __init__(
        self, num_layers, dims, num_heads, mlp_dims=None, dropout=0.0, activation=relu, norm_first=True, checkpoint=False
    ):
        super().__init__()
        each = (dims, num_heads, mlp_dims, dropout, activation, norm_first)
        self.layers = [self._kind(*each) for _ in range(num_layers)]
        _set(self, ln=LayerNorm(dims), checkpoint=checkpoint)

    def _run(self, x, *others):
        for layer in self.layers:
            x = (_checkpointed(layer) if self.checkpoint else layer)(x, *others)
        return self.ln(x)


class TransformerEncoder(_Stack):
    """A stack of encoder layers."""

    _kind = TransformerEncoderLayer

    def __call__(self, x, mask=None):
        return self._run(x, mask)


class TransformerDecoder(_Stack):
    """A stack of decoder layers."""

    _kind = TransformerDecoderLayer

    def __call__(self, x, memory, x_mask=None, memory_mask=None):
        return self._run(x, memory, x_mask, memory_mask)


class Transformer(Module):
    """An encoder of the source and a decoder of the target."""

    def __init__(
        self,
        dims=512,
        num_heads=8,
        num_encoder_layers=6,
        num_decoder_layers=6,
        mlp_dims=None,
        dropout=0.0,
        activation=relu,
        custom_encoder=None,
        custom_decoder=None,
        norm_first=True,
        checkpoint=False,
    ):
        super().__init__()
        shared = (dims, num_heads, mlp_dims, dropout, activation, norm_first, checkpoint)
        # A module without parts is a dict without items, and false.
        for name, custom, kind, layers in (
            ("encoder", custom_encoder, TransformerEncoder, num_encoder_layers),
            ("decoder", custom_decoder, TransformerDecoder, num_decoder_layers),
        ):
            setattr(self, name, kind(layers, *shared) if custom is None else custom)

    def __call__(self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None):
        return self.decoder(tgt, self.encoder(src, src_mask), tgt_mask, memory_mask)
