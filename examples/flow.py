"""A normalizing flow that learns the density of points in a plane.

    mlxstar examples/flow.py [--steps N] [--layers N] [--data moons|rings|spiral]

Affine couplings (RealNVP) map the points to a standard normal distribution. The
determinant of each coupling is known, so the likelihood of a point is exact.
"""

import math
from functools import partial

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

from runlog import Run, options


def moons(n):
    """Two half circles that reach into each other."""
    angle = math.pi * mx.random.uniform(shape=(n,))
    lower = mx.random.bernoulli(0.5, (n,))
    x = mx.where(lower, 1 - mx.cos(angle), mx.cos(angle))
    y = mx.where(lower, 0.5 - mx.sin(angle), mx.sin(angle))
    return mx.stack([x - 0.5, y - 0.25], axis=1) * 1.5


def rings(n):
    """Two circles about the origin."""
    angle = 2 * math.pi * mx.random.uniform(shape=(n,))
    radius = 1.0 + mx.random.bernoulli(0.5, (n,)).astype(mx.float32)
    return mx.stack([radius * mx.cos(angle), radius * mx.sin(angle)], axis=1)


def spiral(n):
    turn = mx.sqrt(mx.random.uniform(shape=(n,)))
    angle = 3 * math.pi * turn
    return 2 * turn[:, None] * mx.stack([mx.cos(angle), mx.sin(angle)], axis=1)


SHAPES = {f.__name__: f for f in (moons, rings, spiral)}


def draw(shape, n, noise):
    return SHAPES[shape](n) + noise * mx.random.normal((n, 2))


class Coupling(nn.Module):
    """Scales and shifts one coordinate by functions of the other."""

    def __init__(self, keep, hidden):
        super().__init__()
        self.keep = keep
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 2))

    def parameters_of(self, x):
        scale, shift = mx.split(self.net(x[:, self.keep, None]), 2, axis=1)
        return mx.tanh(scale[:, 0]), shift[:, 0]

    def join(self, kept, other):
        pair = [kept, other] if self.keep == 0 else [other, kept]
        return mx.stack(pair, axis=1)

    def __call__(self, x):
        """Towards the normal distribution: the points, and the log determinant at each."""
        scale, shift = self.parameters_of(x)
        return self.join(x[:, self.keep], (x[:, 1 - self.keep] - shift) * mx.exp(-scale)), -scale

    def inverse(self, z):
        scale, shift = self.parameters_of(z)
        return self.join(z[:, self.keep], z[:, 1 - self.keep] * mx.exp(scale) + shift)


class Flow(nn.Module):
    def __init__(self, layers, hidden):
        super().__init__()
        self.couplings = [Coupling(i % 2, hidden) for i in range(layers)]

    def __call__(self, x):
        total = mx.zeros(x.shape[:1])
        for coupling in self.couplings:
            x, log_determinant = coupling(x)
            total = total + log_determinant
        return x, total

    def log_prob(self, x):
        z, log_determinant = self(x)
        normal = -0.5 * z.square().sum(axis=1) - math.log(2 * math.pi)
        return normal + log_determinant

    def sample(self, n):
        x = mx.random.normal((n, 2))
        for coupling in reversed(self.couplings):
            x = coupling.inverse(x)
        return x


def loss_fn(model, x):
    return -model.log_prob(x).mean()


def main():
    parser = options(__doc__)
    parser.add_argument("--data", choices=sorted(SHAPES), default="moons")
    parser.add_argument("--noise", type=float, default=0.2, help="spread of the points about the shape")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--lr", type=float, default=1e-3)
    args = parser.parse_args()

    mx.random.seed(args.seed)
    model = Flow(args.layers, args.hidden)
    optimizer = optim.Adam(learning_rate=args.lr)
    state = [model.state, optimizer.state]
    mx.eval(state)

    @partial(mx.compile, inputs=state, outputs=state)
    def step(x):
        loss, grads = nn.value_and_grad(model, loss_fn)(model, x)
        grads, _ = optim.clip_grad_norm(grads, 5.0)
        optimizer.update(model, grads)
        return loss

    run = Run("flow", args)
    for _ in run.watch(range(args.steps)):
        loss = step(draw(args.data, args.batch_size, args.noise))
        mx.eval(state, loss)
        run.loss(loss)

    held_out = draw(args.data, 1000, args.noise)
    z, _ = model(held_out)
    back = z
    for coupling in reversed(model.couplings):
        back = coupling.inverse(back)
    spread = model.sample(1000).std(axis=0).tolist()
    run.finish(
        held_out=loss_fn(model, held_out).item(),
        round_trip=mx.abs(back - held_out).max().item(),
        spread=", ".join(f"{s:.2f}" for s in spread),
    )


if __name__ == "__main__":
    main()
