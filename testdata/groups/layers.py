# Layers that are split among processes give what the whole ones give.
import mlx.core as mx
import mlx.nn as nn
from mlx.nn.layers.distributed import fully_shard, shard_inplace, shard_linear
from mlx.utils import tree_flatten

world = mx.distributed.init(strict=True)
rank, size = world.rank(), world.size()
mx.random.seed(3)
dims = 64 * size
own = slice(64 * rank, 64 * (rank + 1))
x = mx.random.normal((4, dims))

for bias in (True, False):
    linear = nn.Linear(dims, dims, bias=bias)
    for whole in (linear, linear.to_quantized(), linear.to_quantized(group_size=32, bits=8, mode="mxfp8")):
        outputs = shard_linear(whole, "all-to-sharded")
        inputs = shard_linear(whole, "sharded-to-all")
        y = whole(x)
        assert mx.allclose(outputs(x), y[:, own], atol=1e-4), type(outputs)
        assert mx.allclose(inputs(x[:, own]), y, atol=1e-4), type(inputs)
        assert f"input_dims={dims}, output_dims={dims}, bias={bias}" in repr(outputs) == repr(inputs).replace(
            type(inputs).__name__, type(outputs).__name__
        )
        if whole is not linear:
            assert not tree_flatten(outputs.trainable_parameters())
            outputs.unfreeze()
            assert not tree_flatten(outputs.trainable_parameters())

# Three matrices in one, each of which is divided.
fused = nn.Linear(dims, 3 * dims)
parts = shard_linear(fused, "all-to-sharded", segments=3)
q, k, v = mx.split(fused(x), 3, axis=-1)
assert mx.allclose(parts(x), mx.concatenate([q[:, own], k[:, own], v[:, own]], axis=-1), atol=1e-4)
uneven = shard_linear(fused, "all-to-sharded", segments=[1 / 3, 2 / 3])
assert mx.array_equal(uneven.weight, parts.weight)

# The gradients of split layers are those parts of the whole ones' gradients.
model = nn.Sequential(nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, dims))
split = nn.Sequential(
    shard_linear(model.layers[0], "all-to-sharded"), nn.ReLU(), shard_linear(model.layers[2], "sharded-to-all")
)
target = mx.random.normal((4, dims))
loss = lambda model: (model(x) * target).mean()
l1, g1 = nn.value_and_grad(model, loss)(model)
l2, g2 = nn.value_and_grad(split, loss)(split)
mx.eval(l1, g1, l2, g2)
assert mx.allclose(l1, l2, atol=1e-4)
assert mx.allclose(g1["layers"][0]["weight"][own], g2["layers"][0]["weight"], atol=1e-5)
assert mx.allclose(g1["layers"][2]["weight"][:, own], g2["layers"][2]["weight"], atol=1e-5)
assert mx.allclose(g1["layers"][2]["bias"], g2["layers"][2]["bias"], atol=1e-5)

# In place, by a function of path and array.
layer = nn.Linear(dims, dims)
kept = layer.weight
shard_inplace(layer, lambda path, w: 1 if path == "weight" else None)
assert mx.array_equal(layer.weight, kept[:, own]) and layer.bias.shape == (dims,)
for wrong, text in (("sideways", "not supported"), (lambda path, w: "x", "should return int or tuple")):
    try:
        shard_inplace(layer, wrong)
    except ValueError as e:
        assert text in str(e), e
    else:
        assert False
try:
    nn.AllToShardedLinear(4, size + 1)
except ValueError as e:
    assert "Cannot shard the output" in str(e), e
else:
    assert False

# Fully sharded: each process keeps some rows, and gets the mean of their gradients.
mx.random.seed(4)
block = nn.Sequential(nn.Linear(dims, dims), nn.Tanh(), nn.Linear(dims, dims))
loss = lambda model: (model(x[:2]) * (rank + 1)).mean()
value, whole = nn.value_and_grad(block, loss)(block)
mx.eval(value, whole)
mean = nn.average_gradients(whole)
mx.eval(mean)
block.layers = [fully_shard(layer) for layer in block.layers]
assert repr(block.layers[0]).startswith("FullyShardedModule(num_sharded_params=2")
assert fully_shard(block.layers[0]) is block.layers[0] and type(block.layers[1]) is nn.Tanh
again, sharded = nn.value_and_grad(block, loss)(block)
mx.eval(again, sharded)
assert mx.allclose(value, again, atol=1e-5)
for i in (0, 2):
    for name in ("weight", "bias"):
        got = sharded["layers"][i]["module"][name]
        assert got.shape[0] == 64 and mx.allclose(got, mean["layers"][i][name][own], atol=1e-5), name
assert block.layers[0].module.weight.shape == (64, dims)
for wrong, text in ((nn.Linear(4, size + 1), "must be divisible"), (nn.PReLU(), "divisible")):
    try:
        fully_shard(wrong)
    except ValueError as e:
        assert text in str(e), e
    else:
        assert False
