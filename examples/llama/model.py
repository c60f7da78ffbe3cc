"""A decoder of the Llama architecture, with the parameter names of Hugging Face's checkpoints."""

import glob
import json
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Optional

import mlx.core as mx
import mlx.nn as nn


@dataclass
class ModelArgs:
    """The entries of config.json that say what the network is."""

    hidden_size: int
    num_hidden_layers: int
    intermediate_size: int
    num_attention_heads: int
    vocab_size: int
    rms_norm_eps: float = 1e-5
    num_key_value_heads: Optional[int] = None
    head_dim: Optional[int] = None
    rope_theta: float = 10000.0
    rope_scaling: Optional[dict] = None
    max_position_embeddings: int = 2048
    attention_bias: bool = False
    mlp_bias: bool = False
    tie_word_embeddings: bool = False

    def __post_init__(self):
        if self.num_key_value_heads is None:
            self.num_key_value_heads = self.num_attention_heads
        if self.head_dim is None:
            self.head_dim = self.hidden_size // self.num_attention_heads
        if self.num_attention_heads % self.num_key_value_heads != 0:
            raise ValueError(
                f"config: {self.num_attention_heads} heads do not divide among {self.num_key_value_heads} key and value heads"
            )

    @classmethod
    def from_config(cls, config):
        if config.get("model_type", "llama") != "llama":
            raise ValueError(f"config: model_type is {config['model_type']!r}, want 'llama'")
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in config.items() if name in known})


class RotaryEmbedding(nn.Module):
    """Rotates queries and keys by their position; the frequencies may be stretched."""

    def __init__(self, args):
        super().__init__()
        self.dims = args.head_dim
        self.base = args.rope_theta
        self.scale = 1.0
        # An underscore keeps it out of the parameters: no checkpoint has it.
        self._periods = None
        scaling = args.rope_scaling or {"rope_type": "default"}
        kind = scaling.get("rope_type", scaling.get("type", "default"))
        if kind == "linear":
            self.scale = 1.0 / scaling["factor"]
        elif kind == "llama3":
            self._periods = self.stretched(scaling)
        elif kind != "default":
            raise ValueError(f"rope_scaling: {kind!r} is not supported, want 'default', 'linear' or 'llama3'")

    def stretched(self, scaling):
        """Llama 3's periods: the long ones grow by a factor, the short ones stay, others lie between."""
        periods = self.base ** (mx.arange(0, self.dims, 2) / self.dims)
        wavelengths = 2 * math.pi * periods
        low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
        turns = scaling["original_max_position_embeddings"] / wavelengths
        share = mx.clip((turns - low) / (high - low), 0, 1)
        return periods / (share + (1 - share) / scaling["factor"])

    def __call__(self, x, offset):
        base = self.base if self._periods is None else None
        return mx.fast.rope(
            x, self.dims, traditional=False, base=base, scale=self.scale, offset=offset, freqs=self._periods
        )


class KVCache:
    """The keys and values of what one layer has seen; it grows by whole blocks."""

    BLOCK = 64

    def __init__(self):
        self.keys = None
        self.values = None
        self.offset = 0

    def extend(self, keys, values):
        """Adds keys and values, (batch, heads, new, dims), and gives all there are."""
        start, end = self.offset, self.offset + keys.shape[2]
        if self.keys is None or end > self.keys.shape[2]:
            self.grow(keys, values, end)
        self.keys[..., start:end, :] = keys
        self.values[..., start:end, :] = values
        self.offset = end
        return self.keys[..., :end, :], self.values[..., :end, :]

    def grow(self, keys, values, end):
        capacity = (end + self.BLOCK - 1) // self.BLOCK * self.BLOCK
        more = capacity - (0 if self.keys is None else self.keys.shape[2])

        def room(x):
            return mx.zeros((*x.shape[:2], more, x.shape[3]), x.dtype)

        if self.keys is None:
            self.keys, self.values = room(keys), room(values)
        else:
            self.keys = mx.concatenate([self.keys, room(keys)], axis=2)
            self.values = mx.concatenate([self.values, room(values)], axis=2)

    @property
    def state(self):
        return self.keys, self.values


class Attention(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.heads = args.num_attention_heads
        self.kv_heads = args.num_key_value_heads
        self.scale = args.head_dim**-0.5
        dims, bias = args.hidden_size, args.attention_bias
        self.q_proj = nn.Linear(dims, self.heads * args.head_dim, bias=bias)
        self.k_proj = nn.Linear(dims, self.kv_heads * args.head_dim, bias=bias)
        self.v_proj = nn.Linear(dims, self.kv_heads * args.head_dim, bias=bias)
        self.o_proj = nn.Linear(self.heads * args.head_dim, dims, bias=bias)
        self.rope = RotaryEmbedding(args)

    def __call__(self, x, mask=None, cache=None):
        batch, length, _ = x.shape

        def split(x, heads):
            return x.reshape(batch, length, heads, -1).transpose(0, 2, 1, 3)

        queries = split(self.q_proj(x), self.heads)
        keys = split(self.k_proj(x), self.kv_heads)
        values = split(self.v_proj(x), self.kv_heads)
        offset = 0 if cache is None else cache.offset
        queries, keys = self.rope(queries, offset), self.rope(keys, offset)
        if cache is not None:
            keys, values = cache.extend(keys, values)
        out = mx.fast.scaled_dot_product_attention(queries, keys, values, scale=self.scale, mask=mask)
        return self.o_proj(out.transpose(0, 2, 1, 3).reshape(batch, length, -1))


class MLP(nn.Module):
    def __init__(self, args):
        super().__init__()
        dims, hidden, bias = args.hidden_size, args.intermediate_size, args.mlp_bias
        self.gate_proj = nn.Linear(dims, hidden, bias=bias)
        self.up_proj = nn.Linear(dims, hidden, bias=bias)
        self.down_proj = nn.Linear(hidden, dims, bias=bias)

    def __call__(self, x):
        return self.down_proj(nn.silu(self.gate_proj(x)) * self.up_proj(x))


class DecoderLayer(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.self_attn = Attention(args)
        self.mlp = MLP(args)
        self.input_layernorm = nn.RMSNorm(args.hidden_size, eps=args.rms_norm_eps)
        self.post_attention_layernorm = nn.RMSNorm(args.hidden_size, eps=args.rms_norm_eps)

    def __call__(self, x, mask=None, cache=None):
        x = x + self.self_attn(self.input_layernorm(x), mask, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.embed_tokens = nn.Embedding(args.vocab_size, args.hidden_size)
        self.layers = [DecoderLayer(args) for _ in range(args.num_hidden_layers)]
        self.norm = nn.RMSNorm(args.hidden_size, eps=args.rms_norm_eps)

    def __call__(self, tokens, cache=None):
        x = self.embed_tokens(tokens)
        mask = "causal" if tokens.shape[1] > 1 else None
        for layer, layer_cache in zip(self.layers, cache or [None] * len(self.layers)):
            x = layer(x, mask, layer_cache)
        return self.norm(x)


class Llama(nn.Module):
    def __init__(self, args: ModelArgs):
        super().__init__()
        self.args = args
        self.model = Decoder(args)
        if not args.tie_word_embeddings:
            self.lm_head = nn.Linear(args.hidden_size, args.vocab_size, bias=False)

    def __call__(self, tokens, cache=None):
        """Logits, (batch, length, vocabulary), of the token after each of (batch, length)."""
        x = self.model(tokens, cache)
        if self.args.tie_word_embeddings:
            return self.model.embed_tokens.as_linear(x)
        return self.lm_head(x)

    def new_cache(self):
        return [KVCache() for _ in self.model.layers]

    def wanted(self, weights):
        """A checkpoint's weights without those that are computed or tied."""
        return {
            name: w
            for name, w in weights.items()
            if not name.endswith("rotary_emb.inv_freq")
            and not (self.args.tie_word_embeddings and name.startswith("lm_head."))
        }


def read_weights(directory):
    """The arrays of all of a directory's safetensors files, lazily."""
    index = directory / "model.safetensors.index.json"
    if index.exists():
        names = sorted(set(json.loads(index.read_text())["weight_map"].values()))
        files = [str(directory / name) for name in names]
    else:
        files = sorted(glob.glob(str(directory / "*.safetensors")))
    if not files:
        raise FileNotFoundError(f"no safetensors files in {directory}")
    weights = {}
    for file in files:
        weights.update(mx.load(file))
    return weights


def load(directory):
    """The model of a directory, and its config.json."""
    directory = Path(directory)
    config = json.loads((directory / "config.json").read_text())
    model = Llama(ModelArgs.from_config(config))
    weights = model.wanted(read_weights(directory))
    quantization = config.get("quantization")
    if quantization is not None:
        nn.quantize(
            model,
            group_size=quantization["group_size"],
            bits=quantization["bits"],
            class_predicate=lambda path, module: f"{path}.scales" in weights,
        )
    model.load_weights(list(weights.items()))
    model.eval()
    return model, config
