"""Classifies handwritten digits with a convolutional network, to 98.5% and above.

    mlxstar examples/digits_cnn.py [--epochs N] [--width N] [--lr RATE]

The step is compiled: what it reads and changes, the random state for dropout among
it, is named as its inputs and outputs. Each image is moved by up to a pixel.
"""

from functools import partial

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

import digits
from runlog import Run, options


class Block(nn.Module):
    """Convolution, normalization, activation, with a way around them."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.norm = nn.BatchNorm(channels)

    def __call__(self, x):
        return x + nn.gelu(self.norm(self.conv(x)))


class CNN(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, width, kernel_size=3, padding=1),
            nn.gelu,
            Block(width),
            nn.AvgPool2d(kernel_size=2, stride=2),
            nn.Conv2d(width, 2 * width, kernel_size=3, padding=1),
            nn.gelu,
            Block(2 * width),
            nn.AvgPool2d(kernel_size=2, stride=2),
        )
        self.dropout = nn.Dropout(0.3)
        self.classify = nn.Linear(2 * width * 4, classes)

    def __call__(self, x):
        x = self.features(x)
        return self.classify(self.dropout(x.flatten(1)))


def as_images(x):
    return x.reshape(-1, digits.SIDE, digits.SIDE, 1)


def shifted(x):
    """The images, each moved by up to a pixel in each direction."""
    n = x.shape[0]
    padded = mx.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    corner = mx.random.randint(0, 3, (2, n, 1, 1))
    along = mx.arange(digits.SIDE)
    return padded[mx.arange(n)[:, None, None], corner[0] + along[:, None], corner[1] + along]


def loss_fn(model, x, y):
    return nn.losses.cross_entropy(model(x), y, label_smoothing=0.05, reduction="mean")


def accuracy(model, x, y):
    model.eval()
    right = mx.mean(mx.argmax(model(x), axis=-1) == y).item()
    model.train()
    return right


def main():
    parser = options(__doc__)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--width", type=int, default=24)
    parser.add_argument("--lr", type=float, default=2e-3)
    args = parser.parse_args()

    mx.random.seed(args.seed)
    (x, y), (held_x, held_y) = digits.load_split()
    x, held_x = as_images(x), as_images(held_x)
    plan = digits.batches(len(y), args.batch_size, args.epochs)

    model = CNN(args.width, digits.CLASSES)
    optimizer = optim.AdamW(learning_rate=optim.cosine_decay(args.lr, len(plan)), weight_decay=0.01)
    state = [model.state, optimizer.state, mx.random.state]
    mx.eval(state)

    @partial(mx.compile, inputs=state, outputs=state)
    def train_step(x, y):
        loss, grads = nn.value_and_grad(model, loss_fn)(model, x, y)
        optimizer.update(model, grads)
        return loss

    run = Run("digits_cnn", args)
    for rows in run.watch(plan):
        loss = train_step(shifted(x[rows]), y[rows])
        mx.eval(state, loss)
        run.loss(loss)
    run.finish(accuracy=accuracy(model, held_x, held_y))


if __name__ == "__main__":
    main()
