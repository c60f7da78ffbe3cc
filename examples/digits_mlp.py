"""Classifies handwritten digits with a multilayer perceptron.

    mlxstar examples/digits_mlp.py [--epochs N] [--hidden N] [--layers N] [--lr RATE]
"""

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

import digits
from runlog import Run, options


class MLP(nn.Module):
    def __init__(self, inputs, hidden, outputs, layers):
        super().__init__()
        sizes = [inputs] + [hidden] * layers + [outputs]
        self.layers = [nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])]

    def __call__(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = nn.gelu(layer(x))
        return last(x)


def loss_fn(model, x, y):
    return nn.losses.cross_entropy(model(x), y, reduction="mean")


def accuracy(model, x, y):
    return mx.mean(mx.argmax(model(x), axis=-1) == y).item()


def main():
    parser = options(__doc__)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1e-3)
    args = parser.parse_args()

    mx.random.seed(args.seed)
    (x, y), (held_x, held_y) = digits.load_split()
    model = MLP(x.shape[1], args.hidden, digits.CLASSES, args.layers)
    mx.eval(model.parameters())
    optimizer = optim.Adam(learning_rate=args.lr)
    loss_and_grad = nn.value_and_grad(model, loss_fn)

    run = Run("digits_mlp", args)
    for rows in run.watch(digits.batches(len(y), args.batch_size, args.epochs)):
        loss, grads = loss_and_grad(model, x[rows], y[rows])
        optimizer.update(model, grads)
        mx.eval(model.parameters(), optimizer.state, loss)
        run.loss(loss)
    run.finish(accuracy=accuracy(model, held_x, held_y))


if __name__ == "__main__":
    main()
