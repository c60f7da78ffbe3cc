# Generation with a cache against the whole sequence at once, on the directory argv[1].
import sys

sys.path.insert(0, sys.argv[2])

import mlx.core as mx

from generate import generate, sampler
from model import load
from tokenizer import Tokenizer

model, config = load(sys.argv[1])
tokenizer = Tokenizer.from_directory(sys.argv[1])
prompt = tokenizer.encode("From fairest creatures we desire")
for chunk in (64, 3):
    got = list(generate(model, prompt, sampler(0.0, 1.0), 70, chunk=chunk))
    tokens = prompt + [token for token, _ in got]
    logits = model(mx.array([tokens[:-1]]))[0, len(prompt) - 1 :].astype(mx.float32)
    scores = logits - mx.logsumexp(logits, axis=-1, keepdims=True)
    picked = mx.take_along_axis(scores, mx.array(tokens[len(prompt) :])[:, None], axis=1)[:, 0]
    off = mx.abs(picked - mx.array([score for _, score in got])).max().item()
    behind = (scores.max(axis=1) - picked).max().item()
    limit = 1e-3 if model.model.norm.weight.dtype == mx.float32 else 0.2
    assert off < limit, f"chunk {chunk}: cached scores lie {off} off"
    assert behind < limit, f"chunk {chunk}: a token lies {behind} below the likeliest"
drawn = [token for token, _ in generate(model, prompt, sampler(1.0, 0.6), 30)]
mx.random.seed(1)
again = [token for token, _ in generate(model, prompt, sampler(1.0, 0.6), 30)]
assert drawn != again and all(0 <= t < len(tokenizer) for t in drawn + again)
print("same")
