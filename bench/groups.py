"""What each process of a group is timed by: sums of few bytes and of many, and a training step."""

import json
import sys
import time

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim


def seconds(repetitions, f):
    """How long each of several calls took, after two that do not count."""
    for _ in range(2):
        f()
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return times


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = [nn.Linear(width, width) for _ in range(4)]

    def __call__(self, x):
        for layer in self.layers:
            x = nn.relu(layer(x))
        return x


def training(world, batch, width):
    """A step of training on this process's part of the batch."""
    mx.random.seed(1)
    model, optimizer = Model(width), optim.Adam(1e-3)
    x = mx.random.normal((batch, width))[world.rank() :: world.size()]
    loss = nn.value_and_grad(model, lambda model: (model(x) - x).square().mean())

    def step():
        _, gradients = loss(model)
        optimizer.update(model, nn.average_gradients(gradients))
        mx.eval(model.parameters(), optimizer.state)

    return step


def main():
    rows = json.loads(sys.argv[1])
    world = mx.distributed.init()
    out = {}
    for row in rows:
        if row["bytes"]:
            x = mx.ones(row["bytes"] // 4)
            mx.eval(x)
            step = lambda: mx.eval(mx.distributed.all_sum(x))
        else:
            step = training(world, row["batch"], row["width"])
        out[row["name"]] = seconds(row["repetitions"], step)
    if world.rank() == 0:
        print(json.dumps({"size": world.size(), "version": mx.__version__, "times": out}))


main()
