# Training with the batch divided among processes: as one process does with all of it.
import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten

world = mx.distributed.init(strict=True)
rank, size = world.rank(), world.size()


def train(rows, average):
    mx.random.seed(7)
    model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3))
    optimizer = optim.Adam(learning_rate=0.01)
    x = mx.random.normal((12 * size, 8))
    y = (x[:, 0] > 0).astype(mx.int32) + (x[:, 1] > 0).astype(mx.int32)
    x, y = x[rows], y[rows]

    def loss(model):
        return nn.losses.cross_entropy(model(x), y, reduction="mean")

    losses = []
    for _ in range(40):
        value, gradients = nn.value_and_grad(model, loss)(model)
        if average:
            gradients = nn.average_gradients(gradients)
            value = mx.distributed.all_sum(value) / size
        optimizer.update(model, gradients)
        mx.eval(model.parameters(), optimizer.state, value)
        losses.append(value.item())
    return losses, model


alone, _ = train(slice(None), False)
together, model = train(slice(rank, None, size), True)
assert max(abs(a - b) for a, b in zip(alone, together)) < 1e-5, (alone, together)
assert together[-1] < 0.7 * together[0]
for name, w in tree_flatten(model.parameters()):
    assert mx.array_equal(mx.distributed.all_max(w), w) and mx.array_equal(mx.distributed.all_min(w), w), name

# Batches of gradients by their size, and of mixed dtypes one by one.
gradients = {"a": mx.full((4, 2), float(rank)), "b": [mx.full((3,), 2.0 * rank), mx.full((5,), 1.0)]}
mean = (size - 1) / 2
for limit in (0, 1, 40, 10**6):
    got = nn.average_gradients(gradients, all_reduce_size=limit)
    assert mx.allclose(got["a"], mx.full((4, 2), mean)) and mx.allclose(got["b"][0], mx.full((3,), 2 * mean))
    assert got["b"][1].tolist() == [1.0] * 5
mixed = nn.average_gradients({"a": mx.full((2,), float(rank)), "b": mx.full((2,), float(rank), dtype=mx.float16)})
assert mixed["b"].dtype == mx.float16 and mx.allclose(mixed["a"], mx.full((2,), mean))
assert nn.average_gradients({}) == {}

clipped, norm = nn.utils.clip_grad_norm_sharded({"w": mx.ones(4)}, 1.0)
assert abs(norm.item() - (4 * size) ** 0.5) < 1e-5
assert mx.allclose(clipped["w"], mx.ones(4) / norm, atol=1e-5)
