"""Trains with a batch that is larger than memory would hold, by adding up gradients.

    mlxstar examples/accumulate.py [--steps N] [--micro-batches N] [--forget-eval]

Each step goes through its micro-batches one by one, adds their gradients to a sum, and
evaluates the sum before the next: one micro-batch's graph is in memory, whatever their
number. --forget-eval leaves the evaluation out, and the peak shows what it is for.
"""

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_map

from char_lm import TEXT, Alphabet, CharLM, loss_fn, windows
from runlog import Run, options


def memory_line(step):
    """What MLX counts, in MB: now, at most since the line before, and kept for reuse."""
    sizes = {
        "active": mx.get_active_memory(),
        "peak": mx.get_peak_memory(),
        "cache": mx.get_cache_memory(),
    }
    mx.reset_peak_memory()
    return f"step {step:4d}  " + "  ".join(f"{name} {size / 1e6:8.2f} MB" for name, size in sizes.items())


def main():
    parser = options(__doc__)
    parser.add_argument("--steps", type=int, default=15)
    parser.add_argument("--micro-batches", type=int, default=8, help="of which the gradients make one step")
    parser.add_argument("--batch-size", type=int, default=8, help="windows in a micro-batch")
    parser.add_argument("--context", type=int, default=48)
    parser.add_argument("--dims", type=int, default=64)
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--forget-eval", action="store_true", help="do not evaluate between micro-batches")
    args = parser.parse_args()

    mx.random.seed(args.seed)
    text = TEXT.read_text()
    alphabet = Alphabet(text)
    data = alphabet.encode(text)
    model = CharLM(len(alphabet), args.context, args.dims, heads=4, layers=2)
    optimizer = optim.AdamW(learning_rate=args.lr)
    mx.eval(model.parameters(), data)
    loss_and_grad = nn.value_and_grad(model, loss_fn)

    run = Run("accumulate", args)
    batches = windows(data, args.context, args.batch_size, args.steps * args.micro_batches)
    for step in run.watch(range(1, args.steps + 1)):
        accumulated = tree_map(mx.zeros_like, model.trainable_parameters())
        total = mx.array(0.0)
        for _ in range(args.micro_batches):
            loss, grads = loss_and_grad(model, *next(batches))
            accumulated = tree_map(lambda a, g: a + g, accumulated, grads)
            total = total + loss
            if not args.forget_eval:
                mx.eval(accumulated, total)
        grads = tree_map(lambda g: g / args.micro_batches, accumulated)
        optimizer.update(model, grads)
        mx.eval(model.parameters(), optimizer.state)
        run.loss(total / args.micro_batches)
        del grads, accumulated
        if not args.json:
            print(memory_line(step))
    run.finish(windows_per_step=args.micro_batches * args.batch_size)


if __name__ == "__main__":
    main()
