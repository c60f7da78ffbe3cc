package workload

// Example is a configuration that shows what there is, with comments. Its script is
// ExampleScript, in a file called score.py.
const Example = `# Jobs for mlxstar run. Paths start from this file's folder.
# mlxstar lint FILE checks it, mlxstar list FILE shows it, mlxstar run --dry-run FILE plans it.

version = 1
memory = "1GiB"         # what all runs together may take for arrays
concurrency = 4         # runs at once

[defaults]              # for jobs that do not say otherwise
limits = { time = "1m" }
retries = { attempts = 2, backoff = "1s" }

[jobs.weights]
description = "makes the weights that score uses"
code = """
import mlx.core as mx

def make(n):
    return {"w": mx.random.normal((n,)), "b": mx.array(0.5)}
"""
entry = "make"
args = [8]
seed = 7
outputs.model = { safetensors = "out/weights.safetensors" }

[jobs.score]
description = "scores rows by the weights"
script = "score.py"
entry = "score"                         # gets the inputs by name
inputs.model = { from = "weights" }     # the result of another job, which runs first
inputs.rows = { value = [[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]] }
outputs.scores = { json = "out/scores.json" }
outputs.summary = { of = "metrics", json = "out/metrics.json" }
thresholds = ["peak < 200MiB", "mean > -100"]
limits = { memory = "64MiB", time = "30s", steps = 10_000_000 }

# [jobs.nightly]
# script = "train.py"
# schedule = "0 3 * * *"                # five fields of cron
# timezone = "Europe/Berlin"
# grants = { read = ["data"], env = ["LEVEL"] }
# isolation = "process"                 # which is what jobs have that say nothing

# [jobs.each]
# script = "convert.py"
# entry = "convert"
# inputs.image = { npy = "in/*.npy", each = true }     # one run for each file
# outputs.result = { npy = "out/{stem}.npy" }
# watch = ["in/*.npy"]                                 # and again when one changes
`

// ExampleScript is the script of Example.
const ExampleScript = `"""Scores rows of numbers by weights."""

import mlx.core as mx
import mlxstar


def score(model, rows):
    scores = mx.array(rows, dtype=mx.float32) @ model["w"] + model["b"]
    mlxstar.metric("mean", scores.mean())
    return scores
`
