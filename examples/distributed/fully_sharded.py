"""Trains a character model of whose parameters every process keeps a part.

    mlxstar launch -n 2 examples/distributed/fully_sharded.py [--steps N] [--dims N]

Each layer gathers its parameters when it is called and lets go of them; gradients are summed where
their rows are kept, and the optimizer's state is as divided as they are. MLX has what this needs with NCCL;
its ring has not.
"""

import sys
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.nn.layers.distributed import fully_shard
from mlx.utils import tree_flatten

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from runlog import Run, options

TEXT = Path(__file__).resolve().parent.parent / "data" / "sonnets.txt"


class CharacterModel(nn.Module):
    """Predicts a character from those before it, each embedded by its distance."""

    def __init__(self, characters, context, dims, layers):
        super().__init__()
        self.embedding = nn.Embedding(characters, dims)
        self.join = nn.Linear(context * dims, dims)
        self.layers = [nn.Linear(dims, dims) for _ in range(layers)]
        self.out = nn.Linear(dims, characters)

    def shard(self):
        """Divide the large layers. The others are the same everywhere."""
        self.join = fully_shard(self.join)
        self.layers = [fully_shard(layer) for layer in self.layers]

    def __call__(self, x):
        x = self.embedding(x)
        x = nn.gelu(self.join(x.reshape(x.shape[0], -1)))
        for layer in self.layers:
            x = x + nn.gelu(layer(x))
        return self.out(x)


def average_whole(grads):
    """Average the gradients of what every process has all of; the others are averaged already."""
    grads.update(nn.average_gradients({name: grads[name] for name in ("embedding", "out")}))
    return grads


def main():
    parser = options(__doc__)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--batch-size", type=int, default=64, help="of all processes together")
    parser.add_argument("--context", type=int, default=16)
    parser.add_argument("--dims", type=int, default=128)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--lr", type=float, default=2e-3)
    args = parser.parse_args()

    world = mx.distributed.init()
    rank, size = world.rank(), world.size()
    if args.batch_size % size or args.dims % size:
        parser.error(f"{size} processes do not divide --batch-size and --dims")
    mx.random.seed(args.seed)
    text = TEXT.read_text()
    letters = sorted(set(text))
    codes = mx.array([letters.index(c) for c in text])
    model = CharacterModel(len(letters), args.context, args.dims, args.layers)
    mx.eval(model.parameters())
    model.shard()

    def loss_fn(model, x, y):
        return nn.losses.cross_entropy(model(x), y, reduction="mean")

    optimizer = optim.Adam(learning_rate=args.lr)
    loss_and_grad = nn.value_and_grad(model, loss_fn)
    run = Run("fully_sharded", args)
    steps = range(args.steps)
    for _ in run.watch(steps) if rank == 0 else steps:
        at = mx.random.randint(0, len(text) - args.context, (args.batch_size,))[rank::size]
        x = codes[at[:, None] + mx.arange(args.context)]
        loss, grads = loss_and_grad(model, x, codes[at + args.context])
        optimizer.update(model, average_whole(grads))
        mx.eval(model.parameters(), optimizer.state, loss)
        loss = mx.distributed.all_sum(loss) / size
        mx.eval(loss)
        if rank == 0:
            run.loss(loss)
    kept = sum(w.size for _, w in tree_flatten(model.parameters()))
    if rank == 0:
        run.finish(processes=size, parameters_here=kept)


if __name__ == "__main__":
    main()
