"""Optimizers: steps, states, schedules and errors."""

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten


def shown(x):
    return [round(v, 4) + 0.0 for v in x.astype(mx.float32).flatten().tolist()]


def fails(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
        print("no error")
    except Exception as e:
        print(type(e).__name__, e)


def wave(*shape):
    n = 1
    for d in shape:
        n *= d
    return mx.sin(mx.arange(n) * 0.7 + 0.3).reshape(shape)


makers = {
    "SGD": lambda rate: optim.SGD(rate),
    "SGD momentum": lambda rate: optim.SGD(rate, 0.9, 0.01, 0.1),
    "SGD nesterov": lambda rate: optim.SGD(rate, 0.9, nesterov=True),
    "RMSprop": lambda rate: optim.RMSprop(rate),
    "Adagrad": lambda rate: optim.Adagrad(rate),
    "AdaDelta": lambda rate: optim.AdaDelta(rate),
    "Adam": lambda rate: optim.Adam(rate),
    "Adam corrected": lambda rate: optim.Adam(rate, bias_correction=True),
    "AdamW": lambda rate: optim.AdamW(rate, bias_correction=True),
    "Adamax": lambda rate: optim.Adamax(rate),
    "Lion": lambda rate: optim.Lion(rate, weight_decay=0.1),
    "Adafactor": lambda rate: optim.Adafactor(rate),
    "Adafactor warm": lambda rate: optim.Adafactor(warmup_init=True, beta_1=0.9),
    "Adafactor fixed": lambda rate: optim.Adafactor(rate, relative_step=False, scale_parameter=False, weight_decay=0.1),
    "Muon": lambda rate: optim.Muon(rate),
    "Muon plain": lambda rate: optim.Muon(rate, nesterov=False, weight_decay=0.0),
}
for name, make in makers.items():
    for dtype in (mx.float32, mx.bfloat16):
        opt = make(0.1)
        p = {"w": wave(3, 2).astype(dtype), "deep": [{"b": wave(2).astype(dtype)}, {"k": wave(2, 2, 2).astype(dtype)}]}
        for _ in range(3):
            g = {"w": p["w"] * 0.5, "deep": [{"b": p["deep"][0]["b"] * 1.5}, {"k": p["deep"][1]["k"] - 0.2}]}
            p = opt.apply_gradients(g, p)
        print(name, opt.step, [k for k, _ in tree_flatten(opt.state)])
        if dtype == mx.float32:
            print([(k, shown(v)) for k, v in tree_flatten(p)], [(k, shown(v)) for k, v in tree_flatten(opt.state)])
        print(sorted(set(str(v.dtype) for _, v in tree_flatten(p))), sorted(set(str(v.dtype) for _, v in tree_flatten(opt.state))))

for schedule in (
    optim.exponential_decay(0.1, 0.9),
    optim.step_decay(0.1, 0.9, 10),
    optim.cosine_decay(0.1, 10),
    optim.cosine_decay(0.1, 10, 0.01),
    optim.linear_schedule(0, 0.1, 10),
    optim.join_schedules([optim.linear_schedule(0, 0.1, 10), optim.cosine_decay(0.1, 10)], [10]),
):
    print([shown(schedule(mx.array(i)))[0] for i in (0, 5, 9, 10, 15, 25)])
opt = optim.Adam(optim.step_decay(0.1, 0.5, 2))
print(opt.learning_rate)
p = {"w": mx.array([1.0])}
for _ in range(4):
    p = opt.apply_gradients(p, p)
    print(opt.step, opt.learning_rate, shown(p["w"]))
opt.learning_rate = 0.5
print(opt.learning_rate, opt.state["learning_rate"], optim.Adafactor().state)
m = nn.Linear(2, 2)
opt = optim.MultiOptimizer([optim.SGD(0.1, momentum=0.9), optim.Adam(0.2)], [lambda path, w: "weight" in path])
opt.init(m.parameters())
print(opt.state, opt.learning_rate)
before = m.bias
opt.update(m, {"weight": mx.zeros((2, 2)), "bias": mx.array([1.0, -1.0])})
print(shown(m.bias - before), [s["step"] for s in opt.state["states"]])
print(optim.clip_grad_norm({"a": mx.array([3.0, 4.0])}, 1.0), optim.clip_grad_norm({"a": mx.array([0.3])}, 1.0))

fails(optim.SGD, 0.1, nesterov=True)
fails(optim.MultiOptimizer, [optim.SGD(1)], [1])
fails(optim.RMSprop, 0.1, alpha=-1)
fails(optim.RMSprop, 0.1, eps=-1)
fails(optim.Adagrad, 0.1, eps=-1)
fails(optim.AdaDelta, 0.1, rho=-1)
fails(optim.AdaDelta, 0.1, eps=-1)
fails(optim.Adamax, 0.1, eps=-1)
fails(optim.join_schedules, [], [])
fails(optim.join_schedules, [1, 2], [])
fails(optim.linear_schedule, 0, 1, 0)
fails(optim.step_decay, 0.1, 0.9, 0)
fails(optim.cosine_decay, 0.1, 0)
fails(optim.clip_grad_norm, {"a": mx.ones(2)}, -1.0)
fails(lambda: optim.Adafactor().learning_rate)
fails(optim.Optimizer().apply_single, 1, 2, 3)
fails(setattr, opt, "state", {"states": []})
