"""Classifies handwritten digits with the batches divided among processes.

    mlxstar launch -n 2 examples/distributed/data_parallel.py [--epochs N] [--batch-size N]
    mlx.launch -n 2 --python python examples/distributed/data_parallel.py

Every process has the whole model and some rows of each batch; gradients are averaged. The losses are
those of one process, which the script gives without a launcher.
"""

import sys
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import digits
from digits_mlp import MLP, accuracy, loss_fn
from runlog import Run, options


def main():
    parser = options(__doc__)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=64, help="of all processes together")
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--lr", type=float, default=1e-3)
    args = parser.parse_args()

    world = mx.distributed.init()
    rank, size = world.rank(), world.size()
    if args.batch_size % size:
        parser.error(f"--batch-size: {args.batch_size} rows are not divided by {size} processes")
    mx.random.seed(args.seed)  # the same for all, so that all begin with the same model
    (x, y), (held_x, held_y) = digits.load_split()
    model = MLP(x.shape[1], args.hidden, digits.CLASSES, 2)
    mx.eval(model.parameters())
    optimizer = optim.Adam(learning_rate=args.lr)
    loss_and_grad = nn.value_and_grad(model, loss_fn)

    run = Run("data_parallel", args)
    plan = digits.batches(len(y), args.batch_size, args.epochs)
    for rows in run.watch(plan) if rank == 0 else plan:
        own = rows[rank::size]
        loss, grads = loss_and_grad(model, x[own], y[own])
        grads = nn.average_gradients(grads)
        optimizer.update(model, grads)
        mx.eval(model.parameters(), optimizer.state)
        loss = mx.distributed.all_sum(loss) / size
        mx.eval(loss)
        if rank == 0:
            run.loss(loss)

    # All have the same parameters, to the bit.
    total = mx.array([mx.sum(mx.abs(w)).item() for _, w in tree_flatten(model.parameters())])
    same = mx.array_equal(mx.distributed.all_max(total), mx.distributed.all_min(total)).item()
    if rank == 0:
        run.finish(accuracy=accuracy(model, held_x, held_y), processes=size, same=same)


if __name__ == "__main__":
    main()
