"""Writes text with a Llama model whose layers are divided among processes.

    mlxstar examples/llama/make_model.py DIRECTORY
    mlxstar launch -n 2 examples/distributed/tensor_parallel.py DIRECTORY [--prompt TEXT] [--max-tokens N]

Every process has some heads and some of the hidden units of each layer, and adds up what it computes with
the others, twice a layer. They all write the same text, which is that of one process.
"""

import sys
from pathlib import Path

import mlx.core as mx
from mlx.nn.layers.distributed import shard_linear

examples = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(examples / "llama"))
sys.path.insert(0, str(examples))

from model import load
from runlog import Run, options
from tokenizer import Tokenizer


def shard(model, world):
    """Divide the heads and the hidden units of each layer."""
    size = world.size()
    for layer in model.model.layers:
        attention, mlp = layer.self_attn, layer.mlp
        if attention.heads % size or attention.kv_heads % size:
            raise SystemExit(f"{size} processes do not divide {attention.heads} heads and {attention.kv_heads} of keys and values")
        attention.heads //= size
        attention.kv_heads //= size
        for name in ("q_proj", "k_proj", "v_proj"):
            setattr(attention, name, shard_linear(getattr(attention, name), "all-to-sharded"))
        attention.o_proj = shard_linear(attention.o_proj, "sharded-to-all")
        for name in ("gate_proj", "up_proj"):
            setattr(mlp, name, shard_linear(getattr(mlp, name), "all-to-sharded"))
        mlp.down_proj = shard_linear(mlp.down_proj, "sharded-to-all")
    mx.eval(model.parameters())


def main():
    parser = options(__doc__)
    parser.add_argument("directory")
    parser.add_argument("--prompt", default="Shall I")
    parser.add_argument("--max-tokens", type=int, default=60)
    args = parser.parse_args()

    world = mx.distributed.init()
    model, _ = load(args.directory)
    shard(model, world)
    tokenizer = Tokenizer.from_directory(args.directory)
    tokens = tokenizer.encode(args.prompt)
    written = []
    run = Run("tensor_parallel", args)
    cache, x = model.new_cache(), mx.array([tokens])
    steps = range(args.max_tokens)
    for _ in run.watch(steps, desc="writing") if world.rank() == 0 else steps:
        logits = model(x, cache)[0, -1]
        token = mx.argmax(logits)
        surprise = mx.logsumexp(logits) - logits[token]
        mx.eval(token, surprise)
        written.append(token.item())
        x = token.reshape(1, 1)
        if world.rank() == 0:
            run.loss(surprise)
    if world.rank() == 0:
        run.finish(processes=world.size(), text=args.prompt + tokenizer.decode(written))


if __name__ == "__main__":
    main()
