# Attention on the GPU against that of the processor.
import mlx.core as mx

mx.random.seed(7)
tolerance = {mx.float32: 4e-6, mx.float16: 2e-3, mx.bfloat16: 1.6e-2}
checked = 0


def compare(what, got, want, dtype):
    global checked
    assert got.shape == want.shape and got.dtype == want.dtype == dtype, f"{what}: {got.shape} {got.dtype}"
    got, want = got.astype(mx.float32), want.astype(mx.float32)
    same = mx.where(mx.isnan(want), mx.isnan(got), mx.abs(got - want) <= tolerance[dtype] * (1 + mx.abs(want)))
    assert mx.all(same).item(), f"{what}: differs by {mx.abs(got - want).max().item()}"
    checked += 1


def heads(batch, count, places, features, dtype, layout):
    """Heads as they lie, as models split them off, or with features apart."""
    if layout == "row":
        return mx.random.normal((batch, count, places, features)).astype(dtype)
    if layout == "split":
        return mx.random.normal((batch, places, count, features)).astype(dtype).transpose(0, 2, 1, 3)
    return mx.random.normal((batch, count, features, places)).astype(dtype).swapaxes(2, 3)


def attend(queries, keys, features, outs, dtype=mx.float32, mask=None, sinks=False, batch=2, of=4, groups=2, layouts=("row", "row", "row")):
    q = heads(batch, of, queries, features, dtype, layouts[0])
    k = heads(batch, groups, keys, features, dtype, layouts[1])
    v = heads(batch, groups, keys, outs, dtype, layouts[2])
    if mask == "bool":
        mask = mx.random.uniform(shape=(batch, 1, queries, keys)) < 0.7
    elif mask == "added":
        mask = mx.random.normal((of, queries, keys)).astype(dtype)
    elif mask == "nothing":
        mask = mx.arange(keys) < mx.arange(queries)[:, None] % 3
    elif mask == "infinite":
        mask = mx.where(mx.arange(queries)[:, None] % 3 == 0, mx.array(-float("inf")), mx.array(0.0)).astype(dtype)
    keywords = {"scale": features ** -0.5, "mask": mask, "sinks": mx.random.normal((of,)).astype(dtype) if sinks else None}
    mx.eval(q, k, v)
    want = mx.fast.scaled_dot_product_attention(q, k, v, **keywords, stream=mx.cpu)
    got = mx.fast.scaled_dot_product_attention(q, k, v, **keywords)
    compare(f"{(queries, keys, features, outs)} {dtype} {layouts} sinks {sinks}", got, want, dtype)


masks = [None, "causal", "bool", "added", "nothing"]
for i, (queries, keys, features, outs) in enumerate([(1, 37, 64, 64), (3, 5, 40, 24), (8, 70, 128, 128), (2, 9, 33, 130), (1, 3, 300, 20)]):
    for h, mask in enumerate(masks):
        attend(queries, keys, features, outs, [mx.float32, mx.float16, mx.bfloat16][(i + h) % 3], mask, h % 2 == 0)
for i, (queries, keys, features, outs) in enumerate([(33, 37, 64, 64), (9, 5, 40, 24), (40, 70, 16, 100), (12, 40, 33, 130)]):
    for h, mask in enumerate(masks):
        attend(queries, keys, features, outs, [mx.float32, mx.float16, mx.bfloat16][(i + h) % 3], mask, h % 2 == 1, batch=1, of=2, groups=1)
attend(9, 4, 8, 260, batch=1, of=1, groups=1)  # more than one block of features
for queries in [2, 10]:
    attend(queries, 12, 8, 8, mask="infinite")
    attend(queries, 6, 6, 8, layouts=("split", "split", "split"))
    attend(queries, 6, 6, 8, layouts=("turned", "split", "turned"))
    attend(queries, 6, 8, 8, mx.float16, "causal", layouts=("split", "turned", "row"))
    attend(queries, 0, 8, 8)
    attend(queries, 0, 8, 8, sinks=True)
attend(1, 530, 16, 12, mask="bool", sinks=True)  # parts
attend(2, 777, 20, 16, mx.float16, "causal", batch=1)
attend(1, 600, 8, 8, mask="infinite", batch=1, of=1, groups=1)
print(checked, "answers")
