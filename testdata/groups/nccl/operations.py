# Every operation of a group that exchanges arrays on GPUs, by each of its processes.
import mlx.core as mx

world = mx.distributed.init(strict=True, backend="nccl")
rank, size = world.rank(), world.size()
dist = mx.distributed
right, left = (rank + 1) % size, (rank - 1) % size


def of(r, count, dtype):
    places = mx.arange(count) + 7 * r
    if dtype == mx.bool_:
        return (places * 7919 % 5) < 2
    values = (places * 7 % 23).astype(mx.int32)
    if dtype == mx.complex64:
        return values.astype(mx.float32) + 1j * (values - 3).astype(mx.float32)
    if dtype not in (mx.uint8, mx.uint16, mx.uint32, mx.uint64):
        values = values - 9
    return values.astype(dtype)


def fold(f, parts):
    out = parts[0]
    for p in parts[1:]:
        out = f(out, p)
    return out


def same(got, want, *what):
    assert got.dtype == want.dtype and got.shape == want.shape, (what, got.dtype, got.shape)
    assert mx.array_equal(got, want), what


combined = [mx.bool_, mx.int8, mx.uint8, mx.int32, mx.uint32, mx.int64, mx.uint64, mx.float16, mx.bfloat16, mx.float32]
for dtype in combined + [mx.int16, mx.uint16, mx.complex64]:
    add = mx.logical_or if dtype == mx.bool_ else mx.add
    for count in (0, 1, 7, 1000, 4096 * size, 1_000_003):
        parts = [of(r, count, dtype) for r in range(size)]
        mine = parts[rank]
        if dtype in combined or dtype == mx.complex64:
            total = fold(add, parts)
            same(dist.all_sum(mine), total, "all_sum", dtype, count)
            if count % size == 0:
                k = count // size
                same(dist.sum_scatter(mine), total[rank * k : (rank + 1) * k], "sum_scatter", dtype, count)
        if dtype in combined:
            same(dist.all_max(mine), fold(mx.maximum, parts), "all_max", dtype, count)
            same(dist.all_min(mine), fold(mx.minimum, parts), "all_min", dtype, count)
        same(dist.all_gather(mine), mx.concatenate(parts), "all_gather", dtype, count)
        sent, got = dist.send(mine, right), dist.recv((count,), dtype, left)
        mx.eval(sent, got)
        same(sent, mine, "send", dtype, count)
        same(got, parts[left], "recv", dtype, count)

# What NCCL does not combine is refused.
for f, dtype in ((dist.all_sum, mx.int16), (dist.all_max, mx.uint16), (dist.all_min, mx.complex64), (dist.sum_scatter, mx.uint16)):
    try:
        mx.eval(f(mx.zeros((size,), dtype)))
        assert False, dtype
    except ValueError as e:
        assert "NCCL does not combine elements of" in str(e), e
try:
    dist.all_sum(mx.ones(2), stream=mx.cpu)
    assert False
except ValueError as e:
    assert "exchange arrays on the gpu" in str(e), e

# Views, scalars, numbers, and what lies in the processor's memory.
table = mx.arange(24).reshape(4, 6).astype(mx.float32)
same(dist.all_sum(table.T), size * table.T, "transposed")
same(dist.all_sum(table[1:3, 2:5]), size * table[1:3, 2:5], "slice")
assert dist.all_sum(2.5).item() == 2.5 * size
same(dist.all_gather(mx.array(rank)), mx.arange(size), "scalars")
same(dist.all_sum(mx.add(table, 1, stream=mx.cpu)), size * (table + 1), "of the processor")
same(mx.grad(lambda x: dist.all_sum(x * x).sum())(table), 2 * table, "gradient")

# Many in one evaluation, on several streams, keep their order beside other work.
own = mx.new_stream(mx.gpu)
got, want = [], []
for i in range(24):
    a = mx.random.normal((100, 100 + i), key=mx.random.key(i))
    square = (a @ a.T) / 100
    got += [dist.all_sum(square, stream=own if i % 3 == 0 else None)]
    large = mx.full((600_000 + i,), float(i))
    got += [dist.all_sum(large)]
    want += [size * square, size * large]
mx.eval(got)
for i, (g, w) in enumerate(zip(got, want)):
    assert mx.allclose(g, w, atol=1e-4), i

# Parts.
if size > 1:
    part = world.split(rank % 2)
    members = list(range(rank % 2, size, 2))
    assert part.size() == len(members) and part.rank() == members.index(rank)
    assert dist.all_sum(mx.array([rank]), group=part).item() == sum(members)
    backwards = world.split(0, size - rank)
    assert backwards.rank() == size - 1 - rank
    same(dist.all_gather(mx.array([rank]), group=backwards), mx.arange(size)[::-1], "backwards")
