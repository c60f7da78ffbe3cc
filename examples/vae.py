"""A variational autoencoder of handwritten digits, which then draws digits of its own.

    mlxstar examples/vae.py [--epochs N] [--latent N] [--beta B] [--draw N]
"""

from functools import partial

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

import digits
from runlog import Run, options

SHADES = " .:-=+*#%@"


class Encoder(nn.Module):
    """Gives mean and log variance of the latent code, each (n, latent)."""

    def __init__(self, latent, width):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        self.mean = nn.Linear(8 * width, latent)
        self.log_variance = nn.Linear(8 * width, latent)

    def __call__(self, x):
        h = nn.silu(self.conv1(x))
        h = nn.silu(self.conv2(h)).flatten(1)
        return self.mean(h), self.log_variance(h)


class Decoder(nn.Module):
    """Gives the logits of the pixels, (n, 8, 8, 1), of latent codes."""

    def __init__(self, latent, width):
        super().__init__()
        self.width = width
        self.start = nn.Linear(latent, 8 * width)
        self.up1 = nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1)

    def __call__(self, z):
        h = nn.silu(self.start(z)).reshape(-1, 2, 2, 2 * self.width)
        return self.up2(nn.silu(self.up1(h)))


class VAE(nn.Module):
    def __init__(self, latent, width=16):
        super().__init__()
        self.latent = latent
        self.encoder = Encoder(latent, width)
        self.decoder = Decoder(latent, width)

    def __call__(self, x):
        mean, log_variance = self.encoder(x)
        noise = mx.random.normal(mean.shape)
        z = mean + mx.exp(0.5 * log_variance) * noise
        return self.decoder(z), mean, log_variance

    def draw(self, count):
        return mx.sigmoid(self.decoder(mx.random.normal((count, self.latent))))


def loss_fn(model, x, beta):
    """The evidence lower bound, negated: reconstruction and beta times the divergence."""
    logits, mean, log_variance = model(x)
    pixels = nn.losses.binary_cross_entropy(logits, x, reduction="none").sum(axis=(1, 2, 3))
    divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum(axis=-1)
    return (pixels + beta * divergence).mean()


def as_text(images):
    """Images side by side, two characters a pixel."""
    levels = (images * (len(SHADES) - 1) + 0.5).astype(mx.int32).squeeze(-1).tolist()
    lines = []
    for row in range(digits.SIDE):
        lines.append("  ".join("".join(SHADES[v] * 2 for v in image[row]) for image in levels))
    return "\n".join(lines)


def main():
    parser = options(__doc__)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--latent", type=int, default=8)
    parser.add_argument("--beta", type=float, default=0.5, help="weight of the divergence")
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--draw", type=int, default=5, help="digits to draw at the end")
    args = parser.parse_args()

    mx.random.seed(args.seed)
    (x, _), (held_x, _) = digits.load_split()
    x, held_x = (part.reshape(-1, digits.SIDE, digits.SIDE, 1) for part in (x, held_x))

    model = VAE(args.latent)
    optimizer = optim.Adam(learning_rate=args.lr)
    state = [model.state, optimizer.state, mx.random.state]
    mx.eval(state)

    @partial(mx.compile, inputs=state, outputs=state)
    def step(x):
        loss, grads = nn.value_and_grad(model, loss_fn)(model, x, args.beta)
        optimizer.update(model, grads)
        return loss

    run = Run("vae", args)
    for rows in run.watch(digits.batches(x.shape[0], args.batch_size, args.epochs)):
        loss = step(x[rows])
        mx.eval(state, loss)
        run.loss(loss)

    if args.draw > 0 and not args.json:
        print(as_text(model.draw(args.draw)))
    run.finish(held_out=loss_fn(model, held_x, args.beta).item())


if __name__ == "__main__":
    main()
