# Every operation of mx.distributed, by each process of a group.
import os

import mlx.core as mx

world = mx.distributed.init(strict=True)
rank, size = world.rank(), world.size()
assert 0 <= rank < size > 1
assert mx.distributed.init().size() == size
assert mx.distributed.is_available() and mx.distributed.is_available("ring")
assert not mx.distributed.is_available("carrier pigeon")
right, left = (rank + 1) % size, (rank - 1) % size


def of(r, shape, dtype):
    return (mx.arange(mx.array(shape).prod().item()).reshape(shape) * (r + 1) % 13).astype(dtype)


dtypes = [mx.bool_, mx.int8, mx.uint8, mx.int16, mx.uint16, mx.int32, mx.uint32, mx.int64, mx.uint64]
for dtype in dtypes + [mx.float16, mx.bfloat16, mx.float32, mx.float64, mx.complex64]:
    with mx.stream(mx.cpu):
        for shape in [(size,), (size, 3), (4 * size, 5, 2)]:
            everybody = mx.stack([of(r, shape, dtype) for r in range(size)])
            mine = everybody[rank]
            total = everybody[0]
            for r in range(1, size):
                total = total + everybody[r]
            assert mx.array_equal(mx.distributed.all_sum(mine), total), (dtype, shape)
            assert mx.array_equal(mx.distributed.all_max(mine, group=world), everybody.max(0)), (dtype, shape)
            assert mx.array_equal(mx.distributed.all_min(mine), everybody.min(0)), (dtype, shape)
            gathered = mx.distributed.all_gather(mine)
            assert gathered.shape == (size * shape[0], *shape[1:]) and gathered.dtype == dtype
            assert mx.array_equal(gathered, mx.concatenate(list(everybody))), (dtype, shape)
            part = mx.distributed.sum_scatter(mine)
            assert mx.array_equal(part, mx.split(total, size)[rank]), (dtype, shape)
            # One of them receives first, so that nobody waits for all others.
            if rank == 0:
                got = mx.distributed.recv_like(mine, left)
                mx.eval(got)
                assert mx.array_equal(mx.distributed.send(mine, right), mine)
            else:
                assert mx.array_equal(mx.distributed.send(mine, right), mine)
                got = mx.distributed.recv(shape, dtype, left)
            assert mx.array_equal(got, everybody[left]), (dtype, shape)

# Scalars, numbers, no elements, and operands that do not lie row by row.
assert mx.distributed.all_sum(2.5).item() == 2.5 * size
assert mx.distributed.all_gather(mx.array(rank)).tolist() == list(range(size))
assert mx.distributed.all_sum(mx.zeros((0, 3))).shape == (0, 3)
table = mx.arange(6 * size).reshape(2 * size, 3)
assert mx.array_equal(mx.distributed.all_sum(table.T), size * table.T)
assert mx.array_equal(mx.distributed.sum_scatter(table[::-1]), mx.split(size * table[::-1], size)[rank])
assert mx.array_equal(mx.distributed.all_max(mx.broadcast_to(mx.array(rank), (3, 4))), mx.full((3, 4), size - 1))

# A large one, in several parts.
big = mx.arange(1_000_000) % 1000 + rank
assert mx.array_equal(mx.distributed.all_sum(big), size * (mx.arange(1_000_000) % 1000) + size * (size - 1) // 2)

# Nothing happens before it is evaluated, and many in one evaluation keep their order.
lazy = [mx.distributed.all_sum(mx.full((5,), float(10 * i + rank))) for i in range(20)]
mx.async_eval(lazy)
assert [x[0].item() for x in lazy] == [10.0 * i * size + size * (size - 1) / 2 for i in range(20)]


def refused(kind, text, f):
    try:
        f()
    except kind as e:
        assert text in str(e), e
    else:
        assert False, text


refused(ValueError, "there is no process", lambda: mx.distributed.send(mx.ones(2), size))
refused(ValueError, "there is no process", lambda: mx.distributed.recv((2,), mx.float32, -1))
refused(ValueError, "first axis", lambda: mx.distributed.sum_scatter(mx.ones(size + 1)))
refused(ValueError, "first axis", lambda: mx.distributed.sum_scatter(mx.array(1.0)))

# Groups of a ring cannot be split; those of mpi can.
if mx.distributed.is_available("mpi") and "OMPI_COMM_WORLD_SIZE" in os.environ:
    for color, members in ((rank % 2, list(range(rank % 2, size, 2))), (0, list(range(size)))):
        part = world.split(color)
        assert part.size() == len(members) and part.rank() == members.index(rank)
        for dtype in (mx.int32, mx.float16, mx.complex64):
            mine = mx.full((5,), rank + 1).astype(dtype)
            assert mx.distributed.all_sum(mine, group=part).tolist() == [sum(members) + len(members)] * 5
            assert mx.distributed.all_max(mine, group=part).tolist() == [members[-1] + 1] * 5
    backwards = world.split(0, size - rank)
    assert backwards.rank() == size - 1 - rank
else:
    assert mx.distributed.init(backend="ring").size() == size
    refused(RuntimeError, "cannot be split", lambda: world.split(0))
