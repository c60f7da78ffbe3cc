"""Quantized layers, and initial values that need a factorisation."""

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten


def shown(x):
    return [round(v, 3) + 0.0 for v in x.astype(mx.float32).flatten().tolist()]


mx.random.seed(1)
print(shown(nn.init.orthogonal()(mx.zeros((3, 2)))), shown(nn.init.orthogonal(2.0)(mx.zeros((2, 3)))))
x = mx.sin(mx.arange(128) * 0.7).reshape(2, 64)
for bits in (4, 8):
    m = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3, bias=False))
    nn.quantize(m, bits=bits)
    print(m)
    print([(k, v.shape) for k, v in tree_flatten(m.parameters())], shown(m(x)))
    print([k for k, _ in tree_flatten(m.trainable_parameters())])
e = nn.QuantizedEmbedding(4, 64, group_size=32, bits=8)
print(e, shown(e(mx.array([1, 3])))[:6], shown(e.as_linear(x)))
m = nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 32))
nn.quantize(m, class_predicate=lambda path, layer: {"group_size": 32, "bits": 8} if path == "layers.1" else False)
print(m)
for split in (nn.QuantizedAllToShardedLinear, nn.QuantizedShardedToAllLinear):
    layer = split.from_quantized_linear(m.layers[1])
    print(layer, mx.allclose(layer(x), m.layers[1](x)))
