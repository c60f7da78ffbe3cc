"""Ways to tell a network the positions of a sequence."""

import math

import mlx.core as mx
from mlx.nn.layers.base import Module, _set


class RoPE(Module):
    """Rotary positions (Su et al. 2021, RoFormer): rotates pairs of the first dims features by angles that grow with the
    position, along the last axis but one.

    Pairs are neighbours in the traditional form, else features half of dims apart.
    """

    def __init__(self, dims, traditional=False, base=10000, scale=1.0):
        super().__init__()
        _set(self, dims=dims, traditional=traditional, base=base, scale=scale)

    def _extra_repr(self):
        return f"{self.dims}, traditional={self.traditional}"

    def _angles(self, length, offset):
        half = self.dims // 2
        frequency = mx.exp(mx.arange(half, dtype=mx.float32) * (-math.log(self.base) / half))
        position = mx.arange(length, dtype=mx.float32)
        if isinstance(offset, mx.array) and offset.ndim == 1:
            position = position + offset.reshape(-1, 1, 1).astype(mx.float32)
        else:
            position = position + offset
        return (position * self.scale)[..., None] * frequency

    def __call__(self, x, offset=0):
        half = self.dims // 2
        angles = self._angles(x.shape[-2], offset)
        cos, sin = mx.cos(angles), mx.sin(angles)
        head = x[..., : 2 * half].astype(mx.float32)
        if self.traditional:
            a, b = head[..., 0::2], head[..., 1::2]
        else:
            a, b = head[..., :half], head[..., half:]
        a, b = a * cos - b * sin, a * sin + b * cos
        if self.traditional:
            y = mx.stack([a, b], axis=-1).reshape(head.shape)
        else:
            y = mx.concatenate([a, b], axis=-1)
        return mx.concatenate([y.astype(x.dtype), x[..., 2 * half :]], axis=-1)


class SinusoidalPositionalEncoding(Module):
    """Sines and cosines of a position, at frequencies that fall geometrically
    (Vaswani et al. 2017, Attention Is All You Need, section 3.5)."""

    def __init__(self, dims, min_freq=0.0001, max_freq=1, scale=None, cos_first=False, full_turns=False):
        if dims <= 0 or dims % 2:
            raise ValueError(f"[SinusoidalPositionalEncoding] dims must be positive and even but got {dims}.")
        super().__init__()
        low, high = math.log(min_freq), math.log(max_freq)
        fall = 1 - mx.arange(0, dims // 2) / max(dims // 2 - 1, 1)
        self._sigmas = mx.exp(fall * (high - low) + low)
        if full_turns:
            self._sigmas = self._sigmas * (2 * math.pi)
        _set(self, scale=math.sqrt(2 / dims) if scale is None else scale, cos_first=cos_first)

    def __call__(self, x):
        angles = x[..., None] * self._sigmas
        parts = [mx.cos(angles), mx.sin(angles)] if self.cos_first else [mx.sin(angles), mx.cos(angles)]
        y = mx.concatenate(parts, axis=-1)
        return y if self.scale == 1 else y * self.scale


class ALiBi(Module):
    """Adds to attention scores a penalty that grows with the distance, at a rate of
    each head (Press et al. 2021, Train Short, Test Long)."""

    @staticmethod
    def create_alibi_slope(num_heads, dtype=mx.float32):
        """The rates, of shape (num_heads, 1, 1): powers of two, and where the
        number of heads is none, those between the powers for the rest."""
        whole = 2 ** math.floor(math.log2(num_heads))
        rates = [2.0 ** (-8.0 * (i + 1) / whole) for i in range(whole)]
        rates += [2.0 ** (-4.0 * (2 * i + 1) / whole) for i in range(num_heads - whole)]
        return mx.array(rates, dtype=dtype).reshape(num_heads, 1, 1)

    @staticmethod
    def create_alibi_matrix(q_sequence_length, k_sequence_length, num_heads, offset, dtype=mx.float32):
        """The penalties, of shape (1, num_heads, queries, keys)."""
        queries = mx.arange(offset, q_sequence_length)
        keys = mx.arange(k_sequence_length)
        distance = -mx.abs(mx.expand_dims(queries, 1) - mx.expand_dims(keys, 0))
        return (distance.astype(dtype) * ALiBi.create_alibi_slope(num_heads, dtype))[None]

    def __call__(self, attention_scores, offset=0, mask=None):
        penalty = ALiBi.create_alibi_matrix(
            attention_scores.shape[-2] + offset,
            attention_scores.shape[-1],
            attention_scores.shape[1],
            offset,
            attention_scores.dtype,
        )
        if mask is not None:
            penalty = penalty + mask
        return attention_scores + penalty
