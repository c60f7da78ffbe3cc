"""What the programs of this folder begin with: two steps to warm up, then a few whose memory is reported."""

import json

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

mx.random.seed(0)
def report(step, n=3):
    step(); step()
    mx.reset_peak_memory()
    for _ in range(n): step()
    print(json.dumps([x / 2**20 for x in (mx.get_peak_memory(), mx.get_active_memory(), mx.get_cache_memory())]))
def train(model, loss, *data, opt=None):
    mx.eval(model.parameters(), *data)
    opt = opt or optim.AdamW(learning_rate=1e-3)
    vg = nn.value_and_grad(model, loss)
    def step():
        l, g = vg(model, *data)
        opt.update(model, g)
        mx.eval(model.parameters(), opt.state, l)
    report(step)
