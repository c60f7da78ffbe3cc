"""Fits a line, and yields its loss at each step."""

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim


def train(steps):
    mx.random.seed(0)
    x = mx.random.normal((64, 4))
    y = x @ mx.array([1.0, -2.0, 3.0, 0.5]) + 0.25
    model = nn.Linear(4, 1)
    optimizer = optim.Adam(learning_rate=0.05)

    def loss_fn(model):
        return nn.losses.mse_loss(model(x).squeeze(-1), y)

    step_fn = nn.value_and_grad(model, loss_fn)
    for step in range(steps):
        loss, grads = step_fn(model)
        optimizer.update(model, grads)
        mx.eval(model.parameters(), optimizer.state)
        yield {"step": step, "loss": loss.item()}
