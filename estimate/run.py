"""What a model takes: it is loaded, and run, by a runtime that computes nothing.

Numbers of bytes come from the counters, and from the sizes of arrays; the elements of
arrays mean nothing here.
"""

import glob
import json
from pathlib import Path

import mlx.optimizers as optim
import mlxstar.memory
from mlx.utils import tree_flatten, tree_unflatten

FLOATS = (mx.float32, mx.float16, mx.bfloat16)


def read(path):
    """The entries of config.json, or None; and the weights by name, or None, not read."""
    path = Path(path)
    if path.suffix == ".json":
        return json.loads(path.read_text()), None
    if path.suffix == ".gguf":
        return read_gguf(path)
    folder = path if path.is_dir() else path.parent
    config = json.loads((folder / "config.json").read_text()) if (folder / "config.json").exists() else None
    if not path.is_dir():
        return config, mx.load(str(path), format="safetensors")
    index = folder / "model.safetensors.index.json"
    if index.exists():
        files = [folder / name for name in sorted(set(json.loads(index.read_text())["weight_map"].values()))]
    else:
        files = sorted(glob.glob(str(folder / "model*.safetensors"))) or sorted(glob.glob(str(folder / "*.safetensors")))
    if not files:
        if config is None:
            raise FileNotFoundError(f"{path} has neither config.json nor safetensors files")
        return config, None
    weights = {}
    for file in files:
        weights.update(mx.load(str(file)))
    return config, weights


# How GGUF files name what Hugging Face's checkpoints name otherwise.
GGUF_NAMES = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_qkv": "self_attn.qkv_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def read_gguf(path):
    weights, metadata = mx.load(str(path), return_metadata=True)
    kind = metadata.get("general.architecture")

    def number(key, default=None):
        value = metadata.get(f"{kind}.{key}")
        return default if value is None else int(value.item())

    renamed = {}
    for name, w in weights.items():
        base, _, end = name.rpartition(".")
        layer = ""
        if base.startswith("blk."):
            _, n, base = base.split(".", 2)
            layer = f"model.layers.{n}."
        if base == "rope_freqs":
            continue
        base = GGUF_NAMES.get(base, base)
        if kind == "phi3" and base == "mlp.up_proj":
            base = "mlp.gate_up_proj"
        renamed[f"{layer}{base}.{end}"] = w
    norm = renamed.get("model.norm.weight")
    config = {
        "model_type": kind,
        "hidden_size": number("embedding_length"),
        "num_hidden_layers": number("block_count"),
        "intermediate_size": number("feed_forward_length"),
        "num_attention_heads": number("attention.head_count"),
        "num_key_value_heads": number("attention.head_count_kv"),
        "head_dim": number("attention.key_length"),
        "max_position_embeddings": number("context_length", 2048),
        "vocab_size": renamed["model.embed_tokens.weight"].shape[0] if "model.embed_tokens.weight" in renamed else None,
        "tie_word_embeddings": "lm_head.weight" not in renamed,
        "torch_dtype": "float32" if norm is None else str(norm.dtype),
    }
    return config, renamed


def quantization(path, module, weights, mode):
    """The arguments of to_quantized for a layer that is quantized in the files, else False."""
    scales = weights.get(f"{path}.scales")
    if scales is None or not hasattr(module, "to_quantized"):
        return False
    inputs = module.weight.shape[-1]
    return {"group_size": inputs // scales.shape[-1], "bits": weights[f"{path}.weight"].shape[-1] * 32 // inputs, "mode": mode}


def quantize(model, bits, group_size, mode="affine"):
    def fits(path, module):
        return hasattr(module, "to_quantized") and module.weight.shape[-1] % group_size == 0

    nn.quantize(model, group_size, bits, mode=mode, class_predicate=fits)


def is_quantized(model):
    return any("scales" in m for _, m in model.named_modules())


def build(config, weights, o):
    """The model with its weights, which are not loaded yet, and how many numbers they are."""
    model = Decoder(config)
    numbers = sum(p.size for _, p in tree_flatten(model.parameters()))
    given = config.get("quantization") or {}
    mode = given.get("mode", "affine")
    if weights is None:
        dtype = getattr(mx, str(config.get("torch_dtype") or config.get("dtype") or "float32").split(".")[-1])
        model.update(tree_unflatten([(name, mx.zeros(p.shape, dtype)) for name, p in tree_flatten(model.parameters())]))
        if given:
            quantize(model, given["bits"], given["group_size"], mode)
    else:
        nn.quantize(model, class_predicate=lambda path, m: quantization(path, m, weights, mode))
        wanted = [
            (name, w)
            for name, w in weights.items()
            if not name.endswith("rotary_emb.inv_freq") and not (model.s.tied and name.startswith("lm_head."))
        ]
        model.load_weights(wanted)
    if o["dtype"]:
        model.set_dtype(getattr(mx, o["dtype"]))
    if o["bits"]:
        if is_quantized(model):
            raise ValueError("bits: the weights are quantized already")
        quantize(model, o["bits"], o["group_size"] or 64)
    return model, numbers


class Adapter(nn.Module):
    """A layer plus the product of two thin matrices."""

    def __init__(self, linear, inputs, outputs, rank):
        super().__init__()
        self.linear = linear
        self.lora_a = mx.random.uniform(-1, 1, (inputs, rank))
        self.lora_b = mx.zeros((rank, outputs))

    def __call__(self, x):
        return self.linear(x) + (2.0 * ((x @ self.lora_a) @ self.lora_b)).astype(x.dtype)


def adapt(model, rank):
    s = model.s
    model.freeze()
    for layer in model.model.layers:
        a, queries, keys = layer.self_attn, s.heads * s.head_dim, s.kv_heads * s.head_dim
        if "joined projections" in s.has:
            a.qkv_proj = Adapter(a.qkv_proj, s.hidden_size, queries + 2 * keys, rank)
        else:
            a.q_proj = Adapter(a.q_proj, s.hidden_size, queries, rank)
            a.v_proj = Adapter(a.v_proj, s.hidden_size, keys, rank)
    mx.eval(model.trainable_parameters())


def loss_fn(model, x, y, checkpoint):
    return nn.losses.cross_entropy(model(x, checkpoint=checkpoint), y).mean()


def train(model, batch, context, checkpoint):
    """Steps until every one takes what the one before took."""
    optimizer = optim.AdamW(learning_rate=1e-5)
    step = nn.value_and_grad(model, loss_fn)
    tokens = mx.zeros((batch, context + 1), mx.int32)
    for _ in range(3):
        loss, grads = step(model, tokens[:, :-1], tokens[:, 1:], checkpoint)
        optimizer.update(model, grads)
        mx.eval(model.trainable_parameters(), optimizer.state, loss)
    return optimizer


def generate(model, batch, context, prefill):
    """The last chunks of a prompt, and the token after it, which fills the context."""
    model.eval()
    cache = [KVCache() for _ in model.model.layers]
    dtype = model.model.norm.weight.dtype
    before = max(context - 1 - 2 * prefill, 0) // KVCache.BLOCK * KVCache.BLOCK
    if before > 0:
        for c in cache:
            c.fill(model.s, batch, before, dtype)
        mx.eval([c.state for c in cache])
    for start in range(before, context - 1, prefill):
        tokens = mx.zeros((batch, min(prefill, context - 1 - start)), mx.int32)
        model(tokens, cache)
        mx.eval([c.state for c in cache])
    logits = model(mx.zeros((batch, 1), mx.int32), cache)[:, -1]
    token = mx.argmax(logits, axis=-1)
    mx.eval(token, logits - mx.logsumexp(logits, axis=-1, keepdims=True))
    return cache


def total(tree):
    return sum(a.nbytes for _, a in tree_flatten(tree))


def held_at_peak():
    """What was there at the peak, but for what was before the recording."""
    sums = {}
    for row in mlxstar.memory.snapshot()["rows"]:
        if row.get("operation") and row["at_peak"]["bytes"] > 0:
            key = (row["operation"], row["dtype"], tuple(row.get("shape") or []))
            n, arrays = sums.get(key, (0, 0))
            sums[key] = (n + row["at_peak"]["bytes"], arrays + row["at_peak"]["arrays"])
    rows = [
        {"operation": k[0], "dtype": k[1], "shape": list(k[2]), "bytes": n, "arrays": arrays} for k, (n, arrays) in sums.items()
    ]
    return sorted(rows, key=lambda r: -r["bytes"])


def weights_alone(weights, o, why):
    """For what nothing but the weights is known of: they are loaded and converted."""
    kept = {}
    for name, w in weights.items():
        if o["dtype"] and w.dtype in FLOATS:
            w = w.astype(getattr(mx, o["dtype"]))
        group = o["group_size"] or 64
        if o["bits"] and name.endswith(".weight") and w.ndim == 2 and w.dtype in FLOATS and w.shape[-1] % group == 0:
            w = list(mx.quantize(w, group_size=group, bits=o["bits"]))
        kept[name] = w
    numbers = sum(w.size for w in weights.values() if w.dtype in FLOATS)
    weights.clear()
    del w
    mx.reset_peak_memory()
    mx.eval(kept)
    peak, active = mx.get_peak_memory(), mx.get_active_memory()
    return {"architecture": "", "parameters": numbers, "weights": total(kept), "loading": peak, "active": active, "peak": peak, "at_peak": [], "note": why}


def estimate(text):
    o = json.loads(text)
    config, weights = read(o["path"])
    kind = None if config is None else config.get("model_type")
    if kind not in ARCHITECTURES:
        known = ", ".join(sorted(ARCHITECTURES))
        why = f"the weights alone: there is no config.json beside them" if config is None else f"the weights alone: what a model of type {kind} computes is not known here, but for {known}"
        if weights is None:
            raise ValueError(f"config: model_type is {kind!r}, want one of {known}, or weights beside it")
        if o["train"] or o["context"] or o["batch"]:
            raise ValueError(f"train, batch and context need a config.json with a model_type of {known}; got {kind!r}")
        return json.dumps(weights_alone(weights, o, why))

    model, numbers = build(config, weights, o)
    del weights
    mx.reset_peak_memory()
    mx.eval(model.parameters())
    result = {"architecture": kind, "parameters": numbers, "weights": total(model.parameters()), "loading": mx.get_peak_memory()}
    batch, context = o["batch"] or 1, o["context"] or min(model.s.longest, 2048)
    if o["train"] == "adamw" and is_quantized(model):
        raise ValueError("train: adamw changes all weights, and quantized ones cannot be; want lora")
    if o["train"] == "lora":
        adapt(model, o["rank"] or 8)
        result["adapters"] = total(model.trainable_parameters())
    mx.clear_cache()
    mlxstar.memory.record()
    mx.reset_peak_memory()
    if o["train"]:
        model.train()
        optimizer = train(model, batch, context, o["checkpoint"])
        result["optimizer"] = total(optimizer.state)
        result["gradients"] = total(model.trainable_parameters())
    else:
        cache = generate(model, batch, context, o["prefill"] or 512)
        result["cache"] = total([c.state for c in cache])
    result["active"], peak = mx.get_active_memory(), mx.get_peak_memory()
    kept = sum(result.get(name, 0) for name in ("weights", "adapters", "optimizer", "cache"))
    result.update(context=context, activations=peak - kept, peak=max(peak, result["loading"]), at_peak=held_at_peak())
    return json.dumps(result)
