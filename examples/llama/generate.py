"""Writes text with a model of the Llama architecture, from a Hugging Face style directory.

    mlxstar examples/llama/generate.py DIRECTORY --prompt TEXT [--max-tokens N] [--temperature T] [--top-p P]

The directory holds config.json, tokenizer.json and safetensors files. make_model.py
makes a small one.
"""

import argparse
import json
import sys
import time

import mlx.core as mx
import mlx.nn as nn

from model import load
from tokenizer import Streamer, Tokenizer


def sampler(temperature, top_p):
    """A function that draws a token, (1,), from logits, (1, vocabulary)."""
    if temperature == 0:
        return lambda logits: mx.argmax(logits, axis=-1)

    def draw(logits):
        logits = logits.astype(mx.float32) / temperature
        if top_p >= 1:
            return mx.random.categorical(logits)
        # From the least likely on, what lies below 1 - top_p in sum is dropped.
        order = mx.argsort(logits, axis=-1)
        rising = mx.take_along_axis(logits, order, axis=-1)
        total = mx.cumsum(mx.softmax(rising, axis=-1), axis=-1)
        kept = mx.where(total > 1 - top_p, rising, -mx.inf)
        choice = mx.random.categorical(kept)
        return mx.take_along_axis(order, choice[:, None], axis=-1)[:, 0]

    return draw


def generate(model, prompt, draw, max_tokens, chunk=64):
    """Yields (token, log probability) one by one; the next is computed while one is used.

    The prompt is a list of tokens, which goes through the model in chunks.
    """
    cache = model.new_cache()

    def step(tokens):
        logits = model(tokens[None], cache)[:, -1]
        token = draw(logits)
        scores = logits - mx.logsumexp(logits, axis=-1, keepdims=True)
        return token, mx.take_along_axis(scores, token[:, None], axis=-1)

    rest = mx.array(prompt)
    while rest.size > chunk:
        model(rest[None, :chunk], cache)
        mx.eval([c.state for c in cache])
        rest = rest[chunk:]
    token, score = step(rest)
    mx.async_eval(token, score)
    for n in range(max_tokens):
        if n + 1 < max_tokens:
            following = step(token)
            mx.async_eval(*following)
        yield token.item(), score.item()
        if n + 1 < max_tokens:
            token, score = following


def end_tokens(config):
    ends = config.get("eos_token_id")
    if ends is None:
        return set()
    return set(ends) if isinstance(ends, list) else {ends}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", help="with config.json, tokenizer.json and safetensors files")
    parser.add_argument("--prompt", default="Shall I compare")
    parser.add_argument("--max-tokens", type=int, default=100)
    parser.add_argument("--temperature", type=float, default=0.0, help="0 takes the likeliest token")
    parser.add_argument("--top-p", type=float, default=1.0, help="share of probability to draw from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quantize", type=int, choices=[2, 3, 4, 5, 6, 8], help="quantize to so many bits after loading")
    parser.add_argument("--group-size", type=int, default=32)
    parser.add_argument("--ignore-end", action="store_true", help="go on after an end token")
    parser.add_argument("--json", action="store_true", help="print tokens and scores as one line of JSON")
    args = parser.parse_args()

    mx.random.seed(args.seed)
    model, config = load(args.directory)
    if args.quantize is not None:
        nn.quantize(model, group_size=args.group_size, bits=args.quantize)
    mx.eval(model.parameters())
    tokenizer = Tokenizer.from_directory(args.directory)
    ends = set() if args.ignore_end else end_tokens(config)
    prompt = tokenizer.encode(args.prompt)
    if not prompt:
        parser.error("--prompt has no tokens")

    streamer = Streamer(tokenizer)
    if not args.json:
        print(args.prompt, end="", flush=True)
    tokens, scores = [], []
    start = first = time.perf_counter()
    for token, score in generate(model, prompt, sampler(args.temperature, args.top_p), args.max_tokens):
        if not tokens:
            first = time.perf_counter()
        if token in ends:
            break
        tokens.append(token)
        scores.append(score)
        if not args.json:
            print(streamer.add(token), end="", flush=True)
    done = time.perf_counter()

    if args.json:
        record = {
            "example": "llama",
            "loss": [[i + 1, -s] for i, s in enumerate(scores)],
            "results": {"tokens": tokens, "text": tokenizer.decode(tokens)},
            "seconds": round(done - start, 3),
            "memory": [{"active": mx.get_active_memory(), "peak": mx.get_peak_memory(), "cache": mx.get_cache_memory(), "resident": None}],
        }
        print(json.dumps(record))
        return
    print(streamer.finish())
    rate = (len(tokens) - 1) / (done - first) if len(tokens) > 1 else 0.0
    print(
        f"{len(prompt)} tokens read in {first - start:.2f} s, {len(tokens)} written at {rate:.1f}/s, "
        f"peak memory {mx.get_peak_memory() / 1e6:.1f} MB",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
