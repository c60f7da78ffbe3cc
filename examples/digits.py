"""The digits that several examples learn: 1,797 scans of 8 by 8 pixels."""

import gzip
from pathlib import Path

import mlx.core as mx

FILE = Path(__file__).resolve().parent.parent / "scripts" / "data" / "digits.csv.gz"
SIDE = 8
CLASSES = 10
BRIGHTEST = 16


def load():
    """Images in 0 to 1 and labels: float32 (n, 64) and int32 (n,)."""
    with gzip.open(FILE, "rt") as f:
        table = mx.array([[int(cell) for cell in row.split(",")] for row in f])
    pixels = SIDE * SIDE
    return table[:, :pixels].astype(mx.float32) / BRIGHTEST, table[:, pixels]


def load_split(held_out=0.2):
    """Shuffles the digits and divides them: (images, labels) to train on, and held out."""
    images, labels = load()
    order = mx.random.permutation(len(labels))
    images, labels = images[order], labels[order]
    n = int(len(labels) * held_out)
    return (images[n:], labels[n:]), (images[:n], labels[:n])


def batches(n, size, epochs):
    """The rows of each batch of all epochs, each epoch in an order of its own.

    The rows that do not fill a batch at an epoch's end are left out.
    """
    plan = []
    for _ in range(epochs):
        order = mx.random.permutation(n)
        plan.extend(order[i : i + size] for i in range(0, n - size + 1, size))
    mx.eval(plan)
    return plan
