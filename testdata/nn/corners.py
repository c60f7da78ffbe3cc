"""Corners of layers and optimizers that were once different from MLX's."""

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.nn.layers.distributed import shard_inplace, shard_linear
from mlx.utils import tree_flatten

# Nearest samples at scales that are no whole numbers.
x = mx.arange(20).reshape(1, 4, 5, 1).astype(mx.float32)
for scale in (1.5, 0.5, (1.5, 1.0), (2.5, 0.7)):
    print(scale, nn.Upsample(scale)(x).flatten().tolist())

# Quantized layers can be unfrozen; those that are split among processes cannot.
for m in (
    nn.QuantizedLinear(64, 32),
    nn.QuantizedEmbedding(8, 64),
    nn.QuantizedAllToShardedLinear(64, 32),
    nn.QuantizedShardedToAllLinear(64, 32),
    nn.Sequential(nn.QuantizedLinear(64, 32), nn.Linear(2, 2)),
):
    names = [[k for k, _ in tree_flatten(m.trainable_parameters())]]
    m.unfreeze()
    names.append([k for k, _ in tree_flatten(m.trainable_parameters())])
    m.freeze()
    m.unfreeze(keys=["bias"])
    names.append([k for k, _ in tree_flatten(m.trainable_parameters())])
    print(type(m).__name__, names)

# Muon scales the step by the last two axes of what it orthogonalises.
for shape in ((4, 3), (2, 3, 3, 2), (2, 3, 4), (5, 1)):
    mx.random.seed(1)
    p, o = {"c": mx.random.normal(shape)}, optim.Muon(0.1)
    for _ in range(2):
        p = o.apply_gradients({"c": mx.random.normal(shape)}, p)
    print(shape, [round(v, 3) for v in p["c"].flatten().tolist()[:8]])

# Layers split by hand, with one process.
for kind in ("all-to-sharded", "sharded-to-all"):
    print(shard_linear(nn.Linear(4, 4), kind), shard_linear(nn.QuantizedLinear(64, 32), kind))
try:
    shard_linear(nn.Linear(4, 4), "sideways")
except ValueError:
    print("refused")
print(shard_inplace(nn.Linear(4, 4), "all-to-sharded"))
