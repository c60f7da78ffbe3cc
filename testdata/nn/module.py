"""Module: a tree of arrays, and what walks it."""

import mlx.core as mx
import mlx.nn as nn
from mlx.nn.layers.base import Module
from mlx.utils import tree_flatten


def fails(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
        print("no error")
    except Exception as e:
        print(type(e).__name__, e)


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = nn.Linear(2, 2)
        self.parts = [nn.relu, nn.LayerNorm(3), [nn.RMSNorm(2)]]
        self.pair = (nn.Linear(1, 1),)
        self.table = {"a": mx.zeros(1), "b": nn.relu, "c": 3}
        self.number = 3
        self._hidden = mx.ones(2)


m = Mixed()
print(Module is nn.Module, m)
print([k for k, _ in tree_flatten(m.parameters())])
print([k for k, _ in m.named_modules()])
print(m.children())
print(m.leaf_modules())
print(m.number, m["part"] is m.part, "number" in m, list(m), len(m))
m.part = 5
print(m.part, "part" in m)
m.part = nn.Linear(2, 2)
print(type(m.part).__name__, "part" in m)
del m.part
fails(lambda: m.part)

l = nn.Linear(2, 2)
fails(l.update, {"x": mx.zeros(2)})
fails(l.update, {"weight": 3})
fails(l.update, {"weight": {"a": mx.zeros(2)}})
fails(nn.Sequential(l).update, {"layers": [{}, {"bias": mx.zeros(2)}]})
fails(nn.Sequential(l).update, {"layers": {"0": {}}})
fails(nn.Sequential(l).update, {"layers": [3]})
l.update({"x": mx.zeros(2), "bias": mx.array([1.0, 2.0])}, strict=False)
print(l.bias)
fails(l.update_modules, {"weight": l})
fails(l.update_modules, {"w": l})
fails(nn.Sequential(l).update_modules, {"layers": [3]})
fails(nn.Sequential(l).update_modules, {"layers": [l, l]})
s = nn.Sequential(nn.ReLU(), l)
s.update_modules({"layers": [nn.Tanh()]})
print(s)
fails(l.load_weights, [("a", mx.zeros(2))])
fails(l.load_weights, [("weight", mx.zeros((2, 2)))])
fails(l.load_weights, [("weight", mx.zeros((2, 3))), ("bias", mx.zeros(2))])
fails(l.load_weights, [("weight", 3), ("bias", mx.zeros(2))])
fails(l.load_weights, [("weight", mx.zeros((2, 2))), ("bias", mx.zeros(2)), ("d", mx.zeros(2)), ("b.c", mx.zeros(2))])
fails(l.save_weights, "x.foo")
fails(l.freeze, keys="x", strict=True)
fails(l.unfreeze, keys=["weight", "x"], strict=True)
print(l.freeze() is l, l.trainable_parameters(), l.unfreeze(keys="bias").trainable_parameters())
b = nn.BatchNorm(2)
b.freeze().unfreeze()
print(sorted(b.trainable_parameters()))
print(nn.Sequential(nn.Dropout(0.25), b).eval().training, b.training)
print(l.set_dtype(mx.float16), l.weight.dtype)
print(l.apply(mx.zeros_like).weight)


class Deep(nn.Module):
    """A property and a plain attribute of the class beside the dict's."""

    kind = "deep"

    def __init__(self):
        super().__init__()
        self.scale = mx.array(2.0)

    @property
    def twice(self):
        return self.scale * 2

    def _extra_repr(self):
        return f"kind={self.kind}"


d = Deep()
print(d, d.twice, d.kind, d.parameters())
value, grads = nn.value_and_grad(d, lambda x: (d.twice * x).sum())(mx.array([1.0, 2.0]))
print(value, grads, d.scale)
