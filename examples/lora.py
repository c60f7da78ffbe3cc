"""Adapts a quantized transformer to other text with low-rank adapters (LoRA).

    mlxstar examples/lora.py [--pretrain N] [--steps N] [--rank N] [--bits N] [--adapters FILE]

A character model learns Shakespeare's sonnets and is quantized. Then it is frozen, and
small matrices beside its projections learn Blake's songs. At the end they are saved by
themselves, loaded into a fresh copy, and fused into the quantized weights.
"""

import tempfile
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten, tree_unflatten

from char_lm import Alphabet, CharLM, loss_fn, windows
from runlog import Run, options

DATA = Path(__file__).resolve().parent / "data"


class LoRALinear(nn.Module):
    """A linear layer, quantized or not, plus scale times the product of two thin matrices."""

    def __init__(self, linear, rank, scale):
        super().__init__()
        outputs, inputs = linear.weight.shape
        if isinstance(linear, nn.QuantizedLinear):
            inputs = inputs * 32 // linear.bits
        self.linear = linear
        self.scale = scale
        self.lora_a = mx.random.normal((inputs, rank)) / inputs**0.5
        self.lora_b = mx.zeros((rank, outputs))

    def __call__(self, x):
        return self.linear(x) + self.scale * (x @ self.lora_a @ self.lora_b)

    def fused(self):
        """A layer of the inner one's kind that does the same."""
        inner = self.linear
        change = self.scale * (self.lora_a @ self.lora_b).T
        quantized = isinstance(inner, nn.QuantizedLinear)
        weight = inner.weight
        if quantized:
            weight = mx.dequantize(weight, inner.scales, inner.biases, group_size=inner.group_size, bits=inner.bits)
        outputs, inputs = change.shape
        layer = nn.Linear(inputs, outputs, bias="bias" in inner)
        layer.weight = weight + change
        if "bias" in inner:
            layer.bias = inner.bias
        if quantized:
            layer = nn.QuantizedLinear.from_linear(layer, inner.group_size, inner.bits)
        return layer


def is_adaptable(path):
    return path.endswith(("query_proj", "value_proj", "out_proj", "linear1", "linear2"))


def add_adapters(model, rank, scale):
    """Freezes the model and puts adapters beside its projections."""
    model.freeze()
    layers = [
        (path, LoRALinear(module, rank, scale))
        for path, module in model.named_modules()
        if is_adaptable(path) and isinstance(module, (nn.Linear, nn.QuantizedLinear))
    ]
    # In the order of their names, so that the draws do not depend on that of the walk.
    model.update_modules(tree_unflatten(sorted(layers, key=lambda pair: pair[0])))


def fuse_adapters(model):
    layers = [(path, m.fused()) for path, m in model.named_modules() if isinstance(m, LoRALinear)]
    model.update_modules(tree_unflatten(layers))


def train(model, run, data, steps, args, rate, desc):
    optimizer = optim.AdamW(learning_rate=rate, weight_decay=0.0)
    loss_and_grad = nn.value_and_grad(model, loss_fn)
    batches = windows(data, args.context, args.batch_size, steps)
    for _ in run.watch(range(steps), desc=desc):
        loss, grads = loss_and_grad(model, *next(batches))
        optimizer.update(model, grads)
        mx.eval(model.trainable_parameters(), optimizer.state, loss)
        run.loss(loss)


def evaluate(model, data, context):
    """The mean loss over the whole of a text, in windows that follow each other."""
    count = (data.size - 1) // context
    x = data[: count * context].reshape(count, context)
    y = data[1 : count * context + 1].reshape(count, context)
    return loss_fn(model, x, y).item()


def weight_bytes(model):
    return sum(v.nbytes for _, v in tree_flatten(model.parameters()))


def main():
    parser = options(__doc__)
    parser.add_argument("--pretrain", type=int, default=200, help="steps on the sonnets")
    parser.add_argument("--steps", type=int, default=150, help="steps on the songs")
    parser.add_argument("--rank", type=int, default=4)
    parser.add_argument("--scale", type=float, default=2.0, help="of the adapters' part")
    parser.add_argument("--bits", type=int, default=4, choices=[2, 3, 4, 5, 6, 8])
    parser.add_argument("--group-size", type=int, default=32, choices=[32, 64, 128])
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--context", type=int, default=48)
    parser.add_argument("--dims", type=int, default=64)
    parser.add_argument("--lr", type=float, default=7e-4)
    parser.add_argument("--adapters", type=Path, help="safetensors file to keep the adapters in")
    args = parser.parse_args()

    mx.random.seed(args.seed)
    texts = [(DATA / name).read_text() for name in ("sonnets.txt", "songs.txt")]
    alphabet = Alphabet("".join(texts))
    sonnets, songs = map(alphabet.encode, texts)

    def build():
        return CharLM(len(alphabet), args.context, args.dims, heads=4, layers=2)

    run = Run("lora", args)
    model = build()
    train(model, run, sonnets, args.pretrain, args, args.lr, "pretraining")
    results = {"bytes": weight_bytes(model), "songs_before": evaluate(model, songs, args.context)}

    nn.quantize(model, group_size=args.group_size, bits=args.bits, class_predicate=lambda _, m: isinstance(m, nn.Linear))
    base = dict(tree_flatten(model.parameters()))
    results["quantized_bytes"] = weight_bytes(model)
    results["songs_quantized"] = evaluate(model, songs, args.context)

    add_adapters(model, args.rank, args.scale)
    train(model, run, songs, args.steps, args, args.lr, "adapting")
    adapters = dict(tree_flatten(model.trainable_parameters()))
    results["adapter_bytes"] = sum(v.nbytes for v in adapters.values())
    results["songs_adapted"] = evaluate(model, songs, args.context)

    with tempfile.TemporaryDirectory() as scratch:
        path = args.adapters or Path(scratch) / "adapters.safetensors"
        mx.save_safetensors(str(path), adapters, metadata={"rank": str(args.rank)})
        copy = build()
        nn.quantize(copy, group_size=args.group_size, bits=args.bits, class_predicate=lambda _, m: isinstance(m, nn.Linear))
        copy.load_weights(list(base.items()))
        add_adapters(copy, args.rank, args.scale)
        copy.load_weights(str(path), strict=False)
        results["songs_reloaded"] = evaluate(copy, songs, args.context)

    fuse_adapters(model)
    results["songs_fused"] = evaluate(model, songs, args.context)
    run.finish(**results)


if __name__ == "__main__":
    main()
