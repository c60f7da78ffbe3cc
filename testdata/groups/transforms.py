# Derivatives, batches and compiled functions of the operations of mx.distributed.
import mlx.core as mx

world = mx.distributed.init(strict=True)
rank, size = world.rank(), world.size()
x = mx.arange(3.0) + rank

# MLX takes a reduction for the identity where it goes back.
assert mx.grad(lambda x: (mx.distributed.all_sum(x) * mx.array([1.0, 2.0, 3.0])).sum())(x).tolist() == [1.0, 2.0, 3.0]
assert mx.grad(lambda x: mx.distributed.all_max(x).sum())(x).tolist() == [1.0, 1.0, 1.0]
weights = mx.arange(3.0 * size)
assert mx.array_equal(mx.grad(lambda x: (mx.distributed.all_gather(x) * weights).sum())(x), weights[3 * rank : 3 * rank + 3])
assert mx.grad(lambda x: mx.distributed.all_gather(x)[0])(mx.array(1.0)).item() == (rank == 0)
(value,), (tangent,) = mx.jvp(lambda x: mx.distributed.all_sum(x), [x], [mx.ones(3)])
assert mx.array_equal(value, size * mx.arange(3.0) + size * (size - 1) / 2)

batch = mx.arange(6.0).reshape(2, 3) + rank
everybody = [mx.arange(6.0).reshape(2, 3) + r for r in range(size)]
assert mx.array_equal(mx.vmap(mx.distributed.all_sum)(batch), mx.stack(everybody).sum(0))
assert mx.array_equal(mx.vmap(mx.distributed.all_gather)(batch), mx.concatenate(everybody, axis=1))
assert mx.array_equal(mx.vmap(mx.distributed.all_gather)(batch[:, 0]), mx.stack([e[:, 0] for e in everybody], axis=1))

twice = mx.compile(lambda x: mx.distributed.all_sum(x) + mx.distributed.all_sum(x))
for _ in range(3):
    assert mx.array_equal(twice(x), 2 * (size * mx.arange(3.0) + size * (size - 1) / 2))

# What a process evaluates beside them does not change their order.
a, b = mx.distributed.all_sum(x), mx.distributed.all_sum(2 * x)
if rank == 0:
    noise = mx.exp(x) + 1
    mx.eval(noise)
mx.eval(b, a)
assert mx.array_equal(2 * a, b)

for f in (mx.distributed.sum_scatter, lambda x: mx.distributed.send(x, (rank + 1) % size)):
    try:
        mx.grad(lambda x: f(x).sum())(mx.ones(size))
    except NotImplementedError as e:
        assert "not defined" in str(e), e
    else:
        assert False
