"""The record of a training run: common options, a progress bar, a loss curve.

Every example keeps its curve in a Run. What it prints is the same under mlxstar and
under Python, so that two runs can be laid side by side; with --json it is one line.
"""

import argparse
import json
import sys
import time

import mlx.core as mx

try:
    from mlxstar import progress, resident_memory
except ImportError:
    resident_memory = None

    class progress:
        """Counts on standard error what a loop goes through, as mlxstar's does."""

        INTERVAL = 5.0

        def __init__(self, items, total=None, desc=""):
            self.items = items
            self.total = len(items) if total is None else total
            self.desc = desc
            self.postfix = ""

        def __iter__(self):
            start = drawn = time.perf_counter()
            for done, item in enumerate(self.items, 1):
                yield item
                now = time.perf_counter()
                if now - drawn >= self.INTERVAL:
                    drawn = now
                    rate = done / (now - start)
                    print(f"{self.desc}: {done}/{self.total}, {rate:.1f}/s{self.postfix}", file=sys.stderr)

        def set_postfix(self, **values):
            self.postfix = "".join(f", {name}={value}" for name, value in values.items())


def options(description):
    """A parser with the options that all examples have."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0, help="of every random draw")
    parser.add_argument("--points", type=int, default=10, help="how many points of the loss curve to keep")
    parser.add_argument("--json", action="store_true", help="print the run as one line of JSON")
    return parser


class Run:
    """Watches the steps of a training loop.

    `for batch in run.watch(batches)` shows the progress; `run.loss(value)`, once in
    each round, keeps the curve; `run.finish(name=value)` prints curve and results.
    """

    def __init__(self, example, args):
        self.example = example
        self.points = max(1, args.points)
        self.json = args.json
        self.step = 0
        self.every = 1
        self.bar = None
        self.last = 0
        self.curve = []
        self.memory = []
        self.start = time.perf_counter()

    def watch(self, items, desc="training"):
        """Yields the items, which have a length, under a progress bar."""
        self.every = max(1, len(items) // self.points)
        self.last = self.step + len(items)
        self.bar = progress(items, total=len(items), desc=desc)
        return self.bar

    def loss(self, value):
        """Counts a step, and keeps its loss and memory if it is one of the curve's points."""
        self.step += 1
        if self.step % self.every != 0 and self.step not in (1, self.last):
            return
        value = value.item()
        self.curve.append([self.step, value])
        self.memory.append(
            {
                "step": self.step,
                "active": mx.get_active_memory(),
                "peak": mx.get_peak_memory(),
                "cache": mx.get_cache_memory(),
                "resident": resident_memory() if resident_memory is not None else None,
            }
        )
        self.bar.set_postfix(loss=f"{value:.4f}")
        if not self.json:
            print(f"step {self.step:5d}  loss {value:.5f}")

    def finish(self, **results):
        """Prints the results: numbers by their names."""
        seconds = time.perf_counter() - self.start
        if self.json:
            record = {
                "example": self.example,
                "loss": self.curve,
                "results": results,
                "seconds": round(seconds, 3),
                "memory": self.memory,
            }
            print(json.dumps(record))
            return
        for name, value in results.items():
            print(f"{name}: {value:.4f}" if isinstance(value, float) else f"{name}: {value}")
        print(f"{self.step} steps in {seconds:.1f} s")
