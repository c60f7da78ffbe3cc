"""Makes a model of examples/llama with random weights, or runs one and prints its peak.

    measure.py EXAMPLES make FOLDER JSON        config.json's entries, and "bits" or "gguf"
    measure.py EXAMPLES run FOLDER JSON         "context", "prefill", "train", "rank", "dtype", "bits"
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten, tree_unflatten

from model import Llama, ModelArgs, load

GGUF = [
    ("model.embed_tokens", "token_embd"),
    ("model.norm", "output_norm"),
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.o_proj", "attn_output"),
    ("lm_head", "output"),
    ("input_layernorm", "attn_norm"),
    ("post_attention_layernorm", "ffn_norm"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
    ("model.layers.", "blk."),
]


def renamed(name, back=False):
    for ours, theirs in GGUF:
        name = name.replace(theirs, ours) if back else name.replace(ours, theirs)
    return name


def make(folder, o):
    config = {k: v for k, v in o.items() if k not in ("bits", "gguf")}
    model = Llama(ModelArgs.from_config(config))
    model.set_dtype(getattr(mx, config.get("torch_dtype", "float32")))
    if "bits" in o:
        nn.quantize(model, group_size=32, bits=o["bits"])
        config["quantization"] = {"group_size": 32, "bits": o["bits"]}
    weights = dict(tree_flatten(model.parameters()))
    if o.get("gguf"):
        metadata = {"general.architecture": "llama"}
        for key, name in [
            ("embedding_length", "hidden_size"),
            ("block_count", "num_hidden_layers"),
            ("feed_forward_length", "intermediate_size"),
            ("attention.head_count", "num_attention_heads"),
            ("attention.head_count_kv", "num_key_value_heads"),
        ]:
            metadata[f"llama.{key}"] = mx.array(config[name], mx.uint32)
        mx.save_gguf(str(folder / "model.gguf"), {renamed(k): v for k, v in weights.items()}, metadata)
        (folder / "kept.json").write_text(json.dumps(config))
        return
    mx.save_safetensors(str(folder / "model.safetensors"), weights)
    (folder / "config.json").write_text(json.dumps(config))


def read(folder):
    if not (folder / "model.gguf").exists():
        return load(folder)[0]
    model = Llama(ModelArgs.from_config(json.loads((folder / "kept.json").read_text())))
    weights = mx.load(str(folder / "model.gguf"))
    model.load_weights([(renamed(k, back=True), w) for k, w in weights.items()])
    return model


class LoRA(nn.Module):
    def __init__(self, linear, inputs, outputs, rank):
        super().__init__()
        self.linear = linear
        self.a = mx.random.normal((inputs, rank))
        self.b = mx.zeros((rank, outputs))

    def __call__(self, x):
        return self.linear(x) + ((x @ self.a) @ self.b).astype(x.dtype)


def train(model, o):
    if o["train"] == "lora":
        model.freeze()
        args = model.args
        for layer in model.model.layers:
            at = layer.self_attn
            at.q_proj = LoRA(at.q_proj, args.hidden_size, args.num_attention_heads * args.head_dim, o["rank"])
            at.v_proj = LoRA(at.v_proj, args.hidden_size, args.num_key_value_heads * args.head_dim, o["rank"])
    optimizer = optim.AdamW(learning_rate=1e-4)
    step = nn.value_and_grad(model, lambda model, x, y: mx.mean(nn.losses.cross_entropy(model(x), y)))
    data = mx.random.randint(0, model.args.vocab_size, (o["batch"], o["context"] + 1))
    for _ in range(3):
        loss, grads = step(model, data[:, :-1], data[:, 1:])
        optimizer.update(model, grads)
        mx.eval(model.parameters(), optimizer.state, loss)


def generate(model, o):
    cache = model.new_cache()
    prompt = mx.random.randint(0, model.args.vocab_size, (1, o["context"] - 1))
    while prompt.shape[1] > 0:
        model(prompt[:, : o["prefill"]], cache)
        mx.eval([c.state for c in cache])
        prompt = prompt[:, o["prefill"] :]
    logits = model(mx.zeros((1, 1), mx.int32), cache)[:, -1]
    token = mx.argmax(logits, axis=-1)
    mx.eval(token, logits - mx.logsumexp(logits, axis=-1, keepdims=True))


def run(folder, o):
    model = read(folder)
    if o.get("dtype"):
        model.set_dtype(getattr(mx, o["dtype"]))
    if o.get("bits"):
        nn.quantize(model, group_size=64, bits=o["bits"])
    mx.eval(model.parameters())
    (train if o.get("train") else generate)(model, o)
    print(json.dumps({"peak": mx.get_peak_memory(), "active": mx.get_active_memory()}))


{"make": make, "run": run}[sys.argv[2]](Path(sys.argv[3]), json.loads(sys.argv[4]))
