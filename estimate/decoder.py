"""A decoder of Llama's family, with the parameter names of Hugging Face's checkpoints."""

import mlx.core as mx
import mlx.nn as nn

# What architectures have beside, or in place of, Llama's, by config.json's model_type.
ARCHITECTURES = {
    "llama": set(),
    "mistral": set(),
    "qwen2": {"biased heads"},
    "qwen3": {"head norms"},
    "phi3": {"joined projections"},
    "gemma": {"gelu", "scaled embedding", "tied"},
}
NEEDED = ("hidden_size", "num_hidden_layers", "intermediate_size", "num_attention_heads", "vocab_size")


class Shape:
    """The sizes that a config.json tells."""

    def __init__(self, config):
        for name in NEEDED:
            size = config.get(name)
            if not isinstance(size, int) or isinstance(size, bool) or not 0 < size < 1 << 31:
                raise ValueError(f"config: {name} is {size!r}, want a number from 1")
            setattr(self, name, size)
        self.kind = config["model_type"]
        self.has = ARCHITECTURES[self.kind]
        self.heads = self.num_attention_heads
        self.kv_heads = config.get("num_key_value_heads") or self.heads
        self.head_dim = config.get("head_dim") or self.hidden_size // self.heads
        self.eps = config.get("rms_norm_eps", 1e-5)
        self.attention_bias = bool(config.get("attention_bias", False))
        self.mlp_bias = bool(config.get("mlp_bias", False))
        self.tied = config.get("tie_word_embeddings", "tied" in self.has)
        self.longest = config.get("max_position_embeddings", 2048)
        if self.heads % self.kv_heads != 0:
            raise ValueError(f"config: {self.heads} heads do not divide among {self.kv_heads} key and value heads")


class KVCache:
    """The keys and values of what one layer has seen; it grows by whole blocks."""

    BLOCK = 256

    def __init__(self):
        self.keys = None
        self.values = None
        self.offset = 0

    def extend(self, keys, values):
        start, end = self.offset, self.offset + keys.shape[2]
        if self.keys is None or end > self.keys.shape[2]:
            self.keys = self.grown(self.keys, keys, end)
            self.values = self.grown(self.values, values, end)
        self.keys[..., start:end, :] = keys
        self.values[..., start:end, :] = values
        self.offset = end
        return self.keys[..., :end, :], self.values[..., :end, :]

    def grown(self, old, new, end):
        had = 0 if old is None else old.shape[2]
        more = (end - had + self.BLOCK - 1) // self.BLOCK * self.BLOCK
        room = mx.zeros((*new.shape[:2], more, new.shape[3]), new.dtype)
        return room if old is None else mx.concatenate([old, room], axis=2)

    def fill(self, shape, batch, tokens, dtype):
        """As if so many tokens, a number of whole blocks, had been seen."""
        room = (batch, shape.kv_heads, tokens, shape.head_dim)
        self.keys, self.values, self.offset = mx.zeros(room, dtype), mx.zeros(room, dtype), tokens

    @property
    def state(self):
        return self.keys, self.values


class Attention(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.s = s
        self.scale = s.head_dim**-0.5
        queries, keys = s.heads * s.head_dim, s.kv_heads * s.head_dim
        if "joined projections" in s.has:
            self.qkv_proj = nn.Linear(s.hidden_size, queries + 2 * keys, bias=s.attention_bias)
        else:
            bias = s.attention_bias or "biased heads" in s.has
            self.q_proj = nn.Linear(s.hidden_size, queries, bias=bias)
            self.k_proj = nn.Linear(s.hidden_size, keys, bias=bias)
            self.v_proj = nn.Linear(s.hidden_size, keys, bias=bias)
        if "head norms" in s.has:
            self.q_norm = nn.RMSNorm(s.head_dim, eps=s.eps)
            self.k_norm = nn.RMSNorm(s.head_dim, eps=s.eps)
        self.o_proj = nn.Linear(queries, s.hidden_size, bias=s.attention_bias)

    def __call__(self, x, mask=None, cache=None):
        batch, length, _ = x.shape
        s = self.s
        if "joined projections" in s.has:
            at = s.heads * s.head_dim
            q, k, v = mx.split(self.qkv_proj(x), [at, at + s.kv_heads * s.head_dim], axis=-1)
        else:
            q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        q, k = q.reshape(batch, length, s.heads, -1), k.reshape(batch, length, s.kv_heads, -1)
        if "head norms" in s.has:
            q, k = self.q_norm(q), self.k_norm(k)
        q, k = q.transpose(0, 2, 1, 3), k.transpose(0, 2, 1, 3)
        v = v.reshape(batch, length, s.kv_heads, -1).transpose(0, 2, 1, 3)
        offset = 0 if cache is None else cache.offset
        q, k = (mx.fast.rope(y, s.head_dim, traditional=False, base=10000.0, scale=1.0, offset=offset) for y in (q, k))
        if cache is not None:
            k, v = cache.extend(k, v)
        out = mx.fast.scaled_dot_product_attention(q, k, v, scale=self.scale, mask=mask)
        return self.o_proj(out.transpose(0, 2, 1, 3).reshape(batch, length, -1))


class MLP(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.activation = nn.gelu_approx if "gelu" in s.has else nn.silu
        if "joined projections" in s.has:
            self.gate_up_proj = nn.Linear(s.hidden_size, 2 * s.intermediate_size, bias=s.mlp_bias)
        else:
            self.gate_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=s.mlp_bias)
            self.up_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=s.mlp_bias)
        self.down_proj = nn.Linear(s.intermediate_size, s.hidden_size, bias=s.mlp_bias)

    def __call__(self, x):
        if "gate_up_proj" in self:
            gate, up = mx.split(self.gate_up_proj(x), 2, axis=-1)
        else:
            gate, up = self.gate_proj(x), self.up_proj(x)
        return self.down_proj(self.activation(gate) * up)


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.self_attn = Attention(s)
        self.mlp = MLP(s)
        self.input_layernorm = nn.RMSNorm(s.hidden_size, eps=s.eps)
        self.post_attention_layernorm = nn.RMSNorm(s.hidden_size, eps=s.eps)

    def __call__(self, x, mask=None, cache=None):
        x = x + self.self_attn(self.input_layernorm(x), mask, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Body(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.s = s
        self.embed_tokens = nn.Embedding(s.vocab_size, s.hidden_size)
        self.layers = [Layer(s) for _ in range(s.num_hidden_layers)]
        self.norm = nn.RMSNorm(s.hidden_size, eps=s.eps)

    def __call__(self, tokens, cache=None, checkpoint=False):
        x = self.embed_tokens(tokens)
        if "scaled embedding" in self.s.has:
            x = x * self.s.hidden_size**0.5
        mask = "causal" if tokens.shape[1] > 1 else None
        for layer, seen in zip(self.layers, cache or [None] * len(self.layers)):
            run = nn.utils.checkpoint(layer, lambda x, layer=layer: layer(x, mask)) if checkpoint else layer
            x = run(x) if checkpoint else run(x, mask, seen)
        return self.norm(x)


class Decoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.s = Shape(config)
        self.model = Body(self.s)
        if not self.s.tied:
            self.lm_head = nn.Linear(self.s.hidden_size, self.s.vocab_size, bias=False)

    def __call__(self, tokens, cache=None, checkpoint=False):
        x = self.model(tokens, cache, checkpoint)
        return self.model.embed_tokens.as_linear(x) if self.s.tied else self.lm_head(x)
