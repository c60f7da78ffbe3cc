"""Trains a character-level transformer on sonnets, then lets it write.

    mlxstar examples/char_lm.py [--steps N] [--dims N] [--sample N] [--temperature T]

The text is data/sonnets.txt, or any file given with --text.
"""

from functools import partial
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten

from runlog import Run, options

TEXT = Path(__file__).resolve().parent / "data" / "sonnets.txt"


class Alphabet:
    """The characters of a text, and their numbers."""

    def __init__(self, text):
        self.characters = sorted(set(text))
        self.numbers = {c: i for i, c in enumerate(self.characters)}

    def __len__(self):
        return len(self.characters)

    def encode(self, text):
        return mx.array([self.numbers[c] for c in text])

    def decode(self, numbers):
        return "".join(self.characters[i] for i in numbers)


class CharLM(nn.Module):
    def __init__(self, vocabulary, context, dims, heads, layers):
        super().__init__()
        self.context = context
        self.tokens = nn.Embedding(vocabulary, dims)
        self.places = nn.SinusoidalPositionalEncoding(dims)
        self.body = nn.TransformerEncoder(layers, dims, heads, mlp_dims=4 * dims, norm_first=True, activation=nn.gelu)
        self.head = nn.Linear(dims, vocabulary)

    def __call__(self, x):
        length = x.shape[1]
        mask = nn.MultiHeadAttention.create_additive_causal_mask(length)
        h = self.tokens(x) + self.places(mx.arange(length))
        return self.head(self.body(h, mask))

    def sample(self, start, count, temperature):
        """Yields count tokens that go on from a list of tokens, each drawn from the model."""
        tokens = list(start)
        for _ in range(count):
            logits = self(mx.array([tokens[-self.context :]]))[0, -1]
            if temperature > 0:
                token = mx.random.categorical(logits / temperature)
            else:
                token = mx.argmax(logits)
            tokens.append(token.item())
            yield tokens[-1]


def loss_fn(model, x, y):
    return mx.mean(nn.losses.cross_entropy(model(x), y))


def windows(data, context, size, steps):
    """For each step: size windows of context tokens, and the tokens that follow each."""
    along = mx.arange(context + 1)
    for _ in range(steps):
        starts = mx.random.randint(0, data.size - context, (size, 1))
        rows = data[starts + along]
        yield rows[:, :-1], rows[:, 1:]


def main():
    parser = options(__doc__)
    parser.add_argument("--text", type=Path, default=TEXT, help="file to learn from")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--context", type=int, default=64, help="characters seen at once")
    parser.add_argument("--dims", type=int, default=64)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--sample", type=int, default=200, help="characters to write at the end")
    parser.add_argument("--temperature", type=float, default=0.7)
    args = parser.parse_args()

    mx.random.seed(args.seed)
    text = args.text.read_text()
    alphabet = Alphabet(text)
    data = alphabet.encode(text)

    model = CharLM(len(alphabet), args.context, args.dims, args.heads, args.layers)
    warmup = max(1, args.steps // 10)
    schedule = optim.join_schedules(
        [optim.linear_schedule(0.0, args.lr, warmup), optim.cosine_decay(args.lr, args.steps - warmup)],
        [warmup],
    )
    optimizer = optim.AdamW(learning_rate=schedule, weight_decay=0.01)
    state = [model.state, optimizer.state]
    mx.eval(state)

    @partial(mx.compile, inputs=state, outputs=state)
    def step(x, y):
        loss, grads = nn.value_and_grad(model, loss_fn)(model, x, y)
        grads, _ = optim.clip_grad_norm(grads, max_norm=1.0)
        optimizer.update(model, grads)
        return loss

    run = Run("char_lm", args)
    batches = windows(data, args.context, args.batch_size, args.steps)
    for _ in run.watch(range(args.steps)):
        loss = step(*next(batches))
        mx.eval(state, loss)
        run.loss(loss)

    model.eval()
    prompt = alphabet.encode(text[:20]).tolist()
    written = alphabet.decode(model.sample(prompt, args.sample, args.temperature))
    if not args.json:
        print(text[:20] + written)
    parameters = sum(v.size for _, v in tree_flatten(model.trainable_parameters()))
    run.finish(parameters=parameters, written=written)


if __name__ == "__main__":
    main()
